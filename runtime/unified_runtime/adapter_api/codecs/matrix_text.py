"""Codec of Markdown and the text of a Matrix message: `body`, `format` and `formatted_body` if there is formatting, and `m.mentions`.

Law, for every text `m`: `decode(encode(m)) == normalize(m)`. `decode` never raises. It accepts the content of a message, or a complete
event, of which it reads the latest edit. The quotation of the original message in a reply (`mx-reply`) is not part of the text.

A mention is a link to `https://matrix.to/#/@user:server`, and its user is in `m.mentions`. That is always sent: without it, a server
searches the body for names and notifies their users.

Source: https://spec.matrix.org/v1.16/client-server-api/#instant-messaging, #user-and-room-mentions and #event-replacements;
https://spec.matrix.org/v1.16/appendices/#matrixto-navigation
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from unified_runtime.adapter_api.codecs import html, html_parser, html_tree, markdown
from unified_runtime.adapter_api.codecs.mentions import changed, linked, mention
from unified_runtime.adapter_api.codecs.rich_text import Blocks, Text

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = html.LOSSES
HTML = "org.matrix.custom.html"
_TO = "https://matrix.to/#/"
_IDS = {"user": re.compile(r"@[^/:]*:[^/]+"), "channel": re.compile(r"![^/]+|#[^/:]*:[^/]+")}


def encode(value: str) -> dict[str, Any]:
    """Return the properties of a message's content for its text; without formatting only `body` and `m.mentions`.

    Clients without HTML show the body, which is then the Markdown, with the names of mentioned users.
    """
    if markdown.plain_paragraphs(value) is not None and "  " not in value:
        return {"body": value, "m.mentions": {}}
    markdown.check_size(value)
    blocks = html.fit(markdown.parse(value))
    users = [found[1] for href in linked(blocks) if (found := _mentioned(href)) is not None and found[0] == "user"]
    return {
        "body": markdown.write(changed(blocks, _shown)),
        "format": HTML,
        "formatted_body": html.write(changed(blocks, lambda run: Text(run.text, run.marks, _to(run.href or "")))),
        "m.mentions": {"user_ids": users} if users else {},
    }


def decode(value: object) -> str:
    """Return the Markdown for a message's content, or for an event with one. Never fails."""
    if not isinstance(value, Mapping):
        return markdown.text(value) if isinstance(value, str) else ""
    content = _content(value)
    formatted = content.get("formatted_body")
    if content.get("format") == HTML and isinstance(formatted, str):
        return markdown.write(_read(html_parser.Reader(lines=False).document(html_tree.parse(formatted))))
    body = content.get("body")
    return markdown.text(body) if isinstance(body, str) else ""


def normalize(value: str) -> str:
    """Return a Markdown text as it is after sending it and reading it back."""
    return markdown.write(_read(html.fit(markdown.parse(value))))


def _content(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the content of the latest edit; the argument itself if it is not an event."""
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
    """Return the kind and the id of the mention in a URL, in either format; None for another URL, or if the id is not valid in Matrix."""
    found = mention(_from(href))
    return found if found is not None and found[0] in _IDS and _IDS[found[0]].fullmatch(found[1]) else None


def _to(href: str) -> str:
    """Return the URL that a client opens for a mention; any other URL unchanged."""
    found = _mentioned(href)
    return href if found is None else _TO + quote(found[1], safe="@!:$=_/+~-.")


def _from(href: str) -> str:
    """Return the mention of such a URL; any other URL unchanged."""
    if not href.startswith(_TO):
        return href
    name = unquote(href.removeprefix(_TO))
    for kind, form in _IDS.items():
        if form.fullmatch(name) and mention(f"{kind}:{name}") is not None:
            return f"{kind}:{name}"
    return href


def _read(blocks: Blocks) -> Blocks:
    return changed(blocks, lambda run: Text(run.text, run.marks, _from(run.href or "")))


def _shown(run: Text) -> Text:
    """Return the text that a client without HTML shows for a link: for a mention, only its text."""
    return Text(run.text, run.marks) if _mentioned(run.href or "") is not None else run
