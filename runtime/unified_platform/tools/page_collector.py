"""Collection of a list's pages until the requested number of records is reached, or a model's context is full."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from unified_platform.common.invisible_text import visible
from unified_platform.tools import results
from unified_runtime import InvalidInput

if TYPE_CHECKING:
    from unified_runtime import Page

Progress = Callable[[int, int | None], None]
"""Called with the finished part of a call, and the total if known: records of a list, bytes of a content."""

MOST_PAGES = 25
"""Maximum pages that one call requests; a cursor continues. Filters applied after reading can leave pages nearly empty."""

_MARK = "~"
"""Separator in a tool's cursor, between the number of records of the page already returned and the vendor's cursor of that page."""


class PageCollector:
    """Collected records of a list call.

    Args:
        limit: records to collect.
        tokens: maximum tokens of the records and the cursor; the first record is always included.
        text: maximum characters of a text; longer ones are cut.
        shown: fields to include; by default all.
        custom: custom fields to include; None: all.
        cursor: cursor of an earlier call to continue with.
        progress: called with the number of records after each page.

    Raises:
        InvalidInput: this tool did not issue the cursor.
    """

    def __init__(
        self,
        *,
        limit: int,
        tokens: int,
        text: int,
        shown: tuple[str, ...] | None = None,
        custom: Iterable[str] | None = (),
        cursor: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._limit = limit
        self._room = tokens - results.FRAME
        self._text = text
        self._shown = shown
        self._custom = custom
        self._progress = progress
        self.plain: Callable[[Any], Any] = lambda item: results.plain(item, self._shown, self._custom)
        """Returns a record as plain JSON."""
        self._skip, self.start = _resumed(cursor)
        self._page = self.start
        self._pages = 0
        self._items: list[Any] = []
        self._cursor: str | None = None
        self._removed: list[str] = []
        self._sync: str | None = None

    def add(self, page: Page[Any]) -> bool:
        """Add the part of a page that fits. Return True if another page is wanted."""
        self._pages += 1
        items = page.items[self._skip :]
        taken = 0
        reserved = results.tokens_of([self._page, page.cursor])
        for item in items:
            data = results.shortened(self.plain(item), self._text)
            self._room -= results.tokens_of(data)
            if self._items and (self._room < reserved or len(self._items) >= self._limit):
                break
            self._items.append(data)
            taken += 1
        if self._progress is not None:
            self._progress(len(self._items), self._limit)
        if taken < len(items):
            self._cursor = f"{self._skip + taken}{_MARK}{self._page or ''}"
            return False
        self._removed += [visible(id) for id in page.removed]
        self._sync = None if page.sync is None else f"0{_MARK}{page.sync}"
        self._skip, self._page = 0, page.cursor
        self._cursor = None if page.cursor is None else f"0{_MARK}{page.cursor}"
        return page.cursor is not None and len(self._items) < self._limit and self._room > reserved and self._pages < MOST_PAGES

    @property
    def data(self) -> dict[str, Any]:
        """Return the records, and the cursor of the next ones if there are any; for changes also deleted ids and the cursor for later."""
        data = {"removed": self._removed or None, "cursor": self._cursor, "sync": self._sync}
        return {"items": self._items} | {name: value for name, value in data.items() if value is not None}

    @property
    def untrusted(self) -> tuple[str, ...]:
        """Return the parts of `data` that contain text of the vendor, as JSON Pointers."""
        return ("/items", "/removed") if self._removed else ("/items",)


def _resumed(cursor: str | None) -> tuple[int, str | None]:
    """Return the number of records of a page already returned, and the page's own cursor."""
    if cursor is None:
        return 0, None
    shown, mark, rest = cursor.partition(_MARK)
    if not mark or not shown.isascii() or not shown.isdigit() or len(shown) > 9:
        message = "must be one that this tool returned"
        raise InvalidInput(f"cursor: {message}", fields={"cursor": message})
    return int(shown), rest or None
