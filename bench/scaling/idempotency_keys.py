"""Rows of the idempotency store: copies of rows that it wrote, with keys of their own."""

from __future__ import annotations

from collections.abc import Iterable

from bench.scaling import postgres
from bench.scaling.figures import EXPIRING, Figure, expires, spread, timed
from unified_platform.idempotency.store import open_idempotency_store

RESULT = b"r" * 900
"""As long as the response of a created issue."""
_SCOPE, _DIGEST = "bench", "digest"
_EVERY = 1000
"""Of so many rows, one is unconfirmed."""


def _key(number: int) -> str:
    return f"key-{number}"


class IdempotencyKeys:
    """Store with completed writes and a few that are not confirmed."""

    tables = ("idempotency_calls",)

    def __init__(self, url: str) -> None:
        self._url = url
        self.store = open_idempotency_store(url)
        self._new = 0

    def load(self, first: int, last: int) -> None:
        if first == 1:  # the two rows that are copied
            self.store.completed(self._begun("done"), RESULT)
            self.store.unconfirmed(self._begun("open"), "POST /rest/api/3/issue")
        columns = "digest, status, detail, result, owner, leased_until, mark, sent_at, executed, known, made, operation"
        postgres.run(
            self._url,
            f"INSERT INTO idempotency_calls (id, token, key, changed_at, {columns}) "
            f"SELECT encode(sha256(convert_to('{_SCOPE}' || chr(10) || 'key-' || n, 'UTF8')), 'hex'), md5(n::text), 'key-' || n, "
            f"changed_at - n % 100000, {columns} FROM generate_series({first}, {last}) AS n "
            f"JOIN idempotency_calls ON key = CASE WHEN n % {_EVERY} = 0 THEN 'open' ELSE 'done' END",
        )
        postgres.analyze(self._url, self.tables)

    def _begun(self, key: str) -> str:
        begun = self.store.begin(_SCOPE, key, _DIGEST, lease=60, operation="tasks.create on jira")
        assert begun.state == "acquired"
        return begun.token

    def check(self, number: int) -> None:
        found = self.store.begin(_SCOPE, _key(number), _DIGEST, lease=60)
        if number % _EVERY:
            assert (found.state, found.result) == ("completed", RESULT)
        else:
            assert found.state == "unconfirmed"

    def figures(self, rows: int) -> Iterable[Figure]:
        yield timed(
            "find a completed write", self.check, [number for number in spread(rows, 601) if number % _EVERY and not expires(number)]
        )
        yield timed("begin and complete a new write", self._write, range(501))
        yield timed("list the unconfirmed writes", lambda _: self._listed(rows), range(11))
        yield timed("settle an unconfirmed write", self._settled, range(_EVERY, min(rows, 11 * _EVERY) + 1, _EVERY))
        expired = f"SELECT 'key-' || n FROM generate_series(1, {rows}, {EXPIRING}) AS n"
        postgres.run(self._url, f"UPDATE idempotency_calls SET changed_at = 0 WHERE key IN ({expired})")
        postgres.analyze(self._url, self.tables)
        yield timed("begin a write, which deletes 100 expired rows", self._write, range(min(rows // 1000, 101)))

    def _write(self, _: int) -> None:
        self._new += 1
        self.store.completed(self._begun(f"new-{self._new}-{id(self)}"), RESULT)

    def _listed(self, rows: int) -> None:
        assert len(self.store.unconfirmed_writes()) > rows // _EVERY * 9 // 10

    def _settled(self, number: int) -> None:
        self.store.resolve(_key(number), made="PROJ-1")

    def close(self) -> None:
        self.store.close()
