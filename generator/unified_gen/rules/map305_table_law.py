"""A table whose writing does not read back.

What is written must read as what was meant, from every prior state of the vendor's columns: a row that leaves a column alone may
be read as another row. All states are tried; they are finite.

Wrong: `{done: {dueComplete: true}, canceled: {closed: true}}`: a closed card that is completed stays closed and reads as canceled.
Right: `done: {closed: false, dueComplete: true}`.
"""

from collections.abc import Iterator
from typing import Any

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.resolved import ResolvedField, ResolvedResource
from unified_gen.resolve.tables import OTHER, read_row, states, tabled, vendor_words, write_row
from unified_gen.rules.base import finding, rule

CODE = rule("MAP305", "table does not read back", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every row that, written over some state, reads as another."""
    written = {id(a.field) for o in resource.operations for s in o.steps for a in s.every_assignment if a.origin == "send"}
    for _, field in tabled(resource):
        if field.table is not None and id(field) in written:
            yield from _laws(resource, field) if field.table.columns else _wordless(field)


def _wordless(field: ResolvedField) -> Iterator[Diagnostic]:
    """A row with nothing but `otherwise`: there is no word to write."""
    assert field.table is not None
    for row in field.table.rows:
        if not any(cell.words for cell in row.cells.values()):
            yield finding(
                CODE,
                f"{row.value.value!r} cannot be written: its row has no word but `otherwise`, which only reads",
                row.span,
                help=f"name the word to write: `{row.value.value}: [word, otherwise]`",
            )


def _laws(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    table = field.table
    assert table is not None
    domains = {column.value: vendor_words(resource, field, column.value)[0] for column in table.columns}
    for row in table.rows:
        for state in states(table, domains):
            after = write_row(table, row, state)
            found = read_row(table, after)
            if found is not row:
                reads = repr(found.value.value) if found is not None else "nothing"
                yield finding(
                    CODE,
                    f"{row.value.value!r}, written where {_words(state)}, gives {_words(after)} and reads as {reads}",
                    row.span,
                    notes=(Note("the row that reads it", found.span),) if found is not None else (),
                    help="let the row set every column that an earlier row looks at",
                )
                break


def _words(state: dict[str, Any]) -> str:
    return ", ".join(
        f"{name} is {'some other word' if word is OTHER else 'null' if word is None else repr(word)}" for name, word in state.items()
    )
