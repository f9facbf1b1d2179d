"""Steps of a saga as data: what an agent hands to a broker, and what a `with` block leaves in the journal before it is made.

An input may stand for a field of an earlier step's value (`Value`). In the wire form of `tagged`, that is `{"$step": [2, "id"]}`; step 0 is
the step whose undoing the input belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import msgspec

from unified_runtime.brokered.protocol import Answer, Failure, Whose, tagged, untagged
from unified_runtime.errors import InvalidInput, UnifiedError
from unified_runtime.operations import UNSET, Invocation, Operation
from unified_runtime.records import Record

if TYPE_CHECKING:
    from unified_runtime.operations import _Named

LONGEST_ID = 100
STEPS = 100
"""The most steps of a saga that is handed to a broker."""

_STEP = "$step"

Undo = tuple[Operation[..., Any], Mapping[str, Any]]
"""An operation and its inputs by name."""


def nothing(value: Any) -> Undo | None:
    """Says that a step leaves nothing to undo, such as a comment on what an earlier step made."""
    return None


NOTHING: Callable[[Any], Undo | None] = nothing


class Value:
    """Stands for a step's value, or a field of it, before the step is made: `task.id`, `task.labels[0]`.

    Raises:
        InvalidInput: it is read as if it were there already.
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


class UndoOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The call that takes a step back."""

    operation: str
    input: dict[str, Any]


class Step(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One step.

    Attributes:
        input: the operation's inputs by name, in the form of `tagged`.
        undo: how it is taken back; by default derived from what the operation does.
        together: steps that follow each other and have the same number here are made at the same time.
        timeout: seconds for all tries of this step.
        acting: for whom, where that is another than the saga's.
    """

    operation: str
    input: dict[str, Any] = {}
    undo: UndoOf | Literal["derived", "nothing"] = "derived"
    irreversible: bool = False
    together: int | None = None
    timeout: float | None = None
    acting: Whose | None = None


class Submitted(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A saga for a broker. Its id names one run: to hand it in again changes nothing."""

    id: str
    name: str
    steps: list[Step]
    timeout: float | None = None
    acting: Whose = Whose()


class Left(msgspec.Struct, frozen=True):
    """What a person has to look after: a step that could not be undone, or of which it is not known whether it was carried out.

    `todo` is what to do by hand: the call that would have undone it, or where to look.
    """

    step: str
    why: str
    todo: str = ""


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """What has become of a saga.

    Attributes:
        state: `running`, `waiting`, `done`, `rolled back`, `needs you` (something could not be undone) or `broken`.
        told: why it did not come to its end, in one sentence.
        undone: the steps that were taken back, last first.
        left: what could not be.
        cause: the error that ended it; `time_over` where that was its time.
        answers: of a saga of declared steps that is done, what they came to, in order.
    """

    id: str
    name: str
    state: str
    told: str = ""
    undone: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    cause: Failure | None = None
    time_over: bool = False
    answers: list[Answer] = []


class TimeOver(UnifiedError):
    """The time that a saga, or one of its steps, was given is over. Nothing was sent for it since then."""


class SagaFailed(UnifiedError):
    """A saga did not come to its end, and what it had done was undone.

    Attributes:
        saga: its id.
        cause: the error that ended it; `TimeOver` where its time was over.
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
    """The error of a saga that did not come to its end."""
    from unified_runtime.brokered import failures

    cause = failures.error(report.cause) if report.cause is not None else UnifiedError(f"the saga is {report.state}")
    return SagaFailed(
        report.told or cause.message,
        saga=report.id,
        cause=TimeOver(cause.message) if report.time_over else cause,
        undone=report.undone,
        left=report.left,
    )


def inputs_of(operation: _Named[Any, Any], invocation: Invocation[Any]) -> dict[str, Any]:
    """The inputs of a call by name, as data.

    Raises:
        InvalidInput: one is a content, or nothing that JSON can hold.
    """
    if any(content is not None for content in (invocation.content or {}).values()):
        raise InvalidInput(f"{operation.name} uploads a content, which cannot be kept with a saga", operation=operation.name)
    given = dict(invocation.ids or {}) | dict(invocation.given or {})
    for name in ("via", "cursor", "limit", "extra", "custom_fields"):
        given[name] = value if (value := getattr(invocation, name)) else UNSET
    if invocation.key is not None:
        given["idempotency_key"] = invocation.key
    return {name: data(value) for name, value in given.items() if value is not UNSET}


def data(value: Any) -> Any:
    """A value as JSON holds it, with what stands for others marked.

    Raises:
        InvalidInput: it cannot be held.
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
    """The value that `data` was given, with those of the steps in their places.

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
            raise InvalidInput("$step takes the number of a step and the names of a field")
        found = values(step)
        for part in path:
            found = _part(found, part)
        return found
    if len(value) == 1 and not isinstance(next(iter(value.values())), (dict, list)):
        return untagged(value)
    return {name.removeprefix("$"): given(item, values) for name, item in value.items()}


def _part(value: Any, part: Any) -> Any:
    """A field of a record, or an item of what it holds; no other attribute of an object."""
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
    """How a step is undone, as data: `undo` is asked with what stands for the step's value.

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
