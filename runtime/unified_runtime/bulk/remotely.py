"""Many calls through a broker: those that the vendor takes together go to the broker together."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime.bulk.jobs import Came, Entry, Lot
from unified_runtime.driving.driver import Flow
from unified_runtime.errors import UnifiedError

if TYPE_CHECKING:
    from unified_runtime.brokered.protocol import Call
    from unified_runtime.brokered.remote import Remote
    from unified_runtime.observing import Observers

T = TypeVar("T")


def together(lot: Lot[T], remote: Remote, observers: Observers | None) -> Flow[list[tuple[Entry[T], Came]]]:
    """Have the broker make the calls of a lot. Each is a call of its own to who observes."""
    operation = lot.job.operation
    made: list[tuple[Entry[T], Call, Any]] = []
    for entry in lot.left:
        assert entry.invocation is not None
        seen = None
        if observers is not None:
            from unified_runtime.calling.observed import Observation

            seen = Observation(observers, operation, entry.invocation, remote=True)
        try:
            made.append((entry, remote.call_of(operation, entry.invocation), seen))
        except UnifiedError as error:
            if seen is not None:
                seen.ended(error)
            lot.refused(entry, error)
    if not made:
        return []
    try:
        came = yield from remote.many(operation, [call for _, call, _ in made])
    except UnifiedError as error:
        came = [Came(error=copy.copy(error)) for _ in made]
    for (_, _, seen), one in zip(made, came, strict=True):
        if seen is not None and not one.skipped:
            seen.ended(one.error)
    return [(entry, one) for (entry, _, _), one in zip(made, came, strict=True)]
