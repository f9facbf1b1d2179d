"""Many calls at a time, by tasks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, Awaitable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime import current
from unified_runtime.bulk import remotely
from unified_runtime.bulk.jobs import CONCURRENCY, PATIENCE, Came, Entry, Job, Lot
from unified_runtime.bulk.results import Item, Progress, Results
from unified_runtime.context import current_acting
from unified_runtime.errors import UnifiedError

if TYPE_CHECKING:
    from unified_runtime.calling.aio_client import AsyncClient
    from unified_runtime.driving.driver import Flow
    from unified_runtime.folding import Turn
    from unified_runtime.operations import AsyncOperation

T = TypeVar("T")


async def amany(
    operation: AsyncOperation[..., T],
    items: Iterable[Mapping[str, Any] | str] | AsyncIterable[Mapping[str, Any] | str],
    *,
    via: str | None = None,
    idempotency_key: str | None = None,
    concurrency: int = CONCURRENCY,
    progress: Progress | None = None,
    patience: float = PATIENCE,
) -> Results[T]:
    """The async twin of `many`; a rate limit is waited for so many seconds."""
    job = Job(operation, via, idempotency_key, concurrency, patience)
    client = current.async_client()
    calls = asyncio.Semaphore(concurrency)
    ended: list[Item[T]] = []

    async def one(entry: Entry[T]) -> list[Item[T]]:
        until = time.monotonic() + patience
        while not job.hopeless:
            try:
                invocation = entry.invocation or job.invocation(entry.given, entry.index)
                async with calls:
                    value: T = await client.run(operation, invocation)
                return [Item(entry.index, entry.given, "done", value)]
            except UnifiedError as error:
                pause = job.pause(error, until)
                if pause is None:
                    return [job.failed(entry, error)]
            await asyncio.sleep(pause)
        return [entry.skipped]

    async def several(entries: list[Entry[T]]) -> list[Item[T]]:
        lot = Lot(job, entries)
        while not lot.over():
            pause = lot.ended(await _together(lot, client, calls))
            await asyncio.sleep(pause)
        return lot.items

    async def make(entries: list[Entry[T]]) -> None:
        for item in await (one(*entries) if len(entries) == 1 else several(entries)):
            ended.append(item)
            if progress is not None and (told := progress(item)) is not None and isinstance(told, Awaitable):
                await told

    if client.connections.source is not None:
        await client.connections.warmed(current_acting().owner)
    running: set[asyncio.Task[None]] = set()
    async with asyncio.TaskGroup() as group:
        index = 0
        async for item in _each(items):
            entries = job.lot(index, item, client)
            index += 1
            if entries is None:
                continue
            if len(running) >= concurrency:
                _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            running.add(group.create_task(make(entries)))
        for entries in job.rest():
            group.create_task(make(entries))
    return Results(ended)


async def _together(lot: Lot[T], client: AsyncClient, calls: asyncio.Semaphore) -> list[tuple[Entry[T], Came]]:
    """The async twin of `sync._together`."""
    if client.remote is not None:
        async with calls:
            return await client.perform(remotely.together(lot, client.remote, client.observers))
    from unified_runtime.folding import Chunk, Turn, together

    made: list[tuple[Entry[T], Turn]] = []
    for entry in lot.left:
        assert entry.invocation is not None
        try:
            made.append((entry, Turn(await client.folding(lot.job.operation, entry.invocation))))
        except UnifiedError as error:
            lot.refused(entry, error)
    chunk = Chunk(turn for _, turn in made)

    async def perform(flow: Flow[None]) -> None:
        async with calls:
            await client.perform(flow)

    try:
        while not chunk.over:
            free = chunk.next()
            flows = [turn.actions() for turn in free] if free else [together(folds) for folds in chunk.batches()]
            async with asyncio.TaskGroup() as group:
                for flow in flows:
                    group.create_task(perform(flow))
        return [(entry, Came(turn.value, turn.error)) for entry, turn in made]
    finally:
        for _, turn in made:
            turn.flow.close()


async def _each(items: Iterable[Any] | AsyncIterable[Any]) -> Any:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
