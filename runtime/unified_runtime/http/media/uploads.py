"""Uploads in one request, with or without a description. See `upload_sessions` for uploads in pieces.

Each strategy is a generator that a generated adapter delegates to. Nothing is committed before all bytes have arrived.
"""

from __future__ import annotations

import json as json_
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from unified_openapi.requests.multipart import File
from unified_runtime.adapter_api.responses import integer
from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.decoding import decode
from unified_runtime.core.endpoints import Endpoint
from unified_runtime.core.errors import (
    InvalidInput,
    VendorProtocolError,
)
from unified_runtime.core.messages import ContentPlaceholder, MultipartBody, Request
from unified_runtime.core.planning import PlanEnds, PlannedResponse
from unified_runtime.core.raw import Document, Raw
from unified_runtime.core.responses import Response
from unified_runtime.core.symbols import Symbol
from unified_runtime.http.media.checksums import equal
from unified_runtime.http.media.content import Peek, Read, Source, Spool

S = TypeVar("S")

MOST_BYTES = 64 * 1024 * 1024
"""Largest content, in bytes, that is sent as one body if the vendor has no session."""

STREAMED = 256 * 1024
"""Largest content, in bytes, that a form holds in memory."""


def fits(content: Source, most: int) -> Steps[bool]:
    """Return True if the content has at most so many bytes. One of unknown size is peeked at as far as needed."""
    if content.size is None:
        peek = Peek(content, most + 1)
        if isinstance((yield peek), PlannedResponse):
            return False
        data = peek.take()
        if len(data) <= most:
            content.size = len(data)
            return True
        return False
    return content.size <= most


def verify(content: Source, size: int | str | None, checksums: Mapping[str, str | None]) -> None:
    """Compare the size and the checksums that the vendor reports with what was read.

    Raises:
        VendorProtocolError: they differ.
    """
    reported_size = number(size)
    if reported_size is not None and reported_size != content.taken:
        raise VendorProtocolError(f"{content.taken} bytes were uploaded, and the vendor has {size}")
    for algorithm, reported in checksums.items():
        if isinstance(reported, str) and not isinstance(reported, Symbol) and not equal(algorithm, reported, content.checksum(algorithm)):
            raise VendorProtocolError(f"the vendor has another content than was uploaded: its {algorithm} is {reported[:80]!r}")


def number(size: int | str | None) -> int | None:
    """Return a size that a vendor reported, as a number or in text; None if it is not valid, or not known yet."""
    if isinstance(size, str) and not isinstance(size, Symbol):
        return integer(size)
    return size if isinstance(size, int) else None


def argument(value: Any) -> str:
    """Return JSON for a header, in ASCII (https://www.dropbox.com/developers/reference/json-encoding)."""
    return json_.dumps(value, ensure_ascii=True, separators=(",", ":"), default=str).replace("\x7f", "\\u007f")


# ------------------------------------------------------------------------------------------------------------ one request
def body(
    endpoint: Endpoint,
    *,
    content: Source,
    content_type: str,
    max_bytes: int = MOST_BYTES,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    schema: type[S],
    save_as: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Send the content as the body of one request.

    Raises:
        InvalidInput: the content is larger than `max_bytes` bytes.
    """
    data = yield from entire(content, max_bytes)
    headers = {**(headers or {}), "Content-Type": content_type}
    response = yield Request(endpoint=endpoint, target=endpoint.url(path), query=query, headers=headers, content=data, transfer=True)
    return ended(response, content, schema, save_as)


def related(
    endpoint: Endpoint,
    *,
    content: Source,
    content_type: str,
    max_bytes: int = MOST_BYTES,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    schema: type[S],
    save_as: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Send a description followed by the content, as `multipart/related` (RFC 2387).

    Raises:
        InvalidInput: the content is larger than `max_bytes` bytes.
    """
    data = yield from entire(content, max_bytes)
    parts = MultipartBody(json if json is not None else {}, content_type, data)
    response = yield Request(endpoint=endpoint, target=endpoint.url(path), query=query, headers=headers, parts=parts, transfer=True)
    return ended(response, content, schema, save_as)


def form(
    endpoint: Endpoint,
    *,
    content: Source,
    content_type: str,
    field: str,
    filename: str | None = None,
    max_bytes: int | None = None,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    multipart: Mapping[str, Any] | None = None,
    schema: type[S],
    save_as: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Send fields followed by the content, as `multipart/form-data` (RFC 7578). The content is the file of `field`.

    A content of more than `STREAMED` bytes is read while it is sent. One of unknown size is written to disk first: the length of the
    request must be known.

    Raises:
        InvalidInput: the content is larger than `max_bytes` bytes.
    """
    data = yield from in_memory_or_source(content, max_bytes)
    fields = {**(multipart or {}), field: File(data, filename or "file", content_type)}
    response = yield Request(endpoint=endpoint, target=endpoint.url(path), query=query, headers=headers, multipart=fields, transfer=True)
    return ended(response, content, schema, save_as)


def in_memory_or_source(content: Source, max_bytes: int | None = None) -> Steps[bytes | ContentPlaceholder | Source]:
    """Return a content of at most `STREAMED` bytes as it is, and a larger one as a source that is read while it is sent. One of unknown
    size is written to disk first: the length of the request must be known.

    Raises:
        InvalidInput: it is larger than `max_bytes` bytes, or cannot be read.
    """
    if content.size is None and not (yield from fits(content, STREAMED)):
        spool = Spool(content)
        yield spool
        spool.done()
    if content.size is not None and max_bytes is not None and content.size > max_bytes:
        raise _too_large(max_bytes)
    if content.size is not None and content.size <= STREAMED:
        return (yield from entire(content, STREAMED))
    return content


def entire(content: Source, most: int) -> Steps[bytes | ContentPlaceholder]:
    """Return the content, which is sent as it is; in a plan, what represents it.

    Raises:
        InvalidInput: it is larger than `most` bytes.
    """
    if not (yield from fits(content, most)):
        raise _too_large(most)
    read = Read(content, most + 1)
    if isinstance((yield read), PlannedResponse):
        return ContentPlaceholder(f"({content.size} bytes)")
    data = read.take()
    require_complete(content)
    return data


def _too_large(most: int) -> InvalidInput:
    return InvalidInput(f"content is larger than the {most} bytes that one request can have", fields={"content": "is too large"})


def require_complete(content: Source) -> None:
    """Check that all announced bytes have been read: a file may have changed meanwhile."""
    if content.size is not None and content.taken != content.size:
        text = f"content had {content.size} bytes and ended after {content.taken}; nothing was stored"
        raise InvalidInput(text, fields={"content": "changed"})


def ended(response: Response, content: Source, schema: type[S], save_as: str | None) -> tuple[S, Raw]:
    """Return the response that describes the uploaded file."""
    if isinstance(response, PlannedResponse):
        if save_as is None:
            raise PlanEnds
        unknown: Any = Symbol(save_as)
        return unknown, Raw(Document(b"null"))
    content.acknowledge(content.taken)
    return decode(response, schema), Raw(Document(response.body, response))
