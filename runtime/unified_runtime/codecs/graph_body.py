"""The text of an item of Microsoft Graph: `contentType` and `content`; written as HTML, read as either.

Law: `decode(encode(m)) == normalize(m)`, as of `html`.

Source: https://learn.microsoft.com/graph/api/resources/itembody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unified_runtime.codecs import html, markdown

LOSSES: tuple[str, ...] = html.LOSSES


def encode(value: str) -> dict[str, Any]:
    """The item's body."""
    return {"contentType": "html", "content": html.encode(value)}


def decode(value: Mapping[str, Any]) -> str:
    """Markdown for an item's body. Never fails."""
    content = value.get("content")
    if not isinstance(content, str):
        return ""
    return markdown.text(content) if value.get("contentType") == "text" else html.decode(content)


def normalize(value: str) -> str:
    """What is left of a text."""
    return decode(encode(value))
