"""Read a text into the formatter's tree: libyaml's events give the nodes, the text between them gives the comments.

A comment on a line of its own belongs to the entry after it, unless it is indented deeper: then it ends the collection that has
its indentation. A comment at the end of a line belongs to the entry that ends there, or whose value begins on a later line.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs do not know libyaml's classes

from unified_gen.formatting.tree import Alias, Collection, Entry, File, Leaf, Node
from unified_openapi.source.yaml12 import resolve

# Line breaks in YAML 1.1, which libyaml follows; characters in YAML 1.2.
_HIDE = {0x85: 0xE085, 0x2028: 0xE028, 0x2029: 0xE029}
_SHOW = {hidden: shown for shown, hidden in _HIDE.items()}
_COMMENT = re.compile(r"(?:^|(?<=[ \t\n]))#[^\n]*", re.MULTILINE)


def read(text: str) -> File:
    """Return the tree of a text that `yaml12.compose` accepts, its lines ended by `\\n`."""
    return _Reader(text.removeprefix("\ufeff")).read()


def comments(text: str) -> list[str]:
    """Return the comments of a text in their order."""
    reader = _Reader(text.removeprefix("\ufeff"))
    reader.read()
    return [reader.shown(start, end) for start, end in reader.comments]


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text.translate(_HIDE)
        self.entries: list[Entry] = []
        """All entries in the order of the text; of those that begin together the outermost is first."""
        self.parents: dict[int, Collection] = {}
        """The collection of an entry, by `id`."""
        self.collections: list[Collection] = []
        self.covered: list[tuple[int, int]] = []
        """Ranges of scalars: a `#` in them is not a comment."""
        self.dashes: list[int] = []
        self.comments: list[tuple[int, int]] = []
        self.line_starts = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def read(self) -> File:
        tokens = CParser(self.text)
        while (token := tokens.get_token()) is not None:
            if isinstance(token, yaml.BlockEntryToken):
                self.dashes.append(token.start_mark.index)
        events = CParser(self.text)
        root: Node | None = None
        while (event := events.get_event()) is not None:
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events)
        file = File(root)
        self.comments = list(self._find_comments())
        for comment in self.comments:
            self._attach(comment, file)
        for entry in self.entries:
            if self._first_on_line(entry) and self._blank_before(entry.start if entry.key is not None else self._dash(entry.start)):
                entry.before.append("")
            self._empty(entry.value, entry.before)
        if file.root is not None:
            self._empty(file.root, file.footer)
        self._split_header(file)
        return file

    def _empty(self, node: Node, around: list[str]) -> None:
        """Move comments out of a collection that has no entries."""
        if isinstance(node, Collection) and not node.entries:
            around += node.after
            node.after = []

    def shown(self, start: int, end: int) -> str:
        return self.text[start:end].translate(_SHOW).rstrip()

    # ------------------------------------------------------------------------------------------------------------ nodes
    def _node(self, event: Any, events: Any) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.AliasEvent):
            return Alias(event.anchor or "", start, end)
        if isinstance(event, yaml.ScalarEvent):
            return self._leaf(event, start, end)
        is_map = isinstance(event, yaml.MappingStartEvent)
        made = Collection(is_map, bool(event.flow_style), start, end, event.anchor)
        self.collections.append(made)
        while True:
            inner: Any = events.get_event()
            if isinstance(inner, yaml.CollectionEndEvent):
                break
            self._entry(made, inner, events)
        made.end = _end(inner) if made.is_flow or not made.entries else made.entries[-1].value.end
        return made

    def _entry(self, made: Collection, event: Any, events: Any) -> None:
        start = event.start_mark.index
        dashed = not made.is_map and not made.is_flow
        column = self._column(self._dash(start) if dashed else start)
        entry = Entry(None, Leaf(None, "", start, start), start, column)
        made.entries.append(entry)
        self.entries.append(entry)
        self.parents[id(entry)] = made
        first = self._node(event, events)
        if made.is_map:
            assert isinstance(first, Leaf | Alias)
            entry.key, entry.value = first, self._node(events.get_event(), events)
        else:
            entry.value = first

    def _leaf(self, event: Any, start: int, end: int) -> Leaf:
        text = event.value.translate(_SHOW)
        typed = event.implicit[0] or (event.tag not in (None, "!", "tag:yaml.org,2002:str"))
        if event.style in ("|", ">"):
            header = self.text.find("\n", start, end)
            self.covered.append((end if header < 0 else header, end))
            end = start + len(self.text[start:end].rstrip())
        elif end > start:
            self.covered.append((start, end))
        return Leaf(resolve(text) if typed else text, text, start, end, event.anchor)

    # --------------------------------------------------------------------------------------------------------- comments
    def _find_comments(self) -> Iterator[tuple[int, int]]:
        position = 0
        starts = [start for start, _ in self.covered]
        while (found := _COMMENT.search(self.text, position)) is not None:
            number = bisect_right(starts, found.start()) - 1
            if number >= 0 and found.start() < self.covered[number][1]:
                position = self.covered[number][1]
                continue
            yield found.span()
            position = found.end()

    def _attach(self, comment: tuple[int, int], file: File) -> None:
        start, end = comment
        text = self.shown(start, end)
        own_line = not self.text[self._line_start(start) : start].strip()
        if own_line:
            added = ["", text] if self._blank_before(start) else [text]
            self._attach_line(start, added, file)
        else:
            self._attach_beside(start, text, file)

    def _attach_line(self, start: int, added: list[str], file: File) -> None:
        number = bisect_left(self.entries, start, key=lambda entry: entry.start)
        following = self.entries[number] if number < len(self.entries) else None
        around = [one for one in self.collections if one.is_flow and one.start < start < one.end]
        if around:
            inner = max(around, key=lambda one: one.start)
            inside = following is not None and following.start < inner.end
            (following.before if following is not None and inside else inner.after).extend(added)
            return
        column = self._column(start)
        if following is None or column > following.column:
            ended = [
                one
                for one in self.collections
                if not one.is_flow and one.start < start and one.column <= column and (following is None or one.column > following.column)
            ]
            # The deepest of those that end here: of collections at one column, the last in the text.
            if ended and (number and self._encloses(last := max(ended, key=lambda one: (one.start, one.column)), self.entries[number - 1])):
                last.after.extend(added)
                return
        if following is not None:
            following.before.extend(added)
        elif file.root is not None and file.root.start > start:
            file.header.extend(added)
        elif isinstance(file.root, Collection):
            file.root.after.extend(added)
        else:
            file.footer.extend(added)

    def _encloses(self, collection: Collection, entry: Entry) -> bool:
        return collection.start <= entry.start and entry.value.end <= collection.end

    def _attach_beside(self, start: int, text: str, file: File) -> None:
        line = self._line_start(start)
        before = self.text[line:start].rstrip(" \t,")
        last = line + len(before)
        for entry in self.entries:
            in_block = isinstance(entry.value, Collection) and not entry.value.is_flow
            if entry.value.end == last and not in_block and entry.start < last:
                entry.beside.append(text)
                return
        number = bisect_left(self.entries, start, key=lambda entry: entry.start)
        if last - 1 in self.dashes and number < len(self.entries):
            self.entries[number].before.append(text)
            return
        held = [entry for entry in self.entries[:number] if entry.start < start]
        inner = [entry for entry in held if entry.value.start >= start or entry.value.end >= start]
        if inner:
            inner[-1].beside.append(text)
        elif held:
            held[-1].beside.append(text)
        elif file.root is not None and file.root.end <= start:
            file.footer.append(text)
        else:
            file.header.append(text)

    def _split_header(self, file: File) -> None:
        """Move to the file what is not the first entry's, which may move: comments before a blank line, and settings of editors."""
        root = file.root
        if isinstance(root, Collection) and root.entries:
            first = root.entries[0]
            cut = max((number + 1 for number, line in enumerate(first.before) if not line), default=0)
            if not cut and first.before and first.before[0].startswith("# yaml-language-server:"):
                cut = 1
            file.header += first.before[:cut]
            del first.before[:cut]

    # -------------------------------------------------------------------------------------------------------- positions
    def _dash(self, start: int) -> int:
        number = bisect_left(self.dashes, start)
        return self.dashes[number - 1] if number else start

    def _line_start(self, index: int) -> int:
        return self.line_starts[bisect_right(self.line_starts, index) - 1]

    def _column(self, index: int) -> int:
        return index - self._line_start(index)

    def _first_on_line(self, entry: Entry) -> bool:
        start = entry.start
        held = self.parents[id(entry)]
        if not held.is_map and not held.is_flow:
            start = self._dash(start)
        return not self.text[self._line_start(start) : start].strip()

    def _blank_before(self, index: int) -> bool:
        line = self._line_start(index)
        return line > 0 and not self.text[self._line_start(line - 1) : line].strip()


def _end(event: Any) -> int:
    end: int = event.end_mark.index
    return end
