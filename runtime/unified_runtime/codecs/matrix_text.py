"""Markdown, as the text of a Matrix message: `body`, and `format` with `formatted_body` where there is any formatting.

Law, for every text `m`: `decode(encode(m)) == normalize(m)`. `decode` never raises. It reads what replies quote of the message
they answer (`mx-reply`) as not being part of the text.
Source: Matrix client-server API, `m.room.message` and `org.matrix.custom.html`.
"""

from __future__ import annotations

from collections.abc import Mapping

from unified_runtime.codecs import html, markdown

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = html.LOSSES
HTML = "org.matrix.custom.html"


def encode(value: str) -> dict[str, str]:
    """The properties of a message's content that hold its text; without formatting that is `body` alone.

    Clients that show no HTML show the body, which is the Markdown then.
    """
    if markdown.plain_paragraphs(value) is not None and "  " not in value:
        return {"body": value}
    return {"body": html.normalize(value), "format": HTML, "formatted_body": html.encode(value)}


def decode(value: object) -> str:
    """Markdown for a message's content. Never fails."""
    if not isinstance(value, Mapping):
        return markdown.text(value) if isinstance(value, str) else ""
    formatted = value.get("formatted_body")
    if value.get("format") == HTML and isinstance(formatted, str):
        return html.decode(formatted)
    body = value.get("body")
    return markdown.text(body) if isinstance(body, str) else ""


def normalize(value: str) -> str:
    """What is left of a Markdown text that was sent and read back."""
    return html.normalize(value)
