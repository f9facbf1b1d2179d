"""Undoing of a saga's steps, last first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from unified_platform.sagas import journal, step_execution
from unified_platform.sagas.compensation import ids_of, offers, sibling
from unified_platform.sagas.errors import Left, SagaFailed
from unified_platform.sagas.journal import Entry
from unified_platform.sagas.step_calls import Call, CallOutcome, ImpossibleCall, data_of
from unified_platform.sagas.step_execution import (
    ReportedRecord,
    RunningStep,
    StepExecutor,
    creates,
    no_value,
    outcome_of,
)
from unified_runtime.adapter_api.response_comparison import compared
from unified_runtime.client.saga_steps import given
from unified_runtime.core.errors import InvalidInput, NotFound, Unconfirmed, UnifiedError
from unified_runtime.core.wire.sagas import UndoOf
from unified_runtime.execution.idempotent_writes import decoded


@dataclass(slots=True)
class ExecutedStep:
    """A step that was executed, and the call that undoes it.

    `reported`: id that the response to a create reported, if the record was never read. None if it was read: then a record that is not
    found is gone.
    """

    entry: Entry
    undo: UndoOf
    inputs: Mapping[str, Any]
    reported: str | None


class Rollback:
    """The executed steps of a saga and their compensation.

    Attributes:
        undone: names of the steps that were undone so far.
        left: steps that need manual action.
        last: name of the irreversible step, once it was executed.
    """

    def __init__(self, id: str, executor: StepExecutor) -> None:
        self.undone: list[str] = []
        self.left: list[Left] = []
        self.last: str | None = None
        self._id = id
        self._executor = executor
        self._executed: list[ExecutedStep] = []
        self._unconfirmed: list[tuple[RunningStep, Left]] = []

    @property
    def mark(self) -> int:
        """Number of executed steps so far, for `take_back`."""
        return len(self._executed)

    def settle(self, step: RunningStep, outcome: CallOutcome) -> tuple[Any, UnifiedError | None]:
        """A step's value or error; how it is taken back is noted, or that it cannot be.

        One that failed is taken back as well, as far as it was executed: by the id that the response reported, once that record was
        read and compared, or by what was read before. If neither is possible, it is left to a person.
        """
        entry, error, value = step.entry, outcome.error, None
        try:
            if outcome.made:
                if entry.irreversible:
                    self.last = entry.name
                value = self._value(step, outcome)
            elif error is not None and error.made is not None and creates(step) and not entry.irreversible:
                value = ReportedRecord(error.made)
            elif not (outcome.unconfirmed and entry.restores):
                if error is not None and outcome.unconfirmed and (entry.undo != "nothing" or entry.irreversible):
                    left = Left(entry.name, _why(error), _by_hand(entry, error))
                    self.left.append(left)
                    self._unconfirmed.append((step, left))
                return None, error
            self._noted(step, outcome, value)
        except UnifiedError as failure:
            if isinstance(value, ReportedRecord):
                todo = f"{_look_at(entry, value.id)}; if so, undo it"
            else:
                id = getattr(value, "id", None)
                todo = f"it was executed: undo it{f' ({id})' if id is not None else ''}"
            self.left.append(Left(entry.name, failure.message, todo))
            return value, error or failure
        return value, error

    def _value(self, step: RunningStep, outcome: CallOutcome) -> Any:
        operation = self._executor.operation(step.entry.operation)
        return decoded(outcome.value.encode(), operation)

    def _noted(self, step: RunningStep, outcome: CallOutcome, value: Any) -> None:
        """Note how a step is undone.

        Raises:
            UnifiedError: that is not known.
        """
        entry = step.entry
        undo = outcome.undo or entry.undo
        if outcome.undo_error is not None or undo == "code":
            why = outcome.undo_error or "only the code that the saga was started with computes that"
            raise UnifiedError(f"the compensation of {entry.name} is not known: {why}")
        if not isinstance(undo, UndoOf):
            return
        try:
            inputs = journal.undo_inputs(undo, value, step.before)
        except InvalidInput as error:
            raise UnifiedError(f"the compensation of {entry.name} is not known: {error.message}") from None
        self._executed.append(ExecutedStep(entry, undo, inputs, value.id if isinstance(value, ReportedRecord) else None))

    def roll_back(self, cause: UnifiedError) -> SagaFailed:
        """Undo the executed steps, last first. A step that cannot be undone is reported, and the others are still undone."""
        self.take_back()
        self.check_unconfirmed()
        undone, left = self.undone, self.left
        message = f"saga {self._id} was rolled back: {cause.message}"
        if left:
            message += ". Needs manual action: " + "; ".join(f"{one.step}: {one.why}" for one in left)
        return SagaFailed(message, saga=self._id, cause=cause, undone=tuple(undone), left=tuple(left))

    def check_unconfirmed(self) -> None:
        """Look up the steps of which it is not known if they were executed, once a person requests that; undo those that were."""
        for step, left in self._unconfirmed:
            self._executor.number += 1
            outcome = outcome_of(
                self._executor.engine.step(f"{self._executor.number} check {step.name}", partial(self._checked, step, left))
            )
            if outcome.error is not None and outcome.error.made is None:
                continue
            self.left.remove(left)
            mark = self.mark
            self.settle(step, outcome)
            self.take_back(mark)

    def _checked(self, step: RunningStep, left: Left) -> dict[str, Any]:
        call = step.call
        if isinstance(call, ImpossibleCall):
            return call.data()
        if not self._executor.engine.retried():
            return {"error": data_of(UnifiedError(left.why)), "again": False}
        data = self._executor.caller.look_up(replace(call, resumed=True, until=None))
        if "value" not in data:
            return data
        return step.undo_data(data, lambda: decoded(data["value"].encode(), call.operation), self._executor.known)

    def take_back(self, mark: int = 0) -> None:
        """Undo the steps executed since a mark, last first."""
        taken = self._executed[mark:]
        for one in reversed(taken):
            self._executor.number += 1
            undoing = journal.command_text(one.undo.operation, one.inputs)
            if one.reported is not None and (unproven := self._unproven(one.entry, one.reported)) is not None:
                why = f"nothing proves that the record {one.reported!r}, which the response reported, is this step's: {unproven}"
                todo = f"{_look_at(one.entry, one.reported)}; if so: {undoing}"
                self.left.append(Left(one.entry.name, why, todo))
                continue
            error = self._taken_back(one)
            if error is None or (isinstance(error, NotFound) and one.reported is None):  # it is gone already
                self.undone.append(one.entry.name)
            else:
                self.left.append(Left(one.entry.name, _why(error), undoing))
        del self._executed[mark:]

    def _unproven(self, entry: Entry, id: str) -> str | None:
        """Read the record whose id a response reported and compare it with the step's inputs. Return why it is not proven to be the step's
        record; None if its texts are those that the step wrote."""
        try:
            get = sibling(self._executor.operation(entry.operation), "get")
        except UnifiedError as error:
            return error.message
        if get is None or not offers(get, entry.vendor) or len(names := ids_of(get)) != 1:
            return f"{entry.vendor} has no operation that reads it by its id"
        self._executor.known[get.name] = get
        reads = UndoOf(get.name, {names[0]: id, "via": entry.vendor})
        (outcome,) = self._executor.outcomes(
            f"{self._executor.number} check the record of {entry.name}", [self._executor.bound(reads, reads.input, entry, undoes=True)]
        )
        if not outcome.made:
            return f"it cannot be read: {outcome.error.message if outcome.error is not None else 'it was not read'}"
        texts = {name: given(value, no_value) for name, value in entry.input.items()}
        try:
            equal, different = compared(texts, decoded(outcome.value.encode(), get))
        except UnifiedError as error:
            return f"it cannot be read: {error.message}"
        if different:
            return f"it has another {different[0]} than this step wrote"
        return None if equal else "it has no text that can be compared with what this step wrote"

    def _taken_back(self, one: ExecutedStep) -> UnifiedError | None:
        key, title = f"saga/{self._id}/{self._executor.number}", f"{self._executor.number} undo {one.entry.name}"
        error = self._undone(one, key, title)
        for number in range(2, step_execution.ATTEMPTS + 1):
            if not (one.entry.restores and isinstance(error, Unconfirmed)):
                break
            # Whether values were set is not known, under a key that is not used again; setting them once more comes to the same.
            self._executor.engine.sleep(min(2.0 ** (number - 2), step_execution.LONGEST))
            error = self._undone(one, f"{key}/{number}", f"{title} once more, {number}")
        return error

    def _undone(self, one: ExecutedStep, key: str, title: str) -> UnifiedError | None:
        call = self._executor.bound(one.undo, one.inputs, one.entry, undoes=True)
        if isinstance(call, Call):
            call.invocation.key = key
        (outcome,) = self._executor.outcomes(title, [call])
        return outcome.error


def _why(error: UnifiedError) -> str:
    """Return the text of an error without the name of the call, which precedes it in lists of steps."""
    location = " on ".join(part for part in (error.operation, error.vendor) if part)
    return str(error).removeprefix(f"{location}: ")


def _look_at(entry: Entry, id: str) -> str:
    """Return how a person finds out whether a record is that of a step."""
    server, _, connection = entry.connection or ("", "", "")  # known only to the broker
    where = entry.vendor + (f" at {server}" if server else "") + (f", connection {connection}" if connection else "")
    return f"check if the record {id!r} ({where}) was created by {journal.command(entry)} (key {entry.key})"


def _by_hand(entry: Entry, error: UnifiedError) -> str:
    """Return the manual action for a step that failed and was, or may have been, executed."""
    data = journal.command(entry)
    found = "".join(f"; it may be {one.id}{f' {one.title!r}' if one.title else ''}" for one in error.candidates)
    if not error.done:
        return f"check if this was executed, and undo it if so: {data}{found} (key {entry.key})"
    which = f" (the response reported the record {error.made!r}: compare it first)" if error.made is not None else ""
    carried = ", ".join(done.request for done in error.done)
    return f"it was executed as far as {carried}: undo it{which}: {data}"
