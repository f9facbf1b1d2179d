"""Grammar of `mappings/vendors/<vendor>/vendor.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from unified_gen.diagnostics.suggestions import did_you_mean, listed
from unified_gen.language import ast
from unified_gen.language.batches import WAYS
from unified_gen.language.bindings import LITERALS, TEXTS, pair
from unified_gen.language.errors import ERRORS
from unified_gen.language.fields import FIELDS
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import AnyValue, Choice, Definitions, Flag, Kind, ListOf, MapOf, OneOf, Transform
from unified_gen.language.oauth import OAUTH, check_references
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys, Requires
from unified_gen.language.pagination import PAGINATION
from unified_gen.language.queries import VENDOR_QUERY
from unified_gen.language.rate_limits import LIMIT
from unified_gen.language.strings import ACCEPTED, INPUT, NAME, PATH, REASON, REGULAR, TEMPLATE, TEXT, WORD
from unified_gen.language.webhooks import WEBHOOKS
from unified_openapi.source.nodes import Node
from unified_openapi.source.spans import Json, Span, Text

ENCODINGS = ("form", "json", "form-json")


# ------------------------------------------------------------------------------------------------- connection, auth
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
            default=got.plain("default"),
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
            "default": Key(TEXT, "Its value in the addresses of `oauth`, for connections that do not have it; with `required: false`."),
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
        input=name,
        style=styles[0],
        span=span,
        root=root,
        separator=separator,
        required=got.flag("required"),
        hidden_code=got.plain("hidden_code"),
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
        "hidden_code": Key(
            TEXT,
            "Code of the error for a request that names a field which the account hides: a record is then read without the input, and so "
            "with all fields that it has.",
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
HOST = Address(
    "the address of a server: `https://content.example.com/2`, or `/`, the root of the connection's own",
    rf"(https://{_DOMAIN}(/[A-Za-z0-9._~/-]*)?|/)",
)
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
        base_url=got.get("base_url", ()),
        connection=got.get("connection", ()),
        security=got.get("security", ()),
        headers=got.get("headers", ()),
        envelope=got.get("envelope"),
        constants=got.get("constants", ()),
        select=select[0] if select else None,
        pagination=pagination,
        errors=got.get("errors"),
        body_encoding=got.plain("body_encoding"),
        clear=got.get("clear"),
        query=got.get("query"),
        items=got.get("items"),
        fields=got.get("fields", ()),
        rate_limits=got.get("rate_limits", ()),
        batches=got.get("batches", ()),
        oauth=got.get("oauth"),
        api_hosts=got.get("api_hosts", ()),
        transfer_hosts=got.get("transfer_hosts", ()),
        arguments_header=got.get("arguments_header"),
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
                sequence=Transform(
                    ListOf(TEMPLATE, "addresses"), lambda texts, span, out: tuple((Text("default", span), text) for text in texts)
                ),
                mapping=Transform(
                    MapOf(WORD, TEXTS, pair, "addresses by security scheme"),
                    lambda found, span, out: tuple((scheme, text) for scheme, texts in found for text in texts),
                ),
            ),
            "The address of the API, or addresses by security scheme, or `default`: text with `{connection.x}`. Of a list, the first whose "
            "values the connection has.",
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
            MapOf(WORD, WORD, pair, "headers by name"),
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
        "errors": Key(ERRORS, "Where the vendor's errors hold what a caller needs."),
        "body_encoding": Key(
            OneOf(ENCODINGS), "How bodies are sent, if the document does not declare it: `form-json` is JSON inside form fields."
        ),
        "clear": Key(AnyValue(scalar=True), "Value sent for `None` in every field; a field can override it."),
        "query": Key(VENDOR_QUERY, "The input and the language of queries that name neither: `{jql: jql}`."),
        "items": Key(PATH, "The path of the records in the responses of lists, for steps without `items`."),
        "fields": Key(FIELDS, "Fields of each mapping whose model has them, and that neither maps nor lacks them itself."),
        "rate_limits": Key(
            MapOf(WORD, LIMIT, lambda name, draft, span: draft(name, span), "limits by name"),
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
