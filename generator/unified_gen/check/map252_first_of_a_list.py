"""A record that is the first of a list, which nothing searches.

`record: attachments[0]` is the first element, whichever it is. A step that returns one record of a list finds it by `where`, by a filter
in the request, or has only one. If the vendor returns only the record that is meant, accept it with the reason: `allow: {MAP252
<operation>: …}`.

Wrong: `get: {getIssue: {id: id.issue}, record: "attachments[0]"}`. Right: the same with `where: {id: id.id}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.schemas.paths import Index

CODE = rule("MAP252", "first record of a list that is not searched", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every record that is the first of a list below a response, without `where` or a query."""
    for operation in resource.operations:
        for step in operation.steps:
            path = step.response.record if step.response is not None else None
            if path is None or step.located or not path.segments or not isinstance(path.segments[-1], Index):
                continue
            filtered = any(one.query is not None for one in step.assignments)
            filtered |= any(one.target.location in ("query", "body") and one.reference is not None for one in step.assignments)
            if not filtered and operation.kind != "list":
                yield finding(
                    CODE,
                    f"`{operation.name}` returns the first of `{path.text}`, whichever it is",
                    step.ast.operation.span,
                    help=f"search it by `where`, or accept it: `allow: {{MAP252 {operation.name}: …}}`",
                )
