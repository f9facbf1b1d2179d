"""How a vendor is reached, as `mappings/vendors/<vendor>/vendor.yaml` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from unified_gen.language.ast.batches import BatchWay
from unified_gen.source import Literal, Span, Text

if TYPE_CHECKING:
    from unified_gen.language.oauth import OAuth
    from unified_gen.language.webhooks import Webhooks


class ConnectionValue(Struct, frozen=True, kw_only=True):
    """A value of the connection that servers, steps and links may refer to as `connection.<name>`."""

    name: Text
    summary: str
    span: Span
    required: bool = True
    pattern: str | None = None


class Scheme(Struct, frozen=True, kw_only=True):
    """How a credential is sent, where the vendor's document lacks it or has it wrong.

    `type` is basic, bearer, api_key or oauth2. An API key names what it is sent `in` (header or query) and under
    which `name`, with an optional `prefix` (`Bot `).
    """

    name: Text
    type: str
    span: Span
    parameters: tuple[tuple[str, str, str, str], ...] = ()
    """For api_key: (secret, in, name, prefix) for each key sent together."""


class Select(Struct, frozen=True, kw_only=True):
    """An input that says which fields the answer shall hold, derived from what is read.

    `style` is paths (dotted leaves), names (the first segment below `root`), braces (`items(id)`), or columns (names
    joined by `separator`, for a query that refers to `{columns}`).
    """

    input: Text
    style: str
    span: Span
    root: str | None = None
    separator: str | None = None
    needed: bool = False
    """An answer holds nothing below `root` but what it was asked for."""


class Paging(Struct, frozen=True, kw_only=True):
    """A way to ask for the next page.

    `style` is token (send what `next` held), offset (count records), page (count pages), link (the Link header's
    `rel=next`), url (the URL that `next` holds) or last (send the last record's `next`, and what stands `beside` it).
    """

    name: Text
    style: str
    span: Span
    send: Text | None = None
    next: Text | None = None
    beside: tuple[tuple[Text, Text], ...] = ()
    """Further inputs, and where the last record holds what they take."""
    size: Text | None = None
    most: int | None = None
    total: Text | None = None
    until: Text | None = None
    more: Text | None = None
    first: int = 0
    within: int | None = None
    """The vendor gives no more than this many records of a list, however many there are."""
    call: Text | None = None
    """The operation that gives further pages, where it is another one."""


class Errors(Struct, frozen=True, kw_only=True):
    """Where the vendor's errors hold what a caller needs."""

    span: Span
    failed: Text | None = None
    message: Text | None = None
    code: tuple[Text, ...] = ()
    """Where it stands; of several places, the first that holds one."""
    fields: Text | None = None
    fields_below: str | None = None
    fields_are: str = "map"
    """map (name to message), names (a list of names), text (messages that begin with the name)."""
    kinds: tuple[tuple[Text, tuple[str, ...]], ...] = ()
    text: bool = False


class Limit(Struct, frozen=True, kw_only=True):
    """A rate limit for the group of operations named `name`: `amount` requests per `seconds`, None where only answers tell.

    It holds for `calls`, by `methods` where they are given, and is counted for `each` operation and value of a path parameter. `costs`
    says which operations count for more than one request.
    """

    name: Text
    span: Span
    amount: int | None = None
    seconds: int | None = None
    calls: tuple[Text, ...] = ()
    methods: tuple[Text, ...] = ()
    each: tuple[Text, ...] = ()
    concurrent: int | None = None
    told: bool = False
    shared: bool = False
    costs: tuple[tuple[Text, int], ...] = ()


class Vendor(Struct, frozen=True, kw_only=True):
    """How a vendor is reached."""

    name: Text
    title: str
    span: Span
    draft: bool = False
    """Checked and compiled, not yet tested: no part of what is shipped."""
    documentation: str | None = None
    servers: tuple[tuple[Text, Text], ...] = ()
    connection: tuple[ConnectionValue, ...] = ()
    auth: tuple[Scheme, ...] = ()
    headers: tuple[tuple[Text, Text], ...] = ()
    envelope: Text | None = None
    set: tuple[tuple[Text, Literal], ...] = ()
    """Literals of every call that has the input and does not set it itself."""
    select: Select | None = None
    paging: tuple[Paging, ...] = ()
    """In order; one is named `default`."""
    errors: Errors | None = None
    encode: str | None = None
    """form, json or form-json; None leaves it to the document."""
    clear: Literal | None = None
    limits: tuple[Limit, ...] = ()
    batches: tuple[BatchWay, ...] = ()
    oauth: OAuth | None = None
    hosts: tuple[tuple[Text, Text], ...] = ()
    """Other servers that operations stand on, by name. The credential goes there."""
    addresses: tuple[Text, ...] = ()
    """Hosts that answers may lead to, where the credential does not go."""
    arguments: Text | None = None
    """The header that holds the arguments of calls whose body is a content, as JSON."""
    webhooks: Webhooks | None = None
    allow: tuple[tuple[Text, Text], ...] = ()
    """Diagnostics that are accepted in this vendor's files: code (or `code subject`) and the reason."""
