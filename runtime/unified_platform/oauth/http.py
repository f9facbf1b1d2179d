"""Requests to an authorization server: JSON in answers, transient failures repeated, redirects never followed, secrets never shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from unified_platform.oauth.errors import InvalidGrant, Refused, Untrusted
from unified_runtime.classify import retry_after
from unified_runtime.credentials import Secret
from unified_runtime.driver import Flow, Outcome
from unified_runtime.errors import (
    AnswerUnreadable,
    InvalidInput,
    RateLimited,
    TransportFailure,
    Unavailable,
    UnifiedError,
    VendorProtocolError,
)
from unified_runtime.messages import HTTPRequest, Response
from unified_runtime.redaction import scrub
from unified_runtime.retries import TRANSIENT, pauses
from unified_runtime.settings import Settings
from unified_runtime.steps import Retry

SETTINGS = Settings(connect_timeout=5, read_timeout=10, write_timeout=10, deadline=20, attempts=4, largest_answer=1024 * 1024)
"""How authorization servers are spoken to: what they answer is small, and a lease is held meanwhile, which must not run out."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Fields = Mapping[str, str | Sequence[str]]
"""Form fields; a sequence repeats its field (`resource`, RFC 8707)."""


def checked_endpoint(url: str, what: str) -> str:
    """An endpoint's address: HTTPS, or plain HTTP on this machine alone (OAuth 2.1, section 1.5).

    Raises:
        Untrusted: it is none.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if not host or parts.username is not None or parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        raise Untrusted(f"the {what} {url[:100]!r} is no address of an endpoint")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise Untrusted(f"the {what} {url[:100]!r} would carry secrets unencrypted: it must be https")
    return url


def get(url: str, what: str, *, headers: Mapping[str, str] | None = None, secrets: Sequence[Secret] = ()) -> Flow[Response]:
    """GET an address; the answer is any that is no transient failure.

    Raises:
        Unavailable, RateLimited: after the last attempt.
        Untrusted: the answer is a redirect, or the address is none.
    """
    return (yield from _attempts(lambda deadline: _request("GET", url, what, b"", headers or {}, deadline), what, secrets))


def post(
    url: str,
    what: str,
    *,
    form: Fields | None = None,
    json: Any = None,
    headers: Callable[[], Mapping[str, str]] = dict,
    secrets: Sequence[Secret] = (),
) -> Flow[Response]:
    """POST a form or JSON. `headers` is asked anew for every attempt: a DPoP proof is used once (RFC 9449, section 11.1).

    Raises:
        Unavailable, RateLimited: after the last attempt.
        Untrusted: the answer is a redirect, or the address is none.
    """
    if json is not None:
        body, kind = msgspec.json.encode(json), "application/json"
    else:
        body, kind = urlencode(form or {}, doseq=True).encode("ascii"), "application/x-www-form-urlencoded"
    return (
        yield from _attempts(
            lambda deadline: _request("POST", url, what, body, {"Content-Type": kind, **headers()}, deadline), what, secrets
        )
    )


def _request(method: str, url: str, what: str, body: bytes, headers: Mapping[str, str], deadline: float) -> HTTPRequest:
    checked_endpoint(url, what)
    common = {"Host": urlsplit(url).netloc, "Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "unified-apis"}
    pairs = common | dict(headers)
    if body or method == "POST":
        pairs["Content-Length"] = str(len(body))
    try:
        lines = [(name.encode("ascii"), value.encode("ascii")) for name, value in pairs.items()]
    except UnicodeEncodeError:
        lines = []
    if not lines or any(b"\r" in value or b"\n" in value for _, value in lines):
        raise InvalidInput(f"a header of the request to the {what} would hold a character that no header can carry")
    return HTTPRequest(
        method=method, url=url, headers=lines, body=body, timeout=SETTINGS.timeout, largest=SETTINGS.largest_answer, deadline=deadline
    )


def _attempts(make: Callable[[float], HTTPRequest], what: str, secrets: Sequence[Secret]) -> Flow[Response]:
    deadline = time.monotonic() + SETTINGS.deadline
    settled = _settled((yield make(deadline)), what, secrets)
    if isinstance(settled, Response):
        return settled
    # A lost answer is asked for again with the same grant: where the server has used it up, nothing is lost by asking.
    again = pauses(settled, Retry.SAFE, SETTINGS, deadline)
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


def _settled(outcome: Outcome, what: str, secrets: Sequence[Secret]) -> Response | UnifiedError:
    if isinstance(outcome, AnswerUnreadable):
        return VendorProtocolError(f"the {what}'s answer cannot be used: {outcome.message}", status=outcome.status)
    if isinstance(outcome, TransportFailure):
        reason = scrub(outcome.message, secrets)
        if outcome.permanent:
            return VendorProtocolError(f"the {what} cannot be reached: {reason}")
        return Unavailable(f"the {what} {'did not answer' if outcome.sent else 'cannot be reached'}: {reason}")
    assert isinstance(outcome, Response)
    context: dict[str, Any] = {"status": outcome.status, "request_id": outcome.request_id}
    if 300 <= outcome.status < 400:
        target = urlsplit(outcome.headers.get("location", "")).netloc[:100]
        return Untrusted(f"the {what} redirects{f' to {target!r}' if target else ''}, where no secret must go", **context)
    if outcome.status == 429:
        return RateLimited(f"the {what} wants fewer requests", retry_after=retry_after(outcome), **context)
    if outcome.status in TRANSIENT or outcome.status >= 500:
        return Unavailable(f"the {what} is failing (HTTP {outcome.status})", retry_after=retry_after(outcome), **context)
    return outcome


def json_object(response: Response, what: str) -> dict[str, Any]:
    """The JSON object of a successful answer.

    Raises:
        VendorProtocolError: it holds none.
    """
    value = _decoded(response)
    if not isinstance(value, dict):
        raise VendorProtocolError(f"the {what} answered no JSON object (HTTP {response.status})", status=response.status)
    return value


def _decoded(response: Response) -> Any:
    try:
        return msgspec.json.decode(response.body)
    except (msgspec.DecodeError, RecursionError):
        return None


def answer(response: Response, what: str, secrets: Sequence[Secret] = ()) -> dict[str, Any]:
    """The JSON object of an answer that did what was asked.

    Some servers tell a failure with HTTP 200 (GitHub, Slack): an `error` is one, whatever the status.

    Raises:
        Refused: the server says no.
        VendorProtocolError: the answer is no JSON object.
    """
    value = _decoded(response)
    found = value if isinstance(value, dict) else {}
    error = found.get("error")
    if 200 <= response.status < 300 and not error and found.get("ok") is not False:
        return json_object(response, what)
    raise refused(found, what, secrets, status=response.status, request_id=response.request_id)


def refused(found: Mapping[str, Any], what: str, secrets: Sequence[Secret] = (), **context: Any) -> Refused:
    """The error that an error answer or callback stands for."""
    codes = [found[name] for name in ("errcode", "error") if isinstance(found.get(name), str)]  # the first is Matrix's
    code = codes[0] if codes else None
    told = next((found[name] for name in ("error_description", "message", "msg", "error") if isinstance(found.get(name), str)), None)
    parts = [f"the {what} refuses"]
    if code:
        parts.append(_shown(code, secrets))
    if told and told != code:
        parts.append(_shown(told, secrets))
    kind = InvalidGrant if code == "invalid_grant" else Refused
    return kind(": ".join(parts), code=None if code is None else _shown(code, secrets), **context)


def _shown(text: str, secrets: Sequence[Secret]) -> str:
    return scrub("".join(character if character.isprintable() else " " for character in text), secrets)[:300]
