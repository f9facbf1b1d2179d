"""The same operation on many inputs, several at a time: each has a result of its own, and none stops the others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar, final

from unified_runtime import current
from unified_runtime.errors import InvalidInput, NotConnected, RateLimited, Unauthorized, UnifiedError

if TYPE_CHECKING:
    from unified_runtime.operations import AsyncOperation, Invocation, Operation

T = TypeVar("T")

CONCURRENCY = 8
PATIENCE = 600.0
"""Seconds for which an item waits for a rate limit to pass, on top of the call's own deadline."""

_HOPELESS = (NotConnected, Unauthorized)
"""Errors that every other item would meet as well."""


@final
@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """What became of one input. `status` is `done`, `failed` (then `error` says why) or `skipped`: it was not tried."""

    index: int
    given: object
    status: str
    value: T | None = None
    error: UnifiedError | None = None


@final
class Results(Generic[T]):
    """What became of all inputs, in their order."""

    def __init__(self, items: Iterable[Item[T]]) -> None:
        self.items = sorted(items, key=lambda item: item.index)

    @property
    def values(self) -> list[T]:
        """What those came to that are done. An operation without a value, such as delete, gives None for each."""
        return [item.value for item in self.items if item.status == "done"]  # type: ignore[misc]

    @property
    def failed(self) -> list[Item[T]]:
        """Those that failed and those that were not tried."""
        return [item for item in self.items if item.status != "done"]

    def check(self) -> list[T]:
        """The values, if all are done.

        Raises:
            UnifiedError: the first that failed; its notes tell how many did.
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
"""Told of each item as it ends, in the order in which they end."""


class _Job(Generic[T]):
    """What the sync and the async way have in common."""

    def __init__(self, operation: Operation[..., T] | AsyncOperation[..., T], via: str | None, key: str | None, concurrency: int) -> None:
        if concurrency < 1:
            raise InvalidInput(f"concurrency is a whole number from 1, not {concurrency}", operation=operation.name)
        self.operation = operation
        self.via = via
        self.key = key
        self.concurrency = concurrency
        self.ids = self._ids(operation)
        self.hopeless = False

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

    def invocation(self, item: object, index: int) -> Invocation[T]:
        more: dict[str, Any] = {} if self.via is None else {"via": self.via}
        if self.key is not None:
            more["idempotency_key"] = f"{self.key}/{index}"
        return self.operation.bind({**more, **self.given(item, index)})

    def failed(self, index: int, given: object, error: UnifiedError) -> Item[T]:
        if isinstance(error, _HOPELESS):
            self.hopeless = True
        return Item(index, given, "failed", None, error.with_traceback(None))

    def pause(self, error: UnifiedError, until: float) -> float | None:
        """Seconds to wait before an item is tried again; None where it is not."""
        if not (isinstance(error, RateLimited) and error.retry_safe and not self.hopeless):
            return None
        seconds = max(error.retry_after or 1.0, 0.1)
        return seconds if time.monotonic() + seconds < until else None


def many(
    operation: Operation[..., T],
    items: Iterable[Mapping[str, Any] | str],
    *,
    via: str | None = None,
    idempotency_key: str | None = None,
    concurrency: int = CONCURRENCY,
    progress: Progress | None = None,
) -> Results[T]:
    """Make a call for each item; see `operations.Many`."""
    job = _Job(operation, via, idempotency_key, concurrency)
    client = current.client()
    context = copy_context()
    ended: list[Item[T]] = []

    def one(index: int, given: object) -> Item[T]:
        until = time.monotonic() + PATIENCE
        while not job.hopeless:
            try:
                return Item(index, given, "done", client.run(operation, job.invocation(given, index)))
            except UnifiedError as error:
                pause = job.pause(error, until)
                if pause is None:
                    return job.failed(index, given, error)
            time.sleep(pause)
        return Item(index, given, "skipped")

    over: SimpleQueue[Future[Item[T]]] = SimpleQueue()
    running = 0

    def collect() -> None:
        ended.append(over.get().result())
        if progress is not None:
            progress(ended[-1])

    with ThreadPoolExecutor(concurrency, thread_name_prefix="unified-bulk") as pool:
        for index, item in enumerate(items):
            # Items are taken as they are needed: a generator over a large file is never held whole.
            pool.submit(context.copy().run, one, index, item).add_done_callback(over.put)
            running += 1
            if running >= 2 * concurrency:
                collect()
                running -= 1
        for _ in range(running):
            collect()
    return Results(ended)


async def amany(
    operation: AsyncOperation[..., T],
    items: Iterable[Mapping[str, Any] | str] | AsyncIterable[Mapping[str, Any] | str],
    *,
    via: str | None = None,
    idempotency_key: str | None = None,
    concurrency: int = CONCURRENCY,
    progress: Progress | None = None,
) -> Results[T]:
    """The async twin of `many`."""
    job = _Job(operation, via, idempotency_key, concurrency)
    client = current.async_client()
    ended: list[Item[T]] = []

    async def one(index: int, given: object) -> None:
        until = time.monotonic() + PATIENCE
        item: Item[T] = Item(index, given, "skipped")
        while not job.hopeless:
            try:
                value: T = await client.run(operation, job.invocation(given, index))
                item = Item(index, given, "done", value)
                break
            except UnifiedError as error:
                pause = job.pause(error, until)
                if pause is None:
                    item = job.failed(index, given, error)
                    break
            await asyncio.sleep(pause)
        ended.append(item)
        if progress is not None and (told := progress(item)) is not None and isinstance(told, Awaitable):
            await told

    running: set[asyncio.Task[None]] = set()
    async with asyncio.TaskGroup() as group:
        index = 0
        async for item in _each(items):
            if len(running) >= concurrency:
                _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            running.add(group.create_task(one(index, item)))
            index += 1
    return Results(ended)


async def _each(items: Iterable[Any] | AsyncIterable[Any]) -> Any:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
