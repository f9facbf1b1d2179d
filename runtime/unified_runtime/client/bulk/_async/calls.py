"""Bulk calls of one operation for many inputs, several at a time."""

from __future__ import annotations

import asyncio
import itertools
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from unified_runtime.client import current
from unified_runtime.client.bulk import broker
from unified_runtime.client.bulk.async_workers import AsyncItems, AsyncWorkers, aeach, areport
from unified_runtime.client.bulk.base import CONCURRENCY, PATIENCE, CallBatch, Entry, Job
from unified_runtime.client.bulk.results import Item, Progress, Results
from unified_runtime.client.sources import aread_source
from unified_runtime.core.call_results import CallResult
from unified_runtime.core.errors import UnifiedError

if TYPE_CHECKING:
    from unified_runtime.client._async.client import AsyncClient
    from unified_runtime.core.operations import OperationBase
    from unified_runtime.execution.batching import PendingCall

T = TypeVar("T")


async def amany(
    operation: OperationBase[..., T],
    items: AsyncItems,
    *,
    via: str | None = None,
    idempotency_key: str | None = None,
    concurrency: int = CONCURRENCY,
    progress: Progress | None = None,
    patience: float = PATIENCE,
) -> Results[T]:
    """Make a call for each item; see `operations.Many`. An item waits at most `patience` seconds for rate limits."""
    job = Job(operation, via, idempotency_key, concurrency, patience)
    client = current.async_client()
    ended: list[Item[T]] = []

    async def one(entry: Entry[T]) -> list[Item[T]]:
        until = monotonic() + patience
        while not job.hopeless:
            try:
                invocation = entry.invocation or job.invocation(entry.given, entry.index)
                async with workers.calls:
                    value: T = await client.run(operation, invocation)
                return [Item(entry.index, entry.given, "done", value)]
            except UnifiedError as error:
                pause = job.pause(error, until)
                if pause is None:
                    return [job.failed(entry, error)]
            await asyncio.sleep(pause)
        return [entry.skipped]

    async def make(entries: list[Entry[T]]) -> list[Item[T]]:
        if len(entries) == 1:
            return await one(*entries)
        lot = CallBatch(job, entries)
        while not lot.over():
            pause = lot.ended(await _make_batch(lot, client, workers))
            await asyncio.sleep(pause)
        return lot.items

    async def note(items: list[Item[T]]) -> None:
        for item in items:
            ended.append(item)
            if progress is not None:
                await areport(progress, item)

    if client.connections.source is not None:
        await aread_source(client.connections)
    workers = AsyncWorkers(concurrency, make, note)
    async with workers:
        numbers = itertools.count()
        async for item in aeach(items):
            entries = job.batch(next(numbers), item, client)
            if entries is not None:
                await workers.start(entries)
        for entries in job.rest():
            await workers.start(entries)
    return Results(ended)


async def _make_batch(
    batch: CallBatch[T], client: AsyncClient, workers: AsyncWorkers[list[Entry[T]], list[Item[T]]]
) -> list[tuple[Entry[T], CallResult]]:
    """Make the calls of a lot: run each until it waits for the others, then continue all of them."""
    if client.broker_client is not None:
        async with workers.calls:
            return await client.perform(broker.call_many(batch, client.broker_client, client.observers))
    from unified_runtime.execution.batching import BatchQueue, PendingCall, send_batch

    made: list[tuple[Entry[T], PendingCall]] = []
    for entry in batch.left:
        assert entry.invocation is not None
        try:
            made.append((entry, PendingCall(await client.batching_flow(batch.job.operation, entry.invocation))))
        except UnifiedError as error:
            batch.refused(entry, error)
    queue = BatchQueue(pending for _, pending in made)
    try:
        while not queue.over:
            free = queue.next()
            flows = [pending.actions() for pending in free] if free else [send_batch(slots) for slots in queue.batches()]
            await workers.run_all(client.perform, flows)
        return [(entry, CallResult(pending.value, pending.error)) for entry, pending in made]
    finally:
        for _, call in made:
            call.flow.close()
