"""Database in one SQLite file: with a write-ahead log, readable by its owner only."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from unified_platform.store import boot_clock
from unified_platform.store.database import HEAD, Row
from unified_platform.store.errors import Contents, StoreError
from unified_runtime.idempotency.store import waits

NOW = "((julianday('now') - 2440587.5) * 86400.0)"
_BUSY = 30.0
"""Maximum seconds to wait for other writers."""
_TRY = 0.02
"""Seconds of one wait of SQLite for its write lock. SQLite checks ever less often, in the end ten times a second, and may find the lock
held for seconds if others write without a pause. A new wait checks every few milliseconds."""
_SHORTEST = 512
"""Bytes of the smallest page, and so of the smallest database."""
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class _Session:
    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, statement: str, *values: object) -> Sequence[Row]:
        rows: list[Row] = self._connection.execute(_translated(statement), values).fetchall()
        return rows

    def run(self, statement: str, *values: object) -> int:
        return self._connection.execute(_translated(statement), values).rowcount

    def has(self, table: str) -> bool:
        return bool(self.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", table))


class SQLite:
    """Database file. It is created, with mode 0600 in a folder of mode 0700, unless it must `exist`."""

    def __init__(self, path: Path, contents: Contents, *, exist: bool = False) -> None:
        self.path = path
        self.contents = contents
        self._idle: deque[sqlite3.Connection] = deque()
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._log_pages: int | None = None
        if not path.exists():
            if exist:
                raise contents.unavailable(f"{contents.name} is not in {path}: there is no such file")
            _make(path, contents)

    @property
    def location(self) -> str:
        return str(self.path)

    @contextmanager
    def reading(self) -> Iterator[_Session]:
        with self._transaction(_begin_reading) as session:
            yield session

    @contextmanager
    def writing(self, lock: str, *, durable: bool = True) -> Iterator[_Session]:
        # SQLite has one writer at a time, for any lock.
        with self._transaction(_begin_writing, durable=durable) as session:
            yield session

    @contextmanager
    def _transaction(self, begin: Callable[[sqlite3.Connection], None], *, durable: bool = True) -> Iterator[_Session]:
        connection = self._borrowed()
        broken: StoreError | None = None
        try:
            if not durable:
                connection.execute("PRAGMA synchronous = NORMAL")
            begin(connection)
            yield _Session(connection)
            connection.execute("COMMIT")
        except (sqlite3.Error, UnicodeDecodeError) as error:
            broken = _store_error(error, self.path, self.contents)
        finally:
            # After any error, roll back. If that is done already, or cannot be, the file is as before.
            if connection.in_transaction:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            if broken is None and not connection.in_transaction:
                if not durable:
                    connection.execute("PRAGMA synchronous = FULL")
                self._idle.append(connection)
            else:
                connection.close()
        # Raised here: the database's own exception has frames with the values of the statement.
        if broken is not None:
            raise broken from None

    def backup(self, target: Path) -> None:
        """Copy the file while others read and write it."""
        broken: StoreError | None = None
        try:
            with _closing(self._open()) as source, _closing(sqlite3.connect(target, isolation_level=None)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            broken = _store_error(error, target, self.contents)
        if broken is not None:
            raise broken from None

    def carried_elsewhere(self, pages: int) -> None:
        """Let no commit copy the write-ahead log into the file before it has this many pages: call `checkpoint` instead."""
        self._log_pages = pages
        self.close()

    def checkpoint(self) -> tuple[int, int]:
        """Copy the write-ahead log into the file, as far as possible without blocking others. Return the log's pages, and those copied.

        Raises:
            StoreError: it failed.
        """
        connection = self._borrowed()
        broken: StoreError | None = None
        pages = done = 0
        try:
            _, pages, done = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            self._idle.append(connection)
        except sqlite3.Error as error:
            connection.close()
            broken = _store_error(error, self.path, self.contents)
        if broken is not None:
            raise broken from None
        return pages, done

    def check(self) -> list[str]:
        """Return the problems of the file, by SQLite's own check; an empty list if there are none."""
        with self.reading() as session:
            return [str(row[0]) for row in session.rows("PRAGMA integrity_check(20)") if row[0] != "ok"]

    def close(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.popleft().close()

    def _borrowed(self) -> sqlite3.Connection:
        if self._process != os.getpid():
            # SQLite's connections must not be used after a fork: the child opens its own, and does not touch its parent's.
            with self._lock:
                if self._process != os.getpid():
                    _OF_PARENT.append(self._idle)
                    self._idle = deque()
                    self._process = os.getpid()
        try:
            return self._idle.pop()
        except IndexError:
            return self._open()

    def _open(self) -> sqlite3.Connection:
        broken: StoreError | None = None
        try:
            if self.path.stat().st_size < _SHORTEST:
                # SQLite would treat it as a new database, and replace a lost one by an empty one.
                raise self.contents.damaged(f"{self.contents.name}'s file {self.path} is damaged: it was cut off. Restore it from a backup")
        except FileNotFoundError:
            pass  # reported below
        try:
            # mode=rw: a file that was removed is not created again, empty.
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY, isolation_level=None, check_same_thread=False
            )
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA cell_size_check = ON")
                connection.create_function("lease_now", 0, boot_clock.now)
                if self._log_pages is not None:
                    connection.execute(f"PRAGMA wal_autocheckpoint = {self._log_pages:d}")
            except BaseException:
                connection.close()
                raise
            return connection
        except (sqlite3.Error, UnicodeDecodeError) as error:
            broken = _store_error(error, self.path, self.contents)
        raise broken from None


_LEASED = re.compile(r"LEASED\((\w+(?:\.\w+)?)\)")


@lru_cache(maxsize=1024)
def _translated(statement: str) -> str:
    text = _LEASED.sub(rf"(\1 > lease_now() AND \1 < lease_now() + {boot_clock.LONGEST_LEASE})", statement)
    return text.replace("LEASE_NOW()", "lease_now()").replace("NOW()", NOW)


_OF_PARENT: list[Any] = []
"""Connections of a parent process. Closing them here would release its locks; collecting them would close them."""


def _begin_reading(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")


def _begin_writing(connection: sqlite3.Connection) -> None:
    until = time.monotonic() + waits(_BUSY)
    _patience(connection, _TRY)
    try:
        while not _begun(connection, until):
            pass
    finally:
        _patience(connection, _BUSY)


def _begun(connection: sqlite3.Connection, until: float) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
        return True
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
            raise
        return False


def _patience(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")


@contextmanager
def _closing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    finally:
        connection.close()


def _make(path: Path, contents: Contents) -> None:
    """Create a database file atomically: no process ever sees an incomplete one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    broken: StoreError | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Created with this mode, so that no one else can ever read it.
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with _closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(HEAD)
        with suppress(FileExistsError):  # another process was first
            os.link(draft, path)
    except sqlite3.Error as error:
        broken = _store_error(error, path, contents)
    except OSError as error:
        broken = contents.unavailable(f"{contents.name} in {path} cannot be made: {error.strerror}")
    finally:
        for left in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    if broken is not None:
        raise broken from None


def _store_error(error: Exception, path: Path, contents: Contents) -> StoreError:
    file = f"{contents.name}'s file {path}"
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    # SQLite may quote contents of a damaged file.
    text = "text that is none" if isinstance(error, UnicodeDecodeError) else "".join(one for one in str(error) if one.isprintable())
    if primary in _CORRUPT or isinstance(error, UnicodeDecodeError):
        return contents.damaged(f"{file} is damaged: {text}. Restore it from a backup; nothing was written to it")
    if primary == sqlite3.SQLITE_READONLY:
        return contents.unavailable(f"{file} can be read and not written; nothing was changed")
    if primary == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_WRITE:
        return contents.unavailable(f"the disk that holds {file} is full; nothing was changed")
    if primary == sqlite3.SQLITE_CANTOPEN:
        return contents.unavailable(f"{file} cannot be opened, or its folder cannot be written, which the write-ahead log needs")
    if primary == sqlite3.SQLITE_BUSY:
        return contents.unavailable(f"{file} was in use by others for {_BUSY:.0f} s; nothing was changed")
    return contents.unavailable(f"{file} cannot be used: {text}; nothing was changed")
