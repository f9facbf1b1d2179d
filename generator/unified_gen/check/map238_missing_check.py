"""A transfer of content that is not checked like the others.

Uploads and downloads compare sizes and checksums with those of the vendor (`verify`). A step that checks less than another step of the
resource, of the same schema, misses content that was cut off or damaged on its way. If the response lacks the value there, accept it with
the reason: `allow: {MAP238 <operation>.<check>: …}`.

Wrong: `verify: {size: file.size}` where uploads have `verify: {size: file.size, md5: file.md5Checksum}`. Right: both checks.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP238", "a check that other transfers make", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every step with checks that lacks one which another step of the resource has."""
    steps = [(operation, step) for operation in resource.operations for step in operation.steps]
    checks = {name: step for _, step in steps for name, _ in step.verify}
    for operation, step in steps:
        for name, other in checks.items():
            if (step.verify or step.media is not None) and name not in dict(step.verify):
                yield finding(
                    CODE,
                    f"`{operation.name}.{name}`: `{step.ast.operation}` does not check `{name}`, as `{other.ast.operation}` does",
                    step.ast.operation.span,
                    help=f"add it to `verify`, or accept it: `allow: {{MAP238 {operation.name}.{name}: …}}`",
                )
