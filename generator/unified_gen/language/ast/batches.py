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

    `query` are locations by parameter of the query, if the address does not hold it. `below` is the only name in the request's body, if the
    item holds only the part of the body below it.
    """

    span: Span
    method: PathText
    path: PathText | None = None
    url: PathText | None = None
    query: tuple[tuple[Text, PathText], ...] = ()
    headers: PathText | None = None
    body: PathText | None = None
    below: Text | None = None


class BatchWay(Struct, frozen=True, kw_only=True):
    """A vendor's format of batch requests: the contents of an item, and the outcome of each item in the response.

    `items` is the input that accepts the list, at most `most` of them; `each` holds constants of all items, `mark` the location of
    their number. `results` is the location of the outcomes in the response, and `result` the location in an outcome of the value that the
    single request would have returned. `match` pairs locations of a result and of an item; without it they are in the same order. A result
    failed if `done` is not true; or `errors` lists the failures, and `blames` pairs their locations with those of an item. `error` is the
    location in a failure of the single request's response, `status` of its HTTP status. A failure with one of the codes `alone` is less
    specific than the single request's response. If an item `wraps` a complete request, a result has the `status` and `headers` of its
    response.
    """

    name: Text
    span: Span
    most: int
    items: Text
    each: tuple[tuple[PathText, Literal], ...] = ()
    mark: PathText | None = None
    set: tuple[tuple[Text, Literal], ...] = ()
    results: PathText | None = None
    result: PathText | None = None
    match: tuple[tuple[PathText, PathText], ...] = ()
    done: PathText | None = None
    errors: PathText | None = None
    blames: tuple[tuple[PathText, PathText], ...] = ()
    error: PathText | None = None
    status: PathText | None = None
    single: tuple[str, ...] = ()
    wraps: ItemRequest | None = None
    headers: PathText | None = None


class Batch(Struct, frozen=True, kw_only=True):
    """The batch operation for one operation of the vendor, and the locations of its requests' parts in an item.

    `places` are the locations in an item by the inputs that fill them, `once` inputs of the batch that all its requests have in common.
    `body` is the location of a request's body in its item; without it, the body is the item. `each` holds constants of all items, for any
    request. Requests whose inputs do not match `only` are sent separately.
    """

    of: Text
    call: Text
    span: Span
    way: Text | None = None
    locations: tuple[tuple[PathText, Text], ...] = ()
    once: Pairs = ()
    body: PathText | None = None
    set: tuple[tuple[Text, Literal], ...] = ()
    each: tuple[tuple[PathText, Literal], ...] = ()
    only: Pairs = ()
