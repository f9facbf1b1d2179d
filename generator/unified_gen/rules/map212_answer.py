"""An answer that does not hold what is read from it.

The answer that the record is read from has a schema. `items` must lead to a list, a `keep` with `where` to a list of objects, and
a call whose answer is kept must have a body.

Wrong: `items: issue` where the answer's list is `issues`.
"""

from unified_gen.diagnostics import Diagnostic
from unified_gen.resolve.conversions import describe_shape
from unified_gen.resolve.reporter import Reporter
from unified_gen.rules.base import finding, rule
from unified_gen.schema.shapes import Shape
from unified_gen.source import Text

CODE = rule("MAP212", "answer does not fit", __doc__)


def no_list(reporter: Reporter, text: Text, call: str, shape: Shape) -> Diagnostic:
    """A list was expected."""
    return finding(
        CODE,
        f"a list is read here, but the answer of `{call}` holds {describe_shape(shape)}",
        text.span,
        notes=(reporter.schema_note(shape, "this schema"),),
        help="`items` names the list inside the answer; `@` is the answer itself",
    )


def no_objects(reporter: Reporter, text: Text, call: str, shape: Shape) -> Diagnostic:
    """Records were expected in a list."""
    return finding(
        CODE,
        f"records are read here, but the list of `{call}` holds {describe_shape(shape)}",
        text.span,
        notes=(reporter.schema_note(shape, "this schema"),),
        help="`items` names the list inside the answer whose elements are the records",
    )


def no_schema(text: Text, call: str) -> Diagnostic:
    """An answer that a record is read from says nothing of what it holds."""
    return finding(
        CODE,
        f"the vendor's document does not say what `{call}` answers, and a record is read from it",
        text.span,
        help="declare the answer in overlay.yaml, with its evidence, or read the record by a further step",
    )


def no_element(text: Text) -> Diagnostic:
    """`where` chooses among the elements of a list, and the record is none."""
    return finding(
        CODE,
        f"`where` tells one element of a list from the others, and `{text}` is none",
        text.span,
        help="end the path in `[-1]` for the last one that holds these values, `[0]` for the first",
    )


def not_bytes(text: Text, operation: str, *, says: bool) -> Diagnostic:
    """The model and the mapping disagree on whether an operation answers a file's content."""
    if says:
        return finding(
            CODE,
            f"`{operation}` answers a record, says the model, and this step a file's content",
            text.span,
            help="say `answer: bytes` in the model's operation as well",
        )
    return finding(CODE, f"`{operation}` answers a file's content, says the model", text.span, help="say `answer: bytes` in the step")


def polled(call: Text) -> Diagnostic:
    """A record cannot be read from what the vendor says of work in the background."""
    return finding(
        CODE,
        f"`poll` asks whether the work of `{call}` is done, and the record would be read from that answer",
        call.span,
        help="`keep` what the last answer says and read the record in a further step",
    )


def no_body(text: Text, call: str) -> Diagnostic:
    """A body was expected."""
    return finding(CODE, f"the answer of `{call}` has no body that could be kept", text.span)
