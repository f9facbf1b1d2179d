"""Two values for one place of a request.

Each parameter and each body property is filled once. A `set` and a `send` for the same place, or two fields with the same path,
would silently decide by order. Only a `default` stands beside another value: it yields.

Wrong: `set: {name: x}` beside a field `title: name` that the step sends.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.resolved import Assignment, ResolvedResource
from unified_gen.rules.base import finding, rule

CODE = rule("MAP105", "duplicate target", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every place that is filled twice in one request."""
    for operation in resource.operations:
        for step in operation.steps:
            seen: dict[tuple[str, object], Assignment] = {}
            for assignment in step.assignments:
                target = assignment.target
                if assignment.origin == "default":
                    continue
                key = (target.place, target.path.segments)
                first = seen.get(key)
                if first is None:
                    seen[key] = assignment
                elif not _one_of_arms(first, assignment):
                    yield finding(
                        CODE,
                        f"`{target.name}` of `{step.ast.call.value}` is filled twice",
                        assignment.span,
                        notes=(Note("filled first here", first.span),),
                    )


def _one_of_arms(first: Assignment, second: Assignment) -> bool:
    """Slots and cases of one field are written together."""
    return first.field is not None and first.field is second.field
