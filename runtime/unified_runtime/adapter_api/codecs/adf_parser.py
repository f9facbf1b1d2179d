"""Parser of ADF: converts any JSON value to a document. Nothing here raises, for any value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from unified_runtime.adapter_api.codecs.links import canonical
from unified_runtime.adapter_api.codecs.mentions import mention
from unified_runtime.adapter_api.codecs.rich_text import (
    CODE,
    EM,
    MAX_DEPTH,
    STRIKE,
    STRONG,
    Block,
    Blocks,
    Break,
    Inline,
    Inlines,
    Item,
    List,
    Rule,
    Text,
    code_block,
    heading,
    joined,
    list_of,
    paragraph,
    quote,
    table,
    words,
)

_MARKS = {"strong": STRONG, "em": EM, "strike": STRIKE, "code": CODE}


def document(value: object) -> Blocks:
    """Return the document of an ADF value; a string is its own text."""
    if isinstance(value, str):
        return tuple(paragraph(words(value)))
    if isinstance(value, Mapping) and value.get("type") == "doc":
        return _blocks(value.get("content"), 0)
    return _blocks([value] if isinstance(value, Mapping) else value, 0)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if isinstance(value, Mapping | str) else []


def _attrs(node: Mapping[object, object]) -> Mapping[object, object]:
    attrs = node.get("attrs")
    return attrs if isinstance(attrs, Mapping) else {}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _kind(node: object) -> str:
    return _string(node.get("type")) if isinstance(node, Mapping) else ""


# ------------------------------------------------------------------ blocks
def _blocks(nodes: object, depth: int) -> Blocks:
    found: list[Block] = []
    loose: list[Inline] = []
    for node in _list(nodes):
        if _is_inline(node):
            loose.extend(_inline(node, depth))
            continue
        found.extend(paragraph(loose))
        loose = []
        assert isinstance(node, Mapping)
        found.extend(_block(node, depth))
    found.extend(paragraph(loose))
    return tuple(found)


def _is_inline(node: object) -> bool:
    if not isinstance(node, Mapping):
        return True
    kind = _kind(node)
    return kind in _INLINE or (kind not in _BLOCK and "content" not in node)


def _block(node: Mapping[object, object], depth: int) -> Blocks:
    if depth >= MAX_DEPTH:
        return paragraph(words(_all_text(node)))
    read = _BLOCK.get(_kind(node))
    return read(node, depth) if read else _blocks(node.get("content"), depth + 1)


def _read_paragraph(node: Mapping[object, object], depth: int) -> Blocks:
    return paragraph(_inlines(node, depth))


def _read_heading(node: Mapping[object, object], depth: int) -> Blocks:
    level = _attrs(node).get("level")
    return heading(int(level) if isinstance(level, int | float) and 1 <= level <= 6 else 1, _inlines(node, depth))


def _read_code(node: Mapping[object, object], depth: int) -> Blocks:
    return code_block(_code_text(node, depth), _string(_attrs(node).get("language")))


def _code_text(node: Mapping[object, object], depth: int) -> str:
    pieces = (piece for child in _list(node.get("content")) for piece in _inline(child, depth))
    return "".join(piece.text if isinstance(piece, Text) else "\n" for piece in pieces)


def _read_rule(node: Mapping[object, object], depth: int) -> Blocks:
    return (Rule(),)


def _read_quote(node: Mapping[object, object], depth: int) -> Blocks:
    return quote(_blocks(node.get("content"), depth + 1))


def _read_expand(node: Mapping[object, object], depth: int) -> Blocks:
    title = paragraph(Text(text, STRONG) if text else Break() for text in [_string(_attrs(node).get("title")).replace("\n", " ")])
    return title + _blocks(node.get("content"), depth + 1)


def _read_bullets(node: Mapping[object, object], depth: int) -> Blocks:
    return list_of(_items(node, depth))


def _read_numbers(node: Mapping[object, object], depth: int) -> Blocks:
    order = _attrs(node).get("order")
    return list_of(_items(node, depth), int(order) if isinstance(order, int | float) and 0 <= order <= 999_999_999 else 1)


def _items(node: Mapping[object, object], depth: int) -> Iterator[Item]:
    for child in _list(node.get("content")):
        if _kind(child) in ("listItem", "decisionItem") and isinstance(child, Mapping):
            yield Item(_blocks(child.get("content"), depth + 1))
        else:
            content = _blocks([child], depth + 1)
            if content:
                yield Item(content)


def _read_tasks(node: Mapping[object, object], depth: int) -> Blocks:
    items: list[Item] = []
    for child in _list(node.get("content")):
        kind = _kind(child)
        if kind in ("taskItem", "blockTaskItem") and isinstance(child, Mapping):
            items.append(Item(_blocks(child.get("content"), depth + 1), _attrs(child).get("state") == "DONE"))
            continue
        content = _blocks([child], depth + 1)
        if kind == "taskList" and items:
            items[-1] = Item(items[-1].content + content, items[-1].checked)
        elif kind == "taskList" and content and isinstance(content[0], List):
            items.extend(content[0].items)
        elif content:
            items.append(Item(content, False))
    return list_of(items)


def _read_table(node: Mapping[object, object], depth: int) -> Blocks:
    rows = [row for row in _list(node.get("content")) if isinstance(row, Mapping)]
    heads = [_kind(cell) == "tableHeader" for cell in _list(rows[0].get("content"))] if rows else []
    return table(([_cell(cell, depth) for cell in _list(row.get("content"))] for row in rows), has_header=bool(heads) and all(heads))


def _cell(node: object, depth: int) -> Inlines:
    content = _blocks(node.get("content") if isinstance(node, Mapping) and "content" in node else [node], depth + 1)
    return joined(content)


# ------------------------------------------------------------------ inline content
def _inlines(node: Mapping[object, object], depth: int) -> Iterator[Inline]:
    for child in _list(node.get("content")):
        yield from _inline(child, depth)


def _inline(node: object, depth: int) -> Iterator[Inline]:
    if isinstance(node, str):
        yield from words(node)
    if not isinstance(node, Mapping):
        return
    kind = _kind(node)
    if kind == "text":
        yield from _text(node)
    elif kind == "hardBreak":
        yield Break()
    elif kind in _INLINE:
        yield from _INLINE[kind](_attrs(node))
    elif "content" in node:  # a block that is not valid here
        yield Text(" ")
        yield from words(_all_text(node))
        yield Text(" ")
    else:
        attrs = _attrs(node)
        shown = (_string(value) for value in (node.get("text"), attrs.get("text"), attrs.get("title"), attrs.get("url")))
        yield from words(next(filter(None, shown), ""))


def _text(node: Mapping[object, object]) -> Iterator[Inline]:
    marks = 0
    href: str | None = None
    for mark in _list(node.get("marks")):
        kind = _kind(mark)
        marks |= _MARKS.get(kind, 0)
        if kind == "link" and isinstance(mark, Mapping):
            href = canonical(_string(_attrs(mark).get("href")))
    text = _string(node.get("text"))
    if marks & CODE:
        yield Text(text, marks, href)
    else:
        yield from words(text, marks, href)


def _mention(attrs: Mapping[object, object]) -> Iterator[Inline]:
    id = _string(attrs.get("id"))
    name = _string(attrs.get("text")) or id
    href = f"user:{id}"
    if mention(href) is not None and (shown := " ".join(name.removeprefix("@").split())):
        yield Text(shown, 0, href)
    else:
        yield from words(name if name.startswith("@") else "@" + name)


def _shown(attrs: Mapping[object, object]) -> Iterator[Inline]:
    yield from words(_string(attrs.get("text")) or _string(attrs.get("shortName")))


def _date(attrs: Mapping[object, object]) -> Iterator[Inline]:
    stamp = attrs.get("timestamp")
    if isinstance(stamp, str) and stamp.isascii() and stamp.removeprefix("-").isdigit() and len(stamp) <= 15:
        stamp = int(stamp)
    if isinstance(stamp, int) and abs(stamp) < 62_000_000_000_000:
        yield Text(datetime.fromtimestamp(stamp / 1000, UTC).date().isoformat())
    else:
        yield from words(_string(stamp))


def _card(attrs: Mapping[object, object]) -> Iterator[Inline]:
    data = attrs.get("data")
    url = _string(attrs.get("url")) or _string(data.get("url") if isinstance(data, Mapping) else None)
    name = _string(data.get("name") if isinstance(data, Mapping) else None)
    yield from words((name or url).replace("\n", " "), 0, canonical(url))


def _media(attrs: Mapping[object, object]) -> Iterator[Inline]:
    url = canonical(_string(attrs.get("url")))
    name = (_string(attrs.get("alt")) or url or _string(attrs.get("id")) or "media").replace("\n", " ")
    yield Text(name, 0, url) if url else Text(f"[attachment: {name}]")


def _extension(attrs: Mapping[object, object]) -> Iterator[Inline]:
    yield from words(_string(attrs.get("text")) or f"[{_string(attrs.get('extensionKey')) or 'extension'}]")


def _read_media(node: Mapping[object, object], depth: int) -> Blocks:
    return paragraph(_media(_attrs(node)))


def _read_card(node: Mapping[object, object], depth: int) -> Blocks:
    return paragraph(_card(_attrs(node)))


def _read_extension(node: Mapping[object, object], depth: int) -> Blocks:
    content = _blocks(node.get("content"), depth + 1)
    return content or paragraph(_extension(_attrs(node)))


_INLINE: dict[str, Callable[[Mapping[object, object]], Iterator[Inline]]] = {
    "text": lambda attrs: iter(()),
    "hardBreak": lambda attrs: iter(()),
    "mention": _mention,
    "emoji": _shown,
    "status": _shown,
    "placeholder": _shown,
    "date": _date,
    "inlineCard": _card,
    "mediaInline": _media,
    "inlineExtension": _extension,
}
_BLOCK: dict[str, Callable[[Mapping[object, object], int], Blocks]] = {
    "paragraph": _read_paragraph,
    "caption": _read_paragraph,
    "heading": _read_heading,
    "codeBlock": _read_code,
    "rule": _read_rule,
    "blockquote": _read_quote,
    "panel": _read_quote,
    "expand": _read_expand,
    "nestedExpand": _read_expand,
    "bulletList": _read_bullets,
    "decisionList": _read_bullets,
    "orderedList": _read_numbers,
    "taskList": _read_tasks,
    "table": _read_table,
    "media": _read_media,
    "blockCard": _read_card,
    "embedCard": _read_card,
    "extension": _read_extension,
    "bodiedExtension": _read_extension,
}


def _all_text(node: object) -> str:
    """Return the text below a node, without recursion: for nodes that are nested too deep, or not valid at their position."""
    found: list[str] = []
    stack: list[object] = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, str):
            found.append(here)
        elif isinstance(here, list):
            stack.extend(reversed(here))
        elif isinstance(here, Mapping):
            if "content" in here:
                stack.append(here["content"])
            elif isinstance(here.get("text"), str):
                found.append(here["text"])
            else:
                found.extend(piece.text for piece in _inline(here, 0) if isinstance(piece, Text))
    return " ".join(found)
