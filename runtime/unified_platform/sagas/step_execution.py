"""Execution of a saga's steps: attempts, pauses, and steps that run at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from unified_platform.sagas import journal, step_calls
from unified_platform.sagas.errors import TimeOver
from unified_platform.sagas.journal import Entry
from unified_platform.sagas.step_calls import Call, CallOutcome, ImpossibleCall, error_of
from unified_runtime.client.arguments import bind
from unified_runtime.client.saga_steps import Undo
from unified_runtime.core import typed_json
from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.core.operations import OperationBase
from unified_runtime.core.wire.sagas import UndoOf
from unified_runtime.execution.idempotent_writes import decoded

ATTEMPTS = 5
"""Maximum attempts of a step with transient failures."""
LONGEST = 60.0
"""Seconds of the longest pause between two attempts if the vendor names none; while a person has to approve, between two checks."""
LONGEST_REQUESTED = 24 * 3600.0
"""Seconds of the longest pause that a vendor may request with `Retry-After`. After that the step is attempted again."""
AT_A_TIME = 8
"""Steps of a group that are made at the same time."""


class Engine(Protocol):
    """Makes steps durable: the result of a step is saved, and not computed again when the saga is resumed after a crash."""

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        """Run a function once and save its result, a JSON value. It must not raise."""
        ...

    def sleep(self, seconds: float) -> None:
        """Pause; after a crash, the rest of the pause is made up for."""
        ...

    def retried(self) -> bool:
        """Return whether a person requested another attempt at what could not be undone."""
        ...

    def plain(self, value: Any) -> Any:
        """Return a value as it is read back from the database.

        Raises:
            InvalidInput: it is not a JSON value.
        """
        ...


@dataclass(slots=True)
class RunningStep:
    """A step that is being made, from its journal. `undo` is the caller's own function, if its code still has it."""

    entry: Entry
    call: Call | ImpossibleCall
    undo: Callable[[Any], Undo | None] | None = None
    before: Any = None

    @property
    def name(self) -> str:
        return self.entry.name

    def undo_data(self, outcome: dict[str, Any], value: Callable[[], Any], known: journal.Known) -> dict[str, Any]:
        """Return the outcome with the undo that the caller's function computes from the result, so that it is saved with it."""
        if self.undo is None or self.entry.undo == "nothing":
            return outcome
        try:
            made = journal.undo_data(self.undo, value(), self.entry.vendor, known)
        except Exception as error:  # noqa: BLE001  the caller's own function, or a record that can no longer be read
            return outcome | {"undo_error": f"{type(error).__name__}: {error}"}
        return outcome | {"undo": "nothing" if made is None else {"operation": made.operation, "input": made.input}}


class ReportedRecord(Mapping[str, Any]):
    """Replaces the value of a create whose record could not be read: its response reported an id, and nothing else is known.

    The id can be that of another record, if the response was that of another request.
    """

    def __init__(self, id: str) -> None:
        self.id = id

    def __getitem__(self, name: str) -> Any:
        return {"id": self.id}[name]

    def __iter__(self) -> Iterator[str]:
        return iter(("id",))

    def __len__(self) -> int:
        return 1


class StepExecutor:
    """Executes the calls of one saga.

    Args:
        engine: saves each result before the next step.
        caller: makes the calls.
        find: returns an operation by its name.

    Attributes:
        number: number of the newest step.
        known: operations that the saga's own code has passed, by name.
    """

    def __init__(self, engine: Engine, caller: step_calls.StepCaller, find: Callable[[str], OperationBase[..., Any]]) -> None:
        self.engine = engine
        self.caller = caller
        self.number = 0
        self.known: journal.Known = {}
        self._find = find

    def operation(self, name: str) -> OperationBase[..., Any]:
        """Return an operation by its name."""
        return self.known.get(name) or self._find(name)

    def bound(self, undo: UndoOf, inputs: Mapping[str, Any], entry: Entry, **more: Any) -> Call | ImpossibleCall:
        """Return the call that undoes a step, or that reads before it."""
        try:
            operation = self.operation(undo.operation)
            invocation = bind(operation, inputs)
        except UnifiedError as error:
            return ImpossibleCall(error)
        same = invocation.via == entry.vendor
        return Call(operation, invocation, entry.acting_fields, connection=entry.connection if same else (), **more)

    def outcomes(
        self, title: str, calls: Sequence[Call | ImpossibleCall], steps: Sequence[RunningStep] = (), *, once: bool = False
    ) -> list[CallOutcome]:
        """Return the outcomes of calls, in order. Transient failures are retried as long as no call has failed for good."""
        found: list[CallOutcome] = [CallOutcome()] * len(calls)
        todo, pause, attempt, tries = list(range(len(calls))), 1.0, 1, 1
        while True:
            name = title if attempt == 1 else f"{title}: try {attempt}"
            each = [(calls[i], found[i], steps[i] if steps else None) for i in todo]
            data = self.engine.step(name, partial(self._tried, each))
            for i, one in zip(todo, [data] if isinstance(data, dict) else data, strict=True):
                found[i] = outcome_of(one).after(found[i])
            todo = [i for i in todo if found[i].again]
            waits = all(found[i].waits for i in todo)
            ended = not todo or any(one.error is not None and not one.again for one in found)
            if once or ended or (tries >= ATTEMPTS and not waits):
                return found
            self.engine.sleep(_pause([found[i] for i in todo], pause, [calls[i] for i in todo]))
            pause, attempt, tries = pause * 2, attempt + 1, tries + (not waits)

    def _tried(self, calls: Sequence[tuple[Call | ImpossibleCall, CallOutcome, RunningStep | None]]) -> Any:
        stop = threading.Event()

        def one(call: Call | ImpossibleCall, before: CallOutcome, step: RunningStep | None) -> dict[str, Any]:
            if isinstance(call, ImpossibleCall):
                data = call.data()
            else:
                data = self.caller.outcome(call, before, stopped=stop.is_set())
                if step is not None and "value" in data:
                    data = step.undo_data(data, lambda: decoded(data["value"].encode(), call.operation), self.known)
                elif step is not None and "error" in data and (id := error_of(data["error"]).made) is not None and creates(step):
                    data = step.undo_data(data, lambda: ReportedRecord(id), self.known)
            if "error" in data and not data.get("again"):
                stop.set()
            return data

        if len(calls) == 1:
            return one(*calls[0])
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(min(len(calls), AT_A_TIME), thread_name_prefix="unified-saga") as pool:
            futures = [pool.submit(copy_context().run, partial(one, *each)) for each in calls]
            return [future.result() for future in futures]


def creates(step: RunningStep) -> bool:
    return isinstance(step.call, Call) and step.call.operation.like == "create"


def no_value(step: int) -> Any:
    raise InvalidInput("the inputs of a saved step are values")


def _pause(outcomes: Sequence[CallOutcome], pause: float, calls: Sequence[Call | ImpossibleCall]) -> float:
    """Return the seconds until the next attempt: the pause that the vendor requests, but not beyond the time that the steps have."""
    seconds = max(min(one.pause, LONGEST_REQUESTED) if one.pause and not one.waits else min(pause, LONGEST) for one in outcomes)
    ends = [call.until for call in calls if isinstance(call, Call) and call.until is not None]
    return min(seconds, max(0.0, max(ends) - time.time())) if len(ends) == len(calls) else seconds


def title_of(steps: Sequence[RunningStep]) -> str:
    if len(steps) == 1:
        return steps[0].name
    first, last = (step.name.partition(" ")[0] for step in (steps[0], steps[-1]))
    return f"{first}-{last} together"


def outcome_of(outcome: Mapping[str, Any]) -> CallOutcome:
    error: UnifiedError | None = None
    if "error" in outcome:
        error = step_calls.error_of(outcome["error"])
        if outcome.get("time_over"):
            error = TimeOver(error.message)
    again = outcome.get("again", error is not None and step_calls.passes(error))
    return CallOutcome(
        outcome.get("value"),
        error,
        again,
        outcome.get("waits", False),
        outcome.get("unsure", False),
        outcome.get("approval"),
        typed_json.convert(outcome["undo"], UndoOf) if isinstance(outcome.get("undo"), Mapping) else outcome.get("undo"),
        outcome.get("undo_error"),
    )
