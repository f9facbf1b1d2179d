"""Conditions of an operation's steps as code, and the inputs that are present once a condition holds."""

from __future__ import annotations

from collections.abc import Iterator

from unified_gen.resolve.inspection import step_references
from unified_gen.resolve.resolved import Condition, ConditionTest, ResolvedOperation, ResolvedStep
from unified_openapi.schemas.paths import Segment


def tests(condition: Condition | None) -> Iterator[ConditionTest]:
    """Yield all tests of a condition."""
    for group in condition.any_of if condition is not None else ():
        yield from group


def present(condition: Condition | None) -> set[str]:
    """Return inputs that are present once a condition holds."""
    return set(condition.given) if condition is not None else set()


def requested(condition: Condition | None) -> frozenset[tuple[str, tuple[Segment, ...]]]:
    """Return locations of saved responses that are not empty once a condition holds."""
    holding = condition.any_of[0] if condition is not None and len(condition.any_of) == 1 else ()
    saved = (test.reference for test in holding if test.given and test.reference.kind == "saved")
    return frozenset((reference.name, reference.path.segments) for reference in saved if reference.path is not None)


def skipped(operation: ResolvedOperation, step: ResolvedStep) -> bool:
    """Return an update skips a step that would send nothing (rule 8); a lone step always has something to send."""
    return operation.kind == "update" and step.ast.send is not None and len(operation.steps) > 1 and not operation.ast.either


def takes(operation: ResolvedOperation, step: ResolvedStep) -> set[str]:
    """Return the fields that reach a request: sent, referred to, or looked up before by an earlier step."""
    found = {(a.owners or (a.field,))[0].name for a in step.assignments if a.field is not None and a.origin == "send"}
    found |= {reference.name for members in step.members for reference in (members.add, members.remove) if reference is not None}
    keepers = {saved.name: other for other in operation.steps for saved in other.saved}
    for reference in step_references(step):
        if reference.kind in ("field", "part") and reference.carrier is not None and reference.name != "id":
            found.add(reference.name)
        elif reference.kind == "saved" and keepers[reference.name].condition is not None:
            found |= {t.reference.name for t in tests(keepers[reference.name].condition) if t.reference.kind in ("field", "input")}
    return found


def maybe(operation: ResolvedOperation, step: ResolvedStep) -> bool:
    """Return true if a step of a sequence may be left out."""
    return not operation.ast.either and (step.condition is not None or skipped(operation, step))
