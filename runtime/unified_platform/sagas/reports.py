"""What has become of a saga, from what the engine keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from unified_platform.sagas.calling import failure_of
from unified_runtime.brokered.protocol import Answer, Failure
from unified_runtime.sagas import Left, Report

VERSION = "1"
"""Of how a saga's steps are kept; another one could not go on with them."""
PREFIX = "unified.saga."
BLOCK, DECLARED = "(block)", "(declared)"
"""The two kinds of saga that are no function; what they are called stands in their inputs."""

_STATES = {"PENDING": "running", "ENQUEUED": "waiting", "DELAYED": "waiting", "CANCELLED": "canceled"}


def report(status: Any) -> Report:
    """A saga's state; its status has to have been read with its input and output."""
    told = status.output if isinstance(status.output, dict) else {}
    left = tuple(Left(*one) for one in told.get("left", ()))
    if status.status in _STATES:
        state = _STATES[status.status]
    elif status.status != "SUCCESS":
        state = "broken"
    elif left:
        state = "needs you"
    else:
        state = "rolled back" if "failed" in told else "done"
    kind = status.name.removeprefix(PREFIX)
    cause = failure_of(told["cause"]) if "cause" in told else None
    if state == "broken" and status.error is not None:
        cause = Failure("UnifiedError", str(status.error))
    answers = told.get("value") if kind == DECLARED else None
    return Report(
        id=status.workflow_id,
        name=str(given(status).get("name", kind)) if kind in {BLOCK, DECLARED} else kind,
        state=state,
        told=told.get("failed", ""),
        undone=tuple(told.get("undone", ())),
        left=left,
        cause=cause,
        time_over=told.get("time_over", False),
        answers=[msgspec.json.decode(text, type=Answer) for text in answers or ()],
    )


def given(status: Any) -> Mapping[str, Any]:
    """What a saga was started with."""
    found, *_ = (status.input or {}).get("args") or ({},)
    return found if isinstance(found, dict) else {}
