"""Classification of failed responses and transport failures: the `UnifiedError` that each one raises."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

from unified_runtime.core import errors
from unified_runtime.core.credentials import Secret
from unified_runtime.core.decoding import looks_like_html
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.errors import RateLimited, TransportFailure, Unavailable, Unconfirmed, UnifiedError, VendorProtocolError
from unified_runtime.core.messages import Request
from unified_runtime.core.redaction import redact, redacted_failure
from unified_runtime.core.responses import Response
from unified_runtime.core.vendors import Failure, Vendor

BY_STATUS: Mapping[int, type[UnifiedError]] = {
    400: errors.Rejected,
    401: errors.Unauthorized,
    402: errors.Unsupported,  # the account's plan does not include the operation
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
"""Errors by HTTP status (RFC 9110 and 6585). Any other 5xx is `Unavailable`, any other status a `VendorProtocolError`."""

REFUSED = frozenset({421, 425, 429})
"""Statuses of requests that were not processed (RFC 9110, 8470, 6585), so that even a plain POST may be repeated."""

LATE = frozenset({408, 504, 524})
"""Statuses of a proxy or server that stopped waiting (RFC 9110; 524 is Cloudflare's): the origin may still be processing the request."""

BY_KIND: Mapping[str, type[UnifiedError]] = {
    kind.__name__: kind
    for kind in (
        errors.Unauthorized,
        errors.Forbidden,
        errors.NotFound,
        errors.Conflict,
        errors.Rejected,
        errors.RateLimited,
        errors.LimitExhausted,
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
    errors.LimitExhausted: "the requests of this account at {vendor} are used up for now",
    errors.Unavailable: "{vendor} is failing",
    errors.Unsupported: "{vendor} does not offer this",
    VendorProtocolError: "{vendor} responded contrary to its own description",
}


_PLAN = "the plan of the account at {vendor} does not include this"
"""Meaning of HTTP 402."""


def failed(response: Response, vendor: Vendor) -> bool:
    """Return true if a response is a failure: any status other than HTTP 2xx, or a 2xx in which the vendor reports one."""
    return not 200 <= response.status < 300 or (vendor.failed is not None and vendor.failed(response))


def response_error(
    response: Response, request: Request, vendor: Vendor, names: Mapping[str, str], secrets: tuple[Secret, ...]
) -> UnifiedError:
    """Return the error for a failed response. `names` maps the vendor's field names to unified ones."""
    failure = (vendor.failure(response) if vendor.failure is not None else None) or Failure()
    failure = redacted_failure(failure, secrets)
    kind = _kind(response, failure)
    message = failure.message or "; ".join(failure.messages)
    endpoint = request.endpoint
    text = (_PLAN if response.status == 402 and kind is errors.Unsupported else MEANING[kind]).format(vendor=vendor.title)
    fields = _unified_fields(failure, names)
    if message:
        text += f": {message}"
    elif looks_like_html(response):
        text += ", with an HTML page instead of an error"
    for name, message in fields.items():
        if message not in text:
            text += f"; {name}: {message}"
    for message in failure.messages:
        if message not in text:
            text += f"; {message}"
    if failure.hint is not None:
        text += f"; {failure.hint}"
    text += f" (HTTP {response.status} to {endpoint.method} {endpoint.template})"
    if kind is Unavailable and endpoint.retry is Retry.NEVER and response.status not in REFUSED:
        kind = Unconfirmed
        text += ". Whether the request was executed is not known; it was not repeated"
    request_id = redact(response.request_id or "", secrets) or None
    context: dict[str, Any] = {"status": response.status, "code": failure.code, "request_id": request_id, "fields": fields}
    if kind is Unconfirmed:
        return Unconfirmed(text, retry_after=retry_after(response, vendor.longest_wait), late=response.status in LATE, **context)
    if issubclass(kind, (RateLimited, Unavailable)):
        return kind(text, retry_after=retry_after(response, vendor.longest_wait), **context)
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
        return errors.Rejected  # a failure that the vendor reports with HTTP 2xx, of a kind that its mapping does not declare
    return VendorProtocolError


def _unified_fields(failure: Failure, names: Mapping[str, str]) -> dict[str, str]:
    fields = {names.get(name, name): message for name, message in failure.fields.items()}
    for message in failure.messages:
        if (name := _leading_name(message, names)) is not None:
            fields[names[name]] = message
    return fields


def _leading_name(message: str, names: Mapping[str, str]) -> str | None:
    """Return the vendor field that a message begins with, also in its display form: `Due date is invalid` for `due_date`."""
    start = message.casefold()
    fitting = [name for name in names if start.startswith((_plain_name(name) + " ", name.casefold() + " "))]
    return max(fitting, key=len, default=None)


def _plain_name(name: str) -> str:
    return name.rpartition(".")[2].removesuffix("_id").replace("_", " ").casefold()


def _spent(response: Response) -> bool:
    """Return true if a response states that the rate limit is used up
    (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api)."""
    return response.headers.get("x-ratelimit-remaining", "").strip() == "0"


LONGEST_WAIT = 86400.0
"""Maximum seconds that a response of any vendor can make a call wait."""


def retry_after(response: Response, longest: float = LONGEST_WAIT) -> float | None:
    """Return the seconds to wait by the `Retry-After` header (RFC 9110, section 10.2.3), a number or a date; None without one.

    A time longer than `longest` is reduced to it.

    Without the header, if the rate limit is used up, `X-RateLimit-Reset` is the time of its reset, in seconds since 1970; a value that
    is too small for that is ignored.
    """
    value = response.headers.get("retry-after", "").strip()
    if not value:
        reset = response.headers.get("x-ratelimit-reset", "").strip() if _spent(response) else ""
        seconds = int(reset) - time.time() if reset.isascii() and reset.isdigit() and 9 < len(reset) < 12 else None
        return None if seconds is None else min(max(0.0, seconds), longest)
    try:
        seconds = float(value)
    except ValueError:
        try:
            from email.utils import parsedate_to_datetime

            instant = parsedate_to_datetime(value)
            seconds = instant.timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return min(max(0.0, seconds), longest) if math.isfinite(seconds) else None


def transport_error(failure: TransportFailure, request: Request, vendor: Vendor, secrets: tuple[Secret, ...]) -> Unavailable:
    """Return the error for a request without a response."""
    endpoint = request.endpoint
    reason = redact(failure.message, secrets)
    if not failure.sent:
        return Unavailable(f"{vendor.title} cannot be reached: {reason} ({endpoint.method} {endpoint.template} was not sent)")
    if endpoint.retry is Retry.NEVER:
        return Unconfirmed(
            f"{endpoint.method} {endpoint.template} was sent and {vendor.title}'s response was lost: {reason}. Whether it was executed "
            "is not known; it was not repeated",
            late=failure.late,
        )
    return Unavailable(f"{vendor.title} did not respond {endpoint.method} {endpoint.template}: {reason}")
