"""One saga while it runs: its steps, each made once, and how they are undone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NoReturn, TypeVar, overload

import msgspec

from unified_platform.sagas import journal, step_calls
from unified_platform.sagas.errors import Left, SagaFailed, TimeOver
from unified_platform.sagas.journal import CodeChanged, Entry
from unified_platform.sagas.planned_steps import PlannedStep, call
from unified_platform.sagas.rollback import Rollback
from unified_platform.sagas.step_calls import Call, ImpossibleCall, data_of, error_of
from unified_platform.sagas.step_execution import Engine, RunningStep, StepExecutor, no_value, title_of
from unified_runtime.client.arguments import bind
from unified_runtime.client.saga_steps import Undo, given
from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.core.operations import OperationBase
from unified_runtime.execution.idempotent_writes import decoded

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


class Saga:
    """The steps of one run. Handed to the function of a saga, which calls `run` for each.

    Attributes:
        id: the saga's, under which each call gets its idempotency key.
        until: when its time is over, in seconds since 1970; None for a saga without a timeout.
    """

    def __init__(
        self,
        id: str,
        engine: Engine,
        using: step_calls.StepClient,
        find: Callable[[str], OperationBase[..., Any]],
        *,
        until: float | None = None,
        settling: Callable[[], bool] = lambda: False,
    ) -> None:
        self.id = id
        caller = step_calls.StepCaller(using, lambda: self._changed is not None or settling())
        self._executor = StepExecutor(engine, caller, find)
        self._rollback = Rollback(id, self._executor)
        self.until = until
        self._thread = threading.get_ident()
        self._records = 0
        self._changed: str | None = None
        self._ahead: dict[str, Any] | None = None

    def roll_back(self, cause: UnifiedError) -> SagaFailed:
        """Undo the executed steps, last first, and return the error of the saga."""
        return self._rollback.roll_back(cause)

    def check_unconfirmed(self) -> None:
        """Look up the steps of which it is not known if they were executed, once a person requests that; undo those that were."""
        self._rollback.check_unconfirmed()

    @property
    def ended(self) -> bool:
        """True if the irreversible step, which is the last one, was executed."""
        return self._rollback.last is not None

    @property
    def undone(self) -> Sequence[str]:
        """The steps that were taken back so far."""
        return self._rollback.undone

    @property
    def left(self) -> Sequence[Left]:
        """Steps that need manual action so far."""
        return self._rollback.left

    def run(
        self,
        operation: OperationBase[..., T],
        /,
        *args: Any,
        undo: Callable[[T], Undo | None] | None = None,
        irreversible: bool = False,
        timeout: float | None = None,
        **inputs: Any,
    ) -> T:
        """Make a call as the saga's next step and return its value.

        Args:
            operation: such as `tasks.create`; `args` and `inputs` are its own.
            undo: from the step's value, the call that undoes it; by default derived: a created record is deleted, a changed one gets
                its old values.
            irreversible: the step cannot be taken back, and is the saga's last.
            timeout: seconds for all tries of this step.

        Raises:
            UnifiedError: what the call came to. Leave it to end the saga, or catch it and go another way.
        """
        value: T = self.make([call(operation, *args, undo=undo, irreversible=irreversible, timeout=timeout, **inputs)])[0]
        return value

    @overload
    def together(self, first: PlannedStep[A], second: PlannedStep[B], /) -> tuple[A, B]: ...
    @overload
    def together(self, first: PlannedStep[A], second: PlannedStep[B], third: PlannedStep[C], /) -> tuple[A, B, C]: ...
    @overload
    def together(self, *steps: PlannedStep[Any]) -> tuple[Any, ...]: ...
    def together(self, *steps: PlannedStep[Any]) -> tuple[Any, ...]:
        """Make steps at the same time and return their values in the order in which they are given.

        All of them are made or none: where one fails, those that were not begun are not, those under way are waited for, and what was done
        is taken back at once, in the reverse of the order given. Then the first error is raised.
        """
        return tuple(self.make(steps))

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        """Run a function once as a step and return its JSON value. For values that no call returns, such as the time or a random number.

        Raises:
            UnifiedError: the function raised; the cause is its own error. After a restart the same error is raised again.
        """
        self._check()
        failure: Exception | None = None

        def noted() -> dict[str, Any]:
            nonlocal failure
            try:
                return {"note": name, "value": self._executor.engine.plain(function())}
            except UnifiedError as error:
                failure = error
                return {"note": name, "error": data_of(error)}
            except Exception as error:  # noqa: BLE001  the caller's own function
                failure = error
                return {"note": name, "error": data_of(UnifiedError(f"{name}: {type(error).__name__}: {error}"))}

        record, _ = self._record(noted)
        if record.get("note") != name:
            self._stop(record, {"note": name})
        self._executor.number += 1
        if "error" in record:
            raise error_of(record["error"]) from failure
        return record["value"]

    # ------------------------------------------------------------------------------------------------ the journal
    def _record(self, record: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], bool]:
        """Return the journal's next record, and whether it was written just now rather than by an earlier process."""
        self._records += 1
        new = False

        def written() -> dict[str, Any]:
            nonlocal new
            new = True
            return record()

        found: dict[str, Any] = self._executor.engine.step(f"record {self._records}", written)
        return found, new

    def _stop(self, record: dict[str, Any], now: Mapping[str, Any]) -> NoReturn:
        """The code no longer does what the journal holds: nothing new is sent, and what was sent is settled by `finish`."""
        self._ahead = record
        self._changed = journal.difference(record, now, self._executor.number + 1)
        raise CodeChanged

    def finish(self, end: dict[str, Any]) -> dict[str, Any]:
        """End a saga whose steps its own code makes. Steps that the journal holds and the code no longer makes are settled before.

        Returns:
            How it ended, as the journal holds it: `end` is `done`, with the `value`, or `failed`, with the `cause`.
        """
        while True:
            if self._changed is not None:
                end = (
                    {"end": "done", "value": None}
                    if self.ended
                    else {"end": "failed", "cause": data_of(journal.changed_error(self._changed))}
                )
            record, new = (self._ahead, False) if self._ahead is not None else self._record(partial(dict, end))
            self._ahead = None
            if "end" in record:
                return record
            self._changed = self._changed or journal.difference(record, end, self._executor.number + 1)
            if "steps" not in record:
                self._executor.number += 1
                continue
            try:
                self._execute_steps(self._from(journal.entries(record["steps"])), new)
            except UnifiedError:
                continue  # what it left behind is accounted for

    def wanted(self, next: Callable[[float | None], dict[str, Any]], planned: Callable[[Any], list[PlannedStep[Any]]]) -> dict[str, Any]:
        """Return what a block wants next, saved before any of it is executed. Its steps are executed: `values`, or `error`."""

        def record() -> dict[str, Any]:
            wish = next(self.until)
            return self._refusable(lambda: planned(wish["steps"])) if "steps" in wish else wish

        found, new = self._record(record)
        if "steps" not in found and "refused" not in found:
            return found
        try:
            return {"values": self._ran(found, new)}
        except UnifiedError as error:
            return {"error": error}

    def declared(self, planned: Callable[[], list[PlannedStep[Any]]]) -> list[Any]:
        """Make steps that are given as data, at the same time; return their values."""
        return self._ran(*self._record(lambda: self._refusable(planned)))

    def _refusable(self, planned: Callable[[], list[PlannedStep[Any]]]) -> dict[str, Any]:
        try:
            return self._steps(planned())
        except UnifiedError as error:
            return {"refused": data_of(error)}

    def _ran(self, record: dict[str, Any], new: bool) -> list[Any]:
        if "refused" in record:
            raise error_of(record["refused"])
        return self._execute_steps(self._from(journal.entries(record["steps"])), new)

    def _steps(self, planned: Sequence[PlannedStep[Any]]) -> dict[str, Any]:
        """Return the record of the next steps.

        Raises:
            UnifiedError: a step cannot be executed or undone.
        """
        if self._rollback.last is not None:
            raise InvalidInput(f"{self._rollback.last} cannot be taken back, so that no step can follow it")
        if len(planned) > 1 and any(one.irreversible for one in planned):
            raise InvalidInput("a step that cannot be taken back is the last, and made by itself")
        found = journal.prepared(self._executor.caller.using.client, planned, self._executor.number + 1, self.id, self._executor.known)
        record: dict[str, Any] = msgspec.json.decode(msgspec.json.encode({"steps": found}))
        return record

    # ------------------------------------------------------------------------------------------------ making
    def make(self, planned: Sequence[PlannedStep[Any]]) -> list[Any]:
        """Make steps of the saga's own code at the same time; see `together`."""
        self._check()
        now = self._steps(planned)
        if not planned:
            return []
        record, new = self._record(lambda: now)
        if record != now:
            self._stop(record, now)
        values = self._execute_steps(self._from(journal.entries(record["steps"]), planned), new)
        if self._changed is not None:
            raise CodeChanged
        return values

    def _check(self) -> None:
        if threading.get_ident() != self._thread:
            raise InvalidInput("a saga's steps are made in its own thread, one after another or by `together`")
        if self._changed is not None:
            raise CodeChanged

    def _execute_steps(self, steps: list[RunningStep], new: bool) -> list[Any]:
        self._read(steps)
        self._bounded(steps, new)
        outcomes = self._executor.outcomes(title_of(steps), [step.call for step in steps], steps)
        mark, values, errors = self._rollback.mark, [], []
        for step, outcome in zip(steps, outcomes, strict=True):
            value, error = self._rollback.settle(step, outcome)
            values.append(value)
            if error is not None:
                errors.append(error)
        if errors:
            self._rollback.take_back(mark)
            raise errors[0]
        if self._changed is None and any(not outcome.made and outcome.error is None for outcome in outcomes):
            self._changed = "an earlier process found other code, and did not execute " + title_of(steps)
        return values

    def _from(self, found: Sequence[Entry], planned: Sequence[PlannedStep[Any]] = ()) -> list[RunningStep]:
        """Return steps of the journal, ready to be executed; with the functions and contents of the code that makes them, if it does."""
        steps = []
        for number, entry in enumerate(found):
            self._executor.number += 1
            one = planned[number] if planned else None
            steps.append(RunningStep(entry, self._call(entry, one), one.undo if one is not None else None))
        return steps

    def _call(self, entry: Entry, planned: PlannedStep[Any] | None) -> Call | ImpossibleCall:
        try:
            operation = self._executor.operation(entry.operation)
            if not entry.contents:
                invocation = bind(operation, {name: given(value, no_value) for name, value in entry.input.items()})
            elif planned is not None:
                invocation = planned.invocation
            else:
                raise InvalidInput("the content that it uploads is not in the journal")
        except UnifiedError as error:
            return ImpossibleCall(UnifiedError(f"{entry.name} is not known here: {error.message}"), unsure=True)
        invocation.via, invocation.key = entry.vendor, entry.key
        nothing = entry.undo == "nothing" and not entry.irreversible
        return Call(
            operation, invocation, entry.acting_fields, None, nothing, entry.restores, entry.irreversible, connection=entry.connection
        )

    def _read(self, steps: Sequence[RunningStep]) -> None:
        """Read what the steps will change.

        Raises:
            UnifiedError: it cannot be read. Nothing was sent then.
        """
        reading = [(step, step.entry.reads) for step in steps if step.entry.reads is not None]
        if not reading:
            return
        calls = [self._executor.bound(reads, reads.input, step.entry, until=self.until) for step, reads in reading]
        before = self._executor.outcomes(f"{title_of(steps)}: before", calls)
        for (step, reads), outcome in zip(reading, before, strict=True):
            if not outcome.made:
                raise outcome.error or UnifiedError("it was not read")
            step.before = decoded(outcome.value.encode(), self._executor.operation(reads.operation))

    def _bounded(self, steps: list[RunningStep], new: bool) -> None:
        """Set until when the steps may be attempted."""
        for step in steps:
            entry, until = step.entry, self.until
            if entry.timeout is not None or entry.irreversible:
                began: float = self._executor.engine.step(f"{step.name}: begun", time.time)
                if entry.irreversible and until is not None and began >= until:
                    raise TimeOver("the time it was given is over")
                if entry.timeout is not None:
                    until = min(began + entry.timeout, until) if until is not None else began + entry.timeout
            # What cannot be taken back is gone through with once it was begun in time.
            if isinstance(step.call, Call):
                step.call = replace(step.call, until=None if entry.irreversible else until, resumed=not new)
