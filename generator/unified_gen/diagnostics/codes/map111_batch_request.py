"""A batch request that cannot hold the single requests.

`batches` sends several requests to one of the vendor's operations as one request to another. Each part of the single requests needs a path
in the batch: their body is in an item, where the batch's schema must accept the same values; each of their parameters goes into the item
(`item_params`), or is the same for all requests of a batch (`shared_params`). An item that is a complete request (`item_request`) has a
path for each part of it: its method, its address, its body, its headers. Required inputs of the batch itself are provided. An idempotency
key has no path in a batch, which is one request with one key.

Wrong: `batches: {"PATCH /contacts/{contactId}": {operation: POST /contacts/batch/update, strategy: changed}}`, since items do not
name the contact.
Right: the same with `item_params: {id: contactId}`.
"""

from unified_gen.diagnostics.reporter import BatchTexts, Reporter
from unified_gen.diagnostics.rule import rule
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.shapes import Shape
from unified_openapi.source.spans import Span, Text

CODE = rule("MAP111", "batch request does not fit", __doc__)


def never_called(batch: BatchTexts) -> Diagnostic:
    """Requests that no operation sends cannot be batched."""
    return finding(CODE, f"no operation of this mapping calls `{batch.single}`", batch.single.span, help="leave it out")


def left_out(batch: BatchTexts, name: str) -> Diagnostic:
    """A parameter of the single requests is not passed to the batch."""
    help = "name its path in an item under `item_params`, or an input of the batch for all items under `shared_params`"
    return finding(CODE, f"`{batch.operation}` does not get the `{name}` of `{batch.single}`", batch.operation.span, help=help)


def keyed(batch: BatchTexts) -> Diagnostic:
    """Each of the single requests carries an idempotency key of its own."""
    return finding(CODE, f"`{batch.single}` carries an idempotency key, which has no path in a batch", batch.single.span)


def no_list(reporter: Reporter, batch: BatchTexts, items: Text, shape: Shape | None, where: Span) -> Diagnostic:
    """The input for the items is not a list."""
    note = Note("looked up here", reporter.document.span(shape.pointer) if shape is not None else where)
    return finding(CODE, f"`{items}` of `{batch.operation}` is not a list of items", items.span, notes=(note,))


def no_address(batch: BatchTexts, span: Span) -> Diagnostic:
    """A wrapped request must have an address."""
    return finding(
        CODE, f"`item_request` has no path for the address of a request in an item of `{batch.operation}`", span, help="add `path` or `url`"
    )


def not_held(batch: BatchTexts, what: str) -> Diagnostic:
    """A part of the requests that items wrap has no location in them."""
    return finding(
        CODE,
        f"an item of `{batch.operation}` does not hold {what} of `{batch.single}`",
        batch.operation.span,
        help="add its path under `item_request`",
    )


def no_kind(reporter: Reporter, batch: BatchTexts, element: Shape) -> Diagnostic:
    """Items may be of several kinds, and the constants of every item fit none of them."""
    note = reporter.schema_note(element, "declared here")
    return finding(
        CODE,
        f"no kind of item of `{batch.operation}` has the paths and literals of `item_params` and `item_constants`",
        batch.operation.span,
        notes=(note,),
    )


def lacks(reporter: Reporter, batch: BatchTexts, name: str, element: Shape) -> Diagnostic:
    """An item has no location for a value that the single requests write."""
    note = reporter.schema_note(element, "looked up here")
    return finding(
        CODE, f"an item of `{batch.operation}` has no field for `{name}`, which `{batch.single}` has", batch.operation.span, notes=(note,)
    )


def differs(reporter: Reporter, batch: BatchTexts, name: str, shape: Shape, why: str) -> Diagnostic:
    """An item accepts other values than the single requests do."""
    note = reporter.schema_note(shape, "declared here")
    return finding(
        CODE,
        f"an item of `{batch.operation}` accepts other values as `{name}` than `{batch.single}`: {why}",
        batch.operation.span,
        notes=(note,),
    )


def required(reporter: Reporter, batch: BatchTexts, facts: OperationFacts, name: str, pointer: str, where: str) -> Diagnostic:
    """The batch requires an input that nothing provides."""
    note = Note("required here", reporter.document.span(pointer))
    help = "provide it by `item_params`, `shared_params`, `constants` or `item_constants`"
    return finding(CODE, f"`{facts.method} {facts.path}` requires `{name}` in {where}", batch.operation.span, notes=(note,), help=help)
