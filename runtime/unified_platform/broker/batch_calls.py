"""Batches: several calls of one operation in one request to the broker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from unified_platform.broker.calls import Calls
from unified_platform.broker.principals import Principal
from unified_platform.broker.request_bodies import decode_body
from unified_platform.broker.responses import redacted
from unified_platform.catalog.operations import AnyOperation
from unified_platform.common.event_loop import in_thread_if
from unified_runtime import using
from unified_runtime.client.bulk import CONCURRENCY, Item, amany
from unified_runtime.client.operations import Operation
from unified_runtime.core import json_limits
from unified_runtime.core.connections import Connection
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import InvalidInput, UnifiedError
from unified_runtime.core.operations import Invocation
from unified_runtime.core.plans import Plan
from unified_runtime.core.settings import Settings
from unified_runtime.core.wire import errors, protocol, values
from unified_runtime.core.wire.protocol import BatchResponse, BatchResult, untagged

MOST = 1000
"""Maximum calls of a batch."""

FEW = 20
"""Calls up to which a batch is checked and encoded without a thread."""

_calls = msgspec.json.Decoder(protocol.Calls)


def decode(body: bytes) -> protocol.Calls:
    """Decode the calls of a body.

    Raises:
        InvalidInput: they are not valid, or too many.
    """
    found = decode_body(body, _calls, "a list of calls")
    if not 0 < len(found.items) <= MOST:
        raise InvalidInput(f"a batch has 1 to {MOST} calls, not {len(found.items)}")
    json_limits.check(found.items, "items", json_limits.MOST_JSON_VALUES)
    return found


async def call_many(calls: Calls, batch: protocol.Calls, principal: Principal, settings: Settings) -> bytes:
    """Make the calls and return their results. The policy is evaluated for each, and each is counted and logged separately.

    Raises:
        InvalidInput: the operation does not write.
    """
    large = len(batch.items) > FEW
    operation, items = await in_thread_if(large, _writing, calls, batch)
    with principal.acting(batch.acting):
        with using(calls.narrowed(principal, settings)):
            results = await amany(operation.asynchronous, items, concurrency=CONCURRENCY, patience=0.0)
        return await in_thread_if(large, _encoded_results, results, _used(calls, operation, items))


async def plan_many(calls: Calls, batch: protocol.Calls, principal: Principal, *, large: bool = False) -> bytes:
    """Return the plan of the calls.

    Raises:
        InvalidInput: the operation does not write.
    """
    operation, items = await in_thread_if(large, _writing, calls, batch)
    refused: list[tuple[int, protocol.Failure]] = []
    bound: dict[int, Invocation[Any]] = {}

    def bind() -> None:
        for number, given in enumerate(items):
            try:
                bound[number] = operation.bind(given)
            except UnifiedError as error:
                refused.append((number, errors.failure(error)))

    await in_thread_if(large, bind)
    numbers, plan = list(bound), Plan(f"{operation.name}_many", "", ())

    def add_refused(number: int, error: UnifiedError) -> None:
        refused.append((numbers[number], errors.failure(error)))

    with principal.acting(batch.acting):
        if bound:
            plan = await calls.plan_many(operation, list(bound.values()), principal, add_refused, large=large)
    return await in_thread_if(large, _encoded_plan, plan, refused)


def _encoded_plan(plan: Plan, refused: list[tuple[int, protocol.Failure]]) -> bytes:
    return msgspec.json.encode(protocol.Planned(values.plan_data(plan), refused))


def _writing(calls: Calls, batch: protocol.Calls) -> tuple[Operation[..., Any], list[dict[str, Any]]]:
    """Return the operation, and the inputs of each call.

    Raises:
        InvalidInput: the operation does not write.
    """
    operation = calls.operation(batch.operation)
    if not isinstance(operation, Operation) or operation.effect == "read":
        raise InvalidInput(f"{operation.name} reads: a batch accepts operations that write", operation=operation.name)
    items = [{**given, **{name: untagged(given[name]) for name in ("extra", "custom_fields") if name in given}} for given in batch.items]
    return operation, items


def _encoded_results(results: Iterable[Item[Any]], used: list[Connection]) -> bytes:
    return redacted(msgspec.json.encode(BatchResponse([_batch_result(item) for item in results])), used)


def _batch_result(item: Item[object]) -> BatchResult:
    if item.status == "done":
        return BatchResult(response=values.call_response(item.value))
    return BatchResult() if item.error is None else BatchResult(failure=errors.failure(item.error))


def _used(calls: Calls, operation: AnyOperation, items: list[dict[str, object]]) -> list[Connection]:
    """Return the connections that the calls may have used."""
    acting_, found = current_acting(), list[Connection]()
    for via in dict.fromkeys(given.get("via") or acting_.via for given in items):
        try:
            found.append(calls.client.connections.find(operation.name, operation.vendors, via if isinstance(via, str) else None, acting_))
        except UnifiedError:  # the call did not use one
            continue
    return found
