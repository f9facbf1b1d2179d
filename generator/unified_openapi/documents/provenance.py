"""Provenance of a document's parts: from a location in a document that overlays have changed back to the file it came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from unified_openapi.source.nodes import Node, ScalarNode
from unified_openapi.source.pointers import child, index, parent, tokens, unescape
from unified_openapi.source.positions import find_node
from unified_openapi.source.spans import Span


class Edit(Struct, frozen=True):
    """One change: the value at `pointer` came from `node` of an overlay; or, without a node, a list element was removed there.

    `name` is the location of the name that an overlay gave it, if it is a member of an object.
    """

    pointer: str
    node: Node | None = None
    name: Span | None = None


def trace(pointer: str, edits: Sequence[Edit], in_file: Callable[[str], Span]) -> Span:
    """Return the location of a part, read backwards through the edits.

    Args:
        pointer: a location in the document as it is now.
        edits: what was done to it, in order.
        in_file: the location of a pointer of the document before any edit.
    """
    for edit in reversed(edits):
        if edit.node is None:
            pointer = _before_removal(pointer, edit.pointer)
        elif pointer == edit.pointer or pointer.startswith(edit.pointer + "/"):
            return _in_node(edit.node, edit.name, pointer[len(edit.pointer) :])
    return in_file(pointer)


def _before_removal(pointer: str, removed: str) -> str:
    """Return the pointer before a removal: later elements of the list have moved forward by one."""
    around = parent(removed)
    if not pointer.startswith(around + "/"):
        return pointer
    first, *rest = tokens(pointer[len(around) :])
    number, gone = index(first), index(unescape(removed[len(around) + 1 :]))
    if number is None or gone is None or number < gone:
        return pointer
    return child(around, number + 1, *rest)


def _in_node(node: Node, name: Span | None, pointer: str) -> Span:
    while pointer:
        found = find_node(node, pointer)
        if found is not None:
            return found
        pointer = parent(pointer)
    return node.span if name is None or (isinstance(node, ScalarNode) and node.text) else name
