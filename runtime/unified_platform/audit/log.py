"""The audit log: append-only, each entry chained to the one before by its hash, so that a change in the past shows.

An entry's hash is HMAC-SHA-256 (RFC 2104) over the key's number, the hash before it, the entry's number and its text, each on a line.
The database holds the keys wrapped by the vault's root key (`chain_keys.py`), so that write access to the database does not
suffice to write the chain anew. A key applies from one entry on, which is bound to it; entries before the first key, and logs that no
broker keeps, are chained by plain SHA-256. The text has commitments in place of personal values (`disclosures.py`). The last number and
hash are recorded outside the database (`heads.py`), so that a log that was cut off, deleted or replaced by an older copy shows.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from unified_platform.audit import disclosures
from unified_platform.audit.heads import Head, HeadRecorder
from unified_platform.common.background_worker import BackgroundWorker
from unified_platform.store.database import Database, Session
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.owners import TENANT

if TYPE_CHECKING:
    import asyncio

log = logging.getLogger("unified.audit")

GENESIS = hashlib.sha256(b"unified audit 1").hexdigest()
"""Hash that the first entry is chained to."""

DELETED = "entries_deleted"
"""Kind of the entry that states which entries were deleted by age."""

_PAGE = 500
SLOW = 1.0
"""Seconds from which on a write is logged as slow."""
_encode = msgspec.json.Encoder(order="sorted").encode


class AuditBroken(UnifiedError):
    """The audit log is not as it was written. `seq` is the first entry that is wrong or missing."""

    def __init__(self, message: str, *, seq: int) -> None:
        super().__init__(message)
        self.seq = seq


@dataclass(frozen=True, slots=True)
class ChainKey:
    """A key of the chain. It applies to the entries after `seq`, of which the last before it has the hash `hash`."""

    number: int
    seq: int
    hash: str
    material: bytes = field(repr=False)


class ChainKeys(Protocol):
    """Opens the keys of a chain."""

    def open(self, session: Session, after: int) -> Sequence[ChainKey]:
        """Return the keys with numbers greater than `after`, in order.

        Raises:
            UnifiedError: one cannot be opened.
        """
        ...


@dataclass(frozen=True, slots=True)
class Verified:
    """Result of checking a log.

    Attributes:
        head: the last entry.
        unkeyed: entries from the first on that are chained without a key. Write access to the database suffices to rewrite those of them
            that no key and no recorded head covers.
        heads: recorded heads that the log was compared with.
        covered: the last entry that a recorded head covers.
        start: the last entry that was deleted by age; 0 for none.
    """

    head: Head
    unkeyed: int
    heads: int
    covered: int
    start: int = 0


class _Row(NamedTuple):
    """Entry as it is stored: its number, text and hash, and its personal values as JSON."""

    seq: int
    text: str
    hash: str
    held: str


_Text = tuple[str, disclosures.Disclosures]
"""Text of an entry, and its personal values."""


class _Waiting:
    """Entries that wait to be written together, and what became of them."""

    __slots__ = ("done", "error", "texts", "written")

    def __init__(self, texts: Sequence[_Text], written: asyncio.Future[None] | None = None) -> None:
        self.texts = texts
        self.done = False
        self.error: UnifiedError | None = None
        self.written = written
        """Of who awaits it."""


class StoredAuditLog:
    """The audit log in a database. Threads and processes may append at the same time; each entry is on disk when `append` returns.

    The first writer writes all waiting entries: concurrent calls share one slow step of the disk.

    Args:
        database: made by `open_store`.
        keys: opens the chain's keys; without it, a log whose chain is keyed can be neither written nor verified.
        heads: records the last entry outside the database.
        tenant: the tenant of every entry that names none.
    """

    def __init__(
        self, database: Database, keys: ChainKeys | None = None, heads: HeadRecorder | None = None, *, tenant: str | None = None
    ) -> None:
        self._database = database
        self._facts: Mapping[str, Any] = {} if tenant is None else {"tenant": tenant}
        self._keys = keys
        self._heads = heads
        self._key: ChainKey | None = None
        self._last = Head(0, GENESIS)
        self._waiting: list[_Waiting] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._writer = BackgroundWorker(self._write_waiting, name="unified-audit")

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
        mine = _Waiting([_text({**self._facts, **entry}) for entry in entries])
        with self._lock:
            self._waiting.append(mine)
        with self._writing:
            if not mine.done:
                self._write()
        if mine.error is not None:
            raise mine.error

    async def aextend(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """As `extend`. A thread of the audit log's own writes for all that await it, and wakes their loop once."""
        import asyncio  # who awaits this has it already; the command line need not

        mine = _Waiting([_text({**self._facts, **entry}) for entry in entries], asyncio.get_running_loop().create_future())
        with self._lock:
            self._waiting.append(mine)
        self._writer.wake()
        assert mine.written is not None
        await mine.written
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
            log.warning("the audit log took %.1f s to be on disk, and calls waited for it", seconds)

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
                error = UnifiedError("the audit log could not be written")
            for one in taken:
                one.done, one.error = True, error
            _notify([one.written for one in taken if one.written is not None])

    def _append(self, texts: Sequence[_Text], delete: int = 0) -> bool:
        """Append entries, and delete those up to a number. False, with no entry appended, if another process has deleted those."""
        with self._database.writing("audit") as session:
            if delete and _start(session).seq >= delete:
                return False
            head = before = head_of(session)
            key = self._current(session)
            for text, values in texts:
                seq = head.seq + 1
                head = Head(seq, chained(head.hash, seq, text, key))
                held = {digest: disclosures.mark(digest, seq, key) if value is None else value for digest, value in values.items()}
                session.run(
                    "INSERT INTO control_audit (seq, entry, hash, disclosed) VALUES (?, ?, ?, ?)", seq, text, head.hash, json.dumps(held)
                )
            if delete:
                session.run("DELETE FROM control_audit_start")
                session.run("INSERT INTO control_audit_start (seq, hash) SELECT seq, hash FROM control_audit WHERE seq = ?", delete)
                session.run("DELETE FROM control_audit WHERE seq <= ?", delete)
        if before.seq < self._last.seq or (before.seq == self._last.seq != 0 and before.hash != self._last.hash):
            # This process wrote more than the database holds. Its last entry is recorded, so that `verify` finds the missing ones.
            log.error("the audit log was cut off or replaced: it had entry %d, and ends at entry %d", self._last.seq, before.seq)
            if self._heads is not None:
                self._heads.record(self._last)
        self._last = head
        if self._heads is not None:
            self._heads.wrote(head)
        return True

    def _current(self, session: Session) -> ChainKey | None:
        """The newest key, which one process may have added while another writes."""
        number = int(session.rows("SELECT COALESCE(MAX(number), 0) FROM control_audit_keys")[0][0])
        if number and (self._key is None or self._key.number < number):
            self._key = self._opened(session, number - 1)[-1]
        return self._key

    def _opened(self, session: Session, after: int) -> Sequence[ChainKey]:
        if self._keys is None:
            raise UnifiedError(
                f"the audit log in {self._database.location} is keyed, and this process has no key for it: open it with the vault's key "
                "(UNIFIED_VAULT_KEY, or --vault-key)"
            )
        return self._keys.open(session, after)

    def close(self) -> None:
        """Record the last entry that was written, if heads are recorded."""
        if self._heads is not None:
            self._heads.close()

    def head(self) -> Head:
        """The last entry."""
        with self._database.reading() as session:
            return head_of(session)

    def entries(self, *, after: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
        """Number and content of each entry, in order."""
        for row in self._rows(after):
            yield row.seq, disclosures.reveal(json.loads(row.text), json.loads(row.held))

    def last(self, count: int) -> list[tuple[int, dict[str, Any]]]:
        """The newest entries, in order."""
        return [*self.entries(after=max(0, self.head().seq - count))]

    def verify(self, expected: Head | None = None) -> Head:
        """`verified` with one head, and the last entry as its result."""
        return self.verified(() if expected is None else (expected,)).head

    def verified(self, heads: Iterable[Head] = ()) -> Verified:
        """Check the complete chain, its keys, and that it leads through every head that was recorded.

        Raises:
            AuditBroken: an entry was changed, removed or inserted, the log ends before an entry that was recorded or that a key is bound
                to, or another entry replaced it.
            UnifiedError: the audit log cannot be read, or a key cannot be opened.
        """
        noted: dict[int, set[str]] = {}
        for head in heads:
            noted.setdefault(head.seq, set()).add(head.hash)
        noted.pop(0, None)
        with self._database.reading() as session:
            there = session.rows("SELECT COUNT(*) FROM control_audit_keys")[0][0]
            opened = self._opened(session, 0) if there else ()
            start = found = _start(session)
        keys = deque(opened)
        by_number = {one.number: one for one in opened}
        unkeyed = keys[0].seq if keys else None
        key: ChainKey | None = None
        while keys and keys[0].seq < start.seq:
            key = keys.popleft()
        # Heads of entries that were deleted by age can no longer be compared.
        noted = {seq: hashes for seq, hashes in noted.items() if seq >= start.seq}
        if noted.get(start.seq, {start.hash}) != {start.hash}:
            raise AuditBroken(f"entry {start.seq}, the last one that was deleted, is not the one that was noted", seq=start.seq)
        stated = start.seq == 0
        for seq, text, stored, held in self._rows(0):
            if seq != found.seq + 1:
                raise AuditBroken(f"entry {found.seq + 1} is missing", seq=found.seq + 1)
            key = _applies(keys, found) or key
            if not hmac.compare_digest(chained(found.hash, seq, text, key), stored):
                raise AuditBroken(f"entry {seq} was changed, or one before it", seq=seq)
            entry = _decoded(text)
            if (wrong := disclosures.problem(entry, _decoded(held), seq, by_number, inf if unkeyed is None else unkeyed)) is not None:
                raise AuditBroken(f"the personal values of entry {seq} are not as they were written: {wrong}", seq=seq)
            stated = stated or (entry.get("kind"), entry.get("deleted"), entry.get("hash")) == (DELETED, start.seq, start.hash)
            found = Head(seq, stored)
            if noted.get(seq, {stored}) != {stored}:
                raise AuditBroken(f"entry {seq} is not the one that was noted: the log was rewritten up to there", seq=seq)
        if not stated:
            raise AuditBroken(f"entries 1 to {start.seq} are missing, and no entry states that they were deleted", seq=1)
        _applies(keys, found)
        last = max((*noted, *(one.seq for one in keys)), default=0)
        if last > found.seq:
            raise AuditBroken(f"the log ends at entry {found.seq}, and entry {last} was noted", seq=found.seq + 1)
        unkeyed = found.seq if unkeyed is None else unkeyed
        return Verified(found, max(0, unkeyed - start.seq), sum(map(len, noted.values())), max(noted, default=0), start.seq)

    # ------------------------------------------------------------------------------------------------ erasure and retention
    def accounts(self, user: str, *, tenant: str = TENANT) -> set[tuple[str, str]]:
        """Return vendor and account of calls with a user's connections."""
        found = set()
        for row in self._about(user, tenant):
            entry = json.loads(row.text)
            account, vendor = disclosures.account_of(entry, json.loads(row.held), user), entry.get("vendor")
            if account is not None and isinstance(vendor, str):
                found.add((vendor, account))
        return found

    def erase(self, user: str, *, tenant: str = TENANT, dry_run: bool = False) -> int:
        """Erase the personal values of a user. The chain and its entries stay. Return the number of entries.

        Raises:
            UnifiedError: the database cannot be used, or a key cannot be opened.
        """
        changed = 0
        for row in self._about(user, tenant):
            held = json.loads(row.held)
            digests = disclosures.erased(json.loads(row.text), held, user)
            changed += bool(digests)
            if digests and not dry_run:
                with self._database.writing("audit") as session:
                    key = self._current(session)
                    left = held | {digest: disclosures.mark(digest, row.seq, key) for digest in digests}
                    session.run(
                        "UPDATE control_audit SET disclosed = ? WHERE seq = ? AND disclosed = ?", json.dumps(left), row.seq, row.held
                    )
        return changed

    def _about(self, user: str, tenant: str) -> Iterator[_Row]:
        """Yield the rows of a tenant that have a user's name among their values."""
        text = json.dumps(user)
        for row in self._rows(0):
            if text in row.held and json.loads(row.text).get("tenant", TENANT) == tenant:
                yield row

    def append_erased(self, entry: Mapping[str, Any], user: str) -> None:
        """Add an entry without storing the name of a user: it has only the commitment to it.

        Raises:
            UnifiedError: it cannot be written.
        """
        text, held = _text({**self._facts, **entry})
        with self._writing:
            self._append([(text, {digest: None if value[1] == user else value for digest, value in held.items()})])

    def prune(self, before: datetime) -> int:
        """Delete the oldest entries, up to the first one that is not older than a time. Return their number.

        An entry states what was deleted. The rest of the log is verified from there on. Heads that were recorded earlier can no longer be
        compared.

        Raises:
            UnifiedError: the log cannot be written.
        """
        with self._database.reading() as session:
            start = _start(session)
        last: _Row | None = None
        for row in self._rows(0):
            at = _decoded(row.text).get("time")
            if at is not None and datetime.fromisoformat(at) >= before:
                break
            last = row
        if last is None:
            return 0
        entry = {"time": datetime.now(UTC).isoformat(), "kind": DELETED, "deleted": last.seq, "hash": last.hash}
        with self._writing:
            deleted = self._append([_text({**self._facts, **entry})], delete=last.seq)
        return last.seq - start.seq if deleted else 0

    def _rows(self, after: int) -> Iterator[_Row]:
        while True:
            with self._database.reading() as session:
                rows = session.rows(
                    "SELECT seq, entry, hash, disclosed FROM control_audit WHERE seq > ? ORDER BY seq LIMIT ?", after, _PAGE
                )
            for seq, text, stored, held in rows:
                yield _Row(int(seq), str(text), str(stored), str(held))
            if len(rows) < _PAGE:
                return
            after = int(rows[-1][0])


def _notify(waiting: Sequence[asyncio.Future[None]]) -> None:
    """Wake who awaits: each loop once."""
    by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for future in waiting:
        by_loop.setdefault(future.get_loop(), []).append(future)
    for loop, futures in by_loop.items():
        with suppress(RuntimeError):  # it was closed: no one awaits it any more
            loop.call_soon_threadsafe(_done, futures)


def _done(futures: Sequence[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():  # a call that was given up
            future.set_result(None)


def _text(entry: Mapping[str, Any]) -> _Text:
    """Return the text of an entry with commitments to its personal values, and the values."""
    committed, held = disclosures.commit(entry)
    return _line(committed), held


def _decoded(text: str) -> Any:
    """Return the object of a text; empty if it is something else, as in an altered log."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _start(session: Session) -> Head:
    """The last entry that was deleted by age."""
    rows = session.rows("SELECT seq, hash FROM control_audit_start")
    return Head(int(rows[0][0]), str(rows[0][1])) if rows else Head(0, GENESIS)


def _line(entry: Mapping[str, Any]) -> str:
    """Return an entry as one line of ASCII, so that no value in it can look like another entry."""
    try:
        text = _encode(entry).decode("utf-8")
    except (TypeError, ValueError):  # such as a key that is not a string, which the other encoder accepts
        text = ""
    if text and text.isascii():
        return text
    return json.dumps(entry, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def head_of(session: Session) -> Head:
    """The last entry, in a transaction."""
    last = session.rows("SELECT seq, hash FROM control_audit ORDER BY seq DESC LIMIT 1")
    return Head(int(last[0][0]), str(last[0][1])) if last else _start(session)


def _applies(keys: deque[ChainKey], found: Head) -> ChainKey | None:
    """The key that applies after an entry, if another one does from there on; it is taken out of `keys`.

    Raises:
        AuditBroken: the key is bound to another entry.
    """
    key: ChainKey | None = None
    while keys and keys[0].seq == found.seq:
        key = keys.popleft()
        if key.hash != found.hash:
            raise AuditBroken(f"entry {found.seq} is not the one after which key {key.number} applies", seq=found.seq)
    return key


def chained(before: str, seq: int, text: str, key: ChainKey | None = None) -> str:
    """The hash of an entry."""
    if key is None:
        return hashlib.sha256(f"{before}\n{seq}\n{text}".encode("ascii")).hexdigest()
    return hmac.digest(key.material, f"{key.number}\n{before}\n{seq}\n{text}".encode("ascii"), "sha256").hex()
