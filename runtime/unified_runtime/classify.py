"""What an answer or a transport failure means for the caller: one error of the tree."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from unified_runtime import errors
from unified_runtime.credentials import Secret
from unified_runtime.errors import RateLimited, TransportFailure, Unavailable, Unconfirmed, UnifiedError, VendorProtocolError
from unified_runtime.messages import Request, Response
from unified_runtime.reading import looks_like_html
from unified_runtime.redaction import scrub, told
from unified_runtime.steps import Retry
from unified_runtime.vendors import Failure, Vendor

BY_STATUS: Mapping[int, type[UnifiedError]] = {
    400: errors.Rejected,
    401: errors.Unauthorized,
    402: errors.Forbidden,  # what is asked for is not in the account's plan
    403: errors.Forbidden,
    404: errors.NotFound,
    408: errors.Unavailable,
    409: errors.Conflict,
    410: errors.NotFound,
    412: errors.Conflict,
    413: errors.Rejected,
    414: errors.Rejected,
    421: errors.Unavailable,
    422: errors.Rejected,
    423: errors.Conflict,
    424: errors.Conflict,
    425: errors.Unavailable,
    428: errors.Conflict,
    429: errors.RateLimited,
    431: errors.Rejected,
    451: errors.Forbidden,
    501: errors.Unsupported,
}
"""RFC 9110 and 6585. A 5xx not named here is Unavailable, any other answer is against the vendor's own description."""

REFUSED = frozenset({421, 425, 429})
"""Statuses that say the request was not processed (RFC 9110, 8470, 6585), so that even a plain POST may be repeated."""

LATE = frozenset({408, 504, 524})
"""Statuses of somebody in between who gave up waiting (RFC 9110; 524 is Cloudflare's): the server behind may still be at it."""

BY_KIND: Mapping[str, type[UnifiedError]] = {
    kind.__name__: kind
    for kind in (
        errors.Unauthorized,
        errors.Forbidden,
        errors.NotFound,
        errors.Conflict,
        errors.Rejected,
        errors.RateLimited,
        errors.Unavailable,
        errors.Unsupported,
    )
}

MEANING: Mapping[type[UnifiedError], str] = {
    errors.Rejected: "{vendor} did not accept the values",
    errors.Unauthorized: "{vendor} did not accept the credential",
    errors.Forbidden: "the credential may not do this at {vendor}",
    errors.NotFound: "{vendor} has no such record, or none that this credential may see",
    errors.Conflict: "the record at {vendor} is not in a state that allows this",
    errors.RateLimited: "{vendor} wants fewer requests",
    errors.Unavailable: "{vendor} is failing",
    errors.Unsupported: "{vendor} does not offer this",
    VendorProtocolError: "{vendor} answered against its own description",
}


def failed(response: Response, vendor: Vendor) -> bool:
    """Whether an answer is a failure: any but HTTP 2xx, and of those the ones the vendor says so of."""
    return not 200 <= response.status < 300 or (vendor.failed is not None and vendor.failed(response))


def answer_error(
    response: Response, request: Request, vendor: Vendor, names: Mapping[str, str], secrets: tuple[Secret, ...]
) -> UnifiedError:
    """The error a failed answer stands for. `names` tells the vendor's field names in unified ones."""
    failure = (vendor.failure(response) if vendor.failure is not None else None) or Failure()
    failure = told(failure, secrets)
    kind = _kind(response, failure)
    said = failure.message or "; ".join(failure.messages)
    endpoint = request.endpoint
    text = MEANING[kind].format(vendor=vendor.title)
    fields = _unified_fields(failure, names)
    if said:
        text += f": {said}"
    elif looks_like_html(response):
        text += ", with an HTML page instead of an error"
    for name, message in fields.items():
        if message not in text:
            text += f"; {name}: {message}"
    for message in failure.messages:
        if message not in text:
            text += f"; {message}"
    text += f" (HTTP {response.status} to {endpoint.method} {endpoint.template})"
    if kind is Unavailable and endpoint.retry is Retry.NEVER and response.status not in REFUSED:
        kind = Unconfirmed
        text += ". Whether the request was carried out is not known; it was not repeated"
    request_id = scrub(response.request_id or "", secrets) or None
    context: dict[str, Any] = {"status": response.status, "code": failure.code, "request_id": request_id, "fields": fields}
    if kind is Unconfirmed:
        return Unconfirmed(text, retry_after=retry_after(response), late=response.status in LATE, **context)
    if issubclass(kind, (RateLimited, Unavailable)):
        return kind(text, retry_after=retry_after(response), **context)
    return kind(text, **context)


def _kind(response: Response, failure: Failure) -> type[UnifiedError]:
    if failure.kind is not None and failure.kind in BY_KIND:
        return BY_KIND[failure.kind]
    status = response.status
    if status == 403 and ("retry-after" in response.headers or _spent(response)):
        return RateLimited  # GitHub's limits, among others
    if status in BY_STATUS:
        return BY_STATUS[status]
    if 500 <= status < 600:
        return Unavailable
    if 200 <= status < 300:
        return errors.Rejected  # the vendor's own word for a failure, of no kind that its mapping names
    return VendorProtocolError


def _unified_fields(failure: Failure, names: Mapping[str, str]) -> dict[str, str]:
    fields = {names.get(name, name): message for name, message in failure.fields.items()}
    for message in failure.messages:
        if (name := _leading_name(message, names)) is not None:
            fields[names[name]] = message
    return fields


def _leading_name(message: str, names: Mapping[str, str]) -> str | None:
    """The vendor field a message begins with, however it is spelt for people: `Due date is invalid` for `due_date`."""
    start = message.casefold()
    fitting = [name for name in names if start.startswith((_spoken(name) + " ", name.casefold() + " "))]
    return max(fitting, key=len, default=None)


def _spoken(name: str) -> str:
    return name.rpartition(".")[2].removesuffix("_id").replace("_", " ").casefold()


def _spent(response: Response) -> bool:
    """Whether the vendor says that no request is left (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api)."""
    return response.headers.get("x-ratelimit-remaining", "").strip() == "0"


def retry_after(response: Response) -> float | None:
    """Seconds to wait by the `Retry-After` header (RFC 9110, section 10.2.3): a number or a date. None without one.

    Where no request is left, `X-RateLimit-Reset` says when there will be, in seconds since 1970; a small number is taken for
    something else.
    """
    value = response.headers.get("retry-after", "").strip()
    if not value:
        reset = response.headers.get("x-ratelimit-reset", "").strip() if _spent(response) else ""
        return max(0.0, int(reset) - time.time()) if reset.isascii() and reset.isdigit() and 9 < len(reset) < 12 else None
    try:
        seconds = float(value)
    except ValueError:
        try:
            from email.utils import parsedate_to_datetime

            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = moment.timestamp() - time.time()
    return max(0.0, seconds) if seconds < float("inf") else None  # also drops NaN


def transport_error(failure: TransportFailure, request: Request, vendor: Vendor, secrets: tuple[Secret, ...]) -> Unavailable:
    """The error a request without an answer stands for."""
    endpoint = request.endpoint
    reason = scrub(failure.message, secrets)
    if not failure.sent:
        return Unavailable(f"{vendor.title} cannot be reached: {reason} ({endpoint.method} {endpoint.template} was not sent)")
    if endpoint.retry is Retry.NEVER:
        return Unconfirmed(
            f"{endpoint.method} {endpoint.template} was sent and {vendor.title}'s answer was lost: {reason}. Whether it was carried out "
            "is not known; it was not repeated",
            late=failure.late,
        )
    return Unavailable(f"{vendor.title} did not answer {endpoint.method} {endpoint.template}: {reason}")
