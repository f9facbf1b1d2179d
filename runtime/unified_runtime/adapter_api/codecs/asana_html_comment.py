"""Codec of Markdown and the rich text of an Asana story (`html_text` of a comment), which has neither headings nor rules.

The laws are those of `asana_html`.
"""

from __future__ import annotations

from unified_runtime.adapter_api.codecs import asana_html, asana_rich_text

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = ("encode: a heading becomes a bold paragraph, a rule becomes text", *asana_html.LOSSES[1:])


def encode(value: str) -> str:
    """Return Asana's rich text for a Markdown text; `<body></body>` for an empty one."""
    return asana_rich_text.encode(value, asana_rich_text.STORIES)


def decode(value: str) -> str:
    """Return the Markdown for Asana's rich text. Never fails."""
    return asana_rich_text.decode(value)


def normalize(value: str) -> str:
    """Return a Markdown text as it is after writing it to a comment and reading it back."""
    return asana_rich_text.normalize(value, asana_rich_text.STORIES)
