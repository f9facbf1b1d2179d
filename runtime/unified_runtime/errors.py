"""The errors of a call, one tree that says what the caller can do.

Every error is a `UnifiedError`. `InvalidInput` and `Unsupported` are the caller's to mend and are raised before anything is
sent; `NotConnected`, `Denied`, `ApprovalRequired`, `Unauthorized` and `Forbidden` are about who may do what; `NotFound`,
`Conflict`, `Rejected` and `StaleCursor` are the vendor's answer; `RateLimited` and `Unavailable` pass; `ListTooLong` is the client's own
bound; `VendorProtocolError` means that the vendor did not keep to its own description.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from unified_runtime.calling.plans import Plan
    from unified_runtime.records import Raw


class Done:
    """A writing request of the failed operation that the vendor had already carried out.

    `request` is its method and path, `answer` what the vendor replied (the id of a record just made, usually). `again`: the same call
    once more would do it once more; what sets a value, or goes under an idempotency key, it would not.
    """

    __slots__ = ("again", "answer", "request", "status")

    def __init__(self, request: str, status: int, answer: Raw, *, again: bool = True) -> None:
        self.request = request
        self.status = status
        self.answer = answer
        self.again = again

    def __repr__(self) -> str:
        return f"Done({self.request!r}, status={self.status})"


class UnifiedError(Exception):
    """The root of all errors of a call.

    Attributes:
        message: what went wrong, in unified terms.
        vendor: name of the vendor (`jira`), None where no vendor was chosen yet.
        operation: resource and operation (`tasks.create`).
        retry_safe: the same call may be repeated as it is: it may succeed then, and cannot do twice what shall be done once.
        request_id: the vendor's id of the failed request, for its support and its logs.
        trace_id: the id of the trace this call belongs to, where tracing is on.
        fields: problems by unified field name.
        status: the HTTP status, where an answer was the cause.
        code: the vendor's own error code.
        done: writing requests that had succeeded before this operation failed.
        lost: writing requests, by method and path, that were sent and may have been carried out: no answer says whether they were.
        made: the id of the record that a create had made before it failed, where the vendor's answer told it.
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

    def __str__(self) -> str:
        place = " on ".join(part for part in (self.operation, self.vendor) if part)
        text = f"{place}: {self.message}" if place else self.message
        for done in self.done:
            twice = ": repeating the call would do it twice" if done.again else ""
            text += f"\n{done.request} had already been carried out (HTTP {done.status}){twice}"
        for request in self.lost if not isinstance(self, Unconfirmed) else ():
            text += f"\n{request} was sent, and whether it was carried out is not known"
        if self.made is not None:
            text += f"\nthe record that was made is {self.made!r}"
        return f"{text} (request id {self.request_id})" if self.request_id else text

    def __reduce__(self) -> tuple[Any, ...]:
        # The default passes the positional arguments only and loses everything the constructor takes by name.
        return _restore, (type(self), self.message, self.__dict__)


def _restore(kind: type[UnifiedError], message: str, state: dict[str, Any]) -> UnifiedError:
    error = kind.__new__(kind, message)
    error.__dict__.update(state)
    return error


class InvalidInput(UnifiedError):
    """The call itself is wrong: a missing, unknown or ill-typed input. Nothing was sent."""


class Unsupported(UnifiedError):
    """The vendor has no place for this field, value or operation. Nothing was sent for it."""


class NotConnected(UnifiedError):
    """No connection fits the call: connect the vendor first, or name a user that is connected."""


class Denied(UnifiedError):
    """A policy forbids the call. `reasons` say why, `policies` are the ids of the rules that decided, where the engine tells them."""

    def __init__(self, message: str, *, reasons: tuple[str, ...] = (), policies: tuple[str, ...] = (), **context: Any) -> None:
        super().__init__(message, **context)
        self.reasons = reasons
        self.policies = policies


class QuotaExceeded(Denied):
    """An agent has had what it may have in a day. `quota` names which of its quotas it is; `retry_after` is when the day ends, in seconds
    from now."""

    def __init__(self, message: str, *, quota: str = "", retry_after: float | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.quota = quota
        self.retry_after = retry_after


class ApprovalRequired(UnifiedError):
    """A policy wants a person to approve the call first. Once that is done, the same call succeeds, once.

    Attributes:
        approval: the id under which it can be approved (`unified approvals approve ID`).
        plan: the requests the call would send, credentials redacted.
        expires_at: when the approval can no longer be given or used.
        reasons: why it is needed.
    """

    def __init__(
        self,
        message: str,
        *,
        approval: str = "",
        plan: Plan | None = None,
        expires_at: datetime | None = None,
        reasons: tuple[str, ...] = (),
        **context: Any,
    ) -> None:
        super().__init__(message, **context)
        self.approval = approval
        self.plan = plan
        self.expires_at = expires_at
        self.reasons = reasons


class Unauthorized(UnifiedError):
    """The vendor does not accept the credential (HTTP 401): connect again."""


class Forbidden(UnifiedError):
    """The credential is good, but may not do this (HTTP 403)."""


class NotFound(UnifiedError):
    """No such record, or none that this credential may see (HTTP 404, 410)."""


class Conflict(UnifiedError):
    """The record is not in a state that allows this, or has changed meanwhile (HTTP 409, 412, 423)."""


class StaleCursor(UnifiedError):
    """The vendor no longer knows what changed since a cursor of `changes`: call it again without one, and what comes is all there is."""


class ListTooLong(UnifiedError):
    """A list has more records than `Settings(longest_list=…)`. `cursor` goes on where it ended."""

    def __init__(self, message: str, *, cursor: str | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.cursor = cursor


class Rejected(UnifiedError):
    """The vendor's own validation refused the values; `fields` tells it in unified names (HTTP 400, 422)."""


class RateLimited(UnifiedError):
    """Too many requests. `retry_after` is the number of seconds to wait, None where the vendor does not say."""

    def __init__(self, message: str, *, retry_after: float | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.retry_after = retry_after


class Unavailable(UnifiedError):
    """The vendor cannot be reached, or is failing (HTTP 5xx). `retry_after` is its own wish in seconds, if it has one."""

    def __init__(self, message: str, *, retry_after: float | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.retry_after = retry_after


class Unconfirmed(Unavailable):
    """A writing request was sent and its answer was lost: whether the vendor carried it out is not known.

    It was not repeated, and `retry_safe` is False: look first. `late`: nobody says that it ended, so that it may yet be carried out. Where
    it can be looked for again, after `retry_after` seconds, the same call under its idempotency key does so, and `retry_safe` is True.
    """

    def __init__(self, message: str, *, late: bool = False, **context: Any) -> None:
        super().__init__(message, **context)
        self.late = late


class VendorProtocolError(UnifiedError):
    """The vendor's answer is not what its description says: malformed, huge, HTML, of another type, or a redirect elsewhere."""


class TransportFailure(Exception):
    """What a transport raises when there is no answer. The driver turns it into an error of the tree.

    `sent` is False only if the vendor provably has not received the whole request. `permanent` says that trying
    again cannot help: a certificate that is not valid, a URL that cannot be. `late`: it was the client that gave up waiting, and the
    vendor may still be at it.
    """

    def __init__(self, message: str, *, sent: bool, permanent: bool = False, late: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.sent = sent
        self.permanent = permanent
        self.late = late


class AnswerUnreadable(TransportFailure):
    """An answer came and cannot be used: larger than allowed, or compressed wrongly. `status` is its HTTP status."""

    def __init__(self, message: str, *, status: int, request_id: str | None = None) -> None:
        super().__init__(message, sent=True, permanent=True)
        self.status = status
        self.request_id = request_id
