"""Inputs that alternatives of `either` ignore: they may be given when an alternative runs that does not accept them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from math import prod

from unified_gen.language import ast
from unified_gen.resolve.assignments import Reference
from unified_gen.resolve.resolved import Condition, ResolvedAlternative, ResolvedOperation

ABSENT, GIVEN = object(), object()
"""An input that is not given; one that is given with a value no condition requests."""
_MOST_STATES = 4096


def missed(operation: ResolvedOperation, names: Iterable[str]) -> Iterator[tuple[ResolvedAlternative, str]]:
    """Yield each alternative that may run with one of these inputs given and does nothing with it."""
    wanted = tuple(names)
    locally = {given.name.value for one in operation.alternatives for step in one.steps for given in step.local_filters}
    for index, alternative in enumerate(operation.alternatives):
        for name in wanted:
            earlier = () if operation.ast.sources else operation.alternatives[:index]
            if _continues(alternative) and name not in locally:
                continue  # the vendor's cursor has the filters that the first page was requested with
            if name not in alternative.takes and _runs_with((*earlier, alternative), name):
                yield alternative, name


def _continues(alternative: ResolvedAlternative) -> bool:
    """Return true if an alternative requests further pages only."""
    groups = alternative.condition.any_of if alternative.condition is not None else ()
    return bool(groups) and all(any(test.reference.kind == "cursor" and not test.absent for test in group) for group in groups)


def _runs_with(alternatives: tuple[ResolvedAlternative, ...], name: str) -> bool:
    """Return true if the last of these alternatives can be the one that runs while an input is given."""
    choices: dict[str, set[object]] = {name: {GIVEN}}
    for one in alternatives:
        for test in (test for group in (one.condition.any_of if one.condition is not None else ()) for test in group):
            known = choices.setdefault(tested(test.reference), {GIVEN})
            if test.reference.absent and test.reference.name != name:
                known.add(ABSENT)
            if test.value is not None:
                known.add(test.value)
    last = alternatives[-1].condition
    earlier = [one.condition for one in alternatives[:-1] if not one.partial]
    states = (dict(zip(choices, state, strict=True)) for state in product(*choices.values()))
    return any(holds(last, state) and not any(holds(condition, state) for condition in earlier) for state in states)


def states(conditions: Iterable[Condition | None]) -> Iterator[dict[str, object]]:
    """Yield the combinations of inputs that conditions distinguish; those that the operation requires are always given."""
    choices: dict[str, list[object]] = {}
    for test in (test for one in conditions if one is not None for group in one.any_of for test in group):
        absent = test.reference.absent or test.reference.kind == "saved"  # a saved object is there, and a part of it may not be
        known = choices.setdefault(tested(test.reference), [GIVEN, *([ABSENT] if absent else [])])
        if test.value is not None and test.value not in known:
            known.append(test.value)
    yield from (dict(zip(choices, state, strict=True)) for state in islice(product(*choices.values()), _MOST_STATES))


def tested(reference: Reference) -> str:
    """Return the key of what a condition tests: an input, or a part of a saved value."""
    return reference.text.value if reference.kind == "saved" else reference.name


def holds(condition: Condition | None, state: Mapping[str, object]) -> bool:
    """Return true if a condition holds for these inputs: `ABSENT`, `GIVEN`, or a value."""
    if condition is None:
        return True
    groups = ([(tested(test.reference), test.absent, test.value, test.differs) for test in group] for group in condition.any_of)
    return any(all(_passes(state[name], absent, value, differs) for name, absent, value, differs in group) for group in groups)


def _passes(given: object, absent: bool, value: str | None, differs: bool) -> bool:
    if absent:
        return given is ABSENT
    return given is not ABSENT and (value is None or (given == value) != differs)


def one_of_them_runs(condition: ast.ConditionText | None, others: Iterable[ast.ConditionText | None]) -> bool:
    """Return true if, whenever a condition holds, one of the others does: `status` after `status == 'done'`; `x` and `!x` after any."""
    texts = (condition, *others)
    choices: dict[str, list[object]] = {}
    for test in (test for text in texts if text is not None for group in text.any_of for test in group):
        known = choices.setdefault(test.name.value, [GIVEN, ABSENT])
        if test.value is not None and test.value.value not in known:
            known.append(test.value.value)
    if prod(map(len, choices.values())) > _MOST_STATES:
        return False

    def holds(text: ast.ConditionText | None, state: Mapping[str, object]) -> bool:
        if text is None:
            return True
        groups = ([(test, test.value.value if test.value is not None else None) for test in group] for group in text.any_of)
        return any(all(_passes(state[test.name.value], test.absent, value, test.differs) for test, value in group) for group in groups)

    every = (dict(zip(choices, state, strict=True)) for state in product(*choices.values()))
    return all(any(holds(other, state) for other in texts[1:]) for state in every if holds(condition, state))
