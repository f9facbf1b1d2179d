"""A call to an operation that the vendor has marked deprecated.

Vendors remove deprecated operations. Jira removed `GET /rest/api/3/search`, and only this flag had announced it: connectors failed for
months. Call the replacement. If there is none yet, `allow` in `vendor.yaml` accepts the call with a reason.

Wrong: `operation: searchForIssuesUsingJql`. Right: `operation: searchAndReconsileIssuesUsingJql`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP102", "deprecated operation", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every call of a deprecated operation."""
    for operation in resource.operations:
        for step in operation.requests:
            if step.facts.deprecated:
                name = step.ast.operation.value
                yield finding(
                    CODE,
                    f"`{name}` ({step.facts.method} {step.facts.path}) is deprecated by the vendor",
                    step.ast.operation.span,
                    notes=(Note("marked deprecated here", resource.unit.document.span(step.facts.pointer)),),
                    help="use what replaces it, or accept it with a reason: `allow` in vendor.yaml",
                )
