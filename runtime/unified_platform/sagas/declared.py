"""Steps as data, made into steps of a saga and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from unified_platform import arguments, catalog
from unified_platform.sagas.calling import acting_as, vendor
from unified_platform.sagas.saga import Planned, Saga, check_timeout
from unified_platform.sagas.undoing import derived
from unified_runtime import Client
from unified_runtime.brokered.protocol import Whose
from unified_runtime.errors import InvalidInput, UnifiedError
from unified_runtime.idempotency.once import encoded
from unified_runtime.operations import Operation
from unified_runtime.sagas import LONGEST_ID, NOTHING, STEPS, Step, Submitted, Undo, UndoOf, Value, given, inputs_of, undo_of

Find = Callable[[str], Operation[..., Any]]


def shipped(name: str) -> Operation[..., Any]:
    """The operation of the compiled catalog.

    Raises:
        InvalidInput: there is none of that name, or it lists or downloads.
    """
    found = arguments.operation(name, catalog.names(catalog.load()))
    if not isinstance(found, Operation):
        raise InvalidInput(f"{name} cannot be a step of a saga: it gives no single value", operation=name)
    return found


def step_of(planned: Planned[Any], acting: Whose | None, together: int | None = None) -> Step:
    """A step as data.

    Raises:
        InvalidInput: it cannot be kept: it uploads a content, or how it is undone cannot be told before it was made.
    """
    return Step(
        planned.operation.name,
        inputs_of(planned.operation, planned.invocation),
        "derived" if planned.undo is None else undo_of(planned.undo),
        planned.irreversible,
        together,
        planned.timeout,
        acting,
    )


def planned_of(step: Step, values: Callable[[int], Any], find: Find) -> Planned[Any]:
    """A step of data, what stands for others' values put in.

    Raises:
        InvalidInput: there is no such operation, or it does not take these inputs.
    """
    check_timeout(step.timeout)
    operation = find(step.operation)
    invocation = operation.bind({name: given(value, values) for name, value in step.input.items()})
    return Planned(operation, invocation, _undo(step.undo, values, find), step.irreversible, step.timeout, step.acting)


def _undo(undo: UndoOf | str, values: Callable[[int], Any], find: Find) -> Callable[[Any], Undo | None] | None:
    if not isinstance(undo, UndoOf):
        return NOTHING if undo == "nothing" else None
    operation, inputs = find(undo.operation), undo.input

    def makes(value: Any) -> Undo:
        return operation, {name: given(told, lambda step: value if step == 0 else values(step)) for name, told in inputs.items()}

    return makes


def grouped(steps: Sequence[Step]) -> list[list[tuple[int, Step]]]:
    """The steps with their numbers from 1, those that are made at the same time together."""
    numbered = list(enumerate(steps, 1))
    return [list(group) for _, group in groupby(numbered, key=lambda one: (one[1].together, one[0] if one[1].together is None else 0))]


def run(saga: Saga, steps: Sequence[Step], find: Find) -> list[str]:
    """Make declared steps. Returns what each came to, in its kept form.

    Raises:
        UnifiedError: one failed.
    """
    values: dict[int, Any] = {}
    for group in grouped(steps):
        made = saga.make([planned_of(step, values.__getitem__, find) for _, step in group])
        values.update(zip((number for number, _ in group), made, strict=True))
    return [encoded(values[number]).decode() for number in sorted(values)]


def check(submitted: Submitted, client: Client, find: Find) -> list[tuple[Operation[..., Any], str]]:
    """Refuse a saga that could not be made or undone, before anything of it is. Returns the operations that it may need, each with its
    vendor: those of the steps, what is read before them, and what undoes them.

    Raises:
        InvalidInput: saying which step it is and what is wrong with it.
        NotConnected: no connection fits a step.
    """
    for what, text in (("id", submitted.id), ("name", submitted.name)):
        if not (0 < len(text) <= LONGEST_ID and text.isascii() and text.isprintable()):
            raise InvalidInput(f"a saga's {what} is 1 to {LONGEST_ID} printable ASCII characters")
    if not 0 < len(submitted.steps) <= STEPS:
        raise InvalidInput(f"a saga has 1 to {STEPS} steps, not {len(submitted.steps)}")
    check_timeout(submitted.timeout)
    found: list[tuple[Operation[..., Any], str]] = []
    for group in grouped(submitted.steps):
        first = group[0][0]
        for number, step in group:
            try:
                if step.irreversible and (number < len(submitted.steps) or len(group) > 1):
                    raise InvalidInput("it cannot be taken back: it has to be the last, and by itself")
                found += _needed(planned_of(step, lambda asked: _known(asked, first), find), client)  # noqa: B023  used at once
            except UnifiedError as error:
                error.message = f"step {number}: {error.message}"
                raise
    return found


def _known(asked: int, first: int) -> Value:
    if not 0 < asked < first:
        raise InvalidInput(f"it wants the value of step {asked}, which is not there by then")
    return Value(asked)


def _needed(planned: Planned[Any], client: Client) -> list[tuple[Operation[..., Any], str]]:
    with acting_as(planned.acting):
        via = vendor(client, planned.operation, planned.invocation)
    planned.operation.adapter(via)
    found = [planned.operation]
    if planned.undo is not None:
        undo = planned.undo(Value(0))
        found += [undo[0]] if undo is not None else []
    elif not planned.irreversible:
        undoing = derived(planned.operation, planned.invocation, via)
        found += [undoing.reads[0]] if undoing.reads is not None else []
        found += [undoing.operation] if undoing.operation is not None else []
    return [(operation, via) for operation in found]
