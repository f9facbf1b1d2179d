"""Codec of Markdown and Atlassian Document Format (ADF) documents (Jira, Confluence; ADF JSON schema version 1).

Laws, for every text `m` and every document `d` of the nodes that `encode` writes: `decode(encode(m)) == normalize(m)`,
`normalize` is idempotent, and `encode(decode(d)) == d`. The output of `encode` is always valid: no empty text, no mark other than a
link on code, no heading, table, rule or quote inside a list item or a quote. `decode` never raises: unknown nodes are read as the text
that they show, and malformed documents are read as far as possible.

Source: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from unified_runtime.adapter_api.codecs import adf_fast_path, adf_parser, markdown
from unified_runtime.adapter_api.codecs.mentions import mention
from unified_runtime.adapter_api.codecs.rich_text import (
    CODE,
    EM,
    STRIKE,
    STRONG,
    Block,
    Blocks,
    Break,
    CodeBlock,
    Heading,
    Inlines,
    Item,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    box,
    line,
    marked,
    paragraph,
    quote,
    row_text,
)
from unified_runtime.adapter_api.codecs.stored_text import StoredText

__all__ = ["LOSSES", "decode", "encode", "extend", "lost", "normalize"]

LOSSES: tuple[str, ...] = (
    "encode: a heading in a quote or a list item becomes a bold paragraph; a quote in a quote or a list item loses its frame",
    "encode: a rule or a table in a quote is moved out of it; in a list item it becomes text",
    "encode: tasks stay tasks in a list of nothing but tasks outside of quotes and other lists; elsewhere the box is text",
    "encode: code loses bold, italic and strikethrough",
    "encode: raw HTML and link reference definitions stay text, an image becomes a link, a table loses its alignment",
    "encode: titles of links, addresses of images inside links, words after a code block's language, control characters",
    "encode: white space and line breaks at the edge of a paragraph",
    "decode: underline, colours, sub- and superscript, alignment, layout and the frames of panels and expands",
    "encode: bold, italic and code of a mention of a user",
    "decode: mentions without an id, emoji, dates, status lozenges, cards and media become the text they show",
    "decode: a table cell becomes one line",
    "decode: empty paragraphs, and white space at the edge of a line",
)

Node: TypeAlias = dict[str, Any]
_MARKS = ((CODE, "code"), (EM, "em"), (STRIKE, "strike"), (STRONG, "strong"))


def encode(value: str) -> Node:
    """Return the ADF document for a Markdown text; with `extend`, the stored document and the text after it."""
    if isinstance(value, StoredText):
        added = encode(str(value))["content"]
        return {**value.stored, "content": [*value.stored.get("content", ()), *added]}
    paragraphs = markdown.plain_paragraphs(value)
    if paragraphs is not None:
        content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in paragraphs]
    else:
        markdown.check_size(value)
        content = list(_Writer().blocks(fit(markdown.parse(value))))
    return {"version": 1, "type": "doc", "content": content}


def extend(stored: Any, addition: str) -> str:
    """Return a text that `encode` writes after a stored document, which stays as it is."""
    return StoredText(addition, stored) if isinstance(stored, dict) and stored.get("type") == "doc" else f"{decode(stored)}\n\n{addition}"


_PLAIN = frozenset(
    {"doc", "paragraph", "heading", "codeBlock", "rule", "blockquote", "bulletList", "orderedList", "listItem", "taskList", "taskItem"}
    | {"table", "tableRow", "tableHeader", "tableCell", "text", "hardBreak", "emoji"}
    | {"strong", "em", "strike", "code", "link"}
)
"""Nodes and marks that Markdown can represent; an emoji stays as its character."""
_NAMED = {
    "mention": "mentions",
    "media": "images or files",
    "mediaInline": "images or files",
    "panel": "panels",
    "expand": "expands",
    "nestedExpand": "expands",
    "inlineCard": "smart links",
    "blockCard": "smart links",
    "embedCard": "smart links",
    "status": "status labels",
    "date": "dates",
    "underline": "underlines",
    "textColor": "colours",
    "backgroundColor": "colours",
}
_WRAPPERS = frozenset({"mediaSingle", "mediaGroup"})


def lost(stored: object, text: str = "") -> list[str]:
    """Return what a stored document has that replacing it with `text` would lose, such as `mentions` that it does not repeat."""
    found: dict[str, None] = {}
    stack: list[object] = [stored]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            kind = node.get("type")
            attrs = node.get("attrs")
            again = kind == "mention" and isinstance(attrs, dict) and f"(user:{attrs.get('id')})" in text
            if isinstance(kind, str) and kind not in _PLAIN and kind not in _WRAPPERS and not again:
                found[_NAMED.get(kind, kind)] = None
            stack += [node.get("content"), node.get("marks")]
    return sorted(found)


def decode(value: object) -> str:
    """Return the Markdown for an ADF document. Never fails."""
    usual = adf_fast_path.markdown(value)
    return usual if usual is not None else markdown.write(adf_parser.document(value))


def normalize(value: str) -> str:
    """Return a Markdown text as it is after writing it to ADF and reading it back."""
    return value if markdown.plain_paragraphs(value) is not None else markdown.write(fit(markdown.parse(value)))


# ------------------------------------------------------------------ the part of a document that ADF supports
def fit(blocks: Blocks) -> Blocks:
    """Return the closest document that ADF can represent; the same one if it can."""
    return tuple(found for block in blocks for found in _fit(block))


def _fit(block: Block) -> Blocks:
    if isinstance(block, Paragraph):
        return (Paragraph(_fit_line(block.content)),)
    if isinstance(block, Heading):
        return (Heading(block.level, _fit_line(block.content)),)
    if isinstance(block, Quote):
        return tuple(_fit_quote(block))
    if isinstance(block, List):
        return (_fit_tasks(block) if _is_tasks(block) else _fit_list(block),)
    if isinstance(block, Table):
        return (Table(tuple(map(_fit_line, block.header)), tuple(tuple(map(_fit_line, row)) for row in block.rows)),)
    return (block,)


def _fit_line(content: Inlines) -> Inlines:
    if not any(isinstance(run, Text) and (run.marks > CODE or run.href is not None) for run in content):
        return content
    return line(_fit_run(run) if isinstance(run, Text) else run for run in content)


def _fit_run(run: Text) -> Text:
    mentioned = mention(run.href)
    if mentioned is not None and mentioned[0] == "user":  # its text begins with @, and has no marks
        return Text(" ".join(run.text.removeprefix("@").split()) or mentioned[1], 0, run.href)
    return Text(run.text, CODE, run.href) if run.marks > CODE else run


def _fit_quote(block: Quote) -> Iterator[Block]:
    inside: list[Block] = []
    for part in _unquoted(block.content):
        if isinstance(part, (Rule, Table)):
            yield from quote(tuple(inside))
            inside = []
            yield from _fit(part)
        elif isinstance(part, List):
            inside.append(_fit_list(part))
        else:
            inside.extend(_fit(_plainer(part)))
    yield from quote(tuple(inside))


def _unquoted(blocks: Blocks) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Quote):
            yield from _unquoted(block.content)
        else:
            yield block


def _plainer(block: Block) -> Block:
    return Paragraph(marked(block.content, STRONG)) if isinstance(block, Heading) else block


def _is_tasks(block: List) -> bool:
    return block.start is None and all(item.checked is not None and _is_task_content(item.content) for item in block.items)


def _is_task_content(content: Blocks) -> bool:
    rest = content[1:] if content and isinstance(content[0], Paragraph) else content
    return all(isinstance(block, List) and _is_tasks(block) for block in rest)


def _fit_tasks(block: List) -> List:
    return List(tuple(Item(fit(item.content), item.checked) for item in block.items))


def _fit_list(block: List) -> List:
    return List(tuple(Item(tuple(_fit_item(item))) for item in block.items), block.start)


def _fit_item(item: Item) -> Iterator[Block]:
    content = item.content
    if item.checked is not None:
        lead = content[0].content if content and isinstance(content[0], Paragraph) else ()
        content = (*paragraph((Text(box(item)), *lead)), *(content[1:] if lead else content))
    for part in _unquoted(content):
        if isinstance(part, List):
            yield _fit_list(part)
        elif isinstance(part, Rule):
            yield Paragraph((Text("---"),))
        elif isinstance(part, Table):
            yield from fit(paragraph(piece for row in _rows(part) for piece in (Break(), *row_text(row))))
        else:
            yield from _fit(_plainer(part))


def _rows(block: Table) -> tuple[tuple[Inlines, ...], ...]:
    return (block.header, *block.rows) if any(block.header) else block.rows


# ------------------------------------------------------------------ to ADF
class _Writer:
    """Writer of documents that ADF can represent. Each task needs an id: tasks are numbered, so that equal texts give equal documents."""

    def __init__(self) -> None:
        self._ids = 0

    def blocks(self, blocks: Blocks) -> Iterator[Node]:
        for block in blocks:
            yield self._block(block)

    def _block(self, block: Block) -> Node:
        if isinstance(block, Paragraph):
            return {"type": "paragraph", "content": _inlines(block.content)}
        if isinstance(block, Heading):
            return {"type": "heading", "attrs": {"level": block.level}, "content": _inlines(block.content)}
        if isinstance(block, CodeBlock):
            node: Node = {"type": "codeBlock", "content": [{"type": "text", "text": block.text}] if block.text else []}
            return {**node, "attrs": {"language": block.language}} if block.language else node
        if isinstance(block, Rule):
            return {"type": "rule"}
        if isinstance(block, Quote):
            return {"type": "blockquote", "content": list(self.blocks(block.content))}
        if isinstance(block, Table):
            return {"type": "table", "content": list(_table(block))}
        if block.items[0].checked is not None:
            return self._tasks(block)
        items = [{"type": "listItem", "content": self._item(item)} for item in block.items]
        if block.start is None:
            return {"type": "bulletList", "content": items}
        node = {"type": "orderedList", "content": items}
        return node if block.start == 1 else {**node, "attrs": {"order": block.start}}

    def _item(self, item: Item) -> list[Node]:
        content = list(self.blocks(item.content))
        return content if content and content[0]["type"] in ("paragraph", "codeBlock") else [{"type": "paragraph", "content": []}, *content]

    def _tasks(self, block: List) -> Node:
        node: Node = {"type": "taskList", "attrs": {"localId": self._id()}, "content": []}
        for item in block.items:
            first = item.content[0] if item.content else None
            own = first.content if isinstance(first, Paragraph) else ()
            attrs = {"localId": self._id(), "state": "DONE" if item.checked else "TODO"}
            node["content"].append({"type": "taskItem", "attrs": attrs, "content": _inlines(own)})
            node["content"].extend(self.blocks(item.content[1:] if own else item.content))
        return node

    def _id(self) -> str:
        self._ids += 1
        return str(self._ids)


def _table(block: Table) -> Iterator[Node]:
    for index, row in enumerate(_rows(block)):
        kind = "tableHeader" if index == 0 and any(block.header) else "tableCell"
        yield {
            "type": "tableRow",
            "content": [{"type": kind, "content": [{"type": "paragraph", "content": _inlines(cell)}]} for cell in row],
        }


def _inlines(content: Inlines) -> list[Node]:
    return [_text(run) if isinstance(run, Text) else {"type": "hardBreak"} for run in content]


def _text(run: Text) -> Node:
    mentioned = mention(run.href)
    if mentioned is not None and mentioned[0] == "user":
        return {"type": "mention", "attrs": {"id": mentioned[1], "text": f"@{run.text}"}}
    marks: list[Node] = [{"type": name} for mark, name in _MARKS if run.marks & mark]
    if run.href is not None:
        marks.append({"type": "link", "attrs": {"href": run.href}})
    return {"type": "text", "text": run.text, "marks": marks} if marks else {"type": "text", "text": run.text}
