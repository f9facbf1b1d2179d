"""Wire format of sagas: steps that an agent submits, and the report about them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from unified_runtime.core.wire.protocol import ActingFields, CallResponse, Failure

LONGEST_ID = 100


STEPS = 100
"""Maximum number of steps of a saga that is submitted to a broker."""


class UndoOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Call that undoes a step (compensation)."""

    operation: str
    input: dict[str, Any]


class Step(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One step of a saga.

    Attributes:
        input: the operation's inputs by name, in the format of `tagged`.
        undo: its compensation; by default derived from the operation.
        together: consecutive steps with the same number run concurrently.
        timeout: seconds for all attempts of this step.
        acting: for whom the step is made, if not the same as for the saga.
    """

    operation: str
    input: dict[str, Any] = {}
    undo: UndoOf | Literal["derived", "nothing"] = "derived"
    irreversible: bool = False
    together: int | None = None
    timeout: float | None = None
    acting: ActingFields | None = None


class Submitted(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Saga that is submitted to a broker. Its id identifies one run: submitting it again has no effect."""

    id: str
    name: str
    steps: list[Step]
    timeout: float | None = None
    acting: ActingFields = ActingFields()


class ReportRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Request for the report of a saga, after at most `wait` seconds if it still runs."""

    id: str
    wait: float = 0.0
    acting: ActingFields = ActingFields()


class Left(msgspec.Struct, frozen=True):
    """Step that needs manual action: it could not be undone, or it is not known if it was executed.

    `todo` is the manual action: the call that would have undone the step, or the records to check.
    """

    step: str
    why: str
    todo: str = ""


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """State and result of a saga.

    Attributes:
        state: `running`, `waiting`, `done`, `rolled back`, `needs you` (something could not be undone) or `broken`.
        reason: the reason why it did not complete, in one sentence.
        undone: the steps that were undone, last first.
        left: the steps that could not be undone.
        cause: the error that ended it; `time_over` if it exceeded its time.
        responses: for a completed saga of declared steps, their results in order.
    """

    id: str
    name: str
    state: str
    reason: str = ""
    undone: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    cause: Failure | None = None
    time_over: bool = False
    responses: list[CallResponse] = []
