"""Combination of several policy engines: a call is allowed only if every engine allows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from unified_runtime.core.policy_decisions import Decision, Knowing, Outcome, PolicyEngine, PolicyRequest, allow
from unified_runtime.policy.enforcer import is_decision
from unified_runtime.policy.written_fields import covers


class AllEngines:
    """Policy engine that allows a call if all of its engines do. A denial by one is a denial; if one requires an approval, so does this.

    One approval holds for all engines: they evaluate the call as approved together.
    """

    def __init__(self, *engines: PolicyEngine) -> None:
        if not engines:
            raise ValueError("at least one engine is needed: none would allow everything")
        self.engines = engines
        self.embedded = all(getattr(engine, "embedded", False) is True for engine in engines)
        self.by_tool = all(getattr(engine, "by_tool", False) is True for engine in engines)
        self.by_arguments = all(getattr(engine, "by_arguments", False) is True for engine in engines)
        self.immediate = all(getattr(engine, "immediate", False) is True for engine in engines)

    def may_call(self, agent: str | None, operation: str, vendor: str) -> bool:
        """Return whether every engine that supports the question would allow some call of the operation via the vendor to the agent."""
        knowing = (engine.may_call for engine in self.engines if isinstance(engine, Knowing))
        return all(may_call(agent, operation, vendor) is True for may_call in knowing)

    def decide(self, questions: Sequence[PolicyRequest]) -> list[Decision]:
        """Return one decision for each question."""
        # Check lengths: an engine that returns too few decisions must not decide fewer questions.
        responses = [list(zip(questions, engine.decide(questions), strict=True)) for engine in self.engines]
        return [_together([response[number][1] for response in responses]) for number in range(len(questions))]


def _together(decisions: Sequence[Any]) -> Decision:
    wrong = [decision for decision in decisions if not is_decision(decision)]
    if wrong:
        return wrong[0]  # type: ignore[no-any-return]  # the policy enforcer denies and reports it
    for outcome in (Outcome.DENY, Outcome.APPROVAL):
        found = [decision for decision in decisions if decision.outcome is outcome]
        if found:
            reasons = dict.fromkeys(reason for decision in found for reason in decision.reasons)
            return Decision(outcome, tuple(reasons), _ids(found), extra=_extra(decisions))
    return allow(policies=_ids(decisions), on_record=any(decision.on_record for decision in decisions), extra=_extra(decisions))


def _extra(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Return the paths of `extra` that every decision allows by name: if one path leads to the other, the longer one."""
    first, *others = (decision.extra for decision in decisions)
    found = dict.fromkeys(first)
    for names in others:
        both = [(one, other) for one in found for other in names]
        found = dict.fromkeys(other if covers(one, other) else one for one, other in both if covers(one, other) or covers(other, one))
    return tuple(found)


def _ids(decisions: Sequence[Decision]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for decision in decisions for id in decision.policies))
