"""Codec of Markdown and the rich text of an Asana task or project (`html_notes`).

Laws, for every text `m`: `decode(encode(m)) == normalize(m)`, and `normalize` is idempotent. The output of `encode` is always
well-formed XML of Asana's elements, at positions that Asana accepts. `decode` never raises.
"""

from __future__ import annotations

from unified_runtime.adapter_api.codecs import asana_rich_text
from unified_runtime.adapter_api.codecs.stored_text import StoredText

__all__ = ["LOSSES", "decode", "encode", "extend", "lost", "normalize"]

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
    """Return Asana's rich text for a Markdown text; `<body></body>` for an empty one. With `extend`: the stored text and this after it."""
    if isinstance(value, StoredText):
        added = encode(str(value)).removeprefix("<body>")
        return f"{value.stored.removesuffix('</body>')}\n\n{added}"
    return asana_rich_text.encode(value, asana_rich_text.NOTES)


def extend(stored: str, addition: str) -> str:
    """Return a text that `encode` writes after stored rich text, which stays as it is."""
    return StoredText(addition, stored) if stored.endswith("</body>") else f"{decode(stored)}\n\n{addition}"


_LOST = (("data-asana-", "mentions"), ("<img", "images"), ("<u>", "underlines"), ("<object", "embedded objects"))


def lost(stored: str, text: str = "") -> list[str]:
    """Return what stored rich text has that replacing it with `text` would lose, such as `mentions`."""
    return [name for mark, name in _LOST if mark in stored]


def decode(value: str) -> str:
    """Return the Markdown for Asana's rich text. Never fails."""
    return asana_rich_text.decode(value)


def normalize(value: str) -> str:
    """Return a Markdown text as it is after writing it to Asana and reading it back."""
    return asana_rich_text.normalize(value, asana_rich_text.NOTES)
