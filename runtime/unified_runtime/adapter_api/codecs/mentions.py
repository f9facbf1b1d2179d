"""Mentions in Markdown: links to `user:ID`, `channel:ID` and `group:ID` with the vendor's own ID.

`[Ada](user:U012AB3CD)` mentions the user U012AB3CD and shows *Ada* if the vendor supports a text for mentions. Only such links are
mentions: codecs escape plain text that a vendor would read as a mention.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from unified_runtime.adapter_api.codecs.links import MENTION
from unified_runtime.adapter_api.codecs.rich_text import (
    Block,
    Blocks,
    Heading,
    Inline,
    Inlines,
    Item,
    List,
    Paragraph,
    Quote,
    Table,
    Text,
    line,
)


def mention(href: str | None) -> tuple[str, str] | None:
    """Return the kind and the id of the mention in a link's URL; None for any other URL."""
    found = MENTION.fullmatch(href) if href is not None else None
    return (found[1], found[2]) if found is not None else None


def changed(blocks: Blocks, change: Callable[[Text], Inline]) -> Blocks:
    """Return the document with each run of text in a link replaced by the result of `change`."""
    return tuple(_block(block, change) for block in blocks)


def linked(blocks: Blocks) -> Iterator[str]:
    """Yield the URLs of a document's links, in order."""
    found: list[str] = []

    def note(run: Text) -> Inline:
        if run.href is not None:
            found.append(run.href)
        return run

    changed(blocks, note)
    yield from dict.fromkeys(found)


def _block(block: Block, change: Callable[[Text], Inline]) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(_line(block.content, change))
    if isinstance(block, Heading):
        return Heading(block.level, _line(block.content, change))
    if isinstance(block, Quote):
        return Quote(changed(block.content, change))
    if isinstance(block, List):
        return List(tuple(Item(changed(item.content, change), item.checked) for item in block.items), block.start)
    if isinstance(block, Table):
        rows = tuple(tuple(_line(cell, change) for cell in row) for row in block.rows)
        return Table(tuple(_line(cell, change) for cell in block.header), rows)
    return block


def _line(content: Inlines, change: Callable[[Text], Inline]) -> Inlines:
    return line(change(run) if isinstance(run, Text) and run.href is not None else run for run in content)
