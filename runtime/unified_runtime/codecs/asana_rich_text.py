"""What Asana's rich text is, for the codecs of its two subsets: a strict, small XML in which newlines count.

An element that is not in the subset, or stands where it may not, makes Asana refuse the whole request; so a document is first
fitted into the subset. Sources: https://developers.asana.com/docs/rich-text and the announcement of its newer elements,
https://forum.asana.com/t/changes-are-coming-to-rich-text-html-notes-and-html-text-in-asana/113434
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unified_runtime.codecs import html_reading, html_tree, markdown
from unified_runtime.codecs.document import (
    CODE,
    STRONG,
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
    Table,
    Text,
    box,
    heading,
    line,
    marked,
    paragraph,
    quote,
    row_text,
)
from unified_runtime.codecs.html_writing import escaped, inline

_ABSOLUTE = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)


def encode(value: str, *, headings: bool) -> str:
    """Asana's XML for a Markdown text. `headings`: the subset has headings and rules."""
    plain = markdown.plain_paragraphs(value)
    body = escaped(value) if plain is not None else _blocks(fit(markdown.parse(value), headings=headings))
    return f"<body>{body}</body>"


def decode(value: str) -> str:
    """Markdown for Asana's XML. Never fails."""
    body = value.removeprefix("<body>").removesuffix("</body>") if "</body>" in value else value
    if "<" not in body and "&" not in body and markdown.plain_paragraphs(body) is not None:
        return body
    return markdown.write(html_reading.Reader(lines=True).document(html_tree.parse(value)))


def normalize(value: str, *, headings: bool) -> str:
    """What is left of a Markdown text that was written to Asana and read back."""
    return value if markdown.plain_paragraphs(value) is not None else markdown.write(fit(markdown.parse(value), headings=headings))


# ------------------------------------------------------------------ the part of a document that Asana can hold
def fit(blocks: Blocks, *, headings: bool) -> Blocks:
    return tuple(found for block in blocks for found in _fit(block, headings))


def _fit(block: Block, headings: bool) -> Blocks:
    if isinstance(block, Paragraph):
        return html_reading.paragraphs(_fit_line(block.content))
    if isinstance(block, Heading):
        content = _fit_line(block.content)
        return heading(min(block.level, 2), content) if headings else (Paragraph(marked(content, STRONG)),)
    if isinstance(block, CodeBlock):
        return (CodeBlock(block.text),)
    if isinstance(block, Rule):
        return (block,) if headings else (Paragraph((Text("---"),)),)
    if isinstance(block, Quote):
        return tuple(_fit_quote(block.content, headings))
    if isinstance(block, List):
        return (_fit_list(block),)
    return html_reading.paragraphs(_fit_line(line(_table_lines(block))))


def _fit_line(content: Inlines) -> Inlines:
    return line(map(_without_relative, content)) if any(_without_relative(run) is not run for run in content) else content


def _without_relative(run: Inline) -> Inline:
    return run if isinstance(run, Break) or run.href is None or _ABSOLUTE.match(run.href) else Text(run.text, run.marks)


def _fit_quote(blocks: Blocks, headings: bool) -> Iterator[Block]:
    """A quote holds lines of text only: what else stands in it is put after what was quoted so far."""
    inside: list[Block] = []
    for block in _unquoted(blocks):
        if isinstance(block, Heading):
            inside.append(Paragraph(marked(_fit_line(block.content), STRONG)))
        elif isinstance(block, Paragraph):
            inside.extend(_fit(block, headings))
        else:
            yield from quote(tuple(inside))
            inside = []
            yield from _fit(block, headings)
    yield from quote(tuple(inside))


def _unquoted(blocks: Blocks) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Quote):
            yield from _unquoted(block.content)
        else:
            yield block


def _fit_list(block: List) -> List:
    return List(tuple(map(_fit_item, block.items)), None if block.start is None else 1)


def _fit_item(item: Item) -> Item:
    """An item holds lines of text and lists."""
    found: list[Block] = []
    lines: list[Inline] = []
    for block in _unquoted(item.content):
        if isinstance(block, List):
            found.extend(_one_paragraph(lines))
            lines = []
            found.append(_fit_list(block))
        else:
            lines.append(Break())
            lines.extend(_lines(block))
    found.extend(_one_paragraph(lines))
    content = tuple(found)
    return html_reading.task(content) if item.checked is None else Item(content, item.checked)


def _one_paragraph(lines: list[Inline]) -> Blocks:
    content = _fit_line(line(lines))
    single = (run for index, run in enumerate(content) if not (isinstance(run, Break) and isinstance(content[index - 1], Break)))
    return paragraph(single)


def _lines(block: Block) -> Iterator[Inline]:
    if isinstance(block, Paragraph):
        yield from block.content
    elif isinstance(block, Heading):
        yield from marked(block.content, STRONG)
    elif isinstance(block, CodeBlock):
        for number, text in enumerate(block.text.split("\n")):
            if number:
                yield Break()
            yield Text(text, CODE)
    elif isinstance(block, Rule):
        yield Text("---")
    else:
        assert isinstance(block, Table)
        yield from _table_lines(block)


def _table_lines(block: Table) -> Iterator[Inline]:
    for row in (block.header, *block.rows) if any(block.header) else block.rows:
        yield Break()
        yield from row_text(row)


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
