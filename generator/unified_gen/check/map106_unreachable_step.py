"""A step that can never run.

An alternative of `either` that an earlier one leaves nothing to: one without `if`, or with an `if` that holds whenever its own does. Or a
step whose `if` requires an input to be both present and absent.

Wrong: `either: [{operation: a}, {operation: b, if: status}]`. Right: put the one with `if` first.
"""

from collections.abc import Iterator, Sequence

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.alternatives import holds, states
from unified_gen.resolve.resolved import Condition, ConditionTest, ResolvedAlternative, ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP106", "unreachable step", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every step that no input makes run."""
    for operation in resource.operations:
        closing = None
        alternatives = operation.alternatives if not operation.ast.sources else ()
        for number, alternative in enumerate(alternatives):
            call = alternative.steps[0].ast.operation
            if closing is None and (earlier := _covering(alternative, alternatives[:number])) is not None:
                yield finding(
                    CODE,
                    f"`{call.value}` never runs: an earlier alternative does whenever its `if` holds",
                    alternative.condition.text.span if alternative.condition is not None else call.span,
                    notes=(Note("this one runs instead", earlier.text.span),),
                    help="put the alternative with more conditions first",
                )
            if closing is not None:
                yield finding(
                    CODE,
                    f"`{call.value}` never runs: an earlier alternative always does",
                    call.span,
                    notes=(Note("this one has no `if`", closing),),
                    help="put alternatives with `if` first; only the last may have none",
                )
            if alternative.condition is None:
                closing = closing if alternative.partial else closing or call.span
        all_conditions = (*(one.condition for one in operation.alternatives), *(step.condition for step in operation.steps))
        conditions = {condition.text.span: condition for condition in all_conditions if condition is not None}
        for condition in conditions.values():
            if _contradicts(condition):
                yield finding(CODE, f"`if: {condition.text.value}` never holds", condition.text.span)


def _covering(alternative: ResolvedAlternative, earlier: Sequence[ResolvedAlternative]) -> Condition | None:
    """Return the condition of an earlier alternative, if earlier ones run whenever an alternative's condition holds."""
    conditions = [one.condition for one in earlier if one.condition is not None and not one.partial]
    if alternative.condition is None or not conditions or _contradicts(alternative.condition):
        return None
    reached = [state for state in states((alternative.condition, *conditions)) if holds(alternative.condition, state)]
    if any(not any(holds(one, state) for one in conditions) for state in reached):
        return None
    return next((one for one in conditions if all(holds(one, state) for state in reached)), conditions[0])


def _contradicts(condition: Condition) -> bool:
    return all(any(_excludes(one, other) for one in group for other in group) for group in condition.any_of)


def _excludes(one: ConditionTest, other: ConditionTest) -> bool:
    """Return true if two tests of one input cannot both hold."""
    if one.reference.name != other.reference.name:
        return False
    if one.absent != other.absent:
        return True
    if one.value is None or other.value is None or (one.differs and other.differs):
        return False
    return (one.value == other.value) == (one.differs != other.differs)
