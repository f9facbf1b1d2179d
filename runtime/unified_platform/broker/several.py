"""Calls of one operation that an agent has made together, in as few requests as the vendor takes them."""

from __future__ import annotations

from typing import Any

import msgspec

from unified_platform import arguments
from unified_platform.broker.calls import Calls, scrubbed, secrets_of
from unified_platform.broker.principals import Principal
from unified_runtime.brokered import failures, protocol, values
from unified_runtime.brokered.protocol import Answers, Came, untagged
from unified_runtime.bulk import CONCURRENCY, Item, amany
from unified_runtime.calling.plans import Plan
from unified_runtime.context import current_acting
from unified_runtime.errors import InvalidInput, UnifiedError
from unified_runtime.operations import Invocation, Operation
from unified_runtime.settings import Settings

MOST = 1000
"""Calls that are taken at once."""

_calls = msgspec.json.Decoder(protocol.Calls)


def decode(body: bytes) -> protocol.Calls:
    """The calls of a body.

    Raises:
        InvalidInput: they are none, or too many.
    """
    try:
        found = _calls.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = str(error)
    else:
        if 0 < len(found.items) <= MOST:
            return found
        reason = f"it holds {len(found.items)} calls, and may hold 1 to {MOST}"
    raise InvalidInput(f"the body is no list of calls: {reason}")


async def made(calls: Calls, asked: protocol.Calls, principal: Principal, settings: Settings) -> bytes:
    """What the calls came to. Each is asked about, counted and written down by itself; who has to wait for a rate limit is told so.

    Raises:
        InvalidInput: the operation is none that writes.
    """
    operation, items = _writing(calls, asked)
    with principal.acting(asked.acting):
        async with calls.narrowed(principal, settings):
            results = await amany(operation.asynchronous, items, concurrency=CONCURRENCY, patience=0.0)
        answer = msgspec.json.encode(Answers([_came(item) for item in results]))
        return scrubbed(answer, _used(calls, operation, items))


async def planned(calls: Calls, asked: protocol.Calls, principal: Principal) -> bytes:
    """What the calls would send.

    Raises:
        InvalidInput: the operation is none that writes.
    """
    operation, items = _writing(calls, asked)
    refused: list[tuple[int, protocol.Failure]] = []
    bound: dict[int, Invocation[Any]] = {}
    for number, given in enumerate(items):
        try:
            bound[number] = operation.bind(given)
        except UnifiedError as error:
            refused.append((number, failures.failure(error)))
    numbers, plan = list(bound), Plan(f"{operation.name}_many", "", ())

    def told(number: int, error: UnifiedError) -> None:
        refused.append((numbers[number], failures.failure(error)))

    with principal.acting(asked.acting):
        if bound:
            plan = await calls.plan_many(operation, list(bound.values()), principal, told)
    return msgspec.json.encode(protocol.Planned(values.plan_data(plan), refused))


def _writing(calls: Calls, asked: protocol.Calls) -> tuple[Operation[..., Any], list[dict[str, Any]]]:
    """The operation, and the inputs of each call.

    Raises:
        InvalidInput: it writes nothing.
    """
    operation = calls.operation(asked.operation)
    if not isinstance(operation, Operation) or operation.effect == "read":
        raise InvalidInput(f"{operation.name} writes nothing: what reads is called by itself", operation=operation.name)
    items = [{**given, **{name: untagged(given[name]) for name in ("extra", "custom_fields") if name in given}} for given in asked.items]
    return operation, items


def _came(item: Item[object]) -> Came:
    if item.status == "done":
        return Came(answer=values.answer(item.value))
    return Came() if item.error is None else Came(failure=failures.failure(item.error))


def _used(calls: Calls, operation: arguments.Callable, items: list[dict[str, object]]) -> list[bytes]:
    """The secrets of all connections that the calls may have gone through."""
    acting_, found = current_acting(), list[bytes]()
    for via in dict.fromkeys(given.get("via") or acting_.via for given in items):
        try:
            connection = calls.client.connections.find(operation.name, operation.vendors, via if isinstance(via, str) else None, acting_)
        except UnifiedError:  # nothing went through it
            continue
        found += secrets_of(connection)
    return found
