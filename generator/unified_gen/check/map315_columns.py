"""A row of an enum that lacks a property which all other rows have.

An enum over several properties has a row for each combination of their values. A row without one of them matches any value of it, and
leaves it as it is when written. If it is the only one without, and no other property distinguishes it from each of the other rows, the
value was probably forgotten. If the row means any value, state it: `otherwise`, or accept it with the reason:
`allow: {MAP315 <field>: …}`.

Wrong: `won: {closed: true, probability: 1}, lost: {probability: 0}, open: {closed: false}`. Right: `lost: {closed: true, probability: 0}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import tabled
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP315", "a row without a property of the others", __doc__, Severity.WARNING)

_LEAST = 3


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every row that is the only one without a property."""
    for name, field in tabled(resource):
        rows = field.table.rows if field.table is not None else ()
        for column in {column: None for row in rows for column in row.cells}:
            lacking = [row for row in rows if column not in row.cells]
            if len(rows) < _LEAST or len(lacking) != 1:
                continue
            row = lacking[0]
            shared = {other for each in rows if each is not row for other in each.cells}
            plain = row.cells and not any(cell.otherwise for cell in row.cells.values()) and row.cells.keys() <= shared
            if plain and any(not _differ(row, each) for each in rows if each is not row):
                yield finding(
                    CODE,
                    f"the row `{row.value.value}` of `{name}` has no `{column}`, which all its other rows have",
                    row.span,
                    help=f"add it, or accept it: `allow: {{MAP315 {name}: …}}`",
                )


def _differ(one: ast.Row, other: ast.Row) -> bool:
    """Return true if a property has different values in two rows."""
    return any(
        not {repr(literal.value) for literal in one.cells[column].values} & {repr(literal.value) for literal in other.cells[column].values}
        for column in one.cells.keys() & other.cells.keys()
    )
