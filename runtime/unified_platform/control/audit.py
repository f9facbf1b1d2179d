"""The audit trail: append-only, each entry chained to the one before by its hash, so that a change in the past shows.

An entry's hash is SHA-256 over the hash before it, its number and its text, each on a line. A trail that was cut off at its end is sound
in itself: whoever keeps its last number and hash elsewhere (`head`) notices that as well.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from unified_platform.store.database import Database
from unified_platform.waking import Waker
from unified_runtime.errors import UnifiedError

if TYPE_CHECKING:
    import asyncio

log = logging.getLogger("unified.audit")

GENESIS = hashlib.sha256(b"unified audit 1").hexdigest()
"""What the first entry is chained to."""

_PAGE = 500
SLOW = 1.0
"""Seconds of one write from which on it is told of."""
_encode = msgspec.json.Encoder(order="sorted").encode


class AuditBroken(UnifiedError):
    """The trail is not as it was written. `seq` is the first entry that is wrong or missing."""

    def __init__(self, message: str, *, seq: int) -> None:
        super().__init__(message)
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a trail: its number, 0 for none, and its hash."""

    seq: int
    hash: str


class _Waiting:
    """Entries that wait to be written together, and what became of them."""

    __slots__ = ("done", "error", "texts", "told")

    def __init__(self, texts: Sequence[str], told: asyncio.Future[None] | None = None) -> None:
        self.texts = texts
        self.done = False
        self.error: UnifiedError | None = None
        self.told = told
        """Of who awaits it."""


class Audit:
    """The trail in a database. Threads and processes may append at the same time; each entry is on disk when `append` returns.

    Whoever writes first writes for all that wait: many calls at the same time share the disk's one slow step.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._writer = Waker(self._write_waiting, name="unified-audit")

    def append(self, entry: Mapping[str, Any]) -> None:
        """Add an entry of plain values.

        Raises:
            UnifiedError: it cannot be written.
        """
        self.extend((entry,))

    def extend(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Add entries, all of them or none.

        Raises:
            UnifiedError: they cannot be written.
        """
        mine = _Waiting([_text(entry) for entry in entries])
        with self._lock:
            self._waiting.append(mine)
        with self._writing:
            if not mine.done:
                self._write()
        if mine.error is not None:
            raise mine.error

    async def aextend(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """As `extend`. A thread of the trail's own writes for all that await it, and wakes their loop once."""
        import asyncio  # who awaits this has it already; the command line need not

        mine = _Waiting([_text(entry) for entry in entries], asyncio.get_running_loop().create_future())
        with self._lock:
            self._waiting.append(mine)
        self._writer.wake()
        assert mine.told is not None
        await mine.told
        if mine.error is not None:
            raise mine.error

    def _write_waiting(self) -> None:
        with self._writing:
            if self._waiting:
                self._write()

    def _write(self) -> None:
        start = time.monotonic()
        self._written()
        if (seconds := time.monotonic() - start) > SLOW:
            log.warning("the audit trail took %.1f s to be on disk, and calls waited for it", seconds)

    def _written(self) -> None:
        with self._lock:
            taken, self._waiting = self._waiting, []
        error: UnifiedError | None = None
        written = False
        try:
            self._append([text for one in taken for text in one.texts])
            written = True
        except UnifiedError as wrong:
            error = wrong
        finally:
            if not written and error is None:  # something else went wrong, and goes on its way
                error = UnifiedError("the audit trail could not be written")
            for one in taken:
                one.done, one.error = True, error
            _tell([one.told for one in taken if one.told is not None])

    def _append(self, texts: Sequence[str]) -> None:
        with self._database.writing("audit") as session:
            last = session.rows("SELECT seq, hash FROM control_audit ORDER BY seq DESC LIMIT 1")
            head = Head(int(last[0][0]), str(last[0][1])) if last else Head(0, GENESIS)
            for text in texts:
                seq = head.seq + 1
                head = Head(seq, chained(head.hash, seq, text))
                session.run("INSERT INTO control_audit (seq, entry, hash) VALUES (?, ?, ?)", seq, text, head.hash)

    def head(self) -> Head:
        """The last entry."""
        with self._database.reading() as session:
            last = session.rows("SELECT seq, hash FROM control_audit ORDER BY seq DESC LIMIT 1")
        return Head(int(last[0][0]), str(last[0][1])) if last else Head(0, GENESIS)

    def entries(self, *, after: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
        """Number and content of each entry, in order."""
        for seq, text, _ in self._rows(after):
            yield seq, json.loads(text)

    def last(self, count: int) -> list[tuple[int, dict[str, Any]]]:
        """The newest entries, in order."""
        return [*self.entries(after=max(0, self.head().seq - count))]

    def verify(self, expected: Head | None = None) -> Head:
        """Check the whole chain, and that it leads to an entry kept elsewhere.

        Raises:
            AuditBroken: an entry was changed, taken out or put in, or the trail ends before the entry that is expected.
        """
        found = Head(0, GENESIS)
        for seq, text, stored in self._rows(0):
            if seq != found.seq + 1:
                raise AuditBroken(f"entry {found.seq + 1} is missing", seq=found.seq + 1)
            if chained(found.hash, seq, text) != stored:
                raise AuditBroken(f"entry {seq} was changed, or one before it", seq=seq)
            found = Head(seq, stored)
            if expected is not None and expected.seq == seq and expected.hash != stored:
                raise AuditBroken(f"entry {seq} is not the one that was noted: the trail was written anew up to there", seq=seq)
        if expected is not None and expected.seq > found.seq:
            raise AuditBroken(f"the trail ends at entry {found.seq}, and entry {expected.seq} was noted", seq=found.seq + 1)
        return found

    def _rows(self, after: int) -> Iterator[tuple[int, str, str]]:
        while True:
            with self._database.reading() as session:
                rows = session.rows("SELECT seq, entry, hash FROM control_audit WHERE seq > ? ORDER BY seq LIMIT ?", after, _PAGE)
            for seq, text, stored in rows:
                yield int(seq), str(text), str(stored)
            if len(rows) < _PAGE:
                return
            after = int(rows[-1][0])


def _tell(waiting: Sequence[asyncio.Future[None]]) -> None:
    """Wake who awaits: each loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for future in waiting:
        by_loop.setdefault(future.get_loop(), []).append(future)
    for loop, futures in by_loop.items():
        with suppress(RuntimeError):  # it was closed: nobody awaits it any more
            loop.call_soon_threadsafe(_done, futures)


def _done(futures: Sequence[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():  # a call that was given up
            future.set_result(None)


def _text(entry: Mapping[str, Any]) -> str:
    """One line of ASCII, whatever the values hold: nothing in them can look like another entry."""
    try:
        text = _encode(entry).decode("utf-8")
    except (TypeError, ValueError):  # such as a key that is no text, which the other takes
        text = ""
    if text and text.isascii():
        return text
    return json.dumps(entry, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def chained(before: str, seq: int, text: str) -> str:
    """The hash of an entry."""
    return hashlib.sha256(f"{before}\n{seq}\n{text}".encode("ascii")).hexdigest()
