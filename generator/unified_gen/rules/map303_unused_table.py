"""A table, or a row of it, that nothing uses.

A word that an earlier row reads never reaches the later one, and a table on a field without a path is never looked into.

Wrong: `{low: [Low, Lowest], medium: Lowest}`: the second `Lowest` is never read.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.resolved import ResolvedField, ResolvedResource
from unified_gen.resolve.tables import read_row, states, tabled, vendor_words
from unified_gen.rules.base import finding, rule

CODE = rule("MAP303", "unused table", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every table without a place, and every word or row that another one hides."""
    for name, field in tabled(resource):
        table = field.table
        assert table is not None
        if field.ast.read is None and not field.ast.write and not table.columns:
            yield finding(CODE, f"the table of `{name}` is never looked into: the field has no path", table.span)
        elif table.columns:
            yield from _rows(resource, field)
        else:
            yield from _words(field)


def _words(field: ResolvedField) -> Iterator[Diagnostic]:
    assert field.table is not None
    seen: dict[tuple[type, object], object] = {}
    for row in field.table.rows:
        for cell in row.cells.values():
            for word in cell.words:
                key = (type(word.value), word.value)
                if key in seen:
                    yield finding(CODE, f"{word.value!r} is read as {seen[key]!r} already: this word is never used", word.span)
                else:
                    seen[key] = row.value.value


def _rows(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    assert field.table is not None
    domains = {column.value: vendor_words(resource, field, column.value)[0] for column in field.table.columns}
    reached = {id(read_row(field.table, state)) for state in states(field.table, domains)}
    for row in field.table.rows:
        if id(row) not in reached:
            yield finding(
                CODE,
                f"no state of the vendor's columns reads as {row.value.value!r}: earlier rows take them all",
                row.span,
                notes=(Note("the first row", field.table.rows[0].span),),
                help="put the narrower row first",
            )
