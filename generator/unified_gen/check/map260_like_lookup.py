"""A lookup after a lost response that identifies its record otherwise than the request.

`reconcile` looks up what a request created. A path parameter or query parameter of the same name means the same in both: if the request
fills it with an input, and the lookup does not, it may look in another folder or project. If the vendor means different things, accept it
with the reason: `allow: {MAP260 <operation>: …}`.

Wrong: `params: {calendarId: calendar_id}` of the request, and `defaults: {calendarId: primary}` of the lookup. Right: the params in both.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding

CODE = rule("MAP260", "lookup in another location", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every parameter of a request that its lookup accepts, and fills otherwise."""
    for operation in resource.operations:
        for step in operation.steps:
            if step.reconcile is not None:
                yield from _lookup(step, step.reconcile.lookup)


def _lookup(step: ResolvedStep, lookup: ResolvedStep) -> Iterator[Diagnostic]:
    accepted = {one.name for one in lookup.facts.parameters}
    for one in step.assignments:
        if one.reference is None or one.target.location not in ("path", "query") or one.target.name not in accepted:
            continue
        same = [other for other in lookup.assignments if other.target.name == one.target.name]
        if not any(other.reference is not None and other.reference.text.value == one.reference.text.value for other in same):
            called, value = lookup.ast.operation, one.reference.text.value
            yield finding(
                CODE,
                f"`{one.target.name}` of `{called.value}` is not filled with `{value}`, as in the request that it looks up",
                called.span,
                notes=(Note("filled here", one.span),),
                help=f"fill it likewise, or accept it: `allow: {{MAP260 {called.value}: …}}`",
            )
