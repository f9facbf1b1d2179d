"""Several engines as one: a call goes on only if every one of them allows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from unified_runtime.control.guard import is_decision
from unified_runtime.control.policy import Decision, Knowing, Outcome, PolicyEngine, Question, allow


class Every:
    """An engine that allows what all of its engines allow. What one denies is denied; what one wants approved has to be approved.

    One approval answers all of them: they see the call as approved together.
    """

    def __init__(self, *engines: PolicyEngine) -> None:
        if not engines:
            raise ValueError("at least one engine is needed: none would allow everything")
        self.engines = engines
        self.embedded = all(getattr(engine, "embedded", False) is True for engine in engines)
        self.by_arguments = all(getattr(engine, "by_arguments", False) is True for engine in engines)
        self.immediate = all(getattr(engine, "immediate", False) is True for engine in engines)

    def may_call(self, agent: str | None, operation: str, vendor: str) -> bool:
        """Whether every engine that can tell would allow some call of the operation via the vendor to the agent."""
        knowing = (engine.may_call for engine in self.engines if isinstance(engine, Knowing))
        return all(may_call(agent, operation, vendor) is True for may_call in knowing)

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        """One decision for each question."""
        # Lengths are checked here: an engine that answers too little must not be heard on fewer questions.
        answers = [list(zip(questions, engine.decide(questions), strict=True)) for engine in self.engines]
        return [_together([answer[number][1] for answer in answers]) for number in range(len(questions))]


def _together(decisions: Sequence[Any]) -> Decision:
    wrong = [decision for decision in decisions if not is_decision(decision)]
    if wrong:
        return wrong[0]  # type: ignore[no-any-return]  # the guard takes it for a no, and says so
    for outcome in (Outcome.DENY, Outcome.APPROVAL):
        found = [decision for decision in decisions if decision.outcome is outcome]
        if found:
            reasons = dict.fromkeys(reason for decision in found for reason in decision.reasons)
            return Decision(outcome, tuple(reasons), _ids(found))
    return allow(policies=_ids(decisions), on_record=any(decision.on_record for decision in decisions))


def _ids(decisions: Sequence[Decision]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for decision in decisions for id in decision.policies))
