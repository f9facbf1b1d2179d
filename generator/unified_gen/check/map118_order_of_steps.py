"""A step that comes after the one that it belongs before.

The last step of an operation that deletes is the one that deletes: a lookup behind it finds nothing, and reports an error although the
record is gone. If the last request belongs there, such as one that waits for the end of the work, accept it with the reason: `allow:
{MAP118 <operation>: …}`.

Wrong: `delete: [redactEvent: id, getOneRoomEvent: id]`. Right: the lookup first.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding

CODE = rule("MAP118", "lookup after a deletion", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every operation that deletes and ends with a request that only reads."""
    for operation in resource.operations:
        if operation.kind != "delete":
            continue
        for steps in [one.steps for one in operation.alternatives] or [operation.steps]:
            last = steps[-1] if steps else None
            writing = next((step for step in steps if _writes(resource, step)), None)
            if last is not None and writing is not None and not _writes(resource, last) and last.poll is None:
                yield finding(
                    CODE,
                    f"`{last.ast.operation.value}` reads after the deletion",
                    last.ast.operation.span,
                    notes=(Note("the deletion", writing.ast.operation.span),),
                    help=f"put it first, or accept it: `allow: {{MAP118 {operation.name}: …}}`",
                )


def _writes(resource: ResolvedResource, step: ResolvedStep) -> bool:
    return step.writes and step.facts.name not in resource.reading
