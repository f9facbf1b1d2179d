"""A gap for something that is mapped.

A field with a line is no gap, an enumerator with a row is none, an operation with steps is none: one of the two is out of date.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.slots import held, slotted
from unified_gen.resolve.tables import tabled
from unified_gen.rules.base import finding, rule

CODE = rule("MAP404", "gap is mapped", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every gap that the mapping contradicts."""
    mapped = {field.name.value: field.name.span for field in resource.ast.fields}
    mapped |= {operation.name.value: operation.name.span for operation in resource.ast.operations}
    if resource.model.custom and resource.ast.custom is not None:
        mapped["custom"] = resource.ast.custom.names.span
    for tabled_name, field in tabled(resource):
        if field.table is not None:
            for row in field.table.rows:
                word = str(row.value.value).lower() if isinstance(row.value.value, bool) else str(row.value.value)
                mapped[f"{tabled_name}.{word}"] = row.span
    for slotted_name, field in slotted(resource):
        for key, slots in held(field).items():
            mapped |= {f"{slotted_name}.{key}.{value}": slot.ast.span for value, slot in slots.items()}
    for name, _ in resource.ast.gaps:
        if name.value in mapped:
            yield finding(CODE, f"`{name.value}` is a gap and mapped", name.span, notes=(Note("mapped here", mapped[name.value]),))
