"""Edits of `vendor.yaml` and `overlay.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.mutations.edits import Edit, Editor
from tests.mutations.trees import removed, replaced, walk

_PROSE = ("summary", "documentation", "x-evidence", "info", "overlay", "title", "name", "notes", "website", "help")


class DeclarationEditor(Editor):
    """Makes the edits of a file that is not a mapping: every key removed, every value changed. The first key names the kind."""

    def __init__(self, vendor: str, file: str, tree: Any, seed: str, kind: str = "") -> None:
        super().__init__(vendor, file, tree, seed)
        self.kind = kind

    def edits(self) -> Iterator[Edit]:
        for location, value in walk(self.tree):
            if not location or any(key in _PROSE for key in location if key == location[-1] or key in ("info", "documentation")):
                continue
            kind = self.kind or str(location[0])
            yield from self.edit(kind, location, "removed", removed(self.tree, location))
            other: Any = None
            if isinstance(value, bool):
                other = not value
            elif isinstance(value, int | float):
                other = value * 10 + 1
            elif isinstance(value, str):
                other = self._text(location, value)
            if other is not None:
                yield from self.edit(kind, location, f"{value!r} → {other!r}", replaced(self.tree, location, other))

    def _text(self, location: tuple[str | int, ...], value: str) -> str:
        random = self.random("text", location)
        others = sorted({other for node, other in walk(self.tree) if isinstance(other, str) and node[:1] == location[:1]} - {value})
        if others and random.random() < 0.5:
            return random.choice(others)
        cut = random.randrange(len(value)) if value else 0
        return value[:cut] + value[cut + 1 :] if len(value) > 2 else value + "x"
