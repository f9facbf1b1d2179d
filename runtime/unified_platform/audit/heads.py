"""Records of an audit log's last entry, outside the database that holds the log.

A log that was cut off, deleted, or replaced by an older copy leads to no such entry any more. The record is made by a thread, so that no
call waits for it: at once after the first entry, then at most every `EVERY` seconds, and when the log is closed. An attacker who stops
the process by force can therefore remove what was written in the last `EVERY` seconds without trace; nothing older.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import os
import re
import sys
import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from unified_platform.common.background_worker import BackgroundWorker
from unified_platform.store.database import Database, migrate
from unified_platform.store.errors import Contents
from unified_platform.store.urls import database, path_of
from unified_runtime.core.errors import InvalidInput, Unavailable, UnifiedError
from unified_runtime.core.user_folders import data_home

log = logging.getLogger("unified.audit")

VARIABLE = "UNIFIED_AUDIT_HEADS"
EVERY = 5.0
"""Seconds between two records, while entries are written."""
MARK = "audit_head"
CONTENTS = Contents("the heads of audit logs")
MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE audit_heads (log TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, recorded_at REAL NOT NULL)",
        "CREATE INDEX audit_heads_log ON audit_heads (log, seq)",
    ),
)
_HEAD = re.compile(rf"{MARK}\W+(\d{{1,18}}):([0-9a-f]{{64}})\b")


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a log: its number, 0 for none, and its hash."""

    seq: int
    hash: str


class Heads(Protocol):
    """Location where heads of one log are recorded."""

    @property
    def location(self) -> str:
        """Name of the location, for people."""
        ...

    def record(self, head: Head) -> None:
        """Record a head durably.

        Raises:
            UnifiedError: it cannot be recorded.
        """
        ...

    def read(self) -> Iterator[Head]:
        """Yield the heads that were recorded; none if the location is write-only.

        Raises:
            UnifiedError: they cannot be read.
        """
        ...


class FileHeads:
    """Heads in a file, one JSON object a line. Several processes may append."""

    def __init__(self, path: Path, log: str) -> None:
        self._path = path
        self._log = log
        self.location = str(path)

    def record(self, head: Head) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._path, flags, 0o600)
            try:
                os.write(descriptor, (line(head, self._log) + "\n").encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise Unavailable(f"the head of the audit log cannot be written to {self._path}: {error.strerror}") from None

    def read(self) -> Iterator[Head]:
        try:
            with self._path.open(encoding="utf-8", errors="replace") as lines:
                for one in lines:
                    # A line that a crash cut off may have the next one behind it.
                    yield from (Head(int(match[1]), match[2]) for match in _HEAD.finditer(one))
        except FileNotFoundError:
            return
        except OSError as error:
            raise Unavailable(f"the heads of the audit log in {self._path} cannot be read: {error.strerror}") from None


class LineHeads:
    """Heads as JSON lines on standard output, for a log collector. They cannot be read back here."""

    location = "stdout"

    def __init__(self, log: str) -> None:
        self._log = log

    def record(self, head: Head) -> None:
        try:
            sys.stdout.write(line(head, self._log) + "\n")
            sys.stdout.flush()
        except (OSError, ValueError) as error:  # a closed stream is a ValueError
            raise Unavailable(f"the head of the audit log cannot be written to standard output: {error}") from None

    def read(self) -> Iterator[Head]:
        return iter(())


class StoredHeads:
    """Heads in a second database, which may hold those of several logs."""

    def __init__(self, database: Database, log: str) -> None:
        migrate(database, MIGRATIONS, name="audit-heads")
        self._database = database
        self._log = log
        self.location = database.location

    def record(self, head: Head) -> None:
        with self._database.writing("audit-heads") as session:
            session.run("INSERT INTO audit_heads (log, seq, hash, recorded_at) VALUES (?, ?, ?, NOW())", self._log, head.seq, head.hash)

    def read(self) -> Iterator[Head]:
        with self._database.reading() as session:
            rows = session.rows("SELECT DISTINCT seq, hash FROM audit_heads WHERE log = ?", self._log)
        return (Head(int(seq), str(hash)) for seq, hash in rows)


def line(head: Head, log: str) -> str:
    """A head as one line of JSON."""
    return json.dumps({MARK: f"{head.seq}:{head.hash}", "log": log, "time": datetime.now(UTC).isoformat(timespec="seconds")})


def default_path(log: str, environ: Mapping[str, str] = os.environ) -> Path:
    """The file of a log's heads if no setting names one: one for each database, in the user's data folder."""
    return data_home(environ) / "unified" / "audit-heads" / f"{hashlib.sha256(log.encode()).hexdigest()[:16]}.jsonl"


def open_heads(setting: str | None, log: str, environ: Mapping[str, str] = os.environ) -> Heads | None:
    """Return the location that a setting names: a file, `postgresql://…` or `sqlite://…`, `stdout`, or `none`.

    Args:
        setting: by default `UNIFIED_AUDIT_HEADS`, else the file of `default_path`.
        log: the location of the log's database.

    Raises:
        InvalidInput: it names none of these, or the log's own database.
        UnifiedError: the second database cannot be opened.
    """
    data = setting or environ.get(VARIABLE) or str(default_path(log, environ))
    if data == "none":
        return None
    if data == "stdout":
        return LineHeads(log)
    scheme = data.partition("://")[0] if "://" in data else ""
    if scheme in {"sqlite", "postgresql", "postgres"}:
        second = database(data, CONTENTS)
        if second.location == log:
            raise InvalidInput(f"audit heads must be recorded outside the log: {data} is the database of the log itself")
        return StoredHeads(second, log)
    if scheme:
        raise InvalidInput(f"audit heads are recorded in a file, postgresql://…, sqlite://…, stdout or none; not {scheme}://…")
    if path_of(data).resolve() == Path(log).resolve():
        raise InvalidInput(f"audit heads must be recorded outside the log: {data} is the database of the log itself")
    return FileHeads(path_of(data), log)


class HeadRecorder:
    """Records heads in a thread of its own, at most every `every` seconds."""

    def __init__(self, heads: Heads, *, every: float = EVERY) -> None:
        self._heads = heads
        self._every = every
        self._wanted: Head | None = None
        self._at = -every
        self._failing = False
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._waker = BackgroundWorker(self._recorded, name="unified-audit-heads")
        _RECORDERS.add(self)

    def wrote(self, head: Head) -> None:
        """Take the last entry that was written. Returns at once."""
        self._wanted = head
        self._waker.wake()

    def record(self, head: Head) -> None:
        """Record a head now; what goes wrong is logged."""
        with self._lock:
            try:
                self._heads.record(head)
            except UnifiedError as error:
                if not self._failing:
                    log.error("%s", error)
                self._failing = True
            else:
                self._failing = False

    def close(self) -> None:
        """Record the last entry, if it was not."""
        self._closing.set()
        if (head := self._wanted) is not None:
            self._wanted = None
            self.record(head)

    def _recorded(self) -> None:
        self._closing.wait(self._at + self._every - time.monotonic())
        head, self._wanted = self._wanted, None
        self._at = time.monotonic()
        if head is not None:
            self.record(head)


_RECORDERS: weakref.WeakSet[HeadRecorder] = weakref.WeakSet()


def _at_exit() -> None:
    for one in list(_RECORDERS):
        one.close()


atexit.register(_at_exit)
