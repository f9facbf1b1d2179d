"""Codec of Markdown and the text of a Slack message: `text`, blocks and attachments, of which apps often send only the last two.

Encodes as `mrkdwn`, and so does its law. It reads the complete message: `text`; blocks, unless they only repeat it, as those of a person's
message do; and attachments, except previews of links, which are not part of what the author wrote. `decode` never raises.

Source: https://docs.slack.dev/reference/objects/message and https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unified_runtime.adapter_api.codecs import markdown, mrkdwn, mrkdwn_parser, slack_blocks
from unified_runtime.adapter_api.codecs.rich_text import STRONG, Blocks, Text, line_text, paragraph, plain, words
from unified_runtime.adapter_api.codecs.slack_blocks import objects, text_of

__all__ = ["LOSSES", "decode", "encode", "normalize"]

LOSSES: tuple[str, ...] = (
    *mrkdwn.LOSSES,
    "decode: blocks and attachments become text; buttons without a link, fields of forms, images without a text are left out",
)

encode = mrkdwn.encode
normalize = mrkdwn.normalize


def decode(value: object) -> str:
    """Return the Markdown for a message, or for only its text. Never fails."""
    if isinstance(value, str):
        return mrkdwn.decode(value)
    if not isinstance(value, Mapping):
        return ""
    written = text_of(value, "text")
    blocks = objects(value.get("blocks"))
    repeated = bool(written) and all(block.get("type") == "rich_text" for block in blocks)
    shown = () if repeated else slack_blocks.read(blocks)
    found: list[str] = []
    if repeated or _words(plain(mrkdwn_parser.document(written))) not in _words(plain(shown)):
        found.append(mrkdwn.decode(written))
    found.append(markdown.write(shown))
    found.extend(markdown.write(_attachment(each)) for each in objects(value.get("attachments")) if not _is_preview(each))
    return "\n\n".join(part for part in found if part)


def _is_preview(attachment: Mapping[str, Any]) -> bool:
    """Return true for an attachment that Slack or an app made of a link in the message. A forwarded message is not one."""
    return bool(attachment.get("from_url")) and not attachment.get("is_share")


def _attachment(attachment: Mapping[str, Any]) -> Blocks:
    found = [*mrkdwn_parser.document(text_of(attachment, "pretext"))]
    if author := text_of(attachment, "author_name"):
        found += paragraph([Text(author, 0, text_of(attachment, "author_link") or None)])
    if title := text_of(attachment, "title"):
        found += paragraph([Text(line_text(tuple(words(title))), STRONG, text_of(attachment, "title_link") or None)])
    found += mrkdwn_parser.document(text_of(attachment, "text"))
    for field in objects(attachment.get("fields")):
        if title := text_of(field, "title"):
            found += paragraph(words(title, STRONG))
        found += mrkdwn_parser.document(text_of(field, "value"))
    found += slack_blocks.read(objects(attachment.get("blocks")))
    for message in objects(attachment.get("message_blocks")):
        inner = message.get("message")
        found += slack_blocks.read(objects(inner.get("blocks"))) if isinstance(inner, Mapping) and not found else ()
    if not found:
        found += mrkdwn_parser.document(text_of(attachment, "fallback"))
    if footer := text_of(attachment, "footer"):
        found += mrkdwn_parser.document(footer)
    return tuple(found)


def _words(text: str) -> str:
    return " ".join(text.split())
