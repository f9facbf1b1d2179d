"""Codec of Markdown and HTML fragments (Google Calendar, Microsoft Graph).

Laws, for every text `m`: `decode(encode(m)) == normalize(m)`, and `normalize` is idempotent. `encode` writes plain elements
without attributes (except `href`, `start` and a code block's `class`), so that no vendor's sanitizer removes anything. `decode`
parses any text like browsers and never raises; a text without any tag is read as plain lines, which calendars have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unified_runtime.adapter_api.codecs import html_parser, html_tree, markdown
from unified_runtime.adapter_api.codecs.html_writer import attribute, escaped, inline
from unified_runtime.adapter_api.codecs.rich_text import (
    Block,
    Blocks,
    CodeBlock,
    Heading,
    Inlines,
    Item,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    box,
    line,
)

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = (
    "encode: several spaces become one, and an empty line made of line breaks parts paragraphs, as HTML shows them",
    "encode: raw HTML and link reference definitions stay text, an image becomes a link, a table loses its alignment",
    "encode: a list item whose text begins with [ ] or [x] becomes a task; tasks are written with these signs",
    "encode: titles of links, addresses of images inside links, words after a code block's language, control characters",
    "encode: white space and line breaks at the edge of a paragraph",
    "decode: underline, colours, fonts, sizes, alignment, sub- and superscript, classes, identifiers and comments",
    "decode: scripts, styles and form fields; cells of tables become one line",
)

_TAG = re.compile(r"<[A-Za-z/!]")


def encode(value: str) -> str:
    """Return the HTML fragment for a Markdown text."""
    plain = markdown.plain_paragraphs(value)
    if plain is not None and "  " not in value:
        return "".join(f"<p>{escaped(text)}</p>" for text in plain)
    markdown.check_size(value)
    return write(fit(markdown.parse(value)))


def decode(value: str) -> str:
    """Return the Markdown for an HTML text. Never fails."""
    if not _TAG.search(value):
        return markdown.text(html_tree.characters(value))
    return markdown.write(html_parser.Reader(lines=False).document(html_tree.parse(value)))


def normalize(value: str) -> str:
    """Return a Markdown text as it is after writing it to HTML and reading it back."""
    return markdown.write(fit(markdown.parse(value)))


def fit(blocks: Blocks) -> Blocks:
    """Return the closest document that HTML can represent."""
    return tuple(found for block in blocks for found in _fit(block))


def _fit(block: Block) -> Blocks:
    if isinstance(block, Paragraph):
        return html_parser.paragraphs(html_parser.collapsed(block.content))
    if isinstance(block, Heading):
        return (Heading(block.level, html_parser.collapsed(block.content)),)
    if isinstance(block, Quote):
        return (Quote(fit(block.content)),)
    if isinstance(block, List):
        return (List(tuple(map(_fit_item, block.items)), block.start),)
    if isinstance(block, Table):
        collapsed = html_parser.collapsed
        return (Table(tuple(map(collapsed, block.header)), tuple(tuple(map(collapsed, row)) for row in block.rows)),)
    return (block,)


def _fit_item(item: Item) -> Item:
    content = fit(item.content)
    return html_parser.task(content) if item.checked is None else Item(content, item.checked)


# ------------------------------------------------------------------ to HTML
def write(blocks: Blocks) -> str:
    """Return the HTML fragment for a document that HTML can represent."""
    return "".join(_blocks(blocks))


def _blocks(blocks: Blocks) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield f"<p>{_line(block.content)}</p>"
        elif isinstance(block, Heading):
            yield f"<h{block.level}>{_line(block.content)}</h{block.level}>"
        elif isinstance(block, CodeBlock):
            language = f' class="language-{attribute(block.language)}"' if block.language else ""
            yield f"<pre><code{language}>{escaped(block.text)}\n</code></pre>"
        elif isinstance(block, Rule):
            yield "<hr>"
        elif isinstance(block, Quote):
            yield f"<blockquote>{''.join(_blocks(block.content))}</blockquote>"
        elif isinstance(block, List):
            yield from _list(block)
        else:
            yield from _table(block)


def _line(content: Inlines) -> str:
    return inline(content, "<br>")


def _list(block: List) -> Iterator[str]:
    tag = "ul" if block.start is None else "ol"
    yield f"<{tag}>" if block.start in (None, 1) else f'<{tag} start="{block.start}">'
    for item in block.items:
        yield f"<li>{_item(item)}</li>"
    yield f"</{tag}>"


def _item(item: Item) -> str:
    """Return the HTML of a list item. Its first paragraph has no `p` element if only lists follow it."""
    content = item.content
    first = content[0] if content else None
    lead = first.content if isinstance(first, Paragraph) else ()
    rest = content[1:] if lead else content
    text = _line(line((Text(box(item)), *lead)))
    if text and not all(isinstance(block, List) for block in rest):
        text = f"<p>{text}</p>"
    return text + "".join(_blocks(rest))


def _table(block: Table) -> Iterator[str]:
    yield "<table>"
    if any(block.header):
        yield f"<thead>{_row(block.header, 'th')}</thead>"
    if block.rows:
        yield "<tbody>"
        for row in block.rows:
            yield _row(row, "td")
        yield "</tbody>"
    yield "</table>"


def _row(cells: tuple[Inlines, ...], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{_line(cell)}</{tag}>' for cell in cells)}</tr>"
