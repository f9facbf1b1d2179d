"""Markdown as the unified models hold it: CommonMark 0.31 with GitHub's tables, strikethrough and task items.

`parse` reads it into a `document`, `write` turns a document back. Laws, for every text `m` and canonical document `d`:
`parse(write(d)) == d`, and so `normalize(m) = write(parse(m))` is idempotent; text is never lost and never becomes markup
(`write` escapes no more than it must).

Two things of CommonMark are left out because they make text vanish: raw HTML and link reference definitions are plain text
here. An image is read as a link to it. Bare addresses are text. A soft line break is a space, as CommonMark renders it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from unified_runtime.codecs.document import (
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
from unified_runtime.codecs.links import canonical, normalized
from unified_runtime.codecs.writing import write

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["literal", "normalize", "parse", "plain_paragraphs", "text", "write"]

_NESTING = 4 * MAX_DEPTH
_MARKS = {"strong": STRONG, "em": EM, "s": STRIKE}
_TASK = re.compile(r"\[([ xX])\](?=\s|$)")
_BAR = re.compile(r"(?<!\\)\|")
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_SPECIAL = r"\\`*_\[\]<&~|!\x00-\x09\x0b-\x1f\x7f-\xa0\ud800-\udfff"
_PLAIN_LINE = rf"[^\W\d_](?:[^{_SPECIAL}\n]*[^\s{_SPECIAL}])?"
_PLAIN = re.compile(rf"{_PLAIN_LINE}(?:\n\n{_PLAIN_LINE})*")


def normalize(markdown: str) -> str:
    """The one way this text is written here; `normalize(normalize(m)) == normalize(m)`."""
    return markdown if _PLAIN.fullmatch(markdown) else write(parse(markdown))


def text(plain: str) -> str:
    """Markdown that shows a plain text as it is, line by line."""
    return plain if _PLAIN.fullmatch(plain) else write(literal(plain))


def plain_paragraphs(markdown: str) -> list[str] | None:
    """The paragraphs of a text that certainly holds no markup and no line break; None where a parser must look.

    A document of such paragraphs is written as they stand, so both directions may skip the tree.
    """
    return markdown.split("\n\n") if _PLAIN.fullmatch(markdown) else None


def literal(plain: str) -> Blocks:
    """A plain text as a document: blank lines part paragraphs, other line ends are breaks."""
    return tuple(block for part in _BLANK.split(clean(plain)) for block in paragraph(words(part)))


def parse(markdown: str) -> Blocks:
    """The document a text stands for. Never fails; what nests deeper than `MAX_DEPTH` is taken literally, as a whole."""
    source = clean(markdown)
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
    # Imported when the first text with markup comes by: it costs more than all of this package.
    from markdown_it import MarkdownIt

    class Parser(MarkdownIt):
        def normalizeLink(self, url: str) -> str:  # noqa: N802 - the parser's own name
            return normalized(url)

    parser = Parser("commonmark", {"html": False, "maxNesting": _NESTING})
    return parser.enable(["table", "strikethrough"]).disable(["reference", "html_block", "html_inline"])


class _Reader:
    """Tokens of markdown-it, read once from front to back."""

    def __init__(self, tokens: Sequence[Token], source: str) -> None:
        self._tokens = tokens
        self._source = source
        self._at = 0

    def blocks(self) -> Blocks:
        """Blocks up to the end of the container, whose closing token is read too."""
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
        written = self._source.split("\n")
        row = ""
        while (token := self._next()).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
                sources = []
                row = written[token.map[0]] if token.map else ""
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
    """The last cell of a row, with those cells put to it that the header has no column for: GitHub drops them, and their text."""
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
