"""What a person approves: one call with exactly these arguments, by its hash; and who keeps approvals and the audit trail."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

import msgspec

from unified_runtime.control.policy import Effect
from unified_runtime.errors import UnifiedError


class Unhashable(Exception):
    """An argument has no fixed form that an approval could be bound to, such as a stream."""


class Promised:
    """A content that is still to come, known beforehand by its `size` in bytes and its `sha256`, each None where it is not.

    Whoever reads it meets an error before its end unless it is the one that was promised.
    """

    size: int | None = None
    sha256: str | None = None


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A call as an approval is bound to it. `arguments` are plain values, all that the caller gave; `digest` covers the other parts."""

    agent: str | None
    user: str | None
    on_behalf_of: str | None
    operation: str
    effect: Effect
    vendor: str
    server: str
    arguments: Mapping[str, Any]
    digest: str = ""


def claim(**parts: Any) -> Claim:
    """A claim with its digest: the SHA-256 of its other parts as JSON with sorted keys.

    Raises:
        Unhashable: an argument is none of text, number, truth, date, time, bytes, list and map.
    """
    made = Claim(**(parts | {"arguments": plain(parts["arguments"])}))
    text = msgspec.json.encode({name: getattr(made, name) for name in Claim.__struct_fields__ if name != "digest"}, order="sorted")
    return msgspec.structs.replace(made, digest=hashlib.sha256(text).hexdigest())


def plain(value: Any) -> Any:
    """The value as JSON can hold it, with its type where JSON has none. Bytes become their hash.

    Raises:
        Unhashable: it has no such form.
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"bytes": len(value), "sha256": hashlib.sha256(value).hexdigest()}
    if isinstance(value, Promised):
        if value.size is None or value.sha256 is None:
            raise Unhashable("its content is known only when it is sent; what is given as bytes is known before")
        return {"bytes": value.size, "sha256": value.sha256}
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise Unhashable("a map has a key that is no text")
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise Unhashable(f"a value of type {type(value).__name__} is not fixed before it is sent")


class Pending(msgspec.Struct, frozen=True):
    """An approval that was asked for, and when it ends."""

    id: str
    expires_at: datetime


class Approvals(Protocol):
    """Keeps approvals. Each method is one atomic step, safe against other threads and processes."""

    def redeem(self, claim: Claim) -> str | None:
        """Spend the approval given for exactly this call and return its id; None where none is approved, unspent and unexpired."""
        ...

    def ask(self, claim: Claim, plan: Mapping[str, Any] | None, reasons: tuple[str, ...]) -> Pending:
        """Ask for the call to be approved. Asking again for the same call, while it is undecided, gives the same approval."""
        ...


class Quotas(Protocol):
    """Counts what agents may have in a day. Safe against other threads and processes."""

    def count(self, agent: str | None, tool: str, vendor: str) -> UnifiedError | None:
        """Count a call of a tool (`tasks.create`) via a vendor that is about to be sent; or tell why it must not be: then nothing is
        counted."""
        ...


class AuditLog(Protocol):
    """An append-only log. An entry is a map of plain values; it must be durable when `append` returns.

    One that has a method `extend(entries)` too is given several at once, where they belong together: all of them or none are then written.
    One with a coroutine `aextend(entries)` is awaited by async clients; others are called in a thread.
    """

    def append(self, entry: Mapping[str, Any]) -> None: ...
