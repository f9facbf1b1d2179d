"""Decoding of a response's bytes into the struct that an adapter declares, and the error if that fails."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from unified_runtime.core import typed_json
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.responses import Response

S = TypeVar("S")

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Exceptions that decoding raises."""

LARGE = 256 * 1024
"""Bytes of a JSON body above which its values are counted before it is decoded."""

MOST_VALUES = 500_000
"""Maximum number of values of a response, at all levels. Decoding takes up to 100 nanoseconds for each, and for small values memory of many
times their length."""


def decode(response: Response, schema: type[S]) -> S:
    """Decode a JSON response into `schema` (or return the bytes unchanged if `schema` is `bytes`).

    Raises:
        VendorProtocolError: the body is not JSON, has too many values, or a value is not of the type that the vendor's document declares.
    """
    if schema is bytes:
        return response.body  # type: ignore[return-value]
    if len(response.body) > LARGE and (found := values(response.body)) > MOST_VALUES:
        message = f"the response has {found:,} JSON values or more, and {MOST_VALUES:,} are read; request fewer records per page"
        raise VendorProtocolError(f"{message} (HTTP {response.status})", request_id=response.request_id, status=response.status)
    decoder = typed_json.decoders.get(schema) or typed_json.decoder(schema)
    try:
        return decoder.decode(response.body)  # type: ignore[no-any-return]
    except UNREADABLE as error:
        reason = str(error)
        mistyped = isinstance(error, msgspec.ValidationError)
    # Raised outside the handler: the decoder's exception adds nothing, and its frames hold the response.
    raise unreadable(response, reason, mistyped=mistyped)


def values(body: bytes) -> int:
    """Return the approximate number of values of a JSON text, counted without decoding it: commas in strings count too."""
    return body.count(b",") + body.count(b"{") + body.count(b"[")


def unreadable(response: Response | None, reason: str, *, mistyped: bool, vendor: str | None = None) -> VendorProtocolError:
    """Return the error for a response that cannot be decoded. `mistyped`: it is JSON, but not what the vendor's document declares.

    Without the response (a record is stored without its headers), the error has no status.
    """
    if mistyped:
        text = f"the response is not of the type that the vendor declares: {reason}"
    elif response is None:
        text = f"the response is malformed: {reason}"
    else:
        text = f"the response is {describe(response)} instead of JSON"
        if not looks_like_html(response) and response.body:
            text += f": {reason}"
    if response is None:
        return VendorProtocolError(text, vendor=vendor)
    message = f"{text} (HTTP {response.status})"
    # The driver resets this if the call has already executed something that must not be repeated.
    safe = not mistyped and broken(response)
    return VendorProtocolError(message, vendor=vendor, request_id=response.request_id, status=response.status, retry_safe=safe)


def broken(response: Response) -> bool:
    """Return true if a response is truncated JSON: it does not end as JSON ends. Another attempt may succeed."""
    body = response.body
    return body[:1] in (b"{", b"[") and body[-1:] != (b"}" if body[:1] == b"{" else b"]") and body.rstrip()[-1:] not in (b"}", b"]")


def looks_like_html(response: Response) -> bool:
    kind = response.headers.get("content-type", "")
    return "html" in kind.lower() or response.body.lstrip()[:1] == b"<"


def describe(response: Response) -> str:
    """Return a short description of the body of a response that cannot be decoded."""
    if not response.body.strip():
        return "empty"
    if looks_like_html(response):
        return "an HTML or XML page"
    kind = response.headers.get("content-type", "").partition(";")[0].strip()
    return f"malformed ({len(response.body)} bytes of {kind or 'unnamed type'})"
