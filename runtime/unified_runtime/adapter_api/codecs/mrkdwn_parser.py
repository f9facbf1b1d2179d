"""Parser of Slack's `mrkdwn` to a document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unified_runtime.adapter_api.codecs.html_parser import task
from unified_runtime.adapter_api.codecs.links import canonical
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
    Item,
    Text,
    clean,
    code_block,
    line,
    list_of,
    paragraph,
    quote,
)

HIDDEN = "\u200b"
"""Zero-width space, which prevents Slack from reading a sign as formatting."""
MARKER = re.compile(r"[•◦▪‣⁃-](?=\s|$)|\d{1,9}[.)](?=\s|$)")

_MARKS = {"*": STRONG, "_": EM, "~": STRIKE}
_FENCE = re.compile(r"```(.*?)```", re.DOTALL)
_QUOTE = re.compile(r"(?:>|&gt;)(?!>>|&gt;&gt;)[ ]?(.*)", re.DOTALL)
_TOKEN = re.compile(rf"<([^<>\n]+)>|`(?!{HIDDEN})([^`\n]+)(?<!{HIDDEN})`|([*_~])")
_ENTITY = re.compile("&(amp|lt|gt);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}


SIGNS = {"user": "@", "channel": "#", "group": "!subteam^"}
"""Prefix of a mention between angle brackets, by its kind."""


def document(value: str) -> Blocks:
    """Return the document of a message's text. Never fails."""
    found: list[Block] = []
    at = 0
    source = clean(value)
    for fence in _FENCE.finditer(source):
        found.extend(_blocks(source[at : fence.start()].split("\n")))
        found.extend(code_block(_text(fence[1].removeprefix("\n").removesuffix("\n"))))
        at = fence.end()
    found.extend(_blocks(source[at:].split("\n")))
    return tuple(found)


def _blocks(rows: list[str]) -> Iterator[Block]:
    at = 0
    while at < len(rows):
        row = rows[at]
        if not row.strip():
            at += 1
        elif MARKER.match(row.lstrip(" ")):
            start = at
            while at < len(rows) and rows[at].strip() and (rows[at].startswith("  ") or MARKER.match(rows[at].lstrip(" "))):
                at += 1
            yield from _list(rows[start:at], 0)
        elif _QUOTE.match(row):
            inside: list[str] = []
            while at < len(rows) and (match := _QUOTE.match(rows[at])):
                inside.append(match[1])
                at += 1
            yield from quote(tuple(_paragraphs(inside)))
        else:
            start = at
            at += 1
            while at < len(rows) and rows[at].strip() and not MARKER.match(rows[at].lstrip(" ")) and not _QUOTE.match(rows[at]):
                at += 1
            yield from _paragraphs(rows[start:at])


def _paragraphs(rows: list[str]) -> Iterator[Block]:
    part: list[str] = []
    for row in [*rows, ""]:
        if row.strip():
            part.append(row)
        else:
            yield from paragraph(_lines(part))
            part = []


def _lines(rows: list[str]) -> Iterator[Inline]:
    for number, row in enumerate(rows):
        if number:
            yield Break()
        yield from line(_inline(row))


def _list(rows: list[str], depth: int) -> Iterator[Block]:
    """Yield the lists of one level: an item continues in the rows that are indented deeper, and a different marker begins another list."""
    level = _indent(rows[0])
    items: list[Item] = []
    ordered: int | None = None
    kind = ""
    at = 0
    while at < len(rows):
        text = rows[at].lstrip(" ")
        marker = MARKER.match(text)
        end = at + 1
        while end < len(rows) and _indent(rows[end]) > level:
            end += 1
        if marker is None or depth >= MAX_DEPTH:
            yield from list_of(items, ordered)
            items = []
            yield from _paragraphs([row.strip() for row in rows[at:end]])
        else:
            number = int(marker[0][:-1]) if marker[0][0].isdigit() else None
            if items and marker[0][-1] != kind:
                yield from list_of(items, ordered)
                items = []
            if not items:
                ordered, kind = number, marker[0][-1]
            items.append(_item(text[marker.end() :], rows[at + 1 : end], depth))
        at = end
    yield from list_of(items, ordered)


def _item(head: str, rows: list[str], depth: int) -> Item:
    content: list[Block] = []
    lines = [head] if head.strip() else []
    at = 0
    while at < len(rows):
        if MARKER.match(rows[at].lstrip(" ")):
            content.extend(paragraph(_lines(lines)))
            lines = []
            level = _indent(rows[at])
            end = at + 1
            while end < len(rows) and (_indent(rows[end]) > level or (_indent(rows[end]) == level and MARKER.match(rows[end].lstrip(" ")))):
                end += 1
            content.extend(_list(rows[at:end], depth + 1))
            at = end
        else:
            lines.append(rows[at].strip())
            at += 1
    content.extend(paragraph(_lines(lines)))
    return task(tuple(content))


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


# ------------------------------------------------------------------ inline content
def _inline(row: str) -> list[Inline]:
    """Return the runs of a line: a sign is formatting if it is at the edge of a word and has a partner."""
    tokens = list(_tokens(row))
    open_: dict[str, int] = {}
    paired: set[int] = set()
    for index, (kind, sign, opens, closes) in enumerate(tokens):
        if kind != "sign":
            continue
        if closes and sign in open_:
            partner = open_.pop(sign)
            paired |= {partner, index}
            open_ = {other: at for other, at in open_.items() if at < partner}  # signs that were opened inside and not closed are text
        elif opens:
            open_[sign] = index
    return list(_runs(tokens, paired))


def _runs(tokens: list[tuple[str, str, bool, bool]], paired: set[int]) -> Iterator[Inline]:
    marks = 0
    for index, (kind, text, _, _) in enumerate(tokens):
        if kind == "sign" and index in paired:
            marks ^= _MARKS[text]
        elif kind == "code":
            yield Text(_text(text), marks | CODE)
        elif kind == "link":
            yield _link(text, marks)
        else:
            yield Text(_text(text), marks)


def _tokens(row: str) -> Iterator[tuple[str, str, bool, bool]]:
    at = 0
    for found in _TOKEN.finditer(row):
        if found.start() > at:
            yield "text", row[at : found.start()], False, False
        at = found.end()
        if found[1] is not None:
            yield "link", found[1], False, False
        elif found[2] is not None:
            yield "code", found[2], False, False
        else:
            before = row[found.start() - 1] if found.start() else " "
            after = row[at] if at < len(row) else " "
            yield "sign", found[3], not before.isalnum() and not _ends_word(after), not after.isalnum() and not _ends_word(before)
    if at < len(row):
        yield "text", row[at:], False, False


def _ends_word(char: str) -> bool:
    return char.isspace() or char == HIDDEN


def _link(token: str, marks: int) -> Inline:
    target, _, label = token.partition("|")
    if target.startswith(("@", "#", "!")):
        kind, name = next(((kind, target.removeprefix(sign)) for kind, sign in SIGNS.items() if target.startswith(sign)), ("", ""))
        href = f"{kind}:{name}" if name and canonical(f"{kind}:{name}") is not None and " " not in name else None
        shown = label or name or target.removeprefix("!").partition("^")[0]
        sign = "#" if target[0] == "#" else "@" if target[0] == "@" or not label else ""
        return Text(_text(shown if shown.startswith(("@", "#")) else sign + shown), marks & ~CODE if href else marks, href)
    address = _text(target)
    return Text(_text(label) or address, marks, canonical(address))


def _text(text: str) -> str:
    return _ENTITY.sub(lambda found: _CHARACTERS[found[1]], text).replace(HIDDEN, "")
