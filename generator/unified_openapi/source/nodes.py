"""Nodes of a YAML or JSON text, each with its location, and the error for a text that cannot be read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from msgspec import Struct

from unified_openapi.source.spans import Json, Span

MOST_DEPTH = 200
"""Maximum nesting of lists and mappings: walks over them recurse."""

Scalar: TypeAlias = "None | bool | int | float | str"


class ScalarNode(Struct, frozen=True):
    """A leaf. `value` is its value in the core schema, `text` the same before it is read as a type (`0x1F`, `yes`).

    The span is that of the content: quotes and the `|` or `>` of a block scalar are left out.
    """

    value: Scalar
    text: str
    span: Span
    plain: bool
    """Written without quotes."""


class SequenceNode(Struct, frozen=True):
    """A list."""

    items: tuple[Node, ...]
    span: Span


class MappingNode(Struct, frozen=True):
    """An object, its entries in the order of the file."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    span: Span


Node: TypeAlias = ScalarNode | SequenceNode | MappingNode


class SyntaxFault(Exception):
    """A text that cannot be read, and the location of the error."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


def plain(node: Node) -> Json:
    """Return the value of a node: dicts with text keys (a key `200` is "200"), lists and scalars."""
    match node:
        case ScalarNode(value=value):
            return value
        case SequenceNode(items=items):
            return [plain(item) for item in items]
        case MappingNode(entries=entries):
            return {key.text: plain(value) for key, value in entries}


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the garbage collector, which would scan a tree that only grows."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
