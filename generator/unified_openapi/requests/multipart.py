"""Bodies of several parts: `multipart/form-data` (RFC 7578) and `multipart/related` (RFC 2387), framed as in RFC 2046."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from unified_openapi.requests import styles
from unified_openapi.requests.faults import RequestFault
from unified_openapi.requests.scalars import json_bytes, text
from unified_openapi.requests.styles import Style

OCTETS = "application/octet-stream"


class File:
    """Content of a field: bytes, or what is read while it is sent (see `frames`). `name` is the file's name as the vendor shows it.

    It is not a struct, so that JSON cannot contain one: a file is a field of its own.
    """

    __slots__ = ("content", "media_type", "name")

    def __init__(self, content: Any, name: str = "file", media_type: str | None = None) -> None:
        self.content = content
        self.name = name
        self.media_type = media_type

    def __repr__(self) -> str:
        return f"File({self.name!r}, {self.media_type!r})"


class Part(Struct, frozen=True):
    """One part of a body. `filename` is None for a field that is not a file; `media_type` is None for plain text."""

    name: str
    content: Any
    media_type: str | None = None
    filename: str | None = None


def parts(fields: Mapping[str, Any], declared: Mapping[str, Style]) -> list[Part]:
    """Return the parts of a form in order.

    A list has a part for each item, and an object is one part of JSON, unless the document declares a style (OpenAPI 3.1.1, section
    4.8.14.1.3, "Encoding `multipart` Media Types").
    """
    return [part for name, value in fields.items() for part in _parts(name, value, declared.get(name))]


def _parts(name: str, value: Any, style: Style | None) -> Iterator[Part]:
    if style is not None and style.media_type is None:
        if not _has_file(value):
            for key, made in styles.shown(name, value, style):
                yield Part(key, _utf8(key, made))
            return
        style = None
    kinds = [] if style is None or style.media_type is None else [kind.strip() for kind in style.media_type.split(",")]
    for item in value if isinstance(value, (list, tuple)) else (value,):
        if item is not None:
            yield _part(name, item, kinds)


def _has_file(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_has_file, value))
    return isinstance(value, (bytes, File))


def _part(name: str, value: Any, kinds: list[str]) -> Part:
    declared = kinds[0] if kinds and "*" not in kinds[0] else None
    if isinstance(value, bytes):
        value = File(value)
    if isinstance(value, File):
        own = value.media_type if value.media_type in kinds or declared is None else None
        return Part(name, value.content, own or declared or OCTETS, value.name)
    if isinstance(value, (Mapping, list, tuple)) or (declared is not None and "json" in declared):
        return Part(name, json_bytes(value), declared or "application/json")
    return Part(name, _utf8(name, text(value)), declared)


def _utf8(name: str, value: str) -> bytes:
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError:
        raise RequestFault(f"{name} is not valid Unicode: {value[:60]!r}", name) from None


def form_data(made: Iterable[Part]) -> tuple[str, bytes]:
    """Return the content type and the bytes of a form."""
    return body(made, "form-data")


def related(description: bytes, content: bytes, media_type: str) -> tuple[str, bytes]:
    """Return the content type and the bytes of a description (JSON) followed by a content."""
    described = Part("", description, "application/json; charset=UTF-8")
    return body([described, Part("", content, media_type)], "related", named=False)


def body(made: Iterable[Part], subtype: str, *, named: bool = True) -> tuple[str, bytes]:
    """Return the content type and the bytes of parts. The parts of a form are `named`, those of other bodies have only their order.

    The boundary is derived from the hashes of the contents: no part can contain it, and the same parts are always sent the same way.
    """
    made = list(made)
    digest = hashlib.sha256()
    for part in made:
        digest.update(f"{part.name!r} {part.filename!r} {part.media_type!r}".encode("utf-8", "backslashreplace"))
        digest.update(hashlib.sha256(part.content).digest())
    boundary = digest.hexdigest()
    return content_type(subtype, boundary), b"".join(frames(made, boundary, named=named))


def content_type(subtype: str, boundary: str) -> str:
    """Return the content type of a body."""
    return f'multipart/{subtype}; boundary="{boundary}"'


def frames(made: Iterable[Part], boundary: str, *, named: bool = True) -> Iterator[Any]:
    """Yield the pieces of a body in order: bytes, and the contents of the parts as they are, so that a caller can read them later."""
    for part in made:
        yield _head(part, boundary, named=named)
        yield part.content
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode("ascii")


def _head(part: Part, boundary: str, *, named: bool) -> bytes:
    lines = [f"--{boundary}"]
    if named:
        filename = f'; filename="{_quoted(part.filename)}"' if part.filename is not None else ""
        lines.append(f'Content-Disposition: form-data; name="{_quoted(part.name)}"{filename}')
    if part.media_type is not None:
        printable = part.media_type.isascii() and part.media_type.isprintable()
        lines.append(f"Content-Type: {part.media_type if printable else OCTETS}")
    return _utf8(part.name, "\r\n".join(lines) + "\r\n\r\n")


def _quoted(name: str) -> str:
    """Return a name as browsers write it (WHATWG HTML, "multipart/form-data encoding algorithm")."""
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
