"""Conversion of Asana's rich text, for the codecs of its two subsets: a strict, small XML in which newlines are significant.

Asana rejects the entire request if an element is not in the subset, or is at a position that is not valid; so a document is first reduced
to the subset. Sources: https://developers.asana.com/docs/rich-text and the announcement of its newer elements,
https://forum.asana.com/t/changes-are-coming-to-rich-text-html-notes-and-html-text-in-asana/113434
"""

from __future__ import annotations

import re

from unified_runtime.adapter_api.codecs import html_parser, html_tree, markdown
from unified_runtime.adapter_api.codecs.flattening import Narrow
from unified_runtime.adapter_api.codecs.html_writer import escaped, inline
from unified_runtime.adapter_api.codecs.rich_text import (
    Block,
    Blocks,
    Break,
    CodeBlock,
    Heading,
    Inline,
    Inlines,
    Item,
    List,
    Paragraph,
    Quote,
    Rule,
    Text,
    box,
    line,
    paragraph,
)

_ABSOLUTE = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)


def encode(value: str, subset: Narrow) -> str:
    """Return Asana's XML for a Markdown text."""
    if markdown.plain_paragraphs(value) is not None:
        return f"<body>{escaped(value)}</body>"
    markdown.check_size(value)
    return f"<body>{_blocks(subset.fit(markdown.parse(value)))}</body>"


def decode(value: str) -> str:
    """Return the Markdown for Asana's XML. Never fails."""
    body = value.removeprefix("<body>").removesuffix("</body>") if "</body>" in value else value
    if "<" not in body and "&" not in body and markdown.plain_paragraphs(body) is not None:
        return body
    return markdown.write(html_parser.Reader(lines=True).document(html_tree.parse(value)))


def normalize(value: str, subset: Narrow) -> str:
    """Return a Markdown text as it is after writing it to Asana and reading it back."""
    return value if markdown.plain_paragraphs(value) is not None else markdown.write(subset.fit(markdown.parse(value)))


def _fit_line(content: Inlines) -> Inlines:
    return line(map(_without_relative, content)) if any(_without_relative(run) is not run for run in content) else content


def _without_relative(run: Inline) -> Inline:
    return run if isinstance(run, Break) or run.href is None or _ABSOLUTE.match(run.href) else Text(run.text, run.marks)


NOTES = Narrow(headings=2, starts=False, line=_fit_line)
"""Subset of tasks and projects."""
STORIES = Narrow(headings=0, starts=False, line=_fit_line)
"""Subset of comments, which have neither headings nor rules."""


# ------------------------------------------------------------------ to Asana's XML
def _blocks(blocks: Blocks) -> str:
    found: list[str] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Paragraph) and index and isinstance(blocks[index - 1], Paragraph):
            found.append("\n\n")
        found.append(_block(block))
    return "".join(found)


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return inline(block.content, "\n")
    if isinstance(block, Heading):
        return f"<h{block.level}>{inline(block.content, ' ')}</h{block.level}>"
    if isinstance(block, CodeBlock):
        return f"<pre>{escaped(block.text)}</pre>"
    if isinstance(block, Rule):
        return "<hr/>"
    if isinstance(block, Quote):
        return f"<blockquote>{_blocks(block.content)}</blockquote>"
    assert isinstance(block, List)
    tag = "ul" if block.start is None else "ol"
    return f"<{tag}>{''.join(f'<li>{_item(item)}</li>' for item in block.items)}</{tag}>"


def _item(item: Item) -> str:
    if item.checked is None:
        return _blocks(item.content)
    first = item.content[0] if item.content else None
    lead = first.content if isinstance(first, Paragraph) else ()
    return _blocks((*paragraph((Text(box(item)), *lead)), *(item.content[1:] if lead else item.content)))
