"""A step that can never run.

An alternative of `either` after one without `if`, or a step whose `if` requires an input to be both present and absent.

Wrong: `either: [{operation: a}, {operation: b, if: status}]`. Right: put the one with `if` first.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import Condition, ConditionTest, ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP106", "unreachable step", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every step that no input makes run."""
    for operation in resource.operations:
        closing = None
        for alternative in operation.alternatives if not operation.ast.sources else ():
            call = alternative.steps[0].ast.operation
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
