"""Fast conversion of common ADF documents to Markdown without an intermediate tree: several times faster, for lists of many records.

Common documents have paragraphs, headings, code, rules and lists of them, with text that needs no escaping and marks that do not touch.
Law: if `markdown` returns a text, it equals `markdown_writer.write(adf_parser.document(value))`; for other documents it returns None.
"""

from __future__ import annotations

import re
from typing import Any

from unified_runtime.adapter_api.codecs.links import canonical
from unified_runtime.adapter_api.codecs.rich_text import clean, language

_NOT_FIRST = frozenset("#+-:=>|[ ")
"""Characters that can begin a block or a task at the start of a line; digits can too."""

_SPECIAL = re.compile(r"[\\`*~_<&\[\]!]").search
_ESCAPED = re.compile(r"[\\`*~]|(?<![^\W_]{2})_|_(?![^\W_]{2})|[<&](?! )|\[\Z|\](?:[(:]|\Z)|!\[").search
"""Characters that the writer may escape inside a line, but not, for example, an underscore inside a word. Searched for if `_SPECIAL` is
found."""

_ESCAPED_IN_HREF = re.compile(r"[()\\<>;]").search
_SIGNS = {"strong": "**", "strike": "~~"}
_DEEPEST = 8


class _Unusual(Exception):
    """Raised if a document needs the conversion by a tree."""


def markdown(value: object) -> str | None:
    """Return the Markdown for a document, None if it is not a common one."""
    if type(value) is not dict or value.get("type") != "doc":
        return None
    try:
        return "\n".join(_blocks(_nodes(value)))
    except _Unusual:
        return None


def _nodes(node: dict[Any, Any]) -> list[Any]:
    content = node.get("content")
    if content is None:
        return []
    if type(content) is not list:
        raise _Unusual
    return content


def _attribute(node: dict[Any, Any], name: str) -> Any:
    attrs = node.get("attrs")
    return attrs.get(name) if type(attrs) is dict else None


# ------------------------------------------------------------------ blocks
def _blocks(nodes: list[Any]) -> list[str]:
    """Return the lines of the blocks."""
    lines: list[str] = []
    after_list = False
    for node in nodes:
        if type(node) is not dict:
            raise _Unusual
        kind = node.get("type")
        is_list = kind == "bulletList" or kind == "orderedList"
        if kind == "paragraph":
            text = _line(node)
            if not text:
                continue
            block = text.split("\n")
        elif is_list and not after_list:  # the second of two consecutive lists has another bullet
            block = _list(node, 0)
        elif kind == "heading":
            block = [_heading(node)]
        elif kind == "codeBlock":
            block = _code(node)
        elif kind == "rule":
            block = ["---"]
        else:
            raise _Unusual
        if lines:
            lines.append("")
        lines += block
        after_list = is_list
    return lines


def _heading(node: dict[Any, Any]) -> str:
    level = _attribute(node, "level")
    text = _line(node)
    if type(level) is not int or not 1 <= level <= 6 or not text or "\n" in text or text[-1] == "#":
        raise _Unusual
    return f"{'#' * level} {text}"


def _code(node: dict[Any, Any]) -> list[str]:
    nodes = _nodes(node)
    info = _attribute(node, "language")
    if len(nodes) != 1 or type(nodes[0]) is not dict or nodes[0].get("type") != "text" or nodes[0].get("marks"):
        raise _Unusual
    text = nodes[0].get("text")
    if type(text) is not str or not text or "`" in text:
        raise _Unusual
    return [f"```{language(clean(info))}" if type(info) is str else "```", *clean(text).split("\n"), "```"]


def _list(node: dict[Any, Any], depth: int) -> list[str]:
    items = _nodes(node)
    start = None
    if node["type"] == "orderedList":
        start = _attribute(node, "order")
        start = 1 if start is None else start
        if type(start) is not int or not 0 <= start <= 1_000_000 or (depth and start != 1):
            raise _Unusual
    if not items or depth > _DEEPEST:
        raise _Unusual
    lines: list[str] = []
    for number, item in enumerate(items):
        if type(item) is not dict or item.get("type") != "listItem":
            raise _Unusual
        head = "- " if start is None else f"{start + number}. "
        rows = _item(_nodes(item), depth)
        lines.append(head + rows[0])
        if len(rows) > 1:
            indent = " " * len(head)
            lines += [indent + row for row in rows[1:]]
    return lines


def _item(nodes: list[Any], depth: int) -> list[str]:
    """Return the lines of an item that is a paragraph, or a paragraph with a list below it."""
    if not 1 <= len(nodes) <= 2 or type(nodes[0]) is not dict or nodes[0].get("type") != "paragraph":
        raise _Unusual
    text = _line(nodes[0])
    if not text:
        raise _Unusual
    rows = text.split("\n")
    if len(nodes) == 2:
        below = nodes[1]
        if type(below) is not dict or below.get("type") not in ("bulletList", "orderedList"):
            raise _Unusual
        rows += _list(below, depth + 1)
    return rows


# ------------------------------------------------------------------ inline content
_START, _WORDS, _MARKED, _BREAK = range(4)
"""Kinds of content before a run."""


def _line(node: dict[Any, Any]) -> str:
    """Return the content of a paragraph or heading; empty if there is none."""
    parts: list[str] = []
    emphasized: list[int] = []
    before = _START
    bold = False
    needs_space = False  # after a mark that is not recognized beside a letter
    across: tuple[Any, Any] | None = None  # the last mark, if a single space or a break may join it to the next
    for run in _nodes(node):
        if type(run) is not dict:
            raise _Unusual
        kind = run.get("type")
        if kind == "hardBreak" and (before == _MARKED or (before == _WORDS and parts[-1][-1] not in " !")):
            parts.append("\\\n")
            before = _BREAK
            needs_space = False
            continue
        text = run.get("text")
        if kind != "text" or type(text) is not str or not text.isprintable():
            raise _Unusual
        if not text:
            continue
        marks = run.get("marks")
        ends_open = before == _WORDS and parts[-1][-1] == "!"  # a bracket may follow
        if not marks:
            if before not in (_WORDS, _MARKED) and (text[0] in _NOT_FIRST or text[0].isdecimal()):
                raise _Unusual
            if ends_open or (needs_space and text[0] != " ") or (_SPECIAL(text) and _ESCAPED(text)):
                raise _Unusual
            if not text.isspace():
                across = None
            parts.append(text)
            before = _WORDS
            needs_space = False
            continue
        name, href = _mark(marks)
        if ends_open or before == _MARKED or (name, href) == across:
            raise _Unusual
        if name == "code":
            if "`" in text or text[0] == " " or text[-1] == " ":
                raise _Unusual
            text = f"`{text}`"
        elif text[0] == " " or text[-1] == " " or (_SPECIAL(text) and _ESCAPED(text)):
            raise _Unusual
        elif name == "link":
            text = _link(text, href)
        else:
            is_em = name == "em"
            if (is_em or not text[0].isalnum()) and before == _WORDS and parts[-1][-1] != " ":
                raise _Unusual
            needs_space = is_em or not text[-1].isalnum()
            if is_em:
                emphasized.append(len(parts))
            elif name in _SIGNS:
                text = f"{_SIGNS[name]}{text}{_SIGNS[name]}"
                bold = bold or name == "strong"
            else:
                raise _Unusual
        parts.append(text)
        across = (name, href)
        before = _MARKED
    if before == _BREAK:
        raise _Unusual
    for index in emphasized:
        sign = "_" if bold else "*"
        parts[index] = f"{sign}{parts[index]}{sign}"
    return "".join(parts).rstrip(" ") if before == _WORDS else "".join(parts)


def _mark(marks: object) -> tuple[Any, Any]:
    """Return the name of the only mark of a run, and its URL if it is a link."""
    if type(marks) is not list or len(marks) != 1 or type(marks[0]) is not dict:
        raise _Unusual
    name = marks[0].get("type")
    return name, _attribute(marks[0], "href") if name == "link" else None


def _link(text: str, href: object) -> str:
    if type(href) is not str or href == text or "[" in text or "]" in text or _ESCAPED_IN_HREF(href) or canonical(href) != href:
        raise _Unusual
    return f"[{text}]({href})"
