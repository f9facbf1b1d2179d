"""A response that does not hold what is read from it.

The response that the record is read from has a schema. `items` must lead to a list, a `save` with `where` to a list of objects, and
a call whose response is saved must have a body. A saved header is declared in the response. The `envelope` of `vendor.yaml` is a property
of some request or response.

`pagination`, `local_filters`, `items_key`, `items_inputs`, `reverse` and `sync_token` are keys of a step that reads a list; `sources` and
`for_each` of an operation that does, and a step follows one with `for_each`.

Wrong: `items: issue` where the response's list is `issues`.
"""

from unified_gen.diagnostics.reporter import Reporter
from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.schemas.shapes import Shape
from unified_openapi.source.spans import Span, Text

CODE = rule("MAP212", "response does not fit", __doc__)
NO_ENVELOPE = "no request and no response that the mappings use has the envelope"


def no_list(reporter: Reporter, text: Text, call: str, shape: Shape) -> Diagnostic:
    """A list was expected."""
    return finding(
        CODE,
        f"a list is read here, but the response of `{call}` holds {shape.description}",
        text.span,
        notes=(reporter.schema_note(shape, "this schema"),),
        help="`items` names the list inside the response; `@` is the response itself",
    )


def no_objects(reporter: Reporter, text: Text, call: str, shape: Shape) -> Diagnostic:
    """Records were expected in a list."""
    return finding(
        CODE,
        f"records are read here, but the list of `{call}` holds {shape.description}",
        text.span,
        notes=(reporter.schema_note(shape, "this schema"),),
        help="`items` names the list inside the response whose elements are the records",
    )


def no_envelope(text: Text) -> Diagnostic:
    """The vendor's envelope is in none of the requests and responses: everything below it is missing."""
    return finding(CODE, f"{NO_ENVELOPE} `{text.value}`", text.span, help="name the property around records, or remove the line")


def not_listed(key: str, span: Span) -> Diagnostic:
    """A key of lists in a step that does not read one."""
    return finding(CODE, f"`{key}` is for a list, and this step reads none", span, help="`items` is the path of the records")


def not_a_list(key: str, span: Span) -> Diagnostic:
    """Several requests whose records are listed one after the other, if no list is read."""
    return finding(CODE, f"`{key}` is for an operation that lists records, and a step follows that reads the list", span)


def no_schema(text: Text, call: str) -> Diagnostic:
    """The response that a record is read from has no schema."""
    return finding(
        CODE,
        f"the vendor's document has no schema of what `{call}` returns, and a record is read from it",
        text.span,
        help="declare the response in overlay.yaml, with its evidence, or read the record by a further step",
    )


def no_element(text: Text) -> Diagnostic:
    """`where` chooses among the elements of a list, and the path of the record does not end in one."""
    return finding(
        CODE,
        f"`where` selects one element of a list, and `{text}` is not a list",
        text.span,
        help="end the path in `[-1]` for the last one that holds these values, `[0]` for the first",
    )


def no_inner_list(text: Text) -> Diagnostic:
    """`where` selects the elements whose lists are read, and the records are in one list."""
    return finding(
        CODE,
        f"`where` selects elements that have a list of records each, and the elements of `{text}` are the records",
        text.span,
        help="use `exclude`, or `local_filters`",
    )


def not_bytes(text: Text, operation: str, *, declared: bool) -> Diagnostic:
    """The model and the mapping disagree on whether an operation returns a file's content."""
    if declared:
        return finding(
            CODE,
            f"`{operation}` returns a record in the model, and this step returns a file's content",
            text.span,
            help="add `response: bytes` to the model's operation",
        )
    return finding(CODE, f"`{operation}` returns a file's content in the model", text.span, help="add `response: bytes` to the step")


def polled(call: Text) -> Diagnostic:
    """A record cannot be read from the vendor's status responses about work in the background."""
    return finding(
        CODE,
        f"`poll` requests the status of `{call}`, and the record would be read from that response",
        call.span,
        help="`save` a value of the last response and read the record in a further step",
    )


def no_body(text: Text, call: str) -> Diagnostic:
    """A body was expected."""
    return finding(CODE, f"the response of `{call}` has no body that could be saved", text.span)


def no_header(text: Text, call: str, declared: tuple[str, ...]) -> Diagnostic:
    """The document does not declare a response header that is saved."""
    return finding(
        CODE,
        f"the vendor's document declares no header `{text.value}` in the response of `{call}`",
        text.span,
        help=did_you_mean(text.value, declared) or "declare it in overlay.yaml, with its evidence",
    )
