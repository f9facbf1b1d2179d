"""Lists, page by page and lazily; what was checked when the list was asked for stays so while it is read.

A list that was left, or that failed on the way, goes on from its `cursor`, in this process or another.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Generic, TypeVar

from unified_runtime.errors import ListTooLong, VendorProtocolError
from unified_runtime.records import Page

T = TypeVar("T")

EMPTY_PAGES = 1000
"""Pages in a row without a record after which a list is given up. Filters applied after reading may empty a few."""


class Turns:
    """Watches that paging advances: a cursor that comes back would page for ever, and a record that moved between pages comes once."""

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
        """The page without records that an earlier one had: they moved while the list was read."""
        if page.cursor is None and not self._ids:  # all of it, as most lists are: there is nothing to compare
            return page
        ids = [getattr(item, "id", None) for item in page.items]
        if self._ids.isdisjoint(ids):
            self._ids.update(id for id in ids if isinstance(id, str))
            return page
        kept = [item for item, id in zip(page.items, ids, strict=True) if id not in self._ids]
        self._ids.update(id for id in ids if isinstance(id, str))
        return Page(kept, page.cursor)

    def next(self, page: Page[T]) -> str | None:
        """The cursor of the next page; None after the last.

        Raises:
            VendorProtocolError: paging does not advance.
            ListTooLong: there is more than the client reads.
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
        return VendorProtocolError(f"paging does not advance: {what}", vendor=self._vendor, operation=self._operation)


class Pages(Generic[T]):
    """The records of a list. Iterating asks for pages as it goes, each time from the start.

    The vendor is None where a broker chooses it.

    Attributes:
        cursor: of the page that is being read, or could not be: the same list with this `cursor` goes on there. None: from the start,
            or the list was read to its end.
    """

    __slots__ = ("_cursor", "_fetch", "_most", "_operation", "_vendor", "cursor")

    def __init__(
        self, fetch: Callable[[str | None], Page[T]], cursor: str | None, operation: str, vendor: str | None, most: int = 0
    ) -> None:
        self._fetch = fetch
        self._cursor = self.cursor = cursor
        self._most = most
        self._operation = operation
        self._vendor = vendor

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items

    def pages(self) -> Iterator[Page[T]]:
        """Page by page; a page's `cursor` resumes the list behind it."""
        turns = Turns(self._operation, self._vendor, self._cursor, self._most)
        cursor = self.cursor = self._cursor
        while True:
            page = self._fetch(cursor)
            yield turns.fresh(page)
            try:
                cursor = self.cursor = turns.next(page)
            except ListTooLong as error:
                self.cursor = error.cursor
                raise
            if cursor is None:
                return

    def first(self) -> T | None:
        """The first record, or None for an empty list."""
        return next(iter(self), None)

    def __repr__(self) -> str:
        return f"<Pages of {self._operation} on {self._vendor or 'a broker'}>"


class AsyncPages(Generic[T]):
    """The async twin of `Pages`, for `async for`."""

    __slots__ = ("_cursor", "_fetch", "_most", "_operation", "_vendor", "cursor")

    def __init__(
        self, fetch: Callable[[str | None], Awaitable[Page[T]]], cursor: str | None, operation: str, vendor: str | None, most: int = 0
    ) -> None:
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
        """Page by page; a page's `cursor` resumes the list behind it."""
        turns = Turns(self._operation, self._vendor, self._cursor, self._most)
        cursor = self.cursor = self._cursor
        while True:
            page = await self._fetch(cursor)
            yield turns.fresh(page)
            try:
                cursor = self.cursor = turns.next(page)
            except ListTooLong as error:
                self.cursor = error.cursor
                raise
            if cursor is None:
                return

    async def first(self) -> T | None:
        """The first record, or None for an empty list."""
        async for item in self:
            return item
        return None

    def __repr__(self) -> str:
        return f"<AsyncPages of {self._operation} on {self._vendor or 'a broker'}>"
