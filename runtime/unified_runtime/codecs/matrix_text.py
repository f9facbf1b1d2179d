"""Markdown, as the text of a Matrix message: `body`, `format` with `formatted_body` where there is any formatting, and `m.mentions`.

Law, for every text `m`: `decode(encode(m)) == normalize(m)`. `decode` never raises. It takes the content of a message, or a whole event,
of which it reads the latest edit. What replies quote of the message they answer (`mx-reply`) is not part of the text.

A mention is a link to `https://matrix.to/#/@user:server`, and its user stands in `m.mentions`. That is always sent: without it, a server
looks for names in the body and notifies whom it finds.

Source: https://spec.matrix.org/v1.16/client-server-api/#instant-messaging, #user-and-room-mentions and #event-replacements;
https://spec.matrix.org/v1.16/appendices/#matrixto-navigation
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from unified_runtime.codecs import html, html_reading, html_tree, markdown
from unified_runtime.codecs.document import Blocks, Text
from unified_runtime.codecs.mentions import changed, linked, mention

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = html.LOSSES
HTML = "org.matrix.custom.html"
_TO = "https://matrix.to/#/"
_IDS = {"user": re.compile(r"@[^/:]*:[^/]+"), "channel": re.compile(r"![^/]+|#[^/:]*:[^/]+")}


def encode(value: str) -> dict[str, Any]:
    """The properties of a message's content that hold its text; without formatting that is `body` and `m.mentions` alone.

    Clients that show no HTML show the body, which is the Markdown then, with the names of those it mentions.
    """
    if markdown.plain_paragraphs(value) is not None and "  " not in value:
        return {"body": value, "m.mentions": {}}
    blocks = html.fit(markdown.parse(value))
    users = [found[1] for href in linked(blocks) if (found := _mentioned(href)) is not None and found[0] == "user"]
    return {
        "body": markdown.write(changed(blocks, _shown)),
        "format": HTML,
        "formatted_body": html.write(changed(blocks, lambda run: Text(run.text, run.marks, _to(run.href or "")))),
        "m.mentions": {"user_ids": users} if users else {},
    }


def decode(value: object) -> str:
    """Markdown for a message's content, or for an event that has one. Never fails."""
    if not isinstance(value, Mapping):
        return markdown.text(value) if isinstance(value, str) else ""
    content = _content(value)
    formatted = content.get("formatted_body")
    if content.get("format") == HTML and isinstance(formatted, str):
        return markdown.write(_read(html_reading.Reader(lines=False).document(html_tree.parse(formatted))))
    body = content.get("body")
    return markdown.text(body) if isinstance(body, str) else ""


def normalize(value: str) -> str:
    """What is left of a Markdown text that was sent and read back."""
    return markdown.write(_read(html.fit(markdown.parse(value))))


def _content(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content as it was last edited; the argument where it is no event."""
    edited = _at(event, "unsigned", "m.relations", "m.replace", "content", "m.new_content")
    content = edited if edited is not None else _at(event, "content")
    return content if content is not None else event


def _at(value: Mapping[str, Any], *names: str) -> Mapping[str, Any] | None:
    for name in names:
        found = value.get(name)
        if not isinstance(found, Mapping):
            return None
        value = found
    return value


def _mentioned(href: str) -> tuple[str, str] | None:
    """The kind and the id that an address mentions, in either form; None for another address, and for an id that is none of Matrix's."""
    found = mention(_from(href))
    return found if found is not None and found[0] in _IDS and _IDS[found[0]].fullmatch(found[1]) else None


def _to(href: str) -> str:
    """The address that a client opens for a mention; another address as it is."""
    found = _mentioned(href)
    return href if found is None else _TO + quote(found[1], safe="@!:$=_/+~-.")


def _from(href: str) -> str:
    """The mention that such an address stands for; another address as it is."""
    if not href.startswith(_TO):
        return href
    told = unquote(href.removeprefix(_TO))
    for kind, form in _IDS.items():
        if form.fullmatch(told) and mention(f"{kind}:{told}") is not None:
            return f"{kind}:{told}"
    return href


def _read(blocks: Blocks) -> Blocks:
    return changed(blocks, lambda run: Text(run.text, run.marks, _from(run.href or "")))


def _shown(run: Text) -> Text:
    """What a client without HTML shows of a link: of a mention its text alone."""
    return Text(run.text, run.marks) if _mentioned(run.href or "") is not None else run
