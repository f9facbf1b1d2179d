"""A lookup that may fail after something was written.

A step with `not_found` can end the operation. It must come before the first write, so that a failed lookup changes nothing.

Wrong: `editIssue`, then `getTransitions … not_found: …`. Right: `getTransitions` first.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP110", "lookup after a write", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every `not_found` that is after a writing step."""
    for operation in resource.operations:
        for steps in [alternative.steps for alternative in operation.alternatives] or [operation.steps]:
            yield from _after_write(resource, steps)


def _after_write(resource: ResolvedResource, steps: tuple[ResolvedStep, ...]) -> Iterator[Diagnostic]:
    wrote = None
    for step in steps:
        if wrote is not None and step.ast.not_found is not None:
            yield finding(
                CODE,
                "this lookup may fail after something was written",
                step.ast.not_found.span,
                notes=(Note("written here", wrote),),
                help="put lookups first",
            )
        if step.writes and step.facts.name not in resource.reading:
            wrote = wrote or step.ast.operation.span
