"""A vendor's batch operation: how requests to one endpoint are folded into one, and its answer is taken apart again.

What an item's part of the answer comes to is put in the form of the answer that its own request would have had, so that adapters read
both alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from unified_runtime.encoding import query_text
from unified_runtime.messages import Request, Response
from unified_runtime.steps import Endpoint

Where: TypeAlias = tuple[str, ...]
"""A place in JSON, by the names that lead there."""

NUMBER: Where = ("#",)
"""Stands for the number of an item in its batch, from 0."""

_REFUSED = frozenset({400, 404, 405, 409, 410, 412, 413, 414, 415, 422})
"""Statuses that say that the batch was not carried out because of what it holds (RFC 9110): a smaller one may be."""

_Object = dict[str, msgspec.Raw]
_List = list[msgspec.Raw]


class Part(msgspec.Struct, frozen=True):
    """What became of one item: the answer that is read for it, which `failed` where the vendor says so.

    Without an answer, the vendor did not say. `alone`: it was not carried out in the batch, and may be by itself.
    """

    answer: Response | None = None
    failed: bool = False
    alone: bool = False


class Wraps(msgspec.Struct, frozen=True, kw_only=True):
    """How an item of a batch holds a whole request: places in the item.

    `method` takes its method (`lower`: in small letters), `address` its path below the server, with its query where that is not `apart`:
    `query` is then where each parameter goes, with whether the vendor takes a list there of what are texts joined by commas. `body` takes
    its JSON body, or what stands `below` one name in that. `headers` takes its own headers, and `constant` ones of the vendor's, which the
    vendor does not take from the batch.
    """

    method: Where
    address: Where
    lower: bool = False
    apart: bool = False
    query: tuple[tuple[str, Where, bool], ...] = ()
    body: Where | None = None
    below: str | None = None
    headers: Where | None = None
    constant: tuple[tuple[str, str], ...] = ()

    def takes(self, request: Request) -> bool:
        """Whether an item can hold all of a request."""
        whole = request.address is None and request.url is None and request.accepts is None and request.parts is None
        if not whole or request.form is not None or request.content is not None or request.transfer or request.stream:
            return False
        if self.apart and not {*(request.query or ())} <= {name for name, _, _ in self.query}:
            return False
        if request.headers and self.headers is None:
            return False
        return request.json is None or (self.body is not None and (self.below is None or [*request.json] == [self.below]))

    def item(self, request: Request) -> dict[str, Any]:
        """A request as an item."""
        item: dict[str, Any] = {}
        method, address, query = request.endpoint.method, request.target, request.query or {}
        if self.apart:
            for name, where, listed in self.query:
                value = query.get(name)
                if value is not None:
                    _put(item, where, value.split(",") if listed and isinstance(value, str) else value)
        elif text := query_text(query):
            address += f"?{text}"
        _put(item, self.method, method.lower() if self.lower else method)
        _put(item, self.address, address)
        headers = {name: value for name, value in {**dict(self.constant), **(request.headers or {})}.items() if value is not None}
        if request.json is not None:
            assert self.body is not None
            _put(item, self.body, request.json if self.below is None else request.json[self.below])
            headers = {**headers, "Content-Type": "application/json"}
        if self.headers is not None and headers:
            _put(item, self.headers, headers)
        return item


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor's batch operation for requests to one endpoint.

    The places of its request begin with body or query, those of the single requests' parameters are names of the path or the query.

    `items` is where the list of items goes, `item` what of each request goes where in its item, `body` where the request's body goes
    there (None: it has none). Each item holds `fixed` whatever its request does, `each` where that is silent, and at `mark` its number.
    `once` is what all requests of a batch have in common, with whether the vendor takes a list where the requests have texts joined by
    commas; `set` is literals. `only` is what their parameters match.

    `results` is where the answer lists what became of the items, None where it says nothing and all are done; `result` where one of them
    holds the answer of the single request. `match` pairs places of a result and of an item that hold the same; None: they stand in the
    order of the items. A result fails where `done` is false, or `errors` lists the failures, which `blames` matches. `error` is where
    a failure holds what the single request's answer would, `status` its HTTP status. One of a code that is `alone` says less than that
    answer would: its item is sent by itself.

    Where an item is a whole request (`wraps`), a result has the `status` and the `headers` that it would have been answered with.
    """

    endpoint: Endpoint
    most: int
    items: Where
    item: tuple[tuple[Where, str], ...] = ()
    body: Where | None = None
    fixed: tuple[tuple[Where, Any], ...] = ()
    each: tuple[tuple[Where, Any], ...] = ()
    mark: Where | None = None
    once: tuple[tuple[Where, str, bool], ...] = ()
    set: tuple[tuple[Where, Any], ...] = ()
    only: tuple[tuple[str, str], ...] = ()
    results: Where | None = None
    result: Where = ()
    match: tuple[tuple[Where, Where], ...] | None = None
    done: Where | None = None
    errors: Where | None = None
    blames: tuple[tuple[Where, Where], ...] = ()
    error: Where = ()
    status: Where | None = None
    alone: frozenset[str] = frozenset()
    wraps: Wraps | None = None
    headers: Where | None = None

    # ------------------------------------------------------------------------------------------------ one request of many
    def takes(self, request: Request) -> bool:
        """Whether a request can go in a batch. An id that holds a comma would be two where commas join them."""
        if self.wraps is not None:
            return self.wraps.takes(request)
        values = _parameters(request)
        if self.items[0] == "query" and "," in str(values.get(self.item[0][1])):
            return False
        return all(re.fullmatch(form, str(values.get(name))) for name, form in self.only)

    def common(self, request: Request) -> bytes:
        """What a request must share with those that it is folded with."""
        if self.wraps is not None:
            return b""
        values = _parameters(request)
        return msgspec.json.encode([[values.get(name) for _, name, _ in self.once], request.headers], enc_hook=str)

    def folded(self, requests: Sequence[Request]) -> tuple[Request, list[Any]]:
        """The batch's request, and its items."""
        items = [self._item(number, request) for number, request in enumerate(requests)]
        places: dict[str, Any] = {}
        for where, value in self.set:
            _put(places, where, value)
        shared = _parameters(requests[0])
        for where, name, listed in self.once:
            value = shared.get(name)
            if value is not None:
                _put(places, where, value.split(",") if listed and isinstance(value, str) else value)
        _put(places, self.items, ",".join(map(str, items)) if self.items[0] == "query" else items)
        path = places.get("path", {})
        request = Request(
            endpoint=self.endpoint,
            target=self.endpoint.url([path.get(name) for name in self.endpoint.names]),
            query=places.get("query"),
            headers=requests[0].headers if self.wraps is None else None,
            json=places.get("body"),
            accepts=_may_be_taken_apart,
        )
        return request, items

    def _item(self, number: int, request: Request) -> Any:
        if self.item and not self.item[0][0]:  # the items are values
            return _parameters(request).get(self.item[0][1])
        item: dict[str, Any] = {} if self.wraps is None else self.wraps.item(request)
        values = _parameters(request)
        for where, name in self.item:
            _put(item, where, values.get(name))
        for where, value in self.fixed:
            _put(item, where, value)
        if self.body == ():
            item = {**request.json, **item}
        elif self.body is not None:
            _put(item, self.body, request.json)
        if self.mark is not None:
            _put(item, self.mark, str(number))
        for where, value in self.each:
            if _inside(item, where) is None:
                _put(item, where, value)
        return item

    # ------------------------------------------------------------------------------------------------ many answers of one
    def parts(self, answer: Response, items: Sequence[Any]) -> list[Part]:
        """What became of each item."""
        succeeded = 200 <= answer.status < 300
        if succeeded and self.results is None and self.errors is None:
            return [Part(answer)] * len(items)
        found: list[Part | None] = [None] * len(items)
        try:
            if self.errors is not None:
                self._blamed(answer, items, found)
            if succeeded:
                self._resulted(answer, items, found)
        except (msgspec.DecodeError, UnicodeDecodeError):  # it broke off: each reads it, and finds it broken
            return [Part(answer) if succeeded else Part(alone=True)] * len(items)
        rest = Part() if succeeded else Part(alone=True)
        return [rest if part is None else part for part in found]

    def _blamed(self, answer: Response, items: Sequence[Any], found: list[Part | None]) -> None:
        assert self.errors is not None
        for failure in _list(answer.body, self.errors):
            blamed = self._those(failure, self.blames, items)
            for there, _ in self.blames:  # whom it is about is no part of what is wrong
                failure = _without(failure, there)
            for number in blamed:
                found[number] = self._failure(answer, failure)

    def _resulted(self, answer: Response, items: Sequence[Any], found: list[Part | None]) -> None:
        if self.results is None:
            found[:] = [Part(answer) if part is None else part for part in found]
            return
        results = _list(answer.body, self.results)
        open_ = {number: None for number, part in enumerate(found) if part is None}
        if self.match is None:
            # Fewer or more results than items that did not fail: which is whose cannot be told.
            pairs: Iterator[tuple[int, msgspec.Raw]] = iter(zip(open_, results, strict=True) if len(open_) == len(results) else ())
        else:
            match = self.match
            pairs = ((number, result) for result in results for number in self._those(result, match, items) if number in open_)
        for number, result in pairs:
            found[number] = self._result(answer, result)

    def _result(self, answer: Response, result: msgspec.Raw) -> Part:
        if self.done is not None and _plain(_at(result, self.done)) is not True:
            return self._failure(answer, result)
        inner = _at(result, self.result)
        if self.wraps is None:
            return Part(_answer(answer, answer.status, inner))
        status = _plain(_at(result, self.status)) if self.status is not None else None
        if not isinstance(status, int) or isinstance(status, bool):
            return Part()
        own = _plain(_at(result, self.headers)) if self.headers is not None else None
        pairs = [(name.encode(), str(value).encode()) for name, value in own.items()] if isinstance(own, dict) else []
        body = b"" if inner is None or bytes(inner) == b"null" else bytes(inner)
        return Part(Response(status, (*pairs, *answer.pairs), body, answer.url))

    def _failure(self, answer: Response, failure: msgspec.Raw) -> Part:
        status = _plain(_at(failure, self.status)) if self.status is not None else None
        return Part(_answer(answer, status if isinstance(status, int) else answer.status, _at(failure, self.error)), failed=True)

    @staticmethod
    def _those(told: msgspec.Raw, pairs: Sequence[tuple[Where, Where]], items: Sequence[Any]) -> list[int]:
        """The numbers of the items that a result or a failure is about; the vendor may tell one or a list of them."""
        said = [(_texts(_plain(_at(told, there))), here) for there, here in pairs]
        return [
            number
            for number, item in enumerate(items)
            if all(str(number if here == NUMBER else _inside(item, here)) in texts for texts, here in said)
        ]


def _may_be_taken_apart(answer: Response) -> bool:
    return answer.status in _REFUSED


def _parameters(request: Request) -> dict[str, Any]:
    return {**(request.query or {}), **dict(zip(request.endpoint.names, request.path, strict=True))}


def _put(tree: dict[str, Any], where: Where, value: Any) -> None:
    *names, last = where
    for name in names:
        tree[name] = dict(tree.get(name) or {})  # it may be the request's own
        tree = tree[name]
    tree[last] = value


def _inside(tree: Any, where: Where) -> Any:
    for name in where:
        tree = tree.get(name) if isinstance(tree, Mapping) else None
    return tree


def _at(raw: msgspec.Raw | None, where: Where) -> msgspec.Raw | None:
    """The bytes at a place, to the last digit as the vendor sent them."""
    for name in where:
        try:
            raw = msgspec.json.decode(raw, type=_Object).get(name) if raw is not None else None
        except msgspec.ValidationError:
            return None
    return raw


def _without(raw: msgspec.Raw, where: Where) -> msgspec.Raw:
    try:
        tree = msgspec.json.decode(raw, type=_Object)
    except msgspec.ValidationError:
        return raw
    name, *rest = where
    if name in tree:
        inner = tree.pop(name)
        if rest:
            tree[name] = _without(inner, tuple(rest))
    return msgspec.Raw(msgspec.json.encode(tree))


def _list(body: bytes, where: Where) -> _List:
    raw = _at(msgspec.Raw(body), where)
    try:
        return msgspec.json.decode(raw, type=_List | None) or [] if raw is not None else []
    except msgspec.ValidationError:
        return []


def _plain(raw: msgspec.Raw | None) -> Any:
    return None if raw is None else msgspec.json.decode(raw)


def _texts(told: Any) -> frozenset[str]:
    return frozenset(map(str, told if isinstance(told, list) else [told]))


def _answer(whole: Response, status: int, inner: msgspec.Raw | None) -> Response:
    return Response(status, whole.pairs, b"null" if inner is None else bytes(inner), whole.url)
