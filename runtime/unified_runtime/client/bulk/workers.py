"""Workers of sync bulk calls, as threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from unified_runtime.client.bulk.results import Item, Progress

A = TypeVar("A")
R = TypeVar("R")

Items = Iterable[Mapping[str, Any] | str]


class Workers(Generic[A, R]):
    """Runs a job for each input, several at a time; `calls` limits the number of concurrent calls.

    `note` is called with the result of each job, in the thread that starts them.
    """

    def __init__(self, concurrency: int, job: Callable[[A], R], note: Callable[[R], None]) -> None:
        self.calls = threading.Semaphore(concurrency)
        self._most = 2 * concurrency
        self._job = job
        self._note = note
        self._context = copy_context()
        self._jobs = ThreadPoolExecutor(concurrency, thread_name_prefix="unified-bulk")
        # The calls of a job have their own threads, since the job's thread waits for them.
        self._parallel = ThreadPoolExecutor(concurrency, thread_name_prefix="unified-batch")
        self._ended: SimpleQueue[Future[R]] = SimpleQueue()
        self._running = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Wait until all jobs have ended."""
        try:
            while kind is None and self._running:
                self._collect()
        finally:
            self._jobs.shutdown()
            self._parallel.shutdown()

    def start(self, given: A) -> None:
        """Start a job; waits for the end of another if the maximum number is running."""
        self._jobs.submit(self._context.copy().run, self._job, given).add_done_callback(self._ended.put)
        self._running += 1
        if self._running >= self._most:
            self._collect()

    def _collect(self) -> None:
        self._running -= 1
        self._note(self._ended.get().result())

    def run_all(self, call: Callable[[Any], object], given: Iterable[Any]) -> None:
        """Make the calls of one job in parallel."""

        def one(each: Any) -> None:
            with self.calls:
                call(each)

        made = [self._parallel.submit(copy_context().run, one, each) for each in given]
        wait(made)
        for future in made:
            future.result()


def each(items: Items) -> Iterator[Any]:
    """Iterate over items as they are needed: a generator over a large file is not read in advance."""
    return iter(items)


def report(progress: Progress, item: Item[Any]) -> None:
    """Call a progress function."""
    progress(item)
