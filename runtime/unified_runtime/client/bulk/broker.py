"""Bulk calls through a broker: calls that the vendor accepts in one batch are sent to the broker together."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime.client.bulk.base import CallBatch, Entry
from unified_runtime.core.call_results import CallResult
from unified_runtime.core.errors import UnifiedError
from unified_runtime.execution.flows import Flow

if TYPE_CHECKING:
    from unified_runtime.broker_client.client import BrokerClient
    from unified_runtime.core.observers import Observers
    from unified_runtime.core.wire.protocol import Call

T = TypeVar("T")


def call_many(batch: CallBatch[T], broker_client: BrokerClient, observers: Observers | None) -> Flow[list[tuple[Entry[T], CallResult]]]:
    """Have the broker make the calls of a lot. Observers receive a record of each call."""
    operation = batch.job.operation
    made: list[tuple[Entry[T], Call, Any]] = []
    for entry in batch.left:
        assert entry.invocation is not None
        seen = None
        if observers is not None:
            from unified_runtime.execution.observation import Observation

            seen = Observation(observers, operation, entry.invocation, through_broker=True)
        try:
            made.append((entry, broker_client.call_of(operation, entry.invocation), seen))
        except UnifiedError as error:
            if seen is not None:
                seen.ended(error)
            batch.refused(entry, error)
    if not made:
        return []
    try:
        results = yield from broker_client.many(operation, [call for _, call, _ in made])
    except UnifiedError as error:
        results = [CallResult(error=copy.copy(error)) for _ in made]
    for (_, _, seen), one in zip(made, results, strict=True):
        if seen is not None and not one.skipped:
            seen.ended(one.error)
    return [(entry, one) for (entry, _, _), one in zip(made, results, strict=True)]
