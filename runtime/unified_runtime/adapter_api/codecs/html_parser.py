"""Conversion of a tree of HTML elements to a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from unified_runtime.adapter_api.codecs.html_tree import BLOCK, Element, Node
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
    Inlines,
    Item,
    Paragraph,
    Rule,
    Text,
    code_block,
    heading,
    joined,
    line,
    list_of,
    paragraph,
    quote,
    table,
    words,
)

_MARKS = {
    "strong": STRONG, "b": STRONG, "em": EM, "i": EM, "s": STRIKE, "strike": STRIKE, "del": STRIKE,
    "code": CODE, "kbd": CODE, "samp": CODE, "tt": CODE,
}  # fmt: skip
_SPACES = re.compile(r"[ \t\n\f\r]+")
_TASK = re.compile(r"\[([ xX])\](?:\s+|$)")
_LANGUAGE = re.compile(r"(?:^|\s)lang(?:uage)?-(\S+)")


class Reader:
    """Converter of elements. `lines`: newlines are line breaks and spaces are significant (Asana), else both are white space (HTML)."""

    def __init__(self, *, lines: bool) -> None:
        self._lines = lines

    def document(self, root: Element) -> Blocks:
        return self._blocks(root.children, 0, 0, None)

    # -------------------------------------------------------------- blocks
    def _blocks(self, nodes: Iterable[Node], depth: int, marks: int, href: str | None) -> Blocks:
        found: list[Block] = []
        loose: list[Inline] = []
        for node in nodes:
            if isinstance(node, Element) and (node.tag in BLOCK or node.holds_block):
                found.extend(self._paragraphs(loose))
                loose = []
                found.extend(self._block(node, depth, marks, href))
            else:
                loose.extend(self._inline(node, marks, href))
        found.extend(self._paragraphs(loose))
        return tuple(found)

    def _block(self, element: Element, depth: int, marks: int, href: str | None) -> Blocks:
        tag = element.tag
        if tag in ("ul", "ol", "blockquote") and depth >= MAX_DEPTH:
            return self._paragraphs(self._inline(element, marks, href))
        if tag == "hr":
            return (Rule(),)
        if tag == "pre":
            return self._code(element)
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            return heading(int(tag[1]), joined(self._blocks(element.children, depth, marks, href)))
        if tag == "blockquote":
            return quote(self._blocks(element.children, depth + 1, marks, href))
        if tag in ("ul", "ol"):
            start = element.attrs.get("start", "")
            number = int(start) if start.isascii() and start.isdigit() and len(start) <= 9 else 1
            return list_of(self._items(element, depth + 1, marks, href), number if tag == "ol" else None)
        if tag == "table":
            return self._table(element, depth, marks, href)
        if tag == "input":
            return ()
        inner, address = self._marked(element, marks, href)
        return self._blocks(element.children, depth, inner & ~CODE, address)

    def _items(self, element: Element, depth: int, marks: int, href: str | None) -> Iterator[Item]:
        for node in element.children:
            if isinstance(node, Element) and node.tag == "li":
                yield task(self._blocks(node.children, depth, marks, href))
            else:
                content = self._blocks([node], depth, marks, href)
                if content:
                    yield Item(content)

    def _code(self, element: Element) -> Blocks:
        children = element.children
        first = children[0] if len(children) == 1 else None
        info = ""
        if isinstance(first, Element) and first.tag == "code":
            found = _LANGUAGE.search(first.attrs.get("class", ""))
            info = found[1] if found else ""
        text = raw_text(element)
        if not self._lines:
            text = text.removesuffix("\n")
            if children and isinstance(children[0], str):
                text = text.removeprefix("\n")
        return code_block(text, info)

    def _table(self, element: Element, depth: int, marks: int, href: str | None) -> Blocks:
        rows: list[list[Inlines]] = []
        header = False
        for row in _rows(element):
            cells = [cell for cell in row.children if isinstance(cell, Element) and cell.tag in ("td", "th")]
            if not rows:
                header = bool(cells) and all(cell.tag == "th" for cell in cells)
            rows.append([joined(self._blocks(cell.children, depth, marks, href)) for cell in cells])
        return self._blocks(_stray(element), depth, marks, href) + table(rows, has_header=header)

    # -------------------------------------------------------------- inline content
    def _paragraphs(self, pieces: Iterable[Inline]) -> Blocks:
        return paragraphs(line(pieces) if self._lines else collapsed(line(pieces)))

    def _marked(self, element: Element, marks: int, href: str | None) -> tuple[int, str | None]:
        if element.tag == "a" and href is None:
            href = canonical(element.attrs.get("href", ""))
        return marks | _MARKS.get(element.tag, 0), href

    def _inline(self, node: Node, marks: int, href: str | None) -> Iterator[Inline]:
        if isinstance(node, str):
            if marks & CODE:
                yield Text(node, marks, href)
            elif self._lines:
                yield from words(node, marks, href)
            else:
                yield Text(_SPACES.sub(" ", node), marks, href)
            return
        tag = node.tag
        if tag == "br":
            yield Break()
        elif tag == "img":
            source = canonical(node.attrs.get("src", ""))
            yield Text(node.attrs.get("alt", "").replace("\n", " ") or source or "", marks, href or source)
        elif tag == "input":
            if node.attrs.get("type", "").lower() == "checkbox":
                yield Text("[x] " if "checked" in node.attrs else "[ ] ")
        else:
            marks, address = self._marked(node, marks, href)
            if tag in BLOCK:
                yield Text(" ")
            for child in node.children:
                yield from self._inline(child, marks, address)
            if tag in BLOCK:
                yield Text(" ")
            if tag == "a" and not node.children:  # Asana's short form of a reference to one of its own objects
                yield Text(address or node.attrs.get("data-asana-gid", ""), marks, address)


def _rows(element: Element) -> Iterator[Element]:
    for node in element.children:
        if isinstance(node, Element):
            if node.tag == "tr":
                yield node
            elif node.tag in ("thead", "tbody", "tfoot"):
                yield from _rows(node)


def _stray(element: Element) -> Iterator[Node]:
    """Yield the content of a table outside its cells, which is placed before the table, as browsers show it."""
    for node in element.children:
        if isinstance(node, Element) and node.tag in ("thead", "tbody", "tfoot", "tr"):
            yield from _stray(node)
        elif isinstance(node, str) or node.tag not in ("td", "th"):
            yield node
        elif element.tag != "tr":
            yield from node.children


def raw_text(element: Element) -> str:
    """Return all text below an element unchanged; `br` is a newline."""
    found: list[str] = []
    stack: list[Node] = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            found.append(node)
        elif node.tag == "br":
            found.append("\n")
        else:
            stack.extend(reversed(node.children))
    return "".join(found)


# ------------------------------------------------------------------ what both directions of an HTML dialect share
def collapsed(content: Inlines) -> Inlines:
    """Return content with each run of white space collapsed to one space, as HTML shows it."""
    return line(_collapsed(run) for run in content) if any(_collapsed(run) is not run for run in content) else content


def _collapsed(run: Inline) -> Inline:
    if isinstance(run, Break) or run.marks & CODE or ("  " not in run.text and "\t" not in run.text):
        return run
    return Text(_SPACES.sub(" ", run.text), run.marks, run.href)


def paragraphs(content: Inlines) -> Blocks:
    """Return a paragraph, or several if there are consecutive line breaks: an empty line separates paragraphs."""
    found: list[Block] = []
    part: list[Inline] = []
    for index, run in enumerate(content):
        if isinstance(run, Break) and index and isinstance(content[index - 1], Break):
            found.extend(paragraph(part))
            part = []
        else:
            part.append(run)
    found.extend(paragraph(part))
    return tuple(found)


def task(content: Blocks) -> Item:
    """Return a list item; if its text begins with `[ ]` or `[x]`, it is a task."""
    first = content[0] if content else None
    run = first.content[0] if isinstance(first, Paragraph) else None
    if isinstance(first, Paragraph) and isinstance(run, Text) and not run.marks and run.href is None:
        found = _TASK.match(run.text)
        if found:
            rest = paragraph((Text(run.text[found.end() :]), *first.content[1:]))
            return Item(rest + content[1:], found[1] != " ")
    return Item(content)
