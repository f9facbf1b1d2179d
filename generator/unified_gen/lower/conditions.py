"""When a step of an operation runs, and what is known once it does."""

from __future__ import annotations

from collections.abc import Iterator

from unified_gen.resolve.places import step_references
from unified_gen.resolve.resolved import Condition, ResolvedOperation, ResolvedStep, Test
from unified_gen.schema.paths import Segment


def tests(condition: Condition | None) -> Iterator[Test]:
    """All that a condition asks."""
    for group in condition.any_of if condition is not None else ():
        yield from group


def present(condition: Condition | None) -> set[str]:
    """Inputs that are there for sure once a condition holds."""
    if condition is None or len(condition.any_of) != 1:
        return set()
    return {test.reference.name for test in condition.any_of[0] if test.given}


def asked(condition: Condition | None) -> frozenset[tuple[str, tuple[Segment, ...]]]:
    """Places of kept answers that hold something for sure once a condition holds."""
    holding = condition.any_of[0] if condition is not None and len(condition.any_of) == 1 else ()
    kept = (test.reference for test in holding if test.given and test.reference.kind == "kept")
    return frozenset((reference.name, reference.path.segments) for reference in kept if reference.path is not None)


def skipped(operation: ResolvedOperation, step: ResolvedStep) -> bool:
    """An update skips a step that would send nothing (rule 8); a lone step always has something to send."""
    return operation.like == "update" and step.ast.send is not None and len(operation.steps) > 1 and not operation.ast.either


def takes(operation: ResolvedOperation, step: ResolvedStep) -> set[str]:
    """The fields that reach a request: sent, referred to, or looked up before by an earlier step."""
    found = {(a.owners or (a.field,))[0].name for a in step.assignments if a.field is not None and a.origin == "send"}
    keepers = {kept.name: other for other in operation.steps for kept in other.kept}
    for reference in step_references(step):
        if reference.kind in ("field", "part") and reference.carrier is not None and reference.name != "id":
            found.add(reference.name)
        elif reference.kind == "kept" and keepers[reference.name].condition is not None:
            found |= {t.reference.name for t in tests(keepers[reference.name].condition) if t.reference.kind == "field"}
    return found


def maybe(operation: ResolvedOperation, step: ResolvedStep) -> bool:
    """Whether a step of a sequence may be left out."""
    return not operation.ast.either and (step.condition is not None or skipped(operation, step))
