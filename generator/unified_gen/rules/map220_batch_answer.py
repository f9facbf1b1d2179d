"""A batch's answer that does not tell what became of its items.

Each item has a result of its own: `results` and `errors` are lists of the batch's answer, `match` and `blames` name places of their
elements and of the items that hold the same values. Where the single request's answer is read, a result holds what is read of it, of the
same type: what comes of a batch is read as if each request had been sent alone.

Wrong: `match: {id: id}` where items have no `id`. Right: `match: {id: id}` with `with: {id: contactId}`, or a `mark` that the answer
repeats.
"""

from unified_gen.diagnostics import Diagnostic
from unified_gen.language.ast import Batch
from unified_gen.resolve.reporter import Reporter
from unified_gen.rules.base import finding, rule
from unified_gen.schema.shapes import Shape
from unified_gen.source import Text

CODE = rule("MAP220", "batch answer does not fit", __doc__)


def no_list(batch: Batch, text: Text) -> Diagnostic:
    """What is named is no list of the answer."""
    return finding(CODE, f"the answer of `{batch.call}` has no list at `{text}`", text.span)


def nowhere(reporter: Reporter, batch: Batch, text: Text, what: str, shape: Shape) -> Diagnostic:
    """A place that an element of the answer, or an item, does not have."""
    note = reporter.schema_note(shape, "looked up here")
    return finding(CODE, f"{what} of `{batch.call}` has no `{text}`", text.span, notes=(note,))


def other_kind(reporter: Reporter, batch: Batch, text: Text, what: str, shape: Shape, kinds: set[str]) -> Diagnostic:
    """A place that holds another kind of value than what it is looked at for."""
    note = reporter.schema_note(shape, "declared here")
    wanted = " or ".join(sorted(kinds))
    return finding(CODE, f"`{text}` in {what} of `{batch.call}` is not {wanted}", text.span, notes=(note,))


def silent(batch: Batch) -> Diagnostic:
    """What the single request's answer is read for, the batch's does not say."""
    return finding(
        CODE,
        f"the answer of `{batch.of}` is read, and `{batch.call}` answers nothing of its items",
        batch.call.span,
        help="name a way with `results`",
    )


def lacks(reporter: Reporter, batch: Batch, place: str, result: Shape) -> Diagnostic:
    """A result lacks what is read of the single request's answer."""
    note = reporter.schema_note(result, "looked up here")
    told = f"a result of `{batch.call}` has no `{place}`, which is read of the answer of `{batch.of}`"
    return finding(CODE, told, batch.call.span, notes=(note,))


def differs(reporter: Reporter, batch: Batch, place: str, shape: Shape) -> Diagnostic:
    """A result holds a value of another type."""
    note = reporter.schema_note(shape, "declared here")
    told = f"a result of `{batch.call}` holds a value of another type at `{place}` than the answer of `{batch.of}`"
    return finding(CODE, told, batch.call.span, notes=(note,))
