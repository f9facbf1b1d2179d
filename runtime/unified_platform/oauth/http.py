"""HTTP requests to an authorization server: JSON responses, retries of transient failures, no redirects, redacted secrets."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from unified_platform.oauth.errors import AuthorizationRefused, InvalidGrant, UntrustedToken
from unified_platform.oauth.secret_fields import applied, concealed, form_bytes, json_bytes, within
from unified_runtime import Retry
from unified_runtime.core.credentials import Secret
from unified_runtime.core.error_classification import retry_after
from unified_runtime.core.errors import (
    InvalidInput,
    RateLimited,
    TransportFailure,
    Unavailable,
    UnifiedError,
    UnreadableResponse,
    VendorProtocolError,
)
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.redaction import redact
from unified_runtime.core.responses import Response
from unified_runtime.core.settings import Settings
from unified_runtime.execution.flows import ActionResult, Flow
from unified_runtime.execution.retry_policy import TRANSIENT

SETTINGS = Settings(connect_timeout=5, read_timeout=10, write_timeout=10, deadline=20, attempts=4, largest_response=1024 * 1024)
"""Transport settings for authorization servers. Responses are small, and time is limited by the lease held during the request."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Fields = Mapping[str, Any]
"""Form fields: strings and `Secret`s. A sequence repeats its field (`resource`, RFC 8707)."""

Headers = Mapping[str, str | Secret]


class ServerResponse:
    """Response of an endpoint, and the secrets that were sent to it, which are redacted from messages about the response."""

    __slots__ = ("_known", "_what", "response")

    def __init__(self, response: Response, what: str, known: tuple[Secret, ...]) -> None:
        self.response = response
        self._what = what
        self._known = known

    @property
    def status(self) -> int:
        return self.response.status

    def value(self) -> Any:
        """Decode the JSON body, with its secrets as `Secret`s; None if it is not JSON."""
        return concealed(self.response.body, self._known)

    def object(self) -> dict[str, Any]:
        """Return the JSON object in the body.

        Raises:
            VendorProtocolError: the body is not a JSON object.
        """
        value = self.value()
        if not isinstance(value, dict):
            raise VendorProtocolError(f"the {self._what} did not return a JSON object (HTTP {self.status})", status=self.status)
        return value

    def granted(self) -> dict[str, Any]:
        """Return the JSON object of a successful response.

        Some servers report a failure with HTTP 200 (GitHub, Slack): a response with `error` is a failure, even with that status.

        Raises:
            AuthorizationRefused: the server refused the request.
            VendorProtocolError: the response is not a JSON object.
        """
        value = self.value()
        found = value if isinstance(value, dict) else {}
        if 200 <= self.status < 300 and not found.get("error") and found.get("ok") is not False:
            return self.object()
        request_id = redact(self.response.request_id or "", self._known) or None
        raise refused(found, self._what, self._known, status=self.status, request_id=request_id)


def checked_endpoint(url: str, what: str) -> str:
    """Return an endpoint's URL after checking it: HTTPS, or plain HTTP on this machine only (OAuth 2.1, section 1.5).

    Raises:
        UntrustedToken: the URL is not valid.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if not host or parts.username is not None or parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        raise UntrustedToken(f"the {what} {url[:100]!r} is not a valid address of an endpoint")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise UntrustedToken(f"the {what} {url[:100]!r} would carry secrets unencrypted: it must be https")
    return url


def get(
    url: str, what: str, *, headers: Headers | None = None, secrets: Sequence[Secret] = (), attempts: int = SETTINGS.attempts
) -> Flow[ServerResponse]:
    """GET a URL and return the first response that is not a transient failure, within `attempts` requests.

    Raises:
        Unavailable, RateLimited: after the last attempt.
        UntrustedToken: the response is a redirect, or the URL is not valid.
    """
    known = (*secrets, *within((headers or {}).values()))
    response = yield from _attempts(lambda deadline: _request("GET", url, what, None, None, headers or {}, deadline), what, known, attempts)
    return ServerResponse(response, what, known)


def post(
    url: str,
    what: str,
    *,
    form: Fields | None = None,
    json: Mapping[str, Any] | None = None,
    headers: Callable[[], Headers] = dict,
    null: bool = False,
    secrets: Sequence[Secret] = (),
) -> Flow[ServerResponse]:
    """POST a form or JSON; with `null`, the JSON value null.

    `headers` is called for every attempt: a DPoP proof can be used once (RFC 9449, section 11.1).

    Raises:
        Unavailable, RateLimited: after the last attempt.
        UntrustedToken: the response is a redirect, or the URL is not valid.
    """
    known = {*secrets, *within((json if json is not None else form or {}).values())}

    def make(deadline: float) -> HTTPRequest:
        now = headers()
        known.update(within(now.values()))
        return _request("POST", url, what, form, json, now, deadline, null=null)

    response = yield from _attempts(make, what, known)
    return ServerResponse(response, what, tuple(known))


def _request(
    method: str,
    url: str,
    what: str,
    form: Fields | None,
    json: Mapping[str, Any] | None,
    headers: Headers,
    deadline: float,
    *,
    null: bool = False,
) -> HTTPRequest:
    checked_endpoint(url, what)
    common = {"Host": urlsplit(url).netloc, "Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "unified-apis"}
    pairs = common | {name: value for name, value in headers.items() if isinstance(value, str)}
    credential = applied({name: value for name, value in headers.items() if isinstance(value, Secret)})
    if method == "POST":
        pairs["Content-Type"] = "application/json" if json is not None or null else "application/x-www-form-urlencoded"
    if credential is None or not all(value.isascii() and value.isprintable() for value in pairs.values()):
        raise InvalidInput(f"a header of the request to the {what} would hold a character that no header can carry")
    request = HTTPRequest(
        method=method,
        url=url,
        headers=[(name.encode("ascii"), value.encode("ascii")) for name, value in pairs.items()],
        body=b"" if method == "GET" else b"null" if null else json_bytes(json) if json is not None else form_bytes(form or {}),
        credential=credential,
        timeout=SETTINGS.timeout,
        largest=SETTINGS.largest_response,
        deadline=deadline,
    )
    if method == "POST":
        request.headers.append((b"Content-Length", b"%d" % len(request.body)))
    return request


def _attempts(
    make: Callable[[float], HTTPRequest], what: str, secrets: Collection[Secret], attempts: int = SETTINGS.attempts
) -> Flow[Response]:
    deadline = time.monotonic() + SETTINGS.deadline
    settled = _settled((yield make(deadline)), what, secrets)
    if isinstance(settled, Response):
        return settled
    # If a response was lost, repeat the request with the same grant: if the server has used the grant up, repeating loses nothing.
    from unified_runtime.execution.retry_schedule import pauses  # only after a failure

    again = pauses(settled, Retry.SAFE, SETTINGS if attempts == SETTINGS.attempts else replace(SETTINGS, attempts=attempts), deadline)
    pause = next(again, None)
    while pause is not None:
        yield pause
        settled = _settled((yield make(deadline)), what, secrets)
        if isinstance(settled, Response):
            return settled
        try:
            pause = again.send(settled)
        except StopIteration:
            break
    settled.retry_safe = isinstance(settled, Unavailable | RateLimited)
    raise settled.with_traceback(None)


def _settled(outcome: ActionResult, what: str, secrets: Collection[Secret]) -> Response | UnifiedError:
    if isinstance(outcome, UnreadableResponse):
        return VendorProtocolError(f"the {what}'s response cannot be used: {outcome.message}", status=outcome.status)
    if isinstance(outcome, TransportFailure):
        reason = redact(outcome.message, secrets)
        if outcome.permanent:
            return VendorProtocolError(f"the {what} cannot be reached: {reason}")
        return Unavailable(f"the {what} {'did not respond' if outcome.sent else 'cannot be reached'}: {reason}")
    assert isinstance(outcome, Response)
    context: dict[str, Any] = {"status": outcome.status, "request_id": redact(outcome.request_id or "", secrets) or None}
    if 300 <= outcome.status < 400:
        target = urlsplit(outcome.headers.get("location", "")).netloc[:100]
        return UntrustedToken(f"the {what} redirects{f' to {target!r}' if target else ''}, which must not get the secrets", **context)
    if outcome.status == 429:
        return RateLimited(f"the {what} wants fewer requests", retry_after=retry_after(outcome), **context)
    if outcome.status in TRANSIENT or outcome.status >= 500:
        return Unavailable(f"the {what} is failing (HTTP {outcome.status})", retry_after=retry_after(outcome), **context)
    return outcome


def refused(found: Mapping[str, Any], what: str, secrets: Sequence[Secret] = (), **context: Any) -> AuthorizationRefused:
    """Return the exception for an error response or callback."""
    codes = [found[name] for name in ("errcode", "error") if isinstance(found.get(name), str)]  # the first is Matrix's
    code = codes[0] if codes else None
    data = next((found[name] for name in ("error_description", "message", "msg", "error") if isinstance(found.get(name), str)), None)
    parts = [f"the {what} refuses"]
    if code:
        parts.append(_shown(code, secrets))
    if data and data != code:
        parts.append(_shown(data, secrets))
    kind = InvalidGrant if code == "invalid_grant" else AuthorizationRefused
    return kind(": ".join(parts), code=None if code is None else _shown(code, secrets), **context)


def _shown(text: str, secrets: Sequence[Secret]) -> str:
    return redact("".join(character if character.isprintable() else " " for character in text), secrets)[:300]
