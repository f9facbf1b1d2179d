"""Codec of Markdown and the rich text of a ClickUp comment: the list `comment` of pieces of text with attributes.

Law, for every text `m`: `decode(encode(m)) == normalize(m)`. `decode` never raises, and reads `comment_text` of a comment without pieces.
The format is that of Quill's deltas: the attributes of a line end are those of its line, which is plain, an item of a list, or code. A
mention is a piece of its own, without a text.

Source: https://developer.clickup.com/docs/comment-formatting
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from msgspec import Struct

from unified_runtime.adapter_api.codecs import markdown
from unified_runtime.adapter_api.codecs.flattening import Narrow
from unified_runtime.adapter_api.codecs.html_parser import task
from unified_runtime.adapter_api.codecs.mentions import mention
from unified_runtime.adapter_api.codecs.rich_text import (
    CODE,
    EM,
    STRIKE,
    STRONG,
    Block,
    Blocks,
    Break,
    CodeBlock,
    Inline,
    Inlines,
    Item,
    List,
    Paragraph,
    Quote,
    Text,
    code_block,
    line,
    list_of,
    paragraph,
)

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = (
    "encode: a heading becomes a bold paragraph, a quote paragraphs; a rule and a table become text",
    "encode: ordered lists begin at 1, code blocks lose their language; strikethrough, and the text of a mention",
    "encode: a list item keeps its lines as one, and its lists; one whose text begins with [ ] or [x] becomes a task",
    "encode: a link that is neither http, https nor mailto becomes text; an empty line made of line breaks parts paragraphs",
    "encode: raw HTML and link reference definitions stay text, an image becomes a link",
    "encode: titles of links, addresses of images inside links, control characters",
    "encode: white space and line breaks at the edge of a paragraph",
    "decode: underline, colours and alignment; files and cards become the text they show",
)

_MARKS = {"bold": STRONG, "italic": EM, "code": CODE}
_READ = {**_MARKS, "strike": STRIKE, "strikethrough": STRIKE}
_LINK = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_USER = re.compile(r"\d{1,18}")
_DEEPEST = 8
"""Levels that the items of a list can be indented by."""
_CODE = "code"
_ORDERED = "ordered"
_CHECKED = {"checked": True, "unchecked": False}
_LISTS = frozenset({"bullet", _ORDERED, *_CHECKED})


class _Line(Struct, frozen=True):
    """Line of a comment. `kind` is empty for a plain line, `code`, or that of a list's item."""

    content: Inlines
    kind: str = ""
    indent: int = 0


def encode(value: str) -> list[dict[str, Any]]:
    """Return the pieces of a comment for its Markdown."""
    markdown.check_size(value)
    pieces: list[dict[str, Any]] = []
    lines = [*_lines(_DIALECT.fit(markdown.parse(value)))]
    for number, each in enumerate(lines):
        pieces += map(_piece, each.content)
        if each.kind or number + 1 < len(lines):
            pieces.append({"text": "\n", "attributes": _attributes(each)})
    return pieces


def decode(value: object) -> str:
    """Return the Markdown for the pieces of a comment, or for a complete one. Never fails."""
    plain = value.get("comment_text") if isinstance(value, Mapping) else value
    listed = value.get("comment") if isinstance(value, Mapping) else value
    pieces = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    shown = "".join(_text(each) for each in pieces)
    if not shown:
        return markdown.text(plain) if isinstance(plain, str) else ""
    return markdown.text(shown) if markdown.too_large(shown) else markdown.write(_document(_parsed(pieces)))


def normalize(value: str) -> str:
    """Return a Markdown text as it is after sending it and reading it back."""
    return markdown.write(_document(_lines(_DIALECT.fit(markdown.parse(value)))))


# ------------------------------------------------------------------ the dialect
def _fit(content: Inlines) -> Inlines:
    """Return inline content with the marks, the links and the mentions that a comment can have."""
    found = content
    for _ in range(2):  # mentions of one user that differed in their marks are one run afterwards
        found = line(map(_fitting, found))
    return found


def _fitting(run: Inline) -> Inline:
    if isinstance(run, Break):
        return run
    user = _mentioned(run.href)
    if user is not None:
        return Text(f"@{user}", 0, run.href)
    linked = run.href is not None and _LINK.match(run.href) is not None
    return Text(run.text, run.marks & ~STRIKE, run.href if linked else None)


def _mentioned(href: str | None) -> str | None:
    found = mention(href)
    return found[1] if found is not None and found[0] == "user" and _USER.fullmatch(found[1]) else None


_DIALECT = Narrow(headings=0, starts=False, line=_fit)


# ------------------------------------------------------------------ blocks to lines
def _lines(blocks: Blocks) -> Iterator[_Line]:
    """Yield the lines of a document of the dialect. An empty line is between two blocks that would be one without it."""
    before: str | None = None
    for block in _without_quotes(blocks):
        lines = [*_block(block)]
        if before == _family(lines[0]):
            yield _Line(())
        before = _family(next(each for each in reversed(lines) if not each.indent))
        yield from lines


def _block(block: Block) -> Iterator[_Line]:
    if isinstance(block, CodeBlock):
        yield from (_Line((Text(text),) if text else (), _CODE) for text in block.text.split("\n"))
    elif isinstance(block, List):
        yield from _items(block, 0)
    else:
        assert isinstance(block, Paragraph)
        yield from map(_Line, _split(block.content))


def _family(each: _Line) -> str:
    """Return what a line has in common with others of its block: items of bullet lists may be tasks."""
    return "bullet" if each.kind in _CHECKED else each.kind


def _without_quotes(blocks: Blocks) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Quote):
            yield from _without_quotes(block.content)
        else:
            yield block


def _split(content: Inlines) -> Iterator[Inlines]:
    found: list[Inline] = []
    for run in content:
        if isinstance(run, Break):
            yield tuple(found)
            found = []
        else:
            found.append(run)
    yield tuple(found)


def _items(block: List, indent: int) -> Iterator[_Line]:
    for item in block.items:
        kind = "bullet" if block.start is None else _ORDERED
        if item.checked is not None:
            kind = "checked" if item.checked else "unchecked"
        if not item.content or not isinstance(item.content[0], Paragraph):
            yield _Line((), kind, indent)
        for inner in item.content:
            if isinstance(inner, Paragraph):
                yield _Line(_fit(line(inner.content, breaks=False)), kind, indent)
            elif isinstance(inner, List):
                yield from _items(inner, min(indent + 1, _DEEPEST))


# ------------------------------------------------------------------ lines to blocks
def _document(lines: Iterable[_Line]) -> Blocks:
    found: list[Block] = []
    for kind, group in groupby(lines, key=lambda each: "list" if each.kind in _LISTS else each.kind):
        if kind == "list":
            found += _list([*group])
        elif kind == _CODE:
            found += code_block("\n".join("".join(run.text for run in each.content if isinstance(run, Text)) for each in group))
        else:
            for empty, part in groupby(group, key=lambda each: not line(each.content)):
                found += () if empty else paragraph(_broken([*part]))
    return tuple(found)


def _broken(lines: list[_Line]) -> Iterator[Inline]:
    for number, each in enumerate(lines):
        if number:
            yield Break()
        yield from each.content


def _list(lines: list[_Line]) -> Blocks:
    """Return the lists of consecutive items; those that are indented more than the first are in the item before them."""
    items: list[tuple[_Line, list[_Line]]] = []
    for each in lines:
        if items and each.indent > lines[0].indent:
            items[-1][1].append(each)
        else:
            items.append((each, []))
    found: list[Block] = []
    for ordered, group in groupby(items, key=lambda each: each[0].kind == _ORDERED):
        found += list_of((_item(first, inner) for first, inner in group), 1 if ordered else None)
    return tuple(found)


def _item(first: _Line, inner: list[_Line]) -> Item:
    content = (*paragraph(first.content), *(_list(inner) if inner else ()))
    checked = _CHECKED.get(first.kind)
    return task(content) if checked is None else Item(content, checked)


# ------------------------------------------------------------------ pieces
def _piece(run: Inline) -> dict[str, Any]:
    assert isinstance(run, Text)
    user = _mentioned(run.href)
    if user is not None:
        return {"type": "tag", "user": {"id": int(user)}}
    attributes: dict[str, Any] = {name: True for name, bit in _MARKS.items() if run.marks & bit}
    if run.href is not None:
        attributes["link"] = run.href
    return {"text": run.text, "attributes": attributes}


def _attributes(each: _Line) -> dict[str, Any]:
    """Return the attributes of a line's end."""
    if each.kind == _CODE:
        return {"code-block": {"code-block": "plain"}}
    if not each.kind:
        return {}
    return {"list": {"list": each.kind}} | ({"indent": each.indent} if each.indent else {})


def _parsed(pieces: Iterable[Mapping[str, Any]]) -> Iterator[_Line]:
    found: list[Inline] = []
    for piece in pieces:
        attributes = piece.get("attributes")
        attributes = attributes if isinstance(attributes, Mapping) else {}
        marks = sum({bit for name, bit in _READ.items() if attributes.get(name)})
        text, href = _text(piece), _href(piece, attributes)
        for number, part in enumerate(text.split("\n")):
            if number:
                kind, indent = _of_line(attributes)
                yield _Line(tuple(found), kind, indent)
                found = []
            if part:
                found.append(Text(part, marks, href))
    if found:
        yield _Line(tuple(found))


def _text(piece: Mapping[str, Any]) -> str:
    text = piece.get("text")
    emoticon, user = piece.get("emoticon"), piece.get("user")
    if piece.get("type") == "emoticon" and isinstance(emoticon, Mapping):
        return _emoji(emoticon.get("code")) or (text if isinstance(text, str) else "")
    if isinstance(text, str) and text:
        return text.replace("\r\n", "\n")
    return f"@{user.get('id')}" if piece.get("type") == "tag" and isinstance(user, Mapping) else ""


def _emoji(code: object) -> str:
    """Return the character of an emoji's code points, in hexadecimal with `-` between them; an empty text if they are not valid."""
    parts = code.split("-") if isinstance(code, str) else []
    if not parts or not all(re.fullmatch(r"[0-9A-Fa-f]{2,5}", part) for part in parts):
        return ""
    return "".join(chr(int(part, 16)) for part in parts)


def _href(piece: Mapping[str, Any], attributes: Mapping[str, Any]) -> str | None:
    user, link = piece.get("user"), attributes.get("link")
    if piece.get("type") == "tag" and isinstance(user, Mapping) and user.get("id") is not None:
        return f"user:{user['id']}"
    if isinstance(link, Mapping):
        link = link.get("url") or link.get("link")
    return link if isinstance(link, str) and link else None


def _of_line(attributes: Mapping[str, Any]) -> tuple[str, int]:
    """Return the kind and the level of a line."""
    listed, indent = attributes.get("list"), attributes.get("indent")
    kind = listed.get("list") if isinstance(listed, Mapping) else listed
    if isinstance(kind, str) and kind in _LISTS:
        return kind, min(max(indent, 0), _DEEPEST) if isinstance(indent, int) else 0
    return (_CODE, 0) if attributes.get("code-block") else ("", 0)
