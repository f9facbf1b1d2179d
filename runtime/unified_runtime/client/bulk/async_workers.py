"""Workers of async bulk calls, as tasks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from unified_runtime.client.bulk.results import Item, Progress

A = TypeVar("A")
R = TypeVar("R")

AsyncItems = Iterable[Mapping[str, Any] | str] | AsyncIterable[Mapping[str, Any] | str]


class AsyncWorkers(Generic[A, R]):
    """Runs a job for each input, several at a time; `calls` limits the number of concurrent calls.

    `note` is awaited with the result of each job, in its task.
    """

    def __init__(self, concurrency: int, job: Callable[[A], Awaitable[R]], note: Callable[[R], Awaitable[None]]) -> None:
        self.calls = asyncio.Semaphore(concurrency)
        self._concurrency = concurrency
        self._job = job
        self._note = note
        self._group = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Wait until all jobs have ended."""
        await self._group.__aexit__(kind, error, trace)

    async def start(self, given: A) -> None:
        """Start a job; waits for the end of another if the maximum number is running."""
        if len(self._running) >= self._concurrency:
            _, self._running = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        self._running.add(self._group.create_task(self._run(given)))

    async def _run(self, given: A) -> None:
        await self._note(await self._job(given))

    async def run_all(self, call: Callable[[Any], Awaitable[object]], given: Iterable[Any]) -> None:
        """Make the calls of one job in parallel."""

        async def one(each: Any) -> None:
            async with self.calls:
                await call(each)

        async with asyncio.TaskGroup() as group:
            for each in given:
                group.create_task(one(each))


async def aeach(items: AsyncItems) -> Any:
    """Iterate over the items of an async or a sync iterable."""
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item


async def areport(progress: Progress, item: Item[Any]) -> None:
    """Call a progress function, and await its result if it is awaitable."""
    if isinstance(found := progress(item), Awaitable):
        await found
