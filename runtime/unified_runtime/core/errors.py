"""Exceptions of a call, grouped by what the caller can do about them.

Every error is a `UnifiedError`. `InvalidInput` and `Unsupported` are for the caller to fix and are raised before anything is sent;
`NotConnected`, `Denied`, `ApprovalRequired`, `Unauthorized` and `Forbidden` concern permission; `NotFound`, `Conflict`, `Rejected` and
`StaleCursor` are reported by the vendor; `RateLimited` and `Unavailable` are temporary; `ListTooLong` is a limit of the client;
`VendorProtocolError` means that the vendor's response does not match its own document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unified_runtime.core.raw import Raw


class Done:
    """Write of the failed operation that the vendor had already executed.

    `request` is its method and path, `response` the vendor's response (usually with the id of the new record). `again`: repeating the call
    would execute the write a second time; false for one that sets a value or has an idempotency key.
    """

    __slots__ = ("again", "request", "response", "status")

    def __init__(self, request: str, status: int, response: Raw, *, again: bool = True) -> None:
        self.request = request
        self.status = status
        self.response = response
        self.again = again

    def __repr__(self) -> str:
        return f"Done({self.request!r}, status={self.status})"


class Candidate:
    """Record at the vendor that a write whose response was lost may have created, without proof.

    `id` is the unified id, `created_at` the vendor's text for its creation time.
    """

    __slots__ = ("created_at", "id", "title", "url")

    def __init__(self, id: str, title: str = "", url: str | None = None, created_at: str | None = None) -> None:
        self.id = id
        self.title = title
        self.url = url
        self.created_at = created_at

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Candidate) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"Candidate({self.id!r}, title={self.title!r}, url={self.url!r}, created_at={self.created_at!r})"


class UnifiedError(Exception):
    """Base class of all errors of a call.

    Attributes:
        message: what went wrong, in unified terms.
        vendor: name of the vendor (`jira`), None if no vendor was selected yet.
        operation: resource and operation (`tasks.create`).
        retry_safe: the same call may be repeated unchanged: it may succeed then, and executes no write twice.
        request_id: the vendor's id of the failed request, for its support and its logs.
        trace_id: the id of the trace this call belongs to, if tracing is on.
        fields: problems by unified field name.
        status: the HTTP status, if a response was the cause.
        code: the vendor's own error code.
        done: writes that had succeeded before this operation failed.
        lost: writes, by method and path, that were sent and may have been executed: their response was lost.
        made: the id that the response to a create reported, if the call failed after it. It is compared with the record only if the
            record could be read. Otherwise it can be the id of another record: read that record before you change or delete it.
        candidates: records at the vendor that the call may have created, without proof.
        record: the record that the vendor returned for a write, if it does not match what was written; otherwise None.
    """

    def __init__(
        self,
        message: str,
        *,
        vendor: str | None = None,
        operation: str | None = None,
        retry_safe: bool = False,
        request_id: str | None = None,
        trace_id: str | None = None,
        fields: Mapping[str, str] | None = None,
        status: int | None = None,
        code: str | None = None,
        done: tuple[Done, ...] = (),
        lost: tuple[str, ...] = (),
        made: str | None = None,
        candidates: tuple[Candidate, ...] = (),
        record: Any = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.vendor = vendor
        self.operation = operation
        self.retry_safe = retry_safe
        self.request_id = request_id
        self.trace_id = trace_id
        self.fields: dict[str, str] = dict(fields or {})
        self.status = status
        self.code = code
        self.done = done
        self.lost = lost
        self.made = made
        self.candidates = candidates
        self.record = record

    def redact(self, redact: Callable[[str], str]) -> None:
        """Remove secrets from the texts that come from the vendor's response, including its headers."""
        self.message = redact(self.message)
        self.args = (self.message,)
        self.fields = {redact(name): redact(text) for name, text in self.fields.items()}
        self.request_id = None if self.request_id is None else redact(self.request_id)
        self.code = None if self.code is None else redact(self.code)

    def __str__(self) -> str:
        subject = " on ".join(part for part in (self.operation, self.vendor) if part)
        text = f"{subject}: {self.message}" if subject else self.message
        for done in self.done:
            twice = ": repeating the call would do it twice" if done.again else ""
            text += f"\n{done.request} had already been executed (HTTP {done.status}){twice}"
        for request in self.lost if not isinstance(self, Unconfirmed) else ():
            text += f"\n{request} was sent, and whether it was executed is not known"
        if self.made is not None:
            text += f"\nthe response to the create reported the record {self.made!r}"
        for candidate in self.candidates:
            described = " ".join(part for part in (candidate.id, repr(candidate.title) if candidate.title else "", candidate.url) if part)
            text += f"\nmay have been created by it: {described}"
        return f"{text} (request id {self.request_id})" if self.request_id else text

    def __reduce__(self) -> tuple[Any, ...]:
        # The default passes only the positional arguments, and loses the keyword arguments of the constructor.
        return _restore, (type(self), self.message, self.__dict__)


def _restore(kind: type[UnifiedError], message: str, state: dict[str, Any]) -> UnifiedError:
    error = kind.__new__(kind, message)
    error.__dict__.update(state)
    return error


class InvalidInput(UnifiedError):
    """The call is not valid: an input is missing, unknown or of the wrong type. Nothing was sent."""


class Unsupported(UnifiedError):
    """The vendor does not support this field, value or operation. Nothing was sent for it."""


class NotConnected(UnifiedError):
    """No connection matches the call: connect the vendor first, or name a user that is connected.

    `url` is a page where the user connects it, if the application has one (see docs/how-to/connect-users.md).
    """

    url: str | None = None


class Denied(UnifiedError):
    """A policy denies the call. `policies` are the ids of the rules that decided, if the engine reports them."""

    def __init__(self, message: str, *, reasons: tuple[str, ...] = (), policies: tuple[str, ...] = (), **context: Any) -> None:
        super().__init__(message, **context)
        self.reasons = reasons
        self.policies = policies


class QuotaExceeded(Denied):
    """An agent has used up a daily quota. `quota` is its name; `retry_after` is the number of seconds until midnight UTC."""

    def __init__(self, message: str, *, quota: str = "", retry_after: float | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.quota = quota
        self.retry_after = retry_after


class Unauthorized(UnifiedError):
    """The vendor rejected the credential (HTTP 401): connect again."""


class Forbidden(UnifiedError):
    """The credential is valid, but does not permit this (HTTP 403)."""


class NotFound(UnifiedError):
    """The record does not exist, or this credential may not see it (HTTP 404, 410)."""


class Conflict(UnifiedError):
    """The state of the record does not allow this, or the record has changed meanwhile (HTTP 409, 412, 423)."""


class StaleCursor(UnifiedError):
    """A cursor of `changes` has expired at the vendor: call `changes` again without a cursor, which returns all records."""


class ListTooLong(UnifiedError):
    """A list has more records than `Settings(longest_list=…)`. `cursor` continues it."""

    def __init__(self, message: str, *, cursor: str | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.cursor = cursor


class Rejected(UnifiedError):
    """The vendor's validation rejected the values (HTTP 400, 422); `fields` has the problems by unified field name."""


class RateLimited(UnifiedError):
    """Too many requests. `retry_after` is the number of seconds to wait, None if the vendor does not state it."""

    def __init__(self, message: str, *, retry_after: float | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.retry_after = retry_after


class LimitExhausted(RateLimited):
    """The account's requests of a long period, such as a day, are used up. A request is not sent again within the call."""


class Unavailable(UnifiedError):
    """The vendor cannot be reached, or is failing (HTTP 5xx); or the broker or a database that the call needs.

    `retry_after` is the number of seconds to wait, if the vendor states it.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.retry_after = retry_after


class Unconfirmed(Unavailable):
    """A write was sent and its response was lost: it is not known if the vendor executed it.

    It was not repeated, and `retry_safe` is False: check the vendor's records first. `late`: the vendor may still execute it. If
    reconciliation is possible after `retry_after` seconds, `retry_safe` is True: the same call with its idempotency key does it.
    """

    def __init__(self, message: str, *, late: bool = False, **context: Any) -> None:
        super().__init__(message, **context)
        self.late = late


class VendorProtocolError(UnifiedError):
    """The vendor's response does not match its document: malformed, too large, HTML, of another type, or a redirect elsewhere."""


class TransportFailure(Exception):
    """Error of a transport that got no response. The driver converts it to a `UnifiedError`.

    `sent` is False only if the vendor provably has not received the complete request. `permanent`: another attempt cannot succeed
    (invalid certificate, invalid URL). `late`: the client stopped waiting, and the vendor may still be processing the request.
    """

    def __init__(self, message: str, *, sent: bool, permanent: bool = False, late: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.sent = sent
        self.permanent = permanent
        self.late = late


class UnreadableResponse(TransportFailure):
    """A response arrived and cannot be used: larger than allowed, or not decompressible. `status` is its HTTP status."""

    def __init__(self, message: str, *, status: int, request_id: str | None = None) -> None:
        super().__init__(message, sent=True, permanent=True)
        self.status = status
        self.request_id = request_id
