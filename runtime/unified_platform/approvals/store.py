"""Approvals: what waits for a person, what they decided, and that each is used once, in time, for exactly the call it was given for."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from unified_platform.common.erased_names import ERASED
from unified_platform.common.retention import DAY, load_retention
from unified_platform.store.database import Database, Session
from unified_runtime.core import typed_json
from unified_runtime.core.errors import Conflict, Denied, InvalidInput, NotFound, UnifiedError
from unified_runtime.core.owners import TENANT
from unified_runtime.core.policy_decisions import delegation
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.policy.approvals import ApprovalSubject, AuditLog, PendingApproval, approval_subject
from unified_runtime.policy.approvals import digest as digest_of

LIFETIME = 3600.0
"""Seconds from the request for an approval to its expiry."""

PER_AGENT = 200
PER_USER = 100
"""Calls of one agent, and for one user, that may wait for a decision at a time, in one tenant."""

LARGEST = 256 * 1024
"""Maximum bytes of a call's arguments, and of its plan, that a person can review."""

PAGE = 100
"""Approvals of one page of a listing."""

_LOOKED_UP = 500
"""Ids of one statement."""

_PURGED = 100
"""Number of old approvals that each new request deletes, so that no request takes long."""

_STATUSES = {
    "pending": "status = 'pending' AND expires_at > NOW()",
    "approved": "status = 'approved' AND expires_at > NOW()",
    "denied": "status = 'denied'",
    "spent": "status = 'spent'",
    "expired": "status IN ('pending', 'approved') AND expires_at <= NOW()",
}

_COLUMNS = "id, digest, status, subject, plan, reasons, requested_at, expires_at, decided_at, decided_by, note, spent_at"


class ApprovalAltered(UnifiedError):
    """The stored approval differs from the requested one: it cannot be decided."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval. Times are seconds since 1970. `status` is pending, approved, denied, spent or expired."""

    id: str
    status: str
    subject: ApprovalSubject
    plan: Mapping[str, Any] | None
    reasons: tuple[str, ...]
    requested_at: float
    expires_at: float
    decided_at: float | None
    decided_by: str | None
    note: str | None
    spent_at: float | None


class ApprovalStore:
    """Approvals in a database.

    Args:
        database: made by `open_store`.
        lifetime: seconds from the request for an approval to its expiry.
        audit: records every step.
        per_agent: calls of one agent that may wait for a decision at a time.
        per_user: calls for one user that may wait for a decision at a time.
        retain: seconds after its end for which an approval can still be looked up; by default those of the environment. The audit log
            keeps what was decided.
        tenant: whose approvals people see and decide here; those of all without.
    """

    def __init__(
        self,
        database: Database,
        *,
        lifetime: float = LIFETIME,
        audit: AuditLog | None = None,
        per_agent: int = PER_AGENT,
        per_user: int = PER_USER,
        retain: float | None = None,
        tenant: str | None = None,
    ) -> None:
        retain = load_retention().approvals * DAY if retain is None else retain
        if lifetime <= 0:
            raise ValueError("lifetime must be positive")
        if per_agent < 1 or per_user < 1 or retain < 0:
            raise ValueError("per_agent and per_user must be at least 1, and retain not negative")
        self._database = database
        self._lifetime = lifetime
        self._audit = audit
        self._per_agent = per_agent
        self._per_user = per_user
        self._retain = retain
        self._of_tenant = "" if tenant is None else " AND tenant = ?"
        self._tenants = () if tenant is None else (tenant,)

    # ------------------------------------------------------------------------------------------------ for the policy enforcer
    def undecided(self, subject: ApprovalSubject) -> PendingApproval | None:
        """Return the undecided approval of exactly this call, None if there is none.

        Raises:
            Denied: too many calls wait for an approval, or this one is too large for a person to review.
        """
        _reviewable("arguments are", msgspec.json.encode(subject))
        with self._database.reading() as session:
            found = _undecided(session, subject)
            if found is None:
                self._within_limits(session, subject)
        return found

    def ask(self, subject: ApprovalSubject, plan: Mapping[str, Any] | None, reasons: tuple[str, ...]) -> PendingApproval:
        """Request an approval; returns the undecided one of the same call, if any.

        Raises:
            Denied: too many calls wait for an approval, or this one is too large for a person to review.
        """
        encoded, shown = msgspec.json.encode(subject), json.dumps(plan)
        _reviewable("arguments are", encoded)
        _reviewable("plan is", shown.encode())
        with self._database.writing("approvals") as session:
            found = _undecided(session, subject)
            if found is not None:
                return found
            self._purge(session)
            self._within_limits(session, subject)
            id = secrets.token_hex(8)
            session.run(
                "INSERT INTO control_approvals "
                "(id, digest, status, subject, plan, reasons, requested_at, expires_at, tenant, agent, for_user) "
                "VALUES (?, ?, 'pending', ?, ?, ?, NOW(), NOW() + ?, ?, ?, ?)",
                id,
                subject.digest,
                encoded.decode(),
                shown,
                json.dumps(reasons),
                self._lifetime,
                subject.tenant,
                subject.agent or "",
                subject.user or "",
            )
            (row,) = session.rows("SELECT expires_at FROM control_approvals WHERE id = ?", id)
        self._record("requested", id, subject)
        return PendingApproval(id, _time(row[0]))

    def _within_limits(self, session: Session, subject: ApprovalSubject) -> None:
        """Raises:
        Denied: the agent or the user has as many pending approvals as it may have.
        """
        for what, column, name, most in (
            ("agent", "agent", subject.agent or "", self._per_agent),  # calls of no agent count together
            ("user", "for_user", subject.user, self._per_user),
        ):
            if name is None:
                continue
            (row,) = session.rows(
                f"SELECT COUNT(*), MIN(expires_at) FROM (SELECT expires_at FROM control_approvals WHERE status = 'pending' "  # noqa: S608
                f"AND expires_at > NOW() AND tenant = ? AND {column} = ? LIMIT ?) AS waiting",
                subject.tenant,
                name,
                most,
            )
            if int(row[0]) >= most:
                until = _time(row[1]).isoformat(timespec="seconds")
                raise Denied(
                    f"it needs an approval, and {most} calls of {what} {name!r} wait for one already, the most there may be: have some of "
                    f"them decided, or try again after {until}",
                    retry_safe=True,
                )

    def redeem(self, subject: ApprovalSubject) -> str | None:
        """Spend the approval of exactly this call. Of several that try at the same time, one gets it."""
        with self._database.writing("approvals") as session:
            found = session.rows(
                "SELECT id, subject FROM control_approvals WHERE digest = ? AND status = 'approved' AND expires_at > NOW() "
                "ORDER BY requested_at LIMIT 1",
                subject.digest,
            )
            if not found or _sound(str(found[0][1]), subject.digest) is None:
                return None
            id = str(found[0][0])
            spent = session.run("UPDATE control_approvals SET status = 'spent', spent_at = NOW() WHERE id = ? AND status = 'approved'", id)
        if spent != 1:
            return None
        self._record("spent", id, subject)
        return id

    # ------------------------------------------------------------------------------------------------ keeping
    def purge(self) -> int:
        """Delete approvals whose end is longer ago than `retain`, in batches. Returns how many."""
        purged = 0
        while True:
            with self._database.writing("approvals") as session:
                done = self._purge(session)
            purged += done
            if done < _PURGED:
                return purged

    def _purge(self, session: Session) -> int:
        return session.run(
            "DELETE FROM control_approvals WHERE id IN (SELECT id FROM control_approvals WHERE expires_at < NOW() - ? LIMIT ?)",
            self._retain,
            _PURGED,
        )

    # ------------------------------------------------------------------------------------------------ erasure
    def erase(self, user: str, *, tenant: str = TENANT, by: str = ERASED, dry_run: bool = False) -> dict[str, int]:
        """Deny the pending and unspent approvals of calls for a user, and remove the user and the content from all. Return their number.

        Approvals that the user has decided for others lose the name and the note.
        """
        ended: list[tuple[str, ApprovalSubject]] = []
        found = {"approvals": 0, "decisions": 0}
        with self._database.writing("approvals") as session:
            rows = session.rows("SELECT id, status, digest, subject, decided_by, tenant, for_user FROM control_approvals")
            for id, status, digest, subject_text, decided_by, of_tenant, for_user in rows:
                subject = _sound(str(subject_text), str(digest))
                if subject is None:  # it was altered, so that no one can decide it
                    if of_tenant == tenant and (for_user == user or json.dumps(user) in str(subject_text)):
                        found["approvals"] += 1
                        if not dry_run:
                            session.run("DELETE FROM control_approvals WHERE id = ?", id)
                    continue
                if subject.tenant != tenant:
                    continue
                mine = user in (subject.user, subject.on_behalf_of)
                found["approvals"] += mine
                found["decisions"] += decided_by == user
                if dry_run:
                    continue
                if decided_by == user:
                    session.run("UPDATE control_approvals SET decided_by = ?, note = NULL WHERE id = ?", ERASED, id)
                if mine:
                    if status in {"pending", "approved"}:
                        ended.append((str(id), subject))
                        session.run("UPDATE control_approvals SET status = 'denied', decided_at = NOW() WHERE id = ?", id)
                    left = _without_content(subject, user)
                    session.run(
                        "UPDATE control_approvals SET subject = ?, digest = ?, plan = 'null', reasons = '[]', note = NULL, for_user = ? "
                        "WHERE id = ?",
                        msgspec.json.encode(left).decode(),
                        left.digest,
                        left.user or "",
                        id,
                    )
        for id, subject in ended:
            self._record("denied", id, subject, by=by)
        return found

    # ------------------------------------------------------------------------------------------------ for people
    def get(self, id: str) -> Approval:
        """One approval.

        Raises:
            NotFound: there is none of this id.
            ApprovalAltered: the stored approval was altered after the request.
        """
        with self._database.reading() as session:
            rows = session.rows(
                f"SELECT {_COLUMNS}, NOW() FROM control_approvals WHERE id = ?{self._of_tenant}",  # noqa: S608  constant names
                id,
                *self._tenants,
            )
        if not rows:
            raise NotFound(f"there is no approval {id!r}")
        return _approval(rows[0])

    def list(self, status: str | None = "pending", *, limit: int = PAGE, after: str | None = None) -> Sequence[Approval]:
        """Approvals of a status, or of any, oldest first.

        Args:
            status: pending, approved, denied, spent or expired; None for all.
            limit: how many, from 1.
            after: the id of an approval: those requested after it.

        Raises:
            InvalidInput: there is no such status, or no approval of that id.
            ApprovalAltered: as `get` does.
        """
        condition = "1 = 1" if status is None else _STATUSES.get(status)
        if condition is None:
            raise InvalidInput(f"there is no status {status!r}{did_you_mean(str(status), _STATUSES)}; there are {', '.join(_STATUSES)}")
        if limit < 1:
            raise InvalidInput("limit must be at least 1")
        condition = f"({condition}){self._of_tenant}"
        values: tuple[object, ...] = self._tenants
        with self._database.reading() as session:
            if after is not None:
                begin = session.rows(f"SELECT requested_at, id FROM control_approvals WHERE id = ?{self._of_tenant}", after, *self._tenants)  # noqa: S608
                if not begin:
                    raise InvalidInput(f"unknown approval {after!r}: list from the start")
                condition += " AND (requested_at, id) > (?, ?)"
                values = (*values, *begin[0])
            rows = session.rows(
                f"SELECT {_COLUMNS}, NOW() FROM control_approvals WHERE {condition} ORDER BY requested_at, id LIMIT ?",  # noqa: S608  constants
                *values,
                limit,
            )
        return [_approval(row) for row in rows]

    def decided(self, ids: Iterable[str]) -> Sequence[str]:
        """Return those of these approvals that are approved and not spent yet, or denied."""
        wanted, found = list(ids), []
        condition = f"({_STATUSES['approved']} OR {_STATUSES['denied']}){self._of_tenant}"
        with self._database.reading() as session:
            for start in range(0, len(wanted), _LOOKED_UP):
                part = wanted[start : start + _LOOKED_UP]
                statement = f"SELECT id FROM control_approvals WHERE id IN ({', '.join('?' * len(part))}) AND {condition}"  # noqa: S608  constants
                found += [str(row[0]) for row in session.rows(statement, *part, *self._tenants)]
        return found

    def recently_decided(self, seconds: float) -> Sequence[str]:
        """Return the approvals that were decided within the last seconds: approved and not spent yet, or denied."""
        statement = (
            f"SELECT id FROM control_approvals WHERE decided_at > NOW() - ? AND ({_STATUSES['approved']} OR {_STATUSES['denied']})"  # noqa: S608
            f"{self._of_tenant}"
        )
        with self._database.reading() as session:
            return [str(id) for (id,) in session.rows(statement, seconds, *self._tenants)]

    def waiting(self) -> int:
        """Return the number of approvals without a decision."""
        with self._database.reading() as session:
            (row,) = session.rows(
                f"SELECT COUNT(*) FROM control_approvals WHERE status = 'pending' AND expires_at > NOW(){self._of_tenant}",  # noqa: S608
                *self._tenants,
            )
        return int(row[0])

    def approve(self, id: str, *, by: str, note: str | None = None) -> Approval:
        """Approve.

        Raises:
            NotFound, ApprovalAltered: as `get` does.
            Conflict: it is decided already, or its time is over.
            InvalidInput: `by` is empty, or the agent that makes the call.
        """
        return self._decide(id, "approved", by, note)

    def deny(self, id: str, *, by: str, note: str | None = None) -> Approval:
        """Deny. Raises as `approve` does."""
        return self._decide(id, "denied", by, note)

    def _decide(self, id: str, status: str, by: str, note: str | None) -> Approval:
        found = self.get(id)
        if not by.strip():
            raise InvalidInput("who decides has to be named")
        if by == found.subject.agent:
            raise InvalidInput(f"{by!r} is the agent that makes the call, and cannot decide")
        with self._database.writing("approvals") as session:
            done = session.run(
                "UPDATE control_approvals SET status = ?, decided_at = NOW(), decided_by = ?, note = ? "
                "WHERE id = ? AND status = 'pending' AND expires_at > NOW() AND digest = ?",
                status,
                by,
                note,
                id,
                found.subject.digest,
            )
        if done != 1:
            raise Conflict(f"approval {id} is {self.get(id).status} and can no longer be {status}")
        self._record(status, id, found.subject, by=by)
        return self.get(id)

    def _record(self, step: str, id: str, subject: ApprovalSubject, **more: str) -> None:
        if self._audit is None:
            return
        entry: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(),
            "kind": "approval",
            "approval": id,
            "decision": step,
            "tenant": subject.tenant,
            "agent": subject.agent,
            "user": subject.user,
            "on_behalf_of": subject.on_behalf_of,
            "connection": subject.connection or subject.connection_name,
            "account": subject.account_id or subject.account,
            "delegation": delegation(subject.on_behalf_of or subject.user, subject.agent) or None,
            "operation": subject.operation,
            "vendor": subject.vendor,
            "digest": subject.digest,
            **more,
        }
        self._audit.append({name: value for name, value in entry.items() if value is not None})


def _without_content(subject: ApprovalSubject, user: str) -> ApprovalSubject:
    """Return a subject without its user and its content, with a digest that matches no call."""
    parts = msgspec.structs.asdict(subject)
    left = {name: parts[name] for name in ("tenant", "agent", "operation", "effect", "vendor", "user", "on_behalf_of", "team")}
    left |= {name: ERASED for name in ("user", "on_behalf_of") if parts[name] == user}
    return approval_subject(**left, server="", arguments={})


def _approval(row: Sequence[Any]) -> Approval:
    id, digest, status, text, plan, reasons, requested, expires, decided, by, note, spent, now = row
    sound = _sound(str(text), str(digest))
    if sound is None:
        raise ApprovalAltered(f"approval {id} was altered after the request")
    if status in {"pending", "approved"} and expires <= now:
        status = "expired"
    try:
        plans = msgspec.json.decode(str(plan).encode(), type=dict[str, Any] | None)
        why = msgspec.json.decode(str(reasons).encode(), type=tuple[str, ...])
    except msgspec.DecodeError:
        raise ApprovalAltered(f"approval {id} was altered after the request: its plan or its reasons are not valid") from None
    return Approval(str(id), str(status), sound, plans, why, requested, expires, decided, by, note, spent)


def _reviewable(what: str, encoded: bytes) -> None:
    """Raises:
    Denied: it is too large for a person to review.
    """
    if len(encoded) > LARGEST:
        raise Denied(f"it needs an approval, and its {what} too large for a person to review: {len(encoded)} bytes, at most {LARGEST}")


def _undecided(session: Session, subject: ApprovalSubject) -> PendingApproval | None:
    found = session.rows(
        "SELECT id, expires_at FROM control_approvals WHERE digest = ? AND status = 'pending' AND expires_at > NOW() "
        "ORDER BY requested_at LIMIT 1",
        subject.digest,
    )
    return PendingApproval(str(found[0][0]), _time(found[0][1])) if found else None


def _sound(text: str, digest: str) -> ApprovalSubject | None:
    """Return the approval subject; None if it is not valid or does not match its digest."""
    try:
        parts = msgspec.json.decode(text.encode())
        sound = isinstance(parts, dict) and digest_of(parts) == digest == parts.get("digest")
        return typed_json.convert(parts, ApprovalSubject) if sound else None
    except msgspec.DecodeError:  # such as a value of another type
        return None


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
