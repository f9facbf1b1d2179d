"""Permission of an agent to get an event: it must be allowed to read the record by a call, under its toolsets and policies.

If policies decide by agent and operation only, they are evaluated for the operations that read such records. If they depend on more
(ids, the account, the time, the record), the record is read as the agent, and the event is delivered if that is allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from unified_platform.catalog.operations import AnyOperation, find_operation
from unified_platform.inbox.store import InboxEvent
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.context import current_acting
from unified_runtime.core.errors import InvalidInput, QuotaExceeded, RateLimited, Unavailable, UnifiedError
from unified_runtime.core.operations import Invocation
from unified_runtime.core.policy_decisions import Outcome, PolicyRequest
from unified_runtime.execution.prepared import prepare
from unified_runtime.policy.enforcer import PolicyEnforcer

Find = Callable[[str], AnyOperation]

PASSING = (RateLimited, Unavailable, QuotaExceeded)
"""Errors of a read from which it does not follow whether the agent may read the record. The event waits."""


class RecordRead(NamedTuple):
    """Call that reads the record of an event."""

    operation: AnyOperation
    invocation: Invocation[Any]


def may_see(event: InboxEvent, enforcer: PolicyEnforcer, connections: Connections, find: Find = find_operation) -> bool | RecordRead:
    """Return whether the current agent may get an event, or the call that must be made to decide it.

    May read the source of connections. In async code, call `Connections.warmed` before.
    """
    reads = [found for name in ("get", "list") if (found := _operation(event, name, find)) is not None]
    if enforcer.by_tool:
        acting = current_acting()
        questions = [
            PolicyRequest(
                phase="arguments",
                agent=acting.agent,
                user=acting.user,
                on_behalf_of=acting.on_behalf_of,
                resource=one.resource,
                operation=one.operation,
                like=one.like,
                effect=one.effect,
                vendor=event.vendor,
                host="",
                tenant=connections.tenant,
                time=enforcer.clock(),
            )
            for one in reads
        ]
        return any(enforcer.decide([question])[0].outcome is Outcome.ALLOW for question in questions)
    get = next((one for one in reads if one.operation == "get"), None)
    if get is None:
        return False  # no call reads it by its id only, and what the policy depends on is not known
    try:
        invocation = get.bind({"id": event.record, "via": event.vendor})
        prepared = prepare(get, invocation, connections, enforcer)
    except UnifiedError:
        return False  # such as a missing connection: a call would fail in the same way
    assert prepared.policy is not None
    decision = enforcer.decide([prepared.policy.question])[0]
    if decision.outcome is not Outcome.ALLOW:
        return False  # events never request an approval
    if not decision.on_record and enforcer.decides_by_arguments:
        return True
    return RecordRead(get, invocation)


def _operation(event: InboxEvent, name: str, find: Find) -> AnyOperation | None:
    try:
        found = find(f"{event.resource}.{name}")
    except InvalidInput:
        return None
    return found if event.vendor in found.vendors else None
