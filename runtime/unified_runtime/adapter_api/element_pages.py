"""Pages of a list that is requested once for each element of other lists, or from several sources in turn.

A page holds records of one element. Its cursor is the position of the element in each list, and the vendor's cursor within it:
`2.0:abc`. Positions are counted, as in lists with offsets: an element that is added or removed meanwhile shifts those after it.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TypeVar

from unified_runtime.core.context import Context
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.records import Page
from unified_runtime.core.symbols import Symbol

T = TypeVar("T")
V = TypeVar("V")


class Elements:
    """Position of one page. Each list is entered with `pick`, the outermost first."""

    def __init__(self, positions: list[int]) -> None:
        self._wanted = positions
        self._positions: list[tuple[int, int]] = []

    def pick(self, values: Sequence[V] | None, name: str) -> V | None:
        """Return the element of a list that the page is for; None if the list has none there. In a plan: a placeholder with `name`."""
        level = len(self._positions)
        index = self._wanted[level] if level < len(self._wanted) else 0
        if isinstance(values, Symbol):
            self._positions.append((0, 1))
            return Symbol(name)
        self._positions.append((index, len(values or ())))
        return values[index] if values is not None and index < len(values) else None

    def page(self, page: Page[T]) -> Page[T]:
        """Return a page of an element with the cursor of the next one: of the same element, else of the next."""
        page.cursor = self._following(page.cursor)
        return page

    def _following(self, cursor: str | None) -> str | None:
        indexes = [index for index, _ in self._positions]
        if cursor is not None:
            return f"{_text(indexes)}:{cursor}"
        for level in reversed(range(len(indexes))):
            index, count = self._positions[level]
            if index + 1 < count:
                return f"{_text([*indexes[:level], index + 1])}:"
        return None


def enter(context: Context) -> tuple[Elements, Context]:
    """Return the position that a cursor names, and the context of the request for its element, whose cursor is the vendor's.

    Raises:
        InvalidInput: the cursor is not from `Elements.page`.
    """
    if context.cursor is None:
        return Elements([]), context
    positions, colon, rest = context.cursor.partition(":")
    numbers = positions.split(".") if positions else []
    if not colon or not all(number.isascii() and number.isdigit() and len(number) <= 9 for number in numbers):
        raise InvalidInput(f"{context.cursor[:40]!r} is not a cursor of this list", fields={"cursor": "must be one that a page returned"})
    inner = copy.copy(context)
    inner.cursor = rest or None
    return Elements([int(number) for number in numbers]), inner


def _text(positions: list[int]) -> str:
    return ".".join(map(str, positions))
