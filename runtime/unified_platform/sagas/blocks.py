"""A saga as a `with` block: its calls are steps, and what is not left in peace is rolled back.

The body of a block is code that nothing can run again. So it is not resumed after a crash: whoever finds its journal takes back what it had
done. Each step is in the journal, with how it is undone, before it is made. The steps are made by a saga of their own beside the block
(`Sagas`), which the block asks for one after another; that saga is durable like any other, and goes on without the block.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from unified_platform.sagas.calling import data_of, whose
from unified_platform.sagas.clients import AsyncStepping, Stepping
from unified_platform.sagas.declared import step_of
from unified_platform.sagas.errors import SagaFailed
from unified_platform.sagas.saga import Planned, call
from unified_runtime import AsyncClient, Client
from unified_runtime.context import current_acting
from unified_runtime.errors import InvalidInput, UnifiedError
from unified_runtime.observing import saga as observing_saga
from unified_runtime.operations import Invocation, Operation
from unified_runtime.sagas import Report, Undo

if TYPE_CHECKING:
    from contextvars import Token

    from unified_platform.sagas.engine import Run, Sagas

T = TypeVar("T")


class Desk:
    """Where a block's wishes are handed over to the saga that makes them, one at a time."""

    def __init__(self) -> None:
        self._wishes: queue.SimpleQueue[tuple[dict[str, Any], Future[Any]]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._current: Future[Any] | None = None
        self._open = True

    # ------------------------------------------------------------------------------------------------ the block's side
    def ask(self, wish: dict[str, Any]) -> Future[Any]:
        """Hand over a wish. The future raises where the saga has ended."""
        future: Future[Any] = Future()
        with self._lock:
            if self._open:
                self._wishes.put((wish, future))
                return future
        future.set_exception(UnifiedError("the saga has ended, and makes no more steps"))
        return future

    def leave(self) -> None:
        """The block will ask for nothing more, and cannot say why."""
        cause = UnifiedError("the block was left without an end")
        self.ask({"end": "gone", "cause": data_of(cause)})

    # ------------------------------------------------------------------------------------------------ the saga's side
    def next(self, until: float | None) -> dict[str, Any]:
        """The next wish; an end where its time is over."""
        try:
            wish, self._current = self._wishes.get(timeout=None if until is None else max(0.0, until - time.time()))
        except queue.Empty:
            return {"end": "late"}
        return wish

    def answer(self, value: Any) -> None:
        if self._current is not None:
            self._current.set_result(value)

    def refuse(self, error: UnifiedError) -> None:
        if self._current is not None:
            self._current.set_exception(error)

    def close(self) -> None:
        """No more wishes are granted; those who wait are told."""
        with self._lock:
            self._open = False
        waiting = [self._current] if self._current is not None else []
        while not self._wishes.empty():
            waiting.append(self._wishes.get()[1])
        for future in waiting:
            if not future.done():
                future.set_exception(UnifiedError("the saga has ended, and makes no more steps"))


class Block:
    """A saga as a block. Each call inside it is a step: `tasks.create(…)`, and under `async with` `await aio.tasks.create(…)`.

    Leaving the block ends the saga. An exception takes back what was done, last first, and becomes a `SagaFailed`. A process that dies in
    the block leaves it to the next one, or to another that lives, to take back: a block is rolled back after a crash, and never resumed.
    Only a last step that cannot be taken back is gone through with once it was begun. Lists and downloads are no steps.

    Attributes:
        id: the saga's.
        report: what became of it; None until the block was left.
    """

    def __init__(self, sagas: Sagas, name: str, id: str, timeout: float | None) -> None:
        self.id = id
        self.name = name
        self.report: Report | None = None
        self._sagas = sagas
        self._timeout = timeout
        self._desk = Desk()
        self._run: Run[Any] | None = None
        self._client: Client | AsyncClient | None = None
        self._token: Token[str | None] | None = None

    # ------------------------------------------------------------------------------------------------ steps
    def run(
        self,
        operation: Operation[..., T],
        /,
        *args: Any,
        undo: Callable[[T], Undo | None] | None = None,
        irreversible: bool = False,
        timeout: float | None = None,
        **inputs: Any,
    ) -> T:
        """Make a call as the next step, where more is to be said of it than a plain call does; see `Saga.run`.

        `undo` is asked before the step is made, so that it is in the journal: it may hand on fields of the value, such as `made.id`, but
        not read them.
        """
        value: T = self.together(call(operation, *args, undo=undo, irreversible=irreversible, timeout=timeout, **inputs))[0]
        return value

    def together(self, *steps: Planned[Any]) -> tuple[Any, ...]:
        """Make steps at the same time; see `Saga.together`."""
        return tuple(self._desk.ask(self._wish(steps)).result())

    def step(self, name: str, function: Callable[[], T]) -> T:
        """Run a function of one's own, here and now, and note its name in the journal. It is not undone."""
        value = function()
        self._desk.ask({"note": name})
        return value

    async def arun(
        self,
        operation: Operation[..., T],
        /,
        *args: Any,
        undo: Callable[[T], Undo | None] | None = None,
        irreversible: bool = False,
        timeout: float | None = None,  # noqa: ASYNC109  the step's, across restarts
        **inputs: Any,
    ) -> T:
        """The async twin of `run`; it takes the same operations."""
        found = await self.atogether(call(operation, *args, undo=undo, irreversible=irreversible, timeout=timeout, **inputs))
        value: T = found[0]
        return value

    async def atogether(self, *steps: Planned[Any]) -> tuple[Any, ...]:
        """The async twin of `together`."""
        return tuple(await asyncio.wrap_future(self._desk.ask(self._wish(steps))))

    def _wish(self, steps: Sequence[Planned[Any]]) -> dict[str, Any]:
        acting = whose(current_acting())
        return {"steps": [msgspec.to_builtins(step_of(step, acting)) for step in steps]}

    # ------------------------------------------------------------------------------------------------ beginning and end
    def __enter__(self) -> Block:
        self._begin()
        self._token = observing_saga.set(self.id)
        sync = Stepping(self._sagas.client, lambda operation, invocation: self.together(Planned(operation, invocation))[0])
        sync.__enter__()
        self._client = sync
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert isinstance(self._client, Client)
        self._client.__exit__(kind, error, trace)
        self._raised(self._end(error), error)

    async def __aenter__(self) -> Block:
        await asyncio.to_thread(self._begin)
        self._token = observing_saga.set(self.id)

        async def make(operation: Operation[..., Any], invocation: Invocation[Any]) -> Any:
            return (await self.atogether(Planned(operation, invocation)))[0]

        client = self._sagas.client
        stands = AsyncClient(settings=client.settings, connections=client.connections)
        stands.remote = client.remote
        made = AsyncStepping(stands, make)
        await made.__aenter__()
        self._client = made
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert isinstance(self._client, AsyncClient)
        await self._client.__aexit__(kind, error, trace)
        # Shielded: a task that is cancelled still waits until what it did is taken back.
        ending = asyncio.ensure_future(asyncio.to_thread(self._end, error))
        canceled: asyncio.CancelledError | None = None
        while not ending.done():
            try:
                await asyncio.shield(ending)
            except asyncio.CancelledError as told:
                canceled = told
        if canceled is not None and error is None:
            raise canceled
        self._raised(ending.result(), error)

    def _begin(self) -> None:
        if self._run is not None:
            raise InvalidInput("a block is entered once")
        self._run = self._sagas.begun(self, self._desk, self._timeout)

    def _end(self, error: BaseException | None) -> SagaFailed | None:
        assert self._run is not None
        if error is None:
            self._desk.ask({"end": "done"})
        else:
            told = error if isinstance(error, UnifiedError) else UnifiedError(f"{type(error).__name__}: {error}")
            self._desk.ask({"end": "failed", "cause": data_of(told)})
        try:
            self._run.result()
            failed = None
        except SagaFailed as found:
            failed = found
        self.report = self._run.report()
        return failed

    def _raised(self, failed: SagaFailed | None, error: BaseException | None) -> None:
        """Raises SagaFailed, but where the block was left for a reason that is none of its own, such as Ctrl-C: that goes on its way."""
        if self._token is not None:
            observing_saga.reset(self._token)
            self._token = None
        if failed is not None and (error is None or isinstance(error, Exception)):
            raise failed from error
