"""Markdown parser: markdown-it with replacements for the rules whose cost is not proportional to the length of a text.

Links and images are found with the stack of brackets of CommonMark 0.31 (appendix "A parsing strategy"), which visits each bracket once.
markdown-it's own rules scan ahead from each opening bracket, up to 100 times. A table may add empty cells to short rows only in
proportion to the length of the text.

Imported when the first text with markup is parsed: the import takes longer than that of all other codecs.
"""

from __future__ import annotations

from typing import Any

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import blockquote as markdown_it_quote
from markdown_it.rules_block import table as markdown_it_table
from markdown_it.rules_inline import StateInline

from unified_runtime.adapter_api.codecs.links import normalized

_SPACES = " \t\n"
_BRACKETS = "brackets"
_CELLS = "cells"
_LINES = "lines"
_SHORT = 50
_FEWEST = 1000


class _Parser(MarkdownIt):
    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the parser's own name
        return normalized(url)


def parser(nesting: int) -> MarkdownIt:
    """Return a parser of CommonMark with GitHub's tables and strikethrough, without raw HTML and link reference definitions.

    Args:
        nesting: maximum nesting of blocks and marks; deeper ones are text.
    """
    made = _Parser("commonmark", {"html": False, "maxNesting": nesting})
    made.enable(["table", "strikethrough"]).disable(["reference", "html_block", "html_inline"])
    made.inline.ruler.at("link", _open)
    made.inline.ruler.at("image", _close)
    made.block.ruler.at("blockquote", _quote, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    made.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    return made


# ------------------------------------------------------------------ links and images
class _Bracket:
    """Opening bracket that may begin a link or an image: its token, and the position of the text after it."""

    __slots__ = ("active", "delimiters", "image", "meta", "start", "token")

    def __init__(self, state: StateInline, image: bool, start: int) -> None:
        self.token = len(state.tokens) - 1
        self.delimiters = len(state.delimiters)
        self.meta = len(state.tokens_meta)
        self.image = image
        self.start = start
        self.active = True


def _brackets(state: StateInline) -> list[_Bracket]:
    """Return the open brackets of the text that is parsed. Each text has its own inline state, which stores them."""
    found: list[_Bracket] | None = getattr(state, _BRACKETS, None)
    if found is None:
        found = []
        setattr(state, _BRACKETS, found)
    return found


def _open(state: StateInline, silent: bool) -> bool:
    """Parse an opening bracket, as text until its link or image is complete."""
    at = state.pos
    image = state.src[at] == "!"
    if silent or not state.src.startswith("![" if image else "[", at):
        return False
    token = state.push("text", "", 0)
    token.content = "![" if image else "["
    state.pos = at + len(token.content)
    _brackets(state).append(_Bracket(state, image, state.pos))
    return True


def _close(state: StateInline, silent: bool) -> bool:
    """Parse a closing bracket: the end of a link or an image if a URL follows and a bracket is open."""
    if silent or state.src[state.pos] != "]":
        return False
    brackets = _brackets(state)
    if not brackets:
        return False
    opened = brackets.pop()
    if not opened.active:
        return False
    found = _address(state, state.pos + 1)
    if found is None:
        return False
    href, end = found
    if opened.image:
        _make_image(state, opened, href)
    else:
        _make_link(state, opened, href)
        for bracket in reversed(brackets):  # a link cannot contain a link
            if not bracket.image:
                if not bracket.active:
                    break
                bracket.active = False
    state.pos = end
    return True


def _make_image(state: StateInline, opened: _Bracket, href: str) -> None:
    if state.pending:
        state.pushPending()
    del state.tokens[opened.token :]
    del state.tokens_meta[opened.meta :]
    del state.delimiters[opened.delimiters :]
    token = state.push("image", "img", 0)
    token.attrs = {"src": href, "alt": ""}
    token.content = state.src[opened.start : state.pos]


def _make_link(state: StateInline, opened: _Bracket, href: str) -> None:
    if state.pending:
        state.pushPending()
    first = state.tokens[opened.token]
    first.type, first.tag, first.nesting, first.content = "link_open", "a", 1, ""
    first.attrs = {"href": href}
    # Marks inside a link are paired only with each other.
    state.tokens_meta.append({"delimiters": state.delimiters[opened.delimiters :]})
    del state.delimiters[opened.delimiters :]
    last = state.push("text", "", 0)
    last.type, last.tag, last.nesting = "link_close", "a", -1


def _address(state: StateInline, at: int) -> tuple[str, int] | None:
    """Return the URL of `(url "title")` at a position, and the position after it; None if there is none."""
    source, end = state.src, state.posMax
    if at >= end or source[at] != "(":
        return None
    at = _past_spaces(source, at + 1, end)
    href = ""
    destination = parseLinkDestination(source, at, end)
    if destination.ok:
        href = state.md.normalizeLink(destination.str)
        if state.md.validateLink(href):
            at = destination.pos
        else:
            href = ""
        behind = _past_spaces(source, at, end)
        title: Any = parseLinkTitle(source, behind, end) if behind > at else None
        at = _past_spaces(source, title.pos, end) if title is not None and title.ok else behind
    return (href, at + 1) if at < end and source[at] == ")" else None


def _past_spaces(source: str, at: int, end: int) -> int:
    while at < end and source[at] in _SPACES:
        at += 1
    return at


# ------------------------------------------------------------------ quotes
def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a quote. markdown-it searches up to the next empty line for lines that may belong to it, and may use few of them."""
    if silent or not state.src.startswith(">", state.bMarks[start] + state.tShift[start]):
        return markdown_it_quote(state, start, end, silent)
    left = state.env.setdefault(_LINES, _FEWEST + 4 * state.lineMax)
    seen = start
    while seen < end and left > 0 and not state.isEmpty(seen):
        left -= 1
        seen += 1
    found = markdown_it_quote(state, start, end if left > 0 else min(end, start + _SHORT), silent)
    state.env[_LINES] = left + (min(state.line, seen) - start if found else 0)
    return found


# ------------------------------------------------------------------ tables
def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a table, with as many rows as may be filled up to the width of its header."""
    if not silent and start + 2 < end:
        end = _last_row(state, start, end)
    return markdown_it_table(state, start, end, silent)


def _last_row(state: StateBlock, start: int, end: int) -> int:
    left = state.env.setdefault(_CELLS, _FEWEST + len(state.src) // 2)
    width = state.src.count("|", state.bMarks[start], state.eMarks[start])
    row = start + 2
    while row < end and left > 0 and not state.isEmpty(row):
        left -= max(1, width - 1 - state.src.count("|", state.bMarks[row], state.eMarks[row]))
        row += 1
    state.env[_CELLS] = left
    return row if left <= 0 else end
