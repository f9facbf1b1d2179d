"""Approvals: what an approval is bound to (one call with exactly these arguments, by digest), and the protocols of approval and audit
stores."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.owners import TENANT
from unified_runtime.core.policy_decisions import Effect

if TYPE_CHECKING:
    from unified_runtime.core.connections import Connection
    from unified_runtime.core.context import Acting
    from unified_runtime.core.operations import Invocation, OperationBase


class NotBindable(Exception):
    """Raised for an argument without a fixed form that an approval could be bound to, such as a stream."""


class DeclaredContent:
    """Content that follows later, declared by its `size` in bytes and its `sha256`, each None if unknown.

    Reading it raises an error before its end if it is not the declared content.
    """

    size: int | None = None
    sha256: str | None = None


class Change(msgspec.Struct, frozen=True):
    """A field that a call changes, with its old value (vendor text) and its new value, both as shortened JSON."""

    field: str
    old: str
    new: str


class ApprovalSubject(msgspec.Struct, frozen=True, kw_only=True):
    """Call as an approval is bound to it.

    `server` is the URL of the connection's server with its path, `connection` the connection's id and `connection_name` its name.
    `account_id` is the vendor's id of the account and `account` its display name. `arguments` are all that the caller gave, in the form of
    `plain`. `digest` covers all parts except those that only the approver sees: `title` is the record's title and `changes` are the
    fields that the call changes, both as of the request for approval; `no_record_reason` is the reason if the record was not read.
    """

    agent: str | None
    user: str | None
    on_behalf_of: str | None
    operation: str
    effect: Effect
    vendor: str
    server: str
    arguments: Mapping[str, Any]
    tenant: str = TENANT
    team: str | None = None
    connection: str | None = None
    connection_name: str | None = None
    account_id: str | None = None
    account: str | None = None
    title: str | None = None
    changes: tuple[Change, ...] = ()
    no_record_reason: str | None = None
    digest: str = ""


_UNBOUND = frozenset({"digest", "title", "changes", "no_record_reason"})


def approval_subject(**parts: Any) -> ApprovalSubject:
    """Return a subject with its digest: the SHA-256 of its bound parts as JSON with sorted keys.

    Raises:
        NotBindable: an argument is not text, a number, a bool, a date, a time, bytes, a list or a mapping of these.
    """
    try:
        made = ApprovalSubject(**(parts | {"arguments": plain(parts["arguments"])}))
        return msgspec.structs.replace(made, digest=digest(msgspec.structs.asdict(made)))
    except (UnicodeEncodeError, RecursionError) as error:
        reason = str(error)
    raise NotBindable(reason)


def call_parts(
    operation: OperationBase[Any, Any], invocation: Invocation[Any], connection: Connection, acting: Acting, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the parts of a subject that describe a call."""
    return {
        "tenant": connection.tenant,
        "agent": acting.agent,
        "user": acting.user,
        "on_behalf_of": acting.on_behalf_of,
        "team": acting.owner.team,
        "operation": operation.name,
        "effect": operation.effect,
        "vendor": connection.vendor.name,
        "server": connection.server,
        "connection": connection.id,
        "connection_name": connection.name,
        "account_id": connection.account_id,
        "account": connection.account,
        "arguments": arguments,
    }


def digest_of_list(
    operation: OperationBase[Any, Any],
    invocation: Invocation[Any],
    connection: Connection,
    checked: Sequence[Any],
    extra: Mapping[str, Any],
    acting: Acting,
) -> str:
    """Return the digest of a list, independent of page and page size. The last of the `checked` arguments is its filters, if it has a
    model.

    Raises:
        NotBindable: as for `approval_subject`.
    """
    given = checked[-1].model_dump(exclude_unset=True) if invocation.model is not None else {}
    custom = invocation.custom_fields
    arguments = {
        "ids": dict(invocation.ids or {}),
        "given": given,
        "extra": extra,
        "custom_fields": dict(custom) if isinstance(custom, Mapping) else [*(custom or ())],
    }
    return approval_subject(**call_parts(operation, invocation, connection, acting, arguments)).digest


def digest(parts: Mapping[str, Any]) -> str:
    """Return the digest of a subject's parts, whose arguments are in the form that `plain` returns."""
    text = msgspec.json.encode({name: value for name, value in parts.items() if name not in _UNBOUND}, order="sorted")
    return hashlib.sha256(text).hexdigest()


_LARGEST = 2**63
"""Integers from this size are written as text, which every JSON reader preserves exactly."""


def plain(value: Any) -> Any:
    """Return a value in a form that JSON can hold. Two values of different type or content never have the same form.

    A type that JSON does not have is a mapping with one tag, such as `{"$decimal": "5.0"}`; a key of the caller's that begins with `$` gets
    another `$` in front. Bytes become their length and hash.

    Raises:
        NotBindable: the value has no such form.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return value if -_LARGEST <= value < _LARGEST else {"$int": hex(value)}
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, float):
        return {"$float": repr(value)}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$bytes": [memoryview(value).nbytes, hashlib.sha256(value).hexdigest()]}
    if isinstance(value, DeclaredContent):
        if value.size is None or value.sha256 is None:
            raise NotBindable("its content is known only when it is sent; what is given as bytes is known before")
        return {"$bytes": [value.size, value.sha256]}
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise NotBindable("a mapping has a key that is not text")
        return {f"${name}" if name.startswith("$") else name: plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise NotBindable(f"a value of type {type(value).__name__} is not fixed before it is sent")


_SHOWN = 80
"""Maximum characters of a value in a summary."""


def summary(subject: ApprovalSubject) -> str:
    """Return a one-line description of the call. Values are JSON in ASCII, so that a value cannot look like another part."""

    def shown(value: object) -> str:
        text = json.dumps(value, ensure_ascii=True)
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"

    about = f" {shown(subject.title)}" if subject.title is not None else ""
    arguments = ", ".join(f"{name} = {shown(value)}" for name, value in subject.arguments.items())
    parts = [f"{subject.operation}{about}" + (f" with {arguments}" if arguments else ""), f"via {subject.vendor} at {subject.server}"]
    account = subject.account or subject.account_id
    named = (
        ("connection", subject.connection_name or subject.connection),
        ("account", account),
        ("tenant", subject.tenant if subject.tenant != TENANT else None),
        ("user", subject.user),
        ("on behalf of", subject.on_behalf_of),
    )
    return ", ".join([*parts, *(f"{name} {shown(value)}" for name, value in named if value is not None)])


_TITLES = ("title", "name", "subject", "summary", "display_name")


def title_of(record: Mapping[str, Any] | None) -> str | None:
    """Return the title of a record, as people know it."""
    found = (record.get(name) for name in _TITLES) if record is not None else ()
    return next((value for value in found if isinstance(value, str) and value), None)


class PendingApproval(msgspec.Struct, frozen=True):
    """Requested approval, and its expiry time."""

    id: str
    expires_at: datetime


class Approvals(Protocol):
    """Store of approvals. Each method is one atomic step, safe against other threads and processes."""

    def redeem(self, subject: ApprovalSubject) -> str | None:
        """Redeem the approval that was given for exactly this call. Returns its id; None if there is none that is approved, unspent and
        unexpired."""
        ...

    def undecided(self, subject: ApprovalSubject) -> PendingApproval | None:
        """Return the undecided approval of exactly this call, None if there is none. Called before the record is read for the approver.

        Raises:
            Denied: as for `ask`.
        """
        ...

    def ask(self, subject: ApprovalSubject, plan: Mapping[str, Any] | None, reasons: tuple[str, ...]) -> PendingApproval:
        """Request an approval of the call. While it is undecided, requesting it again returns the same approval.

        Raises:
            Denied: too many calls already wait for an approval, or this one is too large for a person to review.
        """
        ...


APPROVED_SECONDS = 3600.0
"""Seconds for which the pages of a list may be read under an approval, from the time when it was spent."""


class RedeemedApproval(NamedTuple):
    """Approval that was spent on a call: its id, and until when the following pages may be read, in seconds since 1970."""

    approval: str
    until: float


class Quotas(Protocol):
    """Counter of agents' calls per day. Safe against other threads and processes."""

    def count(self, agent: str | None, tool: str, vendor: str, tenant: str) -> UnifiedError | None:
        """Count a call of a tenant's tool (`tasks.create`) via a vendor that is about to be sent. Returns an error, and counts nothing, if
        the quota is used up."""
        ...


class AuditLog(Protocol):
    """Append-only log. An entry is a map of plain values; it must be durable when `append` returns.

    If the log also has a method `extend(entries)`, entries that belong together are passed to it: all of them or none are written. If it
    has a coroutine `aextend(entries)`, async clients await it; other logs are called in a thread.
    """

    def append(self, entry: Mapping[str, Any]) -> None: ...
