"""A list, gathered page by page until what was asked for is there, or a model's context is full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from unified_platform.tools import results
from unified_runtime import InvalidInput

if TYPE_CHECKING:
    from unified_runtime import Page

Progress = Callable[[int, int | None], None]
"""Is told how much of a call is done, and of how much where that is known: records of a list, bytes of a content."""

MOST_PAGES = 25
"""Pages that one call asks a vendor for; a cursor leads on. Filters applied after reading can leave pages nearly empty."""

_MARK = "~"
"""Stands in a tool's cursor between the records of the page that were shown already and the vendor's own cursor of that page."""


class Gathering:
    """What a call of a list has so far.

    Args:
        limit: records to gather.
        tokens: the most that they may cost, about; the first record is always shown.
        text: characters of a text; longer ones are cut.
        shown: the fields to show, all without.
        custom: the account's own fields to show with them.
        cursor: where to go on: one that an earlier call returned.
        progress: is told how many records there are after each page.

    Raises:
        InvalidInput: the cursor is none of this tool's.
    """

    def __init__(
        self,
        *,
        limit: int,
        tokens: int,
        text: int,
        shown: tuple[str, ...] | None = None,
        custom: Sequence[str] = (),
        cursor: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._limit = limit
        self._room = tokens * results.BYTES_PER_TOKEN
        self._text = text
        self._shown = shown
        self._custom = custom
        self._progress = progress
        self._skip, self.start = _resumed(cursor)
        self._page = self.start
        self._pages = 0
        self._items: list[Any] = []
        self._cursor: str | None = None
        self._removed: list[str] = []
        self._sync: str | None = None

    def add(self, page: Page[Any]) -> bool:
        """Take what fits of a page; True while another one is wanted."""
        self._pages += 1
        items = page.items[self._skip :]
        taken = 0
        for item in items:
            data = results.shortened(results.plain(item, self._shown, self._custom), self._text)
            self._room -= results.size(data)
            if self._items and (self._room < 0 or len(self._items) >= self._limit):
                break
            self._items.append(data)
            taken += 1
        if self._progress is not None:
            self._progress(len(self._items), self._limit)
        if taken < len(items):
            self._cursor = f"{self._skip + taken}{_MARK}{self._page or ''}"
            return False
        self._removed += page.removed
        self._sync = None if page.sync is None else f"0{_MARK}{page.sync}"
        self._skip, self._page = 0, page.cursor
        self._cursor = None if page.cursor is None else f"0{_MARK}{page.cursor}"
        return page.cursor is not None and len(self._items) < self._limit and self._room > 0 and self._pages < MOST_PAGES

    @property
    def data(self) -> dict[str, Any]:
        """The records, and the cursor of what comes next if anything does; of changes also which are gone, and the cursor of later ones."""
        told = {"removed": self._removed or None, "cursor": self._cursor, "sync": self._sync}
        return {"items": self._items} | {name: value for name, value in told.items() if value is not None}


def _resumed(cursor: str | None) -> tuple[int, str | None]:
    """How many records of a page were shown already, and the page's own cursor."""
    if cursor is None:
        return 0, None
    shown, mark, rest = cursor.partition(_MARK)
    if not mark or not shown.isascii() or not shown.isdigit() or len(shown) > 9:
        told = "must be one that this tool returned"
        raise InvalidInput(f"cursor: {told}", fields={"cursor": told})
    return int(shown), rest or None
