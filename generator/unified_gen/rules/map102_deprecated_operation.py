"""A call to an operation that the vendor has marked deprecated.

A deprecated operation is one that will stop: Jira removed `GET /rest/api/3/search` on a day announced by nothing but this flag,
and connectors failed for months. Move to what replaces it. Where there is nothing yet, `allow` in `vendor.yaml` accepts it with a reason.

Wrong: `call: searchForIssuesUsingJql`. Right: `call: searchAndReconsileIssuesUsingJql`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.rules.base import finding, rule

CODE = rule("MAP102", "deprecated operation", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every call of a deprecated operation."""
    for operation in resource.operations:
        for step in operation.requests:
            if step.facts.deprecated:
                name = step.ast.call.value
                yield finding(
                    CODE,
                    f"`{name}` ({step.facts.method} {step.facts.path}) is deprecated by the vendor",
                    step.ast.call.span,
                    notes=(Note("marked deprecated here", resource.unit.document.span(step.facts.pointer)),),
                    help="use what replaces it, or accept it with a reason: `allow` in vendor.yaml",
                )
