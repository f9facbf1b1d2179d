"""Calls one by one: the newest, search, and the complete record of one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from unified_platform.store.database import Database, Row, Session, text
from unified_platform.usage.schema import LOOKED_UP
from unified_runtime.core.errors import InvalidInput, NotFound

NAMES = {"user": "person", "agent": "agent", "tool": "tool", "vendor": "vendor", "outcome": "outcome", "tenant": "tenant"}
"""Search fields of calls and their columns; usually the most selective first."""

LOOKED_AT = 5_000
"""Calls that are looked through for one page. A rare one may need several pages, and none takes long."""

SHOWN = ("id", "at", "seconds", "agent", "person", "behalf", "tool", "vendor", "outcome", "requests", "tokens", "cost", "tenant")
"""The columns of a call in short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call, in short. `at` is in seconds since 1970, `cost` in billionths; a missing name is an empty text."""

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
    tenant: str


@dataclass(frozen=True, slots=True)
class CallPage:
    """Some calls, newest first. `older` is the position of the next page, None if there is none; `looked_to` is how far back was
    looked, where that was not to the beginning."""

    calls: Sequence[Call]
    older: str | None = None
    looked_to: float | None = None


@dataclass(frozen=True, slots=True)
class CallDetails:
    """All that was recorded of a call."""

    call: Call
    record: Mapping[str, Any] = field(default_factory=dict)


class CallLog:
    """Finds the calls of a usage store: those of a tenant, or of all."""

    def __init__(self, database: Database, tenant: str | None = None) -> None:
        self._database = database
        self._tenant = tenant

    def newest(self, only: Mapping[str, str] | None = None, *, before: str | None = None, count: int = 50) -> CallPage:
        """The newest calls.

        Args:
            only: names they have (of `NAMES`).
            before: position of the next page (`CallPage.older`).
            count: how many at most.

        Raises:
            InvalidInput: `before` is none.
            UnifiedError: the usage store cannot be read.
        """
        wanted = {column: only[name] for name, column in NAMES.items() if only and name in only}
        requested = wanted.pop("tenant", None)
        tenant = requested if self._tenant is None else self._tenant
        at, id = cursor(before)
        # By one index backwards, over so many calls at the most; further names are looked at in those.
        by, rest = next(iter(wanted), None), [*wanted][1:]
        statement = f"SELECT {', '.join(SHOWN)} FROM usage_calls WHERE (at < ? OR (at = ? AND id < ?)) AND at <= ?"  # noqa: S608
        values: list[Any] = [at, at, id, at]
        if by is not None:
            statement += f" AND {by} = ?"
            values.append(wanted[by])
        if tenant is not None:
            statement += " AND tenant = ?"
            values.append(tenant)
        most = LOOKED_AT if rest else count + 1
        with self._database.reading() as session:
            rows = session.rows(f"{statement} ORDER BY at DESC, id DESC LIMIT ?", *values, most)
        locations = [(SHOWN.index(name), wanted[name]) for name in rest]
        fitting = [row for row in rows if all(row[location] == value for location, value in locations)]
        if not rest or len(fitting) > count or len(rows) < most:
            return _page(fitting, count)
        last = call_from_row(rows[-1])
        return CallPage(tuple(map(call_from_row, fitting)), cursor_of((last.at, last.id)), last.at)

    def look_up(self, id: str) -> Sequence[Call]:
        """The calls with an id: their own, the vendor's of a request, that of a trace, an approval or a saga. At most a hundred.

        Raises:
            UnifiedError: the usage store cannot be read.
        """
        if not id:
            return ()
        found: dict[str, Call] = {}
        with self._database.reading() as session:
            for column in ("id", *LOOKED_UP):
                for row in _with(session, column, id):
                    one = call_from_row(row)
                    found[one.id] = one
        mine = (one for one in found.values() if self._tenant is None or one.tenant == self._tenant)
        return sorted(mine, key=lambda one: -one.at)[:100]

    def story(self, id: str) -> CallDetails:
        """All that was recorded of a call.

        Raises:
            NotFound: there is none of this id, or it was deleted.
            UnifiedError: the usage store cannot be read.
        """
        with self._database.reading() as session:
            rows = session.rows(f"SELECT {', '.join(SHOWN)}, story FROM usage_calls WHERE id = ?", id)  # noqa: S608
        if not rows or (self._tenant is not None and call_from_row(rows[0]).tenant != self._tenant):
            raise NotFound("there is no such call, or it was deleted")
        return CallDetails(call_from_row(rows[0]), json.loads(text(rows[0][-1])))


def _with(session: Session, column: str, id: str) -> Sequence[Row]:
    # As the index has it, which holds those that have one.
    also = "" if column == "id" else f" AND {column} <> ''"
    statement = f"SELECT {', '.join(SHOWN)} FROM usage_calls WHERE {column} = ?{also} ORDER BY at DESC LIMIT 100"  # noqa: S608
    return session.rows(statement, id)


def _page(rows: Sequence[Row], count: int) -> CallPage:
    calls = tuple(call_from_row(row) for row in rows[:count])
    return CallPage(calls, cursor_of((calls[-1].at, calls[-1].id)) if len(rows) > count else None)


def call_from_row(row: Row) -> Call:
    """The call of a row of `SHOWN`."""
    data = dict(zip(SHOWN, row, strict=False))
    data["user"] = data.pop("person")
    return Call(**data)


def cursor_of(row: Sequence[Any]) -> str:
    """Return the position after a call, from its start time and id."""
    return f"{float(row[0])!r}~{row[1]}"


def cursor(before: str | None) -> tuple[float, str]:
    """Parse a position: calls before this time, or at it with an id before this one.

    Raises:
        InvalidInput: it is not a position that a page returned.
    """
    if before is None:
        return 1e12, ""
    at, mark, id = before.partition("~")
    try:
        return float(at), (id if mark else "")
    except ValueError:
        raise InvalidInput("before must be a position that the previous page returned") from None
