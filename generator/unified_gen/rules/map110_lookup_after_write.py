"""A look-up that may fail after something was written.

A step with `missing` can end the operation. It must come before the first write, so that a failed look-up changes nothing.

Wrong: `editIssue`, then `getTransitions … missing: …`. Right: `getTransitions` first.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.rules.base import finding, rule

CODE = rule("MAP110", "look-up after a write", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every `missing` that stands after a writing step."""
    for operation in resource.operations:
        if operation.ast.either:
            continue
        wrote = None
        for step in operation.steps:
            if wrote is not None and step.ast.missing is not None:
                yield finding(
                    CODE,
                    "this look-up may fail after something was written",
                    step.ast.missing.span,
                    notes=(Note("written here", wrote),),
                    help="put look-ups first",
                )
            if step.writes and step.facts.name not in resource.reading:
                wrote = wrote or step.ast.call.span
