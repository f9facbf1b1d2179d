"""Layout of a source line on a terminal: tabs expanded, control characters made visible, widths counted, long lines cut around a span."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

TAB = 4
ELLIPSIS = "…"


class Excerpt(Struct, frozen=True):
    """A line as shown, and the position of the caret below it, in terminal cells."""

    text: str
    start: int
    length: int


_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""Line ends as libyaml counts them, whose line numbers spans hold."""


def line_of(text: str | None, number: int) -> str | None:
    """Return the number-th line, from 1; None if the text is not known or has no such line."""
    if text is None:
        return None
    lines = _BREAK.split(text.removeprefix("\ufeff"))
    return lines[number - 1] if 0 < number <= len(lines) else None


def cells(character: str) -> int:
    """Return the number of terminal cells of a character: none if it combines, two if it is wide (Unicode TR 11)."""
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def visible(text: str) -> str:
    """Return text that cannot steer a terminal: control and direction-changing characters are written as `\\u{…}`."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\t":
        return " " * TAB
    if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") or character in _DIRECTION:
        return f"\\u{{{ord(character):x}}}"
    return character


_DIRECTION = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)))
"""Characters that change the order of their neighbours (Unicode TR 36): a line could be made to read as another."""


def excerpt(line: str, start: int, end: int, width: int) -> Excerpt:
    """Return `line` in at most `width` cells, with the characters from `start` to `end` (from 0, end exclusive) in view."""
    start = min(max(start, 0), len(line))
    end = min(max(end, start), len(line))
    pieces = [_shown(character) for character in line]
    widths = [sum(cells(part) for part in piece) for piece in pieces]
    first, last = _window(widths, start, end, width)
    head = ELLIPSIS if first > 0 else ""
    tail = ELLIPSIS if last < len(pieces) else ""
    return Excerpt(
        text=(head + "".join(pieces[first:last])).rstrip() + tail,
        start=len(head) + sum(widths[first:start]),
        length=max(sum(widths[start : min(end, last)]), 1),
    )


def _window(widths: list[int], start: int, end: int, width: int) -> tuple[int, int]:
    """Return the stretch of characters to show: all if they fit, else one that begins a little before the span."""
    if sum(widths) <= width:
        return 0, len(widths)
    room = width - 2  # an ellipsis on either side
    span = sum(widths[start:end])
    if sum(widths[:end]) + (len(widths) > end) <= room:
        first = 0
    else:
        first, before = start, max(min(room // 3, room - span), 0)
        while first > 0 and before >= widths[first - 1]:
            first -= 1
            before -= widths[first]
    last, used = first, 0
    while last < len(widths) and used + widths[last] <= room:
        used += widths[last]
        last += 1
    return first, last
