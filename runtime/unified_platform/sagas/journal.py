"""Journal of a saga: each step as data, saved before it is sent, with the call that undoes it. Rolling back needs no code of the saga."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from unified_platform.sagas.compensation import Before, derived
from unified_platform.sagas.planned_steps import PlannedStep
from unified_platform.sagas.step_calls import acting_as, acting_fields, connection_key
from unified_runtime import Client
from unified_runtime.client.saga_steps import NOTHING, Undo, Value, data, given, inputs_of
from unified_runtime.core import typed_json
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.core.operations import Invocation, OperationBase
from unified_runtime.core.wire.protocol import ActingFields
from unified_runtime.core.wire.sagas import Left, Step, UndoOf

Known = dict[str, OperationBase[..., Any]]
"""Operations by name that the code of a saga used, which need not be in the compiled catalog."""


class Entry(Step, frozen=True, omit_defaults=True):
    """One step as it is saved before it is sent.

    Attributes:
        undo: the call that undoes the step. `code`: only the saga's code can compute it, from the step's result, with which it is saved.
        number: number of the step in its saga.
        key: idempotency key of the call.
        vendor: vendor that the call goes to.
        connection: server, tenant and id of the connection; empty through a broker.
        reads: call whose result is read before the step, for an undo that restores it.
        restores: the undo only sets values that were read before, so that it may run whether the step was executed or not.
        contents: SHA-256 of each uploaded content by argument. The contents themselves are not saved.
    """

    undo: UndoOf | Literal["derived", "nothing", "code"] = "derived"  # type: ignore[assignment]  # more than agents may submit
    number: int = 0
    key: str = ""
    vendor: str = ""
    connection: tuple[str, ...] = ()
    reads: UndoOf | None = None
    restores: bool = False
    contents: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.number} {self.operation} on {self.vendor}"

    @property
    def acting_fields(self) -> ActingFields:
        """For whom the call is made."""
        return self.acting or ActingFields()


def journal_entry(
    client: Client,
    operation: OperationBase[..., Any],
    invocation: Invocation[Any],
    undo: Callable[[Any], Undo | None] | None,
    *,
    irreversible: bool,
    timeout: float | None,
    number: int,
    key: str,
    known: Known,
) -> Entry:
    """Return a step as data. Nothing is sent.

    Raises:
        InvalidInput: the step cannot be undone, or its inputs cannot be saved.
        NotConnected: no connection fits.
    """
    vendor, connection = connection_key(client, operation, invocation)
    reads: UndoOf | None = None
    how: UndoOf | Literal["derived", "nothing", "code"] = "nothing"
    restores = False
    known[operation.name] = operation
    if undo is not None:
        how = symbolic(undo, vendor, known)
    elif not irreversible:
        found = derived(operation, invocation, vendor)
        known |= {one.name: one for one in found.operations}
        reads, restores = found.reads, found.restores
        how = found.undo or "nothing"
    contents = {name: _digest(operation, content) for name, content in (invocation.content or {}).items() if content is not None}
    return Entry(
        operation=operation.name,
        input=_inputs(operation, invocation),
        undo=how,
        irreversible=irreversible,
        timeout=timeout,
        acting=acting_fields(current_acting()),
        number=number,
        key=invocation.key or key,
        vendor=vendor,
        connection=connection,
        reads=reads,
        restores=restores,
        contents=contents,
    )


def _inputs(operation: OperationBase[..., Any], invocation: Invocation[Any]) -> dict[str, Any]:
    content, key, invocation.content, invocation.key = invocation.content, invocation.key, None, None
    try:
        return {name: value for name, value in inputs_of(operation, invocation).items() if name != "via"}
    finally:
        invocation.content, invocation.key = content, key


def _digest(operation: OperationBase[..., Any], content: Any) -> str:
    if isinstance(content, str):
        content = content.encode()
    if not isinstance(content, (bytes, bytearray, memoryview)):
        raise InvalidInput(f"{operation.name}: a step of a saga uploads bytes, not a stream or a file", operation=operation.name)
    return hashlib.sha256(content).hexdigest()


def symbolic(undo: Callable[[Any], Undo | None], vendor: str, known: Known) -> UndoOf | Literal["nothing", "code"]:
    """Return the undo of a step before its result exists, as far as the caller's function only passes on fields of the result."""
    if undo is NOTHING:
        return "nothing"
    try:
        return undo_data(undo, Value(0), vendor, known) or "code"
    except Exception:  # noqa: BLE001  the caller's own function, which may need the result itself
        return "code"


def undo_data(undo: Callable[[Any], Undo | None], value: Any, vendor: str, known: Known) -> UndoOf | None:
    """Return the undo that the caller's function computes from a step's result.

    Raises:
        Exception: any error of the caller's function.
        InvalidInput: an input of the undo cannot be saved.
    """
    found = undo(value)
    if found is None:
        return None
    operation, inputs = found
    known[operation.name] = operation
    via = {"via": vendor} if vendor in operation.vendors else {}
    return UndoOf(operation.name, via | {name: data(value) for name, value in inputs.items()})


def undo_inputs(undo: UndoOf, value: Any, before: Any) -> dict[str, Any]:
    """Return the inputs of an undo, with fields of the step's result and of what was read before filled in.

    Raises:
        InvalidInput: the result has no such field.
    """
    return {name: given(one, lambda step: value if step == 0 else Before(before)) for name, one in undo.input.items()}


def entries(found: Sequence[Any]) -> list[Entry]:
    """Return the steps of a saved record."""
    return typed_json.convert(found, list[Entry])


def difference(saved: Mapping[str, Any], now: Mapping[str, Any], number: int) -> str:
    """Return how the code's next action differs from the saved one, in a sentence without any value of an argument."""
    if "steps" not in saved or "steps" not in now or len(saved["steps"]) != len(now["steps"]):
        return f"it {_action(saved)} when it started, and {_action(now)} now (at step {number})"
    for one, other in zip(entries(saved["steps"]), entries(now["steps"]), strict=True):
        if one == other:
            continue
        if (one.operation, one.vendor) != (other.operation, other.vendor):
            return f"step {one.number} was {one.operation} on {one.vendor} when it started, and is {other.operation} on {other.vendor} now"
        names = sorted(name for name in {*one.input, *other.input} if one.input.get(name) != other.input.get(name))
        fields = [field for field in Entry.__struct_fields__ if field != "input" and getattr(one, field) != getattr(other, field)]
        return f"step {one.name} has other values now for {', '.join([*names, *fields])}"
    return f"step {number} is another one now"


def _action(record: Mapping[str, Any]) -> str:
    if "steps" in record:
        return "called " + " and ".join(str(step["operation"]) for step in record["steps"])
    if "note" in record:
        return f"ran {str(record['note'])[:60]!r}"
    return "ended"


def command(entry: Entry) -> str:
    """Return the call of a step as it is written on a command line, for people."""
    return command_text(entry.operation, {name: given(value, Value) for name, value in entry.input.items()})


def command_text(operation: str, inputs: Mapping[str, Any]) -> str:
    """Return a call as it is written on a command line, for people."""
    parts = (f"{name}={str(value)[:60]}" for name, value in inputs.items())
    return " ".join((operation, *parts))


def remaining(steps: Sequence[Mapping[str, Any]]) -> list[Left]:
    """Return the steps that a saga may have executed and has not undone, from DBOS's steps only: for a saga that cannot go on."""
    why = "the saga cannot go on, and this step may have been executed"
    undone = {one["function_name"].partition(" undo ")[2] for one in steps if not _failed(plain_output(one["output"]))}
    records = [plain_output(one["output"]) for one in steps if one["function_name"].startswith("record ")]
    found = [entry for record in records if isinstance(record, dict) and "steps" in record for entry in entries(record["steps"])]
    return [
        Left(
            entry.name,
            why,
            f"check if this was executed, and undo it if so: {command(entry)} (key {entry.key})",
        )
        for entry in found
        if entry.name not in undone and (entry.undo != "nothing" or entry.irreversible)
    ]


def _failed(output: Any) -> bool:
    return not isinstance(output, dict) or "error" in output


def plain_output(output: Any) -> Any:
    """Return the result of a step as DBOS lists it, without the seal of a broker. The seal is not checked."""
    return output["value"] if isinstance(output, dict) and output.keys() == {"value", "seal"} else output


class JournalAltered(BaseException):
    """Stops a saga whose records in the database are not those that were saved. Not an `Exception`: its code is not to handle it."""


class CodeChanged(BaseException):
    """Stops the code of a saga that no longer does what its journal holds. Not an `Exception`: the saga's code is not to handle it."""


def changed_error(reason: str) -> UnifiedError:
    """Return the error with which a saga ends whose code changed."""
    return UnifiedError(f"the code of the saga is not the code that it was started with: {reason}")


def prepared(client: Client, planned: Sequence[PlannedStep[Any]], number: int, saga: str, known: Known) -> list[Entry]:
    """Return the next steps of a saga as data, numbered from `number`. The operations that they need are added to `known`.

    Raises:
        InvalidInput: a step cannot be undone, or its inputs cannot be saved.
        NotConnected: no connection fits.
    """
    found = []
    for offset, one in enumerate(planned):
        with acting_as(one.acting):
            found.append(
                journal_entry(
                    client,
                    one.operation,
                    one.invocation,
                    one.undo,
                    irreversible=one.irreversible,
                    timeout=one.timeout,
                    number=number + offset,
                    key=f"saga/{saga}/{number + offset}",
                    known=known,
                )
            )
    return found
