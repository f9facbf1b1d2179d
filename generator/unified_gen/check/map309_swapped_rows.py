"""A row with a vendor value that is the name of another row, or that is the opposite.

Both directions use one table, so a record reads as it was written even if two rows are swapped. Names show it: a vendor value that is
called like another row (`open: in_progress`), a flag whose name is the opposite of the row (`done: {closed: false}`), a value called like
the field in the row of false (`optional: {false: optional}`), or null that is read like true and unlike false. If the vendor means it,
accept it with the reason: `allow: {MAP309 <field>: …}`.

Wrong: `won: lost, lost: won`. Right: `won: won, lost: lost`.
"""

import re
from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import sent_enums, tabled
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.source.spans import Literal

CODE = rule("MAP309", "rows that look swapped", __doc__, Severity.WARNING)

_ENDED = {"done", "completed", "complete", "closed", "resolved", "finished", "won", "lost", "canceled", "cancelled", "archived"}
_ONGOING = {"open", "in_progress", "pending", "active", "new", "todo"}
_FLAGS = re.compile(r"(?i)(?:^|\.|is_?)(completed?|checked|closed|done|resolved|finished|archived|iswon|won)$")

_STEM = 4
"""Letters in which two words that mean the same begin alike."""


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every row whose vendor value names another row, or contradicts its own."""
    for name, field in (*tabled(resource), *sent_enums(resource)):
        if field.table is not None:
            yield from _rows(name, field, field.table)
    for name, field in sent_enums(resource):
        yield from _equal(name, field.table) if field.table is not None else ()


def _equal(name: str, table: ast.Table) -> Iterator[Diagnostic]:
    """Report true and false that a request sends as the same value."""
    flags = {row.value.value: row for row in table.rows if isinstance(row.value.value, bool)}
    if set(flags) == {True, False}:
        others = [other.value for other in _literals(flags[True])]
        yield from (
            _finding(name, flags[False], one, "which the other row has too") for one in _literals(flags[False]) if one.value in others
        )


def _rows(name: str, field: ResolvedField, table: ast.Table) -> Iterator[Diagnostic]:
    rows = {_plain(row.value.value): row for row in table.rows if isinstance(row.value.value, str)}
    flags = {row.value.value: row for row in table.rows if isinstance(row.value.value, bool)}
    for value, row in rows.items():
        for column, cell in row.cells.items():
            for literal in cell.values:
                other = rows.get(_plain(literal.value)) if isinstance(literal.value, str) else None
                shared = other is not None and column in other.cells and literal.value in {one.value for one in other.cells[column].values}
                if other is not None and other is not row and not shared and not _holds(row, column, value):
                    yield _finding(name, row, literal, f"which is the name of the row `{other.value.value}`")
                location = column or (field.read.text.value if field.read is not None else "")
                if isinstance(literal.value, bool) and _FLAGS.search(location) and _contradicts(rows, value, literal.value, column):
                    yield _finding(name, row, literal, f"the opposite of what `{location}` means")
    yield from _probabilities(name, rows)
    yield from _nulls(name, table)
    for flag, row in flags.items():
        for literal in (literal for cell in row.cells.values() for literal in cell.values):
            if isinstance(literal.value, bool) and literal.value is not flag and _flag_of(field):
                yield _finding(name, row, literal, "its opposite")
    if set(flags) == {True, False}:
        named = {flag: [literal for literal in _literals(row) if _stem(field.name, literal.value)] for flag, row in flags.items()}
        if named[False] and not named[True]:
            yield _finding(name, flags[False], named[False][0], "which is called like the field")


def _literals(row: ast.Row) -> Iterator[Literal]:
    return (literal for cell in row.cells.values() for literal in cell.values)


def _stem(field: str, value: object) -> bool:
    """Return true if a vendor value begins like the name of the field: `writer` and `writable`."""
    plain = _plain(value) if isinstance(value, str) else ""
    return len(plain) >= _STEM and field.removeprefix("is_")[:_STEM] == plain[:_STEM]


def _probabilities(name: str, rows: dict[str, ast.Row]) -> Iterator[Diagnostic]:
    """Report what is won and less probable than what is lost."""
    if not {"won", "lost"} <= rows.keys():
        return
    for column, cell in rows["won"].cells.items():
        other = rows["lost"].cells.get(column)
        if "probability" in column.lower() and cell.values and other is not None and other.values:
            won, lost = _number(cell.values[0].value), _number(other.values[0].value)
            if won is not None and lost is not None and won < lost:
                yield _finding(name, rows["won"], cell.values[0], "less than what is lost")


def _nulls(name: str, table: ast.Table) -> Iterator[Diagnostic]:
    """Report a flag that is null for one row, like true, and false for another."""
    for column in [c.value for c in table.columns] or [""]:
        values = [(row, [literal.value for literal in row.cells[column].values]) for row in table.rows if column in row.cells]
        if not any(isinstance(value, bool) for _, listed in values for value in listed):
            continue
        for row, listed in values:
            null = next((literal for literal in row.cells[column].values if literal.value is None), None)
            if null is not None and False not in listed and (True in listed or any(False in others for _, others in values)):
                yield _finding(name, row, null, "which a flag has if it is false")


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except ValueError:
        return None


def _flag_of(field: ResolvedField) -> bool:
    """Return true if the vendor's flag is named like the field."""
    location = field.read.text.value if field.read is not None else next(iter(field.columns), "")
    return _plain(location.rpartition(".")[2]).removeprefix("is_") == field.name.removeprefix("is_")


def _contradicts(rows: dict[str, ast.Row], value: str, flag: bool, column: str) -> bool:
    """Return true if a flag such as `closed` is false for what has ended and for nothing that goes on, or true for what goes on.

    Of several rows that have ended, all have the same flag, or another one that is true.
    """
    if flag or value not in _ENDED:
        return flag and value in _ONGOING
    others = [cell for name, cell in rows[value].cells.items() if name != column]
    ended = [row for name, row in rows.items() if name in _ENDED and name != value and column in row.cells]
    alike = any(literal.value is True for row in ended for literal in row.cells[column].values)
    return len(rows) == 2 or (alike and not any(literal.value is True for cell in others for literal in cell.values))


def _holds(row: ast.Row, column: str, value: str) -> bool:
    """Return true if the row also has its own name as a vendor value."""
    return any(isinstance(literal.value, str) and _plain(literal.value) == value for literal in row.cells[column].values)


def _plain(value: object) -> str:
    return re.sub(r"[\s_-]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(value))).lower()


def _finding(name: str, row: ast.Row, literal: Literal, reason: str) -> Diagnostic:
    return finding(
        CODE,
        f"the row `{row.value.value}` of `{name}` has the vendor value {literal.value!r}, {reason}",
        literal.span,
        help=f"swap the rows, or accept it: `allow: {{MAP309 {name}: …}}`",
    )
