"""Policy that allows everything, for calls that something else has permitted."""

from __future__ import annotations

from collections.abc import Sequence

from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow
from unified_runtime.policy.written_fields import EVERY


class AllowingPolicy:
    """Policy that allows everything. `name` is in its decisions as that of a policy."""

    embedded = True
    immediate = True
    by_tool = True

    def __init__(self, name: str) -> None:
        self._decision = allow(policies=(name,), extra=(EVERY,))

    def decide(self, questions: Sequence[PolicyRequest]) -> list[Decision]:
        return [self._decision] * len(questions)
