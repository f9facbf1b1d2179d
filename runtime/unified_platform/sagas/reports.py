"""Report of a saga, from the records of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from unified_platform.sagas.journal import JournalAltered, plain_output, remaining
from unified_platform.sagas.step_calls import failure_of
from unified_runtime.core import typed_json
from unified_runtime.core.wire.protocol import CallResponse, Failure
from unified_runtime.core.wire.sagas import Left, Report

VERSION = "2"
"""Version of the format of saved steps; another version could not continue them."""
ADOPTED = "unified.adopted"
"""DBOS attribute of a saga that is being moved to another version."""
RETRIED = "unified.retried"
"""DBOS attribute of a saga for which a person requested another attempt."""
PREFIX = "unified.saga."
OUTCOME = "outcome"
"""Name under which the outcome of a saga is sealed."""
BLOCK, DECLARED = "(block)", "(declared)"
"""The two kinds of saga that are not functions; their name is in their inputs."""

Unsealed = Callable[[str, str, Any], Any]

_STATES = {"PENDING": "running", "ENQUEUED": "waiting", "DELAYED": "waiting", "CANCELLED": "canceled"}


def report(status: Any, steps: Callable[[str], Any] | None = None, *, unsealed: Unsealed | None = None) -> Report:
    """Return a saga's state; its status has to have been read with its input and output.

    Args:
        steps: reads the steps of a saga that cannot go on.
        unsealed: checks the outcome that was saved; without it, a seal is not checked.
    """
    if unsealed is not None and status.status == "SUCCESS":
        try:
            output = unsealed(status.workflow_id, OUTCOME, status.output)
        except JournalAltered as error:
            return _altered(status, steps, str(error))
    else:
        output = plain_output(status.output)
    data = output if isinstance(output, dict) else {}
    left = tuple(Left(*one) for one in data.get("left", ()))
    if status.status not in {"PENDING", "ENQUEUED", "DELAYED", "SUCCESS"} and steps is not None:
        left = tuple(remaining(steps(status.workflow_id)))
    if status.status in _STATES:
        state = _STATES[status.status]
    elif status.status != "SUCCESS":
        state = "broken"
    elif left:
        state = "needs you"
    else:
        state = "rolled back" if "failed" in data else "done"
    kind = status.name.removeprefix(PREFIX)
    cause = failure_of(data["cause"]) if "cause" in data else None
    if state == "broken" and status.error is not None:
        cause = Failure("UnifiedError", str(status.error))
    responses = data.get("value") if kind == DECLARED else None
    return Report(
        id=status.workflow_id,
        name=str(given(status).get("name", kind)) if kind in {BLOCK, DECLARED} else kind,
        state=state,
        reason=data.get("failed", ""),
        undone=tuple(data.get("undone", ())),
        left=left,
        cause=cause,
        time_over=data.get("time_over", False),
        responses=[typed_json.decode(text, CallResponse) for text in responses or ()],
    )


def _altered(status: Any, steps: Callable[[str], Any] | None, why: str) -> Report:
    left = tuple(remaining(steps(status.workflow_id))) if steps is not None else ()
    name = str(given(status).get("name", status.name.removeprefix(PREFIX)))
    return Report(id=status.workflow_id, name=name, state="broken", reason=why, left=left, cause=Failure("UnifiedError", why))


def given(status: Any) -> Mapping[str, Any]:
    """Return the inputs that a saga was started with."""
    found, *_ = (status.input or {}).get("args") or ({},)
    return found if isinstance(found, dict) else {}
