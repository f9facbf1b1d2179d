"""Code spans of a Markdown text, in which no vendor reads a mention."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_TICKS = re.compile("`+")


def outside_code(pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], value: str) -> str:
    """Replace the matches, outside code spans, of a pattern that matches no backtick."""
    if "`" not in value:
        return pattern.sub(replace, value)
    parts: list[str] = []
    at = 0
    for start, end in (*_code_spans(value), (len(value), len(value))):
        for found in pattern.finditer(value, at, start):
            parts += value[at : found.start()], replace(found)
            at = found.end()
        parts.append(value[at:end])
        at = end
    return "".join(parts)


def _code_spans(value: str) -> Iterator[tuple[int, int]]:
    """Yield the code spans: from a run of backticks to the next run of the same length. Takes time linear in the text."""
    runs = [(found.start(), found.end()) for found in _TICKS.finditer(value)]
    last = {end - start: index for index, (start, end) in enumerate(runs)}
    index = 0
    while index < len(runs):
        start, end = runs[index]
        if last[end - start] > index:
            closing = next(at for at in range(index + 1, len(runs)) if runs[at][1] - runs[at][0] == end - start)
            yield start, runs[closing][1]
            index = closing
        index += 1
