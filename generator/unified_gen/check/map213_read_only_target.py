"""A request that writes what the vendor marks read-only.

Wrong: `created_at: created` in a request whose schema has `readOnly: true`. Right: `created_at: {read: created}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP213", "read-only target", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every location written that is read-only."""
    for operation in resource.operations:
        for step in operation.steps:
            for assignment in step.every_assignment:
                shapes = assignment.target.walk.steps
                read_only = next((shape for shape in shapes if shape.read_only), None)
                if assignment.target.location == "body" and read_only is not None:
                    yield finding(
                        CODE,
                        f"`{assignment.target.name}` is read-only",
                        assignment.span,
                        notes=(Note("marked readOnly here", resource.unit.document.span(read_only.pointer)),),
                    )
