"""Saga steps as data: what an agent submits to a broker, and what a `with` block writes to the journal before it is executed.

An input may be a placeholder for a field of an earlier step's value (`Value`). In the wire form of `tagged`, that is
`{"$step": [2, "id"]}`; step 0 is the step that the call with this input undoes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.core.operations import UNSET, Invocation, OperationBase
from unified_runtime.core.records import Record
from unified_runtime.core.wire.protocol import tagged, untagged
from unified_runtime.core.wire.sagas import Left, Report, UndoOf

if TYPE_CHECKING:
    from unified_runtime.core.operations import OperationBase


_STEP = "$step"

Undo = tuple[OperationBase[..., Any], Mapping[str, Any]]
"""Operation and its inputs by name."""


def nothing(value: Any) -> Undo | None:
    """Declare that a step leaves nothing to undo, such as a comment on a record that an earlier step created."""
    return None


NOTHING: Callable[[Any], Undo | None] = nothing


class Value:
    """Placeholder for a step's value, or a field of it, before the step is executed: `task.id`, `task.labels[0]`.

    Raises:
        InvalidInput: its value is read before the step was executed.
    """

    __slots__ = ("_path", "_step")

    def __init__(self, step: int, path: tuple[str | int, ...] = ()) -> None:
        self._step = step
        self._path = path

    def __getattr__(self, name: str) -> Value:
        if name.startswith("_"):
            raise AttributeError(name)
        return Value(self._step, (*self._path, name))

    def __getitem__(self, key: str | int) -> Value:
        return Value(self._step, (*self._path, key))

    def __repr__(self) -> str:
        return "".join((f"<value of step {self._step}", *(f".{part}" for part in self._path), ">"))

    def _absent(self, *_: object) -> NoReturn:
        raise InvalidInput(
            "the value of a step that was not made yet can be handed on, as a whole or by its fields, and not be read: no text can be made "
            "of it, and nothing be decided by it"
        )

    __str__ = __format__ = __bool__ = __iter__ = __len__ = __int__ = __float__ = __contains__ = __add__ = __radd__ = _absent
    __lt__ = __le__ = __gt__ = __ge__ = _absent
    __eq__ = __ne__ = __hash__ = _absent


class TimeOver(UnifiedError):
    """The time limit of a saga or of one of its steps has passed. Nothing was sent for it after that."""


class SagaFailed(UnifiedError):
    """A saga failed, and the steps that had been executed were undone.

    Attributes:
        saga: its id.
        cause: the error that ended it; `TimeOver` if its time limit had passed.
        undone: the steps that were undone, last first.
        left: what could not be undone. Empty: everything is as it was before.
    """

    def __init__(self, message: str, *, saga: str, cause: UnifiedError, undone: tuple[str, ...], left: tuple[Left, ...]) -> None:
        super().__init__(message)
        self.saga = saga
        self.cause = cause
        self.undone = undone
        self.left = left


def failed(report: Report) -> SagaFailed:
    """Return the error of a saga that failed."""
    from unified_runtime.core.wire import errors

    cause = errors.error(report.cause) if report.cause is not None else UnifiedError(f"the saga is {report.state}")
    return SagaFailed(
        report.reason or cause.message,
        saga=report.id,
        cause=TimeOver(cause.message) if report.time_over else cause,
        undone=report.undone,
        left=report.left,
    )


def inputs_of(operation: OperationBase[Any, Any], invocation: Invocation[Any]) -> dict[str, Any]:
    """Return the inputs of a call by name, as data.

    Raises:
        InvalidInput: one is a content, or a value that JSON cannot hold.
    """
    if any(content is not None for content in (invocation.content or {}).values()):
        raise InvalidInput(f"{operation.name} uploads a content, which cannot be stored with a saga", operation=operation.name)
    given = dict(invocation.ids or {}) | dict(invocation.given or {})
    for name in ("via", "cursor", "limit", "extra", "custom_fields"):
        given[name] = value if (value := getattr(invocation, name)) else UNSET
    if invocation.key is not None:
        given["idempotency_key"] = invocation.key
    return {name: data(value) for name, value in given.items() if value is not UNSET}


def data(value: Any) -> Any:
    """Return a value in the form of JSON, with placeholders marked.

    Raises:
        InvalidInput: JSON cannot hold it.
    """
    if isinstance(value, Value):
        return {_STEP: [value._step, *value._path]}
    if isinstance(value, Record):
        return tagged(value.model_dump(mode="json"))
    if isinstance(value, Mapping):
        return {(f"${name}" if str(name).startswith("$") else str(name)): data(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [data(item) for item in value]
    return tagged(value)


def given(value: Any, values: Callable[[int], Any]) -> Any:
    """Return the value that `data` encoded, with placeholders replaced by the values of the steps.

    Raises:
        InvalidInput: a step has no such field.
    """
    if isinstance(value, list):
        return [given(item, values) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {_STEP}:
        step, *path = value[_STEP] if isinstance(value[_STEP], list) and value[_STEP] else [None]
        if not isinstance(step, int):
            raise InvalidInput("$step needs the number of a step and the names of a field")
        found = values(step)
        for part in path:
            found = _part(found, part)
        return found
    if len(value) == 1 and not isinstance(next(iter(value.values())), (dict, list)):
        return untagged(value)
    return {name.removeprefix("$"): given(item, values) for name, item in value.items()}


def _part(value: Any, part: Any) -> Any:
    """Return a field of a record, or an item of a collection in it; no other attribute of an object."""
    if isinstance(value, Value):
        return value[part]
    if isinstance(value, Record) and isinstance(part, str) and part in type(value).model_fields:
        return getattr(value, part)
    if isinstance(value, Mapping) and part in value:
        return value[part]
    if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(part, int) and -len(value) <= part < len(value):
        return value[part]
    raise InvalidInput(f"a step's value has no {part!r}")


def undo_of(undo: Callable[[Any], Undo | None]) -> UndoOf | Literal["nothing"]:
    """Return how a step is undone, as data: `undo` is called with a placeholder for the step's value.

    Raises:
        InvalidInput: it needs the value itself.
    """
    if undo is NOTHING:
        return "nothing"
    found = undo(Value(0))
    if found is None:
        return "nothing"
    operation, inputs = found
    return UndoOf(operation.name, {name: data(value) for name, value in inputs.items()})
