"""A pagination strategy that does not fit the call.

The parameter that requests the next page must be an input of the call, and the location that holds the next token must be in its
response. A strategy that changes nothing in the request would fetch the first page for ever.

A list is reversed only if it is complete: reversed pages are not a reversed list.

Wrong: `pagination: {default: {token_param: pageTokn, next_token: nextPageToken}}`. Right: `{token_param: pageToken, next_token:
nextPageToken}`, or `pagination: none` on a call that has no pages."""

from unified_gen.diagnostics.reporter import Reporter
from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.paths import Path
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.spans import Text

CODE = rule("MAP107", "pagination does not fit", __doc__)


def no_input(location: Text, name: Text, facts: OperationFacts, names: tuple[str, ...]) -> Diagnostic:
    """The parameter that requests a page is not an input of the call."""
    return finding(
        CODE,
        f"`{facts.method} {facts.path}` has no input `{name.value}` for pagination",
        location.span,
        notes=(Note("the strategy names it here", name.span),),
        help=did_you_mean(name.value, names) or "name another strategy, or `pagination: none`",
    )


def no_path(reporter: Reporter, location: Text, name: Text, path: Path, reached: Walk) -> Diagnostic:
    """The response has no such location."""
    assert reached.dead is not None
    return finding(
        CODE,
        f"the response has no `{name.value}` for pagination",
        location.span,
        notes=(Note("the strategy names it here", name.span), reporter.schema_note(reached.dead.at, "looked up here")),
        help=did_you_mean(path.names[-1] if path.names else name.value, reached.dead.candidates)
        or "name another strategy, or `pagination: none`",
    )


def no_query(location: Text, clause: Text) -> Diagnostic:
    """The clause that requests a page has no query to be in."""
    return finding(
        CODE,
        "this step has no `query` for the clause of the next page",
        location.span,
        notes=(Note("the strategy has it here", clause.span),),
        help="add a `query`, or name another strategy",
    )


def other_response(call: Text, facts: OperationFacts, further: OperationFacts) -> Diagnostic:
    """Further pages come from an operation whose pages are of another form."""
    return finding(CODE, f"`{further.method} {further.path}` has another response schema than `{facts.method} {facts.path}`", call.span)


def needs_more(call: Text, further: OperationFacts, name: str) -> Diagnostic:
    """The operation of further pages needs more than the token."""
    return finding(CODE, f"`{further.method} {further.path}` also needs `{name}`", call.span)


def reversed_pages(call: Text) -> Diagnostic:
    """A list that comes in pages cannot be reversed page by page."""
    return finding(
        CODE,
        f"`{call.value}` is paged, and its reversed pages would not be a reversed list",
        call.span,
        help="request the order by an input of the vendor (`set`), or all records in one response (`paging: none`)",
    )
