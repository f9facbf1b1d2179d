"""A step that can never run.

An alternative of `either` after one without `when`, or a step whose `when` requires an input to be both present and absent.

Wrong: `either: [{call: a}, {call: b, when: status}]`. Right: put the one with `when` first.
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
        for step in operation.steps:
            if operation.ast.either and closing is not None:
                yield finding(
                    CODE,
                    f"`{step.ast.call.value}` never runs: an earlier alternative always does",
                    step.ast.call.span,
                    notes=(Note("this one has no `when`", closing),),
                    help="put alternatives with `when` first; only the last may have none",
                )
            if step.condition is None:
                small = step.media is not None and step.media.ast.upto is not None
                closing = closing if small else closing or step.ast.call.span
            elif _contradicts(step.condition):
                yield finding(CODE, f"`when: {step.condition.text.value}` never holds", step.condition.text.span)


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
