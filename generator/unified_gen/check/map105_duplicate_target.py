"""Two values for one location of a request.

Each parameter and each body property is filled once. `constants` and `send` for the same location, two fields with the same path, one
inside the other, or two in the elements of one list (`a[].b`, `a[].c`) would silently decide by order. Only `defaults` are beside
another value: it yields. An object that a codec writes fills the properties that the codec names, and others may be beside them.

Wrong: `constants: {name: x}` beside a field `title: name` that the step sends.
"""

from collections.abc import Iterable, Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment, Target
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.paths import Each, Name, Segment

CODE = rule("MAP105", "duplicate target", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every location that is filled twice in one request."""
    for operation in resource.operations:
        for step in operation.requests:
            yield from _twice(step.ast.operation.value, step.assignments)
            for assignment in step.every_assignment:
                yield from _twice(step.ast.operation.value, assignment.elements)


def _twice(call: str, assignments: Iterable[Assignment]) -> Iterator[Diagnostic]:
    seen: list[Assignment] = []
    for assignment in assignments:
        if assignment.origin == "default":
            continue
        first = next((other for other in seen if _same_target(other, assignment) and not _one_of_arms(other, assignment)), None)
        seen.append(assignment)
        if first is not None:
            yield finding(
                CODE,
                f"`{assignment.target.name}` of `{call}` is filled twice",
                assignment.span,
                notes=(Note("filled first here", first.span),),
            )


def _same_target(one: Assignment, other: Assignment) -> bool:
    """Return true if one location is the other or lies in it; a list of values (`a[].b`) is one location."""
    if one.target.location != other.target.location:
        return False
    return any(a[: len(b)] == b[: len(a)] for a in _locations(one) for b in _locations(other))


def _locations(assignment: Assignment) -> list[tuple[Segment, ...]]:
    entire = _entire(assignment.target)
    properties = assignment.opened
    return [(*entire, Name(name)) for name in properties] if properties else [entire]


def _entire(target: Target) -> tuple[Segment, ...]:
    segments = target.path.segments
    lists = [index for index, segment in enumerate(segments) if isinstance(segment, Each)]
    return segments[: lists[0]] if lists else segments


def _one_of_arms(first: Assignment, second: Assignment) -> bool:
    """Return true if both are slots or cases of one field, which are written together, or one is sent only if that field is cleared."""
    cleared = next((one for one in (first, second) if one.origin == "clear"), None)
    if cleared is not None and cleared.field is not None and not cleared.field.ast.write:
        return next(one for one in (first, second) if one is not cleared).origin == "with"
    return first.field is not None and first.field is second.field and first.target.path != second.target.path
