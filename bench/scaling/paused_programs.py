"""Paused programs, each sealed with its journal."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from bench.scaling import postgres
from bench.scaling.figures import EXPIRING, Figure, expires, spread, timed
from unified_platform.programs.journal import Entry
from unified_platform.programs.runner import ProgramRunner
from unified_platform.programs.store import Contained, Owner, open_program_store
from unified_platform.vault import envelope
from unified_runtime import Client, using

CODE = "import time\nstarted = time.time()\n[started, sum([1, 2, 3])]"
"""Program whose first value is in its journal: it is resumed with that one."""
STARTED = 1_765_000_000.5
_OWNER = Owner("default", None, None, None)
_HASH = hashlib.sha256(CODE.encode()).hexdigest()
_EVERY = 1000
"""Of so many programs, one waits for a rate limit that allows it again; the others wait for an approval."""
_COLUMNS = (
    *("id", "tenant", "user_name", "team", "agent", "program_key", "hash", "status", "approval", "line", "resume_at"),
    *("created_at", "changed_at", "expires_at", "token", "leased_until", "sealed"),
)


def _id(number: int) -> str:
    return hashlib.md5(f"program {number}".encode(), usedforsecurity=False).hexdigest()[:16]


class PausedPrograms:
    """Store of programs that wait for approvals and rate limits."""

    tables = ("programs", "program_calls")

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self.store = open_program_store(url, key=key)
        self._runner = ProgramRunner((), store=self.store)
        self._new = 0

    def load(self, first: int, last: int) -> None:
        numbers = range(first, last + 1)
        postgres.copy(self._url, "programs", _COLUMNS, map(self._row, numbers))
        postgres.copy(self._url, "program_calls", ("program", "number", "sealed"), self._calls(numbers))
        postgres.analyze(self._url, self.tables)

    def _row(self, number: int) -> tuple[Any, ...]:
        id, now = _id(number), time.time()
        bound = ("default", "", "", "", _key(number), _HASH)
        sealed = self.store._seal(Contained(CODE, owner=bound, reason="approval", message="it needs an approval"), id)
        approval, resume_at = ("", now - 60) if number % _EVERY == 0 else (_id(-number), 0.0)
        return (id, *bound, "paused", approval, 2, resume_at, now, now - number % 86400, now + 30 * 86400, id, 0.0, sealed)

    def _calls(self, numbers: Iterable[int]) -> Iterator[tuple[str, int, bytes]]:
        encoded = msgspec.json.encode(Entry("time.time", "", STARTED))
        key = self.store._sealing_key()
        for number in numbers:
            id = _id(number)
            yield id, 1, envelope.seal(key, encoded, envelope.associated("program", id, 1))

    def check(self, number: int) -> None:
        with using(Client()):
            outcome = self._runner.resume(_id(number))
        assert (outcome.state, outcome.value) == ("completed", [STARTED, 6]), outcome

    def figures(self, rows: int) -> Iterable[Figure]:
        numbers = [number for number in spread(rows, 241) if not expires(number)]
        resumed = dict.fromkeys(number for number in spread(rows - 1, 41) if number % _EVERY and not expires(number))
        yield timed("resume and finish a program", self.check, resumed)
        yield timed("read a program by its id", lambda number: self.store.get(_id(number)), numbers)
        yield timed("find a program by its key", lambda number: self.store.find(_OWNER, _key(number)), numbers)
        yield timed("start a program", self._begin, range(51))
        yield timed("ids of programs that are due", lambda _: self._due(rows), range(6))
        yield timed("1,000 programs that wait for an approval", lambda _: self.store.waiting(), range(6))
        yield timed("program of an approval", lambda number: self.store.waiting_for([_id(-number)]), range(1, 12))
        yield timed("newest 100 programs", lambda _: self.store.list("paused"), range(6))
        expired = f"SELECT 'key-' || n FROM generate_series(1, {rows}, {EXPIRING}) AS n"
        postgres.run(self._url, f"UPDATE programs SET expires_at = 0 WHERE program_key IN ({expired})")
        postgres.analyze(self._url, self.tables)
        yield timed("start a program, which deletes expired ones (a tenth)", self._begin, range(11))

    def _begin(self, _: int) -> None:
        self._new += 1
        id = hashlib.md5(f"new {self._new} {time.time()}".encode(), usedforsecurity=False).hexdigest()[:16]
        assert self.store.begin(id, _OWNER, id, _HASH, Contained(CODE), retain=60) is not None

    def _due(self, rows: int) -> None:
        assert len(self.store.due()) == min(100, rows // _EVERY)

    def close(self) -> None:
        self.store.close()


def _key(number: int) -> str:
    return f"key-{number}"
