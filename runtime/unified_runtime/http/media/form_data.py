"""Bodies of `multipart/form-data`, in memory or with a content that is read while it is sent."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from unified_openapi.requests import multipart
from unified_openapi.requests.faults import RequestFault
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.json_limits import translated
from unified_runtime.http.media.content import Source

if TYPE_CHECKING:
    from unified_openapi.requests.styles import Style

PIECE = 256 * 1024
"""Bytes to read and send at a time."""


def form_data(fields: Mapping[str, Any], declared: Mapping[str, Style]) -> tuple[str, bytes | FormDataUpload]:
    """Return the content type and the body of a form. It is an upload if the content of a file is a source.

    Raises:
        InvalidInput: a field cannot be sent as declared.
    """
    try:
        parts = multipart.parts(fields, declared)
        if not any(isinstance(part.content, Source) for part in parts):
            return multipart.form_data(parts)
        boundary = secrets.token_hex(32)
        return multipart.content_type("form-data", boundary), FormDataUpload([*multipart.frames(parts, boundary)])
    except RequestFault as fault:
        raise translated(fault) from None


class FormDataUpload:
    """Body of a form whose sources are read while it is sent, each from its start. `length` is in bytes, None if unknown.

    Iterating raises the errors of reading a source.
    """

    def __init__(self, frames: list[Any]) -> None:
        self._frames = frames
        sizes = [frame.size if isinstance(frame, Source) else len(frame) for frame in frames]
        known = [size for size in sizes if size is not None]
        self.length = sum(known) if len(known) == len(sizes) else None

    def __iter__(self) -> Iterator[bytes]:
        for frame in self._frames:
            if not isinstance(frame, Source):
                yield frame
                continue
            frame.rewind(0)
            while data := frame.pull(PIECE):
                yield _counted(frame, data)
            _check_end(frame)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for frame in self._frames:
            if not isinstance(frame, Source):
                yield frame
                continue
            frame.rewind(0)
            while data := await frame.apull(PIECE):
                yield _counted(frame, data)
            _check_end(frame)


def _counted(source: Source, data: bytes) -> bytes:
    """Report what was sent before a piece, and return it.

    Raises:
        InvalidInput: the content has become larger since its size was determined.
    """
    if source.size is not None and source.taken > source.size:
        raise InvalidInput(f"content had {source.size} bytes and has more now; nothing was stored", fields={"content": "changed"})
    if before := source.taken - len(data):
        source.acknowledge(before)
    return data


def _check_end(source: Source) -> None:
    """Check that a content is complete: the request ends without its last bytes otherwise, and the vendor rejects it."""
    if source.size is not None and source.taken < source.size:
        text = f"content had {source.size} bytes and ended after {source.taken}; nothing was stored"
        raise InvalidInput(text, fields={"content": "changed"})
