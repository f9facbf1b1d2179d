"""Markdown, as the content of a Discord message: Discord's own Markdown, but for mentions.

Law, for every text `m`: `decode(encode(m)) == normalize(m)`, and `normalize` is idempotent. `decode` never raises. A link to `user:`,
`channel:` or `group:` with a number becomes a mention, and Discord shows the current name, so the text of the link is not kept. What would
be a mention in a plain text is escaped. All other text is sent and read as it stands: Discord shows a line's end as one, and tables and
images as the text they are. Nothing in code is touched, since Discord reads no mention there.

Source: https://docs.discord.com/developers/reference#message-formatting
"""

from __future__ import annotations

import re

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = (
    "encode: the text of a mention, since Discord shows the current name",
    "encode: tables, images and reference definitions are shown as the text they are, a line's end as a line break",
    "decode: custom emoji, times and commands stay as Discord writes them",
)

_CODE = r"(?P<code>(?P<ticks>(?<!`)`+(?!`)).*?(?<!`)(?P=ticks)(?!`))"
_LINK = r"(?<![\\!])\[(?P<label>[^\[\]`\\\n]*)\]\((?P<kind>user|channel|group):(?P<id>[0-9]{1,20})\)"
_SIGNS = {"user": "@", "channel": "#", "group": "@&"}
_KINDS = {"@": "user", "@!": "user", "#": "channel", "@&": "group"}
_WRITE = re.compile(rf"{_CODE}|{_LINK}|(?P<slashes>\\*)<(?=[@#])", re.DOTALL)
_READ = re.compile(rf"{_CODE}|(?P<slashes>\\*)<(?:(?P<sign>@[!&]?|#)(?P<id>[0-9]{{1,20}})>|(?=[@#]))", re.DOTALL)
_NORMAL = re.compile(rf"{_CODE}|{_LINK}|(?P<slashes>\\+)<(?=[@#])", re.DOTALL)


def encode(value: str) -> str:
    """Discord's text for a Markdown text."""

    def write(found: re.Match[str]) -> str:
        if found["code"] is not None:
            return found[0]
        if found["kind"] is not None:
            return f"<{_SIGNS[found['kind']]}{found['id']}>"
        return found["slashes"] + ("\\<" if len(found["slashes"]) % 2 == 0 else "<")

    return _WRITE.sub(write, value)


def decode(value: str) -> str:
    """Markdown for Discord's text. Never fails."""

    def read(found: re.Match[str]) -> str:
        if found["code"] is not None:
            return found[0]
        slashes = found["slashes"]
        if len(slashes) % 2:  # the sign is escaped, and so mentions nobody
            return slashes[1:] + found[0][len(slashes) :]
        if found["sign"] is None:
            return found[0]
        kind = _KINDS[found["sign"]]
        return f"{slashes}[{_shown(kind, found['id'])}]({kind}:{found['id']})"

    return _READ.sub(read, value)


def normalize(value: str) -> str:
    """What is left of a Markdown text that was sent and read back."""

    def keep(found: re.Match[str]) -> str:
        if found["code"] is not None:
            return found[0]
        if found["kind"] is not None:
            return f"[{_shown(found['kind'], found['id'])}]({found['kind']}:{found['id']})"
        return found["slashes"][len(found["slashes"]) % 2 :] + "<"

    return _NORMAL.sub(keep, value)


def _shown(kind: str, number: str) -> str:
    return ("#" if kind == "channel" else "@") + number
