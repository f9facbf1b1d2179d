"""Many calls at a time, by threads."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import Context, copy_context
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime import current
from unified_runtime.bulk import remotely
from unified_runtime.bulk.jobs import CONCURRENCY, PATIENCE, Came, Entry, Job, Lot
from unified_runtime.bulk.results import Item, Progress, Results
from unified_runtime.errors import UnifiedError

if TYPE_CHECKING:
    from unified_runtime.calling.client import Client
    from unified_runtime.calling.plans import Plan
    from unified_runtime.folding import Turn
    from unified_runtime.operations import AsyncOperation, Operation

T = TypeVar("T")


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
    job = Job(operation, via, idempotency_key, concurrency)
    client = current.client()
    context = copy_context()
    ended: list[Item[T]] = []

    def one(entry: Entry[T]) -> list[Item[T]]:
        until = time.monotonic() + PATIENCE
        while not job.hopeless:
            try:
                invocation = entry.invocation or job.invocation(entry.given, entry.index)
                return [Item(entry.index, entry.given, "done", client.run(operation, invocation))]
            except UnifiedError as error:
                pause = job.pause(error, until)
                if pause is None:
                    return [job.failed(entry, error)]
            time.sleep(pause)
        return [entry.skipped]

    def several(entries: list[Entry[T]]) -> list[Item[T]]:
        lot = Lot(job, entries)
        while not lot.over():
            time.sleep(lot.ended(_together(lot, client, calls)))
        return lot.items

    over: SimpleQueue[Future[list[Item[T]]]] = SimpleQueue()
    running = 0

    def collect() -> None:
        for item in over.get().result():
            ended.append(item)
            if progress is not None:
                progress(item)

    def start(entries: list[Entry[T]]) -> None:
        if len(entries) == 1:
            made = calls.submit(context.copy().run, one, entries[0])
        else:
            made = lots.submit(context.copy().run, several, entries)
        made.add_done_callback(over.put)

    # What makes calls together waits for them, and must not wait in their way.
    with (
        ThreadPoolExecutor(concurrency, thread_name_prefix="unified-bulk") as calls,
        ThreadPoolExecutor(concurrency, thread_name_prefix="unified-lots") as lots,
    ):
        for index, item in enumerate(items):
            # Items are taken as they are needed: a generator over a large file is never held whole.
            entries = job.lot(index, item, client)
            if entries is None:
                continue
            start(entries)
            running += 1
            if running >= 2 * concurrency:
                collect()
                running -= 1
        for entries in job.rest():
            start(entries)
            running += 1
        for _ in range(running):
            collect()
    return Results(ended)


def _together(lot: Lot[T], client: Client, calls: ThreadPoolExecutor) -> list[tuple[Entry[T], Came]]:
    """Make the calls of a lot, each as far as it goes without the others, and then all of them a step further."""
    if client.remote is not None:
        return calls.submit(copy_context().run, client.perform, remotely.together(lot, client.remote, client.observers)).result()
    from unified_runtime.folding import Chunk, Turn, together

    made: list[tuple[Entry[T], Turn]] = []
    contexts: dict[Turn, Context] = {}
    for entry in lot.left:
        assert entry.invocation is not None
        try:
            turn = Turn(client.folding(lot.job.operation, entry.invocation))
        except UnifiedError as error:
            lot.refused(entry, error)
            continue
        made.append((entry, turn))
        contexts[turn] = copy_context()
    chunk = Chunk(contexts)
    try:
        while not chunk.over:
            if free := chunk.next():
                running = [calls.submit(contexts[turn].run, client.perform, turn.actions()) for turn in free]
            else:
                running = [calls.submit(copy_context().run, client.perform, together(folds)) for folds in chunk.batches()]
            wait(running)
            for done in running:
                done.result()
        return [(entry, Came(turn.value, turn.error)) for entry, turn in made]
    finally:
        for turn in contexts:
            turn.flow.close()


def plan(operation: Operation[..., T] | AsyncOperation[..., T], items: Iterable[Mapping[str, Any] | str], via: str | None) -> Plan:
    """What `many` would send for these items; see `operations.Many.plan`."""
    job = Job(operation, via, None, CONCURRENCY)
    invocations = [job.invocation(item, index) for index, item in enumerate(items)]
    return current.client().plan_many(operation, invocations)


def planned(
    operation: Operation[..., T], items: Iterable[Mapping[str, Any] | str], *, via: str | None = None, idempotency_key: str | None = None
) -> tuple[Plan | None, Results[T]]:
    """What `many` would send for these items; and those for which it would send nothing, each with why. No plan where that is all."""
    job = Job(operation, via, idempotency_key, CONCURRENCY)
    entries: list[Entry[T]] = []
    left: list[Item[T]] = []
    for index, item in enumerate(items):
        entry = Entry[T](index, item)
        try:
            entry.invocation = job.invocation(item, index)
        except UnifiedError as error:
            left.append(job.failed(entry, error))
        else:
            entries.append(entry)

    def refused(number: int, error: UnifiedError) -> None:
        left.append(job.failed(entries[number], error))

    if not entries:
        return None, Results(left)
    invocations = [entry.invocation for entry in entries if entry.invocation is not None]
    plan = current.client().plan_many(operation, invocations, refused)
    return plan if plan.requests else None, Results(left)
