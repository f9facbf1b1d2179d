"""Calls that hold a text: in a name, at the beginning of an id, or in the words of an error. Newest first, over any number of calls.

Nothing looks through calls. Names and words that have been met stand in a table of their own, which is looked through: those that hold
the text lead to calls by an index each. An id is found by its beginning. Each way gives its newest calls, and what is shown is the
newest of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unified_platform.store.database import Database, Session, text
from unified_platform.usage.finding import SHOWN, Call, Calls, call_of, cursor, cursor_of
from unified_platform.usage.schema import LOOKED_UP

COLUMNS = {"agent": "agent", "user": "person", "tool": "tool", "vendor": "vendor", "outcome": "outcome"}
"""The kinds of names, and the column of each."""
WORD = "word"
"""The kind of what errors are made of."""
LONGEST_WORD, MOST_WORDS = 40, 30
"""Characters of a word, and words of an error, by which it is found."""

_WORDS = re.compile(r"\w+")
_SHORTEST_ID = 4
"""Characters of an id by which it is looked for."""
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
"""Where a list of calls is at: when a call began, and its id."""


@dataclass(frozen=True, slots=True)
class _Way:
    """The calls that one way led to, and how far back it has been gone; None where to its end."""

    calls: Sequence[Call] = ()
    reached: Position | None = None


class Search:
    """Searches the calls of a usage ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, wanted: str, *, before: str | None = None, count: int = 50) -> Calls:
        """The newest calls that hold a text: anywhere in the name of an agent, user, tool, vendor or outcome; at the beginning of an id
        (the call's own, a vendor's of a request, that of a trace, an approval or a saga); or in an error, each word in one of its words.

        Args:
            before: where to go on, as an earlier page told (`Calls.older`).
            count: how many at most.

        Raises:
            InvalidInput: `before` is none.
            UnifiedError: the ledger cannot be read.
        """
        wanted = wanted.strip()
        if not wanted:
            return Calls(())
        at = cursor(before)
        with self._database.reading() as session:
            ways = [*_by_names(session, wanted, at, count), _by_ids(session, wanted, at), _by_error(session, wanted, at)]
        found = {one.id: one for way in ways for one in way.calls}
        newest = sorted(found.values(), key=_position, reverse=True)
        # Beyond where a way has stopped, it may hold calls that come before those of others.
        reached = max((way.reached for way in ways if way.reached is not None), default=None)
        shown = newest if reached is None else [one for one in newest if _position(one) >= reached]
        if len(shown) > count:
            return Calls(shown[:count], cursor_of(_position(shown[count - 1])))
        return Calls(shown) if reached is None else Calls(shown, cursor_of(reached), reached[0])


def _position(call: Call) -> Position:
    return call.at, call.id


def _by_names(session: Session, wanted: str, at: Position, count: int) -> Iterator[_Way]:
    for kind, column in COLUMNS.items():
        for name in _met(session, kind, wanted):
            statement = (
                f"SELECT {', '.join(SHOWN)} FROM usage_calls WHERE {column} = ? AND (at < ? OR (at = ? AND id < ?)) AND at <= ? "  # noqa: S608
                "ORDER BY at DESC, id DESC LIMIT ?"
            )
            rows = session.rows(statement, name, at[0], at[0], at[1], at[0], count + 1)
            calls = [call_of(row) for row in rows]
            yield _Way(calls, _position(calls[-1]) if len(calls) > count else None)


def _met(session: Session, kind: str, wanted: str) -> list[str]:
    """The names of a kind that hold a text, those that were met last first."""
    pattern = "%" + wanted.casefold().replace("~", "~~").replace("%", "~%").replace("_", "~_") + "%"
    statement = "SELECT name FROM usage_names WHERE kind = ? AND folded LIKE ? ESCAPE '~' ORDER BY day DESC, name LIMIT ?"
    return [text(name) for (name,) in session.rows(statement, kind, pattern, _NAMES)]


def _by_ids(session: Session, wanted: str, at: Position) -> _Way:
    """Of a beginning that very many ids have, only some are followed: it says nothing about a call."""
    if len(wanted) < _SHORTEST_ID:
        return _Way()
    found: dict[str, Call] = {}
    for column in ("id", *LOOKED_UP):
        # As the index has it, which holds those that have one.
        also = "" if column == "id" else f" AND {column} <> ''"
        rows = session.rows(
            f"SELECT {', '.join(SHOWN)} FROM usage_calls WHERE {column} >= ? AND {column} < ?{also} ORDER BY {column} LIMIT ?",  # noqa: S608
            wanted,
            wanted + "\U0010ffff",
            _IDS,
        )
        found |= {one.id: one for one in map(call_of, rows) if _position(one) < at}
    return _Way([*found.values()])


def _by_error(session: Session, wanted: str, at: Position) -> _Way:
    parts = words(wanted)
    if not parts:
        return _Way()
    known = [_met(session, WORD, part) for part in parts]
    if not all(known):
        return _Way()
    # By the word that stands for fewest others, which are looked for in the calls that have it.
    first = min(range(len(parts)), key=lambda place: (len(known[place]), -len(parts[place])))
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
    for place in range(len(parts)):
        if place != first:
            looked = _having(session, looked, known[place])
    return _Way(_calls(session, [id for _, id in looked]), max(reached, default=None))


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
        found += map(call_of, session.rows(f"SELECT {', '.join(SHOWN)} FROM usage_calls WHERE id IN ({marks})", *some))  # noqa: S608
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def _of(at: Position) -> tuple[float, str]:
    return at
