"""Steps of a saga that are not made yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from unified_runtime.client.saga_steps import Undo
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.operations import Invocation, OperationBase
from unified_runtime.core.wire.protocol import ActingFields

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PlannedStep(Generic[T]):
    """A step that is not made yet. Made by `call`, for `Saga.together`."""

    operation: OperationBase[..., T]
    invocation: Invocation[T]
    undo: Callable[[T], Undo | None] | None = None
    irreversible: bool = False
    timeout: float | None = None
    acting: ActingFields | None = None


def call(
    operation: OperationBase[..., T],
    /,
    *args: Any,
    undo: Callable[[T], Undo | None] | None = None,
    irreversible: bool = False,
    timeout: float | None = None,
    **inputs: Any,
) -> PlannedStep[T]:
    """A step to be made together with others; the arguments are those of `Saga.run`."""
    check_timeout(timeout)
    return PlannedStep(operation, operation.build(*args, **inputs), undo, irreversible, timeout)


def check_timeout(timeout: float | None) -> None:
    """Raises:
    InvalidInput: it is not a number of seconds.
    """
    if timeout is not None and not (isinstance(timeout, (int, float)) and timeout > 0):
        raise InvalidInput(f"timeout is a number of seconds more than 0, not {timeout!r}")
