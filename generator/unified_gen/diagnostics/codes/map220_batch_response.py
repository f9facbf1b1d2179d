"""A batch response that cannot be matched to the items of the batch.

Each item has its own result: `results` and `errors` are lists of the batch response, `match` and `failed_items` name paths of their
elements and of the items that hold the same values. If the single request's response is read, a result has the same paths with the same
types: it is read as the response to a single request.

Wrong: `match: {id: id}` where items have no `id`. Right: `match: {id: id}` with `item_params: {id: contactId}`, or an `item_id` that the
response repeats."""

from unified_gen.diagnostics.reporter import BatchTexts, Reporter
from unified_gen.diagnostics.rule import rule
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.schemas.shapes import Shape
from unified_openapi.source.spans import Text

CODE = rule("MAP220", "batch response does not fit", __doc__)


def no_list(batch: BatchTexts, text: Text) -> Diagnostic:
    """The named location is not a list of the response."""
    return finding(CODE, f"the response of `{batch.operation}` has no list at `{text}`", text.span)


def nowhere(reporter: Reporter, batch: BatchTexts, text: Text, what: str, shape: Shape) -> Diagnostic:
    """A location that an element of the response, or an item, does not have."""
    note = reporter.schema_note(shape, "looked up here")
    return finding(CODE, f"{what} of `{batch.operation}` has no `{text}`", text.span, notes=(note,))


def other_kind(reporter: Reporter, batch: BatchTexts, text: Text, what: str, shape: Shape, kinds: set[str]) -> Diagnostic:
    """A location that holds another kind of value than its use requires."""
    note = reporter.schema_note(shape, "declared here")
    wanted = " or ".join(sorted(kinds))
    return finding(CODE, f"`{text}` in {what} of `{batch.operation}` is not {wanted}", text.span, notes=(note,))


def silent(batch: BatchTexts) -> Diagnostic:
    """The batch's response lacks the values that are read from the single request's response."""
    return finding(
        CODE,
        f"the response of `{batch.single}` is read, and `{batch.operation}` returns nothing of its items",
        batch.operation.span,
        help="name a way with `results`",
    )


def lacks(reporter: Reporter, batch: BatchTexts, location: str, result: Shape) -> Diagnostic:
    """A result lacks a value that is read from the single request's response."""
    note = reporter.schema_note(result, "looked up here")
    message = f"a result of `{batch.operation}` has no `{location}`, which is read of the response of `{batch.single}`"
    return finding(CODE, message, batch.operation.span, notes=(note,))


def differs(reporter: Reporter, batch: BatchTexts, location: str, shape: Shape) -> Diagnostic:
    """A result holds a value of another type."""
    note = reporter.schema_note(shape, "declared here")
    message = f"a result of `{batch.operation}` holds a value of another type at `{location}` than the response of `{batch.single}`"
    return finding(CODE, message, batch.operation.span, notes=(note,))
