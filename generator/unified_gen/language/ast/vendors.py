"""Syntax tree of `mappings/vendors/<vendor>/vendor.yaml`: servers, credentials, pagination, errors and limits of a vendor."""

from __future__ import annotations

from msgspec import Struct

from unified_gen.language.ast.batches import BatchStrategy
from unified_gen.language.ast.fields import Field
from unified_gen.language.ast.models import Type
from unified_gen.language.ast.oauth import OAuth
from unified_gen.language.ast.paths import PathsText, PathText, PredicateText
from unified_gen.language.ast.webhooks import Webhooks
from unified_openapi.source.spans import Literal, Span, Text


class ConnectionValue(Struct, frozen=True, kw_only=True):
    """A value of the connection that servers, steps and links may refer to as `connection.<name>`."""

    name: Text
    summary: str
    span: Span
    required: bool = True
    pattern: str | None = None
    default: str | None = None
    """Value in the addresses of OAuth of a connection that does not have it."""
    type: Type = Type("text")
    """Text, an integer, a boolean or an enum; a connection holds any of them as text."""


class Scheme(Struct, frozen=True, kw_only=True):
    """Security scheme that the vendor's document lacks or has wrong.

    `type` is basic, bearer, api_key or oauth2. An API key is sent `in` a header or the query, under `name`, with an optional
    `prefix` (`Bot `).
    """

    name: Text
    type: str
    span: Span
    parameters: tuple[tuple[str, str, str, str], ...] = ()
    """For api_key: (secret, in, name, prefix) for each key sent together."""


class Select(Struct, frozen=True, kw_only=True):
    """An input that selects the fields of the response, derived from what is read.

    `style` is paths (dotted leaves), names (the first segment below `root`), braces (`items(id)`), or columns (names
    joined by `separator`, for a query that refers to `{columns}`).
    """

    input: Text
    style: str
    span: Span
    root: str | None = None
    separator: str | None = None
    required: bool = False
    """True if a response holds nothing below `root` other than the requested fields."""
    hidden_code: str | None = None
    """Code of the error for a request that names a field which the account hides."""


class Pagination(Struct, frozen=True, kw_only=True):
    """A way to request the next page.

    `style` is token (send the value of `next`), offset (count records), page (count pages), link (the Link header's
    `rel=next`), url (the URL that `next` holds) or last (send the last record's `next`, and its values `further` it).
    """

    name: Text
    style: str
    span: Span
    param: Text | None = None
    next: PathText | None = None
    further: tuple[tuple[Text, PathText], ...] = ()
    """Further inputs, and the locations of their values in the last record."""
    clause: Text | None = None
    """For the style last: the clause of a query that holds the cursor, in place of an input."""
    page_size_param: Text | None = None
    max_page_size: int | None = None
    total: PathText | None = None
    last_page_if: PathText | None = None
    more_if: PathText | None = None
    start_at: int = 0
    start_token: Literal | None = None
    """The token of the first page; None if that is requested without one."""
    max_records: int | None = None
    """The vendor gives no more than this many records of a list, however many there are."""
    operation: Text | None = None
    """The operation that returns further pages, if it is another one."""
    lowest: bool = False
    """True if the next page begins behind the record with the lowest value, wherever it is; a page that is not full is the last."""
    added_params: tuple[Text, ...] = ()
    """The query parameters that a followed address may have beside those of the list."""
    allow_subpaths: bool = False
    """True if a followed address may have a path below the list's."""


class Errors(Struct, frozen=True, kw_only=True):
    """Paths in the vendor's error responses."""

    span: Span
    failed_if: PredicateText | None = None
    message: tuple[PathsText, ...] = ()
    """Texts with paths; the first whose paths all hold something counts."""
    code: tuple[PathsText, ...] = ()
    """Paths of the code, or texts with paths; the first whose paths all hold something counts."""
    fields: PathText | None = None
    fields_prefix: str | None = None
    fields_form: str = "map"
    """map (name to message), names (a list of names), text (messages that begin with the name)."""
    types: tuple[tuple[Text, tuple[str, ...]], ...] = ()
    hints: tuple[tuple[Text, Text], ...] = ()
    """Advice by code of an error."""
    plain_text: bool = False
    payload: Errors | None = None
    """For GraphQL: errors in the values of mutations, with paths from that value on."""


class Limit(Struct, frozen=True, kw_only=True):
    """A rate limit for the group of operations named `name`: `requests` per `per_seconds`, None if only responses state it.

    It holds for `operations`, by `methods` if they are given, and is counted for each value of `partition_by` (operation, parameters).
    `costs` lists the operations that count for more than one request.
    """

    name: Text
    span: Span
    requests: int | None = None
    per_seconds: int | None = None
    operations: tuple[Text, ...] = ()
    methods: tuple[Text, ...] = ()
    partition_by: tuple[Text, ...] = ()
    max_concurrent: int | None = None
    reported: bool = False
    shared: bool = False
    costs: tuple[tuple[Text, int], ...] = ()


class Vendor(Struct, frozen=True, kw_only=True):
    """Declaration of a vendor."""

    name: Text
    title: str
    span: Span
    draft: bool = False
    """True if the mapping is checked and compiled, but not tested yet and not shipped."""
    documentation: str | None = None
    base_url: tuple[tuple[Text, Text], ...] = ()
    connection: tuple[ConnectionValue, ...] = ()
    security: tuple[Scheme, ...] = ()
    headers: tuple[tuple[Text, Text], ...] = ()
    envelope: Text | None = None
    constants: tuple[tuple[Text, Literal], ...] = ()
    """Literals of every call that has the input and does not set it itself."""
    select: Select | None = None
    pagination: tuple[Pagination, ...] = ()
    """In order; one is named `default`."""
    errors: Errors | None = None
    body_encoding: str | None = None
    """form, json or form-json; None leaves it to the document."""
    clear: Literal | None = None
    query: tuple[Text, Text] | None = None
    """The input and the language of queries that name neither."""
    items: PathText | None = None
    """The path of the records in the response of a list whose step has none."""
    fields: tuple[Field, ...] = ()
    """Fields of each mapping whose model has them and that does not map them itself."""
    rate_limits: tuple[Limit, ...] = ()
    batches: tuple[BatchStrategy, ...] = ()
    oauth: OAuth | None = None
    api_hosts: tuple[tuple[Text, Text], ...] = ()
    """Other servers that operations are on, by name. The credential goes there."""
    transfer_hosts: tuple[Text, ...] = ()
    """Hosts that responses may link to, to which the credential is not sent."""
    arguments_header: Text | None = None
    """The header that holds the arguments of calls whose body is a content, as JSON."""
    webhooks: Webhooks | None = None
    allow: tuple[tuple[Text, Text], ...] = ()
    """Diagnostics that are accepted in this vendor's files: code (or `code subject`) and the reason."""
