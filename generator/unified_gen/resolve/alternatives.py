"""Inputs that alternatives of `either` ignore: they may be given when an alternative runs that does not accept them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from unified_gen.resolve.resolved import Condition, ResolvedOperation, ResolvedStep

ABSENT, GIVEN = object(), object()
"""An input that is not given; one that is given with a value no condition requests."""


def missed(operation: ResolvedOperation, names: Iterable[str]) -> Iterator[tuple[ResolvedStep, str]]:
    """Yield each alternative that may run with one of these inputs given and does nothing with it."""
    if not operation.ast.either:
        return
    wanted = tuple(names)
    for index, step in enumerate(operation.steps):
        for name in wanted:
            if name not in step.takes and _runs_with(operation.steps[: index + 1], name):
                yield step, name


def _runs_with(steps: tuple[ResolvedStep, ...], name: str) -> bool:
    """Return true if the last of these alternatives can be the one that runs while an input is given."""
    choices: dict[str, set[object]] = {name: {GIVEN}}
    for step in steps:
        for test in (test for group in (step.condition.any_of if step.condition is not None else ()) for test in group):
            known = choices.setdefault(test.reference.name, {GIVEN})
            if test.reference.absent and test.reference.name != name:
                known.add(ABSENT)
            if test.value is not None:
                known.add(test.value)
    last = steps[-1].condition
    # A step for small contents leaves larger ones to a later step.
    earlier = [step.condition for step in steps[:-1] if step.media is None or step.media.ast.upto is None]
    states = (dict(zip(choices, state, strict=True)) for state in product(*choices.values()))
    return any(_holds(last, state) and not any(_holds(condition, state) for condition in earlier) for state in states)


def _holds(condition: Condition | None, state: Mapping[str, object]) -> bool:
    if condition is None:
        return True
    for group in condition.any_of:
        for test in group:
            value = state[test.reference.name]
            if test.absent:
                holds = value is ABSENT
            elif test.value is None:
                holds = value is not ABSENT
            else:
                holds = value is not ABSENT and (value == test.value) != test.differs
            if not holds:
                break
        else:
            return True
    return False
