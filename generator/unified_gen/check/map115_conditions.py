"""Conditions of steps that do not fit what the steps do.

Reported are

- an alternative or a step that is made of an input which its `if` requires to be absent;
- an alternative of `||` that only requires inputs to be absent, beside one that requires an input: the step then runs without a reason;
- two steps that call the same operation with different constants for one input, and may both run: the second one undoes the first;
- two steps of an operation that creates which call the same operation, and may both run: there are two records then;
- a lookup by inputs that may all be absent, without an `if` that requires one of them;
- a value of a required input for which no alternative of `either` runs.

If the mapping means it, accept it with the reason: `allow: {MAP115 <operation>: …}`.

Wrong: `if: "!parent_id"` at a step with `params: {parent: parent_id}`. Right: `if: parent_id`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.alternatives import ABSENT, GIVEN, holds, states, tested
from unified_gen.resolve.assignments import Assignment, Reference
from unified_gen.resolve.resolved import Condition, ResolvedOperation, ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding
from unified_openapi.source.spans import Span

CODE = rule("MAP115", "condition that does not fit the step", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report conditions without the inputs that their steps need, and steps that undo each other."""
    for operation in resource.operations:
        for alternative in operation.alternatives:
            for step in alternative.steps:
                yield from _made_of_absent(alternative.condition, step)
        for step in operation.steps:
            yield from _made_of_absent(step.condition, step)
            if step.condition is not None and operation.kind != "list":
                yield from _without_reason(step.condition, step)
        if not operation.alternatives:
            yield from _undone(operation)
            yield from _twice(resource, operation)
        yield from _by_absent(operation)
        yield from _without_alternative(resource, operation)


def _made_of_absent(condition: Condition | None, step: ResolvedStep) -> Iterator[Diagnostic]:
    if condition is None:
        return
    reached = [state for state in states((condition,)) if holds(condition, state)]
    tests = {tested(test.reference): test.reference for group in condition.any_of for test in group}
    used = {one.reference.name for one in step.every_assignment if one.reference is not None}
    used |= {one.reference.text.value.partition(".")[0] for one in step.every_assignment if one.reference is not None}
    used |= {clause.name for one in step.assignments if one.query is not None for clause in one.query.references()}
    used |= {reference.name for saved in step.saved for _, reference in saved.searched}
    if step.sends and len({field.name for field in step.sends}) == 1:  # of several fields, the others are sent
        used |= {field.name for field in step.sends}
    for name, reference in tests.items():
        if name in used and reference.kind != "saved" and reached and all(state[name] is ABSENT for state in reached):
            yield _finding(
                step, condition.text.span, f"`if: {condition.text.value}` requires that `{name}` is absent, and the request needs it"
            )


def _without_reason(condition: Condition, step: ResolvedStep) -> Iterator[Diagnostic]:
    groups = [[test for test in group if test.reference.kind != "saved"] for group in condition.any_of]
    given = {test.reference.name for group in groups for test in group if test.given}
    absent = [group for group in groups if group and all(test.absent and test.reference.name not in given for test in group)]
    if absent and any(group and all(test.given for test in group) for group in groups):
        yield _finding(step, condition.text.span, f"`if: {condition.text.value}` holds without any of its inputs")


def _undone(operation: ResolvedOperation) -> Iterator[Diagnostic]:
    for number, step in enumerate(operation.steps):
        for earlier in operation.steps[:number]:
            if not step.writes or earlier.facts.name != step.facts.name or step.condition is None or earlier.condition is None:
                continue
            both = [
                one for one in states((step.condition, earlier.condition)) if holds(step.condition, one) and holds(earlier.condition, one)
            ]
            name = _conflict(earlier, step)
            if both and name is not None:
                yield _finding(
                    step,
                    step.condition.text.span,
                    f"this step may run after one that sends another `{name}` to `{step.ast.operation.value}`",
                    earlier.condition.text.span,
                )


def _twice(resource: ResolvedResource, operation: ResolvedOperation) -> Iterator[Diagnostic]:
    creates = operation.kind == "create" or not any(given.name.value == "id" for given in operation.model.ids)
    for number, step in enumerate(operation.steps):
        if not creates or not step.writes or step.facts.name in resource.reading or step.repeat is not None:
            continue
        for earlier in operation.steps[:number]:
            if earlier.facts.name != step.facts.name or (step.condition is None and earlier.condition is None):
                continue
            if any(holds(step.condition, one) and holds(earlier.condition, one) for one in states((step.condition, earlier.condition))):
                call = step.ast.operation
                yield _finding(step, call.span, f"`{call.value}` may be called twice, and creates two records", earlier.ast.operation.span)


def _by_absent(operation: ResolvedOperation) -> Iterator[Diagnostic]:
    for steps in [one.steps for one in operation.alternatives] or [operation.steps]:
        for step in steps:
            if not operation.alternatives and (queried := _queried_by_absent(step)):
                listed = " and ".join(f"`{name}`" for name in sorted(queried))
                yield _finding(step, step.ast.operation.span, f"this step looks something up by {listed}, and runs without it too")
            searched = [reference for saved in step.saved for _, reference in saved.searched]
            searched += [reference for saved in step.saved if saved.choice is not None for reference in saved.choice.references]
            optional = searched and all(one.absent and one.kind in ("field", "input") for one in searched)
            required = {one.name for one in step.requires}
            if (
                optional
                and step.condition is None
                and not required & {one.name for one in searched}
                and not any(alternative.condition for alternative in operation.alternatives)
            ):
                names = " and ".join(f"`{one.name}`" for one in searched)
                yield _finding(step, step.ast.operation.span, f"this step looks something up by {names}, and runs without it too")


def _queried_by_absent(step: ResolvedStep) -> set[str]:
    """Return the inputs of the clauses of a lookup, if it may run while all of them are absent: no clause is sent then."""
    clauses = [clause for one in step.assignments if one.query is not None for clause in one.query.clauses]
    pieces = [[piece for piece in clause.pieces if isinstance(piece, Reference)] for clause in clauses]
    optional = all(any(one.absent and one.kind in ("field", "input") for one in group) for group in pieces)
    if not step.saved or not pieces or not optional:
        return set()
    names = {one.name for group in pieces for one in group if one.absent}
    reached = (state for state in states((step.condition,)) if holds(step.condition, state))
    required = {one.name for one in step.requires}
    runs = not names & required and any(all(state.get(name, ABSENT) is ABSENT for name in names) for state in reached)
    return names if runs else set()


def _without_alternative(resource: ResolvedResource, operation: ResolvedOperation) -> Iterator[Diagnostic]:
    conditions = [one.condition for one in operation.alternatives]
    if not conditions or operation.ast.sources or None in conditions:
        return
    tests = [test for one in conditions if one is not None for group in one.any_of for test in group]
    required = {test.reference.name: test.reference.type for test in tests if test.value is not None and not test.reference.absent}
    for name, type in required.items():
        for value in type.values if type is not None else ():
            state: dict[str, object] = {tested(test.reference): GIVEN for test in tests}
            unsupported = any(key.endswith(f".{name}.{value.value}") for key in resource.unsupported)
            if not unsupported and not any(holds(one, {**state, name: value.value}) for one in conditions):
                yield finding(
                    CODE,
                    f"no alternative of `{operation.name}` runs if `{name}` is {value.value!r}",
                    operation.ast.name.span,
                    help=f"correct a condition, or accept it: `allow: {{MAP115 {operation.name}: …}}`",
                )
                break


def _conflict(one: ResolvedStep, other: ResolvedStep) -> str | None:
    """Return the input that two requests send as different constants."""
    first, second = _constants(one), _constants(other)
    return next((key for key in first.keys() & second.keys() if first[key].literal != second[key].literal), None)


def _constants(step: ResolvedStep) -> dict[str, Assignment]:
    return {
        one.target.path.text or one.target.name: one for one in step.every_assignment if one.origin == "set" and one.literal is not None
    }


def _finding(step: ResolvedStep, span: Span, problem: str, other: Span | None = None) -> Diagnostic:
    return finding(
        CODE,
        problem,
        span,
        notes=() if other is None else (Note("the other step", other),),
        help=f"correct the condition, or accept it: `allow: {{MAP115 {step.ast.operation.value}: …}}`",
    )
