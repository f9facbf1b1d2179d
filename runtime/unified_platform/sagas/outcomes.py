"""Outcomes of sagas as JSON data: done, rolled back, or records that cannot be used."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from unified_platform.sagas.errors import Left, TimeOver
from unified_platform.sagas.saga import Saga
from unified_platform.sagas.step_calls import data_of
from unified_runtime.core.errors import UnifiedError

log = logging.getLogger("unified.sagas")


def run_to_outcome(saga: Saga, body: Callable[[], Any], interruptions: type[Exception]) -> dict[str, Any]:
    """Run a saga and return its outcome. `interruptions` are the engine's errors, which stop it here without ending it."""
    try:
        data: dict[str, Any] = {"value": body()}
        saga.check_unconfirmed()
        if saga.left:
            data |= {"undone": list(saga.undone), "left": _left(saga.left)}
        return data
    except interruptions:
        raise
    except UnifiedError as error:
        cause = error
    except Exception as error:
        log.exception("saga %s ended with an error of its own", saga.id)
        cause = wrapped(error)
    failed = saga.roll_back(cause)
    return {
        "failed": failed.message,
        "cause": data_of(cause),
        "time_over": isinstance(cause, TimeOver),
        "undone": list(failed.undone),
        "left": _left(failed.left),
    }


def wrapped(error: Exception) -> UnifiedError:
    """Return an error of a saga's own code as one that can be saved."""
    return UnifiedError(f"{type(error).__name__}: {error}")


def unusable(id: str, left: Sequence[Left]) -> dict[str, Any]:
    """Return the outcome of a saga whose records do not fit what this library does with them: a person has to check what it executed."""
    cause = UnifiedError("its records are inconsistent: another release of this library, or another program, changed them")
    return {"failed": f"saga {id} cannot go on: {cause.message}", "cause": data_of(cause), "undone": [], "left": _left(left)}


def _left(left: Sequence[Left]) -> list[list[str]]:
    return [[one.step, one.why, one.todo] for one in left]
