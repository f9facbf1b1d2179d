"""Turning an answer's bytes into the narrow struct an adapter wants, or saying plainly why that fails."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from unified_runtime.errors import VendorProtocolError
from unified_runtime.messages import Response

S = TypeVar("S")

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises, whatever is wrong."""

_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def decode(response: Response, reads: type[S]) -> S:
    """Decode a JSON answer into `reads` (or hand over the bytes themselves where `reads` is `bytes`).

    Raises:
        VendorProtocolError: the body is not JSON, or a value is not of the type that the vendor's document declares.
    """
    if reads is bytes:
        return response.body  # type: ignore[return-value]
    decoder = _decoders.get(reads)
    if decoder is None:
        decoder = _decoders[reads] = msgspec.json.Decoder(reads)
    try:
        return decoder.decode(response.body)  # type: ignore[no-any-return]
    except UNREADABLE as error:
        reason = str(error)
        mistyped = isinstance(error, msgspec.ValidationError)
    # Raised out of the handler: the decoder's exception says nothing more, and its frames hold the answer.
    raise unreadable(response, reason, mistyped=mistyped)


def unreadable(response: Response | None, reason: str, *, mistyped: bool, vendor: str | None = None) -> VendorProtocolError:
    """The error for an answer that cannot be decoded. `mistyped`: it is JSON, but not what the vendor's document declares.

    Where the answer itself is gone, as it was stored without its headers, the error knows no status.
    """
    if mistyped:
        text = f"the answer is not of the type the vendor declares: {reason}"
    elif response is None:
        text = f"the answer is malformed: {reason}"
    else:
        text = f"the answer is {describe(response)} instead of JSON"
        if not looks_like_html(response) and response.body:
            text += f": {reason}"
    if response is None:
        return VendorProtocolError(text, vendor=vendor)
    told = f"{text} (HTTP {response.status})"
    # The driver takes that back where the call has done what must not be done twice.
    safe = not mistyped and broken(response)
    return VendorProtocolError(told, vendor=vendor, request_id=response.request_id, status=response.status, retry_safe=safe)


def broken(response: Response) -> bool:
    """Whether an answer is JSON that breaks off: it ends in nothing that JSON ends in. Asked again, what spoilt it may be over."""
    body = response.body
    return body[:1] in (b"{", b"[") and body[-1:] != (b"}" if body[:1] == b"{" else b"]") and body.rstrip()[-1:] not in (b"}", b"]")


def looks_like_html(response: Response) -> bool:
    kind = response.headers.get("content-type", "")
    return "html" in kind.lower() or response.body.lstrip()[:1] == b"<"


def describe(response: Response) -> str:
    """What kind of body an unreadable answer has, in a few words."""
    if not response.body.strip():
        return "empty"
    if looks_like_html(response):
        return "an HTML or XML page"
    kind = response.headers.get("content-type", "").partition(";")[0].strip()
    return f"malformed ({len(response.body)} bytes of {kind or 'unnamed type'})"
