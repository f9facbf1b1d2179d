"""Requests with an email in the format of RFC 5322, in base64url. Used by mappings by name (`exchange`); see `mime_messages`.

Each composes the email and sends the request with it at the path `fills` of its body. `original` is another email in the same form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from unified_runtime.adapter_api import mime_messages
from unified_runtime.adapter_api.steps import Steps, call
from unified_runtime.core.endpoints import Endpoint
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.symbols import Symbol

S = TypeVar("S")
Addresses = Sequence[str] | None


def rfc5322_new(
    endpoint: Endpoint,
    *,
    fills: Sequence[str],
    to: Addresses,
    cc: Addresses,
    bcc: Addresses,
    subject: str | None,
    body: str | None,
    json: Any = None,
    **request: Any,
) -> Steps[Any]:
    """Send a request with a new email."""
    return (
        yield from call(
            endpoint, json=with_value(json, fills, mime_messages.new(to=to, cc=cc, bcc=bcc, subject=subject, body=body)), **request
        )
    )


def rfc5322_reply(
    endpoint: Endpoint,
    *,
    fills: Sequence[str],
    original: str | None,
    own: str | None,
    body: str,
    cc: Addresses,
    bcc: Addresses,
    json: Any = None,
    **request: Any,
) -> Steps[Any]:
    """Send a request with a reply to the sender of `original`; `own` is the address of the account."""
    made = _of(original) or mime_messages.reply(_text(original), own=own or "", everyone=False, body=body, cc=cc, bcc=bcc)
    return (yield from call(endpoint, json=with_value(json, fills, made), **request))


def rfc5322_reply_all(
    endpoint: Endpoint,
    *,
    fills: Sequence[str],
    original: str | None,
    own: str | None,
    body: str,
    cc: Addresses,
    bcc: Addresses,
    json: Any = None,
    **request: Any,
) -> Steps[Any]:
    """Send a request with a reply to the sender and all recipients of `original`, except `own`, the address of the account."""
    made = _of(original) or mime_messages.reply(_text(original), own=_text(own), everyone=True, body=body, cc=cc, bcc=bcc)
    return (yield from call(endpoint, json=with_value(json, fills, made), **request))


def rfc5322_forward(
    endpoint: Endpoint,
    *,
    fills: Sequence[str],
    original: str | None,
    to: Sequence[str],
    cc: Addresses,
    bcc: Addresses,
    body: str | None,
    json: Any = None,
    **request: Any,
) -> Steps[Any]:
    """Send a request with an email that contains `original` and its attachments."""
    made = _of(original) or mime_messages.forward(_text(original), to=to, cc=cc, bcc=bcc, body=body)
    return (yield from call(endpoint, json=with_value(json, fills, made), **request))


def rfc5322_changed(
    endpoint: Endpoint,
    *,
    fills: Sequence[str],
    original: str | None,
    to: Addresses,
    cc: Addresses,
    bcc: Addresses,
    subject: str | None,
    body: str | None,
    json: Any = None,
    **request: Any,
) -> Steps[Any]:
    """Send a request with the draft `original` and the values that are given."""
    made = _of(original) or mime_messages.changed(_text(original), to=to, cc=cc, bcc=bcc, subject=subject, body=body)
    return (yield from call(endpoint, json=with_value(json, fills, made), **request))


def _of(original: object) -> Symbol | None:
    """Return what a plan shows for an email made from one that is not read; None outside of a plan."""
    return Symbol(f"email from {str(original)[1:-1]}") if isinstance(original, Symbol) else None


def _text(value: str | None) -> str:
    """Return a text of the vendor's response.

    Raises:
        VendorProtocolError: it has none.
    """
    if not isinstance(value, str):
        raise VendorProtocolError("the vendor returned an email without its content")
    return value


def with_value(json: Any, fills: Sequence[str], value: object) -> dict[str, Any]:
    """Return a body with the value at a path."""
    body: dict[str, Any] = dict(json) if isinstance(json, Mapping) else {}
    name, *inner = fills
    body[name] = with_value(body.get(name), inner, value) if inner else value
    return body
