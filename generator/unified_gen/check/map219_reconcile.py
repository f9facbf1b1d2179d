"""Lookups that could find another record, or have nothing to find (MAP219)."""

from collections.abc import Iterator

from unified_gen.diagnostics.codes.map219_reconcile import CODE as MAP219
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, finding


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every `reconcile` that could find another record, or has nothing to find."""
    for operation in resource.operations:
        for step in operation.steps:
            if step.reconcile is not None:
                yield from _judged(resource, step, operation.kind)


def _judged(resource: ResolvedResource, step: ResolvedStep, like: str) -> Iterator[Diagnostic]:
    found = step.reconcile
    assert found is not None
    look, call = found.ast.lookup.operation, step.ast.operation
    if found.lookup.writes and found.lookup.facts.name not in resource.reading:
        yield finding(MAP219, f"`{look}` changes something; a lookup only reads", look.span)
    if (
        not step.writes
        or (step.facts.method in ("PUT", "DELETE") and not step.ast.never_retry)
        or like in ("get", "list", "changes")
        or step.media is not None
    ):
        yield finding(MAP219, f"`{call}` can be sent again unchanged, or is not a plain write: it needs no lookup", found.ast.span)
    if found.items is not None and not found.ast.where:
        yield finding(MAP219, "the lookup reads a list, and `where` is missing", found.ast.span, help="name paths of the record in `where`")
    if found.items is not None and found.where and not found.marked and found.created_at is None:
        yield finding(
            MAP219,
            "an older record of the same content would match as well",
            found.ast.span,
            help="name the path of its creation time in `created_at`, or write a mark into it (`call.mark`)",
        )
