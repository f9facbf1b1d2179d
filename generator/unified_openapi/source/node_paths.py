"""Locations of values in a file by their paths, also of values that msgspec refuses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from unified_openapi.source.nodes import MappingNode, Node, SequenceNode
from unified_openapi.source.spans import Span

_AT = re.compile(r" - at `(key in )?\$(?:\.?)(.*)`$")
_PART = re.compile(r"[^.\[\]]+")


def conversion_path(message: str) -> tuple[str, list[str | int]]:
    """Return the message of an error of msgspec without its path, and the path."""
    found = _AT.search(message)
    path: list[str | int] = [int(part) if part.isdigit() else part for part in _PART.findall(found[2] if found else "")]
    return _AT.sub("", message), path


def span_at(node: Node, path: Iterable[str | int]) -> Span:
    """Return the location of a value; if it is missing, of what is around it."""
    for part in path:
        if isinstance(node, MappingNode):
            inner = next((value for key, value in node.entries if key.text == str(part)), None)
        else:
            inner = node.items[part] if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.items) else None
        if inner is None:
            break
        node = inner
    return node.span


def key_at(node: Node | None, path: tuple[str | int, ...]) -> Span:
    """Return the location of a key."""
    for number, part in enumerate(path):
        entry = (
            next(((key, value) for key, value in node.entries if key.text == str(part)), None) if isinstance(node, MappingNode) else None
        )
        if entry is None:
            break
        if number == len(path) - 1:
            return entry[0].span
        node = entry[1]
    assert node is not None
    return node.span
