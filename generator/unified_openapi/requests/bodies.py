"""Request bodies by media type: JSON, forms, multipart, text and bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field

from unified_openapi.requests import multipart, urls
from unified_openapi.requests.faults import RequestFault
from unified_openapi.requests.scalars import json_bytes, text
from unified_openapi.requests.styles import Style

FORM = "application/x-www-form-urlencoded"
OCTETS = "application/octet-stream"
JSON = "application/json"
_KINDS = (
    ("json", re.compile(r"(?:[\w.*-]+/(?:[\w.*-]+\+)?json|application/json-seq)\Z")),
    ("lines", re.compile(r"application/(?:x-ndjson|ndjson|jsonl|x-jsonlines)\Z")),
    ("form", re.compile(r"application/x-www-form-urlencoded\Z")),
    ("form-data", re.compile(r"multipart/form-data\Z")),
    ("parts", re.compile(r"multipart/.+\Z")),
    ("xml", re.compile(r"(?:application|text)/(?:[\w.*-]+\+)?xml\Z")),
    ("text", re.compile(r"text/.+\Z")),
    ("any", re.compile(r"\*/\*\Z")),
)
ORDER = ("json", "form", "form-data", "any", "lines", "parts", "text", "binary")
"""Kinds of media types in the order of preference, if an operation declares several; bytes prefer `binary`."""
_OF_BYTES = ("binary", "any", "text", "lines")


class BodyFormat(Struct, frozen=True):
    """One media type that an operation accepts. `fields` are the styles of a form's fields that the document declares (`encoding`); the
    `media_type` of one is the content type of its part."""

    media_type: str
    fields: Mapping[str, Style] = field(default_factory=dict)


def kind(media_type: str) -> str:
    """Return how a media type is written: json, lines, form, form-data, parts, xml, text, any or binary."""
    essence = media_type.partition(";")[0].strip().lower()
    return next((name for name, pattern in _KINDS if pattern.match(essence)), "binary")


def choose(accepted: Iterable[BodyFormat], value: Any, media_type: str | None = None) -> BodyFormat:
    """Return the media type to send a value as: the one that the caller names, else the first that can hold the value.

    Raises:
        RequestFault: none can; XML is not supported.
    """
    accepted = tuple(accepted)
    if media_type is not None:
        found = next((one for one in accepted if one.media_type == media_type), None)
        if found is None:
            listed = ", ".join(one.media_type for one in accepted) or "no body"
            raise RequestFault(f"the operation does not accept {media_type}; it accepts {listed}")
        accepted = (found,)
    kinds = {kind(one.media_type): one for one in reversed(accepted)}
    order = _OF_BYTES if isinstance(value, (bytes, multipart.File)) else ORDER
    for name in order:
        if name in kinds:
            return kinds[name]
    listed = ", ".join(one.media_type for one in accepted) or "no body"
    if "xml" in kinds:
        raise RequestFault(f"the operation accepts {listed} only, and XML bodies are not supported")
    raise RequestFault(f"a body of type {type(value).__name__} cannot be sent: the operation accepts {listed}")


def encode(declared: BodyFormat, value: Any) -> tuple[str, bytes]:
    """Return the content type and the bytes of a body.

    Raises:
        RequestFault: the value cannot be sent as this media type.
    """
    how, media_type = kind(declared.media_type), declared.media_type
    match how:
        case "json":
            return JSON if "*" in media_type else media_type, json_bytes(value)
        case "form":
            return media_type, urls.query_text(fields_of(value, media_type), declared.fields).encode("ascii")
        case "form-data":
            return multipart.form_data(multipart.parts(fields_of(value, media_type), declared.fields))
        case "parts":
            subtype = media_type.partition(";")[0].partition("/")[2]
            return multipart.body(multipart.parts(fields_of(value, media_type), declared.fields), subtype, named=False)
        case "lines" if isinstance(value, (list, tuple)):
            return media_type, b"".join(json_bytes(line) + b"\n" for line in value)
        case "xml":
            raise RequestFault(f"XML bodies are not supported, and the operation is called with {media_type}")
        case "any" if not isinstance(value, (bytes, str, multipart.File)):
            return JSON, json_bytes(value)
        case _:
            return _raw(value, media_type)


def _raw(value: Any, media_type: str) -> tuple[str, bytes]:
    """Return a body that is sent as it is."""
    if isinstance(value, multipart.File):
        if not isinstance(value.content, bytes):
            raise RequestFault("the content of a file has not been read")
        return value.media_type or (OCTETS if "*" in media_type else media_type), value.content
    if isinstance(value, bytes):
        return OCTETS if "*" in media_type else media_type, value
    if isinstance(value, (Mapping, list, tuple)):
        raise RequestFault(f"{media_type} is sent as text or bytes, not as {'an object' if isinstance(value, Mapping) else 'a list'}")
    try:
        return "text/plain" if media_type == "*/*" else OCTETS if "*" in media_type else media_type, text(value).encode("utf-8")
    except UnicodeEncodeError:
        raise RequestFault("the body is not valid Unicode") from None


def fields_of(value: Any, media_type: str) -> Mapping[str, Any]:
    """Return the fields of a form.

    Raises:
        RequestFault: the value is not an object.
    """
    if not isinstance(value, Mapping):
        raise RequestFault(f"{media_type} has named fields: the body must be an object")
    return value
