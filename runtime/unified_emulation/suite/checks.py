"""Results of a suite: one for each check, with what was sent and returned."""

from __future__ import annotations

from dataclasses import dataclass

from unified_emulation.laws.session import Outcome
from unified_emulation.laws.verdicts import State
from unified_emulation.suite.exchanges import Exchange
from unified_runtime.core.errors import UnifiedError

Found = tuple[str, str, State, str, str]
"""Operation, subject, state, reason, and what was seen: a check's result before its requests are known."""


@dataclass(frozen=True, slots=True)
class Key:
    """A check: its kind (`round trips`, `errors`, `facts`), the operation, and the field or fact. `number` counts repeated ones."""

    kind: str
    resource: str
    operation: str
    subject: str
    number: int = 0

    def __str__(self) -> str:
        subject = f" {self.subject}" if self.subject else ""
        return f"{self.kind}: {self.resource}.{self.operation}{subject}" + (f" ({self.number + 1})" if self.number else "")


@dataclass(frozen=True, slots=True)
class Result:
    """Result of a check. `observed` has the requests as `METHOD /path status`, without repetitions, `seen` what was read."""

    key: Key
    state: State
    reason: str = ""
    observed: tuple[str, ...] = ()
    seen: str = ""


def steps(exchanges: list[Exchange]) -> tuple[str, ...]:
    """Return exchanges as operations with statuses; pages of a list are one."""
    found: list[str] = []
    for each in exchanges:
        step = f"{each.endpoint} {each.status}"
        if found[-1:] != [step]:
            found.append(step)
    return tuple(found)


def outcome_of(outcome: Outcome) -> str:
    """Return what a call resulted in, as a text that is the same for equal behaviour."""
    if outcome.error is None:
        return f"{len(outcome.value)} records" if isinstance(outcome.value, list) else "success"
    error = outcome.error
    return type(error).__name__ if isinstance(error, UnifiedError) else f"{type(error).__name__}: {error}"
