"""Writer of documents as Markdown, which parses to the same document again.

Escaping follows CommonMark 0.31: a character is escaped if it would otherwise begin markup at its position, in any common dialect (raw
HTML is escaped too). If emphasis would not be recognized beside a letter (section 6.2, flanking), that letter is written as a numeric
character reference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from unified_runtime.adapter_api.codecs.rich_text import (
    CODE,
    EM,
    STRIKE,
    STRONG,
    Block,
    Blocks,
    Break,
    CodeBlock,
    Event,
    Heading,
    Inlines,
    Item,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    nest,
)

_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_SPACE = frozenset(" \t\n\u00a0\u1680\u202f\u205f\u3000") | {chr(code) for code in range(0x2000, 0x200B)}
_CANDIDATE = re.compile(r"[\\`*\[\]<&~|!]|_+")
_ENTITY = re.compile(r"&(?:#|[A-Za-z])[^\s;&]*;")
_LINE_START = re.compile(r"#{1,6}(?=\s|$)|[-+](?=\s|$)|>|[-=:|][-=:|\s]*$|\d{1,9}(?=[.)](?:\s|$))")
_TASK_LIKE = re.compile(r"\[[ xX]\](?=\s|$)")
_BACKTICKS = re.compile(r"`+")
_AUTOLINK = re.compile(r"(?:https?://|mailto:)[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]+")


def write(blocks: Blocks) -> str:
    """Return the Markdown for a document."""
    return "\n".join(_blocks(blocks, ""))


# ------------------------------------------------------------------ blocks
def _blocks(blocks: Blocks, above: str, *, in_item: bool = False) -> Iterator[str]:
    """Yield the lines of blocks. `above` is the bullet of the list item that these blocks begin, after which another bullet is needed."""
    marker = ""
    for number, block in enumerate(blocks):
        if number and not (in_item and _may_follow(block, blocks[number - 1])):
            yield ""
        if isinstance(block, List):
            taken = (marker, above if number == 0 else "")
            marker = next(m for m in ("-*+" if block.start is None else ".)") if m not in taken)
            yield from _list(block, marker)
        else:
            marker = ""
            yield from _block(block, first_in_item=bool(above) and number == 0)


def _may_follow(block: Block, before: Block) -> bool:
    """Return true if a list may follow a paragraph without a blank line between them."""
    return isinstance(block, List) and isinstance(before, Paragraph) and block.start in (None, 1) and bool(block.items[0].content)


def _block(block: Block, *, first_in_item: bool) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from inline(block.content, at_start=True, in_item=first_in_item).split("\n")
    elif isinstance(block, Heading):
        yield "#" * block.level + " " + _without_tail(inline(block.content))
    elif isinstance(block, CodeBlock):
        longest = max((len(run) for run in _BACKTICKS.findall(block.text)), default=0)
        fence = "`" * max(3, longest + 1)
        yield fence + block.language
        if block.text:
            yield from block.text.split("\n")
        yield fence
    elif isinstance(block, Rule):
        yield "___" if first_in_item else "---"
    elif isinstance(block, Quote):
        for row in _blocks(block.content, ""):
            yield "> " + row if row else ">"
    else:
        assert isinstance(block, Table)
        yield _row(block.header)
        yield "|" + " --- |" * len(block.header)
        for cells in block.rows:
            yield _row(cells)


def _list(block: List, marker: str) -> Iterator[str]:
    for number, item in enumerate(block.items):
        head = marker if block.start is None else f"{min(block.start + number, 999_999_999)}{marker}"
        yield from _item(item, head, marker)


def _item(item: Item, head: str, marker: str) -> Iterator[str]:
    rows = _blocks(item.content, marker, in_item=True)
    indent = " " * (len(head) + 1)
    box = "" if item.checked is None else "[x]" if item.checked else "[ ]"
    if box and not (item.content and isinstance(item.content[0], Paragraph)):
        yield f"{head} {box}"  # a task without text: its content is on the next lines
        if item.content:
            yield ""
    else:
        first = next(rows, "")
        yield " ".join(part for part in (head, box, first) if part)
    for row in rows:
        yield indent + row if row else ""


def _row(cells: tuple[Inlines, ...]) -> str:
    return "|" + "".join(f" {inline(cell).replace('|', chr(92) + '|')} |" for cell in cells)


def _without_tail(heading: str) -> str:
    """Return a heading with its last `#` signs escaped, so that they are text and not a closing sequence."""
    return heading[:-1] + "\\#" if heading.endswith("#") else heading


# ------------------------------------------------------------------ inline content
def inline(content: Inlines, *, at_start: bool = False, in_item: bool = False) -> str:
    """Return the Markdown for a line. `at_start`: it begins a paragraph; `in_item`: that paragraph begins a list item."""
    if len(content) == 1 and isinstance(content[0], Text) and not content[0].marks and content[0].href is None:
        return _escape(content[0].text, line_start=at_start, in_item=in_item, linked=False, first=True, last=True)
    return _join(_pieces(content, at_start=at_start, in_item=in_item))


_OPEN, _CLOSE, _WORDS, _OTHER = range(4)


def _pieces(content: Inlines, *, at_start: bool, in_item: bool) -> list[tuple[int, str, str]]:
    """Return `(kind, written, raw text)` of each piece in order."""
    events = list(nest(content))
    # Parsers distinguish runs of asterisks of both kinds by their lengths, and not always as intended.
    em = "_" if any(isinstance(event, tuple) and event[1] == STRONG for event in events) else "*"
    signs = {STRONG: "**", STRIKE: "~~", EM: em}
    pieces: list[tuple[int, str, str]] = []
    linked = autolinked = False
    line_start = at_start
    space = ""
    for index, event in enumerate(events):
        if isinstance(event, tuple):
            kind, mark, href = event
            if space and (kind == "open" or not mark):
                pieces.append((_WORDS, space, space))
                space = ""
            if mark:
                pieces.append((_OPEN if kind == "open" else _CLOSE, signs[mark], ""))
            elif kind == "open":
                linked, autolinked = True, _is_autolink(events, index)
                if not autolinked:
                    pieces.append((_OTHER, "[", ""))
            else:
                if not autolinked:
                    pieces.append((_OTHER, f"]({_destination(href or '')})", ""))
                linked = autolinked = False
            line_start = False
            continue
        if isinstance(event, Break):
            pieces.append((_OTHER, "\\\n", ""))
            line_start = at_start
            continue
        if space:
            pieces.append((_WORDS, space, space))
            space = ""
        if event.marks & CODE:
            pieces.append((_OTHER, _code(event.text), ""))
        elif autolinked:
            pieces.append((_OTHER, f"<{event.text}>", ""))
        else:
            # White space is not valid directly inside a sign. Moved outside, between two marked runs, it is read as marked again.
            text = event.text
            if text[0].isspace() and pieces and pieces[-1][0] == _OPEN:
                opened = next(at for at in range(len(pieces), -1, -1) if not at or pieces[at - 1][0] != _OPEN)
                lead = text[: len(text) - len(text.lstrip())]
                pieces.insert(opened, (_WORDS, lead, lead))
                text = text.lstrip()
            if text[-1:].isspace() and index + 1 < len(events) and _closes(events[index + 1]):
                space = text[len(text.rstrip()) :]
                text = text.rstrip()
            if text:
                last = index == len(events) - 1
                first = not pieces
                written = _escape(text, line_start=line_start, in_item=in_item and first, linked=linked, first=first, last=last)
                pieces.append((_WORDS, written, text))
        line_start = False
    return pieces


def _closes(event: Event) -> bool:
    return isinstance(event, tuple) and event[0] == "close" and bool(event[1])


def _is_autolink(events: list[Event], index: int) -> bool:
    """Return true if the text of a link is only its own URL."""
    run, after = events[index + 1], events[index + 2]
    return (
        isinstance(run, Text)
        and not run.marks & CODE
        and run.text == run.href
        and isinstance(after, tuple)
        and after[:2] == ("close", 0)
        and bool(_AUTOLINK.fullmatch(run.text))
    )


def _join(pieces: list[tuple[int, str, str]]) -> str:
    """Join the pieces, with letters beside emphasis written as references if the emphasis would not be recognized."""
    written = [piece[1] for piece in pieces]
    for index, (kind, sign, _) in enumerate(pieces):
        if kind == _OPEN and index and pieces[index - 1][0] == _WORDS:
            inner = written[index + 1][0]
            outer = pieces[index - 1][2][-1]
            if not _recognized(sign, inner, outer):
                written[index - 1] = _reference_last(written[index - 1], outer)
        elif kind == _CLOSE and index + 1 < len(pieces) and pieces[index + 1][0] == _WORDS:
            inner = written[index - 1][-1]
            outer = pieces[index + 1][2][0]
            if not _recognized(sign, inner, outer):
                written[index + 1] = f"&#{ord(outer)};" + written[index + 1].removeprefix(outer)
    for index, (kind, _, _) in enumerate(pieces[:-1]):
        if kind == _WORDS and written[index].endswith("!") and written[index + 1][0] == "[":
            written[index] = written[index][:-1] + "\\!"
    return "".join(written)


def _reference_last(written: str, last: str) -> str:
    if written.endswith(";") and len(last) == 1 and not written.endswith(last):  # a single letter, already a reference
        return written
    return f"{written[:-1]}&#{ord(last)};"


def _recognized(sign: str, inner: str, outer: str) -> bool:
    """Return true if a sign between these two characters certainly opens (or, mirrored, closes) emphasis."""
    if outer in _SPACE or outer in _PUNCTUATION or unicodedata.category(outer)[0] == "P":
        return True
    return sign != "_" and inner.isalnum()


def _escape(text: str, *, line_start: bool, in_item: bool, linked: bool, first: bool, last: bool) -> str:
    """Return the escaped text of one run. `linked`: inside a link's text; `first`, `last`: nothing is before or after it on the line."""

    def escape(found: re.Match[str]) -> str:
        if found[0][0] == "_":
            return _underscores(text, found.start(), found.end(), first=first, last=last)
        return _escape_at(text, found.start(), linked=linked, first=first, last=last)

    escaped = _CANDIDATE.sub(escape, text)
    if line_start:
        start = _LINE_START.match(text)
        if start:
            at = len(start[0]) if text[0].isdigit() else 0
            if escaped[at] != "\\":
                escaped = f"{escaped[:at]}\\{escaped[at:]}"
        elif in_item and _TASK_LIKE.match(text):
            escaped = "\\" + escaped
    return escaped


def _escape_at(text: str, at: int, *, linked: bool, first: bool, last: bool) -> str:
    char = text[at]
    before = text[at - 1] if at else ""
    after = text[at + 1] if at + 1 < len(text) else ""
    if char == "\\":
        # The last character of a run may become a reference, and begins with "&" then.
        safe = bool(after) and after not in _PUNCTUATION and at + 2 < len(text) + last
    elif char == "*":
        safe = before.isspace() and after.isspace()
    elif char == "[":
        safe = not linked and bool(after or last)
    elif char == "]":
        safe = not linked and (after not in ("(", ":", "") or (not after and last))
    elif char == "<":
        safe = not (after.isascii() and after.isalpha()) and after not in ("/", "!", "?", "")
        safe = safe or (not after and last)
    elif char == "&":
        safe = not _ENTITY.match(text, at) and bool(after or last)
    elif char == "~":
        safe = before.isspace() and after.isalnum()
    elif char == "!":
        safe = after != "["
    else:
        safe = char == "|"
    return char if safe else "\\" + char


def _underscores(text: str, start: int, end: int, *, first: bool, last: bool) -> str:
    """Escape a run of underscores, unless it is between letters or digits, or is one underscore between spaces.

    Letters at the edges of the text may be written as references, which a parser does not treat as letters.
    """
    before, after = text[start - 1 : start], text[end : end + 1]
    inside_word = start >= 2 - first and end < len(text) - 1 + last and before.isalnum() and after.isalnum()
    isolated = end == start + 1 and before.isspace() and after.isspace()
    return text[start:end] if inside_word or isolated else "\\_" * (end - start)


def _code(text: str) -> str:
    taken = {len(run) for run in _BACKTICKS.findall(text)}
    fence = "`" * next(length for length in range(1, len(text) + 2) if length not in taken)
    pad = " " if text[0] == "`" or text[-1] == "`" or (text[0] == text[-1] == " " and text.strip(" ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _destination(href: str) -> str:
    return re.sub(r"[()\\<>]|&(?=[#A-Za-z][^\s;&]*;)", r"\\\g<0>", href)
