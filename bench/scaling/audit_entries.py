"""Entries of the audit log, chained as it chains them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from bench.scaling import postgres
from bench.scaling.figures import Figure, timed
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog, _text, chained

_ENTRY = {
    "time": "2026-12-03T05:00:00.000000+00:00",
    "kind": "call",
    "outcome": "done",
    "decision": "allow",
    "tenant": "default",
    "agent": "helper",
    "user": "alice",
    "operation": "tasks.get",
    "vendor": "jira",
    "connection": "default",
    "request": "GET https://acme.atlassian.net/rest/api/3/issue/PROJ-1",
    "status": 200,
}


class AuditEntries:
    """Audit log of one chain."""

    tables = ("control_audit",)

    def __init__(self, url: str) -> None:
        self._url = url
        self._database = open_store(url)
        self.log = StoredAuditLog(self._database)

    def load(self, first: int, last: int) -> None:
        postgres.copy(self._url, "control_audit", ("seq", "entry", "hash", "disclosed"), self._rows(last - first + 1))
        postgres.analyze(self._url, self.tables)

    def _rows(self, count: int) -> Iterator[tuple[int, str, str, str]]:
        """Return the next rows of the chain: numbers follow the last entry, which the measured appends moved."""
        head = self.log.head()
        digest, (text, values) = head.hash, _text(_ENTRY)
        disclosed = json.dumps(values)
        for seq in range(head.seq + 1, head.seq + count + 1):
            digest = chained(digest, seq, text)
            yield seq, text, digest, disclosed

    def check(self, number: int) -> None:
        seq, found = next(self.log.entries(after=number - 1))
        assert (seq, found) == (number, _ENTRY)

    def figures(self, rows: int) -> Iterable[Figure]:
        yield timed("append one entry, on disk", lambda _: self.log.append(_ENTRY), range(501))
        yield timed("show the last 50", lambda _: self.log.last(50), range(101))
        yield timed("verify the chain", lambda _: self._verified(rows), [0])

    def _verified(self, rows: int) -> None:
        assert self.log.verified().head.seq >= rows

    def close(self) -> None:
        self._database.close()
