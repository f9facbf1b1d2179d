"""How a request enters a budget, waits for its turn, and what its answer says is learned."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from unified_runtime.driving.driver import BudgetWait, Call, Flow, Outcome
from unified_runtime.driving.errands import Errand
from unified_runtime.errors import RateLimited
from unified_runtime.messages import HTTPRequest, Request, Response
from unified_runtime.pacing.limits_told import Told, read

if TYPE_CHECKING:
    from unified_runtime.pacing.budgets import Budget, Entry

NAP = 2.0
"""Seconds after which whoever waits asks again: those before it may have gone."""


def within(entry: Entry, budget: Budget, request: Request, wire: HTTPRequest, call: Call) -> Flow[Outcome]:
    """Send a request once the budget lets it in and the call's gates let it through.

    Raises:
        RateLimited: its turn comes after the call's deadline.
    """
    try:
        while (seconds := (yield from _entered(entry, budget))) > 0:
            if time.monotonic() + seconds > call.deadline:
                raise RateLimited(
                    f"the budget for {call.connection.vendor.title} is spent: the next request may be sent in {seconds:.0f} s",
                    retry_after=seconds,
                    retry_safe=not call.twice,
                )
            yield BudgetWait(min(seconds, NAP))
        yield from call.passes(request, wire)
        outcome = yield wire
    except BaseException:
        budget.leave(entry)
        raise
    told = read(outcome) if isinstance(outcome, Response) else None
    if told is not None or entry.held:
        yield from _answered(entry, budget, told)
    return outcome


def refused(entry: Entry, budget: Budget, seconds: float | None) -> Flow[None]:
    """The vendor says in words, and not with the status 429, that it wants fewer requests: keep away for so many seconds, by default 1."""
    yield from _answered(entry, budget, Told(wait=1.0 if seconds is None else seconds))


def _entered(entry: Entry, budget: Budget) -> Flow[float]:
    if not budget.blocks:
        return budget.enter(entry)
    errand = Errand(lambda: budget.enter(entry), blocks=True)
    yield errand
    return errand.result


def _answered(entry: Entry, budget: Budget, told: Told | None) -> Flow[None]:
    if budget.blocks:
        yield Errand(lambda: budget.answered(entry, told), blocks=True)
    else:
        budget.answered(entry, told)
