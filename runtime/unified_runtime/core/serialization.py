"""Serialization of requests, with the runtime's errors: query strings, forms, bodies (see `unified_openapi.requests`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unified_openapi.requests import multipart, scalars, styles, urls
from unified_openapi.requests.faults import RequestFault
from unified_openapi.requests.styles import Style, Styles
from unified_runtime.core.json_limits import translated


def query_text(query: Mapping[str, Any], declared: Styles | None = None) -> str:
    """Return the query (or form) as text. Without a declared style: None is omitted, lists are repeated, objects are JSON.

    Raises:
        InvalidInput: a value cannot be sent as declared.
    """
    try:
        return urls.query_text(query, declared)
    except RequestFault as fault:
        raise translated(fault) from None


def query_pairs(name: str, value: Any, declared: Style | None = None) -> list[tuple[str, str]]:
    """Return the pairs of a query or form for one value, before encoding.

    Raises:
        InvalidInput: it cannot be written.
    """
    try:
        return styles.shown(name, value, declared)
    except RequestFault as fault:
        raise translated(fault) from None


def json_bytes(value: Any) -> bytes:
    """Return the value as JSON.

    Raises:
        InvalidInput: it contains a value that JSON cannot represent.
    """
    try:
        return scalars.json_bytes(value)
    except RequestFault as fault:
        raise translated(fault) from None


def related(description: bytes, content: bytes, media_type: str) -> tuple[bytes, bytes]:
    """Return the content type and the bytes of a description (JSON) followed by a content, as `multipart/related`."""
    kind, body = multipart.related(description, content, media_type)
    return kind.encode("ascii"), body
