"""Numbers of an enum that do not rise or fall with its values.

An enum such as `priority` (`low`, `medium`, `high`, `urgent`) has an order, and vendors number it upwards or downwards. Two rows that are
exchanged break the order, although each is read as it was written. If the vendor's numbers have another order, accept it with the reason:
`allow: {MAP310 <field>: …}`.

Wrong: `{urgent: 1, high: 3, medium: 2, low: 4}`. Right: `{urgent: 1, high: 2, medium: 3, low: 4}`.
"""

from collections.abc import Iterator
from itertools import pairwise

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import sent_enums, tabled
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP310", "numbers out of order", __doc__, Severity.WARNING)

_LEAST = 3
"""Number of rows that have an order."""
_ORDERED = frozenset({"priority", "severity", "importance", "urgency"})
"""Words of fields whose values have an order in the model."""


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every ordered enum whose first vendor values are numbers, and are neither rising nor falling in the model's order."""
    for name, field in (*tabled(resource), *sent_enums(resource)):
        if field.table is None or not _ORDERED & {*name.replace(".", "_").split("_")}:
            continue
        order = [text.value for text in field.model.type.values]
        rows = sorted((row for row in field.table.rows if row.value.value in order), key=lambda row: order.index(str(row.value.value)))
        numbers = [(row, number) for row in rows if (number := _number(row)) is not None]
        steps = [later - earlier for (_, earlier), (_, later) in pairwise(numbers)]
        if len(numbers) < _LEAST or len(numbers) < len(rows) - 1 or all(step > 0 for step in steps) or all(step < 0 for step in steps):
            continue
        listed = ", ".join(f"{row.value.value} {number:g}" for row, number in numbers)
        yield finding(
            CODE,
            f"the numbers of `{name}` do not rise or fall with its values: {listed}",
            field.ast.name.span,
            help=f"exchange the rows, or accept it: `allow: {{MAP310 {name}: …}}`",
        )


def _number(row: ast.Row) -> float | None:
    """Return the first vendor value of the only column of a row, if it is a number or the text of one."""
    cells = [cell for cell in row.cells.values() if cell.values]
    if len(cells) != 1:
        return None
    first = cells[0].values[0].value
    if isinstance(first, int | float) and not isinstance(first, bool):
        return float(first)
    return float(first) if isinstance(first, str) and first.isdigit() else None
