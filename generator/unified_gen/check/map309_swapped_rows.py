"""A row with a vendor value that is the name of another row, or that is the opposite.

Both directions use one table, so a record reads as it was written even if two rows are swapped. Names show it: a vendor value that is
called like another row (`open: in_progress`, `writer: read` beside `reader`), a flag whose name is the opposite of the row (`done:
{closed: false}`), a value called like the field in the row of false (`optional: {false: optional}`), null that is read unlike false, a
word for another row (`in_progress: completed`), or a flag that is read or sent unchanged as its opposite (`quiet: notify`). If the vendor
means it, accept it with the reason: `allow: {MAP309 <field>: …}`.

Wrong: `won: lost, lost: won`. Right: `won: won, lost: lost`.
"""

import re
from collections.abc import Iterator

from unified_gen.check.names import every_word
from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import read_row, sent_enums, states, tabled
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.source.spans import Literal

CODE = rule("MAP309", "rows that look swapped", __doc__, Severity.WARNING)

_ENDED = {"done", "completed", "complete", "closed", "resolved", "finished", "won", "lost", "canceled", "cancelled", "archived"}
_ONGOING = {"open", "in_progress", "pending", "active", "new", "todo"}
_FLAGS = re.compile(r"(?i)(?:^|\.|is_?)(completed?|checked|closed|done|resolved|finished|archived|iswon|won)$")

_OPPOSITE = (
    ({"notify", "notification", "notifications"}, {"quiet", "silent", "mute", "muted"}),
    ({"enabled", "enable"}, {"disabled", "disable"}),
    ({"visible"}, {"hidden", "hide"}),
    ({"public"}, {"private"}),
    ({"active"}, {"inactive", "deactivated", "suspended"}),
    ({"writable"}, {"readonly"}),
    ({"active"}, {"archived", "deleted", "locked", "disabled"}),
    ({"internal", "private"}, {"public"}),
)
"""Words of flags that mean the opposite of each other."""
_MEANINGS = (
    ({"open"}, {"open", "unstarted", "backlog", "triage", "todo"}),
    ({"in_progress"}, {"started", "in_progress", "doing"}),
    ({"done"}, {"completed", "done", "finished", "resolved", "solved"}),
    ({"anyone", "public"}, {"anyone", "anonymous", "public"}),
    ({"domain", "organization"}, {"domain", "organization", "team", "tenant"}),
    ({"people", "user"}, {"people", "members", "users", "no_one"}),
    ({"guest"}, {"guest", "end_user", "external"}),
    ({"person"}, {"person", "human", "agent", "member"}),
)
"""Names of rows, and words for the same."""
_STEM = 4
"""Letters in which two words that mean the same begin alike."""


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every row whose vendor value names another row, or contradicts its own."""
    for name, field in (*tabled(resource), *sent_enums(resource)):
        if field.table is not None:
            yield from _rows(name, field, field.table)
    for name, field in tabled(resource):
        if field.table is not None:
            yield from _absent(name, field, field.table)
            yield from _opposite_flag(name, field, field.table)
            yield from _other_meaning(name, field.table)
    yield from _opposites(resource)
    for name, field in sent_enums(resource):
        yield from _equal(name, field.table) if field.table is not None else ()


def _opposites(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report a flag that is sent unchanged to one with the opposite name: `notify` to `quiet`."""
    for step in (step for operation in resource.operations for step in operation.steps):
        for one in step.assignments:
            reference = one.reference
            if reference is None or reference.type is None or reference.type.kind != "boolean":
                continue
            words, others = {*every_word(reference.text.value)}, {*every_word(one.target.text.value)}
            if not any(words & pair[side] and others & pair[1 - side] for pair in _OPPOSITE for side in (0, 1)):
                continue
            table = reference.carrier.table if reference.carrier is not None else None
            sent = {row.value.value: [literal.value for literal in _literals(row)] for row in table.rows} if table is not None else {}
            if sent.get(True) != [False]:
                yield finding(
                    CODE,
                    f"`{reference.text.value}` is sent as `{one.target.text.value}`, which is the opposite, without its values exchanged",
                    one.span,
                    help=f"add `enums` with its values exchanged, or accept it: `allow: {{MAP309 {reference.name}: …}}`",
                )


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
                other = rows.get(_plain(literal.value).lstrip("-+")) if isinstance(literal.value, str) else None
                if other is not None and _plain(other.value.value).removesuffix("_desc") == value.removesuffix("_desc"):
                    continue  # an order and its reverse: MAP313
                shared = other is not None and column in other.cells and literal.value in {one.value for one in other.cells[column].values}
                if other is not None and other is not row and not shared and not _holds(row, column, value):
                    yield _finding(name, row, literal, f"which is the name of the row `{other.value.value}`")
                if other is None and (near := _near(rows, value, row.cells.get(column), literal)) is not None:
                    yield _finding(name, row, literal, f"which begins like the row `{near}`")
                location = column or (field.read.text.value if field.read is not None else "")
                flag = _flag(literal.value)
                if flag is not None and _FLAGS.search(location) and _contradicts(rows, value, flag, column):
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


def _absent(name: str, field: ResolvedField, table: ast.Table) -> Iterator[Diagnostic]:
    """Report a flag of several columns that is read as one row if it is false, and as another if the record lacks it."""
    known = {
        each.value: [[one.value for one in row.cells[each.value].values] for row in table.rows if each.value in row.cells]
        for each in table.columns
    }
    flags = {column: rows for column, rows in known.items() if all(one is None or isinstance(one, bool) for row in rows for one in row)}
    rest = any(cell.otherwise for row in table.rows for cell in row.cells.values())
    aware = any(None in row and False in row for rows in flags.values() for row in rows)
    for column, rows in flags.items():
        leaf = field.columns.get(column)
        if leaf is not None and leaf.shape is not None and leaf.shape.kinds and "boolean" not in leaf.shape.kinds:
            continue
        values = [one for row in rows for one in row]
        if None in values and (("." in column and {*values} == {None}) or any(None in row and False in row for row in rows)):
            continue  # null is that the record lacks an object, or is like false
        if not values or (None in values and False in values) or (None not in values and not (rest and aware)):
            continue
        for state in states(table, {column: (True, False)}):
            off, without = (read_row(table, {**state, column: value}) for value in (False, None))
            if state[column] is False and off is not None and without is not None and off is not without:
                yield finding(
                    CODE,
                    f"`{name}` is `{_shown(off)}` if `{column}` is false, and `{_shown(without)}` if the record lacks it",
                    table.span,
                    help=f"add null and false to one row, or accept it: `allow: {{MAP309 {name}: …}}`",
                )
                break


def _opposite_flag(name: str, field: ResolvedField, table: ast.Table) -> Iterator[Diagnostic]:
    """Report a flag that is read like one with the opposite name: `active` is true if `deleted` is."""
    location = field.read.path.names[-1:] if field.read is not None and not field.read.request else ()
    words, others = {*every_word(field.name)}, {*every_word(next(iter(location), ""))}
    if not any(words & pair[side] and others & pair[1 - side] for pair in _OPPOSITE for side in (0, 1)):
        return
    for row in table.rows:
        for literal in _literals(row):
            if isinstance(literal.value, bool) and literal.value is row.value.value:
                yield _finding(name, row, literal, f"and `{location[0]}` is the opposite")


def _other_meaning(name: str, table: ast.Table) -> Iterator[Diagnostic]:
    """Report a value with a word for another row, none of whose values has a word for it."""
    rows = {_plain(row.value.value): row for row in table.rows if isinstance(row.value.value, str)}
    for value, row in rows.items():
        own = {word for names, words in _MEANINGS if value in names for word in words}
        texts = [literal for literal in _literals(row) if isinstance(literal.value, str)]
        if not own or any(_plain(literal.value) in own for literal in texts):
            continue
        for literal in texts:
            other = next(
                (each for names, words in _MEANINGS for each in names if each in rows and each != value and _plain(literal.value) in words),
                None,
            )
            beside = [_plain(one.value) for one in _literals(rows[other])] if other is not None else []
            if other is not None and not any(each in words for names, words in _MEANINGS if other in names for each in beside):
                yield _finding(name, row, literal, f"a word for the row `{other}`")


def _shown(row: ast.Row) -> str:
    return str(row.value.value).lower() if isinstance(row.value.value, bool) else str(row.value.value)


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except ValueError:
        return None


def _flag_of(field: ResolvedField) -> bool:
    """Return true if the vendor's flag is named like the field."""
    location = field.read.text.value if field.read is not None else next(iter(field.columns), "")
    return _plain(location.rpartition(".")[2]).removeprefix("is_") == field.name.removeprefix("is_")


def _flag(value: object) -> bool | None:
    """Return a truth value, also one that is written as text."""
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))


def _contradicts(rows: dict[str, ast.Row], value: str, flag: bool, column: str) -> bool:
    """Return true if a flag such as `closed` is false for what has ended and for nothing that goes on, or true for what goes on.

    Of several rows that have ended, all have the same flag, or another one that is true.
    """
    if flag or value not in _ENDED:
        return flag and value in _ONGOING
    others = [cell for name, cell in rows[value].cells.items() if name != column]
    ended = [row for name, row in rows.items() if name in _ENDED and name != value and column in row.cells]
    alike = any(_flag(literal.value) for row in ended for literal in row.cells[column].values)
    return len(rows) == 2 or (alike and not any(_flag(literal.value) for cell in others for literal in cell.values))


def _near(rows: dict[str, ast.Row], own: str, cell: ast.Cell | None, literal: Literal) -> str | None:
    """Return another row whose name begins with a vendor value, if no value of this row is like its name: `read` and `reader`."""
    values = [_plain(one.value) for one in cell.values if isinstance(one.value, str)] if cell is not None else []
    plain = _plain(literal.value)
    if not isinstance(literal.value, str) or len(plain) < _STEM or any(_alike(own, value) for value in values):
        return None
    return next((name for name in rows if name != own and len(plain) < len(name) and name.startswith(plain)), None)


def _alike(name: str, value: str) -> bool:
    return len(value) >= _STEM and (name.startswith(value[:-1]) or value.startswith(name))


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
