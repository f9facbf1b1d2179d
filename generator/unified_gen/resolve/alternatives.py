"""Inputs that alternatives of `either` ignore: they may be given when an alternative runs that does not accept them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from unified_gen.resolve.resolved import Condition, ResolvedAlternative, ResolvedOperation

ABSENT, GIVEN = object(), object()
"""An input that is not given; one that is given with a value no condition requests."""


def missed(operation: ResolvedOperation, names: Iterable[str]) -> Iterator[tuple[ResolvedAlternative, str]]:
    """Yield each alternative that may run with one of these inputs given and does nothing with it."""
    wanted = tuple(names)
    for index, alternative in enumerate(operation.alternatives):
        for name in wanted:
            earlier = () if operation.ast.sources else operation.alternatives[:index]
            if name not in alternative.takes and _runs_with((*earlier, alternative), name):
                yield alternative, name


def _runs_with(alternatives: tuple[ResolvedAlternative, ...], name: str) -> bool:
    """Return true if the last of these alternatives can be the one that runs while an input is given."""
    choices: dict[str, set[object]] = {name: {GIVEN}}
    for one in alternatives:
        for test in (test for group in (one.condition.any_of if one.condition is not None else ()) for test in group):
            known = choices.setdefault(test.reference.name, {GIVEN})
            if test.reference.absent and test.reference.name != name:
                known.add(ABSENT)
            if test.value is not None:
                known.add(test.value)
    last = alternatives[-1].condition
    earlier = [one.condition for one in alternatives[:-1] if not one.partial]
    states = (dict(zip(choices, state, strict=True)) for state in product(*choices.values()))
    return any(holds(last, state) and not any(holds(condition, state) for condition in earlier) for state in states)


def holds(condition: Condition | None, state: Mapping[str, object]) -> bool:
    """Return true if a condition holds for these inputs: `ABSENT`, `GIVEN`, or a value."""
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
