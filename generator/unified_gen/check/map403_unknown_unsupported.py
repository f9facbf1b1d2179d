"""An unsupported field or operation that the model does not have.

`unsupported` names a field, `field.enumerator`, both of inner fields too (`statuses.status.canceled`), `operation.field`,
`operation.field.enumerator`, `filter.input`, `read.field`, `write.field`, an operation, or `extra` of a deletion or a list: `extra.list`,
and `extra.list.name` for one of its names. An inner field is named from the field around
it on: `attendees.response`, `write.attendees.response`."""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language import ast
from unified_gen.resolve import passed
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Text

CODE = rule("MAP403", "unknown name under `unsupported`", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every entry of `unsupported` whose name is unknown here."""
    known = names(resource.model)
    for name, _ in resource.ast.unsupported:
        prefix, _, rest = name.value.partition(".")
        excluded = prefix == passed.PREFIX and f"{prefix}.{rest.partition('.')[0]}" in known
        if name.value not in known and not excluded:
            yield _unknown(name, known)


def names(model: ast.Model) -> dict[str, None]:
    """Return every name that `unsupported` may have."""
    found: dict[str, None] = {"custom_fields": None} if model.custom_fields else {}
    operations = [operation.name.value for operation in model.operations]
    for field in model.fields:
        for prefix in ("", "read.", "write.", *(f"{operation}." for operation in operations)):
            found.update((f"{prefix}{name}", None) for name in (*_with_values(field), *_inner(field)))
    for operation in model.operations:
        found[operation.name.value] = None
        if operation.kind in passed.KINDS:
            found[f"{passed.PREFIX}.{operation.name.value}"] = None
        for given in operation.given:
            found[f"filter.{given.name.value}"] = None
            found[f"{operation.name.value}.{given.name.value}"] = None
            found.update((f"filter.{given.name.value}.{value.value}", None) for value in given.type.values)
    return found


def _inner(field: ast.ModelField) -> Iterator[str]:
    """Yield the fields of a nested record and their values, from the record on, however deep."""
    for inner in field.type.fields:
        for name in (*_with_values(inner), *_inner(inner)):
            yield f"{field.name.value}.{name}"


def _with_values(field: ast.ModelField) -> Iterator[str]:
    name = field.name.value
    yield name
    yield from (f"{name}.{value.value}" for value in field.type.values)
    if field.type.kind == "boolean":
        yield from (f"{name}.true", f"{name}.false")


def _unknown(name: Text, known: dict[str, None]) -> Diagnostic:
    return finding(CODE, f"`{name.value}` is not a field or operation of the model", name.span, help=did_you_mean(name.value, tuple(known)))
