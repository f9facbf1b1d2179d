"""HTML as a tree of elements, read as leniently as browsers do and with the standard library alone.

Only what HTML says about a fragment's *structure* is kept: void elements, implied ends of `p`, `li` and table parts, end tags
that close what is open between. No entity is expanded but the named characters of HTML, nothing is fetched or executed.
"""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import TypeAlias

BLOCK = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol",
        "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"})
_HIDDEN = frozenset({"head", "mx-reply", "script", "style", "template", "title"})
_CLOSES = {
    "li": ({"li"}, {"ul", "ol"}),
    "dt": ({"dd", "dt"}, {"dl"}),
    "dd": ({"dd", "dt"}, {"dl"}),
    "tr": ({"tr"}, {"table"}),
    "td": ({"td", "th"}, {"table", "tr"}),
    "th": ({"td", "th"}, {"table", "tr"}),
}
"""What a tag closes that is open, and what it does not look beyond."""
_AROUND_P = {"blockquote", "div", "li", "td", "th"}
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
"""Taken out beforehand: the standard library looks for the end of each one that has none, over and over."""
_DEEPEST = 80
"""Elements nested deeper are taken as their parent's: nothing but hostile input nests so deep."""


class Element:
    """`holds_block`: some block element stands below it, so it is no mere part of a line."""

    __slots__ = ("attrs", "children", "holds_block", "tag")

    def __init__(self, tag: str, attrs: dict[str, str]) -> None:
        self.tag = tag
        self.attrs = attrs
        self.children: list[Node] = []
        self.holds_block = False


Node: TypeAlias = Element | str


def parse(text: str) -> Element:
    """The tree of a fragment or a document, below one nameless element. Never fails."""
    builder = _Builder()
    builder.feed(_COMMENT.sub("", text) if "<!--" in text else text)
    builder.close()
    return builder.root


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]
        self._counts: Counter[str] = Counter()
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._add(tag, attrs)
        if tag in _VOID:
            return
        if len(self._open) < _DEEPEST:
            self._open.append(element)
            self._counts[tag] += 1
        self._hidden += tag in _HIDDEN

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and self._hidden:
            self._hidden -= 1
        if self._counts[tag]:
            self._cut(next(index for index in range(len(self._open) - 1, 0, -1) if self._open[index].tag == tag))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._open[-1].children.append(data)

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element:
        if tag in _CLOSES:
            self._close(*_CLOSES[tag])
        if tag in BLOCK:
            self._close({"p"}, _AROUND_P)
            for outer in reversed(self._open):
                if outer.holds_block:  # then so do those around it
                    break
                outer.holds_block = True
        element = Element(tag, {name: value or "" for name, value in attrs})
        if not self._hidden:
            self._open[-1].children.append(element)
        return element

    def _close(self, names: set[str], until: set[str]) -> None:
        if any(self._counts[name] for name in names):
            for index in range(len(self._open) - 1, 0, -1):
                if self._open[index].tag in until:
                    return
                if self._open[index].tag in names:
                    self._cut(index)
                    return

    def _cut(self, index: int) -> None:
        for element in self._open[index:]:
            self._counts[element.tag] -= 1
        del self._open[index:]
