"""Conversion of `UnifiedError`s to the wire format and back."""

from __future__ import annotations

from typing import Any

import msgspec

from unified_runtime.core import errors
from unified_runtime.core.approval_required import ApprovalRequired
from unified_runtime.core.errors import Candidate, Done, UnifiedError
from unified_runtime.core.records import Document, Raw
from unified_runtime.core.wire import values
from unified_runtime.core.wire.protocol import ExecutedRequest, Failure

decode = msgspec.json.Decoder(Failure).decode
"""Decode a failure from JSON. Raises msgspec's `DecodeError`, or `UnicodeDecodeError`, if it is not valid."""

_KINDS: dict[str, type[UnifiedError]] = {
    kind.__name__: kind for kind in (*vars(errors).values(), ApprovalRequired) if isinstance(kind, type) and issubclass(kind, UnifiedError)
}

STATUSES: tuple[tuple[type[UnifiedError], int], ...] = (
    (errors.InvalidInput, 400),
    (errors.Unsupported, 400),
    (errors.Denied, 403),
    (ApprovalRequired, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.Rejected, 422),
    (errors.RateLimited, 429),
)
"""HTTP statuses of errors. All other errors, of the vendor or the connection to it, are 424: a proxy must not conclude that the broker
has failed."""


def status(error: UnifiedError) -> int:
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 424)


def failure(error: UnifiedError, *, own: bool = False) -> Failure:
    """Convert an error to the wire format. A class that is not known to both sides is sent as its nearest base class that is."""
    kind = next((kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _KINDS), "UnifiedError")
    plan = getattr(error, "plan", None)
    return Failure(
        error=kind,
        message=error.message,
        own=own,
        vendor=error.vendor,
        operation=error.operation,
        retry_safe=error.retry_safe,
        request_id=error.request_id,
        trace_id=error.trace_id,
        fields=error.fields,
        status=error.status,
        code=error.code,
        done=[ExecutedRequest(done.request, done.status, values.document(done.response.body), done.again) for done in error.done],
        lost=error.lost,
        made=error.made,
        candidates=[(each.id, each.title, each.url, each.created_at) for each in error.candidates],
        retry_after=getattr(error, "retry_after", None),
        reasons=getattr(error, "reasons", ()),
        policies=getattr(error, "policies", ()),
        quota=getattr(error, "quota", ""),
        approval=getattr(error, "approval", ""),
        expires_at=getattr(error, "expires_at", None),
        url=error.url if isinstance(error, errors.NotConnected) else None,
        plan=None if plan is None else values.plan_data(plan),
    )


def error(failure: Failure) -> UnifiedError:
    """Convert a failure in the wire format back to the error."""
    kind = _KINDS.get(failure.error, UnifiedError)
    more: dict[str, Any] = {}
    if issubclass(kind, (errors.RateLimited, errors.Unavailable)):
        more["retry_after"] = failure.retry_after
    if issubclass(kind, (errors.Denied, ApprovalRequired)):
        more["reasons"] = failure.reasons
    if issubclass(kind, errors.Denied):
        more["policies"] = failure.policies
    if issubclass(kind, errors.QuotaExceeded):
        more |= {"quota": failure.quota, "retry_after": failure.retry_after}
    if issubclass(kind, ApprovalRequired):
        plan = None if failure.plan is None else values.plan(failure.plan)
        more |= {"approval": failure.approval, "expires_at": failure.expires_at, "plan": plan}
    made = kind(
        failure.message,
        vendor=failure.vendor,
        operation=failure.operation,
        retry_safe=failure.retry_safe,
        request_id=failure.request_id,
        trace_id=failure.trace_id,
        fields=failure.fields,
        status=failure.status,
        code=failure.code,
        done=tuple(Done(done.request, done.status, Raw(Document(values.body(done.response))), again=done.again) for done in failure.done),
        lost=failure.lost,
        made=failure.made,
        candidates=tuple(Candidate(*each) for each in failure.candidates),
        **more,
    )
    if isinstance(made, errors.NotConnected):
        made.url = failure.url
    return made
