"""Calls that hold a text: in a name, at the beginning of an id, or in the words of an error. Newest first, over any number of calls.

Nothing looks through calls. Names and words that have been met are in a table of their own, which is looked through: those that hold
the text lead to calls by an index each. An id is found by its beginning. Each way gives its newest calls, and what is shown is the
newest of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unified_platform.store.database import Database, Session, text
from unified_platform.usage.calls import SHOWN, Call, CallPage, call_from_row, cursor, cursor_of
from unified_platform.usage.schema import LOOKED_UP

COLUMNS = {"agent": "agent", "user": "person", "tool": "tool", "vendor": "vendor", "outcome": "outcome"}
"""The kinds of names, and the column of each."""
WORD = "word"
"""The kind of what errors are made of."""
LONGEST_WORD, MOST_WORDS = 40, 30
"""Characters of a word, and words of an error, by which it is found."""

_WORDS = re.compile(r"\w+")
_SHORTEST_ID = 4
"""Characters of an id by which it is searched for."""
_NAMES = 20
"""Names of a kind, or words, that hold the text and are followed."""
_IDS = 200
"""Ids with the same beginning that are followed."""
_ERRORS = 500
"""Calls with a word that are looked at for the others, for one page."""


def words(error: str) -> list[str]:
    """The words by which an error is found."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in _WORDS.findall(error.casefold())))[:MOST_WORDS]


Position = tuple[float, str]
"""Position in a list of calls: start time and id."""


@dataclass(frozen=True, slots=True)
class _Index:
    """The calls that one way led to, and how far back it has been gone; None where to its end."""

    calls: Sequence[Call] = ()
    reached: Position | None = None


class CallSearch:
    """Searches the calls of a usage store: those of a tenant, or of all."""

    def __init__(self, database: Database, tenant: str | None = None) -> None:
        self._database = database
        self._tenant = tenant

    def find(self, wanted: str, *, before: str | None = None, count: int = 50) -> CallPage:
        """The newest calls that hold a text: anywhere in the name of an agent, user, tool, vendor or outcome; at the beginning of an id
        (the call's own, a vendor's of a request, that of a trace, an approval or a saga); or in an error, each word in one of its words.

        Args:
            before: position of the next page (`CallPage.older`).
            count: how many at most.

        Raises:
            InvalidInput: `before` is none.
            UnifiedError: the usage store cannot be read.
        """
        wanted = wanted.strip()
        if not wanted:
            return CallPage(())
        at = cursor(before)
        with self._database.reading() as session:
            ways = [
                *_by_names(session, wanted, at, count, self._tenant),
                _by_ids(session, wanted, at, self._tenant),
                _by_error(session, wanted, at, self._tenant),
            ]
        found = {one.id: one for way in ways for one in way.calls}
        newest = sorted(found.values(), key=_position, reverse=True)
        # Beyond where a way has stopped, it may hold calls that come before those of others.
        reached = max((way.reached for way in ways if way.reached is not None), default=None)
        shown = newest if reached is None else [one for one in newest if _position(one) >= reached]
        if len(shown) > count:
            return CallPage(shown[:count], cursor_of(_position(shown[count - 1])))
        return CallPage(shown) if reached is None else CallPage(shown, cursor_of(reached), reached[0])


def _position(call: Call) -> Position:
    return call.at, call.id


def _by_names(session: Session, wanted: str, at: Position, count: int, tenant: str | None) -> Iterator[_Index]:
    owner, values = _of_tenant(tenant)
    for kind, column in COLUMNS.items():
        for name in _met(session, kind, wanted, tenant):
            statement = (
                f"SELECT {', '.join(SHOWN)} FROM usage_calls WHERE {column} = ? AND (at < ? OR (at = ? AND id < ?)) AND at <= ?"  # noqa: S608
                f"{owner} ORDER BY at DESC, id DESC LIMIT ?"
            )
            rows = session.rows(statement, name, at[0], at[0], at[1], at[0], *values, count + 1)
            calls = [call_from_row(row) for row in rows]
            yield _Index(calls, _position(calls[-1]) if len(calls) > count else None)


def _met(session: Session, kind: str, wanted: str, tenant: str | None) -> list[str]:
    """The names of a kind that hold a text, those that were met last first."""
    pattern = "%" + wanted.casefold().replace("~", "~~").replace("%", "~%").replace("_", "~_") + "%"
    owner, values = _of_tenant(tenant)
    found = f"SELECT name FROM usage_names WHERE kind = ? AND folded LIKE ? ESCAPE '~'{owner}"  # noqa: S608
    statement = f"{found} GROUP BY name ORDER BY MAX(day) DESC, name LIMIT ?"
    return [text(name) for (name,) in session.rows(statement, kind, pattern, *values, _NAMES)]


def _of_tenant(tenant: str | None) -> tuple[str, Sequence[str]]:
    """The condition for a tenant's rows, and its values; none for all."""
    return ("", ()) if tenant is None else (" AND tenant = ?", (tenant,))


def _by_ids(session: Session, wanted: str, at: Position, tenant: str | None) -> _Index:
    """Maximum number of ids that are followed for one prefix."""
    if len(wanted) < _SHORTEST_ID:
        return _Index()
    found: dict[str, Call] = {}
    owner, values = _of_tenant(tenant)
    for column in ("id", *LOOKED_UP):
        # As the index has it, which holds those that have one.
        also = "" if column == "id" else f" AND {column} <> ''"
        rows = session.rows(
            f"SELECT {', '.join(SHOWN)} FROM usage_calls WHERE {column} >= ? AND {column} < ?{also}{owner} "  # noqa: S608
            f"ORDER BY {column} LIMIT ?",
            wanted,
            wanted + "\U0010ffff",
            *values,
            _IDS,
        )
        found |= {one.id: one for one in map(call_from_row, rows) if _position(one) < at}
    return _Index([*found.values()])


def _by_error(session: Session, wanted: str, at: Position, tenant: str | None) -> _Index:
    parts = words(wanted)
    if not parts:
        return _Index()
    known = [_met(session, WORD, part, tenant) for part in parts]
    if not all(known):
        return _Index()
    # By the word that means fewest others, which are searched for in the calls that have it.
    first = min(range(len(parts)), key=lambda index: (len(known[index]), -len(parts[index])))
    looked: list[Position] = []
    reached: list[Position] = []
    for word in known[first]:
        rows = session.rows(
            "SELECT at, call FROM usage_words WHERE word = ? AND (at < ? OR (at = ? AND call < ?)) AND at <= ? "
            "ORDER BY at DESC, call DESC LIMIT ?",
            *(word, at[0], at[0], at[1], at[0], _ERRORS),
        )
        found = [(float(when), text(id)) for when, id in rows]
        looked += found
        reached += found[-1:] if len(found) == _ERRORS else []
    for index in range(len(parts)):
        if index != first:
            looked = _having(session, looked, known[index])
    calls = [one for one in _calls(session, [id for _, id in looked]) if tenant is None or one.tenant == tenant]
    return _Index(calls, max(reached, default=None))


def _having(session: Session, looked: list[Position], names: Sequence[str]) -> list[Position]:
    """Those of some calls whose errors have one of some words."""
    if not looked:
        return []
    marks, values = ", ".join("?" * len(names)), [at for at, _ in looked]
    rows = session.rows(
        f"SELECT call FROM usage_words WHERE word IN ({marks}) AND at >= ? AND at <= ?",  # noqa: S608
        *names,
        min(values),
        max(values),
    )
    there = {text(id) for (id,) in rows}
    return [one for one in looked if one[1] in there]


def _calls(session: Session, ids: Sequence[str]) -> list[Call]:
    found: list[Call] = []
    for start in range(0, len(ids), 100):
        some = ids[start : start + 100]
        marks = ", ".join("?" * len(some))
        found += map(call_from_row, session.rows(f"SELECT {', '.join(SHOWN)} FROM usage_calls WHERE id IN ({marks})", *some))  # noqa: S608
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def _of(at: Position) -> tuple[float, str]:
    return at
