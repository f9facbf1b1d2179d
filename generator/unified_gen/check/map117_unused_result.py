"""A value that a step saves, or a record's own part of an id, that nothing uses.

What a step saves is there for later steps; a part of a composite id (`{task_id}:{id}`) for the requests of the operation that is called
with it. If no step uses it, a condition that should find the right record is probably missing, and another record is returned. If the
request is made for its effect only, leave `save` out; if the other parts identify the record, accept it with the reason:
`allow: {MAP117 <operation>: …}`.

Wrong: `get: {getComments: {task_id: id.task_id}, record: "comments[0]"}`. Right: the same with `where: {id: id.id}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.alternatives import holds, states
from unified_gen.resolve.assignments import Reference
from unified_gen.resolve.inspection import step_references
from unified_gen.resolve.record_fields import Leaf
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.documents.words import identifies

CODE = rule("MAP117", "saved value that nothing uses", __doc__, Severity.WARNING)

_BY_ID = ("get", "update", "delete")


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every saved value and every part of an id that no step uses."""
    composed = [part for field in resource.fields if field.name == "id" for part in field.parts]
    own = frozenset(part.name for part in composed if part.source is not None and _identifies(part.source))
    for operation in resource.operations:
        yield from _saved(operation)
        if operation.kind in _BY_ID and len(composed) > 1 and any(given.name.value == "id" for given in operation.model.ids):
            yield from _parts(operation, own)


def _identifies(leaf: Leaf) -> bool:
    return bool(leaf.path.names) and identifies(leaf.path.names[-1], strictly=True)


def _references(step: ResolvedStep) -> Iterator[Reference]:
    yield from step_references(step)
    yield from (one.reference for one in step.every_assignment if one.reference is not None)


def _saved(operation: ResolvedOperation) -> Iterator[Diagnostic]:
    for number, step in enumerate(operation.steps):
        if step.current or step.ast.each:
            continue
        later = [reference for other in operation.steps[number:] for reference in _references(other)]
        used = {name for one in later for name in (one.name, one.text.value.partition(".")[0])}
        if step.ast.not_found is not None:
            yield from _only_looked_up(operation, step, used)
            continue
        for one in step.saved:
            if one.name in used and _never_together(operation, number, one.name):
                yield finding(
                    CODE,
                    f"`{operation.name}` saves `{one.name}` of `{step.ast.operation.value}` only if no step runs that uses it",
                    step.condition.text.span if step.condition is not None else step.ast.operation.span,
                    help=f"correct the condition; or accept it: `allow: {{MAP117 {operation.name}: …}}`",
                )
            elif one.name in used and _only_conditional(operation, number, one.name):
                yield finding(
                    CODE,
                    f"`{operation.name}` always saves `{one.name}` of `{step.ast.operation.value}`, and uses it only under a condition",
                    step.ast.operation.span,
                    help=f"look it up under the same condition; or accept it: `allow: {{MAP117 {operation.name}: …}}`",
                )
            if one.name not in used:
                yield finding(
                    CODE,
                    f"`{operation.name}` saves `{one.name}` of `{step.ast.operation.value}`, and no later step uses it",
                    step.ast.operation.span,
                    help=f"use it, or leave it out; or accept it: `allow: {{MAP117 {operation.name}: …}}`",
                )


def _only_looked_up(operation: ResolvedOperation, step: ResolvedStep, used: set[str]) -> Iterator[Diagnostic]:
    """Report an input that only a lookup uses, whose result no step uses."""
    others = {one.name for other in operation.steps if other is not step for one in _references(other)}
    others |= {one.field.name for other in operation.steps for one in other.every_assignment if one.field is not None}
    given = [one.name for one in _references(step) if one.kind in ("field", "input") and one.name not in others]
    for one in step.saved:
        if given and one.name not in used:
            yield finding(
                CODE,
                f"`{operation.name}` looks `{given[0]}` up by `{step.ast.operation.value}`, and no later step uses what it finds",
                step.ast.operation.span,
                help=f"use `{one.name}`; or accept it: `allow: {{MAP117 {operation.name}: …}}`",
            )


def _never_together(operation: ResolvedOperation, number: int, name: str) -> bool:
    """Return true if the conditions of a step and of each later one that uses what it saves exclude each other."""
    own = operation.steps[number].condition
    users = [step.condition for step in operation.steps[number + 1 :] if any(one.name == name for one in _references(step))]
    if own is None or not users or operation.alternatives:
        return False
    tried = [state for state in states((own, *users)) if holds(own, state)]
    return not any(holds(user, state) for user in users for state in tried)


def _only_conditional(operation: ResolvedOperation, number: int, name: str) -> bool:
    """Return true if a step always runs, and for some inputs none of the steps does that use what it saves."""
    step = operation.steps[number]
    users = [other.condition for other in operation.steps[number + 1 :] if any(one.name == name for one in _references(other))]
    conditions = [one for one in users if one is not None]
    if step.condition is not None or step.writes or operation.alternatives or not users or len(conditions) < len(users):
        return False
    inputs = all(test.reference.kind in ("field", "input") for one in conditions for group in one.any_of for test in group)
    return inputs and any(not any(holds(user, state) for user in conditions) for state in states(conditions))


def _parts(operation: ResolvedOperation, parts: frozenset[str]) -> Iterator[Diagnostic]:
    found = [reference for step in operation.steps for reference in _references(step)]
    complete = any((one.kind, one.text.value, one.part) == ("id", "id", None) for one in found)
    used = {one.part for one in found if one.kind == "part"}
    for name in sorted(parts - used if not complete and used else ()):
        yield finding(
            CODE,
            f"no step of `{operation.name}` uses `id.{name}`",
            operation.ast.name.span,
            help=f"send it, or find the record by it (`where`); or accept it: `allow: {{MAP117 {operation.name}: …}}`",
        )
