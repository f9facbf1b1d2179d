"""A batch request that cannot hold what the single requests do.

`batches` folds requests to one of the vendor's operations into one request to another. Whatever the single requests hold has to have a
place there: their body stands in an item, where the batch's schema must take the same values; each of their parameters goes into the item
(`with`), or is the same for all requests of a batch (`once`). An item that `wraps` a whole request has a place for each part of it: its
method, its address, its body, its headers. What the batch itself requires is provided. An idempotency key has no
place in a batch, which is one request with one key.

Wrong: `batches: {"PATCH /contacts/{contactId}": {call: POST /contacts/batch/update, as: changed}}`, since no item says which contact is
meant. Right: the same with `with: {id: contactId}`.
"""

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.documents import OperationFacts
from unified_gen.language.ast import Batch, Wraps
from unified_gen.resolve.reporter import Reporter
from unified_gen.rules.base import finding, rule
from unified_gen.schema.shapes import Shape
from unified_gen.source import Span, Text

CODE = rule("MAP111", "batch request does not fit", __doc__)


def never_called(batch: Batch) -> Diagnostic:
    """Requests that no operation sends cannot be folded."""
    return finding(CODE, f"no operation of this mapping calls `{batch.of}`", batch.of.span, help="leave it out")


def left_out(batch: Batch, name: str) -> Diagnostic:
    """A parameter of the single requests that the batch is not told."""
    help = "say under `with` where in an item it goes, or under `once` which input of the batch takes it for all"
    return finding(CODE, f"`{batch.call}` is not told the `{name}` of `{batch.of}`", batch.call.span, help=help)


def keyed(batch: Batch) -> Diagnostic:
    """The single requests carry an idempotency key of their own each."""
    return finding(CODE, f"`{batch.of}` carries an idempotency key, which has no place in a batch", batch.of.span)


def no_list(reporter: Reporter, batch: Batch, items: Text, shape: Shape | None, where: Span) -> Diagnostic:
    """What takes the items is no list."""
    note = Note("looked up here", reporter.document.span(shape.pointer) if shape is not None else where)
    return finding(CODE, f"`{items}` of `{batch.call}` takes no list of items", items.span, notes=(note,))


def no_address(batch: Batch, wraps: Wraps) -> Diagnostic:
    """A request that is wrapped has an address."""
    return finding(
        CODE, f"`wraps` does not say where an item of `{batch.call}` holds the address of a request", wraps.span, help="say `path` or `url`"
    )


def not_held(batch: Batch, what: str) -> Diagnostic:
    """A part of the requests that items wrap has no place in them."""
    return finding(
        CODE, f"an item of `{batch.call}` does not hold {what} of `{batch.of}`", batch.call.span, help="say under `wraps` where it goes"
    )


def no_kind(reporter: Reporter, batch: Batch, element: Shape) -> Diagnostic:
    """Items may be of several kinds, and what is said of every item is true of none of them."""
    note = reporter.schema_note(element, "declared here")
    return finding(CODE, f"no kind of item of `{batch.call}` takes what `with` and `each` say of it", batch.call.span, notes=(note,))


def lacks(reporter: Reporter, batch: Batch, name: str, element: Shape) -> Diagnostic:
    """An item has no place for what the single requests write."""
    note = reporter.schema_note(element, "looked up here")
    return finding(CODE, f"an item of `{batch.call}` has no place for `{name}`, which `{batch.of}` takes", batch.call.span, notes=(note,))


def differs(reporter: Reporter, batch: Batch, name: str, shape: Shape, why: str) -> Diagnostic:
    """An item takes other values than the single requests do."""
    note = reporter.schema_note(shape, "declared here")
    return finding(
        CODE, f"an item of `{batch.call}` takes other values as `{name}` than `{batch.of}`: {why}", batch.call.span, notes=(note,)
    )


def required(reporter: Reporter, batch: Batch, facts: OperationFacts, name: str, pointer: str, where: str) -> Diagnostic:
    """The batch requires what nothing provides."""
    note = Note("required here", reporter.document.span(pointer))
    help = "provide it by `with`, `once`, `set` or `each`"
    return finding(CODE, f"`{facts.method} {facts.path}` requires `{name}` in {where}", batch.call.span, notes=(note,), help=help)
