"""A saga as a `with` block: its calls are steps, which are rolled back if the block ends with an exception.

The body of a block cannot be run again, so it is not resumed after a crash: the process that finds its journal rolls its steps back.
Each step is in the journal, with its compensation, before it is executed. The steps are made by a saga of their own beside the block
(`Sagas`), which gets them from the block one after another; that saga is durable like any other, and goes on without the block.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from unified_platform.sagas.errors import SagaFailed
from unified_platform.sagas.planned_steps import PlannedStep, call
from unified_platform.sagas.runs import Run
from unified_platform.sagas.step_calls import acting_fields, data_of
from unified_platform.sagas.step_clients import AsyncStepClientAdapter, StepClientAdapter
from unified_platform.sagas.submitted_steps import step_of
from unified_runtime import AsyncClient, Client, using
from unified_runtime.client.operations import Operation
from unified_runtime.client.saga_steps import Undo
from unified_runtime.client.using import Using
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.core.observers import saga as observing_saga
from unified_runtime.core.operations import Invocation, OperationBase
from unified_runtime.core.wire.sagas import Report

if TYPE_CHECKING:
    from contextvars import Token

T = TypeVar("T")


class StepQueue:
    """Queue that passes the steps of a block to the saga that makes them, one at a time."""

    def __init__(self) -> None:
        self._wishes: queue.SimpleQueue[tuple[dict[str, Any], Future[Any]]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._current: Future[Any] | None = None
        self._open = True

    # ------------------------------------------------------------------------------------------------ the block's side
    def put(self, wish: dict[str, Any]) -> Future[Any]:
        """Hand over a wish. The future raises where the saga has ended."""
        future: Future[Any] = Future()
        with self._lock:
            if self._open:
                self._wishes.put((wish, future))
                return future
        future.set_exception(UnifiedError("the saga has ended, and makes no more steps"))
        return future

    def leave(self) -> None:
        """End the saga of a block that was left without an end."""
        cause = UnifiedError("the block was left without an end")
        self.put({"end": "gone", "cause": data_of(cause)})

    # ------------------------------------------------------------------------------------------------ the saga's side
    def next(self, until: float | None) -> dict[str, Any]:
        """The next wish; an end where its time is over."""
        try:
            wish, self._current = self._wishes.get(timeout=None if until is None else max(0.0, until - time.time()))
        except queue.Empty:
            return {"end": "late"}
        return wish

    def complete(self, value: Any) -> None:
        if self._current is not None:
            self._current.set_result(value)

    def fail(self, error: UnifiedError) -> None:
        if self._current is not None:
            self._current.set_exception(error)

    def close(self) -> None:
        """Reject further steps, and fail those that wait."""
        with self._lock:
            self._open = False
        waiting = [self._current] if self._current is not None else []
        while not self._wishes.empty():
            waiting.append(self._wishes.get()[1])
        for future in waiting:
            if not future.done():
                future.set_exception(UnifiedError("the saga has ended, and makes no more steps"))


class BlockStarter(Protocol):
    """Starts the saga beside a block."""

    @property
    def client(self) -> Client: ...

    def begun(self, block: Block, step_queue: StepQueue, timeout: float | None) -> Run[None]: ...


class Block:
    """A saga as a block. Each call inside it is a step: `tasks.create(…)`, and under `async with` `await aio.tasks.create(…)`.

    Leaving the block ends the saga. An exception undoes the executed steps, last first, and becomes a `SagaFailed`. A process that dies in
    the block leaves it to the next one, or to another that lives, to take back: a block is rolled back after a crash, and never resumed.
    Only an irreversible last step is completed once it was begun. Lists and downloads are not steps.

    Attributes:
        id: the saga's.
        report: what became of it; None until the block was left.
    """

    def __init__(self, sagas: BlockStarter, name: str, id: str, timeout: float | None) -> None:
        self.id = id
        self.name = name
        self.report: Report | None = None
        self._sagas = sagas
        self._timeout = timeout
        self._steps = StepQueue()
        self._run: Run[Any] | None = None
        self._using: Using[Any] | None = None
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
        """Make a call as the next step, with more options than a plain call; see `Saga.run`.

        `undo` is called before the step is made, so that it is in the journal: it may pass on fields of the value, such as `made.id`, but
        not read them.
        """
        value: T = self.together(call(operation, *args, undo=undo, irreversible=irreversible, timeout=timeout, **inputs))[0]
        return value

    def together(self, *steps: PlannedStep[Any]) -> tuple[Any, ...]:
        """Make steps at the same time; see `Saga.together`."""
        return tuple(self._steps.put(self._wish(steps)).result())

    def step(self, name: str, function: Callable[[], T]) -> T:
        """Run a function of one's own, here and now, and note its name in the journal. It is not undone."""
        value = function()
        self._steps.put({"note": name})
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
        """The async twin of `run`; it accepts the same operations."""
        found = await self.atogether(call(operation, *args, undo=undo, irreversible=irreversible, timeout=timeout, **inputs))
        value: T = found[0]
        return value

    async def atogether(self, *steps: PlannedStep[Any]) -> tuple[Any, ...]:
        """The async twin of `together`."""
        return tuple(await asyncio.wrap_future(self._steps.put(self._wish(steps))))

    def _wish(self, steps: Sequence[PlannedStep[Any]]) -> dict[str, Any]:
        acting = acting_fields(current_acting())
        return {"steps": [msgspec.to_builtins(step_of(step, acting)) for step in steps]}

    # ------------------------------------------------------------------------------------------------ beginning and end
    def __enter__(self) -> Block:
        self._begin()
        self._token = observing_saga.set(self.id)
        sync = StepClientAdapter(self._sagas.client, lambda operation, invocation: self.together(PlannedStep(operation, invocation))[0])
        self._using = using(sync)
        self._using.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._using is not None
        self._using.__exit__(kind, error, trace)
        self._raised(self._end(error), error)

    async def __aenter__(self) -> Block:
        await asyncio.to_thread(self._begin)
        self._token = observing_saga.set(self.id)

        async def make(operation: OperationBase[..., Any], invocation: Invocation[Any]) -> Any:
            return (await self.atogether(PlannedStep(operation, invocation)))[0]

        client = self._sagas.client
        made = AsyncClient(settings=client.settings, connections=client.connections)
        made.broker_client = client.broker_client
        made = AsyncStepClientAdapter(made, make)
        self._using = using(made)
        self._using.__enter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._using is not None
        self._using.__exit__(kind, error, trace)
        # Shielded: a task that is cancelled still waits until what it did is taken back.
        ending = asyncio.ensure_future(asyncio.to_thread(self._end, error))
        canceled: asyncio.CancelledError | None = None
        while not ending.done():
            try:
                await asyncio.shield(ending)
            except asyncio.CancelledError as data:
                canceled = data
        if canceled is not None and error is None:
            raise canceled
        self._raised(ending.result(), error)

    def _begin(self) -> None:
        if self._run is not None:
            raise InvalidInput("a block is entered once")
        self._run = self._sagas.begun(self, self._steps, self._timeout)

    def _end(self, error: BaseException | None) -> SagaFailed | None:
        assert self._run is not None
        if error is None:
            self._steps.put({"end": "done"})
        else:
            data = error if isinstance(error, UnifiedError) else UnifiedError(f"{type(error).__name__}: {error}")
            self._steps.put({"end": "failed", "cause": data_of(data)})
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
