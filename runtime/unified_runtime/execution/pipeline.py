"""Pipeline of a call: its stages in order. Start reading here.

    validate              prepared.prepare                     connection, adapter and checked input; the prepared call does not change
    open the cursor       sealed_cursors.ListCursors           lists: the vendor's cursor from the caller's
    policy (arguments)    policy_enforcement.PolicyStage       decides, or requests an approval; writes the audit log
    idempotency           idempotent_writes.IdempotencyStage   returns a stored result, or runs the call once
    execute               driver.drive                         runs the adapter's steps; for each request:
        batch             batching.join_batch                  bulk calls: one request for several calls
        rate limit        rate_limiting.limit_rate             waits in the queue of the vendor, and learns from the response
        circuit breaker   circuit_breaking.break_circuit       sends nothing to a server that fails again and again
        policy (request)  policy_enforcement.PolicyStage       decides on the request, and counts quotas
        idempotency       idempotent_writes.IdempotencyStage   notes a write before it is sent
        send              the client                           over its transport
        classify          classification.classified            a response to read, or an error; follows redirects
        retry             retries.settled_attempt              pauses and sends again, or with a renewed credential
        read              the adapter                          makes the record
    check                 record_checks.wrong_record           is it the record that was requested, as it was written
    policy (record)       policy_enforcement.PolicyStage       decides on what was read, if the policy looks at records
    seal the cursor       sealed_cursors.ListCursors           lists: the caller's cursor from the vendor's

The client observes all of it from outside (`observation`): logs, traces, metrics and usage.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from unified_runtime.execution.circuit_breaking import break_circuit
from unified_runtime.execution.driver import drive
from unified_runtime.execution.rate_limiting import limit_rate
from unified_runtime.execution.stages import CallState, call_chain
from unified_runtime.rate_limits.circuit_breaker import circuit_breaker

if TYPE_CHECKING:
    from unified_runtime.core.records import Page
    from unified_runtime.core.settings import Settings
    from unified_runtime.execution.downloads import Receiving
    from unified_runtime.execution.flows import Flow
    from unified_runtime.execution.idempotent_writes import IdempotencyStage
    from unified_runtime.execution.policy_enforcement import PolicyStage
    from unified_runtime.execution.prepared import PreparedCall
    from unified_runtime.execution.stages import CallObserver, CallStage, RequestStage
    from unified_runtime.policy.approvals import RedeemedApproval
    from unified_runtime.rate_limits.rate_limiter import RateLimiter

SHARED = (limit_rate, break_circuit)
"""Request stages that a batch of calls runs through once; each call runs through the other stages itself."""


class Run:
    """One run of a prepared call, or of one page of a list: its state and its stages.

    Args:
        rate_limiter: the client's rate limiter.
        seen: observes the run.
        cursor: the vendor's cursor of the page.
        spent: the approval under which the page before was read.
        batching: its requests may be batched with those of other calls.
    """

    __slots__ = ("call", "flow", "policy")

    def __init__(
        self,
        prepared: PreparedCall,
        settings: Settings,
        rate_limiter: RateLimiter,
        seen: CallObserver | None,
        *,
        cursor: str | None = None,
        spent: RedeemedApproval | None = None,
        batching: bool = False,
    ) -> None:
        self.policy = policy = None if prepared.policy is None else _policy_stage()(prepared.policy, cursor, spent)
        once = None if prepared.write is None else _idempotency_stage()(prepared.write)
        connection, checks = prepared.connection, settings.check_records
        breaker = circuit_breaker(prepared.connections.circuits, connection, settings.circuit_after)
        if seen is not None:
            seen.through(connection, breaker)
        around: list[CallStage] = []
        each: list[RequestStage] = []
        for stage in (policy, once):
            if stage is not None:
                around.append(stage.run)
                each.append(stage.send)
        self.call = CallState(
            prepared.operation,
            connection,
            settings,
            SHARED,
            tuple(each),
            names=prepared.adapter.names,
            rate_limiter=rate_limiter if connection.vendor.limits else None,
            circuit_breaker=breaker,
            seen=seen,
            keyed=prepared.key is not None,
            agent=prepared.agent,
            batching=batching,
            large=prepared.large,
            is_only_writer=None if once is None else once.is_only_writer,
            requested_id=prepared.requested_id if checks else None,
            written_texts=prepared.written_texts if checks else None,
            moves=checks and prepared.adapter.moves,
        )
        self.flow: Flow[Any] = call_chain(around, drive)(prepared.steps(cursor), self.call)


def run(
    prepared: PreparedCall,
    settings: Settings,
    rate_limiter: RateLimiter,
    seen: CallObserver | None = None,
    *,
    cursor: str | None = None,
    batching: bool = False,
) -> Flow[Any]:
    """Return the flow of a call, from its first request to its value; for a list, the flow of the page at a cursor."""
    if prepared.list is not None:
        return _page(prepared, settings, rate_limiter, seen, cursor)
    return Run(prepared, settings, rate_limiter, seen, batching=batching).flow


def _page(
    prepared: PreparedCall, settings: Settings, rate_limiter: RateLimiter, seen: CallObserver | None, cursor: str | None
) -> Flow[Page[Any]]:
    """Return the flow of one page of a list. Its cursors are opened and sealed."""
    cursors, spent = prepared.list, None
    assert cursors is not None
    if cursor is not None:
        if seen is not None:
            seen.through(prepared.connection, None)  # also if the cursor is refused
        cursor, spent = yield from cursors.opened(cursor)
    made = Run(prepared, settings, rate_limiter, seen, cursor=cursor, spent=spent)
    page: Page[Any] = yield from made.flow
    if page.cursor is not None or page.sync is not None:
        page = yield from cursors.sealed(page, None if made.policy is None else made.policy.spent)
    return page


def download(prepared: PreparedCall, settings: Settings, rate_limiter: RateLimiter, seen: CallObserver | None = None) -> Receiving:
    """Return the flow of a call that returns a content, from its first request to the content's last bytes."""
    from unified_runtime.execution.downloads import receive  # only files need it

    made = Run(prepared, settings, rate_limiter, seen)
    return receive(made.flow, made.call)


@cache
def _policy_stage() -> type[PolicyStage]:
    from unified_runtime.execution.policy_enforcement import PolicyStage  # imported late: calls without a policy do not need it

    return PolicyStage


@cache
def _idempotency_stage() -> type[IdempotencyStage]:
    from unified_runtime.execution.idempotent_writes import IdempotencyStage  # imported late: calls without a key do not need it

    return IdempotencyStage
