"""Syntax tree of `batches`, in a vendor's file and in a mapping: requests to one operation that travel as one."""

from __future__ import annotations

from msgspec import Struct

from unified_gen.language.ast.paths import PathText
from unified_openapi.source.spans import Literal, Span, Text

NUMBER = "#"
"""Placeholder for the number of an item in its batch, from 0."""

Pairs = tuple[tuple[Text, Text], ...]


class ItemRequest(Struct, frozen=True, kw_only=True):
    """Paths in an item that holds a complete request: its method, its `path` or its `url` (path and query), its headers and its body.

    `query` are locations by parameter of the query, if the address does not hold it. `body_root` is the only name in the request's body, if
    the item holds only the part of the body below it.
    """

    span: Span
    method: PathText
    path: PathText | None = None
    url: PathText | None = None
    query: tuple[tuple[Text, PathText], ...] = ()
    headers: PathText | None = None
    body: PathText | None = None
    body_root: Text | None = None


class BatchStrategy(Struct, frozen=True, kw_only=True):
    """A vendor's format of batch requests: the contents of an item, and the outcome of each item in the response.

    `items` is the input that accepts the list, at most `max_items` of them; `item_constants` holds constants of all items, `item_id` the
    location of their number. `results` is the location of the outcomes in the response, and `result` the location in an outcome of the
    value that the single request would have returned. `match` pairs locations of a result and of an item; without it they are in the same
    order. A result failed if `done_if` is not true; or `errors` lists the failures, and `failed_items` pairs their locations with those of
    an item. `error` is the location in a failure of the single request's response, `status` of its HTTP status. A failure with one of the
    `resend_codes` is less specific than the single request's response. If an item is a complete request (`item_request`), a result has the
    `status` and `headers` of its response.
    """

    name: Text
    span: Span
    max_items: int
    items: Text
    item_constants: tuple[tuple[PathText, Literal], ...] = ()
    item_id: PathText | None = None
    constants: tuple[tuple[Text, Literal], ...] = ()
    results: PathText | None = None
    result: PathText | None = None
    match: tuple[tuple[PathText, PathText], ...] = ()
    done_if: PathText | None = None
    errors: PathText | None = None
    failed_items: tuple[tuple[PathText, PathText], ...] = ()
    error: PathText | None = None
    status: PathText | None = None
    resend_codes: tuple[str, ...] = ()
    item_request: ItemRequest | None = None
    headers: PathText | None = None


class Batch(Struct, frozen=True, kw_only=True):
    """The batch operation for one operation of the vendor, and the locations of its requests' parts in an item.

    `item_params` are the locations in an item with the inputs that fill them, `shared_params` inputs of the batch that all its requests
    have in common. `body` is the location of a request's body in its item; without it, the body is the item. `item_constants` holds
    constants of all items, for any request. Requests whose inputs do not match `only_matching` are sent separately.
    """

    single: Text
    operation: Text
    span: Span
    strategy: Text | None = None
    item_params: tuple[tuple[PathText, Text], ...] = ()
    shared_params: Pairs = ()
    body: PathText | None = None
    constants: tuple[tuple[Text, Literal], ...] = ()
    item_constants: tuple[tuple[PathText, Literal], ...] = ()
    only_matching: Pairs = ()
