"""Calls of the usage store: copies of calls that it wrote, with their rollups."""

from __future__ import annotations

import time
from collections.abc import Iterable

from bench.scaling import postgres
from bench.scaling.figures import Figure, timed
from unified_platform.usage.call_search import CallSearch
from unified_platform.usage.calls import CallLog
from unified_platform.usage.entries import DAY, Entry
from unified_platform.usage.schema import CALLS, SUMS
from unified_platform.usage.store import open_usage_store
from unified_platform.usage.totals import Totals, UsageFilter

_TEMPLATES, _DAYS, _AGENTS, _USERS = 1000, 40, 20, 200
_TOOLS = ("tasks.get", "tasks.list", "tasks.create", "comments.create", "messages.send", "files.upload")
_STORY = '{"attempts":[{"method":"GET","host":"acme.atlassian.net","endpoint":"/rest/api/3/issue/{id}","status":200}]}' + " " * 400


def _entry(number: int, at: float) -> Entry:
    failed = number % 30 == 0
    return Entry(
        id=f"template-{number:032}",
        at=at,
        seconds=0.02 + number % 97 / 100,
        agent=f"agent-{number % _AGENTS}",
        person=f"user-{number * 7 % _USERS}",
        behalf="",
        tool=_TOOLS[number * 11 % len(_TOOLS)],
        vendor=("jira", "slack", "asana")[number * 13 % 3],
        outcome="rate_limited" if failed else "ok",
        requests=1,
        sent=200,
        received=2000,
        tokens=500,
        cost=0,
        story=_STORY,
        error="the project is archived" if failed else "",
    )


_ROLLUPS = {
    "usage_days": ("floor(at / 86400)", "agent", "person", "tool", "vendor"),
    "usage_crossed": ("floor(at / 86400)", "agent", "tool", "vendor"),
    "usage_hours": ("floor(at / 3600)", "vendor", "outcome"),
}
_CUTS = {"agent": ("agent", "''"), "user": ("person", "''"), "tool": ("tool", "vendor")}


class UsageRows:
    """Usage store with calls over a period of 40 × 24 hours. A thousand calls are written by the store; the others copy their rows."""

    tables = ("usage_calls", "usage_days", "usage_totals", "usage_latency", "usage_crossed", "usage_crossed_latency", "usage_words")

    def __init__(self, url: str) -> None:
        self._url = url
        self._now = time.time()
        self.store = open_usage_store(url)
        self._written = 0

    def load(self, first: int, last: int) -> None:
        if first == 1:
            self.store.write([_entry(number, self._now - 60) for number in range(_TEMPLATES)])
        copied = ", ".join(name for name in CALLS if name not in ("id", "at"))
        back = f"{self._now} - n::bigint * 7919 % {_DAYS * DAY}"
        postgres.run(
            self._url,
            f"INSERT INTO usage_calls (id, at, {copied}) SELECT md5('call ' || n), {back}, {copied} "
            f"FROM generate_series({first}, {last}) AS n JOIN usage_calls ON id = 'template-' || lpad((n % {_TEMPLATES})::text, 32, '0')",
            f"INSERT INTO usage_words (word, at, call) SELECT word, {back}, md5('call ' || n) FROM generate_series({first}, {last}) AS n "
            f"JOIN usage_words ON call = 'template-' || lpad((n % {_TEMPLATES})::text, 32, '0')",
            *self._rolled_up(),
        )
        postgres.analyze(self._url, self.tables)

    def _rolled_up(self) -> Iterable[str]:
        """Return statements that make the rollups of all calls, as the store adds them up."""
        sums = ", ".join(
            "count(*)" if name == "calls" else "sum((outcome <> 'ok')::int)" if name == "errors" else f"sum({name})" for name in SUMS
        )
        named = ", ".join(SUMS)
        for table, keys in _ROLLUPS.items():
            columns = ", ".join(("hour" if "3600" in keys[0] else "day", *keys[1:], "tenant"))
            grouped = ", ".join((*keys, "tenant"))
            yield f"DELETE FROM {table}"
            yield f"INSERT INTO {table} ({columns}, {named}) SELECT {grouped}, {sums} FROM usage_calls GROUP BY {grouped}"
        yield "DELETE FROM usage_totals"
        yield "DELETE FROM usage_latency"
        for cut, (name, vendor) in _CUTS.items():
            keys = f"floor(at / {DAY}), {name}, {'' if vendor == chr(39) * 2 else 'vendor, '}tenant"
            shown = f"'{cut}', floor(at / {DAY}), {name}, {vendor}, tenant"
            yield (
                f"INSERT INTO usage_totals (cut, day, name, vendor, tenant, {named}) SELECT {shown}, {sums} "
                f"FROM usage_calls GROUP BY {keys}"
            )
            yield (
                f"INSERT INTO usage_latency (cut, day, name, vendor, tenant, bucket, calls) SELECT {shown}, bucket, count(*) "
                f"FROM usage_calls GROUP BY {keys}, bucket"
            )
        crossed = f"floor(at / {DAY}), agent, tool, vendor, tenant, bucket"
        yield "DELETE FROM usage_crossed_latency"
        yield (
            f"INSERT INTO usage_crossed_latency (day, agent, tool, vendor, tenant, bucket, calls) SELECT {crossed}, count(*) "
            f"FROM usage_calls GROUP BY {crossed}"
        )

    def check(self, number: int) -> None:
        found = CallLog(self.store.database).look_up(self._id(number))
        assert [one.agent for one in found] == [f"agent-{number % _TEMPLATES % _AGENTS}"]

    def _id(self, number: int) -> str:
        import hashlib

        return hashlib.md5(f"call {number}".encode(), usedforsecurity=False).hexdigest()

    def figures(self, rows: int) -> Iterable[Figure]:
        totals, log, search = Totals(self.store.database), CallLog(self.store.database), CallSearch(self.store.database)
        month = UsageFilter(since=int(self._now // DAY) - 30)
        yield timed("write 200 calls and their sums", lambda _: self._write(200), range(21))
        yield timed("a month by tool", lambda _: totals.by(("tool",), month), range(11))
        yield timed("a month by agent and tool", lambda _: totals.by(("agent", "tool"), month), range(11))
        yield timed("a month by user", lambda _: totals.by(("user",), month), range(11))
        yield timed("a month by user and tool, quantiles from calls", lambda _: totals.by(("user", "tool"), month), range(2))
        yield timed("newest 50 calls of an agent", lambda number: log.newest({"agent": f"agent-{number % _AGENTS}"}), range(101))
        yield timed("look up an id", self.check, range(1, 202))
        yield timed("search for words of an error", lambda _: search.find("project archived"), range(11))
        yield timed("delete calls older than 36 days (a tenth)", lambda _: self._pruned(rows), [0])

    def _write(self, count: int) -> None:
        at = time.time()
        made = []
        for number in range(count):
            self._written += 1
            one = _entry(number, at)
            made.append(Entry(**{name: getattr(one, name) for name in Entry.__slots__} | {"id": f"new-{self._written}-{at}"}))
        self.store.write(made)

    def _pruned(self, rows: int) -> None:
        assert self.store.prune(calls_days=36) >= rows // 20

    def close(self) -> None:
        self.store.close()
