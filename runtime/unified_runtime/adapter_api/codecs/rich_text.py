"""Rich-text documents as small trees, the common model of Markdown, ADF, Asana's HTML and other formats.

The blocks follow CommonMark 0.31 with the tables, strikethrough and task items of GitHub Flavored Markdown. Text is flat: a run has its
marks and its link instead of being nested in them, so that `**a *b***` and `***b*** a` need no common ancestor.

A tree is *canonical* if it is built by the functions here. Canonical trees have no empty paragraph, heading, quote, list or link; no two
adjacent runs with equal marks and link; no white space at the edge of a line, a mark or a link (it is moved out, or dropped at the edge of
a line); and nothing nested deeper than `MAX_DEPTH`.

The classes are msgspec structs, which are imported anyway: defining ten dataclasses would take longer than the rest of the module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct

STRONG, EM, STRIKE, CODE = 1, 2, 4, 8
"""Marks of a run, as bits."""

MAX_DEPTH = 24
"""Maximum nesting of lists and quotes. Deeper ones are read as text: hostile input must not exhaust the stack."""

MAX_FILLED = 1000
"""Maximum empty cells added to the rows of a table, beyond ten for each cell it has. Longer rows end with one cell for the rest."""


class Text(Struct, frozen=True):
    """Run of text. `marks` are bits; `href` is the URL of its link."""

    text: str
    marks: int = 0
    href: str | None = None


class Break(Struct, frozen=True):
    """Hard line break."""


Inline: TypeAlias = Text | Break
Inlines: TypeAlias = tuple[Inline, ...]


class Paragraph(Struct, frozen=True):
    content: Inlines


class Heading(Struct, frozen=True):
    """Heading without line breaks. `level` is 1 to 6."""

    level: int
    content: Inlines


class CodeBlock(Struct, frozen=True):
    """Code block. `text` has no final newline; `language` is one word, or empty."""

    text: str
    language: str = ""


class Rule(Struct, frozen=True):
    """Thematic break."""


class Quote(Struct, frozen=True):
    content: Blocks


class Item(Struct, frozen=True):
    """Item of a list. `checked` is None if it is not a task."""

    content: Blocks
    checked: bool | None = None


class List(Struct, frozen=True):
    """Bullet list, or an ordered one if `start`, the number of its first item, is given."""

    items: tuple[Item, ...]
    start: int | None = None


class Table(Struct, frozen=True):
    """Table. `header` has as many cells as each row; a table without a header has empty ones."""

    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]


Block: TypeAlias = Paragraph | Heading | CodeBlock | Rule | Quote | List | Table
Blocks: TypeAlias = tuple[Block, ...]

# ------------------------------------------------------------------ text
_LINE_END = re.compile("\r\n?")
_ODD_SPACE = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_NONCHARACTERS = "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef" + _NONCHARACTERS + "]")


def clean(text: str) -> str:
    """Return text with `\\n` as its only line ending, and U+FFFD for each code point that is not a character or controls a terminal.

    CommonMark requires this for NUL; XML 1.0 and HTML cannot represent the others, and no rich text needs them.
    """
    if text.isprintable():
        return text
    text = _LINE_END.sub("\n", text)
    return _NO_TEXT.sub("\ufffd", _ODD_SPACE.sub(" ", text))


def words(text: str, marks: int = 0, href: str | None = None) -> Iterator[Inline]:
    """Yield the pieces for `line` of a text in which newlines are line breaks."""
    for number, part in enumerate(clean(text).split("\n")):
        if number:
            yield Break()
        if part:
            yield Text(part, marks, href)


def line(pieces: Iterable[Inline], *, breaks: bool = True) -> Inlines:
    """Return canonical inline content. `breaks=False` converts each line break to a space (headings, table cells)."""
    runs: list[Inline] = []
    for piece in pieces:
        if isinstance(piece, Break):
            runs.append(piece if breaks else Text(" "))
        elif piece.marks & CODE:
            text = clean(piece.text).replace("\n", " ")
            if text:
                runs.append(Text(text, piece.marks, piece.href or None))
        else:
            text = clean(piece.text)
            if "\n" in text:
                text = text.replace("\n", " ")
            if text[:1].isspace() or text[-1:].isspace():
                lead, core, trailing = _split_space(text)
                if lead:
                    runs.append(Text(lead, 0, piece.href or None))
                if core:
                    runs.append(Text(core, piece.marks, piece.href or None))
                if trailing:
                    runs.append(Text(trailing, 0, piece.href or None))
            elif text:
                runs.append(Text(text, piece.marks, piece.href or None))
    return _merged(_spaced(runs))


def _split_space(text: str) -> tuple[str, str, str]:
    core = text.strip()
    if not core:
        return text, "", ""
    start = len(text) - len(text.lstrip())
    return text[:start], core, text[start + len(core) :]


def _is_space(run: Inline) -> bool:
    return isinstance(run, Text) and not run.marks & CODE and run.text.isspace()


def _spaced(runs: list[Inline]) -> Iterator[Inline]:
    """Yield the runs with normalized white space: it has the marks and the link that both its neighbours have.

    White space and line breaks at the edge of a line are dropped.
    """
    previous: Text | None = None
    spaces = ""
    linked: set[str | None] = set()
    breaks = 0
    for run in runs:
        if _is_space(run):
            assert isinstance(run, Text)
            spaces += run.text
            linked.add(run.href)
        elif isinstance(run, Break):
            breaks += 1
        else:
            assert isinstance(run, Text)
            if previous is not None:
                if breaks:
                    for _ in range(breaks):
                        yield Break()
                elif spaces:
                    href = run.href if linked == {run.href} and run.href == previous.href else None
                    yield Text(spaces, run.marks & previous.marks & ~CODE, href)
            yield run
            previous, spaces, breaks, linked = run, "", 0, set()


def _merged(runs: Iterable[Inline]) -> Inlines:
    result: list[Inline] = []
    alike: list[str] = []  # the texts after the last run with equal marks and link; joined once, since each concatenation copies
    for run in runs:
        last = result[-1] if result else None
        if isinstance(run, Text) and isinstance(last, Text) and run.marks == last.marks and run.href == last.href:
            alike.append(run.text)
            continue
        if alike:
            _extend(result, alike)
        result.append(run)
    if alike:
        _extend(result, alike)
    return tuple(result)


def _extend(result: list[Inline], texts: list[str]) -> None:
    last = result[-1]
    assert isinstance(last, Text)
    result[-1] = Text(last.text + "".join(texts), last.marks, last.href)
    texts.clear()


# ------------------------------------------------------------------ blocks
_LANGUAGE = re.compile(r"[^\s`\\&~<>\"'\x00-\x1f\x7f\ud800-\udfff]+")


def language(text: str) -> str:
    """Return the first word of a code block's info string, without characters that cannot be written there."""
    found = text.split(None, 1)
    return "".join(_LANGUAGE.findall(found[0])) if found else ""


def paragraph(pieces: Iterable[Inline]) -> Blocks:
    content = line(pieces)
    return (Paragraph(content),) if content else ()


def heading(level: int, pieces: Iterable[Inline]) -> Blocks:
    content = line(pieces, breaks=False)
    return (Heading(min(max(level, 1), 6), content),) if content else ()


def code_block(text: str, info: str = "") -> Blocks:
    return (CodeBlock(clean(text), language(clean(info))),)


def quote(content: Blocks) -> Blocks:
    return (Quote(content),) if content else ()


def list_of(items: Iterable[Item], start: int | None = None) -> Blocks:
    found = tuple(items)
    return (List(found, start if start is None else min(max(start, 0), 999_999_999)),) if found else ()


def table(rows: Iterable[Iterable[Inlines]], *, has_header: bool) -> Blocks:
    """Return a table of any rows: short ones are filled up, and a header of empty cells is added if there is none."""
    found = [tuple(row) for row in rows]
    width = max((len(row) for row in found), default=0)
    if not width:
        return ()
    most = MAX_FILLED + 10 * sum(map(len, found))
    if width * len(found) > most:  # one long row among many short ones
        width = max(most // len(found), 1)
        found = [row if len(row) <= width else (*row[: width - 1], line(row_text(row[width - 1 :]))) for row in found]
    full = [row + ((),) * (width - len(row)) for row in found]
    if not has_header:
        full.insert(0, ((),) * width)
    return (Table(full[0], tuple(full[1:])),) if any(full[0]) or full[1:] else ()


# ------------------------------------------------------------------ what every walk needs
def plain(blocks: Blocks) -> str:
    """Return the text of a document without markup, one line per block."""
    return "\n".join(_plain(blocks))


def _plain(blocks: Blocks) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, (Paragraph, Heading)):
            yield line_text(block.content)
        elif isinstance(block, CodeBlock):
            yield block.text
        elif isinstance(block, Quote):
            yield from _plain(block.content)
        elif isinstance(block, List):
            for item in block.items:
                yield from _plain(item.content)
        elif isinstance(block, Table):
            for row in (block.header, *block.rows):
                yield from map(line_text, row)


def line_text(content: Inlines) -> str:
    """Return the text of inline content, with a newline for each break."""
    return "".join(run.text if isinstance(run, Text) else "\n" for run in content)


def marked(content: Inlines, mark: int) -> Inlines:
    """Return the same content with a mark on all of it."""
    return line(Text(run.text, run.marks | mark, run.href) if isinstance(run, Text) else run for run in content)


_SPACE = Text(" ")


def joined(blocks: Blocks) -> Inlines:
    """Return all text of some blocks as one line, for elements that cannot contain blocks."""
    return line(_joined(blocks), breaks=False)


def _joined(blocks: Blocks) -> Iterator[Inline]:
    for number, block in enumerate(blocks):
        if number:
            yield _SPACE
        if isinstance(block, (Paragraph, Heading)):
            yield from block.content
        elif isinstance(block, CodeBlock):
            yield Text(block.text, CODE)
        elif isinstance(block, Quote):
            yield from _joined(block.content)
        elif isinstance(block, List):
            for index, item in enumerate(block.items):
                if index:
                    yield _SPACE
                yield Text(box(item))
                yield from _joined(item.content)
        elif isinstance(block, Table):
            for index, row in enumerate((block.header, *block.rows)):
                if index:
                    yield _SPACE
                yield from row_text(row)


def row_text(row: tuple[Inlines, ...]) -> Iterator[Inline]:
    """Yield a table's row as a line, with a bar between cells."""
    for index, cell in enumerate(row):
        if index:
            yield Text(" | ")
        yield from cell


def box(item: Item) -> str:
    """Return the text of a task's checkbox for formats without tasks: `[ ] ` or `[x] `; empty for other items."""
    return "" if item.checked is None else "[x] " if item.checked else "[ ] "


# ------------------------------------------------------------------ nesting marks again
Event: TypeAlias = tuple[str, int, str | None] | Inline
"""Event of `nest`: `("open" | "close", mark, None)`, `("open" | "close", 0, href)` for a link, or a run (its marks are the open ones)."""


def nest(content: Inlines) -> Iterator[Event]:
    """Yield runs with properly nested marks: the mark that is open longest is opened first. CODE remains a mark of the run."""
    states = _states(content)
    ends = _ends(states)
    open_: list[tuple[int, str | None]] = []
    for index, run in enumerate(content):
        wanted = states[index]
        keep = next((depth for depth, mark in enumerate(open_) if mark not in wanted), len(open_))
        while len(open_) > keep:
            mark, href = open_.pop()
            yield ("close", mark, href)
        missing = [mark for mark in wanted if mark not in open_]
        if len(missing) > 1:
            missing.sort(key=ends[index].__getitem__, reverse=True)
        for mark, href in missing:
            open_.append((mark, href))
            yield ("open", mark, href)
        yield run
    while open_:
        mark, href = open_.pop()
        yield ("close", mark, href)


_State: TypeAlias = tuple[tuple[int, str | None], ...]


def _states(content: Inlines) -> list[_State]:
    """Return the marks and the link around each run; a break has those that continue after it."""
    states: list[_State] = []
    before: Text | None = None
    waiting = 0
    for run in content:
        if isinstance(run, Break):
            waiting += 1
            continue
        if waiting:
            shared = Text("", before.marks & run.marks, before.href if before.href == run.href else None) if before else Text("")
            states.extend([_state(shared)] * waiting)
            waiting = 0
        states.append(_state(run))
        before = run
    states.extend([()] * waiting)
    return states


def _state(run: Text) -> _State:
    marks: list[tuple[int, str | None]] = [(mark, None) for mark in (STRONG, EM, STRIKE) if run.marks & mark]
    if run.href is not None:
        marks.append((0, run.href))
    return tuple(marks)


def _ends(states: list[_State]) -> list[dict[tuple[int, str | None], int]]:
    """Return for each run the index at which each of its marks ends, in one pass from the end, so that the time is linear."""
    ends: list[dict[tuple[int, str | None], int]] = []
    behind: dict[tuple[int, str | None], int] = {}
    for index in range(len(states) - 1, -1, -1):
        behind = {mark: behind.get(mark, index + 1) for mark in states[index]}
        ends.append(behind)
    ends.reverse()
    return ends
