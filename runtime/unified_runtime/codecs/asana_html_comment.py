"""Markdown, as the rich text of an Asana story (`html_text` of a comment), which has neither headings nor rules.

Laws as for `asana_html`.
"""

from __future__ import annotations

from unified_runtime.codecs import asana_html, asana_rich_text

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = ("encode: a heading becomes a bold paragraph, a rule becomes text", *asana_html.LOSSES[1:])


def encode(value: str) -> str:
    """Asana's rich text for a Markdown text; `<body></body>` for an empty one."""
    return asana_rich_text.encode(value, asana_rich_text.STORIES)


def decode(value: str) -> str:
    """Markdown for Asana's rich text. Never fails."""
    return asana_rich_text.decode(value)


def normalize(value: str) -> str:
    """What is left of a Markdown text that was written to a comment and read back."""
    return asana_rich_text.normalize(value, asana_rich_text.STORIES)
