# Written by `make sync` from ../_async/calls.py; edit that module.
"""Bulk calls of one operation for many inputs, several at a time."""

from __future__ import annotations

import itertools
import time
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from unified_runtime.client import current
from unified_runtime.client.bulk import broker
from unified_runtime.client.bulk.base import CONCURRENCY, PATIENCE, CallBatch, Entry, Job
from unified_runtime.client.bulk.results import Item, Progress, Results
from unified_runtime.client.bulk.workers import Items, Workers, each, report
from unified_runtime.client.sources import read_source
from unified_runtime.core.call_results import CallResult
from unified_runtime.core.errors import UnifiedError

if TYPE_CHECKING:
    from unified_runtime.client._sync.client import Client
    from unified_runtime.core.operations import OperationBase
    from unified_runtime.execution.batching import PendingCall

T = TypeVar("T")


def many(
    operation: OperationBase[..., T],
    items: Items,
    *,
    via: str | None = None,
    idempotency_key: str | None = None,
    concurrency: int = CONCURRENCY,
    progress: Progress | None = None,
    patience: float = PATIENCE,
) -> Results[T]:
    """Make a call for each item; see `operations.Many`. An item waits at most `patience` seconds for rate limits."""
    job = Job(operation, via, idempotency_key, concurrency, patience)
    client = current.client()
    ended: list[Item[T]] = []

    def one(entry: Entry[T]) -> list[Item[T]]:
        until = monotonic() + patience
        while not job.hopeless:
            try:
                invocation = entry.invocation or job.invocation(entry.given, entry.index)
                with workers.calls:
                    value: T = client.run(operation, invocation)
                return [Item(entry.index, entry.given, "done", value)]
            except UnifiedError as error:
                pause = job.pause(error, until)
                if pause is None:
                    return [job.failed(entry, error)]
            time.sleep(pause)
        return [entry.skipped]

    def make(entries: list[Entry[T]]) -> list[Item[T]]:
        if len(entries) == 1:
            return one(*entries)
        lot = CallBatch(job, entries)
        while not lot.over():
            pause = lot.ended(_make_batch(lot, client, workers))
            time.sleep(pause)
        return lot.items

    def note(items: list[Item[T]]) -> None:
        for item in items:
            ended.append(item)
            if progress is not None:
                report(progress, item)

    if client.connections.source is not None:
        read_source(client.connections)
    workers = Workers(concurrency, make, note)
    with workers:
        numbers = itertools.count()
        for item in each(items):
            entries = job.batch(next(numbers), item, client)
            if entries is not None:
                workers.start(entries)
        for entries in job.rest():
            workers.start(entries)
    return Results(ended)


def _make_batch(batch: CallBatch[T], client: Client, workers: Workers[list[Entry[T]], list[Item[T]]]) -> list[tuple[Entry[T], CallResult]]:
    """Make the calls of a lot: run each until it waits for the others, then continue all of them."""
    if client.broker_client is not None:
        with workers.calls:
            return client.perform(broker.call_many(batch, client.broker_client, client.observers))
    from unified_runtime.execution.batching import BatchQueue, PendingCall, send_batch

    made: list[tuple[Entry[T], PendingCall]] = []
    for entry in batch.left:
        assert entry.invocation is not None
        try:
            made.append((entry, PendingCall(client.batching_flow(batch.job.operation, entry.invocation))))
        except UnifiedError as error:
            batch.refused(entry, error)
    queue = BatchQueue(pending for _, pending in made)
    try:
        while not queue.over:
            free = queue.next()
            flows = [pending.actions() for pending in free] if free else [send_batch(slots) for slots in queue.batches()]
            workers.run_all(client.perform, flows)
        return [(entry, CallResult(pending.value, pending.error)) for entry, pending in made]
    finally:
        for _, call in made:
            call.flow.close()
