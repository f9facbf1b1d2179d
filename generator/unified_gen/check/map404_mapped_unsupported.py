"""Something that is both mapped and declared unsupported.

A field with a path, an enum value with a row and an operation with steps are supported. Remove the mapping, or the entry in `unsupported`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.slots import held, slotted
from unified_gen.resolve.tables import tabled
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP404", "unsupported, but mapped", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every entry of `unsupported` that the mapping contradicts."""
    mapped = {field.name.value: field.name.span for field in resource.ast.fields}
    mapped |= {operation.name.value: operation.name.span for operation in resource.ast.operations}
    if resource.model.custom_fields and resource.ast.custom_fields is not None:
        mapped["custom_fields"] = resource.ast.custom_fields.pattern.span
    for tabled_name, field in tabled(resource):
        if field.table is not None:
            for row in field.table.rows:
                value = str(row.value.value).lower() if isinstance(row.value.value, bool) else str(row.value.value)
                mapped[f"{tabled_name}.{value}"] = row.span
    for slotted_name, field in slotted(resource):
        for key, slots in held(field).items():
            mapped |= {f"{slotted_name}.{key}.{value}": slot.ast.span for value, slot in slots.items()}
    for name, _ in resource.ast.unsupported:
        if name.value in mapped:
            yield finding(
                CODE, f"`{name.value}` is under `unsupported`, but mapped", name.span, notes=(Note("mapped here", mapped[name.value]),)
            )
