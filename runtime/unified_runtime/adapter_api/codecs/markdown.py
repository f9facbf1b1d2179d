"""Markdown of the unified models: CommonMark 0.31 with GitHub's tables, strikethrough and task items.

`parse` converts it to a document, `write` converts a document back. Laws, for every text `m` and canonical document `d`:
`parse(write(d)) == d`, and so `normalize(m) = write(parse(m))` is idempotent; text is never lost and never becomes markup
(`write` escapes only the necessary characters).

Two features of CommonMark are omitted because they make text disappear: raw HTML and link reference definitions are plain text
here. An image is read as a link to it. Bare URLs are text. A soft line break is a space, as CommonMark renders it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

from unified_runtime.adapter_api.codecs.errors import TooMuchMarkup
from unified_runtime.adapter_api.codecs.links import canonical
from unified_runtime.adapter_api.codecs.markdown_writer import write
from unified_runtime.adapter_api.codecs.rich_text import (
    CODE,
    EM,
    MAX_DEPTH,
    STRIKE,
    STRONG,
    Block,
    Blocks,
    Break,
    Inline,
    Inlines,
    Item,
    Rule,
    Text,
    clean,
    code_block,
    heading,
    line,
    list_of,
    paragraph,
    quote,
    table,
    words,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["MAX_LENGTH", "MAX_MARKS", "check_size", "literal", "normalize", "parse", "plain_paragraphs", "text", "too_large", "write"]

MAX_LENGTH = 1_000_000
"""Maximum characters of a text that is converted."""
MAX_MARKS = 20_000
"""Maximum number of line ends, and of characters that may be markup. Parsing takes up to 20 microseconds for each."""

_NESTING = 4 * MAX_DEPTH
_MARKING = "\n*_[`<&~|!\\"
_MARKS = {"strong": STRONG, "em": EM, "s": STRIKE}
_TASK = re.compile(r"\[([ xX])\](?=\s|$)")
_BAR = re.compile(r"(?<!\\)\|")
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_SPECIAL = r"\\`*_\[\]<&~|!\x00-\x09\x0b-\x1f\x7f-\xa0\ud800-\udfff"
_PLAIN_LINE = rf"[^\W\d_](?:[^{_SPECIAL}\n]*[^\s{_SPECIAL}])?"
_PLAIN = re.compile(rf"{_PLAIN_LINE}(?:\n\n{_PLAIN_LINE})*")


def normalize(markdown: str) -> str:
    """Return the canonical form of a text; `normalize(normalize(m)) == normalize(m)`."""
    return markdown if _PLAIN.fullmatch(markdown) else write(parse(markdown))


def text(plain: str) -> str:
    """Return Markdown that shows a plain text unchanged, line by line."""
    return plain if _PLAIN.fullmatch(plain) else write(literal(plain))


def plain_paragraphs(markdown: str) -> list[str] | None:
    """Return the paragraphs of a text that certainly has no markup and no line break; None if it must be parsed.

    A document of such paragraphs is written unchanged, so neither direction needs the tree.
    """
    return markdown.split("\n\n") if _PLAIN.fullmatch(markdown) else None


def literal(plain: str) -> Blocks:
    """Return a plain text as a document: blank lines separate paragraphs, other line ends are breaks. A too large text is a code block."""
    if too_large(plain):
        return code_block(plain)
    return tuple(block for part in _BLANK.split(clean(plain)) for block in paragraph(words(part)))


def too_large(markdown: str) -> bool:
    """Return true if a text exceeds `MAX_LENGTH` or `MAX_MARKS`. Needs a fraction of the time of parsing."""
    if len(markdown) <= MAX_MARKS:
        return False
    return len(markdown) > MAX_LENGTH or sum(map(markdown.count, _MARKING)) > MAX_MARKS


def check_size(markdown: str) -> None:
    """Check that a text to be written is not too large to be parsed.

    Raises:
        TooMuchMarkup: it has more than `MAX_LENGTH` characters, or more than `MAX_MARKS` that may be markup.
    """
    if too_large(markdown):
        raise TooMuchMarkup(
            f"a text has more than {MAX_LENGTH:,} characters, or more than {MAX_MARKS:,} line ends and Markdown delimiters; "
            "shorten it, or attach it as a file"
        )


def parse(markdown: str) -> Blocks:
    """Return the document of a Markdown text. Never fails: a text that is nested deeper than `MAX_DEPTH` or too large is read literally."""
    source = clean(markdown)
    if too_large(source):
        return literal(source)
    tokens = _parser().parse(source)
    depth = deepest = 0
    for token in tokens:
        if token.type in _CONTAINERS:
            depth += token.nesting
            deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        return literal(source)
    return _Reader(tokens, source).blocks()


_CONTAINERS = frozenset(f"{name}_{end}" for name in ("blockquote", "bullet_list", "ordered_list") for end in ("open", "close"))


@cache
def _parser() -> MarkdownIt:
    from unified_runtime.adapter_api.codecs.markdown_parser import parser

    return parser(_NESTING)


class _Reader:
    """Reader of the tokens of markdown-it, in one pass."""

    def __init__(self, tokens: Sequence[Token], source: str) -> None:
        self._tokens = tokens
        self._source = source
        self._at = 0

    @cached_property
    def _rows(self) -> list[str]:
        return self._source.split("\n")

    def blocks(self) -> Blocks:
        """Return the blocks up to the end of the container, and consume its closing token."""
        found: list[Block] = []
        while self._at < len(self._tokens):
            token = self._next()
            if token.nesting < 0:
                break
            found.extend(self._block(token))
        return tuple(found)

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _block(self, token: Token) -> Blocks:
        kind = token.type
        if kind == "paragraph_open":
            return paragraph(self._inline())
        if kind == "heading_open":
            return heading(int(token.tag[1:]), self._inline())
        if kind in ("fence", "code_block"):
            return code_block(token.content.removesuffix("\n"), token.info)
        if kind == "hr":
            return (Rule(),)
        if kind == "blockquote_open":
            return quote(self.blocks())
        if kind == "table_open":
            return self._table()
        assert kind in ("bullet_list_open", "ordered_list_open"), kind
        start = int(token.attrs.get("start", 1)) if kind == "ordered_list_open" else None
        return list_of(self._items(), start)

    def _inline(self) -> list[Inline]:
        content = self._next()
        self._next()
        return list(_runs(content.children or ()))

    def _items(self) -> Iterator[Item]:
        while self._next().type == "list_item_open":
            checked = None
            lead: Blocks = ()
            first = self._tokens[self._at]
            if first.type == "paragraph_open":
                found = _TASK.match(self._tokens[self._at + 1].content)
                self._at += 1
                runs = self._inline()
                if found:
                    checked = found[1] != " "
                    assert isinstance(runs[0], Text)
                    runs[0] = Text(runs[0].text[3:])
                lead = paragraph(runs)
            yield Item(lead + self.blocks(), checked)

    def _table(self) -> Blocks:
        rows: list[list[Inlines]] = []
        sources: list[str] = []
        row = ""
        while (token := self._next()).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
                sources = []
                row = self._rows[token.map[0]] if token.map else ""
            elif token.type == "inline":
                rows[-1].append(line(_runs(token.children or ()), breaks=False))
                sources.append(token.content)
            elif token.type == "tr_close" and len(rows) > 1:
                rows[-1][-1] = line(_with_excess(rows[-1][-1], row, sources), breaks=False)
        return table(rows, has_header=True)


def _runs(tokens: Sequence[Token]) -> Iterator[Inline]:
    marks = 0
    href: str | None = None
    shown = True
    for token in tokens:
        kind = token.type
        if kind == "text":
            if token.content:
                shown = True
                yield Text(token.content, marks, href)
        elif kind == "code_inline":
            shown = True
            yield Text(token.content, marks | CODE, href)
        elif kind == "softbreak":
            yield Text(" ", marks, href)
        elif kind == "hardbreak":
            yield Break()
        elif kind == "link_open":
            href = canonical(str(token.attrs["href"]))
            shown = False
        elif kind == "link_close":
            if not shown and href:
                yield Text(href, marks, href)
            href = None
        elif kind == "image":
            shown = True
            source = canonical(str(token.attrs["src"]))
            yield Text(token.content or source or "", marks, href or source)
        else:
            mark = _MARKS[token.tag]
            marks = marks | mark if token.nesting > 0 else marks & ~mark


def _with_excess(last: Inlines, row: str, cells: list[str]) -> Iterator[Inline]:
    """Yield the last cell of a row, with the cells that have no column in the header appended: GitHub drops them and their text."""
    yield from last
    parts = [part.replace("\\|", "|").strip() for part in _BAR.split(row)]
    width = len(cells)
    if len(parts) <= width:
        return
    for start in (0, 1):
        if parts[start].endswith(cells[0]) and parts[start + 1 : start + width] == cells[1:]:
            for part in filter(None, parts[start + width :]):
                yield Text(" | ")
                yield from _runs(_parser().parseInline(part)[0].children or ())
            return
