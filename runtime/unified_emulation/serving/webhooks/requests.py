"""Requests of an emulated vendor to the address of a webhook: events, and tests of the address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx2

from unified_emulation.engine.behaviour.templates import render, render_text
from unified_openapi.behaviour.webhooks import Signature, Webhook

TIMEOUT = 10.0
"""Seconds for one delivery."""


@dataclass(frozen=True, slots=True)
class VendorRequest:
    """Request to a receiver of webhooks."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Received:
    """Response of a receiver. `status` is None if there was none; `content` is then the reason."""

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: str = ""

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


Send = Callable[[VendorRequest], Received]


def send(request: VendorRequest) -> Received:
    """Send a request over HTTP, without following redirects."""
    try:
        response = httpx2.request(request.method, request.url, headers=dict(request.headers), content=request.body, timeout=TIMEOUT)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return Received(None, {}, f"{type(error).__name__}: {error}")
    return Received(response.status_code, {name.lower(): value for name, value in response.headers.items()}, response.text[:10_000])


def delivery(fact: Webhook, url: str, secret: str, values: Mapping[str, Any], headers: Mapping[str, str], attempt: int) -> VendorRequest:
    """Return the request that delivers an event: `values` are those of its templates, `headers` its own, `attempt` counts from 0."""
    known = {**values, "attempt": attempt}
    content = json.dumps(render(fact.body, known)).encode()
    more = {**fact.headers, **headers, **(fact.repeated if attempt else {})}
    sent = {"Content-Type": "application/json", **{name: render_text(value, known) for name, value in more.items()}}
    address = f"{url.rstrip('/')}/{render_text(fact.path, known)}" if fact.path else url
    return signed(fact.signature, VendorRequest(fact.method, address, sent, content), secret)


def signed(fact: Signature | None, request: VendorRequest, secret: str) -> VendorRequest:
    """Return a request with the proof that it is the vendor's."""
    if fact is None:
        return request
    now = time.time()
    forms = {
        "seconds": str(int(now)),
        "milliseconds": str(int(now * 1000)),
        "date_time": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    stamp = forms[fact.time]
    text = request.body.decode()
    parts = {"body": text, "timestamp": stamp, "method": request.method, "url": request.url, "secret": secret}
    if fact.algorithm is not None:
        digest = hmac.new(secret.encode(), render_text(fact.content, parts).encode(), getattr(hashlib, fact.algorithm)).digest()
        parts |= {"hex": digest.hex(), "base64": base64.b64encode(digest).decode()}
    elif "$jwt" in fact.format:
        parts["jwt"] = _token({**render(fact.claims, parts), "iat": int(now), "exp": int(now + fact.lifetime)}, secret)
    proof = {fact.header: render_text(fact.format, parts)}
    if fact.timestamp is not None:
        proof[fact.timestamp] = stamp
    return VendorRequest(request.method, request.url, {**request.headers, **proof}, request.body)


def _token(claims: Mapping[str, Any], secret: str) -> str:
    """Return a JSON Web Token (RFC 7519), signed with HS256."""
    from joserfc import jwk, jwt  # imported late: few vendors sign tokens

    return jwt.encode({"alg": "HS256", "typ": "JWT"}, dict(claims), jwk.OctKey.import_key(secret))


def tested(fact: Webhook, url: str, secret: str, send: Send) -> tuple[bool, str]:
    """Test an address as the vendor does; return true if it passes, and the secret of the webhook."""
    handshake = fact.handshake
    if handshake is None:
        return True, secret
    token = secrets.token_urlsafe(24)
    name = handshake.name or ""
    if handshake.how == "head":
        return send(VendorRequest("HEAD", url)).accepted, secret
    if handshake.how == "query":
        response = send(VendorRequest("POST", f"{url}{'&' if '?' in url else '?'}{urlencode({name: token})}"))
        return response.accepted and response.content.strip() == token, secret
    if handshake.how == "header":
        response = send(VendorRequest("POST", url, {name: token, "Content-Type": "application/json"}, b"{}"))
        return response.accepted and response.headers.get(name.lower()) == token, token
    body = json.dumps({**handshake.body, name: token}).encode()
    response = send(signed(fact.signature, VendorRequest("POST", url, {"Content-Type": "application/json"}, body), secret))
    return response.accepted and token in response.content, secret
