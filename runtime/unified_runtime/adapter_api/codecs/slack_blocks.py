"""Blocks of a Slack message (Block Kit) as rich text. Reading never fails: what is not known is read by the texts that it contains.

Source: https://docs.slack.dev/reference/block-kit/blocks and https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from unified_runtime.adapter_api.codecs import markdown, mrkdwn_parser
from unified_runtime.adapter_api.codecs.rich_text import (
    CODE,
    EM,
    MAX_DEPTH,
    STRIKE,
    STRONG,
    Block,
    Blocks,
    Inline,
    Item,
    Rule,
    Text,
    code_block,
    heading,
    joined,
    line,
    list_of,
    paragraph,
    quote,
    table,
    words,
)

_MARKS = {"bold": STRONG, "italic": EM, "strike": STRIKE, "code": CODE}
_MENTIONS = {"user": ("user", "user_id"), "channel": ("channel", "channel_id"), "usergroup": ("group", "usergroup_id")}


def objects(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list; an empty list for any other value."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def text_of(value: Mapping[str, Any], name: str) -> str:
    """Return a text of an object; an empty one if it has none."""
    found = value.get(name)
    return found if isinstance(found, str) else ""


def read(blocks: Iterable[Mapping[str, Any]]) -> Blocks:
    """Return the rich text of blocks."""
    return tuple(part for block in blocks for part in _block(block))


def _block(block: Mapping[str, Any]) -> Iterator[Block]:
    kind = block.get("type")
    if kind == "divider":
        yield Rule()
    elif kind == "header":
        yield from heading(2, words(_plain(block.get("text"))))
    elif kind == "markdown":
        yield from markdown.parse(text_of(block, "text"))
    elif kind == "rich_text":
        for element in objects(block.get("elements")):
            yield from _rich(element)
    elif kind == "table":
        rows = block.get("rows")
        yield from table(
            [[line(joined(_cell(cell)), breaks=False) for cell in objects(row)] for row in (rows if isinstance(rows, list) else ())],
            has_header=True,
        )
    elif kind == "context":
        yield from paragraph(_spaced(objects(block.get("elements"))))
    elif kind == "actions":
        for element in objects(block.get("elements")):
            yield from _button(element)
    elif kind in ("image", "video"):
        shown = _plain(block.get("title")) or text_of(block, "alt_text")
        yield from paragraph(words(shown, 0, text_of(block, "title_url") or text_of(block, "image_url") or None))
    else:
        yield from _text(block.get("text"))
        for field in objects(block.get("fields")):
            yield from _text(field)
        if isinstance(accessory := block.get("accessory"), Mapping):
            yield from _button(accessory)


def _cell(cell: Mapping[str, Any]) -> Blocks:
    return tuple(_block(cell)) if cell.get("type") == "rich_text" else tuple(_text(cell.get("text")))


def _button(element: Mapping[str, Any]) -> Blocks:
    """Return the link of a button; a button without one does what only Slack's own windows can."""
    return paragraph(words(_plain(element.get("text")), 0, text_of(element, "url"))) if text_of(element, "url") else ()


def _plain(text: object) -> str:
    return text_of(text, "text") if isinstance(text, Mapping) else text if isinstance(text, str) else ""


def _text(text: object) -> Blocks:
    """Return a text object, which is `mrkdwn` or plain."""
    if isinstance(text, Mapping) and text.get("type") == "mrkdwn":
        return mrkdwn_parser.document(text_of(text, "text"))
    return paragraph(words(_plain(text)))


def _spaced(elements: list[Mapping[str, Any]]) -> Iterator[Inline]:
    """Yield the texts beside each other in a context, and the descriptions of its images."""
    for number, element in enumerate(elements):
        if number:
            yield Text(" ")
        if element.get("type") == "image":
            yield from words(text_of(element, "alt_text"))
        else:
            yield from joined(_text(element))


# ------------------------------------------------------------------ rich text
def _rich(element: Mapping[str, Any], depth: int = 0) -> Iterator[Block]:
    kind = element.get("type")
    inner = objects(element.get("elements"))
    if kind == "rich_text_list" and depth < MAX_DEPTH:
        items = [Item(paragraph(_runs(objects(each.get("elements"))))) for each in inner]
        found = list_of(items, 1 if element.get("style") == "ordered" else None)
        indent = element.get("indent")
        for _ in range(min(indent, MAX_DEPTH) if isinstance(indent, int) else 0):
            found = list_of([Item(found)])
        yield from found
    elif kind == "rich_text_preformatted":
        yield from code_block("".join(run.text if isinstance(run, Text) else "\n" for run in _runs(inner)))
    elif kind == "rich_text_quote":
        yield from quote(paragraph(_runs(inner)))
    else:
        yield from paragraph(_runs(inner))


def _runs(elements: list[Mapping[str, Any]]) -> Iterator[Inline]:
    for element in elements:
        kind, style = element.get("type"), element.get("style")
        marks = sum(bit for name, bit in _MARKS.items() if isinstance(style, Mapping) and style.get(name))
        if kind in _MENTIONS:
            name, key = _MENTIONS[kind]
            number = text_of(element, key)
            yield Text(f"{'#' if name == 'channel' else '@'}{number}", marks, f"{name}:{number}")
        elif kind == "link":
            yield from words(text_of(element, "text") or text_of(element, "url"), marks, text_of(element, "url") or None)
        elif kind == "emoji":
            yield from words(f":{text_of(element, 'name')}:", marks)
        elif kind == "broadcast":
            yield from words(f"@{text_of(element, 'range')}", marks)
        else:
            yield from words(text_of(element, "text") or text_of(element, "fallback") or text_of(element, "value"), marks)
