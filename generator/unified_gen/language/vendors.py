"""Grammar of `mappings/vendors/<vendor>/vendor.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias, TypeVar

from msgspec import Struct

from unified_gen.diagnostics.suggestions import did_you_mean, listed
from unified_gen.language import ast
from unified_gen.language.batches import WAYS
from unified_gen.language.bindings import LITERALS, pair
from unified_gen.language.fields import FIELDS
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import AnyValue, Choice, Definitions, Flag, IntRange, Kind, ListOf, MapOf, OneOf, Transform, refuse
from unified_gen.language.oauth import OAUTH, check_references
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys, Requires
from unified_gen.language.queries import VENDOR_QUERY
from unified_gen.language.strings import ACCEPTED, INPUT, NAME, PATH, PREDICATE, REASON, REGULAR, TEMPLATE, TEXT, WORD
from unified_gen.language.webhooks import WEBHOOKS
from unified_openapi.source.spans import Json, Literal, Span, Text
from unified_openapi.source.yaml12 import Node, ScalarNode

T = TypeVar("T")

STYLES = {
    "token_param": "token",
    "offset_param": "offset",
    "page_param": "page",
    "last_record_param": "last",
    "link_header": "link",
    "next_url": "url",
}
"""Pagination styles by the key that selects each."""
ERROR_KINDS = ("Unauthorized", "Forbidden", "NotFound", "Conflict", "Rejected", "RateLimited", "Unavailable")
"""The errors that a vendor's own code can mean."""
ENCODINGS = ("form", "json", "form-json")


# ------------------------------------------------------------------------------------------------- connection, auth, limits
ConnectionDraft = Callable[[Text, Span], ast.ConnectionValue]


_FORMS = {"integer": "-?[0-9]+", "boolean": "true|false"}
"""Forms of the text of a connection's value, by type."""


def _connection(got: ParsedKeys, out: Findings) -> ConnectionDraft | None:
    kind = got.values["type"].value if "type" in got.values else "text"
    values: tuple[Text, ...] = got.get("values", ())
    if (kind == "enum") != bool(values):
        out.add("MAP010", "`type: enum` and `values` belong together", got.keys.get("values", got.keys.get("type", got.span)))
        return None
    if kind in _FORMS and "pattern" in got.keys:
        out.add("MAP010", f"`pattern` is for texts, and `type` is `{kind}`", got.keys["pattern"])
    form = _FORMS.get(kind) or ("|".join(re.escape(value.value) for value in values) if values else got.plain("pattern"))

    def draft(name: Text, span: Span) -> ast.ConnectionValue:
        summary = got.plain("summary") or ""
        return ast.ConnectionValue(
            name=name,
            summary=summary,
            span=span,
            required=bool(got.get("required", True)),
            pattern=form,
            type=ast.Type(kind, values=values),
        )

    return draft


def _connection_summary(summary: Text, at: Span, out: Findings) -> ConnectionDraft:
    return lambda name, span: ast.ConnectionValue(name=name, summary=summary.value, span=span)


_CONNECTION = Choice(
    "a summary or a mapping",
    scalar=Transform(TEXT, _connection_summary),
    mapping=Object(
        "a value of the connection",
        {
            "summary": Key(TEXT, "What the value is and where a user finds it.", required=True),
            "required": Key(Flag(), "Whether a connection needs it; `true` by default."),
            "pattern": Key(REGULAR, "A regular expression that the complete value must match."),
            "type": Key(OneOf(("text", "integer", "boolean", "enum")), "Its type in requests; `text` by default."),
            "values": Key(ListOf(TEXT, "a list of values"), "The values of an enum."),
        },
        _connection,
        exclusive=(MutuallyExclusive("pattern", ("values",), "the values are the form of an enum"),),
    ),
)

SchemeDraft = Callable[[Text, Span], ast.Scheme]


def _key(got: ParsedKeys, out: Findings) -> tuple[str, str, str, str]:
    return (got.values["secret"].value, got.values["in"].value, got.values["name"].value, got.plain("prefix") or "")


def _scheme(got: ParsedKeys, out: Findings) -> SchemeDraft | None:
    kind: str = got.values["type"].value
    keys: tuple[tuple[str, str, str, str], ...] = got.get("keys", ())
    if "keys" in got.keys and kind != "api_key":
        out.add("MAP010", f"`keys` belong to the type `api_key`, this is `{kind}`", got.keys["keys"])
        return None
    if "keys" not in got.keys and kind == "api_key":
        help = "`keys: [{secret: key, in: header, name: X-Api-Key}]`"
        out.add("MAP007", "a scheme of type `api_key` needs `keys`", got.keys["type"], help=help)
        return None
    return lambda name, span: ast.Scheme(name=name, type=kind, span=span, parameters=keys)


_SCHEME: Kind[SchemeDraft] = Object(
    "a security scheme",
    {
        "type": Key(OneOf(("basic", "bearer", "api_key", "oauth2")), "How the credential is sent.", required=True, fatal=True),
        "keys": Key(
            ListOf(
                Object(
                    "a key",
                    {
                        "secret": Key(NAME, "What the credential calls this secret.", required=True, fatal=True),
                        "in": Key(OneOf(("header", "query")), "The part of the request.", required=True, fatal=True),
                        "name": Key(WORD, "The header or query parameter.", required=True, fatal=True),
                        "prefix": Key(TEXT, "What is before the secret, such as `Bot `."),
                    },
                    _key,
                ),
                "a list of keys",
            ),
            "For `api_key`: every key that is sent, all of them together.",
        ),
    },
    _scheme,
)

LimitDraft = Callable[[Text, Span], ast.Limit]


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def _limit(got: ParsedKeys, out: Findings) -> LimitDraft | None:
    if not {"requests", "max_concurrent", "reported"} & set(got.keys):
        out.add(
            "MAP007",
            "a limit needs `requests`, `max_concurrent` or `reported`",
            got.span,
            help="`reported: true` if only responses have the numbers",
        )
        return None
    amount, seconds = got.get("requests", (None, None))
    if seconds is not None and "per_seconds" in got.keys:
        out.add("MAP010", "`per_seconds` and seconds in `requests` exclude each other", got.keys["per_seconds"])
    if amount is not None and seconds is None and "per_seconds" not in got.keys:
        out.add("MAP010", "`requests` has no effect without seconds", got.keys["requests"], help=f"such as `{amount}/60s`")
    return lambda name, span: ast.Limit(
        name=name,
        span=span,
        amount=amount,
        seconds=got.get("per_seconds", seconds),
        calls=got.get("operations", ()),
        methods=got.get("methods", ()),
        each=got.get("partition_by", ()),
        concurrent=got.get("max_concurrent"),
        reported=got.flag("reported"),
        shared=got.flag("shared"),
        costs=got.get("costs", ()),
    )


Requests: TypeAlias = tuple[int, int | None]
"""A number of requests, and the seconds in which they may be sent."""
_RATE = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})s")


class RequestsKind(Struct, frozen=True):
    """A number, or a number and seconds: `100/10s`."""

    expected: str = "a number of requests and seconds (`100/10s`), or a number of requests"

    def read(self, node: Node, out: Findings) -> Requests | None:
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            found = _RATE.fullmatch(node.text)
            if found is not None:
                return int(found[1]), int(found[2])
            refuse(node, self.expected, out)
            return None
        amount = _AMOUNT.read(node, out)
        return None if amount is None else (amount, None)

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"anyOf": [_AMOUNT.schema(definitions), {"type": "string", "pattern": f"^{_RATE.pattern}$"}]}


_AMOUNT = IntRange(1)
REQUESTS = RequestsKind()

_LIMIT: Kind[LimitDraft] = Object(
    "a limit",
    {
        "requests": Key(REQUESTS, "How many requests, and in how many seconds: `100/10s`; or a number, beside `per_seconds`."),
        "per_seconds": Key(IntRange(1), "In how many seconds."),
        "operations": Key(ListOf(WORD, "a list of operations"), "The operations of the vendor that it holds for; all if there are none."),
        "methods": Key(ListOf(OneOf(METHODS), "a list of HTTP methods"), "The HTTP methods that it holds for; all if there are none."),
        "partition_by": Key(
            ListOf(WORD, "a list of `operation`, parameters and properties of the body"),
            "What is counted for itself: each `operation`, each value of a parameter of the path or query, or of a property of the body.",
        ),
        "max_concurrent": Key(IntRange(1), "How many requests may be under way at the same time."),
        "reported": Key(Flag(only=True), "Responses report this limit: how many requests there are and how many are left."),
        "shared": Key(Flag(only=True), "All connections count together, since the limit is that of the application."),
        "costs": Key(MapOf(WORD, IntRange(1), pair, "whole numbers by operation"), "Operations that count for more than one request."),
    },
    _limit,
    needs=(Requires("per_seconds", ("requests",)), Requires("costs", ("requests",))),
)


# --------------------------------------------------------------------------------------------------------------- selection
SelectDraft = Callable[[Text, Span], ast.Select]


def _select(got: ParsedKeys, out: Findings) -> SelectDraft | None:
    styles = [style for style in ("paths", "names", "braces", "columns") if style in got.keys]
    if not styles:
        out.add("MAP007", "a selection needs a style", got.span, help=f"one of {listed(('paths', 'names', 'braces', 'columns'))}")
        return None
    if any(style not in got.values for style in styles):
        return None
    root, separator = got.plain("names"), got.plain("columns")
    return lambda name, span: ast.Select(
        input=name, style=styles[0], span=span, root=root, separator=separator, needed=got.flag("required")
    )


_SELECT: Kind[SelectDraft] = Object(
    "a selection",
    {
        "paths": Key(Flag(only=True), "Dotted paths of every value that is read: `assignee.gid,name`."),
        "names": Key(PATH, 'The first names below this location (`fields`; `"@"` is the record itself): `summary,status`.'),
        "braces": Key(Flag(only=True), "Names with what is read of them in parentheses: `items(id,start(date))`."),
        "columns": Key(TEXT, "Names joined by this text, for a query that refers to `{columns}`."),
        "required": Key(
            Flag(), "With `names`: a response holds nothing there but what it was requested, so no record is read from any other."
        ),
    },
    _select,
    exclusive=(
        MutuallyExclusive("paths", ("names", "braces", "columns"), "a selection has one style"),
        MutuallyExclusive("names", ("braces", "columns"), "a selection has one style"),
        MutuallyExclusive("braces", ("columns",), "a selection has one style"),
    ),
    needs=(Requires("required", ("names",)),),
)


# ------------------------------------------------------------------------------------------------------------------ pagination
PaginationDraft = Callable[[Text, Span], ast.Pagination]


def _pagination(got: ParsedKeys, out: Findings) -> PaginationDraft | None:
    styles = [style for style in STYLES if style in got.keys]
    if not styles:
        out.add("MAP007", "a pagination strategy needs a style", got.span, help=f"one of {listed(STYLES)}")
        return None
    style = styles[0]
    if style not in got.values:
        return None
    several: tuple[tuple[Text, ast.PathText], ...] = got.get("last_record_param") if isinstance(got.get("last_record_param"), tuple) else ()
    if several and "next_token" in got.keys:
        out.add("MAP010", "`last_record_param` with several inputs has the path for each of them", got.keys["next_token"])
        return None
    token, following = got.get("token_param", (None, None))
    if following is not None and "next_token" in got.keys:
        out.add("MAP010", "`next_token` and a path in `token_param` exclude each other", got.keys["next_token"])
        return None
    if style in ("token_param", "last_record_param") and not several and following is None and "next_token" not in got.keys:
        out.add(
            "MAP007",
            f"pagination by `{style}` needs `next_token`",
            got.keys[style],
            help=f"`next_token`: {_PAGINATION_KEYS['next_token'].summary}",
        )
        return None
    if style in ("link_header", "next_url") and not {"added_params", "allow_subpaths"} & got.keys.keys():
        out.add(
            "MAP007",
            f"pagination by `{style}` needs `added_params` or `allow_subpaths`",
            got.keys[style],
            help=f"`added_params`: {_PAGINATION_KEYS['added_params'].summary}",
        )
        return None
    first: Literal | None = got.get("start_at")
    if first is not None and style in ("offset_param", "page_param") and not (type(first.value) is int and first.value >= 0):
        out.add("MAP002", "expected a whole number, 0 or more", first.span)
        return None
    if several:
        named, following = several[0]
    else:
        named, following = token if style == "token_param" else got.values[style], got.get("next_token", following)
    size, most = got.get("page_size_param", (None, None))
    if most is not None and "max_page_size" in got.keys:
        out.add("MAP010", "`max_page_size` and a number in `page_size_param` exclude each other", got.keys["max_page_size"])
    addressed = style in ("link_header", "next_url")
    return lambda name, span: ast.Pagination(
        name=name,
        style=STYLES[style],
        span=span,
        send=None if addressed else named,
        next=following if not addressed else got.get("next_url"),
        beside=several[1:],
        size=size,
        most=got.get("max_page_size", most),
        total=got.get("total"),
        until=got.get("last_page_if"),
        more=got.get("more_if"),
        first=first.value if first is not None and isinstance(first.value, int) else 0,
        first_token=first if style == "token_param" else None,
        within=got.get("max_records"),
        call=got.get("operation"),
        adds=tuple(got.get("added_params", ())),
        below=bool(got.get("allow_subpaths", False)),
    )


def _with_value(value: Kind[T], expected: str) -> Kind[tuple[Text, T | None]]:
    """Return an input, or one input and a value."""
    return Choice(
        f"an input, or {expected}",
        scalar=Transform(INPUT, lambda name, span, out: (name, None)),
        mapping=Transform(MapOf(INPUT, value, pair, expected, most=1), lambda found, span, out: found[0] if found else None),
    )


_PAGINATION_KEYS = {
    "token_param": Key(
        _with_value(PATH, "an input and the path of the next token"),
        "The input for the token that `next_token` held; or that input and the path: `{cursor: meta.next}`.",
    ),
    "offset_param": Key(INPUT, "The input for the number of records to skip."),
    "page_param": Key(INPUT, "The input for the number of the page."),
    "last_record_param": Key(
        Choice("an input, or paths by input", scalar=INPUT, mapping=MapOf(INPUT, PATH, pair, "paths by input")),
        "The input for `next_token` of the last record; or several inputs, each with its path in the last record.",
    ),
    "link_header": Key(OneOf(("next",)), "`next`: the `Link` header's `rel=next` holds the next page's address."),
    "next_url": Key(PATH, "Where the response holds the next page's address."),
    "added_params": Key(
        ListOf(INPUT, "a list of query parameters"),
        "The query parameters that the next page's address may have beside the list's own, such as `page`. All others are left out.",
    ),
    "allow_subpaths": Key(
        Flag(), "Whether the next page's address may have a path below the list's; without it, the path is the list's own."
    ),
    "next_token": Key(PATH, "Where the response holds the token of the next page; with `last_record_param`, where a record holds it."),
    "page_size_param": Key(
        _with_value(IntRange(1), "an input and the largest page size"),
        "The input for the page size; or that input and the largest size that the vendor accepts: `{limit: 100}`.",
    ),
    "max_page_size": Key(IntRange(1), "The largest page size the vendor accepts."),
    "total": Key(PATH, "Where the response holds how many records there are."),
    "last_page_if": Key(PATH, "Predicate of the response of the last page."),
    "more_if": Key(PATH, "Predicate of a response that another page follows."),
    "max_records": Key(
        IntRange(1),
        "The most records of a list that the vendor returns; requesting more is an error that states it, never a silent end.",
    ),
    "operation": Key(WORD, "The operation of further pages, if it is another one: its only input is the token."),
    "start_at": Key(
        AnyValue(scalar=True),
        "The number of the first page, or the first offset, 0 by default; with `token_param`, the token of the first page, such as `*`.",
    ),
}

PAGINATION: Kind[PaginationDraft] = Object(
    "a pagination strategy",
    _PAGINATION_KEYS,
    _pagination,
    exclusive=(
        *(
            MutuallyExclusive(style, tuple(STYLES)[number + 1 :], "a pagination strategy has one style")
            for number, style in enumerate(tuple(STYLES)[:-1])
        ),
        MutuallyExclusive(
            "next_token",
            ("offset_param", "page_param", "link_header", "next_url"),
            "only `token_param` and `last_record_param` use `next_token`",
        ),
        MutuallyExclusive(
            "max_records",
            ("page_param", "last_record_param", "link_header", "next_url"),
            "only a `token_param` or an `offset_param` that counts records has the position in a list",
        ),
        MutuallyExclusive(
            "operation",
            ("offset_param", "page_param", "last_record_param", "link_header", "next_url"),
            "only a `token_param` identifies the list",
        ),
        MutuallyExclusive(
            "start_at",
            ("last_record_param", "link_header", "next_url"),
            "only offsets, pages and tokens have a first value",
        ),
        MutuallyExclusive(
            "added_params",
            ("token_param", "offset_param", "page_param", "last_record_param"),
            "only `link_header` and `next_url` follow an address",
        ),
        MutuallyExclusive(
            "allow_subpaths",
            ("token_param", "offset_param", "page_param", "last_record_param"),
            "only `link_header` and `next_url` follow an address",
        ),
    ),
    needs=(Requires("max_page_size", ("page_size_param",)), Requires("max_records", ("total",))),
)


# ------------------------------------------------------------------------------------------------------------------ errors
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
        failed=got.get("failed_if"),
        message=got.get("message"),
        code=got.get("code", ()),
        fields=location,
        fields_below=below,
        fields_are=form,
        kinds=got.get("types", ()),
        text=got.flag("plain_text"),
    )


_PATHS: Kind[tuple[ast.PathText, ...]] = Choice(
    "a path or a list of them", scalar=Transform(PATH, lambda path, span, out: (path,)), sequence=ListOf(PATH, "a list of paths")
)

_ERRORS: Kind[ast.Errors] = Object(
    "`errors`",
    {
        "failed_if": Key(PREDICATE, "Predicate of a failed response with status 200."),
        "message": Key(PATH, "Where the response holds what went wrong, in words."),
        "code": Key(_PATHS, "Where the response holds the vendor's code of the error; of several locations, the first that holds one."),
        "fields": Key(_FIELD_ERRORS, "Where the response lists the invalid fields; callers read them under their unified names."),
        "types": Key(
            MapOf(OneOf(ERROR_KINDS), _CODES, pair, "codes by error"),
            f"Which of the vendor's codes mean which error: {', '.join(ERROR_KINDS)}. `*` in a code represents anything.",
        ),
        "plain_text": Key(Flag(), "Errors are plain text: all of it is the message."),
    },
    _errors,
    needs=(Requires("types", ("code",)),),
)


# ------------------------------------------------------------------------------------------------------------------ hosts
class Address(Struct, frozen=True):
    """An address of HTTPS: scheme and host, with a path if one is allowed, and `*.` before a domain to include any host below it."""

    expected: str
    pattern: str

    def read(self, node: Node, out: Findings) -> Text | None:
        text = WORD.read(node, out)
        if text is not None and not re.fullmatch(self.pattern, text.value):
            out.add("MAP002", f"expected {self.expected}", text.span)
            return None
        return text

    def schema(self, definitions: Definitions) -> dict[str, Json]:
        return {"type": "string", "pattern": f"^{self.pattern}$"}


_DOMAIN = r"[a-z0-9-]+(\.[a-z0-9-]+)+"
HOST = Address("the address of a server: `https://content.example.com/2`", rf"https://{_DOMAIN}(/[A-Za-z0-9._~/-]*)?")
ADDRESS = Address("a host: `https://files.example.com` or `https://*.example.com`", rf"https://(\*\.)?{_DOMAIN}")


# ------------------------------------------------------------------------------------------------------------------ vendor
def _vendor(got: ParsedKeys, out: Findings) -> Callable[[Text], ast.Vendor]:
    select: tuple[ast.Select, ...] = got.get("select", ())
    pagination: tuple[ast.Pagination, ...] = got.get("pagination", ())
    _headers(got, out)
    if "oauth" in got.values:
        check_references(got.values["oauth"], {value.name.value: value for value in got.get("connection", ())}, out)
    return lambda name: ast.Vendor(
        name=name,
        title=got.plain("name") or name.value,
        span=got.span,
        draft=got.flag("draft"),
        documentation=got.plain("documentation"),
        servers=got.get("base_url", ()),
        connection=got.get("connection", ()),
        auth=got.get("security", ()),
        headers=got.get("headers", ()),
        envelope=got.get("envelope"),
        set=got.get("constants", ()),
        select=select[0] if select else None,
        pagination=pagination,
        errors=got.get("errors"),
        encode=got.plain("body_encoding"),
        clear=got.get("clear"),
        query=got.get("query"),
        items=got.get("items"),
        fields=got.get("fields", ()),
        limits=got.get("rate_limits", ()),
        batches=got.get("batches", ()),
        oauth=got.get("oauth"),
        hosts=got.get("api_hosts", ()),
        addresses=got.get("transfer_hosts", ()),
        arguments=got.get("arguments_header"),
        webhooks=got.get("webhooks"),
        allow=got.get("allow", ()),
    )


def _headers(got: ParsedKeys, out: Findings) -> None:
    """Report references in a header to anything other than the origin of the address or a value of every connection of this vendor."""
    known = ["origin", *(f"connection.{value.name.value}" for value in got.get("connection", ()))]
    for _, text in got.get("headers", ()):
        for found in re.finditer(r"\{([^{}]*)\}", text.value):
            if found[1] not in known:
                at = text.span.part(found.start() + 1, len(found[1]))
                out.add("MAP003", f"a header cannot refer to `{found[1]}`", at, help=did_you_mean(found[1], known))


ALLOW = Key(
    MapOf(ACCEPTED, REASON, pair, "reasons by code"),
    "Findings that are accepted here: a code, or a code and its subject (`MAP102 getIssue`), and the reason.",
)

VENDOR: Object[Callable[[Text], ast.Vendor]] = Object(
    "a vendor",
    {
        "name": Key(TEXT, "The vendor's name as people write it.", required=True),
        "draft": Key(Flag(), "Checked and compiled, not yet tested: no part of what is shipped."),
        "documentation": Key(TEXT, "The address of the vendor's own documentation."),
        "base_url": Key(
            Choice(
                "an address, or addresses by security scheme",
                scalar=Transform(TEMPLATE, lambda text, span, out: ((Text("default", span), text),)),
                mapping=MapOf(WORD, TEMPLATE, pair, "addresses by security scheme"),
            ),
            "The address of the API, or addresses by security scheme, or `default`: text with `{connection.x}`.",
        ),
        "connection": Key(
            MapOf(NAME, _CONNECTION, lambda name, draft, span: draft(name, span), "values by name"),
            "Values of a connection other than credentials; referred to as `connection.<name>`.",
        ),
        "security": Key(
            MapOf(WORD, _SCHEME, lambda name, draft, span: draft(name, span), "schemes by name"),
            "Security schemes that the vendor's document lacks or has wrong.",
        ),
        "oauth": Key(OAUTH, "How users connect by OAuth 2, or why they cannot."),
        "headers": Key(
            MapOf(WORD, TEMPLATE, pair, "headers by name"),
            "Headers of every request: text with `{connection.x}`, or `{origin}`, the scheme and host of the address (RFC 6454).",
        ),
        "envelope": Key(WORD, "The one name around every body and response, such as `data`."),
        "constants": Key(LITERALS, "Literals by input, for every call that has the input and does not fill it itself."),
        "select": Key(
            MapOf(INPUT, _SELECT, lambda name, draft, span: draft(name, span), "one input and its style", most=1),
            "The input that selects the fields of the response; its value is derived from the fields that are read.",
        ),
        "pagination": Key(
            MapOf(NAME, PAGINATION, lambda name, draft, span: draft(name, span), "pagination strategies by name", needs="default"),
            "Ways to request the next page. One is named `default`; a step may name another, or `none`.",
        ),
        "batches": Key(WAYS, "Ways of sending several requests as one, by name; mappings declare the requests of each."),
        "errors": Key(_ERRORS, "Where the vendor's errors hold what a caller needs."),
        "body_encoding": Key(
            OneOf(ENCODINGS), "How bodies are sent, if the document does not declare it: `form-json` is JSON inside form fields."
        ),
        "clear": Key(AnyValue(scalar=True), "Value sent for `None` in every field; a field can override it."),
        "query": Key(VENDOR_QUERY, "The input and the language of queries that name neither: `{jql: jql}`."),
        "items": Key(PATH, "The path of the records in the responses of lists, for steps without `items`."),
        "fields": Key(FIELDS, "Fields of each mapping whose model has them, and that neither maps nor lacks them itself."),
        "rate_limits": Key(
            MapOf(WORD, _LIMIT, lambda name, draft, span: draft(name, span), "limits by name"),
            "Documented rate limits, by the name of the group of operations they hold for.",
        ),
        "api_hosts": Key(
            MapOf(NAME, HOST, pair, "addresses by name"),
            "Other servers of operations in the vendor's document. The credential is sent there.",
        ),
        "transfer_hosts": Key(
            ListOf(ADDRESS, "hosts"),
            "Hosts that returns may lead to, for upload sessions and downloads: `https://host`, or `https://*.domain`. The credential "
            "does not go there.",
        ),
        "webhooks": Key(WEBHOOKS, "The vendor's webhooks."),
        "arguments_header": Key(WORD, "The header that holds a call's arguments as JSON, where the body is a content."),
        "allow": ALLOW,
    },
    _vendor,
    instead={
        "servers": "`base_url`",
        "auth": "`security`",
        "paging": "`pagination`",
        "limits": "`rate_limits`",
        "title": "`name`",
        "encode": "`body_encoding`",
    },
)
