"""A lookup that cannot find what was written.

`reconcile` declares the lookup of a record whose response was lost. It reads, and its response has the record or a list of records.
It must identify the record of this call: by a value that only this call writes (`call.key` or `call.mark`, or an id that an earlier
step was given), or by the values written (`where`) since the step was sent (`created_at`). A request that can be sent again unchanged
needs none.

Wrong: `reconcile: {operation: getIssues, items: issues, where: {subject: title}}`, which finds an issue of last year. Right: with
`created_at: created_on`.
"""

from unified_gen.diagnostics.rule import rule
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Text

CODE = rule("MAP219", "lookup that cannot find what was written", __doc__)


def no_response(call: Text) -> Diagnostic:
    """The response of the lookup's operation has no schema in the document."""
    return finding(CODE, f"the document has no schema of what `{call}` returns", call.span)


def no_list(text: Text, call: Text) -> Diagnostic:
    """`items` is not a list."""
    return finding(CODE, f"`{text}` is not a list in the response of `{call}`", text.span)


def no_text(text: Text, name: str) -> Diagnostic:
    """A location that can never equal the value that was sent."""
    return finding(CODE, f"`{text}` is not text, and is compared with `{name}`: no record would match", text.span)


def no_timestamp(text: Text) -> Diagnostic:
    """A location of `created_at` that does not hold a timestamp."""
    return finding(CODE, f"`{text}` holds no date-time", text.span)


def undescribed(text: Text, of: str) -> Diagnostic:
    """A location in a free-form part of a response."""
    return finding(CODE, f"`{text}`: the document does not describe this location of {of}", text.span, help="an overlay can declare it")


def not_names(text: Text) -> Diagnostic:
    """A location that is not reached by names only."""
    return finding(CODE, f"`{text}`: a path in a looked-up record consists of names only", text.span)
