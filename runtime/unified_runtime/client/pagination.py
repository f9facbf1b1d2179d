"""Progress of pagination: detects repeated cursors, records that moved between pages, and lists that are too long."""

from __future__ import annotations

from typing import TypeVar

from unified_runtime.core.errors import ListTooLong, VendorProtocolError
from unified_runtime.core.records import Page

T = TypeVar("T")

EMPTY_PAGES = 1000
"""Pages in a row without a record after which a list fails. Filters that are applied after reading may empty a few."""


class PaginationProgress:
    """Progress of one list. Rejects a repeated cursor, which would never end, and removes records that moved between pages."""

    __slots__ = ("_count", "_empty", "_ids", "_most", "_operation", "_seen", "_vendor")

    def __init__(self, operation: str, vendor: str | None, cursor: str | None, most: int = 0) -> None:
        self._most = most
        self._count = 0
        self._operation = operation
        self._vendor = vendor
        self._seen = {cursor}
        self._ids: set[str] = set()
        self._empty = 0

    def fresh(self, page: Page[T]) -> Page[T]:
        """Return the page without records that an earlier page had: they moved while the list was read."""
        if page.cursor is None and not self._ids:  # the entire list, the usual case: there is nothing to compare
            return page
        ids = [getattr(item, "id", None) for item in page.items]
        if self._ids.isdisjoint(ids):
            self._ids.update(id for id in ids if isinstance(id, str))
            return page
        fresh = [item for item, id in zip(page.items, ids, strict=True) if id not in self._ids]
        self._ids.update(id for id in ids if isinstance(id, str))
        return Page(fresh, page.cursor)

    def next(self, page: Page[T]) -> str | None:
        """Return the cursor of the next page; None after the last.

        Raises:
            VendorProtocolError: pagination does not advance.
            ListTooLong: there are more records than the client reads.
        """
        cursor = page.cursor
        self._count += len(page.items)
        if cursor is None:
            return None
        if self._most and self._count >= self._most:
            raise ListTooLong(
                f"{self._count} records were read and there are more: Settings(longest_list={self._most}) ends the list; `cursor` goes on",
                cursor=cursor,
                vendor=self._vendor,
                operation=self._operation,
            )
        if self._vendor is None and page.items:
            self._vendor = getattr(page.items[0], "vendor", None)
        if cursor in self._seen:
            raise self._stuck(f"the page after this one is one already read (cursor {cursor[:60]!r})")
        self._seen.add(cursor)
        self._empty = 0 if page.items else self._empty + 1
        if self._empty >= EMPTY_PAGES:
            raise self._stuck(f"{EMPTY_PAGES} pages in a row held no record")
        return cursor

    def _stuck(self, what: str) -> VendorProtocolError:
        return VendorProtocolError(f"pagination does not advance: {what}", vendor=self._vendor, operation=self._operation)
