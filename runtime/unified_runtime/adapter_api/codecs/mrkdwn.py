"""Codec of Markdown and Slack's `mrkdwn`, the text of a message.

Law, for every text `m`: `decode(encode(m)) == normalize(m)`. Slack has no escape for `*`, `_`, `~` and backticks: if one of them could be
formatting, a zero-width space beside it prevents that, and `decode` removes such spaces. `decode` never raises. Mentions of users,
channels and groups are links to `user:`, `channel:` and `group:` with the id; Slack shows the current name, so the text of a link that is
sent is lost. Dates become the text that they show, and so do `@here` and similar, which text cannot trigger.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from unified_runtime.adapter_api.codecs import markdown, mrkdwn_parser
from unified_runtime.adapter_api.codecs.flattening import Narrow
from unified_runtime.adapter_api.codecs.html_writer import escaped
from unified_runtime.adapter_api.codecs.mentions import mention
from unified_runtime.adapter_api.codecs.mrkdwn_parser import HIDDEN, MARKER, SIGNS
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
    box,
    line,
)

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = (
    "encode: a heading becomes a bold paragraph, a rule and a table become text, code blocks lose their language",
    "encode: a quote keeps only its text, other blocks move out of it; a quote in a quote or list item loses its frame",
    "encode: a list item keeps its lines and lists only; one whose text begins with [ ] or [x] becomes a task",
    "encode: formatting of only a part of a link; the mark of code that holds a backtick or is a link",
    "encode: bold, italic and strikethrough of a text that begins or ends with * _ ~ or a backtick",
    "encode: zero-width spaces; a relative link becomes text; an empty line made of line breaks parts paragraphs",
    "encode: raw HTML and link reference definitions stay text, an image becomes a link",
    "encode: titles of links, addresses of images inside links, control characters",
    "encode: white space and line breaks at the edge of a paragraph",
    "encode: the text of a mention, since Slack shows the current name",
    "decode: dates, @here and its like become the text they show",
)

_SIGNS = ((STRONG, "*"), (EM, "_"), (STRIKE, "~"))
_SIGN = "*_~`"
_FORMAT = re.compile(r"[*_~`]+")
_BULLET = re.compile(MARKER.pattern + "|>|&gt;|```")
_ID = re.compile(r"[A-Z0-9]{3,}")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:[^\s|<>]+", re.IGNORECASE)


def encode(value: str) -> str:
    """Return Slack's text for a Markdown text."""
    if markdown.plain_paragraphs(value) is not None and HIDDEN not in value and ">" not in value:
        return value
    markdown.check_size(value)
    return _blocks(_SLACK.fit(markdown.parse(value)))


def decode(value: str) -> str:
    """Return the Markdown for Slack's text. Never fails."""
    if "&" not in value and HIDDEN not in value and markdown.plain_paragraphs(value) is not None:
        return value
    return markdown.text(value) if markdown.too_large(value) else markdown.write(mrkdwn_parser.document(value))


def normalize(value: str) -> str:
    """Return a Markdown text as it is after sending it and reading it back."""
    return markdown.write(_SLACK.fit(markdown.parse(value)))


# ------------------------------------------------------------------ the part of a document that Slack supports
def _fit_line(content: Inlines) -> Inlines:
    runs = [_fit_run(run) for run in content]
    for start, run in enumerate(runs):
        if isinstance(run, Text) and run.href is not None:
            end = start
            marks = run.marks
            while end < len(runs) and isinstance(other := runs[end], Text) and other.href == run.href:
                marks &= other.marks
                end += 1
            written = _mentioned(run.href)
            for index in range(start, end):
                part = runs[index]
                assert isinstance(part, Text)
                text = part.text if written is None else _name(run.href) if index == start else ""
                runs[index] = Text(text, marks, part.href)
    return line(runs)


def _mentioned(href: str) -> str | None:
    """Return a mention in Slack's format; None for any other URL, or if the id is not valid in Slack."""
    found = mention(href)
    return f"<{SIGNS[found[0]]}{found[1]}>" if found is not None and _ID.fullmatch(found[1]) else None


def _name(href: str) -> str:
    kind, _, name = href.partition(":")
    return ("#" if kind == "channel" else "@") + name


def _fit_run(run: Inline) -> Inline:
    if isinstance(run, Break):
        return run
    text = run.text.replace(HIDDEN, "")
    href = run.href if run.href is not None and _ABSOLUTE.fullmatch(run.href) else None
    marks = run.marks & ~CODE if href or "`" in text or not text.strip() else run.marks
    core = text.strip()
    if core and not href and not marks & CODE and (core[0] in _SIGN or core[-1] in _SIGN):
        marks = 0
    return Text(text, marks, href)


def _fit_code(text: str) -> str:
    return text.replace(HIDDEN, "")


_SLACK = Narrow(headings=0, starts=True, line=_fit_line, code=_fit_code)


# ------------------------------------------------------------------ to mrkdwn
def _blocks(blocks: Blocks) -> str:
    found: list[str] = []
    for index, block in enumerate(blocks):
        if index:
            found.append("\n" if isinstance(block, List) and isinstance(blocks[index - 1], Paragraph) else "\n\n")
        found.append("\n".join(_lines(block)))
    return "".join(found)


def _lines(block: Block, *, other: bool = False) -> Iterator[str]:
    """Yield the lines of a block. `other`: a list that follows another in the same item, and needs a different marker."""
    if isinstance(block, Paragraph):
        yield from inline(block.content)
    elif isinstance(block, CodeBlock):
        text = escaped(block.text).replace("``", f"`{HIDDEN}`").replace("``", f"`{HIDDEN}`")
        yield f"```\n{text}\n```"
    elif isinstance(block, Quote):
        for number, inner in enumerate(block.content):
            if number:
                yield ">"
            for row in _lines(inner):
                yield f"> {row}"
    else:
        assert isinstance(block, List)
        yield from _list(block, "◦)" if other else "•.")


def _list(block: List, signs: str) -> Iterator[str]:
    for number, item in enumerate(block.items):
        marker = signs[0] if block.start is None else f"{min(block.start + number, 999_999_999)}{signs[1]}"
        yield from _item(item, marker)


def _item(item: Item, marker: str) -> Iterator[str]:
    content = item.content
    first = content[0] if content else None
    lead = first.content if isinstance(first, Paragraph) else ()
    rows = list(inline(line((Text(box(item)), *lead)))) or [""]
    yield f"{marker} {rows[0]}".rstrip(" ") if rows[0] else marker
    for row in rows[1:]:
        yield "    " + row
    other = False
    for index, block in enumerate(content):
        if index or not lead:
            other = index > 0 and isinstance(content[index - 1], List) and not other
            for row in _lines(block, other=other):
                yield "    " + row


def inline(content: Inlines) -> Iterator[str]:
    """Yield the lines of inline content."""
    runs: list[Text] = []
    for run in content:
        if isinstance(run, Break):
            yield _line(runs)
            runs = []
        else:
            runs.append(run)
    if content:
        yield _line(runs)


def _line(runs: list[Text]) -> str:
    found: list[str] = []
    before = ""  # the last text that was written
    index = 0
    while index < len(runs):
        run = runs[index]
        text = run.text
        lead = text[: len(text) - len(text.lstrip())] if not run.marks & CODE else ""
        trailing = text[len(text.rstrip()) :] if not run.marks & CODE and text.strip() else ""
        core = text[len(lead) : len(text) - len(trailing)]
        index += 1
        if lead:
            before = lead
            found.append(lead)
        if core:
            written = _run(Text(core, run.marks, run.href), line_start=not before)
            found += _between(before, written), written, trailing
            before = trailing or written
    return "".join(found)


def _run(run: Text, *, line_start: bool) -> str:
    if run.marks & CODE:
        written = f"`{escaped(run.text)}`"
    elif run.href is not None and (mentioned := _mentioned(run.href)) is not None:
        written = mentioned
    elif run.href is not None:
        written = f"<{escaped(run.href)}|{_literal(run.text)}>"
    else:
        written = _literal(run.text)
        if line_start and not run.marks and _BULLET.match(run.text):
            written = HIDDEN + written
    for mark, sign in _SIGNS:
        if run.marks & mark:
            written = f"{sign}{written}{sign}"
    return written


def _between(before: str, written: str) -> str:
    """Return a zero-width space if formatting between two adjacent runs would not be recognized, or would be recognized across them; else
    an empty string."""
    separated = before and not before[-1].isspace() and (before[-1] in _SIGN or written[0] in _SIGN)
    return HIDDEN if separated else ""


def _literal(text: str) -> str:
    """Return text in which no sign is formatting."""
    return escaped(_FORMAT.sub(lambda found: _hidden(text, found), text))


def _hidden(text: str, found: re.Match[str]) -> str:
    before = text[found.start() - 1] if found.start() else ""
    after = text[found.end()] if found.end() < len(text) else ""
    if found[0] in ("*", "_", "~") and ((before.isalnum() and after.isalnum()) or (before.isspace() and after.isspace())):
        return found[0]
    return HIDDEN + HIDDEN.join(found[0]) + HIDDEN
