"""One saga while it runs: its steps, each made once, and how they are undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import msgspec

from unified_platform.sagas.errors import Left, SagaFailed
from unified_platform.sagas.undoing import Undo, derived
from unified_runtime import current
from unified_runtime.brokered import failures, protocol
from unified_runtime.context import current_acting
from unified_runtime.errors import Conflict, InvalidInput, NotFound, RateLimited, Unavailable, Unconfirmed, UnifiedError
from unified_runtime.once import decoded, encoded
from unified_runtime.operations import Invocation, Operation

T = TypeVar("T")

ATTEMPTS = 5
"""How often a step is tried whose failure passes."""
LONGEST = 60.0
"""Seconds of the longest pause between two tries."""


class Engine(Protocol):
    """What makes steps durable: what a step came to is kept, and not made again when the saga is run again after a crash."""

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        """Run a function once and keep what it gives, a value of JSON. It must not raise."""
        ...

    def sleep(self, seconds: float) -> None:
        """A pause that goes on after a crash where it was."""
        ...


class Saga:
    """The steps of one run. Handed to the function of a saga, which calls `run` for each.

    Attributes:
        id: the saga's, under which each call gets its idempotency key.
    """

    def __init__(self, id: str, engine: Engine) -> None:
        self.id = id
        self._engine = engine
        self._number = 0
        self._undo: list[tuple[str, Undo]] = []
        self._left: list[Left] = []
        self._last: str | None = None

    def run(
        self,
        operation: Operation[..., T],
        /,
        *args: Any,
        undo: Callable[[T], Undo | None] | None = None,
        irreversible: bool = False,
        **inputs: Any,
    ) -> T:
        """Make a call as the saga's next step and return its value.

        Args:
            operation: such as `tasks.create`; `args` and `inputs` are its own.
            undo: from the step's value, the call that takes it back; by default derived: what was made is deleted, what was changed gets
                its old values.
            irreversible: the step cannot be taken back, and is the saga's last.

        Raises:
            UnifiedError: what the call came to. Leave it to end the saga, or catch it and go another way.
        """
        if self._last is not None:
            raise InvalidInput(f"{self._last} cannot be taken back, so that no step can follow it")
        invocation = operation.build(*args, **inputs)
        vendor = self._vendor(operation, invocation)
        self._number += 1
        name = f"{self._number} {operation.name} on {vendor}"
        undoing = derived(operation, invocation, vendor) if undo is None and not irreversible else None
        before = self._call(f"{name}: before", *undoing.reads) if undoing is not None and undoing.reads is not None else None
        invocation.key = invocation.key or f"saga/{self.id}/{self._number}"
        value: T = self._made(name, operation, invocation)
        if irreversible:
            self._last = name
        found = undoing.makes(value, before) if undoing is not None else undo(value) if undo is not None else None
        if found is not None:
            self._undo.append((name, found))
        return value

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        """Run a function as a step: it runs once, and gives a value of JSON. For what is no call, such as the time or a random number."""
        self._number += 1
        return self._engine.step(f"{self._number} {name}", function)

    def _vendor(self, operation: Operation[..., Any], invocation: Invocation[Any]) -> str:
        acting = current_acting()
        return current.client().connections.find(operation.name, operation.vendors, invocation.via or acting.via, acting).vendor.name

    def _call(self, name: str, operation: Operation[..., Any], inputs: Mapping[str, Any]) -> Any:
        return self._made(name, operation, operation.bind(inputs))

    def _made(self, name: str, operation: Operation[..., T], invocation: Invocation[T]) -> T:
        pause = 1.0
        for attempt in range(1, ATTEMPTS + 1):
            told = self._engine.step(name if attempt == 1 else f"{name}: try {attempt}", lambda: _outcome(operation, invocation))
            if "value" in told:
                value: T = decoded(told["value"].encode(), operation)
                return value
            error = failures.error(msgspec.convert(told["error"], protocol.Failure))
            if attempt == ATTEMPTS or not _passes(error):
                break
            self._engine.sleep(min(getattr(error, "retry_after", None) or pause, LONGEST))
            pause *= 2
        if isinstance(error, Unconfirmed):
            self._left.append(Left(name, error.message))
        raise error

    def roll_back(self, cause: UnifiedError) -> SagaFailed:
        """Undo what was done, last first. What cannot be undone is told, and stops nothing."""
        undone = []
        for name, (operation, inputs) in reversed(self._undo):
            self._number += 1
            try:
                invocation = operation.bind(inputs)
                invocation.key = f"saga/{self.id}/{self._number}"
                self._made(f"{self._number} undo {name}", operation, invocation)
                undone.append(name)
            except NotFound:
                undone.append(name)  # it is gone already
            except UnifiedError as error:
                if not any(left.step.endswith(f"undo {name}") for left in self._left):
                    self._left.append(Left(name, error.message))
        told = f"saga {self.id} was rolled back: {cause.message}"
        if self._left:
            told += ". To be looked after: " + "; ".join(f"{left.step}: {left.why}" for left in self._left)
        return SagaFailed(told, saga=self.id, cause=cause, undone=tuple(undone), left=tuple(self._left))


def _passes(error: UnifiedError) -> bool:
    """Whether the same step may succeed later: under its key, it is made once however often it is tried."""
    if isinstance(error, Unconfirmed):
        return False
    return isinstance(error, (RateLimited, Unavailable)) or (isinstance(error, Conflict) and error.retry_safe)


def _outcome(operation: Operation[..., Any], invocation: Invocation[Any]) -> dict[str, Any]:
    try:
        return {"value": encoded(current.client().run(operation, invocation)).decode()}
    except UnifiedError as error:
        return {"error": msgspec.to_builtins(failures.failure(error))}
