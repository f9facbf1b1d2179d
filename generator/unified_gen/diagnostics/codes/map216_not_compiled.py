"""A construct of the language that does not compile yet.

The language defines it, but no code is generated for it yet: uploads as a form of several parts (`media` where the vendor accepts
`multipart/form-data`), fields in a body that is neither JSON nor a form, an input that is the complete body (`"@"`, `"[].id"`) if the body
is not an array or has other inputs too, filters of inner fields
(`field: busy.start` in a model) that are to be applied after reading, values of custom fields (`custom_fields` of a list) that are looked
up by anything but a clause of their own, a saved part of an element of a response that is a list, one value in `where` that is compared
with an enum of several columns, and an argument of a GraphQL field whose type an overlay has replaced. Leave the operation to
`unsupported` until it is supported. `media` for a body that is the content itself, or fields and content as `multipart/related`, does
compile.
A query without an input is in the language of the vendor's `query`, and its clauses have the form of that language: text, or objects.
"""

from collections.abc import Iterable

from unified_gen.diagnostics.rule import rule
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Span, Text

CODE = rule("MAP216", "not compiled yet", __doc__)


def fields(span: Span, call: str, media_types: tuple[str, ...]) -> Diagnostic:
    """Fields in a body that is neither JSON nor a form."""
    accepted = ", ".join(f"`{name}`" for name in media_types)
    return finding(
        CODE,
        f"fields are sent as JSON or as a form, and `{call}` accepts {accepted}",
        span,
        help="if the vendor accepts JSON as well, declare it in overlay.yaml, with its evidence",
    )


def entire_body(text: Text, call: str) -> Diagnostic:
    """An input that is the complete body, which is not an array or has other inputs."""
    return finding(CODE, f"the body of `{call}` is filled as a unit, and only its properties can be inputs", text.span)


def graphql_type(text: Text, name: str) -> Diagnostic:
    """An argument of a GraphQL field whose schema is not that of a type: a document that was changed by hand or by an overlay."""
    return finding(
        CODE,
        f"the schema of the argument `{name}` of `{text.value}` is not that of a GraphQL type",
        text.span,
        help="in overlay.yaml, change the schema of the named type, or add facts beside its reference",
    )


def listed_lookup(text: Text) -> Diagnostic:
    """A look-up of a lost write in a list of a GraphQL vendor: its query selects nothing of the records."""
    return finding(
        CODE,
        f"`{text.value}` is a list, and a query looks a record up by its id only",
        text.span,
        help="use a field that returns the one record, with an id that the client chose (`call.mark.uuid4`)",
    )


def compared_with_columns(text: Text, name: str) -> Diagnostic:
    """A path that is compared with a field whose enum has several columns."""
    return finding(
        CODE,
        f"`{text.value}` is one value, and the enum of `{name}` has several columns",
        text.span,
        help=f'compare the element as a unit: `"@": {name}`',
    )


def part_of_element(text: Text, name: str) -> Diagnostic:
    """A saved part of an element of a response that is a list."""
    return finding(
        CODE,
        f"`{text.value}` is a part of an element, and the response is a list: only the list or an element of it can be saved",
        text.span,
        help=f'save the element (`{name}: "[0]"`), and refer to its parts: `{name}.id`',
    )


def inner(name: Text, field: str) -> Diagnostic:
    """A filter after reading that looks into an inner field."""
    return finding(
        CODE, f"`{name}` is compared with `{field}`, an inner field, and `local_filters` looks at those of the record", name.span
    )


def custom_fields(text: Text, languages: Iterable[str]) -> Diagnostic:
    """`custom_fields` of a list that makes no clause of them."""
    named = " and ".join(f"`{name}`" for name in sorted(languages))
    return finding(
        CODE,
        f"`{text.value}` are looked up by a clause of their own, and by `if`",
        text.span,
        help=f"write `{{{text.value}}}` as a clause of its own in a query in one of the languages {named}",
    )


def parts(span: Span, media_types: tuple[str, ...]) -> Diagnostic:
    """A body of several parts."""
    accepted = ", ".join(f"`{name}`" for name in media_types) or "no body"
    return finding(
        CODE,
        f"`media` sends content unchanged, and this operation accepts {accepted}",
        span,
        help="leave the input to `unsupported` until a body of several parts compiles",
    )


def query(span: Span) -> Diagnostic:
    """A query that names no input, of a vendor that has none for all."""
    return finding(
        CODE, "this query names no input, and vendor.yaml has no `query`", span, help="such as `query: {q: {language: …, all: […]}}`"
    )


def clause(span: Span, language: str, form: str) -> Diagnostic:
    """A clause that the vendor's language does not have."""
    return finding(CODE, f"a clause of the language `{language}` is {form}", span)
