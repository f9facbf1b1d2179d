"""Codec of Markdown and the content of a Discord message, which is Markdown except for mentions.

Law, for every text `m`: `decode(encode(m)) == normalize(m)`, and `normalize` is idempotent. `decode` never raises. A link to `user:`,
`channel:` or `group:` with a number becomes a mention; Discord shows the current name, so the text of the link is lost. Plain text that
Discord would read as a mention is escaped. All other text is sent and read unchanged: Discord shows a line end as one, and tables and
images as plain text. Code is not changed, since Discord reads no mentions there.

Source: https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re

from unified_runtime.adapter_api.codecs.code_spans import outside_code

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = (
    "encode: the text of a mention, since Discord shows the current name",
    "encode: tables, images and reference definitions are shown as the text they are, a line's end as a line break",
    "decode: custom emoji, times and commands stay as Discord writes them",
)

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

    return outside_code(_WRITE, write, value)


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

    return outside_code(_READ, read, value)


def normalize(value: str) -> str:
    """Return a Markdown text as it is after sending it and reading it back."""

    def keep(found: re.Match[str]) -> str:
        if found["kind"] is not None:
            return f"[{_shown(found['kind'], found['id'])}]({found['kind']}:{found['id']})"
        return found["slashes"][len(found["slashes"]) % 2 :] + "<"

    return outside_code(_NORMAL, keep, value)


def _shown(kind: str, number: str) -> str:
    return ("#" if kind == "channel" else "@") + number
