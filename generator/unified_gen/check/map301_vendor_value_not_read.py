"""A vendor value that no row of the table reads.

If the vendor's schema lists enum values, or known values of an open set (`x-extensible-enum`), a table reads each of them, so that no
value is lost silently. A row may read several: `medium: [normal, default]`; `otherwise` in the last row reads the rest. Of a table with
several columns, this holds for each column together with the values of the others, unless each row has all columns: if `closed` issues
have a reason, the rows that read `closed` read each reason.

Wrong: `enum: {open: new, done: done}` where the vendor also has `indeterminate`.
"""

import itertools
from collections.abc import Iterator
from typing import Any

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import declared_values, known_values, matches, tabled
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.shapes import Shape

CODE = rule("MAP301", "vendor value not read", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every value of a known enum that no row reads."""
    for name, field in tabled(resource):
        table = field.table
        assert table is not None
        if field.read is None and not field.columns:
            continue
        complete = True
        for column in [c.value for c in table.columns] or [""]:
            enum_values, shape = known_values(resource, field, column)
            if enum_values is None or shape is None:
                continue
            not_read = [value for value in enum_values if not any(matches(row.cells.get(column), value) for row in table.rows)]
            if not_read:
                complete = False
                yield _finding(resource, name, table, not_read, shape)
        if complete:
            yield from _together(resource, name, field, table)


def _finding(resource: ResolvedResource, name: str, table: ast.Table, not_read: list[Any], shape: Shape) -> Diagnostic:
    return finding(
        CODE,
        f"no row of `{name}` reads {', '.join(repr(value) for value in not_read)}",
        table.span,
        notes=(Note("the vendor's values", resource.unit.document.span(shape.pointer)),),
        help="add a row, add the value to one, or `otherwise` to the last",
    )


def _together(resource: ResolvedResource, name: str, field: ResolvedField, table: ast.Table) -> Iterator[Diagnostic]:
    """Report the values of one column, that of the fewest rows, which are not read together with values of the others.

    A table whose rows all have all columns describes the combinations that occur.
    """
    if all(column.value in row.cells for row in table.rows for column in table.columns):
        return
    for column in sorted((c.value for c in table.columns), key=lambda each: sum(each in row.cells for row in table.rows)):
        enum_values, shape = declared_values(resource, field, column)
        not_read = _not_read_together(resource, field, column, enum_values) if enum_values is not None else []
        if not_read and shape is not None:
            yield _finding(resource, name, table, not_read, shape)
            break


def _not_read_together(resource: ResolvedResource, field: ResolvedField, column: str, enum_values: tuple[Any, ...]) -> list[Any]:
    """Return the values of a column that no row reads, given values of the other columns for which some rows look at this one."""
    table = field.table
    assert table is not None
    others = {c.value: declared_values(resource, field, c.value)[0] for c in table.columns if c.value != column}
    if not others or None in others.values():
        return []
    found: dict[Any, None] = {}
    for values in itertools.product(*(known or () for known in others.values())):
        state = dict(zip(others, values, strict=True))
        rows = [row for row in table.rows if all(matches(row.cells.get(name), value) for name, value in state.items())]
        if any(column in row.cells for row in rows):
            found |= dict.fromkeys(value for value in enum_values if not any(matches(row.cells.get(column), value) for row in rows))
    return [*found]
