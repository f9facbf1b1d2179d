"""Codec of Markdown and the text of a message in Google Chat, which is Markdown except for mentions.

Law, for every text `m`: `decode(encode(m)) == normalize(m)`, and `normalize` is idempotent. `decode` never raises. It accepts a text, or
the complete message: `formattedText` in Markdown, and `annotations` with the names of mentioned users. A link to `user:` with a number
becomes a mention; Google Chat shows the current name, so the text of the link is lost. Plain text that Google Chat would read as a mention,
of one user or of all, has a zero-width space in it, also in code. No text mentions all users.

Source: https://developers.google.com/workspace/chat/format-messages
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from unified_runtime.adapter_api.codecs.code_spans import outside_code

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = (
    "encode: the text of a mention, since Google Chat shows the current name",
    "encode: tables, images and headings as Google Chat supports them; zero-width spaces in what looks like a mention",
    "decode: a mention of all users becomes the text that it shows",
)

_LINK = re.compile(r"(?<![\\!])\[(?P<label>[^\[\]`\\\n]*)\]\(user:(?P<id>[0-9]{1,30})\)")
_LOOKS = re.compile("<\u200b*(?=users/)")
_MENTION = re.compile(r"<users/(?:(?P<id>[0-9]{1,30})|all)>")
_UNESCAPED = re.compile(r"[\[\]`\\\n]")


def encode(value: str) -> str:
    """Return the text of a message for a Markdown text."""
    return outside_code(_LINK, lambda found: f"<users/{found['id']}>", _LOOKS.sub("<\u200b", value))


def decode(value: object) -> str:
    """Return the Markdown for a text, or for a message. Never fails."""
    names: dict[str, str] = {}
    if isinstance(value, Mapping):
        names = _names(value.get("annotations"))
        text = value.get("formattedText")
        value = text if isinstance(text, str) else value.get("text")
    if not isinstance(value, str):
        return ""

    def read(found: re.Match[str]) -> str:
        return "@all" if found["id"] is None else _shown(found["id"], names.get(found["id"]))

    return _LOOKS.sub("<", outside_code(_MENTION, read, value))


def normalize(value: str) -> str:
    """Return a Markdown text as it is after sending it and reading it back."""
    return _LOOKS.sub("<", outside_code(_LINK, lambda found: _shown(found["id"], None), value))


def _shown(number: str, name: str | None) -> str:
    return f"[@{_UNESCAPED.sub('', name or number)}](user:{number})"


def _names(annotations: object) -> dict[str, str]:
    """Return the names of mentioned users by their numbers."""
    found: dict[str, str] = {}
    for annotation in annotations if isinstance(annotations, list) else ():
        mention = annotation.get("userMention") if isinstance(annotation, Mapping) else None
        user = mention.get("user") if isinstance(mention, Mapping) else None
        if isinstance(user, Mapping) and isinstance(user.get("displayName"), str) and isinstance(user.get("name"), str):
            found[user["name"].removeprefix("users/")] = user["displayName"]
    return found
