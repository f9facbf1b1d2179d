"""What the sync and the async way of making many calls have in common."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from unified_runtime.bulk.results import Item
from unified_runtime.context import current_acting
from unified_runtime.errors import InvalidInput, NotConnected, RateLimited, Unauthorized, UnifiedError

if TYPE_CHECKING:
    from unified_runtime.calling.aio_client import AsyncClient
    from unified_runtime.calling.client import Client
    from unified_runtime.operations import AsyncOperation, Invocation, Operation

T = TypeVar("T")

CONCURRENCY = 8
PATIENCE = 600.0
"""Seconds for which an item waits for a rate limit to pass, on top of the call's own deadline."""

_HOPELESS = (NotConnected, Unauthorized)
"""Errors that every other item would meet as well."""


class Job(Generic[T]):
    """One operation on many inputs: what each of them means, and which of them the vendor takes together."""

    def __init__(
        self,
        operation: Operation[..., T] | AsyncOperation[..., T],
        via: str | None,
        key: str | None,
        concurrency: int,
        patience: float = PATIENCE,
    ) -> None:
        if concurrency < 1:
            raise InvalidInput(f"concurrency is a whole number from 1, not {concurrency}", operation=operation.name)
        self.operation = operation
        self.via = via
        self.key = key
        self.concurrency = concurrency
        self.ids = self._ids(operation)
        self.hopeless = False
        self.patience = patience
        self._open: dict[str, list[Entry[T]]] = {}

    @staticmethod
    def _ids(operation: Operation[..., T] | AsyncOperation[..., T]) -> list[str]:
        import inspect

        parameters = inspect.signature(operation.build).parameters.values()
        return [parameter.name for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]

    def given(self, item: object, index: int) -> Mapping[str, Any]:
        """An item as inputs by name; an id alone stands for itself."""
        if isinstance(item, str) and len(self.ids) == 1:
            return {self.ids[0].rstrip("_"): item}
        if isinstance(item, Mapping):
            return item
        wanted = "a mapping of its inputs" + (" or an id" if len(self.ids) == 1 else "")
        raise InvalidInput(f"item {index} is {wanted}, not {type(item).__name__}", operation=self.operation.name)

    def lot(self, index: int, given: object, client: Client | AsyncClient) -> list[Entry[T]] | None:
        """The inputs to be made now, this one among them; None while it waits for others to be made with."""
        entry = Entry[T](index, given)
        try:
            entry.invocation = self.invocation(given, index)
            vendor, most = self.taken_by(entry.invocation, client)
        except UnifiedError:  # told as the item's own failure when its turn comes
            return [entry]
        if most == 1:
            return [entry]
        waiting = self._open.setdefault(vendor, [])
        waiting.append(entry)
        return self._open.pop(vendor) if len(waiting) == most else None

    def rest(self) -> Iterator[list[Entry[T]]]:
        """Those that wait for others when no more come."""
        while self._open:
            yield self._open.popitem()[1]

    def taken_by(self, invocation: Invocation[T], client: Client | AsyncClient) -> tuple[str, int]:
        """The vendor of a call, and how many such calls it takes at once."""
        acting = current_acting()
        via = invocation.via or acting.via
        if via is None and len(self.operation.vendors) > 1:
            if client.remote is not None:  # only the broker knows where it goes
                return "", 1
            via = client.connections.find(self.operation.name, self.operation.vendors, None, acting).vendor.name
        vendor = via or next(iter(self.operation.vendors))
        return vendor, self.operation.adapter(vendor).batch if vendor in self.operation.vendors else 1

    def invocation(self, item: object, index: int) -> Invocation[T]:
        more: dict[str, Any] = {} if self.via is None else {"via": self.via}
        if self.key is not None:
            more["idempotency_key"] = f"{self.key}/{index}"
        return self.operation.bind({**more, **self.given(item, index)})

    def failed(self, entry: Entry[T], error: UnifiedError) -> Item[T]:
        if isinstance(error, _HOPELESS):
            self.hopeless = True
        return Item(entry.index, entry.given, "failed", None, error.with_traceback(None))

    def pause(self, error: UnifiedError, until: float) -> float | None:
        """Seconds to wait before an item is tried again; None where it is not."""
        if not (isinstance(error, RateLimited) and error.retry_safe and not self.hopeless):
            return None
        seconds = max(error.retry_after or 1.0, 0.1)
        return seconds if time.monotonic() + seconds < until else None


class Entry(Generic[T]):
    """One input, by its number, and the call that it stands for once it was understood."""

    __slots__ = ("given", "index", "invocation")

    def __init__(self, index: int, given: object) -> None:
        self.index = index
        self.given = given
        self.invocation: Invocation[T] | None = None

    @property
    def skipped(self) -> Item[T]:
        return Item(self.index, self.given, "skipped")


class Came(NamedTuple):
    """What a call came to: its value, or why it failed; or it was not tried."""

    value: Any = None
    error: UnifiedError | None = None
    skipped: bool = False


class Lot(Generic[T]):
    """Calls that are made together, what became of those that have ended, and those that are to be made again."""

    def __init__(self, job: Job[T], entries: list[Entry[T]]) -> None:
        self.job = job
        self.left = entries
        self.items: list[Item[T]] = []
        self._until = time.monotonic() + job.patience

    def over(self) -> bool:
        if self.job.hopeless:
            self.items += [entry.skipped for entry in self.left]
            self.left = []
        return not self.left

    def refused(self, entry: Entry[T], error: UnifiedError) -> None:
        self.items.append(self.job.failed(entry, error))

    def ended(self, made: Iterable[tuple[Entry[T], Came]]) -> float:
        """Note what became of the calls. Returns the seconds to wait before those that are left are made again."""
        self.left = []
        seconds = 0.0
        for entry, came in made:
            if came.error is None:
                self.items.append(entry.skipped if came.skipped else Item(entry.index, entry.given, "done", came.value))
                continue
            pause = self.job.pause(came.error, self._until)
            if pause is None:
                self.refused(entry, came.error)
            else:
                self.left.append(entry)
                seconds = max(seconds, pause)
        return seconds
