"""Reduction of documents to dialects whose list items and quotes can only contain lines of text (and lists, in items)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from unified_runtime.adapter_api.codecs.html_parser import paragraphs, task
from unified_runtime.adapter_api.codecs.rich_text import (
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
    heading,
    line,
    marked,
    paragraph,
    quote,
    row_text,
)


class Narrow(Struct, frozen=True):
    """Dialect. `headings`: the number of its heading levels (0 also means no rules); `starts`: ordered lists may begin at any number."""

    headings: int
    starts: bool
    line: Callable[[Inlines], Inlines]
    """Reduces inline content to the dialect."""
    code: Callable[[str], str] = str
    """Reduces the text of a code block to the dialect."""

    def fit(self, blocks: Blocks) -> Blocks:
        """Return the closest document that the dialect can represent; the same one if it can."""
        return tuple(found for block in blocks for found in self._fit(block))

    def _fit(self, block: Block) -> Blocks:
        if isinstance(block, Paragraph):
            return paragraphs(self.line(block.content))
        if isinstance(block, Heading):
            if self.headings:
                return heading(min(block.level, self.headings), self.line(block.content))
            return paragraph(self.line(marked(block.content, STRONG)))
        if isinstance(block, CodeBlock):
            return (CodeBlock(self.code(block.text)),)
        if isinstance(block, Rule):
            return (block,) if self.headings else (Paragraph((Text("---"),)),)
        if isinstance(block, Quote):
            return tuple(self._quote(block.content))
        if isinstance(block, List):
            return (self._list(block),)
        return paragraphs(self.line(line(_table_lines(block))))

    def _quote(self, blocks: Blocks) -> Iterator[Block]:
        """Yield a quote, interrupted by each of its blocks that is not text."""
        inside: list[Block] = []
        for block in _unquoted(blocks):
            if isinstance(block, Heading):
                inside.extend(paragraph(self.line(marked(block.content, STRONG))))
            elif isinstance(block, Paragraph):
                inside.extend(self._fit(block))
            else:
                yield from quote(tuple(inside))
                inside = []
                yield from self._fit(block)
        yield from quote(tuple(inside))

    def _list(self, block: List) -> List:
        start = block.start if self.starts or block.start is None else 1
        return List(tuple(map(self._item, block.items)), start)

    def _item(self, item: Item) -> Item:
        found: list[Block] = []
        lines: list[Inline] = []
        for block in _unquoted(item.content):
            if isinstance(block, List):
                found.extend(self._one_paragraph(lines))
                lines = []
                found.append(self._list(block))
            else:
                lines.append(Break())
                lines.extend(_lines(block))
        found.extend(self._one_paragraph(lines))
        content = tuple(found)
        return task(content) if item.checked is None else Item(content, item.checked)

    def _one_paragraph(self, lines: list[Inline]) -> Blocks:
        content = self.line(line(lines))
        return paragraph(run for index, run in enumerate(content) if not (isinstance(run, Break) and isinstance(content[index - 1], Break)))


def _unquoted(blocks: Blocks) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Quote):
            yield from _unquoted(block.content)
        else:
            yield block


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
