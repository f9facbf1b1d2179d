"""Edits of mappings: each is one plausible mistake, at one location of one file.

A location has at most one edit of each kind; the seed decides which of the possible replacements it is. Another seed gives other edits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from random import Random
from typing import Any

from msgspec import Struct

from tests.mutations.trees import Location, shown


class Edit(Struct, frozen=True):
    """One edit: the complete file after it, and a description that identifies it."""

    vendor: str
    file: str
    kind: str
    location: str
    change: str
    tree: Any

    @property
    def name(self) -> str:
        return f"{self.file} {self.kind} {self.location}: {self.change}"

    @property
    def part(self) -> str:
        """The group of files that is reported separately: resource, vendor or overlay."""
        stem = self.file.rpartition("/")[2]
        return {"vendor.yaml": "vendor", "overlay.yaml": "overlay"}.get(stem, "resource")


class Editor:
    """Makes the edits of one file; the random choice of an edit depends on the seed, its kind and its location only."""

    def __init__(self, vendor: str, file: str, tree: Any, seed: str) -> None:
        self.vendor = vendor
        self.file = file
        self.tree = tree
        self.seed = seed

    def random(self, kind: str, location: Location) -> Random:
        text = f"{self.seed} {self.file} {kind} {shown(location)}"
        return Random(hashlib.sha256(text.encode()).digest())

    def edit(self, kind: str, location: Location, change: str, tree: Any) -> Iterator[Edit]:
        """Yield an edit, or nothing if the file would be the same."""
        if tree != self.tree or _order(tree) != _order(self.tree):
            yield Edit(self.vendor, self.file, kind, shown(location), change, tree)


def _order(tree: Any) -> Any:
    """Return the keys of a tree in their order, which equality of objects ignores."""
    if isinstance(tree, dict):
        return [(key, _order(inner)) for key, inner in tree.items()]
    return [_order(inner) for inner in tree] if isinstance(tree, list) else None
