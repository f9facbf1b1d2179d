"""A look-up that cannot find what was written.

`reconcile` says how the record of a step is found whose answer was lost. It reads, its answer holds the record or a list of records, and
it tells the record of this call from all others: by what the call alone leaves on it (`call.key` or `call.mark`, or an id that an earlier
step was given), or by what was written (`where`) since the step was sent (`since`). What can be sent again as it is needs none.

Wrong: `reconcile: {call: getIssues, items: issues, where: {subject: title}}`, which finds an issue of last year. Right: with
`since: created_on`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_gen.rules.base import finding, rule
from unified_gen.source import Text

CODE = rule("MAP219", "look-up that cannot find what was written", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every `reconcile` that could find another record, or has nothing to find."""
    for operation in resource.operations:
        for step in operation.steps:
            if step.reconcile is not None:
                yield from _judged(resource, step, operation.like)


def _judged(resource: ResolvedResource, step: ResolvedStep, like: str) -> Iterator[Diagnostic]:
    found = step.reconcile
    assert found is not None
    look, call = found.ast.look.call, step.ast.call
    if found.look.writes and found.look.facts.name not in resource.reading:
        yield finding(CODE, f"`{look}` changes something: what looks for a record reads", look.span)
    if (
        not step.writes
        or (step.facts.method in ("PUT", "DELETE") and not step.ast.once)
        or like in ("get", "list", "changes")
        or step.media is not None
    ):
        yield finding(CODE, f"`{call}` can be sent again as it is, or is no plain write: there is nothing to look for", found.ast.span)
    if found.items is not None and not found.ast.where:
        yield finding(CODE, "a list is searched, and nothing says for what", found.ast.span, help="name places of the record in `where`")
    if found.items is not None and found.where and not found.marked and found.since is None:
        yield finding(
            CODE,
            "an older record of the same content would be taken for the one that was lost",
            found.ast.span,
            help="say with `since` where a record tells when it was made, or leave a mark on it (`call.mark`)",
        )


def no_answer(call: Text) -> Diagnostic:
    """The look-up's operation answers nothing that the document describes."""
    return finding(CODE, f"the document says nothing of what `{call}` answers", call.span)


def no_list(text: Text, call: Text) -> Diagnostic:
    """`items` is no list."""
    return finding(CODE, f"`{text}` is no list in the answer of `{call}`", text.span)


def no_text(text: Text, name: str) -> Diagnostic:
    """A place that never equals what was sent."""
    return finding(CODE, f"`{text}` holds no text, and is compared with `{name}`: nothing would ever be found", text.span)


def no_moment(text: Text) -> Diagnostic:
    """A place of `since` that tells no moment."""
    return finding(CODE, f"`{text}` holds no date-time", text.span)


def undescribed(text: Text, of: str) -> Diagnostic:
    """A place in a free-form part of an answer."""
    return finding(CODE, f"`{text}`: the document says nothing of this place of {of}", text.span, help="an overlay can declare it")


def not_names(text: Text) -> Diagnostic:
    """A place that is not reached by names alone."""
    return finding(CODE, f"`{text}`: a place of what is looked for is reached by names alone", text.span)
