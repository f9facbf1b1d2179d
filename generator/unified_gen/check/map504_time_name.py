"""A time or date with a name that does not show its type.

Names are the same in all models, so that callers can guess them: a field of type `datetime` ends in `_at`, one of type `date` in `_date`;
an interval has `start` and `end`. A filter by time ends in `_after` or `_before`.

Wrong: `updated: {type: datetime}`, `due: {type: date}`, `created_at: {type: datetime, field: updated_at}`. Right: `updated_at`, `due_date`,
`updated_after`.
"""

from collections.abc import Iterator, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP504", "name of a time", __doc__, Severity.WARNING)

_ENDINGS = {"datetime": ("_at",), "date": ("_date",)}
_FILTERS = ("_after", "_before")
_INTERVAL = frozenset({"start", "end"})


def check(models: Mapping[str, ast.Model]) -> Iterator[Diagnostic]:
    """Report every field and every filter of a wrong name."""
    for model in models.values():
        yield from _fields(model.fields)
        for operation in model.operations:
            filters = operation.kind in ("list", "changes")
            for given in operation.inputs:
                if given.type.kind in _ENDINGS and not given.type.many:
                    endings = _FILTERS if filters else _ENDINGS[given.type.kind]
                    yield from _named(given, endings, "a filter by time" if filters else f"a {given.type.kind}")


def _fields(fields: tuple[ast.ModelField, ...]) -> Iterator[Diagnostic]:
    for field in fields:
        if field.type.kind in _ENDINGS and not field.type.many:
            yield from _named(field, _ENDINGS[field.type.kind], f"a {field.type.kind}")
        yield from _fields(field.type.fields)


def _named(one: ast.ModelField | ast.Input, endings: tuple[str, ...], what: str) -> Iterator[Diagnostic]:
    if one.name.value in _INTERVAL or one.name.value.endswith(endings):
        return
    listed = " or ".join(f"`{ending}`" for ending in endings)
    yield finding(CODE, f"the name of {what} ends in {listed}; this is `{one.name}`", one.name.span)
