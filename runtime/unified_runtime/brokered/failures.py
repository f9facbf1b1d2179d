"""Errors of the tree as a broker answers them, and back."""

from __future__ import annotations

from typing import Any

import msgspec

from unified_runtime import errors
from unified_runtime.brokered import values
from unified_runtime.brokered.protocol import Did, Failure
from unified_runtime.errors import Done, UnifiedError
from unified_runtime.records import Document, Raw

decode = msgspec.json.Decoder(Failure).decode
"""A failure from its JSON. Raises msgspec's `DecodeError`, or `UnicodeDecodeError`, where it is none."""

_KINDS: dict[str, type[UnifiedError]] = {
    kind.__name__: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, UnifiedError)
}

STATUSES: tuple[tuple[type[UnifiedError], int], ...] = (
    (errors.InvalidInput, 400),
    (errors.Unsupported, 400),
    (errors.Denied, 403),
    (errors.ApprovalRequired, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.Rejected, 422),
    (errors.RateLimited, 429),
)
"""HTTP statuses of errors. What the vendor or a connection to it lacks is 424: a proxy must not take the broker for broken."""


def status(error: UnifiedError) -> int:
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 424)


def failure(error: UnifiedError, *, own: bool = False) -> Failure:
    """An error for the wire. One of a kind that the agent's side does not know goes as the nearest one that it does."""
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
        done=[Did(done.request, done.status, values.document(done.answer.body), done.again) for done in error.done],
        lost=error.lost,
        made=error.made,
        retry_after=getattr(error, "retry_after", None),
        reasons=getattr(error, "reasons", ()),
        policies=getattr(error, "policies", ()),
        quota=getattr(error, "quota", ""),
        approval=getattr(error, "approval", ""),
        expires_at=getattr(error, "expires_at", None),
        plan=None if plan is None else values.plan_data(plan),
    )


def error(told: Failure) -> UnifiedError:
    """The error that `failure` was given."""
    kind = _KINDS.get(told.error, UnifiedError)
    more: dict[str, Any] = {}
    if issubclass(kind, (errors.RateLimited, errors.Unavailable)):
        more["retry_after"] = told.retry_after
    if issubclass(kind, (errors.Denied, errors.ApprovalRequired)):
        more["reasons"] = told.reasons
    if issubclass(kind, errors.Denied):
        more["policies"] = told.policies
    if issubclass(kind, errors.QuotaExceeded):
        more |= {"quota": told.quota, "retry_after": told.retry_after}
    if issubclass(kind, errors.ApprovalRequired):
        plan = None if told.plan is None else values.plan(told.plan)
        more |= {"approval": told.approval, "expires_at": told.expires_at, "plan": plan}
    return kind(
        told.message,
        vendor=told.vendor,
        operation=told.operation,
        retry_safe=told.retry_safe,
        request_id=told.request_id,
        trace_id=told.trace_id,
        fields=told.fields,
        status=told.status,
        code=told.code,
        done=tuple(Done(done.request, done.status, Raw(Document(values.body(done.answer))), again=done.again) for done in told.done),
        lost=told.lost,
        made=told.made,
        **more,
    )
