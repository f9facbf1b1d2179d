"""Codec of Markdown and the text of a Discord message: its content, embeds, text components, poll and forwarded messages.

Encodes as `discord_markdown`, and so does its law. It reads the complete message, since bots often send only embeds. Embeds that Discord
made of a link are left out: they are not part of what the author wrote. `decode` never raises.

Source: https://docs.discord.com/developers/resources/message and https://docs.discord.com/developers/components/reference
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from unified_runtime.adapter_api.codecs import discord_markdown, markdown

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = (
    *discord_markdown.LOSSES,
    "decode: embeds, text components, polls and forwarded messages become text; buttons and colours are left out",
)

_DEEPEST = 8
"""Maximum nesting of components that is read; Discord's own is three."""
_TEXT_DISPLAY = 10

encode = discord_markdown.encode
normalize = discord_markdown.normalize


def decode(value: object) -> str:
    """Return the Markdown for a message, or for only its content. Never fails."""
    if isinstance(value, str):
        return discord_markdown.decode(value)
    return "\n\n".join(part for part in _parts(value) if part) if isinstance(value, Mapping) else ""


def _parts(message: Mapping[str, Any]) -> Iterator[str]:
    yield _text(message, "content")
    yield from _components(message, 0)
    for embed in _objects(message, "embeds"):
        if embed.get("type", "rich") == "rich":
            yield from _embed(embed)
    if isinstance(poll := message.get("poll"), Mapping):
        yield _text(_inner(poll, "question"), "text")
        choices = (_text(_inner(choice, "poll_media"), "text") for choice in _objects(poll, "answers"))
        yield "\n".join(f"- {choice}" for choice in choices if choice)
    for snapshot in _objects(message, "message_snapshots"):
        yield "\n\n".join(part for part in _parts({**_inner(snapshot, "message"), "message_snapshots": None}) if part)


def _embed(embed: Mapping[str, Any]) -> Iterator[str]:
    author = _inner(embed, "author")
    yield _linked(_plain(author, "name"), author.get("url"))
    if title := _text(embed, "title"):
        yield f"**{_linked(title, embed.get('url'))}**"
    yield _text(embed, "description")
    for field in _objects(embed, "fields"):
        name, value = _text(field, "name"), _text(field, "value")
        yield f"**{name}**\n\n{value}" if name and value else value or name
    yield _plain(_inner(embed, "footer"), "text")


def _components(holder: Mapping[str, Any], depth: int) -> Iterator[str]:
    for component in _objects(holder, "components") if depth < _DEEPEST else ():
        if component.get("type") == _TEXT_DISPLAY:
            yield _text(component, "content")
        yield from _components(component, depth + 1)


def _linked(text: str, url: object) -> str:
    return f"[{text}](<{url}>)" if text and isinstance(url, str) and url.startswith(("https://", "http://")) and ">" not in url else text


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    return discord_markdown.decode(found) if isinstance(found, str) else ""


def _plain(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    return markdown.text(found) if isinstance(found, str) else ""


def _inner(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _objects(value: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = value.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
