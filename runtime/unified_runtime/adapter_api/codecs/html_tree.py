"""Parser of HTML to a tree of elements, as lenient as browsers, in time linear in the length of the text.

It implements only HTML's rules of a fragment's *structure*: void elements, implied ends of `p`, `li` and table parts, end tags
that close the open elements between. Only HTML's character references are expanded; nothing is fetched or executed.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
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
"""For each tag, the open elements that it closes, and the elements at which the search for them stops."""
_AROUND_P = {"blockquote", "div", "li", "td", "th"}
_TAG = re.compile(r"<(/?+)([a-zA-Z][^\s/>\x00]*+)")
_ATTRIBUTE = re.compile(r"""[\s/]*+([^\s/>][^\s/=>]*+)(?:\s*+=[\s=]*+("[^"]*+"|'[^']*+'|[^>\s]*+))?+""")
_END = re.compile(r"[\s/]*+>")
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{7,}+);?")
"""Numbers outside Unicode, or with leading zeros. Python does not convert numbers of more than 4300 digits."""
_RAW = frozenset({"script", "style"})
"""Elements whose content is not markup."""
MAX_TAGS = 30_000
"""Maximum number of tags of a text that are parsed; the rest is text. Parsing takes up to 25 microseconds for each."""
_DEEPEST = 80
"""Maximum nesting of elements. Deeper ones are read as their parent's: only hostile input is nested so deep."""


class Element:
    """HTML element. `holds_block`: there is a block element below it, so it is not only a part of a line."""

    __slots__ = ("attrs", "children", "holds_block", "tag")

    def __init__(self, tag: str, attrs: dict[str, str]) -> None:
        self.tag = tag
        self.attrs = attrs
        self.children: list[Node] = []
        self.holds_block = False


Node: TypeAlias = Element | str


def parse(text: str) -> Element:
    """Return the tree of a fragment or a document, below one element without a name. Never fails."""
    builder = _Builder()
    at = 0
    scanned = 0  # by tags that do not end
    text_only = False
    tags = 0
    while (start := text.find("<", at)) >= 0 and not text_only and tags < MAX_TAGS:
        tags += 1
        if start > at:
            builder.text(text[at:start])
        if text.startswith(("<!", "<?"), start):
            comment = text.startswith("<!--", start)
            end = text.find("-->" if comment else ">", start + (4 if comment else 2))
            at = len(text) if end < 0 else end + (3 if comment else 1)
            continue
        tag = _TAG.match(text, start)
        if tag is None:
            builder.text("<")
            at = start + 1
            continue
        name = tag[2].lower()
        attrs, behind = _attributes(text, tag.end())
        if behind is None:
            # Such text is scanned again from the next "<" on, but only a limited number of times.
            scanned += len(text) - start
            text_only = scanned > 4 * len(text)
            builder.text("<")
            at = start + 1
        elif tag[1]:
            builder.end(name)
            at = behind
        else:
            closed = text[behind - 2] == "/"
            builder.start(name, attrs, closed=closed)
            at = _raw_end(text, name, behind) if name in _RAW and not closed else behind
    if at < len(text):
        builder.text(text[at:])
    return builder.root


def _attributes(text: str, at: int) -> tuple[dict[str, str], int | None]:
    """Return the attributes of a tag, starting after its name, and the position after the tag; None if it does not end."""
    attrs: dict[str, str] = {}
    while (end := _END.match(text, at)) is None:
        found = _ATTRIBUTE.match(text, at)
        if found is None:
            return attrs, None
        value = found[2] or ""
        if value[:1] in ('"', "'") and value[-1] == value[0] and len(value) > 1:
            value = value[1:-1]
        attrs[found[1].lower()] = characters(value) if "&" in value else value
        at = found.end()
    return attrs, end.end()


def _raw_end(text: str, name: str, at: int) -> int:
    """Return the position of the end tag of an element whose content is not markup, or the end of the text."""
    found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, at)
    return len(text) if found is None else found.start()


def characters(text: str) -> str:
    """Return text with its character references replaced."""
    return unescape(_LONG_REFERENCE.sub(_shortened, text) if "&#" in text else text)


def _shortened(found: re.Match[str]) -> str:
    digits = found[0].rstrip(";")[2:]
    prefix, digits = (digits[0], digits[1:]) if digits[0] in "xX" else ("", digits)
    digits = digits.lstrip("0") or "0"
    return f"&#{prefix}{digits};" if len(digits) < 8 else "\ufffd"


class _Builder:
    def __init__(self) -> None:
        self.root = Element("", {})
        self._open = [self.root]
        self._counts: Counter[str] = Counter()
        self._hidden = 0

    def start(self, tag: str, attrs: dict[str, str], *, closed: bool) -> None:
        element = self._add(tag, attrs)
        if closed or tag in _VOID:
            return
        if len(self._open) < _DEEPEST:
            self._open.append(element)
            self._counts[tag] += 1
        self._hidden += tag in _HIDDEN

    def end(self, tag: str) -> None:
        if tag in _HIDDEN and self._hidden:
            self._hidden -= 1
        if self._counts[tag]:
            self._cut(next(index for index in range(len(self._open) - 1, 0, -1) if self._open[index].tag == tag))

    def text(self, text: str) -> None:
        if not self._hidden:
            self._open[-1].children.append(characters(text) if "&" in text else text)

    def _add(self, tag: str, attrs: dict[str, str]) -> Element:
        if tag in _CLOSES:
            self._close(*_CLOSES[tag])
        if tag in BLOCK:
            self._close({"p"}, _AROUND_P)
            for outer in reversed(self._open):
                if outer.holds_block:  # then its ancestors have one too
                    break
                outer.holds_block = True
        element = Element(tag, attrs)
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
