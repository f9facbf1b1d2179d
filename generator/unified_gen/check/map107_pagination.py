"""Pagination strategies that would request the same page again (MAP107)."""

from collections.abc import Iterator

from unified_gen.diagnostics.codes.map107_pagination import CODE as MAP107
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every strategy whose next page would be requested with the very request of the first."""
    for operation in resource.operations:
        for step in operation.steps:
            pagination = step.pagination
            if pagination is None or pagination.param is None or pagination.operation is not None:
                continue
            sent = [(target.location, target.path) for target in (pagination.param, *(target for target, _ in pagination.further))]
            for assignment in step.assignments:
                if assignment.origin not in ("cursor", "size", "sync") and (assignment.target.location, assignment.target.path) in sent:
                    yield finding(
                        MAP107,
                        f"`{assignment.target.name}` requests the next page, but this step fills it itself: every page would be the same",
                        assignment.span,
                        notes=(Note("the strategy sends it", pagination.ast.span),),
                    )
            if pagination.ast.style == "token" and pagination.next is None:
                yield finding(MAP107, "a token strategy needs `next_token`: where the response holds the next token", pagination.ast.span)
