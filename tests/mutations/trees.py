"""Pure edits of parsed YAML: each returns a new tree that shares the unchanged parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

Location: TypeAlias = tuple[str | int, ...]
"""Keys and indexes from the root to a node."""


def at(tree: Any, location: Location) -> Any:
    """Return the node at a location."""
    for key in location:
        tree = tree[key]
    return tree


def replaced(tree: Any, location: Location, value: Any) -> Any:
    """Return the tree with another value at a location."""
    if not location:
        return value
    key, *rest = location
    if isinstance(tree, list):
        return [replaced(inner, tuple(rest), value) if index == key else inner for index, inner in enumerate(tree)]
    if key not in tree:
        return {**tree, key: replaced({}, tuple(rest), value)}
    return {name: replaced(inner, tuple(rest), value) if name == key else inner for name, inner in tree.items()}


def removed(tree: Any, location: Location) -> Any:
    """Return the tree without the node at a location."""
    around, key = at(tree, location[:-1]), location[-1]
    if isinstance(around, list):
        return replaced(tree, location[:-1], [inner for index, inner in enumerate(around) if index != key])
    return replaced(tree, location[:-1], {name: inner for name, inner in around.items() if name != key})


def renamed(tree: Any, location: Location, name: str) -> Any:
    """Return the tree with another key for the node at a location, in the same order."""
    around = at(tree, location[:-1])
    return replaced(tree, location[:-1], {name if key == location[-1] else key: inner for key, inner in around.items()})


def swapped(tree: Any, one: Location, other: Location) -> Any:
    """Return the tree with two nodes exchanged."""
    return replaced(replaced(tree, one, at(tree, other)), other, at(tree, one))


def walk(tree: Any, location: Location = ()) -> Iterator[tuple[Location, Any]]:
    """Yield every node with its location, the outer ones first."""
    yield location, tree
    if isinstance(tree, dict):
        for key, inner in tree.items():
            yield from walk(inner, (*location, key))
    elif isinstance(tree, list):
        for index, inner in enumerate(tree):
            yield from walk(inner, (*location, index))


def shown(location: Location) -> str:
    """Return a location as text."""
    return "/".join(str(key) for key in location)
