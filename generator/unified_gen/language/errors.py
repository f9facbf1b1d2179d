"""Grammar of `errors` in a vendor's file: where its responses describe a failure."""

from __future__ import annotations

from unified_gen.diagnostics.suggestions import listed
from unified_gen.language import ast
from unified_gen.language.bindings import pair
from unified_gen.language.findings import Findings, every
from unified_gen.language.kinds import AnyValue, Choice, Flag, Kind, ListOf, MapOf, OneOf, Parsed, String, Transform
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys, Requires
from unified_gen.language.strings import PATH, PREDICATE, WORD, braces, is_path
from unified_openapi.schemas.paths import parse_path
from unified_openapi.source.spans import Literal, Text

ERROR_KINDS = (
    "Unauthorized",
    "Forbidden",
    "NotFound",
    "Conflict",
    "Rejected",
    "RateLimited",
    "LimitExhausted",
    "Unavailable",
    "Unsupported",
)
"""The errors that a vendor's own code can mean."""

FieldErrors = tuple[ast.PathText, str | None, str]
"""Path of the field errors, the prefix of their names, and their form."""


def _field_errors(got: ParsedKeys, out: Findings) -> FieldErrors | None:
    forms = [form for form in ("map", "names", "text") if form in got.keys]
    if not forms:
        out.add("MAP007", "the fields of an error need a form", got.span, help=f"one of {listed(('map', 'names', 'text'))}")
        return None
    location: ast.PathText | None = got.get(forms[0])
    return None if location is None else (location, got.plain("prefix"), forms[0])


_FIELD_ERRORS: Kind[FieldErrors] = Choice(
    "a path or a mapping",
    scalar=Transform(PATH, lambda text, span, out: (text, None, "map")),
    mapping=Object(
        "the fields of an error",
        {
            "map": Key(PATH, "An object from a field's name to what is wrong with it."),
            "names": Key(PATH, "A list of names of fields."),
            "text": Key(PATH, "A list of messages that begin with a field's name."),
            "prefix": Key(WORD, "What is before these names in the mapping's paths."),
        },
        _field_errors,
        exclusive=(
            MutuallyExclusive("map", ("names", "text"), "field errors have one form"),
            MutuallyExclusive("names", ("text",), "field errors have one form"),
        ),
    ),
)

_CODES = ListOf(Transform(AnyValue(scalar=True), lambda code, span, out: _code(code, out)), "a list of codes")


def _code(code: Literal, out: Findings) -> str | None:
    if isinstance(code.value, str) or (isinstance(code.value, int) and not isinstance(code.value, bool)):
        return str(code.value)
    out.add("MAP002", "expected a code: text or a whole number", code.span)
    return None


def _errors(got: ParsedKeys, out: Findings) -> ast.Errors:
    location, below, form = got.get("fields", (None, None, "map"))
    return ast.Errors(
        span=got.span,
        failed_if=got.get("failed_if"),
        message=got.get("message", ()),
        code=got.get("code", ()),
        fields=location,
        fields_prefix=below,
        fields_form=form,
        types=got.get("types", ()),
        hints=got.get("hints", ()),
        plain_text=got.flag("plain_text"),
        payload=got.get("payload"),
    )


def _is_message(text: Text, out: Findings) -> bool:
    inner = [text] if "{" not in text.value else braces(text, out)
    return inner is not None and every(is_path(path, out) for path in inner)


def _message(text: Text) -> ast.PathsText:
    inner = [text] if "{" not in text.value else braces(text, Findings()) or []
    return ast.PathsText(text.value, text.span, tuple(parse_path(path.value) for path in inner))


_MESSAGE = Parsed(String("a path or text with {paths}", _is_message), _message)
_MESSAGES: Kind[tuple[ast.PathsText, ...]] = Choice(
    "a path, text with {paths}, or a list of them",
    scalar=Transform(_MESSAGE, lambda text, span, out: (text,)),
    sequence=ListOf(_MESSAGE, "paths and texts"),
)

_PAYLOAD: Kind[ast.Errors] = Object(
    "`payload`",
    {
        "failed_if": Key(PREDICATE, "Predicate of the value of a mutation that was not executed.", required=True),
        "message": Key(_MESSAGES, "What went wrong, as in `errors`."),
        "code": Key(_MESSAGES, "The vendor's code, as in `errors`."),
        "fields": Key(_FIELD_ERRORS, "The invalid fields, as in `errors`."),
    },
    _errors,
)

ERRORS: Kind[ast.Errors] = Object(
    "`errors`",
    {
        "failed_if": Key(PREDICATE, "Predicate of a failed response with status 200."),
        "message": Key(
            _MESSAGES,
            "What went wrong: a path in the response, or text with `{paths}`; of a list, the first whose paths all hold something.",
        ),
        "code": Key(
            _MESSAGES,
            "The vendor's code of the error: a path, or text with `{paths}`; of a list, the first whose paths all hold something.",
        ),
        "fields": Key(_FIELD_ERRORS, "Where the response lists the invalid fields; callers read them under their unified names."),
        "types": Key(
            MapOf(OneOf(ERROR_KINDS), _CODES, pair, "codes by error"),
            f"Which of the vendor's codes mean which error: {', '.join(ERROR_KINDS)}. `*` in a code represents anything.",
        ),
        "hints": Key(
            MapOf(WORD, WORD, pair, "texts by code"),
            "What to do about an error, by the vendor's code (`*` represents anything): the end of the message that callers get.",
        ),
        "plain_text": Key(Flag(), "Errors are plain text: all of it is the message."),
        "payload": Key(_PAYLOAD, "Of a GraphQL vendor: errors in the values of mutations, by paths from the value on."),
    },
    _errors,
    needs=(Requires("types", ("code",)), Requires("hints", ("code",))),
)
