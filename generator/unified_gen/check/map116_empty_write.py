"""A request that changes nothing.

PATCH, and PUT to the address of a record, change it by what their body has. A step that calls such an operation, and sends neither a
property of its body nor a query parameter, changes nothing: its constants or inputs were probably forgotten. So does a step that changes a
record by inputs which are all optional, beside others and without an `if` that requires one of the inputs: it is sent without any. If the
request has an effect by itself, accept it with the reason: `allow: {MAP116 <operation>: …}`.

Wrong: `archive: {updateThread: {thread_id: id}}`. Right: the same with `constants: {archived: true}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.alternatives import ABSENT, holds, states
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.resolved import Condition, ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP116", "request that changes nothing", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every request to change a record that may be sent with nothing but ids and headers."""
    for operation in resource.operations:
        several = sum(step.writes for step in operation.steps) > 1  # the only one may have an effect without inputs
        runs = {id(step): one.condition for one in operation.alternatives for step in one.steps}
        for step in operation.steps if operation.kind not in ("get", "list", "changes") else ():
            if step.body is None or not any(one.properties for one in (step.body, *step.body.variants())):
                continue
            if step.media is not None or step.exchange is not None or step.extra or step.members or step.merges:
                continue
            filled = [one for one in step.every_assignment if one.target.location not in ("path", "header")]
            call = step.ast.operation
            changes = step.facts.method == "PATCH" or (step.facts.method == "PUT" and f"GET {step.facts.path}" in resource.unit.operations)
            if changes and not filled:
                problem = f"`{call.value}` changes a record, and `{operation.name}` sends nothing to change"
            elif step.writes and several and _may_be_empty(step, filled, runs.get(id(step))):
                problem = f"`{call.value}` is sent without anything to change if no input of it is given"
            else:
                continue
            yield finding(CODE, problem, call.span, help=f"send what it should change, or accept it: `allow: {{MAP116 {call.value}: …}}`")


def _may_be_empty(step: ResolvedStep, filled: list[Assignment], alternative: Condition | None) -> bool:
    """Return true if a step fills its body only by optional inputs, and may run without any of them, in its alternative if it has one."""
    names = {one.reference.name for one in filled if one.reference is not None and one.reference.kind in ("field", "input")}
    if not filled or any(one.reference is None or one.always or one.reference.name not in names for one in filled):
        return False
    conditions = (step.condition, alternative)
    reached = (state for state in states(conditions) if all(holds(condition, state) for condition in conditions))
    return any(all(state.get(name, ABSENT) is ABSENT for name in names) for state in reached)
