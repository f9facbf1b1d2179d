"""How requests to one of a vendor's operations are folded into one: `batches` of a vendor and of a mapping."""

from __future__ import annotations

from msgspec import Struct

from unified_gen.source import Literal, Span, Text

NUMBER = "#"
"""Stands for the number of an item in its batch, from 0."""

Pairs = tuple[tuple[Text, Text], ...]


class Wraps(Struct, frozen=True, kw_only=True):
    """How an item holds a whole request: the places of its method, its `path` or its `url` (path and query), its headers and its body.

    `query` are places by parameter of the query, where the address has none. `below` is the only name in the body of which what stands
    below it goes there.
    """

    span: Span
    method: Text
    path: Text | None = None
    url: Text | None = None
    query: Pairs = ()
    headers: Text | None = None
    body: Text | None = None
    below: Text | None = None


class BatchWay(Struct, frozen=True, kw_only=True):
    """A way in which the vendor takes many at once: what its batch requests hold and how their answers tell what became of each.

    `items` is the input that takes the list, at most `most` of them; `each` is what items hold that do not say it, `mark` the place of
    their number. `results` is where the answer lists what became of them, and `result` where one of those holds what the single request
    would have been answered. `match` pairs places of a result and of an item; without it they stand in the same order. A result failed
    where `done` is not true; or `errors` lists the failures, and `blames` pairs their places with those of an item. `error` is where a
    failure holds what the single request's answer would, `status` its HTTP status. A failure of one of the codes `alone` says less than
    the single request's answer does. Where an item `wraps` a whole request, a result has the `status` and `headers` of its answer.
    """

    name: Text
    span: Span
    most: int
    items: Text
    each: tuple[tuple[Text, Literal], ...] = ()
    mark: Text | None = None
    set: tuple[tuple[Text, Literal], ...] = ()
    results: Text | None = None
    result: Text | None = None
    match: Pairs = ()
    done: Text | None = None
    errors: Text | None = None
    blames: Pairs = ()
    error: Text | None = None
    status: Text | None = None
    alone: tuple[str, ...] = ()
    wraps: Wraps | None = None
    headers: Text | None = None


class Batch(Struct, frozen=True, kw_only=True):
    """The batch operation for one operation of the vendor, and what of its requests goes where.

    `places` are those of an item by the inputs that fill them, `once` inputs of the batch that all its requests have in common. `body` is
    where a request's body stands in its item; without it, it is the item. `each` is what all items hold, whatever their requests do.
    Requests whose inputs `only` does not fit go by themselves.
    """

    of: Text
    call: Text
    span: Span
    way: Text | None = None
    places: Pairs = ()
    once: Pairs = ()
    body: Text | None = None
    set: tuple[tuple[Text, Literal], ...] = ()
    each: tuple[tuple[Text, Literal], ...] = ()
    only: Pairs = ()
