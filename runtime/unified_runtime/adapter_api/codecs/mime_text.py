"""Codec of Markdown and the text of an email as parts of MIME: `mimeType`, `filename`, `headers`, `body.data` in base64url and `parts`.

The first part of HTML that is not an attachment is read, else the first of plain text. `decode` never raises: anybody can send an email.
Emails are composed by `mime_messages`.

Source: https://www.rfc-editor.org/rfc/rfc2046 and
https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages#Message.MessagePart
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from binascii import Error
from collections.abc import Iterator, Mapping
from typing import Any

from unified_runtime.adapter_api.codecs import html, markdown
from unified_runtime.adapter_api.codecs.mime_header import header

LOSSES: tuple[str, ...] = (
    *(loss for loss in html.LOSSES if loss.startswith("decode")),
    "decode: further parts of text, and the form of plain text if there is HTML",
)

_MAX_DEPTH = 50
_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9_.:-]+)", re.IGNORECASE)


def decode(value: object) -> str:
    """Return the Markdown for a message's text. Never fails."""
    found = dict(reversed([*_texts(value, 0)]))
    if "text/html" in found:
        return html.decode(_content(found["text/html"]))
    return markdown.text(_content(found["text/plain"])) if "text/plain" in found else ""


def _texts(part: object, depth: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the parts that are texts, with their types."""
    if not isinstance(part, Mapping) or depth > _MAX_DEPTH:
        return
    kind = part.get("mimeType")
    if isinstance(kind, str) and kind.lower() in ("text/html", "text/plain") and not part.get("filename"):
        yield kind.lower(), part
    parts = part.get("parts")
    for each in parts if isinstance(parts, list) else ():
        yield from _texts(each, depth + 1)


def _content(part: Mapping[str, Any]) -> str:
    return _text(part).replace("\r\n", "\n")


def _text(part: Mapping[str, Any]) -> str:
    body = part.get("body")
    data = body.get("data") if isinstance(body, Mapping) else None
    content = from_base64url(data) if isinstance(data, str) else b""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return _decoded(content, header(part, "Content-Type") or "")


def _decoded(content: bytes, type: str) -> str:
    named = _CHARSET.search(type)
    try:
        return content.decode(named[1] if named is not None else "latin-1", "replace")
    except (LookupError, UnicodeError):  # a codec of this name is unknown, or not one of texts
        return content.decode("latin-1")


def from_base64url(text: str) -> bytes:
    """Return bytes in base64url, with or without padding; none if it is not valid."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Error, ValueError):
        return b""
