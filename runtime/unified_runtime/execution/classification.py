"""Classification of an attempt: a response that the adapter may read, or an error. Follows redirects."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from unified_runtime.core.allowed_hosts import headers_elsewhere
from unified_runtime.core.applied_credentials import NO_CREDENTIAL
from unified_runtime.core.connections import Connection
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.error_classification import failed, response_error, transport_error
from unified_runtime.core.errors import (
    RateLimited,
    TransportFailure,
    Unavailable,
    Unconfirmed,
    UnifiedError,
    UnreadableResponse,
    VendorProtocolError,
)
from unified_runtime.core.messages import HTTPRequest, Request
from unified_runtime.core.origins import matches, origin
from unified_runtime.core.responses import Response
from unified_runtime.execution.flows import ActionResult, Flow
from unified_runtime.execution.http_requests import with_headers
from unified_runtime.execution.stages import CallState, request_name


def unproven_write(request: Request, response: Response, call: CallState) -> UnifiedError | None:
    """Return the error for a success that does not prove that a write was executed: an HTML page, or nothing instead of a body.

    A login page, or the page of a proxy, has this form. None for any other response.
    """
    start = response.body[:64].lstrip()
    if request.stream or (start[:1] != b"<" if start else not request.expects):
        return None
    name = request_name(request)
    call.note_lost(request)
    found = "an HTML or XML page" if start else "empty"
    text = f"the response of {call.connection.vendor.title} to {name} is {found} (HTTP {response.status})"
    request_id = response.request_id
    if request.endpoint.retry is Retry.NEVER:
        message = f"{text}, which does not show whether the request was executed; it was not repeated"
        return Unconfirmed(message, status=response.status, request_id=request_id)
    return VendorProtocolError(text, status=response.status, request_id=request_id, retry_safe=not call.unconfirmed)


def classified(outcome: ActionResult, request: Request, wire: HTTPRequest, call: CallState) -> Flow[Response | UnifiedError]:
    """Return the classified outcome of an attempt, after reporting it to the circuit breaker and the rate limiter."""
    settled = yield from _judged(outcome, request, wire, call)
    if call.circuit_breaker is not None:
        if isinstance(settled, Unavailable):
            call.circuit_breaker.failed()
        else:
            call.circuit_breaker.succeeded()
    if isinstance(settled, RateLimited) and settled.status != 429 and call.entry is not None and call.rate_limiter is not None:
        from unified_runtime.execution.rate_limiting import refused

        yield from refused(call.entry, call.rate_limiter, settled.retry_after)
    return settled


def _judged(outcome: ActionResult, request: Request, wire: HTTPRequest, call: CallState) -> Flow[Response | UnifiedError]:
    """Return the response to an attempt after redirects on the same server, or its error."""
    connection = call.connection
    if isinstance(outcome, Response) and outcome.status == 401 and connection.credential.wants_nonce(outcome):
        outcome = yield from call.send(request, wire, call)
    for hop in range(call.settings.redirects + 1):
        if isinstance(outcome, UnreadableResponse) and not (request.endpoint.retry is Retry.NEVER and outcome.status < 300):
            return VendorProtocolError(outcome.message, status=outcome.status, request_id=outcome.request_id)
        if isinstance(outcome, TransportFailure):
            return transport_error(outcome, request, connection.vendor, connection.secrets)
        assert isinstance(outcome, Response)
        if request.accepts is not None and request.accepts(outcome):
            return outcome
        if outcome.status in {301, 302, 303, 307, 308}:
            followed = _redirected(outcome, request, wire, connection)
            if isinstance(followed, UnifiedError):
                return followed
            wire = followed
            call.redirected = True
            if hop < call.settings.redirects:
                outcome = yield from call.send(request, wire, call)
            continue
        if failed(outcome, connection.vendor):
            return response_error(outcome, request, connection.vendor, call.names, connection.secrets)
        return outcome
    return VendorProtocolError(f"{connection.vendor.title} redirects {request.endpoint.method} {request.endpoint.template} in circles")


def _redirected(response: Response, request: Request, wire: HTTPRequest, connection: Connection) -> HTTPRequest | UnifiedError:
    """Return the request that a redirect leads to: reads only, and only on the server that the credential is for."""
    endpoint = request.endpoint
    target = urljoin(wire.url, response.headers.get("location", ""))
    parts = urlsplit(target)
    what = f"{connection.vendor.title} redirects {endpoint.method} {endpoint.template} (HTTP {response.status})"
    context: dict[str, Any] = {"status": response.status, "request_id": connection.credential.redact(response.request_id or "") or None}
    elsewhere = (parts.scheme, parts.netloc) != origin(wire.url)
    known = any(matches(pattern, target) for pattern in connection.addresses)
    if elsewhere and not (request.stream and (known or (request.anywhere and matches(f"https://{parts.netloc.lower()}", target)))):
        return VendorProtocolError(f"{what} to another server, {parts.netloc[:100]!r}, where the credential must not go", **context)
    if endpoint.retry is not Retry.SAFE or endpoint.method not in {"GET", "HEAD"}:
        return VendorProtocolError(f"{what}; only reads are sent again elsewhere", **context)
    if elsewhere:
        headers = with_headers(headers_elsewhere(connection, target), request.headers or {})
        url = parts._replace(fragment="").geturl()
        # A host that is not declared must be a public one.
        return msgspec.structs.replace(wire, url=url, headers=headers, credential=NO_CREDENTIAL, inside=wire.inside and known)
    if request.address is not None:
        return VendorProtocolError(f"{what}, which is an address already", **context)
    # A vendor may copy our query into its redirect, including secrets that are sent in it; they are added again.
    return msgspec.structs.replace(wire, url=connection.credential.without_secrets(parts._replace(fragment="").geturl()))
