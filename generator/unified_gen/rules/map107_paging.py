"""A paging strategy that does not fit the call.

The parameter that asks for the next page must be an input of the call, and the place that holds the next token must be in its
answer. A strategy that changes nothing in the request would fetch the first page for ever.

Wrong: `paging: {default: {token: pageTokn, next: nextPageToken}}`. Right: `{token: pageToken, next: nextPageToken}`, or `paging:
none` on a call that has no pages."""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.documents import OperationFacts
from unified_gen.resolve.reporter import Reporter
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.rules.base import did_you_mean, finding, rule
from unified_gen.schema.paths import Path
from unified_gen.schema.walk import Walk
from unified_gen.source import Text

CODE = rule("MAP107", "paging does not fit", __doc__)


def no_input(place: Text, name: Text, facts: OperationFacts, names: tuple[str, ...]) -> Diagnostic:
    """The parameter that asks for a page is no input of the call."""
    return finding(
        CODE,
        f"`{facts.method} {facts.path}` takes no input `{name.value}` to page with",
        place.span,
        notes=(Note("the strategy names it here", name.span),),
        help=did_you_mean(name.value, names) or "name another strategy, or `paging: none`",
    )


def no_place(reporter: Reporter, place: Text, name: Text, path: Path, reached: Walk) -> Diagnostic:
    """The answer has no such place."""
    assert reached.dead is not None
    return finding(
        CODE,
        f"the answer has no `{name.value}` to page by",
        place.span,
        notes=(Note("the strategy names it here", name.span), reporter.schema_note(reached.dead.at, "looked up here")),
        help=did_you_mean(path.names[-1] if path.names else name.value, reached.dead.candidates)
        or "name another strategy, or `paging: none`",
    )


def another_answer(call: Text, facts: OperationFacts, further: OperationFacts) -> Diagnostic:
    """Further pages come from an operation whose pages are of another form."""
    return finding(CODE, f"`{further.method} {further.path}` answers otherwise than `{facts.method} {facts.path}`", call.span)


def needs_more(call: Text, further: OperationFacts, name: str) -> Diagnostic:
    """The operation of further pages needs more than the token."""
    return finding(CODE, f"`{further.method} {further.path}` needs `{name}` besides the token", call.span)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every strategy whose next page would be asked for with the very request of the first."""
    for operation in resource.operations:
        for step in operation.steps:
            paging = step.paging
            if paging is None or paging.send is None or paging.call is not None:
                continue
            sent = [(target.place, target.path) for target in (paging.send, *(target for target, _ in paging.beside))]
            for assignment in step.assignments:
                if assignment.origin not in ("cursor", "size", "sync") and (assignment.target.place, assignment.target.path) in sent:
                    yield finding(
                        CODE,
                        f"`{assignment.target.name}` asks for the next page, but this step fills it itself: every page would be the same",
                        assignment.span,
                        notes=(Note("the strategy sends it", paging.ast.span),),
                    )
            if paging.ast.style == "token" and paging.next is None:
                yield finding(CODE, "a token strategy needs `next`: where the answer holds the next token", paging.ast.span)
