"""Codec of Markdown and the content of a Discord message, which is Markdown except for mentions.

Law, for every text `m`: `decode(encode(m)) == normalize(m)`, and `normalize` is idempotent. `decode` never raises. A link to `user:`,
`channel:` or `group:` with a number becomes a mention; Discord shows the current name, so the text of the link is lost. Plain text that
Discord would read as a mention is escaped. All other text is sent and read unchanged: Discord shows a line end as one, and tables and
images as plain text. Code is not changed, since Discord reads no mentions there.

Source: https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = (
    "encode: the text of a mention, since Discord shows the current name",
    "encode: tables, images and reference definitions are shown as the text they are, a line's end as a line break",
    "decode: custom emoji, times and commands stay as Discord writes them",
)

_TICKS = re.compile("`+")
_LINK = r"(?<![\\!])\[(?P<label>[^\[\]`\\\n]*)\]\((?P<kind>user|channel|group):(?P<id>[0-9]{1,20})\)"
_SIGNS = {"user": "@", "channel": "#", "group": "@&"}
_KINDS = {"@": "user", "@!": "user", "#": "channel", "@&": "group"}
# A run of backslashes is matched only from its first one: matching from each of them would take quadratic time.
_WRITE = re.compile(rf"{_LINK}|(?<!\\)(?P<slashes>\\*)<(?=[@#])")
_READ = re.compile(r"(?<!\\)(?P<slashes>\\*)<(?:(?P<sign>@[!&]?|#)(?P<id>[0-9]{1,20})>|(?=[@#]))")
_NORMAL = re.compile(rf"{_LINK}|(?<!\\)(?P<slashes>\\+)<(?=[@#])")


def encode(value: str) -> str:
    """Return Discord's text for a Markdown text."""

    def write(found: re.Match[str]) -> str:
        if found["kind"] is not None:
            return f"<{_SIGNS[found['kind']]}{found['id']}>"
        return found["slashes"] + ("\\<" if len(found["slashes"]) % 2 == 0 else "<")

    return _outside_code(_WRITE, write, value)


def decode(value: str) -> str:
    """Return the Markdown for Discord's text. Never fails."""

    def read(found: re.Match[str]) -> str:
        slashes = found["slashes"]
        if len(slashes) % 2:  # the sign is escaped, so this is not a mention
            return slashes[1:] + found[0][len(slashes) :]
        if found["sign"] is None:
            return found[0]
        kind = _KINDS[found["sign"]]
        return f"{slashes}[{_shown(kind, found['id'])}]({kind}:{found['id']})"

    return _outside_code(_READ, read, value)


def normalize(value: str) -> str:
    """Return a Markdown text as it is after sending it and reading it back."""

    def keep(found: re.Match[str]) -> str:
        if found["kind"] is not None:
            return f"[{_shown(found['kind'], found['id'])}]({found['kind']}:{found['id']})"
        return found["slashes"][len(found["slashes"]) % 2 :] + "<"

    return _outside_code(_NORMAL, keep, value)


def _outside_code(pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], value: str) -> str:
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


def _shown(kind: str, number: str) -> str:
    return ("#" if kind == "channel" else "@") + number
