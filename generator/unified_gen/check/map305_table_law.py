"""A row of a table that does not read back as written.

A row that is written must read back as the same row, from every prior state of the vendor's columns. A row that leaves a column unchanged
may be read as another row. All states are tried; they are finite.

Wrong: `{done: {dueComplete: true}, canceled: {closed: true}}`: a closed card that is completed stays closed and reads as canceled.
Right: `done: {closed: false, dueComplete: true}`.
"""

from collections.abc import Iterator
from typing import Any

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import OTHER, declared_values, read_row, states, tabled, write_row
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP305", "table does not read back", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every row that, written over some state, reads as another."""
    written = {id(a.field) for o in resource.operations for s in o.steps for a in s.every_assignment if a.origin == "send"}
    for _, field in tabled(resource):
        if field.table is not None and id(field) in written:
            yield from _laws(resource, field) if field.table.columns else _unwritable(field)


def _unwritable(field: ResolvedField) -> Iterator[Diagnostic]:
    """Report a row with nothing but `otherwise`: there is no value to write."""
    assert field.table is not None
    for row in field.table.rows:
        if not any(cell.values for cell in row.cells.values()):
            yield finding(
                CODE,
                f"{row.value.value!r} cannot be written: its row has only `otherwise`, which has no value to write",
                row.span,
                help=f"name the value to write: `{row.value.value}: [value, otherwise]`",
            )


def _laws(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    table = field.table
    assert table is not None
    domains = {column.value: declared_values(resource, field, column.value)[0] for column in table.columns}
    for row in table.rows:
        for state in states(table, domains):
            after = write_row(table, row, state)
            found = read_row(table, after)
            if found is not row:
                reads = repr(found.value.value) if found is not None else "nothing"
                yield finding(
                    CODE,
                    f"{row.value.value!r}, written when {_described(state)}, gives {_described(after)} and reads as {reads}",
                    row.span,
                    notes=(Note("the row that reads it", found.span),) if found is not None else (),
                    help="let the row set every column that an earlier row looks at",
                )
                break


def _described(state: dict[str, Any]) -> str:
    return ", ".join(
        f"{name} is {'some other value' if value is OTHER else 'null' if value is None else repr(value)}" for name, value in state.items()
    )
