"""Line width of generated Markdown."""

from __future__ import annotations

import re
import textwrap

WIDTH = 120
_CODE_BLOCK = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_CODE_SPAN = re.compile(r"`[^`\n]{1,118}`")


def wrap(text: str) -> str:
    """Fill the paragraphs of a text to lines of at most `WIDTH` characters. Code blocks and short code spans are not split."""
    parts = _CODE_BLOCK.split(text)
    return "".join(part if number % 2 else _paragraphs(part) for number, part in enumerate(parts))


def wrap_paragraph(text: str, indent: str = "") -> str:
    """Fill one paragraph. Lines after the first begin with `indent`."""
    joined = _CODE_SPAN.sub(lambda span: span[0].replace(" ", "\0"), " ".join(text.split()))
    filled = textwrap.fill(joined, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return filled.replace("\0", " ")


def _paragraphs(text: str) -> str:
    parts = re.split(r"(\n{2,}|^\n+|\n+$)", text)
    return "".join(wrap_paragraph(part) if part.strip() else part for part in parts)
