"""An input that is used only by steps whose conditions need not hold when it is given.

Steps with `if` run or do not, depending on the inputs. For each combination of inputs that the conditions distinguish, some step that runs
uses the input, or runs because of its value. Otherwise the call would drop the value silently: `update(status=done)` does nothing if the
only step has `if: status == 'open'`. Handle the value in a step, or give the reason: `unsupported: {update.status.done: …}`. In a create,
the value that a new record has anyway is stated in `initial`.

Wrong: `share: [{operation: invite, if: role == 'reader', params: {email: email}}]` for roles `reader` and `writer`.
Right: a second step with `if: role == 'writer'`, or `unsupported: {share.role.writer: …}`.
"""

from collections.abc import Iterator, Mapping
from itertools import islice, product

from unified_gen.check.map109_unused_input import covered
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.alternatives import ABSENT, GIVEN, holds, tested
from unified_gen.resolve.resolved import Condition, ConditionTest, ResolvedOperation, ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP112", "input of some steps", __doc__)

_MOST_STATES = 4096
"""Combinations of inputs that are tried for one input."""


def check(resource: ResolvedResource, used: Mapping[str, frozenset[str]]) -> Iterator[Diagnostic]:
    """Report the inputs that some combination of inputs loses, for each operation once."""
    for operation in resource.operations:
        if operation.alternatives or not any(step.condition is not None for step in operation.steps):
            continue
        lost: dict[str, list[tuple[str, object]]] = {}
        required = {given.name.value for given in operation.model.ids if given.required}
        for name in sorted(used.get(operation.name, frozenset()) - required):
            state = _lost(resource, operation, name) if not covered(resource, operation, name) else None
            if state is not None:
                others = [_described(other, found) for other, found in state.items() if other != name]
                lost.setdefault(" and ".join(others), []).append((name, state[name]))
        for condition, inputs in lost.items():
            yield _finding(operation, condition, inputs)


def _finding(operation: ResolvedOperation, others: str, inputs: list[tuple[str, object]]) -> Diagnostic:
    name, value = inputs[0]
    taker = next(step for step in operation.steps if name in step.takes)
    named = ", ".join(_described(each, found) for each, found in inputs)
    return finding(
        CODE,
        f"`{operation.name}`{f' with {others}' if others else ''}: no step that runs uses {named}",
        operation.ast.name.span,
        notes=(Note("used here under a condition", taker.ast.operation.span),),
        help=f"add a step, or give a reason: `unsupported: {{{operation.name}.{name}{f'.{value}' if isinstance(value, str) else ''}: …}}`",
    )


def _lost(resource: ResolvedResource, operation: ResolvedOperation, name: str) -> Mapping[str, object] | None:
    """Return a combination of inputs with this one that no step uses it in; None if there is none."""
    takers = [step for step in operation.steps if name in step.takes]
    if not takers or any(step.condition is None for step in takers):
        return None
    reasons = {value for value in _values(operation, resource, name) if _has_reason(resource, operation, name, value)}
    initial = _initial(resource, operation, name)
    states = tuple(islice(_states(operation, resource, name), _MOST_STATES))
    running = [any(holds(step.condition, state) for step in takers) for state in states]
    if not any(running):  # a condition that never holds is reported by MAP106
        return None
    lost = (state for state, runs in zip(states, running, strict=True) if not runs)
    return next((state for state in lost if state[name] not in reasons and state[name] not in initial), None)


def _described(name: str, value: object) -> str:
    if value is ABSENT:
        return f"no `{name}`"
    return f"`{name}`" if value is GIVEN else f"`{name}: {value}`"


def _values(operation: ResolvedOperation, resource: ResolvedResource, name: str) -> tuple[str, ...]:
    given = next((given.type for given in operation.model.given if given.name.value == name), None)
    field = next((field.type for field in resource.model.fields if field.name.value == name), None)
    kind = given or field
    if kind is None:
        return ()
    return ("true", "false") if kind.kind == "boolean" else tuple(value.value for value in kind.values)


def _states(operation: ResolvedOperation, resource: ResolvedResource, name: str) -> Iterator[dict[str, object]]:
    """Yield the combinations of inputs that conditions distinguish, with this input given; saved values are present."""
    choices: dict[str, list[object]] = {name: []}
    known_values: dict[str, list[object]] = {}
    for condition in (step.condition for step in operation.steps):
        for test in _tests(condition):
            found = known_values.setdefault(tested(test.reference), [])
            if test.reference.kind == "saved":
                continue
            if test.value is not None and test.value not in found:
                found.append(test.value)
            choices.setdefault(test.reference.name, [])
    for other in choices:
        values = known_values.get(other, [])
        known = _values(operation, resource, other)
        choices[other] = [*(known if values and known else values)]
        if not (values and known):
            choices[other].append(GIVEN)
        if other != name and not _required(operation, resource, other):
            choices[other].append(ABSENT)
    saved = {other: GIVEN for other in known_values if other not in choices}
    for combination in product(*choices.values()):
        yield {**saved, **dict(zip(choices, combination, strict=True))}


def _tests(condition: Condition | None) -> Iterator[ConditionTest]:
    yield from (test for group in (condition.any_of if condition is not None else ()) for test in group)


def _required(operation: ResolvedOperation, resource: ResolvedResource, name: str) -> bool:
    given = next((given for given in operation.model.given if given.name.value == name), None)
    field = next((field for field in resource.model.fields if field.name.value == name), None)
    return given.required if given is not None else field is not None and operation.name in field.required


def _has_reason(resource: ResolvedResource, operation: ResolvedOperation, name: str, value: str) -> bool:
    given = next((given.field for given in operation.model.given if given.name.value == name), None)
    heads = (name, f"{operation.name}.{name}", f"write.{name}", f"filter.{name}", *((given,) if given is not None else ()))
    return any(f"{head}.{value}" in resource.unsupported for head in heads)


def _initial(resource: ResolvedResource, operation: ResolvedOperation, name: str) -> set[str]:
    """Return the values that a new record has anyway."""
    field = resource.field_of(name)
    if operation.kind != "create" or field is None or field.table is None or not resource.ast.initial:
        return set()
    initial = {path.value: literal.value for path, literal in resource.ast.initial}
    found = set()
    for row in field.table.rows:
        cells = {column or (field.read.text.value if field.read is not None else ""): cell for column, cell in row.cells.items()}
        if all(path in initial and any(one.value == initial[path] for one in cell.values) for path, cell in cells.items()):
            found.add(str(row.value.value))
    return found
