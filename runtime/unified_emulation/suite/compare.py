"""Differences between two runs of a suite."""

from __future__ import annotations

from dataclasses import dataclass

from unified_emulation.suite.checks import Key, Result
from unified_emulation.suite.run import Run


@dataclass(frozen=True, slots=True)
class Difference:
    """A check whose results differ: what they differ in, and both, as texts."""

    key: Key
    what: str
    one: str
    other: str

    def __str__(self) -> str:
        return f"{self.key}: {self.what}: {self.one}, and {self.other}"


def differences(one: Run, other: Run) -> list[Difference]:
    """Return the checks whose results differ, in the order of the first run, then of the second."""
    first, second = ({result.key: result for result in run.results} for run in (one, other))
    found = []
    for key in dict.fromkeys((*first, *second)):
        difference = _difference(key, first.get(key), second.get(key))
        if difference is not None:
            found.append(difference)
    return found


def _difference(key: Key, one: Result | None, other: Result | None) -> Difference | None:
    if one is None or other is None:
        return Difference(key, "check", _state(one), _state(other))
    if one.state is not other.state:
        return Difference(key, "result", _state(one), _state(other))
    if one.seen != other.seen:
        return Difference(key, "outcome", one.seen, other.seen)
    if one.observed != other.observed:
        return Difference(key, "responses", ", ".join(one.observed) or "no request", ", ".join(other.observed) or "no request")
    return None


def _state(result: Result | None) -> str:
    if result is None:
        return "not made"
    return f"{result.state.value} ({result.reason})" if result.reason else result.state.value
