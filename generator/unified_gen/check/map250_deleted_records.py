"""Changes without the condition of deleted records.

A list of changes has deleted records too, most of them without any property but the id. `removed_if` of `sync_token` is what
distinguishes them; without it, each is returned as a changed record, and reading it may fail. If the vendor leaves deleted records out,
accept it with the reason: `allow: {MAP250 <operation>: …}`.

Wrong: `sync_token: {param: syncToken, next: nextSyncToken}`. Right: the same with `removed_if: status == 'cancelled'`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP250", "changes without deleted records", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every operation that lists changes without a token, or does not distinguish deleted records."""
    for operation in resource.operations:
        step = operation.steps[-1] if operation.steps else None
        if step is not None and operation.kind == "changes" and not any(one.ast.sync_token for one in operation.steps):
            yield finding(
                CODE,
                f"`{operation.name}` returns all records each time, as no step has `sync_token`",
                operation.ast.name.span,
                help=f"add `sync_token`, or accept it: `allow: {{MAP250 {operation.name}: …}}`",
            )
        if step is not None and step.sync_token is not None and step.sync_token.removed_if is None:
            yield finding(
                CODE,
                f"`{operation.name}` does not state which records are deleted",
                step.sync_token.ast.span,
                help=f"add `removed_if`, or accept it: `allow: {{MAP250 {operation.name}: …}}`",
            )
