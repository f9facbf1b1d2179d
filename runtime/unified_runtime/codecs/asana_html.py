"""Markdown, as the rich text of an Asana task or project (`html_notes`).

Laws, for every text `m`: `decode(encode(m)) == normalize(m)`, and `normalize` is idempotent. What `encode` writes is always
well-formed XML of Asana's elements in places where Asana takes them. `decode` never raises.
"""

from __future__ import annotations

from unified_runtime.codecs import asana_rich_text

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = (
    "encode: headings of level 3 to 6 become level 2; a heading in a quote or a list item becomes bold text",
    "encode: a quote keeps only its text, other blocks move out of it; a quote in a quote or list item loses its frame",
    "encode: a list item keeps its lines and lists only: its code blocks become lines of code, its rules and tables text",
    "encode: ordered lists begin at 1, code blocks lose their language, tables become lines of text",
    "encode: a list item whose text begins with [ ] or [x] becomes a task; tasks are written with these signs",
    "encode: a link that is neither http, https nor mailto becomes text; an empty line made of line breaks parts paragraphs",
    "encode: raw HTML and link reference definitions stay text, an image becomes a link",
    "encode: titles of links, addresses of images inside links, control characters",
    "encode: white space and line breaks at the edge of a paragraph",
    "decode: underline; a mention becomes a link that shows a name; an image becomes a link; cells of tables become one line",
)


def encode(value: str) -> str:
    """Asana's rich text for a Markdown text; `<body></body>` for an empty one."""
    return asana_rich_text.encode(value, asana_rich_text.NOTES)


def decode(value: str) -> str:
    """Markdown for Asana's rich text. Never fails."""
    return asana_rich_text.decode(value)


def normalize(value: str) -> str:
    """What is left of a Markdown text that was written to Asana and read back."""
    return asana_rich_text.normalize(value, asana_rich_text.NOTES)
