"""Calls one by one: the newest of them, those that are looked for, and all that was recorded of one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from unified_platform.store.database import Database, Row, Session, text
from unified_platform.usage.schema import LOOKED_UP
from unified_runtime.errors import InvalidInput, NotFound

NAMES = {"user": "person", "agent": "agent", "tool": "tool", "vendor": "vendor", "outcome": "outcome"}
"""What calls are looked for by, and its column; first what there are fewest calls of each, usually."""

LOOKED_AT = 5_000
"""Calls that are looked through for one page. A rare one may need several pages, and none takes long."""

SHOWN = ("id", "at", "seconds", "agent", "person", "behalf", "tool", "vendor", "outcome", "requests", "tokens", "cost")
"""The columns of a call in short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call, in short. `at` is in seconds since 1970, `cost` in billionths; who is nobody is an empty text."""

    id: str
    at: float
    seconds: float
    agent: str
    user: str
    behalf: str
    tool: str
    vendor: str
    outcome: str
    requests: int
    tokens: int
    cost: int


@dataclass(frozen=True, slots=True)
class Calls:
    """Some calls, newest first. `older` is where the next page goes on, None where there is none; `looked_to` tells how far back was
    looked, where that was not to the beginning."""

    calls: Sequence[Call]
    older: str | None = None
    looked_to: float | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """All that was recorded of a call."""

    call: Call
    told: Mapping[str, Any] = field(default_factory=dict)


class Finding:
    """Finds the calls of a usage ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, only: Mapping[str, str] | None = None, *, before: str | None = None, count: int = 50) -> Calls:
        """The newest calls.

        Args:
            only: names they have (of `NAMES`).
            before: where to go on, as an earlier page told (`Calls.older`).
            count: how many at most.

        Raises:
            InvalidInput: `before` is none.
            UnifiedError: the ledger cannot be read.
        """
        wanted = {column: only[name] for name, column in NAMES.items() if only and name in only}
        at, id = cursor(before)
        # By one index backwards, over so many calls at the most; further names are looked at in those.
        by, rest = next(iter(wanted), None), [*wanted][1:]
        statement = f"SELECT {', '.join(SHOWN)} FROM usage_calls WHERE (at < ? OR (at = ? AND id < ?)) AND at <= ?"  # noqa: S608
        values: list[Any] = [at, at, id, at]
        if by is not None:
            statement += f" AND {by} = ?"
            values.append(wanted[by])
        most = LOOKED_AT if rest else count + 1
        with self._database.reading() as session:
            rows = session.rows(f"{statement} ORDER BY at DESC, id DESC LIMIT ?", *values, most)
        places = [(SHOWN.index(name), wanted[name]) for name in rest]
        fitting = [row for row in rows if all(row[place] == value for place, value in places)]
        if not rest or len(fitting) > count or len(rows) < most:
            return _page(fitting, count)
        last = call_of(rows[-1])
        return Calls(tuple(map(call_of, fitting)), cursor_of((last.at, last.id)), last.at)

    def look_up(self, id: str) -> Sequence[Call]:
        """The calls with an id: their own, the vendor's of a request, that of a trace, an approval or a saga. At most a hundred.

        Raises:
            UnifiedError: the ledger cannot be read.
        """
        if not id:
            return ()
        found: dict[str, Call] = {}
        with self._database.reading() as session:
            for column in ("id", *LOOKED_UP):
                for row in _with(session, column, id):
                    one = call_of(row)
                    found[one.id] = one
        return sorted(found.values(), key=lambda one: -one.at)[:100]

    def story(self, id: str) -> Story:
        """All that was recorded of a call.

        Raises:
            NotFound: there is none of this id, or it is no longer kept.
            UnifiedError: the ledger cannot be read.
        """
        with self._database.reading() as session:
            rows = session.rows(f"SELECT {', '.join(SHOWN)}, story FROM usage_calls WHERE id = ?", id)  # noqa: S608
        if not rows:
            raise NotFound("there is no such call, or it is no longer kept")
        return Story(call_of(rows[0]), json.loads(text(rows[0][-1])))


def _with(session: Session, column: str, id: str) -> Sequence[Row]:
    # As the index has it, which holds those that have one.
    also = "" if column == "id" else f" AND {column} <> ''"
    statement = f"SELECT {', '.join(SHOWN)} FROM usage_calls WHERE {column} = ?{also} ORDER BY at DESC LIMIT 100"  # noqa: S608
    return session.rows(statement, id)


def _page(rows: Sequence[Row], count: int) -> Calls:
    calls = tuple(call_of(row) for row in rows[:count])
    return Calls(calls, cursor_of((calls[-1].at, calls[-1].id)) if len(rows) > count else None)


def call_of(row: Row) -> Call:
    """The call of a row of `SHOWN`."""
    told = dict(zip(SHOWN, row, strict=False))
    told["user"] = told.pop("person")
    return Call(**told)


def cursor_of(row: Sequence[Any]) -> str:
    """Where a page goes on that has come to a call, told by when it began and its id."""
    return f"{float(row[0])!r}~{row[1]}"


def cursor(before: str | None) -> tuple[float, str]:
    """Where to go on: calls before this moment, or at it and with an id before this one.

    Raises:
        InvalidInput: no page has told that.
    """
    if before is None:
        return 1e12, ""
    at, mark, id = before.partition("~")
    try:
        return float(at), (id if mark else "")
    except ValueError:
        raise InvalidInput("the list's next page is named by what the page before told") from None
