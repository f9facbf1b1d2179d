"""Batch operations of vendors: combining requests to one endpoint into one, and splitting its response.

Each item's part of the response is converted to the response that its own request would have had, so that adapters decode both alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec

from unified_runtime.core.endpoints import Endpoint
from unified_runtime.core.messages import Request
from unified_runtime.core.responses import Response
from unified_runtime.core.serialization import query_text

Where: TypeAlias = tuple[str, ...]
"""Path in JSON: the names from the top to a value."""

NUMBER: Where = ("#",)
"""Path that means the number of an item in its batch, from 0."""

_REFUSED = frozenset({400, 404, 405, 409, 410, 412, 413, 414, 415, 422})
"""Statuses of batches that were not executed because of their content (RFC 9110): a smaller batch may be executed."""

_Object = dict[str, msgspec.Raw]
_List = list[msgspec.Raw]


class ItemParameter(NamedTuple):
    """Field of an item, and the parameter of its request that fills it."""

    path: Where
    parameter: str


class SharedParameter(NamedTuple):
    """Field of the batch request, and the parameter that all its requests have in common. `is_list`: the vendor expects a list."""

    path: Where
    parameter: str
    is_list: bool


class QueryParameter(NamedTuple):
    """Parameter of a request's query, and its path in an item. `is_list`: the vendor expects a list there."""

    parameter: str
    path: Where
    is_list: bool


class Constant(NamedTuple):
    """Field with a constant value."""

    path: Where
    value: Any


class ParameterPattern(NamedTuple):
    """Regular expression that a complete parameter must match."""

    parameter: str
    pattern: str


class SameValue(NamedTuple):
    """Fields of a result and of its item that have the same value."""

    result: Where
    item: Where


class Part(msgspec.Struct, frozen=True):
    """Result of one item: its response, which `failed` if the vendor reports so.

    Without a response, the result is unknown. `separate`: it was not executed in the batch, and may be sent separately.
    """

    response: Response | None = None
    failed: bool = False
    separate: bool = False


class ItemRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Format of batch items that contain complete requests: paths in the item.

    `method` is the path of its method (`lower`: in lower case), `address` of its path below the server, including its query unless that is
    `separate_query`: then `query` has the path of each parameter, and if the vendor expects a list there instead of strings joined by
    commas. `body` is the path of its JSON body, or of the property `body_root` in that. `headers` is the path of its own headers, and of
    the `constant_headers`, which the vendor does not read from the batch request.
    """

    method: Where
    address: Where
    lower: bool = False
    separate_query: bool = False
    query: tuple[QueryParameter, ...] = ()
    body: Where | None = None
    body_root: str | None = None
    headers: Where | None = None
    constant_headers: tuple[tuple[str, str], ...] = ()

    def accepts(self, request: Request) -> bool:
        """Return true if an item can contain all of a request."""
        plain = request.address is None and request.url is None and request.accepts is None and request.parts is None
        if not plain or request.form is not None or request.content is not None or request.multipart is not None:
            return False
        if request.transfer or request.stream or request.endpoint.body is not None:
            return False
        if self.separate_query and not {*(request.query or ())} <= {name for name, _, _ in self.query}:
            return False
        if request.headers and self.headers is None:
            return False
        return request.json is None or (self.body is not None and (self.body_root is None or [*request.json] == [self.body_root]))

    def item(self, request: Request) -> dict[str, Any]:
        """Convert a request to an item."""
        item: dict[str, Any] = {}
        method, address, query = request.endpoint.method, request.target, request.query or {}
        if self.separate_query:
            for name, where, listed in self.query:
                value = query.get(name)
                if value is not None:
                    _put(item, where, value.split(",") if listed and isinstance(value, str) else value)
        elif text := query_text(query, request.endpoint.query):
            address += f"{'&' if '?' in address else '?'}{text}"
        _put(item, self.method, method.lower() if self.lower else method)
        _put(item, self.address, address)
        headers = {name: value for name, value in {**dict(self.constant_headers), **(request.headers or {})}.items() if value is not None}
        if request.json is not None:
            assert self.body is not None
            _put(item, self.body, request.json if self.body_root is None else request.json[self.body_root])
            headers = {**headers, "Content-Type": "application/json"}
        if self.headers is not None and headers:
            _put(item, self.headers, headers)
        return item


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Batch operation of a vendor for requests to one endpoint.

    Paths in its request begin with body or query; parameters of the single requests are names in their path or query.

    `items` is the path of the list of items, `item_parameters` has the paths of each request's parameters in its item, `body` is the path
    of the request's body in it (None: it has none). Each item has the `item_values`, those of the `item_defaults` that its request does not
    set, and at `item_id` its number. `shared_parameters` has the parameters that all requests of a batch must share, and whether the vendor
    expects a list instead of strings joined by commas; `constants` the batch's constants. `only_matching` has the patterns that their
    parameters must match.

    `results` is the path of the list of results in the response, None if there is none and all items succeed; `result` is the path in a
    result of the single request's response. `match` has the fields of a result and of its item that are equal; None: results are in the
    order of the items. A result fails if `done_if` is false, or if `errors` lists a failure, which `failed_items` matches to its item.
    `error` is the path in a failure of the single request's error response, `status` of its HTTP status. A failure with a code in
    `separate_codes` has less information than that error response: its item is sent separately.

    If an item is a complete request (`item_request`), a result has the `status` and the `headers` of that request's response.
    """

    endpoint: Endpoint
    max_items: int
    items: Where
    item_parameters: tuple[ItemParameter, ...] = ()
    body: Where | None = None
    item_values: tuple[Constant, ...] = ()
    item_defaults: tuple[Constant, ...] = ()
    item_id: Where | None = None
    shared_parameters: tuple[SharedParameter, ...] = ()
    constants: tuple[Constant, ...] = ()
    only_matching: tuple[ParameterPattern, ...] = ()
    results: Where | None = None
    result: Where = ()
    match: tuple[SameValue, ...] | None = None
    done_if: Where | None = None
    errors: Where | None = None
    failed_items: tuple[SameValue, ...] = ()
    error: Where = ()
    status: Where | None = None
    separate_codes: frozenset[str] = frozenset()
    item_request: ItemRequest | None = None
    headers: Where | None = None

    # ------------------------------------------------------------------------------------------------ one request of many
    def accepts(self, request: Request) -> bool:
        """Return true if a request can be in a batch. If commas join the ids, an id with a comma cannot."""
        if self.item_request is not None:
            return self.item_request.accepts(request)
        values = _parameters(request)
        if self.items[0] == "query" and "," in str(values.get(self.item_parameters[0].parameter)):
            return False
        return all(re.fullmatch(form, str(values.get(name))) for name, form in self.only_matching)

    def common(self, request: Request) -> bytes:
        """Return the values that all requests of a batch must share, encoded."""
        if self.item_request is not None:
            return b""
        values = _parameters(request)
        return msgspec.json.encode([[values.get(name) for _, name, _ in self.shared_parameters], request.headers], enc_hook=str)

    def combine(self, requests: Sequence[Request]) -> tuple[Request, list[Any]]:
        """Return the batch request, and its items."""
        items = [self._item(number, request) for number, request in enumerate(requests)]
        inputs: dict[str, Any] = {}
        for where, value in self.constants:
            _put(inputs, where, value)
        shared = _parameters(requests[0])
        for where, name, listed in self.shared_parameters:
            value = shared.get(name)
            if value is not None:
                _put(inputs, where, value.split(",") if listed and isinstance(value, str) else value)
        _put(inputs, self.items, ",".join(map(str, items)) if self.items[0] == "query" else items)
        path = inputs.get("path", {})
        request = Request(
            endpoint=self.endpoint,
            target=self.endpoint.url([path.get(name) for name in self.endpoint.names]),
            query=inputs.get("query"),
            headers=requests[0].headers if self.item_request is None else None,
            json=inputs.get("body"),
            accepts=_may_be_split,
        )
        return request, items

    def _item(self, number: int, request: Request) -> Any:
        if self.item_parameters and not self.item_parameters[0].path:  # the items are values
            return _parameters(request).get(self.item_parameters[0].parameter)
        item: dict[str, Any] = {} if self.item_request is None else self.item_request.item(request)
        values = _parameters(request)
        for where, name in self.item_parameters:
            _put(item, where, values.get(name))
        for where, value in self.item_values:
            _put(item, where, value)
        if self.body == ():
            item = {**request.json, **item}
        elif self.body is not None:
            _put(item, self.body, request.json)
        if self.item_id is not None:
            _put(item, self.item_id, str(number))
        for where, value in self.item_defaults:
            if _inside(item, where) is None:
                _put(item, where, value)
        return item

    # ------------------------------------------------------------------------------------------------ one response to many
    def parts(self, response: Response, items: Sequence[Any]) -> list[Part]:
        """Return the result of each item."""
        succeeded = 200 <= response.status < 300
        if succeeded and self.results is None and self.errors is None:
            return [Part(response)] * len(items)
        found: list[Part | None] = [None] * len(items)
        try:
            if self.errors is not None:
                self._blamed(response, items, found)
            if succeeded:
                self._resulted(response, items, found)
        except (msgspec.DecodeError, UnicodeDecodeError):  # truncated: each call decodes it, and gets the error
            return [Part(response) if succeeded else Part(separate=True)] * len(items)
        rest = Part() if succeeded else Part(separate=True)
        return [rest if part is None else part for part in found]

    def _blamed(self, response: Response, items: Sequence[Any], found: list[Part | None]) -> None:
        assert self.errors is not None
        for failure in _list(response.body, self.errors):
            blamed = self._those(failure, self.failed_items, items)
            for there, _ in self.failed_items:  # the reference to the item is not part of the error
                failure = _without(failure, there)
            for number in blamed:
                found[number] = self._failure(response, failure)

    def _resulted(self, response: Response, items: Sequence[Any], found: list[Part | None]) -> None:
        if self.results is None:
            found[:] = [Part(response) if part is None else part for part in found]
            return
        results = _list(response.body, self.results)
        open_ = {number: None for number, part in enumerate(found) if part is None}
        if self.match is None:
            # With fewer or more results than items that did not fail, they cannot be matched.
            pairs: Iterator[tuple[int, msgspec.Raw]] = iter(zip(open_, results, strict=True) if len(open_) == len(results) else ())
        else:
            match = self.match
            pairs = ((number, result) for result in results for number in self._those(result, match, items) if number in open_)
        for number, result in pairs:
            found[number] = self._result(response, result)

    def _result(self, response: Response, result: msgspec.Raw) -> Part:
        if self.done_if is not None and _plain(_at(result, self.done_if)) is not True:
            return self._failure(response, result)
        inner = _at(result, self.result)
        if self.item_request is None:
            return Part(_item_response(response, response.status, inner))
        status = _plain(_at(result, self.status)) if self.status is not None else None
        if not isinstance(status, int) or isinstance(status, bool):
            return Part()
        own = _plain(_at(result, self.headers)) if self.headers is not None else None
        pairs = [(name.encode(), str(value).encode()) for name, value in own.items()] if isinstance(own, dict) else []
        body = b"" if inner is None or bytes(inner) == b"null" else bytes(inner)
        return Part(Response(status, (*pairs, *response.pairs), body, response.url))

    def _failure(self, response: Response, failure: msgspec.Raw) -> Part:
        status = _plain(_at(failure, self.status)) if self.status is not None else None
        return Part(_item_response(response, status if isinstance(status, int) else response.status, _at(failure, self.error)), failed=True)

    @staticmethod
    def _those(response: msgspec.Raw, pairs: Sequence[tuple[Where, Where]], items: Sequence[Any]) -> list[int]:
        """Return the numbers of the items that a result or a failure refers to; the vendor may name one or a list of them."""
        found = [(_texts(_plain(_at(response, there))), here) for there, here in pairs]
        return [
            number
            for number, item in enumerate(items)
            if all(str(number if here == NUMBER else _inside(item, here)) in texts for texts, here in found)
        ]


def _may_be_split(response: Response) -> bool:
    return response.status in _REFUSED


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
    """Return the bytes at a path, exactly as the vendor sent them; None if the path does not exist."""
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


def _texts(value: Any) -> frozenset[str]:
    return frozenset(map(str, value if isinstance(value, list) else [value]))


def _item_response(batch_response: Response, status: int, inner: msgspec.Raw | None) -> Response:
    return Response(status, batch_response.pairs, b"null" if inner is None else bytes(inner), batch_response.url)
