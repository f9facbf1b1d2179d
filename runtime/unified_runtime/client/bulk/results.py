"""Results of bulk calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, final

from unified_runtime.core.errors import UnifiedError

T = TypeVar("T")


@final
@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """Result of one input. `status` is `done`, `failed` (`error` is the reason) or `skipped`: not attempted."""

    index: int
    given: object
    status: str
    value: T | None = None
    error: UnifiedError | None = None


@final
class Results(Generic[T]):
    """Results of all inputs, in their order."""

    def __init__(self, items: Iterable[Item[T]]) -> None:
        self.items = sorted(items, key=lambda item: item.index)

    @property
    def values(self) -> list[T]:
        """Return the values of the inputs that are done. An operation without a value, such as delete, has None for each."""
        return [item.value for item in self.items if item.status == "done"]  # type: ignore[misc]

    @property
    def failed(self) -> list[Item[T]]:
        """Return the items that failed and those that were skipped."""
        return [item for item in self.items if item.status != "done"]

    def check(self) -> list[T]:
        """Return the values, if all are done.

        Raises:
            UnifiedError: the error of the first item that failed; its notes state how many failed.
        """
        for item in self.items:
            if item.error is not None:
                item.error.add_note(f"item {item.index} of {len(self.items)}; {len(self.failed)} are not done")
                raise item.error
        return self.values

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Item[T]]:
        return iter(self.items)

    def __repr__(self) -> str:
        return f"<{len(self.items) - len(self.failed)} of {len(self.items)} done>"


Progress = Callable[[Item[Any]], object]
"""Called with each item as it ends, in the order in which they end."""
