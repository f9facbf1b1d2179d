"""Requests to an authorization server: JSON in answers, transient failures repeated, redirects never followed, secrets never shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from unified_platform.oauth.errors import InvalidGrant, Refused, Untrusted
from unified_platform.oauth.hiding import applied, concealed, form_bytes, json_bytes, within
from unified_runtime.classify import retry_after
from unified_runtime.credentials import Secret
from unified_runtime.driving.driver import Flow, Outcome
from unified_runtime.driving.retries import TRANSIENT, pauses
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
from unified_runtime.settings import Settings
from unified_runtime.steps import Retry

SETTINGS = Settings(connect_timeout=5, read_timeout=10, write_timeout=10, deadline=20, attempts=4, largest_answer=1024 * 1024)
"""How authorization servers are spoken to: what they answer is small, and a lease is held meanwhile, which must not run out."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Fields = Mapping[str, Any]
"""Form fields: texts and `Secret`s; a sequence repeats its field (`resource`, RFC 8707)."""

Headers = Mapping[str, str | Secret]


class Answer:
    """What an endpoint answered, and which secrets it was sent: whatever is said about the answer says none of them."""

    __slots__ = ("_known", "_what", "response")

    def __init__(self, response: Response, what: str, known: tuple[Secret, ...]) -> None:
        self.response = response
        self._what = what
        self._known = known

    @property
    def status(self) -> int:
        return self.response.status

    def value(self) -> Any:
        """What its JSON holds, with the secrets in it as `Secret`s; None if it is no JSON."""
        return concealed(self.response.body, self._known)

    def object(self) -> dict[str, Any]:
        """The JSON object that it is.

        Raises:
            VendorProtocolError: it is none.
        """
        value = self.value()
        if not isinstance(value, dict):
            raise VendorProtocolError(f"the {self._what} answered no JSON object (HTTP {self.status})", status=self.status)
        return value

    def granted(self) -> dict[str, Any]:
        """The JSON object of an answer that did what was asked.

        Some servers tell a failure with HTTP 200 (GitHub, Slack): an `error` is one, whatever the status.

        Raises:
            Refused: the server says no.
            VendorProtocolError: the answer is no JSON object.
        """
        value = self.value()
        found = value if isinstance(value, dict) else {}
        if 200 <= self.status < 300 and not found.get("error") and found.get("ok") is not False:
            return self.object()
        request_id = scrub(self.response.request_id or "", self._known) or None
        raise refused(found, self._what, self._known, status=self.status, request_id=request_id)


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


def get(url: str, what: str, *, headers: Headers | None = None, secrets: Sequence[Secret] = ()) -> Flow[Answer]:
    """GET an address; the answer is any that is no transient failure.

    Raises:
        Unavailable, RateLimited: after the last attempt.
        Untrusted: the answer is a redirect, or the address is none.
    """
    known = (*secrets, *within((headers or {}).values()))
    response = yield from _attempts(lambda deadline: _request("GET", url, what, None, None, headers or {}, deadline), what, known)
    return Answer(response, what, known)


def post(
    url: str, what: str, *, form: Fields | None = None, json: Mapping[str, Any] | None = None, headers: Callable[[], Headers] = dict
) -> Flow[Answer]:
    """POST a form or JSON. `headers` is asked anew for every attempt: a DPoP proof is used once (RFC 9449, section 11.1).

    Raises:
        Unavailable, RateLimited: after the last attempt.
        Untrusted: the answer is a redirect, or the address is none.
    """
    known = set(within((json if json is not None else form or {}).values()))

    def make(deadline: float) -> HTTPRequest:
        now = headers()
        known.update(within(now.values()))
        return _request("POST", url, what, form, json, now, deadline)

    response = yield from _attempts(make, what, known)
    return Answer(response, what, tuple(known))


def _request(
    method: str, url: str, what: str, form: Fields | None, json: Mapping[str, Any] | None, headers: Headers, deadline: float
) -> HTTPRequest:
    checked_endpoint(url, what)
    common = {"Host": urlsplit(url).netloc, "Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "unified-apis"}
    pairs = common | {name: value for name, value in headers.items() if isinstance(value, str)}
    credential = applied({name: value for name, value in headers.items() if isinstance(value, Secret)})
    if method == "POST":
        pairs["Content-Type"] = "application/json" if json is not None else "application/x-www-form-urlencoded"
    if credential is None or not all(value.isascii() and value.isprintable() for value in pairs.values()):
        raise InvalidInput(f"a header of the request to the {what} would hold a character that no header can carry")
    request = HTTPRequest(
        method=method,
        url=url,
        headers=[(name.encode("ascii"), value.encode("ascii")) for name, value in pairs.items()],
        body=b"" if method == "GET" else json_bytes(json) if json is not None else form_bytes(form or {}),
        credential=credential,
        timeout=SETTINGS.timeout,
        largest=SETTINGS.largest_answer,
        deadline=deadline,
    )
    if method == "POST":
        request.headers.append((b"Content-Length", b"%d" % len(request.body)))
    return request


def _attempts(make: Callable[[float], HTTPRequest], what: str, secrets: Collection[Secret]) -> Flow[Response]:
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


def _settled(outcome: Outcome, what: str, secrets: Collection[Secret]) -> Response | UnifiedError:
    if isinstance(outcome, AnswerUnreadable):
        return VendorProtocolError(f"the {what}'s answer cannot be used: {outcome.message}", status=outcome.status)
    if isinstance(outcome, TransportFailure):
        reason = scrub(outcome.message, secrets)
        if outcome.permanent:
            return VendorProtocolError(f"the {what} cannot be reached: {reason}")
        return Unavailable(f"the {what} {'did not answer' if outcome.sent else 'cannot be reached'}: {reason}")
    assert isinstance(outcome, Response)
    context: dict[str, Any] = {"status": outcome.status, "request_id": scrub(outcome.request_id or "", secrets) or None}
    if 300 <= outcome.status < 400:
        target = urlsplit(outcome.headers.get("location", "")).netloc[:100]
        return Untrusted(f"the {what} redirects{f' to {target!r}' if target else ''}, where no secret must go", **context)
    if outcome.status == 429:
        return RateLimited(f"the {what} wants fewer requests", retry_after=retry_after(outcome), **context)
    if outcome.status in TRANSIENT or outcome.status >= 500:
        return Unavailable(f"the {what} is failing (HTTP {outcome.status})", retry_after=retry_after(outcome), **context)
    return outcome


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
