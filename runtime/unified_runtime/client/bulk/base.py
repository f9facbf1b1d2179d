"""Base of sync and async bulk calls: jobs, lots and retries after rate limits."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from unified_runtime.client.arguments import bind
from unified_runtime.client.bulk.results import Item
from unified_runtime.core.call_results import CallResult
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import InvalidInput, LimitExhausted, NotConnected, RateLimited, Unauthorized, UnifiedError

if TYPE_CHECKING:
    from unified_runtime.client.base import BaseClient
    from unified_runtime.core.operations import Invocation, OperationBase

T = TypeVar("T")

CONCURRENCY = 8
PATIENCE = 600.0
"""Seconds for which an item waits for a rate limit, in addition to the call's own deadline."""

_HOPELESS = (NotConnected, Unauthorized)
"""Errors that every other item would have too."""


class Job(Generic[T]):
    """One operation on many inputs: binds each item to a call, and groups calls that the vendor accepts in one batch."""

    def __init__(
        self,
        operation: OperationBase[..., T],
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
    def _ids(operation: OperationBase[..., T]) -> list[str]:
        import inspect

        parameters = inspect.signature(operation.build).parameters.values()
        return [parameter.name for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]

    def given(self, item: object, index: int) -> Mapping[str, Any]:
        """Return the inputs of an item by name; an item that is only an id is the operation's id."""
        if isinstance(item, str) and len(self.ids) == 1:
            return {self.ids[0].rstrip("_"): item}
        if isinstance(item, Mapping):
            return item
        wanted = "a mapping of its inputs" + (" or an id" if len(self.ids) == 1 else "")
        raise InvalidInput(f"item {index} is {wanted}, not {type(item).__name__}", operation=self.operation.name)

    def batch(self, index: int, given: object, client: BaseClient) -> list[Entry[T]] | None:
        """Return the calls to make now, including this one; None while it waits for others of its batch."""
        entry = Entry[T](index, given)
        try:
            entry.invocation = self.invocation(given, index)
            vendor, most = self.taken_by(entry.invocation, client)
        except UnifiedError:  # reported later as the error of this item
            return [entry]
        if most == 1:
            return [entry]
        waiting = self._open.setdefault(vendor, [])
        waiting.append(entry)
        return self._open.pop(vendor) if len(waiting) == most else None

    def rest(self) -> Iterator[list[Entry[T]]]:
        """Yield the incomplete lots after the last item."""
        while self._open:
            yield self._open.popitem()[1]

    def taken_by(self, invocation: Invocation[T], client: BaseClient) -> tuple[str, int]:
        """Return the vendor of a call, and the number of such calls in one batch."""
        acting = current_acting()
        via = invocation.via or acting.via
        if via is None and len(self.operation.vendors) > 1:
            if client.broker_client is not None:  # only the broker knows its vendor
                return "", 1
            via = client.connections.find(self.operation.name, self.operation.vendors, None, acting).vendor.name
        vendor = via or next(iter(self.operation.vendors))
        return vendor, self.operation.adapter(vendor).batch if vendor in self.operation.vendors else 1

    def invocation(self, item: object, index: int) -> Invocation[T]:
        more: dict[str, Any] = {} if self.via is None else {"via": self.via}
        if self.key is not None:
            more["idempotency_key"] = f"{self.key}/{index}"
        return bind(self.operation, {**more, **self.given(item, index)})

    def failed(self, entry: Entry[T], error: UnifiedError) -> Item[T]:
        if isinstance(error, _HOPELESS):
            self.hopeless = True
        return Item(entry.index, entry.given, "failed", None, error.with_traceback(None))

    def pause(self, error: UnifiedError, until: float) -> float | None:
        """Return the seconds to wait before an item is tried again; None if it is not tried again."""
        if not (isinstance(error, RateLimited) and not isinstance(error, LimitExhausted) and error.retry_safe and not self.hopeless):
            return None
        seconds = max(error.retry_after or 1.0, 0.1)
        return seconds if time.monotonic() + seconds < until else None


class Entry(Generic[T]):
    """One item: its number, its input, and its call if the input is valid."""

    __slots__ = ("given", "index", "invocation")

    def __init__(self, index: int, given: object) -> None:
        self.index = index
        self.given = given
        self.invocation: Invocation[T] | None = None

    @property
    def skipped(self) -> Item[T]:
        return Item(self.index, self.given, "skipped")


class CallBatch(Generic[T]):
    """Calls that are made together: the results of those that have ended, and the calls that will be made again."""

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

    def ended(self, made: Iterable[tuple[Entry[T], CallResult]]) -> float:
        """Store the results of calls. Returns the seconds to wait before the calls that are left are made again."""
        self.left = []
        seconds = 0.0
        for entry, result in made:
            if result.error is None:
                self.items.append(entry.skipped if result.skipped else Item(entry.index, entry.given, "done", result.value))
                continue
            pause = self.job.pause(result.error, self._until)
            if pause is None:
                self.refused(entry, result.error)
            else:
                self.left.append(entry)
                seconds = max(seconds, pause)
        return seconds
