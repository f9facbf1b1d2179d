"""Lists: records page by page, fetched lazily. The checks of the call are made once for the entire list.

A list that was left or that failed can be continued from its `cursor`, in this process or, with a vault, in another.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Generic, Protocol, TypeVar

from unified_runtime.client.pagination import PaginationProgress
from unified_runtime.core.errors import ListTooLong
from unified_runtime.core.records import Page

T = TypeVar("T")


class AsyncFetch(Protocol[T]):
    """Return the page at a cursor; the first page for None."""

    async def __call__(self, cursor: str | None, /) -> Page[T]: ...


class AsyncPages(Generic[T]):
    """Records of a list. Iterating fetches pages as needed, each time from the start.

    The vendor is None if a broker chooses it.

    Attributes:
        cursor: that of the page that is being read, or could not be read: the same list with this `cursor` continues there. None: at the
            start, or the list was read to its end.
    """

    __slots__ = ("_cursor", "_fetch", "_most", "_operation", "_vendor", "cursor")

    def __init__(self, fetch: AsyncFetch[T], cursor: str | None, operation: str, vendor: str | None, most: int = 0) -> None:
        self._fetch = fetch
        self._cursor = self.cursor = cursor
        self._most = most
        self._operation = operation
        self._vendor = vendor

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Iterate over the pages; a page's `cursor` continues the list after it."""
        progress = PaginationProgress(self._operation, self._vendor, self._cursor, self._most)
        cursor = self.cursor = self._cursor
        while True:
            page = await self._fetch(cursor)
            yield progress.fresh(page)
            try:
                cursor = self.cursor = progress.next(page)
            except ListTooLong as error:
                self.cursor = error.cursor
                raise
            if cursor is None:
                return

    async def first(self) -> T | None:
        """Return the first record, or None for an empty list."""
        async for item in self:
            return item
        return None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._operation} on {self._vendor or 'a broker'}>"
