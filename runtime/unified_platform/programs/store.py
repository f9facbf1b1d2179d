"""Store of programs in SQLite or Postgres: paused and durable programs with their journals, sealed, and who runs which.

A program is run by one process at a time: a lease decides, so that of two that resume it one wins. Source, journal and result are sealed
under the vault's root key (AES-256-GCM), each bound to its program and position, since they contain vendors' data.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from unified_platform.common.extras import require_extra
from unified_platform.common.retention import DAY, load_retention
from unified_platform.programs.journal import Entry
from unified_platform.store.database import Database, Session, blob, migrate, text
from unified_platform.store.errors import Contents, StoreDamaged
from unified_platform.store.urls import database
from unified_runtime.core import typed_json
from unified_runtime.core.errors import Conflict, InvalidInput, NotFound
from unified_runtime.core.owners import TENANT
from unified_runtime.core.user_folders import data_home

if TYPE_CHECKING:
    from unified_platform.vault.keys import Root

URL = "UNIFIED_PROGRAMS"
CONTENTS = Contents("the store of programs")
LEASE = 60.0
"""Seconds for which a process may be silent while it runs a program; then another may resume it."""
RETAIN = 30 * 86400.0
"""Seconds for which a program that has ended can be looked up."""

MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE programs (id TEXT PRIMARY KEY, tenant TEXT NOT NULL, user_name TEXT NOT NULL, team TEXT NOT NULL, "
        "agent TEXT NOT NULL, program_key TEXT NOT NULL, hash TEXT NOT NULL, status TEXT NOT NULL, approval TEXT NOT NULL, "
        "line INTEGER NOT NULL, resume_at REAL NOT NULL, created_at REAL NOT NULL, changed_at REAL NOT NULL, "
        "expires_at REAL NOT NULL, token TEXT NOT NULL, leased_until REAL NOT NULL, sealed BLOB NOT NULL)",
        "CREATE INDEX programs_key ON programs (tenant, user_name, agent, program_key)",
        "CREATE INDEX programs_status ON programs (status, changed_at)",
        "CREATE TABLE program_calls (program TEXT NOT NULL, number INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (program, number))",
        "CREATE TABLE program_seals (id TEXT PRIMARY KEY, sealed BLOB NOT NULL)",
    ),
    (
        "CREATE INDEX programs_expiry ON programs (expires_at)",
        "CREATE INDEX programs_resume ON programs (resume_at) WHERE status = 'paused' AND resume_at > 0",
        "CREATE INDEX programs_approval ON programs (approval) WHERE status = 'paused' AND approval <> ''",
    ),
)
"""By version, from 1. A released step is never changed; a new version is a new step."""

_EXPIRED_AT_ONCE = 20
"""Maximum expired programs that the start of one deletes, so that no start waits for all of them."""

Status = Literal["running", "paused", "completed", "failed", "canceled"]
_COLUMNS = (
    "id, tenant, user_name, team, agent, program_key, hash, status, approval, line, resume_at, created_at, changed_at, expires_at, sealed"
)

_EXPIRED = "NOT LEASED(leased_until) AND (expires_at < NOW() OR (status IN ('completed', 'failed', 'canceled') AND changed_at < NOW() - ?))"

_LAST = "g"
"""Character after every digit of an id, in any collation: ids with a beginning are from it to it with this one."""
_LOOKED_UP = 500
"""Approvals of one statement."""
_OF_KEY = "tenant = ? AND user_name = ? AND agent = ? AND program_key = ?"


class Contained(msgspec.Struct, frozen=True, omit_defaults=True):
    """Sealed part of a program.

    Attributes:
        code: its source.
        atomic: its writes are undone if it fails.
        functions: paths of the functions that it can reach.
        rights: text from which its rights when it is resumed are derived.
        owner: tenant, user, team, agent, key and hash of its row, which must be the same.
        reason: why it is paused.
        waits: number and entry of the call that waits, in the journal once it is denied.
        message: what it waits for, or how it ended.
        text, data: its result for a model.
    """

    code: str
    atomic: bool = False
    functions: tuple[str, ...] | None = None
    rights: str = ""
    owner: tuple[str, ...] = ()
    reason: str = ""
    waits: tuple[int, Entry] | None = None
    message: str = ""
    text: str = ""
    data: Any = None


@dataclass(frozen=True, slots=True)
class Program:
    """Stored program. Times are seconds since 1970; `line` and `approval` are those of the call that it waits for."""

    id: str
    tenant: str
    user: str | None
    team: str | None
    agent: str | None
    key: str | None
    hash: str
    status: Status
    approval: str
    line: int
    resume_at: float
    created_at: float
    changed_at: float
    expires_at: float
    content: Contained


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom a program runs: only the same agent for the same user finds it."""

    tenant: str
    user: str | None
    team: str | None
    agent: str | None


def default_url(environ: Mapping[str, str] = os.environ) -> str:
    """Return the URL of the store: `UNIFIED_PROGRAMS`, else a file in the user's data folder."""
    return environ.get(URL) or str(data_home(environ) / "unified" / "programs.db")


def open_program_store(url: str | Path | None = None, *, key: str | Root | None = None, retention: float | None = None) -> ProgramStore:
    """Open the store of programs, and create it if it does not exist.

    Args:
        url: a path or `sqlite:///path`, or `postgresql://…`; by default see `default_url`.
        key: root key that seals it, or its source such as `file:/path`; by default the vault's.
        retention: seconds for which a program that has ended can be looked up; by default that of the environment.

    Raises:
        InvalidInput: the URL, the source or a retention is not valid.
        UnifiedError: it cannot be opened.
    """
    require_extra("cryptography", "vault", "the store of programs")
    from unified_platform.vault.opening import default_key
    from unified_platform.vault.root_keys import root

    found = database(str(url) if url is not None else default_url(), CONTENTS, exist=False)
    migrate(found, MIGRATIONS, name="programs-schema")
    sealing = root(key or default_key()) if key is None or isinstance(key, str) else key
    return ProgramStore(found, sealing, retention=load_retention().programs * DAY if retention is None else retention)


def _key_values(owner: Owner, key: str) -> tuple[str, ...]:
    return owner.tenant, owner.user or "", owner.agent or "", key


class ProgramStore:
    """Programs in a database. See the module."""

    def __init__(self, database: Database, root: Root, *, retention: float = RETAIN) -> None:
        self._database = database
        self._retention = retention
        self._root = root
        self._key: Any = None
        self._lock = threading.Lock()

    # ------------------------------------------------------------------------------------------------ running
    def begin(
        self,
        id: str,
        owner: Owner,
        key: str | None,
        hashed: str,
        content: Contained,
        *,
        retain: float,
        entries: Iterable[tuple[int, Entry]] = (),
    ) -> str | None:
        """Store a new program that runs now, with the calls that it has made, and return the token of its lease.

        Returns None if there is a program of this key already that was not canceled.
        """
        token = secrets.token_hex(16)
        bound = (owner.tenant, owner.user or "", owner.team or "", owner.agent or "", key or "", hashed)
        sealed = self._seal(msgspec.structs.replace(content, owner=bound), id)
        with self._database.writing("programs") as session:
            self._delete_some_expired(session)
            of_key = f"SELECT 1 FROM programs WHERE {_OF_KEY} AND status <> 'canceled'"  # noqa: S608  constant texts
            if key is not None and session.rows(of_key, *_key_values(owner, key)):
                return None
            session.run(
                "INSERT INTO programs (id, tenant, user_name, team, agent, program_key, hash, status, approval, line, resume_at, "
                "created_at, changed_at, expires_at, token, leased_until, sealed) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 'running', '', 0, 0.0, NOW(), NOW(), NOW() + ?, ?, LEASE_NOW() + ?, ?)",
                id,
                owner.tenant,
                owner.user or "",
                owner.team or "",
                owner.agent or "",
                key or "",
                hashed,
                max(retain, self._retention),
                token,
                LEASE,
                sealed,
            )
            for number, entry in entries:
                self._insert(session, id, number, entry)
        return token

    def _delete_some_expired(self, session: Session) -> None:
        expired = session.rows(
            "SELECT id FROM programs WHERE expires_at < NOW() AND NOT LEASED(leased_until) ORDER BY expires_at LIMIT ?", _EXPIRED_AT_ONCE
        )
        for (id,) in expired:
            session.run("DELETE FROM program_calls WHERE program = ?", id)
            session.run("DELETE FROM programs WHERE id = ?", id)

    def find(self, owner: Owner, key: str) -> Program | None:
        """Return the program of a key, None if there is none."""
        with self._database.reading() as session:
            rows = session.rows(
                f"SELECT {_COLUMNS} FROM programs WHERE {_OF_KEY} ORDER BY created_at DESC LIMIT 1",  # noqa: S608  constant texts
                *_key_values(owner, key),
            )
        return self._program(rows[0]) if rows else None

    def due(self, tenant: str | None = None, *, limit: int = 100) -> list[str]:
        """Return the ids of programs that can go on: their rate limit allows it, or the process that ran them has died."""
        # Each part by an index: rate limits by the time of their end, and the few programs that run.
        of_tenant = "expires_at > NOW() AND (CAST(? AS TEXT) = '' OR tenant = ?)"
        limits = (
            f"SELECT id FROM programs WHERE status = 'paused' AND resume_at > 0 AND resume_at <= NOW() AND {of_tenant} ORDER BY resume_at"  # noqa: S608  constant texts
        )
        left = f"SELECT id FROM programs WHERE status = 'running' AND NOT LEASED(leased_until) AND {of_tenant} ORDER BY changed_at"  # noqa: S608
        with self._database.reading() as session:
            found = [row for part in (left, limits) for row in session.rows(f"{part} LIMIT ?", tenant or "", tenant or "", limit)]
        return [text(id) for (id,) in found[:limit]]

    def waiting(self, tenant: str | None = None, *, after: str = "", limit: int = 1000) -> dict[str, str]:
        """Return the ids of programs that wait for an approval, by the approval's id and in its order: those after an approval's id."""
        statement = (
            "SELECT approval, id FROM programs WHERE status = 'paused' AND approval <> '' AND approval > ? AND expires_at > NOW() "
            "AND (CAST(? AS TEXT) = '' OR tenant = ?) ORDER BY approval LIMIT ?"
        )
        with self._database.reading() as session:
            return {text(approval): text(id) for approval, id in session.rows(statement, after, tenant or "", tenant or "", limit)}

    def waiting_for(self, approvals: Sequence[str], tenant: str | None = None) -> list[str]:
        """Return the ids of the programs that wait for one of these approvals."""
        found: list[str] = []
        with self._database.reading() as session:
            for start in range(0, len(approvals), _LOOKED_UP):
                part = approvals[start : start + _LOOKED_UP]
                rows = session.rows(
                    f"SELECT id FROM programs WHERE approval IN ({', '.join('?' * len(part))}) AND approval <> '' "  # noqa: S608
                    "AND status = 'paused' AND expires_at > NOW() AND (CAST(? AS TEXT) = '' OR tenant = ?)",
                    *part,
                    tenant or "",
                    tenant or "",
                )
                found += [text(id) for (id,) in rows]
        return found

    def acquire(self, id: str) -> str:
        """Take a paused program, or one whose process died, and return the token of its lease.

        Raises:
            Conflict: it runs in another process, or has ended.
        """
        token = secrets.token_hex(16)
        with self._database.writing("programs") as session:
            changed = session.run(
                "UPDATE programs SET status = 'running', token = ?, leased_until = LEASE_NOW() + ?, changed_at = NOW() "
                "WHERE id = ? AND (status = 'paused' OR (status = 'running' AND NOT LEASED(leased_until)))",
                token,
                LEASE,
                id,
            )
        if not changed:
            found = self.get(id)
            state = "runs in another process" if found.status == "running" else f"is {found.status}"
            raise Conflict(f"program {id} {state}")
        return token

    def fail(self, id: str, message: str) -> None:
        """End a paused program that can never be resumed.

        Raises:
            Conflict: it runs in another process, or has ended.
        """
        token = self.acquire(id)
        content = self.get(id).content
        text = f"Program {id} was not resumed: {message}"
        self.end(id, token, "failed", msgspec.structs.replace(content, message=message, text=text, waits=None))

    def renew(self, id: str, token: str) -> bool:
        """Extend a lease. Returns False if it was lost."""
        with self._database.writing("programs", durable=False) as session:
            changed = "UPDATE programs SET leased_until = LEASE_NOW() + ? WHERE id = ? AND token = ? AND status = 'running'"
            return session.run(changed, LEASE, id, token) == 1

    def add(self, id: str, token: str, number: int, entry: Entry) -> None:
        """Store a call of a running program.

        Raises:
            Conflict: another process has taken the program.
        """
        with self._database.writing("programs") as session:
            changed = (
                "UPDATE programs SET leased_until = LEASE_NOW() + ?, changed_at = NOW() WHERE id = ? AND token = ? AND status = 'running'"
            )
            if not session.run(changed, LEASE, id, token):
                raise Conflict(f"program {id} was taken over by another process")
            self._insert(session, id, number, entry)

    def _insert(self, session: Session, id: str, number: int, entry: Entry) -> None:
        sealed = self._seal(entry, id, number)
        session.run("INSERT INTO program_calls (program, number, sealed) VALUES (?, ?, ?)", id, number, sealed)

    def entries(self, id: str) -> dict[int, Entry]:
        """Return the stored calls of a program by number.

        Raises:
            StoreDamaged: an entry was altered or moved.
        """
        with self._database.reading() as session:
            rows = session.rows("SELECT number, sealed FROM program_calls WHERE program = ? ORDER BY number", id)
        return {int(number): self._open(blob(sealed), Entry, id, int(number)) for number, sealed in rows}

    def end(
        self,
        id: str,
        token: str,
        status: Status,
        content: Contained,
        *,
        approval: str = "",
        line: int = 0,
        resume_at: float = 0.0,
        retain: float | None = None,
    ) -> bool:
        """Store how a program ended, or that it is paused. Returns False if another process has taken it.

        It expires after `retain` seconds; by default after the retention of the store.
        """
        with self._database.writing("programs") as session:
            rows = session.rows("SELECT sealed FROM programs WHERE id = ? AND token = ?", id, token)
            if not rows:
                return False
            sealed = self._seal(msgspec.structs.replace(content, owner=self._open(blob(rows[0][0]), Contained, id).owner), id)
            return (
                session.run(
                    "UPDATE programs SET status = ?, approval = ?, line = ?, resume_at = ?, sealed = ?, changed_at = NOW(), "
                    "expires_at = NOW() + ?, leased_until = 0 WHERE id = ? AND token = ? AND status = 'running'",
                    status,
                    approval,
                    line,
                    resume_at,
                    sealed,
                    self._retention if retain is None else retain,
                    id,
                    token,
                )
                == 1
            )

    # ------------------------------------------------------------------------------------------------ people
    def get(self, id: str, tenant: str | None = None) -> Program:
        """Return a program by its id or the beginning of it.

        Raises:
            NotFound: there is none.
            InvalidInput: several ids begin so.
        """
        if len(id) < 4 or not id.isalnum():
            raise InvalidInput("a program is named by its id, or by at least its first four characters")
        with self._database.reading() as session:
            # By the index of the ids: LIKE would read every row.
            begin = f"SELECT {_COLUMNS} FROM programs WHERE id >= ? AND id < ? ORDER BY id LIMIT 2"  # noqa: S608  constant columns
            rows = session.rows(begin, id, f"{id}{_LAST}")
        found = [self._program(row) for row in rows if tenant is None or text(row[1]) == tenant]
        if not found:
            raise NotFound(f"there is no program {id}")
        if len(found) > 1 and found[0].id != id:
            raise InvalidInput(f"several programs have ids that begin with {id}")
        return found[0]

    def list(self, status: str | None = None, *, tenant: str | None = None, limit: int = 100) -> list[Program]:
        """Return programs, the newest first."""
        conditions, values = ["1 = 1"], []
        for column, value in (("status", status), ("tenant", tenant)):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        statement = f"SELECT {_COLUMNS} FROM programs WHERE {' AND '.join(conditions)} ORDER BY changed_at DESC LIMIT ?"  # noqa: S608  constant texts
        with self._database.reading() as session:
            return [self._program(row) for row in session.rows(statement, *values, limit)]

    def cancel(self, id: str) -> Program:
        """Cancel a paused program: it can no longer be resumed.

        Raises:
            Conflict: it is not paused.
        """
        found = self.get(id)
        with self._database.writing("programs") as session:
            if not session.run("UPDATE programs SET status = 'canceled', changed_at = NOW() WHERE id = ? AND status = 'paused'", found.id):
                raise Conflict(f"program {found.id} is {found.status}, so it cannot be canceled")
        return self.get(found.id)

    def prune(self) -> int:
        """Delete programs whose time is over, with their journals. Return their number."""
        with self._database.writing("programs") as session:
            session.run(f"DELETE FROM program_calls WHERE program IN (SELECT id FROM programs WHERE {_EXPIRED})", self._retention)  # noqa: S608
            return session.run(f"DELETE FROM programs WHERE {_EXPIRED}", self._retention)  # noqa: S608  constant texts

    def erase(self, user: str, *, tenant: str = TENANT, dry_run: bool = False) -> dict[str, int]:
        """Delete the programs of a user with their journals. One that runs ends with its next call. Return their number."""
        condition = "tenant = ? AND user_name = ?"
        with self._database.writing("programs") as session:
            (row,) = session.rows(f"SELECT COUNT(*) FROM programs WHERE {condition}", tenant, user)  # noqa: S608  constant texts
            if not dry_run:
                of_programs = f"SELECT id FROM programs WHERE {condition}"  # noqa: S608  constant texts
                session.run(f"DELETE FROM program_calls WHERE program IN ({of_programs})", tenant, user)  # noqa: S608
                session.run(f"DELETE FROM programs WHERE {condition}", tenant, user)  # noqa: S608  constant texts
        return {"programs": int(row[0])}

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    # ------------------------------------------------------------------------------------------------ seals
    def _program(self, row: Sequence[Any]) -> Program:
        id, tenant, user, team, agent, key, hashed, status, approval, line, resume_at, created, changed, expires, sealed = row
        content = self._open(blob(sealed), Contained, text(id))
        if content.owner != tuple(map(text, (tenant, user, team, agent, key, hashed))):
            raise self._altered()
        return Program(
            id=text(id),
            tenant=text(tenant),
            user=text(user) or None,
            team=text(team) or None,
            agent=text(agent) or None,
            key=text(key) or None,
            hash=text(hashed),
            status=status,
            approval=text(approval),
            line=int(line),
            resume_at=float(resume_at),
            created_at=float(created),
            changed_at=float(changed),
            expires_at=float(expires),
            content=content,
        )

    def _seal(self, value: msgspec.Struct, *about: str | int) -> bytes:
        from unified_platform.vault import envelope

        return envelope.seal(self._sealing_key(), msgspec.json.encode(value), envelope.associated("program", *about))

    def _open(self, sealed: bytes, kind: type[Any], *about: str | int) -> Any:
        from unified_platform.vault import envelope

        try:
            data = envelope.open_(self._sealing_key(), sealed, envelope.associated("program", *about))
            return typed_json.decode(data, kind)
        except (envelope.Broken, msgspec.DecodeError):
            pass
        raise self._altered()

    def _altered(self) -> StoreDamaged:
        return StoreDamaged(f"a program in {self._database.location} was altered, or sealed under another key: it cannot be used")

    def _sealing_key(self) -> Any:
        """Return the key-encryption key of this store, wrapped by the root key in its first row."""
        with self._lock:
            if self._key is None:
                self._root.prepare(create=True)
                with self._database.reading() as session:
                    self._key = self._stored_key(session)
            if self._key is None:
                with self._database.writing("programs") as session:
                    self._key = self._stored_key(session) or self._new_key(session)
            return self._key

    def _stored_key(self, session: Session) -> Any:
        from unified_platform.connections.errors import VaultKeyError
        from unified_platform.vault import envelope

        rows = session.rows("SELECT id, sealed FROM program_seals ORDER BY id LIMIT 1")
        if not rows:
            return None
        id = text(rows[0][0])
        try:
            material = self._root.unwrap(blob(rows[0][1]), envelope.associated("program-key", id))
        except envelope.Broken:
            raise VaultKeyError(f"{self._root.name} does not open the programs in {self._database.location}") from None
        return envelope.Key(bytes.fromhex(id), material)

    def _new_key(self, session: Session) -> Any:
        from unified_platform.vault import envelope

        id, material = envelope.new_key_id(), secrets.token_bytes(envelope.KEY_BYTES)
        wrapped = self._root.wrap(material, envelope.associated("program-key", id.hex()))
        session.run("INSERT INTO program_seals (id, sealed) VALUES (?, ?)", id.hex(), wrapped)
        return envelope.Key(id, material)
