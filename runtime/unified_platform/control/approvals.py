"""Approvals: what waits for a person, what they decided, and that each is used once, in time, for exactly the call it was given for."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from unified_platform.store.database import Database
from unified_runtime.control.claims import AuditLog, Claim, Pending, claim
from unified_runtime.control.policy import delegation
from unified_runtime.errors import Conflict, InvalidInput, NotFound, UnifiedError

LIFETIME = 3600.0
"""Seconds from being asked for to being of no use."""

_COLUMNS = "id, digest, status, claim, plan, reasons, asked_at, expires_at, decided_at, decided_by, note, spent_at"


class ApprovalAltered(UnifiedError):
    """What is stored for an approval is not what was asked for: it cannot be decided."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval. Times are seconds since 1970. `status` is pending, approved, denied, spent or expired."""

    id: str
    status: str
    claim: Claim
    plan: Mapping[str, Any] | None
    reasons: tuple[str, ...]
    asked_at: float
    expires_at: float
    decided_at: float | None
    decided_by: str | None
    note: str | None
    spent_at: float | None


class ApprovalStore:
    """Approvals in a database.

    Args:
        database: made by `open_store`.
        lifetime: seconds after which an approval is of no use, from the time it was asked for.
        audit: is told of every step.
    """

    def __init__(self, database: Database, *, lifetime: float = LIFETIME, audit: AuditLog | None = None) -> None:
        if lifetime <= 0:
            raise ValueError("lifetime must be positive")
        self._database = database
        self._lifetime = lifetime
        self._audit = audit

    # ------------------------------------------------------------------------------------------------ for the guard
    def ask(self, claim: Claim, plan: Mapping[str, Any] | None, reasons: tuple[str, ...]) -> Pending:
        """Ask for an approval; one that is undecided for the same call is given back."""
        with self._database.writing("approvals") as session:
            found = session.rows(
                "SELECT id, expires_at FROM control_approvals WHERE digest = ? AND status = 'pending' AND expires_at > NOW() "
                "ORDER BY asked_at LIMIT 1",
                claim.digest,
            )
            if found:
                return Pending(str(found[0][0]), _time(found[0][1]))
            id = secrets.token_hex(8)
            session.run(
                "INSERT INTO control_approvals (id, digest, status, claim, plan, reasons, asked_at, expires_at) "
                "VALUES (?, ?, 'pending', ?, ?, ?, NOW(), NOW() + ?)",
                id,
                claim.digest,
                msgspec.json.encode(claim).decode(),
                json.dumps(plan),
                json.dumps(reasons),
                self._lifetime,
            )
            (row,) = session.rows("SELECT expires_at FROM control_approvals WHERE id = ?", id)
        self._tell("asked", id, claim)
        return Pending(id, _time(row[0]))

    def redeem(self, claim: Claim) -> str | None:
        """Spend the approval of exactly this call. Of several that try at the same time, one gets it."""
        with self._database.writing("approvals") as session:
            found = session.rows(
                "SELECT id, claim FROM control_approvals WHERE digest = ? AND status = 'approved' AND expires_at > NOW() "
                "ORDER BY asked_at LIMIT 1",
                claim.digest,
            )
            if not found or _sound(str(found[0][1]), claim.digest) is None:
                return None
            id = str(found[0][0])
            spent = session.run("UPDATE control_approvals SET status = 'spent', spent_at = NOW() WHERE id = ? AND status = 'approved'", id)
        if spent != 1:
            return None
        self._tell("spent", id, claim)
        return id

    # ------------------------------------------------------------------------------------------------ for people
    def get(self, id: str) -> Approval:
        """One approval.

        Raises:
            NotFound: there is none of this id.
            ApprovalAltered: what is stored was altered since it was asked for.
        """
        with self._database.reading() as session:
            rows = session.rows(f"SELECT {_COLUMNS}, NOW() FROM control_approvals WHERE id = ?", id)  # noqa: S608  constant names
        if not rows:
            raise NotFound(f"there is no approval {id!r}")
        return _approval(rows[0])

    def list(self, status: str | None = "pending") -> Sequence[Approval]:
        """Approvals of a status, or all, oldest first."""
        with self._database.reading() as session:
            rows = session.rows(f"SELECT {_COLUMNS}, NOW() FROM control_approvals ORDER BY asked_at, id")  # noqa: S608  constant names
        found = [_approval(row) for row in rows]
        return [approval for approval in found if status is None or approval.status == status]

    def waiting(self) -> int:
        """How many approvals wait for a decision."""
        with self._database.reading() as session:
            (row,) = session.rows("SELECT COUNT(*) FROM control_approvals WHERE status = 'pending' AND expires_at > NOW()")
        return int(row[0])

    def approve(self, id: str, *, by: str, note: str | None = None) -> Approval:
        """Approve.

        Raises:
            NotFound, ApprovalAltered: as `get` does.
            Conflict: it is decided already, or its time is over.
            InvalidInput: `by` is empty, or the agent that asks.
        """
        return self._decide(id, "approved", by, note)

    def deny(self, id: str, *, by: str, note: str | None = None) -> Approval:
        """Deny. Raises as `approve` does."""
        return self._decide(id, "denied", by, note)

    def _decide(self, id: str, status: str, by: str, note: str | None) -> Approval:
        found = self.get(id)
        if not by.strip():
            raise InvalidInput("who decides has to be named")
        if by == found.claim.agent:
            raise InvalidInput(f"{by!r} is the agent that asks, and cannot decide")
        with self._database.writing("approvals") as session:
            done = session.run(
                "UPDATE control_approvals SET status = ?, decided_at = NOW(), decided_by = ?, note = ? "
                "WHERE id = ? AND status = 'pending' AND expires_at > NOW() AND digest = ?",
                status,
                by,
                note,
                id,
                found.claim.digest,
            )
        if done != 1:
            raise Conflict(f"approval {id} is {self.get(id).status} and can no longer be {status}")
        self._tell(status, id, found.claim, by=by)
        return self.get(id)

    def _tell(self, step: str, id: str, claim: Claim, **more: str) -> None:
        if self._audit is None:
            return
        entry: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(),
            "kind": "approval",
            "approval": id,
            "decision": step,
            "agent": claim.agent,
            "user": claim.user,
            "on_behalf_of": claim.on_behalf_of,
            "delegation": delegation(claim.on_behalf_of or claim.user, claim.agent) or None,
            "operation": claim.operation,
            "vendor": claim.vendor,
            "digest": claim.digest,
            **more,
        }
        self._audit.append({name: value for name, value in entry.items() if value is not None})


def _approval(row: Sequence[Any]) -> Approval:
    id, digest, status, text, plan, reasons, asked, expires, decided, by, note, spent, now = row
    sound = _sound(str(text), str(digest))
    if sound is None:
        raise ApprovalAltered(f"approval {id} was altered since it was asked for")
    if status in {"pending", "approved"} and expires <= now:
        status = "expired"
    return Approval(str(id), str(status), sound, json.loads(plan), tuple(json.loads(reasons)), asked, expires, decided, by, note, spent)


def _sound(text: str, digest: str) -> Claim | None:
    """The claim, if it is what its digest says."""
    found = msgspec.json.decode(text.encode(), type=Claim)
    parts = {name: getattr(found, name) for name in Claim.__struct_fields__ if name != "digest"}
    return found if claim(**parts).digest == digest == found.digest else None


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
