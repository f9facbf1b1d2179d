"""Codec of Markdown and the body of an item in Microsoft Graph (`contentType` and `content`): HTML when written, HTML or text when read.

Law: `decode(encode(m)) == normalize(m)`, like `html`.

Source: https://learn.microsoft.com/graph/api/resources/itembody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unified_runtime.adapter_api.codecs import html, markdown

LOSSES: tuple[str, ...] = html.LOSSES


def encode(value: str) -> dict[str, Any]:
    """Return the item's body for a Markdown text."""
    return {"contentType": "html", "content": html.encode(value)}


def decode(value: Mapping[str, Any]) -> str:
    """Return the Markdown for an item's body. Never fails."""
    content = value.get("content")
    if not isinstance(content, str):
        return ""
    return markdown.text(content) if value.get("contentType") == "text" else html.decode(content)


def normalize(value: str) -> str:
    """Return a Markdown text as it is after writing it and reading it back."""
    return decode(encode(value))
