"""A unified value without a row or a slot.

Every enumerator of the model is a row of the table, or has a slot of the list, or is in `unsupported` with the reason
(`status.canceled: …`, `phones.type.fax: …`): the client then rejects the value with that reason."""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.slots import held, slotted
from unified_gen.resolve.tables import sent_enums, tabled
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP302", "value without a row or slot", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every enumerator that is neither a row, a slot nor unsupported, and every row that is not an enumerator."""
    yield from _slots(resource)
    for name, field in (*tabled(resource), *sent_enums(resource)):
        table = field.table
        assert table is not None
        values = enumerators(field)
        if values is None:
            continue
        input = field.of or name
        rows = {row.value.value for one in _together(resource, field) if one.table is not None for row in one.table.rows}
        for value in values:
            if value not in rows and not _is_unsupported(resource, input, value):
                yield finding(
                    CODE,
                    f"`{name}` can be {value!r}, and no row maps that",
                    table.span,
                    notes=(Note("the model's values", field.model.span),),
                    help=f"add a row, or give a reason: `unsupported: {{{input}.{spelled(value)}: …}}`",
                )
        for row in table.rows:
            if row.value.value not in values:
                yield finding(
                    CODE,
                    f"`{name}` has no value {row.value.value!r}",
                    row.value.span,
                    notes=(Note("the model's values", field.model.span),),
                    help=did_you_mean(str(row.value.value), tuple(map(str, values))),
                )


def _together(resource: ResolvedResource, field: ResolvedField) -> tuple[ResolvedField, ...]:
    """Return the tables that together have the values of a field: those of all parameters that one input fills in a request."""
    steps = (step for operation in resource.operations for step in operation.steps if field in step.enums)
    return next((tuple(one for one in step.enums if one.of == field.of) for step in steps if field.of is not None), (field,))


def _slots(resource: ResolvedResource) -> Iterator[Diagnostic]:
    for name, field in slotted(resource):
        inner = {each.name.value: each for each in field.model.type.fields}
        for key, slots in held(field).items():
            for value in inner[key].type.values if key in inner else ():
                if value.value not in slots and not _is_unsupported(resource, f"{name}.{key}", value.value):
                    yield finding(
                        CODE,
                        f"`{name}.{key}` can be {value.value!r}, and no slot maps it",
                        field.ast.span,
                        notes=(Note("the model's values", inner[key].span),),
                        help=f"add a slot, or give a reason: `unsupported: {{{name}.{key}.{value.value}: …}}`",
                    )


def enumerators(field: ResolvedField) -> tuple[object, ...] | None:
    """Return the unified values of a field: enumerators, or true and false; None if any value is allowed."""
    if field.model.type.kind == "boolean":
        return (True, False)
    if field.model.type.kind == "enum":
        return tuple(value.value for value in field.model.type.values)
    return None


def spelled(value: object) -> str:
    """Return a unified value as a mapping spells it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_unsupported(resource: ResolvedResource, name: str, value: object) -> bool:
    key = f"{name}.{spelled(value)}"
    return any(unsupported_name == key or unsupported_name.endswith("." + key) for unsupported_name in resource.unsupported)
