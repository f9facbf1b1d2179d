"""Requests of generated adapters: an operation is a generator that yields requests and is sent their responses.

It does no I/O, so one adapter serves sync clients, async clients, plans and tests.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from unified_runtime.core.decoding import broken, decode
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.messages import Local, NextPageURL, Request
from unified_runtime.core.planning import PlanEnds, PlannedResponse
from unified_runtime.core.raw import Document, Raw
from unified_runtime.core.responses import Response
from unified_runtime.core.symbols import Symbol

if TYPE_CHECKING:
    pass

T = TypeVar("T")
S = TypeVar("S")

Steps = Generator[Request | Local, Response, T]
"""Generator of an operation in progress: yields requests, is sent responses, returns the unified value.

Between requests it may also yield local work (`Local`), such as reading a file or waiting; the value that it is then sent has no meaning.
"""


@overload
def call(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
    multipart: Mapping[str, Any] | None = None,
    content: bytes | None = None,
    url: NextPageURL | None = None,
    schema: type[S],
    save_as: str | None = None,
) -> Steps[S]: ...


@overload
def call(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
    multipart: Mapping[str, Any] | None = None,
    content: bytes | None = None,
    url: NextPageURL | None = None,
    schema: None = None,
    save_as: str | None = None,
) -> Steps[None]: ...


def call(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
    multipart: Mapping[str, Any] | None = None,
    content: bytes | None = None,
    url: NextPageURL | None = None,
    schema: type[Any] | None = None,
    save_as: str | None = None,
) -> Steps[Any]:
    """Send one request and decode its response into `schema`.

    `query` omits values of None and repeats a sequence. `url` is a URL from the vendor's response (the next page): it must be on the
    connection's server (see `execution.http_requests.page_url`).
    In a plan, the result is `Symbol(keep)`.
    """
    request = Request(
        endpoint=endpoint,
        target=endpoint.url(path),
        path=path,
        query=query,
        headers=headers,
        json=json,
        form=form,
        multipart=multipart,
        content=content,
        url=url,
        expects=schema is not None,
    )
    response = yield request
    if isinstance(response, PlannedResponse):
        return None if schema is None else Symbol(save_as or endpoint.operation)
    if schema is not None and endpoint.retry is not Retry.NEVER and broken(response):
        response = yield request
    return None if schema is None else decode(response, schema)


def fetch(
    endpoint: Endpoint,
    *,
    path: Sequence[object] = (),
    query: Mapping[str, Any] | None = None,
    headers: Mapping[str, str | None] | None = None,
    json: Any = None,
    form: Mapping[str, Any] | None = None,
    multipart: Mapping[str, Any] | None = None,
    content: bytes | None = None,
    url: NextPageURL | None = None,
    schema: type[S],
    save_as: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Like `call`, for the response that the operation's value is read from: return the struct and the response itself.

    In a plan, this is the last request, unless later requests need the response (`save_as`).
    """
    request = Request(
        endpoint=endpoint,
        target=endpoint.url(path),
        path=path,
        query=query,
        headers=headers,
        json=json,
        form=form,
        multipart=multipart,
        content=content,
        url=url,
        expects=schema is not bytes,
    )
    response = yield request
    if isinstance(response, PlannedResponse):
        if save_as is None:
            raise PlanEnds
        unknown: Any = Symbol(save_as)
        return unknown, Raw(Document(b"null"))
    if endpoint.retry is not Retry.NEVER and broken(response):
        response = yield request
    return decode(response, schema), Raw(Document(response.body, response))
