"""An input that changes a field in part, and is given when the current value is not read.

An update of a part (`add_labels`, `append_description`, `members`) is made of the current value, which an earlier step reads. Its `if` must
hold whenever such an input is given, with any others. Otherwise the update replaces the value by the part, and the rest is lost. Members
that are added and removed (`by_member`) must be sent by later steps.

Wrong: `if: add_members && remove_members` at the step that reads the members. Right: `if: add_members || remove_members`.
"""

from collections.abc import Iterator, Sequence

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.alternatives import ABSENT, holds, states
from unified_gen.resolve.assignments import Reference
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP113", "current value that is not always read", __doc__)

_PARTS = ("add", "remove", "append")


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every input that needs the current value of a field, and is given when that is not read; and members that no step sends."""
    for operation in resource.operations:
        for steps in [alternative.steps for alternative in operation.alternatives] or [operation.steps]:
            for number, step in enumerate(steps):
                yield from _missing(operation, steps[: number + 1], step)
                yield from _unsent(operation, step, steps[number + 1 :])


def _missing(operation: ResolvedOperation, before: Sequence[ResolvedStep], step: ResolvedStep) -> Iterator[Diagnostic]:
    """Yield the inputs of a step that its current values depend on, and that are given when no step reads these."""
    given = {one.name.value for one in operation.model.given}
    needs: list[tuple[str, Reference]] = []
    for each in step.members:
        needs += [(part.name, each.current) for part in (each.add, each.remove) if part is not None]
    for one in step.current:
        names = (f"{part}_{one.field.name.value}" for part in _PARTS)
        needs += [(name, one.value) for name in names if name in given]
    for name, current in needs:
        saved = current.name.partition(".")[0]
        readers = [other for other in before if saved in _saved(other)]
        conditions = [other.condition for other in readers]
        if not readers or None in conditions:
            continue
        own = None if step in readers else step.condition
        tried = (state for state in states((*conditions, own)) if state.get(name) is not ABSENT and holds(own, state))
        if any(not any(holds(one, state) for one in conditions) for state in tried):
            reader = readers[0]
            assert reader.condition is not None
            yield finding(
                CODE,
                f"`{name}` may be given when `{current.text.value}` is not read: `if: {reader.condition.text.value}` need not hold",
                reader.condition.text.span,
                help=f"read it whenever `{name}` is given",
            )


def _saved(step: ResolvedStep) -> frozenset[str]:
    return frozenset(one.name for one in step.saved)


def _unsent(operation: ResolvedOperation, step: ResolvedStep, later: Sequence[ResolvedStep]) -> Iterator[Diagnostic]:
    """Yield members that are to be added or removed one by one, and that no later step sends."""
    given = {one.name.value for one in operation.model.given}
    for one in step.current:
        for name in (f"{part}_{one.field.name.value}" for part in _PARTS[:2]) if one.by_member else ():
            if name in given and not any(name in _sent(other) for other in later):
                yield finding(
                    CODE,
                    f"`{one.field.name.value}` is changed by member, and no later step sends `{name}`",
                    one.value.text.span,
                    help="add a step that does",
                )


def _sent(step: ResolvedStep) -> frozenset[str]:
    names = {one.reference.name for one in step.every_assignment if one.reference is not None}
    return frozenset(names | ({step.repeat[1].name} if step.repeat is not None else set()))
