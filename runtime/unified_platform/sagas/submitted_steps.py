"""Steps as data, made into steps of a saga and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from unified_platform.catalog.operations import find_operation
from unified_platform.sagas.compensation import derived
from unified_platform.sagas.planned_steps import PlannedStep, check_timeout
from unified_platform.sagas.saga import Saga
from unified_platform.sagas.step_calls import acting_as, vendor
from unified_runtime import Client
from unified_runtime.client.arguments import bind
from unified_runtime.client.operations import Operation
from unified_runtime.client.saga_steps import NOTHING, Undo, Value, given, inputs_of, undo_of
from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.core.operations import OperationBase
from unified_runtime.core.wire.protocol import ActingFields
from unified_runtime.core.wire.sagas import LONGEST_ID, STEPS, Step, Submitted, UndoOf
from unified_runtime.execution.idempotent_writes import encoded

Find = Callable[[str], OperationBase[..., Any]]


def find_write(name: str) -> OperationBase[..., Any]:
    """Return an operation of the compiled catalog that can be a step.

    Raises:
        InvalidInput: there is none of that name, or it lists or downloads.
    """
    found = find_operation(name)
    if found.pages or not (isinstance(found, Operation) or found.checks_inputs):
        raise InvalidInput(f"{name} cannot be a step of a saga: it gives no single value", operation=name)
    return found


def step_of(planned: PlannedStep[Any], acting: ActingFields | None, together: int | None = None) -> Step:
    """A step as data.

    Raises:
        InvalidInput: it cannot be saved: it uploads a content, or its compensation is not known before it was executed.
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


def planned_of(step: Step, values: Callable[[int], Any], find: Find) -> PlannedStep[Any]:
    """A step of data, what means others' values put in.

    Raises:
        InvalidInput: there is no such operation, or it does not take these inputs.
    """
    check_timeout(step.timeout)
    operation = find(step.operation)
    invocation = bind(operation, {name: given(value, values) for name, value in step.input.items()})
    return PlannedStep(operation, invocation, _undo(step.undo, values, find), step.irreversible, step.timeout, step.acting)


def _undo(undo: UndoOf | str, values: Callable[[int], Any], find: Find) -> Callable[[Any], Undo | None] | None:
    if not isinstance(undo, UndoOf):
        return NOTHING if undo == "nothing" else None
    operation, inputs = find(undo.operation), undo.input

    def makes(value: Any) -> Undo:
        return operation, {name: given(data, lambda step: value if step == 0 else values(step)) for name, data in inputs.items()}

    return makes


def grouped(steps: Sequence[Step]) -> list[list[tuple[int, Step]]]:
    """The steps with their numbers from 1, those that are made at the same time together."""
    numbered = list(enumerate(steps, 1))
    return [list(group) for _, group in groupby(numbered, key=lambda one: (one[1].together, one[0] if one[1].together is None else 0))]


def run(saga: Saga, steps: Sequence[Step], find: Find) -> list[str]:
    """Execute declared steps. Returns the saved form of each result.

    Raises:
        UnifiedError: one failed.
    """
    values: dict[int, Any] = {}
    for group in grouped(steps):
        made = saga.declared(lambda: [planned_of(step, values.__getitem__, find) for _, step in group])  # noqa: B023  used at once
        values.update(zip((number for number, _ in group), made, strict=True))
    return [encoded(values[number]).decode() for number in sorted(values)]


def check(submitted: Submitted, client: Client, find: Find) -> list[tuple[OperationBase[..., Any], str]]:
    """Refuse a saga that could not be made or undone, before anything of it is. Returns the operations that it may need, each with its
    vendor: those of the steps, what is read before them, and what undoes them.

    Raises:
        InvalidInput: a step is not valid; the message names it.
        NotConnected: no connection fits a step.
    """
    for what, text in (("id", submitted.id), ("name", submitted.name)):
        if not valid_id(text):
            raise InvalidInput(f"a saga's {what} is 1 to {LONGEST_ID} printable ASCII characters")
    if not 0 < len(submitted.steps) <= STEPS:
        raise InvalidInput(f"a saga has 1 to {STEPS} steps, not {len(submitted.steps)}")
    check_timeout(submitted.timeout)
    found: list[tuple[OperationBase[..., Any], str]] = []
    for group in grouped(submitted.steps):
        first = group[0][0]
        for number, step in group:
            try:
                if step.irreversible and (number < len(submitted.steps) or len(group) > 1):
                    raise InvalidInput("it cannot be taken back: it has to be the last, and by itself")
                found += _needed(planned_of(step, lambda number: _known(number, first), find), client)  # noqa: B023  used at once
            except UnifiedError as error:
                error.message = f"step {number}: {error.message}"
                raise
    return found


def valid_id(text: str) -> bool:
    """Return whether a text can be the id or name of a submitted saga."""
    return 0 < len(text) <= LONGEST_ID and text.isascii() and text.isprintable()


def _known(number: int, first: int) -> Value:
    if not 0 < number < first:
        raise InvalidInput(f"it wants the value of step {number}, which is not there by then")
    return Value(number)


def _needed(planned: PlannedStep[Any], client: Client) -> list[tuple[OperationBase[..., Any], str]]:
    with acting_as(planned.acting):
        via = vendor(client, planned.operation, planned.invocation)
    planned.operation.adapter(via)
    found: list[tuple[OperationBase[..., Any], str]] = [(planned.operation, via)]
    if planned.undo is not None:
        undo = planned.undo(Value(0))
        if undo is not None:
            operation, inputs = undo
            found.append((operation, str(inputs.get("via") or via)))
    elif not planned.irreversible:
        found += [(operation, via) for operation in derived(planned.operation, planned.invocation, via).operations]
    return found
