"""Positions of the parts of a JSON or YAML text, found on request.

Most loads request none, and a description of 19 MB has a million nodes, so nothing is recorded while reading. A JSON text is
scanned again along the way to the location; a YAML text is composed once more with locations.
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Protocol

from msgspec import Struct

from unified_openapi.source.nodes import MappingNode, Node, ScalarNode, SequenceNode
from unified_openapi.source.pointers import ancestors, child, index, tokens
from unified_openapi.source.spans import Span


class Positions(Protocol):
    """A text's map from JSON pointers to locations."""

    def find(self, pointer: str) -> Span | None:
        """Return the location of a value, or of its name if the value is a list or an object; None if it is not in the text."""
        ...


class NoPositions:
    """Positions of a document that was not read from a text: none."""

    def find(self, pointer: str) -> None:
        """Return None."""


NO_POSITIONS = NoPositions()


def nearest(positions: Positions, pointer: str, file: str) -> Span:
    """Return the location of a value or of the nearest part around it."""
    for around in ancestors(pointer):
        found = positions.find(around)
        if found is not None:
            return found
    return Span(file, 1, 1, 1, 1)


def span_at(text: str, offset: int, file: str) -> Span:
    """Return the location of one character; a position behind the end means behind the last visible one."""
    if offset >= len(text):
        offset = len(text.rstrip())
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return Span(file, line, column, line, column + 1)


_decode = json.JSONDecoder().raw_decode
_SPACE = re.compile(r"[ \t\n\r]*")


class _Member(Struct, frozen=True):
    key: tuple[int, int] | None
    """Start and end of the name, quotes included; None for a list element."""
    start: int
    end: int


class JsonPositions:
    """Locations in a JSON text. A container is scanned when something in it is first requested, at the speed of the parser."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._containers: dict[str, dict[str, _Member]] = {}

    def find(self, pointer: str) -> Span | None:
        member = self._member(pointer)
        if member is None:
            return None
        start, end = member.start, member.end
        opening = self._text[start]
        if opening in "{[":
            start, end = (member.key[0] + 1, member.key[1] - 1) if member.key is not None else (start, start + 1)
        elif opening == '"':
            start, end = start + 1, end - 1
        return self._span(start, end)

    def repeated(self, value: Any, objects: list[dict[str, Any]]) -> Iterator[tuple[str, Span]]:
        """Yield the names that occur twice in these objects of the read value, each at its last position."""
        wanted = {id(found) for found in objects}
        stack: list[tuple[Any, str]] = [(value, "")]
        while stack:
            here, pointer = stack.pop()
            if isinstance(here, list):
                stack.extend((inner, child(pointer, number)) for number, inner in enumerate(here))
            elif isinstance(here, dict):
                if id(here) in wanted:
                    yield from self._twice(pointer)
                stack.extend((inner, child(pointer, name)) for name, inner in here.items())

    def _twice(self, pointer: str) -> Iterator[tuple[str, Span]]:
        member = self._member(pointer)
        seen: set[str] = set()
        for name, found in self._members(member.start) if member is not None else ():
            if name in seen and found.key is not None:
                yield name, self._span(found.key[0] + 1, found.key[1] - 1)
            seen.add(name)

    def _member(self, pointer: str) -> _Member | None:
        start = _end_of_space(self._text, 1 if self._text.startswith("\ufeff") else 0)
        member, here = _Member(None, start, len(self._text)), ""
        for token in tokens(pointer):
            if here not in self._containers:
                self._containers[here] = dict(self._members(member.start))
            found = self._containers[here].get(token)
            if found is None:
                return None
            member, here = found, child(here, token)
        return member

    def _members(self, start: int) -> Iterator[tuple[str, _Member]]:
        text, closing = self._text, {"{": "}", "[": "]"}.get(self._text[start])
        if closing is None:
            return
        at, number = _end_of_space(text, start + 1), 0
        while text[at] != closing:
            key: tuple[int, int] | None = None
            name = str(number)
            if closing == "}":
                name, end = _decode(text, at)
                key = (at, end)
                at = _end_of_space(text, _end_of_space(text, end) + 1)
            _, end = _decode(text, at)
            yield name, _Member(key, at, end)
            at = _end_of_space(text, end)
            if text[at] == ",":
                at = _end_of_space(text, at + 1)
            number += 1

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self._text))]

    def _span(self, start: int, end: int) -> Span:
        line, end_line = bisect.bisect_right(self._lines, start), bisect.bisect_right(self._lines, end)
        return Span(self._file, line, start - self._lines[line - 1] + 1, end_line, end - self._lines[end_line - 1] + 1)


def _end_of_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found is not None else start


class YamlPositions:
    """Locations in a YAML text, composed when first requested."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._members: dict[int, dict[str, tuple[Span, Node]]] = {}

    @cached_property
    def _root(self) -> Node:
        from unified_openapi.source.yaml12 import compose_lenient  # imported late: programs that only read facts do not need PyYAML

        return compose_lenient(self._text, self._file)

    def find(self, pointer: str) -> Span | None:
        return find_node(self._root, pointer, self._members)


def find_node(root: Node, pointer: str, members: dict[int, dict[str, tuple[Span, Node]]] | None = None) -> Span | None:
    """Return the location of a value in a composed tree, or of its name if the value is a list or a mapping; None if it is not there.

    `members` remembers the entries of large mappings between calls.
    """
    members = {} if members is None else members
    node, name = root, None
    for token in tokens(pointer):
        match node:
            case MappingNode(entries=entries):
                known = members.get(id(node))
                if known is None:
                    known = members[id(node)] = {key.text: (key.span, value) for key, value in entries}
                if token not in known:
                    return None
                name, node = known[token]
            case SequenceNode(items=items):
                number = index(token)
                if number is None or number >= len(items):
                    return None
                name, node = None, items[number]
            case _:
                return None
    if name is None or (isinstance(node, ScalarNode) and node.text):
        return node.span
    return name
