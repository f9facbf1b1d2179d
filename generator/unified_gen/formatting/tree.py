"""YAML text as a tree that keeps comments, blank lines, anchors and the order of keys: what the formatter works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from unified_openapi.source.nodes import Scalar


@dataclass(slots=True)
class Leaf:
    """A scalar: its value in the core schema, and its text without quotes."""

    value: Scalar
    text: str
    start: int
    end: int
    anchor: str | None = None


@dataclass(slots=True)
class Alias:
    """A reference to an anchor: `*name`."""

    name: str
    start: int
    end: int


@dataclass(slots=True)
class Entry:
    """An entry of a mapping, or an item of a list: then it has no key."""

    key: Leaf | Alias | None
    value: Node
    start: int
    """Offset of the key, or of the item's value."""
    column: int
    """Column of the key, or of the item's dash."""
    before: list[str] = field(default_factory=list)
    """Comments on lines of their own before it; a blank line is an empty text."""
    beside: list[str] = field(default_factory=list)
    """Comments at the end of its first line, or of its last."""


@dataclass(slots=True)
class Collection:
    """A mapping or a list."""

    is_map: bool
    is_flow: bool
    start: int
    end: int
    anchor: str | None = None
    entries: list[Entry] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    """Comments after the last entry."""

    @property
    def column(self) -> int:
        return self.entries[0].column if self.entries else 0


Node: TypeAlias = Leaf | Alias | Collection


@dataclass(slots=True)
class File:
    """A text: its root (None if it holds nothing) and the comments before it that belong to the file."""

    root: Node | None
    header: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)
    """Comments after a root that is a scalar, or of a file that holds nothing else."""
