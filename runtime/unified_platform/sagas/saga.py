"""One saga while it runs: its steps, each made once, and how they are undone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, Protocol, TypeVar, overload

from unified_platform.sagas import calling
from unified_platform.sagas.calling import Call, Outcome, acting_as, whose
from unified_platform.sagas.errors import Left, SagaFailed, TimeOver
from unified_platform.sagas.undoing import Undo, Undoing, derived
from unified_runtime.brokered.protocol import Whose
from unified_runtime.context import current_acting
from unified_runtime.errors import InvalidInput, NotFound, Unconfirmed, UnifiedError
from unified_runtime.idempotency.once import decoded
from unified_runtime.operations import UNSET, Invocation, Operation
from unified_runtime.sagas import NOTHING

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")

ATTEMPTS = 5
"""How often a step is tried whose failure passes."""
LONGEST = 60.0
"""Seconds of the longest pause between two tries; while a person has to approve, between two looks."""
AT_A_TIME = 8
"""Steps of a group that are made at the same time."""


class Engine(Protocol):
    """What makes steps durable: what a step came to is kept, and not made again when the saga is run again after a crash."""

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        """Run a function once and keep what it gives, a value of JSON. It must not raise."""
        ...

    def sleep(self, seconds: float) -> None:
        """A pause that goes on after a crash where it was."""
        ...


@dataclass(frozen=True, slots=True)
class Planned(Generic[T]):
    """A step that is not made yet. Made by `call`, for `Saga.together`."""

    operation: Operation[..., T]
    invocation: Invocation[T]
    undo: Callable[[T], Undo | None] | None = None
    irreversible: bool = False
    timeout: float | None = None
    acting: Whose | None = None


def call(
    operation: Operation[..., T],
    /,
    *args: Any,
    undo: Callable[[T], Undo | None] | None = None,
    irreversible: bool = False,
    timeout: float | None = None,
    **inputs: Any,
) -> Planned[T]:
    """A step to be made together with others; the arguments are those of `Saga.run`."""
    check_timeout(timeout)
    return Planned(operation, operation.build(*args, **inputs), undo, irreversible, timeout)


def check_timeout(timeout: float | None) -> None:
    """Raises:
    InvalidInput: it is no number of seconds.
    """
    if timeout is not None and not (isinstance(timeout, (int, float)) and timeout > 0):
        raise InvalidInput(f"timeout is a number of seconds more than 0, not {timeout!r}")


@dataclass(slots=True)
class _Step:
    """A step that is being made."""

    name: str
    vendor: str
    planned: Planned[Any]
    undoing: Undoing | None
    acting: Whose
    before: Any = None

    @property
    def restores(self) -> bool:
        """Whether it is undone by setting what was read before, which comes to the same however often it is done."""
        return self.undoing is not None and self.undoing.restores

    def undo(self, value: Any) -> Undo | None:
        if self.undoing is not None:
            return self.undoing.makes(value, self.before)
        found = self.planned.undo(value) if self.planned.undo is not None else None
        if found is not None and self.vendor in found[0].vendors:
            return found[0], {"via": self.vendor, **found[1]}
        return found


class _Known(Mapping[str, Any]):
    """Stands for the value of a step whose record was made and could not be read: all that is known of it is its id."""

    def __init__(self, id: str) -> None:
        self.id = id

    def __getitem__(self, name: str) -> Any:
        return {"id": self.id}[name]

    def __iter__(self) -> Iterator[str]:
        return iter(("id",))

    def __len__(self) -> int:
        return 1


@dataclass(slots=True)
class _Taken:
    """How a step that was made is taken back.

    `seen`: its record was there, so that one that is not found is gone. `restores`: as of the step.
    """

    step: str
    operation: Operation[..., Any]
    inputs: Mapping[str, Any]
    acting: Whose
    seen: bool
    restores: bool


@dataclass(slots=True)
class _Account:
    """What was taken back, and what could not be."""

    undone: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


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
        using: calling.Using,
        *,
        until: float | None = None,
        settling: Callable[[], bool] = lambda: False,
    ) -> None:
        self.id = id
        self._engine = engine
        self._made = calling.Making(using, settling)
        self.until = until
        self._thread = threading.get_ident()
        self._number = 0
        self._undo: list[_Taken] = []
        self._account = _Account()
        self._last: str | None = None

    @property
    def ended(self) -> bool:
        """Whether the step that is the last, since it cannot be taken back, was made."""
        return self._last is not None

    @property
    def undone(self) -> Sequence[str]:
        """The steps that were taken back so far."""
        return self._account.undone

    @property
    def left(self) -> Sequence[Left]:
        """What a person has to look after so far."""
        return self._account.left

    def asked(self, number: int, function: Callable[[float | None], dict[str, Any]]) -> dict[str, Any]:
        """What a block wants next, kept before any of it is made. The function is given the time until which it may wait."""
        found: dict[str, Any] = self._engine.step(f"asked {number}", partial(function, self.until))
        return found

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
        """Make a call as the saga's next step and return its value.

        Args:
            operation: such as `tasks.create`; `args` and `inputs` are its own.
            undo: from the step's value, the call that takes it back; by default derived: what was made is deleted, what was changed gets
                its old values.
            irreversible: the step cannot be taken back, and is the saga's last.
            timeout: seconds for all tries of this step.

        Raises:
            UnifiedError: what the call came to. Leave it to end the saga, or catch it and go another way.
        """
        value: T = self.make([call(operation, *args, undo=undo, irreversible=irreversible, timeout=timeout, **inputs)])[0]
        return value

    @overload
    def together(self, first: Planned[A], second: Planned[B], /) -> tuple[A, B]: ...
    @overload
    def together(self, first: Planned[A], second: Planned[B], third: Planned[C], /) -> tuple[A, B, C]: ...
    @overload
    def together(self, *steps: Planned[Any]) -> tuple[Any, ...]: ...
    def together(self, *steps: Planned[Any]) -> tuple[Any, ...]:
        """Make steps at the same time and return their values in the order in which they are given.

        All of them are made or none: where one fails, those that were not begun are not, those under way are waited for, and what was done
        is taken back at once, in the reverse of the order given. Then the first error is raised.
        """
        return tuple(self.make(steps))

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        """Run a function as a step: it runs once, and gives a value of JSON. For what is no call, such as the time or a random number."""
        self._number += 1
        return self._engine.step(f"{self._number} {name}", function)

    # ------------------------------------------------------------------------------------------------ making
    def make(self, planned: Sequence[Planned[Any]]) -> list[Any]:
        """Make steps at the same time; see `together`."""
        if threading.get_ident() != self._thread:
            raise InvalidInput("a saga's steps are made in its own thread, one after another or by `together`")
        if self._last is not None:
            raise InvalidInput(f"{self._last} cannot be taken back, so that no step can follow it")
        if len(planned) > 1 and any(one.irreversible for one in planned):
            raise InvalidInput("a step that cannot be taken back is the last, and made by itself")
        steps = self._begun(planned)
        if not steps:
            return []
        outcomes = self._outcomes(_title(steps), [self._call(step) for step in steps])
        mark, values, errors = len(self._undo), [], []
        for step, outcome in zip(steps, outcomes, strict=True):
            value, error = self._settled(step, outcome)
            values.append(value)
            if error is not None:
                errors.append(error)
        if errors:
            self._take_back(self._undo[mark:])
            del self._undo[mark:]
            raise errors[0]
        return values

    def _settled(self, step: _Step, outcome: Outcome) -> tuple[Any, UnifiedError | None]:
        """A step's value or error; how it is taken back is noted, or that it cannot be.

        One that failed is taken back as well, as far as it was carried out: by the id that the vendor's answer told, or by what was read
        before. Where neither says how, it is left to a person.
        """
        error, value = outcome.error, None
        try:
            if outcome.made:
                if step.planned.irreversible:
                    self._last = step.name
                value = decoded(outcome.value.encode(), step.planned.operation)
            elif error is not None and error.made is not None and step.planned.operation.like == "create" and not step.planned.irreversible:
                value = _Known(error.made)
            elif not (outcome.doubtful and step.restores):
                if error is not None and outcome.doubtful and step.planned.undo is not NOTHING:
                    self._account.left.append(Left(step.name, str(error), _by_hand(step, error)))
                return None, error
            found = step.undo(value)
        except Exception as failure:  # noqa: BLE001  the caller's own function, or a record that can no longer be read
            wrong = UnifiedError(f"how {step.name} is undone could not be told: {type(failure).__name__}: {failure}")
            which = f" ({error.made})" if error is not None and error.made is not None else ""
            self._account.left.append(Left(step.name, wrong.message, f"it was carried out: take it back{which}"))
            return value, error or wrong
        if found is not None:
            self._undo.append(_Taken(step.name, *found, step.acting, not isinstance(value, _Known), step.restores))
        return value, error

    def _begun(self, planned: Sequence[Planned[Any]]) -> list[_Step]:
        """The steps with how they will be undone, which is known, and what has to be read for it read, before any is made."""
        found = []
        for one in planned:
            with acting_as(one.acting):
                vendor = one.invocation.via or self._vendor(one.operation, one.invocation)
                undoing = derived(one.operation, one.invocation, vendor) if one.undo is None and not one.irreversible else None
                found.append((one, vendor, undoing, whose(current_acting())))
        steps = []
        for one, vendor, undoing, acting in found:
            self._number += 1
            steps.append(_Step(f"{self._number} {one.operation.name} on {vendor}", vendor, one, undoing, acting))
            one.invocation.key = one.invocation.key or f"saga/{self.id}/{self._number}"
        reading = [(step, step.undoing.reads) for step in steps if step.undoing is not None and step.undoing.reads is not None]
        if reading:
            calls = [Call(operation, operation.bind(inputs), step.acting, self.until) for step, (operation, inputs) in reading]
            before = self._outcomes(f"{_title(steps)}: before", calls)
            for (step, (operation, _)), outcome in zip(reading, before, strict=True):
                if not outcome.made:
                    raise outcome.error or UnifiedError("it was not read")
                step.before = decoded(outcome.value.encode(), operation)
        return steps

    def _call(self, step: _Step) -> Call:
        planned, until = step.planned, self.until
        if planned.timeout is not None or planned.irreversible:
            began: float = self._engine.step(f"{step.name}: begun", time.time)
            if planned.irreversible and until is not None and began >= until:
                raise TimeOver("the time it was given is over")
            if planned.timeout is not None:
                until = min(began + planned.timeout, until) if until is not None else began + planned.timeout
        nothing = planned.operation.effect == "read" or planned.undo is NOTHING
        # What cannot be taken back is gone through with once it was begun in time.
        until = None if planned.irreversible else until
        return Call(planned.operation, planned.invocation, step.acting, until, nothing, step.restores, planned.irreversible)

    def _vendor(self, operation: Operation[..., Any], invocation: Invocation[Any]) -> str:
        return calling.vendor(self._made.using.client, operation, invocation)

    def _outcomes(self, title: str, calls: Sequence[Call]) -> list[Outcome]:
        """What calls come to, in order. What passes is tried again, as long as none has failed for good."""
        found: list[Outcome] = [Outcome()] * len(calls)
        todo, pause, attempt, tries = list(range(len(calls))), 1.0, 1, 1
        while True:
            name = title if attempt == 1 else f"{title}: try {attempt}"
            told = self._engine.step(name, partial(self._tried, [(calls[i], found[i]) for i in todo]))
            for i, one in zip(todo, [told] if isinstance(told, dict) else told, strict=True):
                found[i] = _outcome(one).after(found[i])
            todo = [i for i in todo if found[i].again]
            waits = all(found[i].waits for i in todo)
            if not todo or any(one.error is not None and not one.again for one in found) or (tries >= ATTEMPTS and not waits):
                return found
            self._engine.sleep(min(max(found[i].pause or pause for i in todo), LONGEST))
            pause, attempt, tries = pause * 2, attempt + 1, tries + (not waits)

    def _tried(self, calls: Sequence[tuple[Call, Outcome]]) -> Any:
        if len(calls) == 1:
            return self._made.outcome(*calls[0])
        from concurrent.futures import ThreadPoolExecutor

        stop = threading.Event()

        def one(call: Call, before: Outcome) -> dict[str, Any]:
            told = self._made.outcome(call, before, stopped=stop.is_set())
            if "error" in told and not told.get("again"):
                stop.set()
            return told

        with ThreadPoolExecutor(min(len(calls), AT_A_TIME), thread_name_prefix="unified-saga") as pool:
            futures = [pool.submit(copy_context().run, partial(one, *each)) for each in calls]
            return [future.result() for future in futures]

    # ------------------------------------------------------------------------------------------------ undoing
    def roll_back(self, cause: UnifiedError) -> SagaFailed:
        """Undo what was done, last first. What cannot be undone is told, and stops nothing."""
        self._take_back(self._undo)
        undone, left = self._account.undone, self._account.left
        told = f"saga {self.id} was rolled back: {cause.message}"
        if left:
            told += ". To be looked after: " + "; ".join(f"{one.step}: {one.why}" for one in left)
        return SagaFailed(told, saga=self.id, cause=cause, undone=tuple(undone), left=tuple(left))

    def _take_back(self, taken: Sequence[_Taken]) -> None:
        for one in reversed(taken):
            self._number += 1
            error = self._taken_back(one)
            if error is None or (isinstance(error, NotFound) and one.seen):  # it is gone already
                self._account.undone.append(one.step)
            else:
                why = str(error) if error.done or error.lost else error.message  # what it did of that, if anything
                self._account.left.append(Left(one.step, why, _told(one.operation, one.inputs)))

    def _taken_back(self, one: _Taken) -> UnifiedError | None:
        key, title = f"saga/{self.id}/{self._number}", f"{self._number} undo {one.step}"
        error = self._undone(one, key, title)
        for number in range(2, ATTEMPTS + 1):
            if not (one.restores and isinstance(error, Unconfirmed)):
                break
            # Whether values were set is not known, under a key that is not used again; setting them once more comes to the same.
            self._engine.sleep(min(2.0 ** (number - 2), LONGEST))
            error = self._undone(one, f"{key}/{number}", f"{title} once more, {number}")
        return error

    def _undone(self, one: _Taken, key: str, title: str) -> UnifiedError | None:
        try:
            invocation = one.operation.bind(one.inputs)
        except UnifiedError as error:
            return error
        invocation.key = key
        (outcome,) = self._outcomes(title, [Call(one.operation, invocation, one.acting, undoes=True)])
        return outcome.error


def _title(steps: Sequence[_Step]) -> str:
    if len(steps) == 1:
        return steps[0].name
    first, last = (step.name.partition(" ")[0] for step in (steps[0], steps[-1]))
    return f"{first}-{last} together"


def _inputs(invocation: Invocation[Any]) -> dict[str, Any]:
    return {name: value for name, value in {**(invocation.ids or {}), **(invocation.given or {})}.items() if value is not UNSET}


def _by_hand(step: _Step, error: UnifiedError) -> str:
    """What a person does about a step that failed and was, or may have been, carried out."""
    told = _told(step.planned.operation, _inputs(step.planned.invocation))
    if not error.done:
        return f"look whether this was carried out, and take it back if so: {told}"
    which = f" (the record is {error.made})" if error.made is not None else ""
    carried = ", ".join(done.request for done in error.done)
    return f"it was carried out, as far as {carried} does it: take it back{which}: {told}"


def _told(operation: Operation[..., Any], inputs: Mapping[str, Any]) -> str:
    """A call for people, as they would write it on a command line."""
    words = (f"{name}={str(value)[:60]}" for name, value in inputs.items())
    return " ".join((operation.name, *words))


def _outcome(told: Mapping[str, Any]) -> Outcome:
    error: UnifiedError | None = None
    if "error" in told:
        error = calling.error_of(told["error"])
        if told.get("time_over"):
            error = TimeOver(error.message)
    again = told.get("again", error is not None and calling.passes(error))
    return Outcome(told.get("value"), error, again, told.get("waits", False), told.get("unsure", False), told.get("approval"))
