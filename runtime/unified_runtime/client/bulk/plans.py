"""Plans of bulk calls: the requests that `many` would send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from unified_runtime.client import current
from unified_runtime.client.bulk.base import CONCURRENCY, Entry, Job
from unified_runtime.client.bulk.results import Item, Results
from unified_runtime.core.errors import UnifiedError

if TYPE_CHECKING:
    from unified_runtime.core.operations import OperationBase
    from unified_runtime.core.plans import Plan

T = TypeVar("T")


def plan(operation: OperationBase[..., T], items: Iterable[Mapping[str, Any] | str], via: str | None) -> Plan:
    """Return the requests that `many` would send for these items; see `operations.Many.plan`."""
    job = Job(operation, via, None, CONCURRENCY)
    invocations = [job.invocation(item, index) for index, item in enumerate(items)]
    return current.client().plan_many(operation, invocations)


def planned(
    operation: OperationBase[..., T],
    items: Iterable[Mapping[str, Any] | str],
    *,
    via: str | None = None,
    idempotency_key: str | None = None,
) -> tuple[Plan | None, Results[T]]:
    """Return the requests that `many` would send for these items, and the items for which it would send nothing, with their errors.

    The plan is None if it would send nothing at all."""
    job = Job(operation, via, idempotency_key, CONCURRENCY)
    entries: list[Entry[T]] = []
    left: list[Item[T]] = []
    for index, item in enumerate(items):
        entry = Entry[T](index, item)
        try:
            entry.invocation = job.invocation(item, index)
        except UnifiedError as error:
            left.append(job.failed(entry, error))
        else:
            entries.append(entry)

    def refused(number: int, error: UnifiedError) -> None:
        left.append(job.failed(entries[number], error))

    if not entries:
        return None, Results(left)
    invocations = [entry.invocation for entry in entries if entry.invocation is not None]
    plan = current.client().plan_many(operation, invocations, refused)
    return plan if plan.requests else None, Results(left)
