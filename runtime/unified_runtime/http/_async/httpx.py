"""Transports that send through httpx2 and httpx.

They work one level below the library's client class: cookies, redirects and authentication are not wanted here, and are a third of a call's
cost.
"""

from __future__ import annotations

from typing import Any

from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import AsyncStream, Response
from unified_runtime.http.httpx_requests import Library, build_request, library_errors, transport_failure
from unified_runtime.http.log_filters import add_log_filters, sending
from unified_runtime.http.response_body import ResponseBody, aread_body


class AsyncHTTPXTransport:
    """Sends through one transport of the library, such as an `httpx2.HTTPTransport` or a `MockTransport`.

    `trace` is a trace extension of httpcore.
    """

    __slots__ = ("_errors", "_inner", "_library", "_trace")

    def __init__(self, inner: Any, library: Library, trace: Any = None) -> None:
        self._inner = inner
        self._library = library
        self._trace = trace
        self._errors = library_errors(library)
        add_log_filters(library)

    async def asend(self, request: HTTPRequest) -> Response:
        token = sending.set(True)
        try:
            response = await self._inner.handle_async_request(build_request(request, self._library, request.timeout, self._trace))
            return await _response(response, request, self._library)
        except self._errors as error:
            failure = transport_failure(error, self._library, request)
        finally:
            sending.reset(token)
        # Raised outside the handler: the library's exception refers to its request, which contains the credential.
        raise failure

    async def aclose(self) -> None:
        await self._inner.aclose()


class AsyncHTTPXClientTransport:
    """Sends through a caller's own client, with its proxies, TLS settings, timeouts and event hooks.

    Its cookies, authentication and redirects are not used: they would mix accounts, or send a credential elsewhere.
    """

    __slots__ = ("_client", "_errors", "_library")

    def __init__(self, client: Any, library: Library) -> None:
        self._client = client
        self._library = library
        self._errors = library_errors(library)
        add_log_filters(library)

    async def asend(self, request: HTTPRequest) -> Response:
        token = sending.set(True)
        try:
            outgoing = build_request(request, self._library, self._client.timeout.as_dict())
            response = await self._client.send(outgoing, stream=True, auth=None, follow_redirects=False)
            return await _response(response, request, self._library)
        except self._errors as error:
            failure = transport_failure(error, self._library, request)
        finally:
            sending.reset(token)
        raise failure

    async def aclose(self) -> None:
        await self._client.aclose()


class _ResponseStream(AsyncStream):
    """Response of the library that is read as it arrives."""

    __slots__ = ("_chunks", "_inner", "_library", "_request")

    def __init__(self, response: Any, request: HTTPRequest, library: Library) -> None:
        super().__init__(response.status_code, response.headers.raw, b"", request.url)
        self._inner = response.stream
        self._chunks = aiter(response.stream)
        self._request = request
        self._library = library

    async def apiece(self) -> bytes:
        try:
            async for chunk in self._chunks:
                if chunk:
                    return bytes(chunk)
            return b""
        except library_errors(self._library) as error:
            failure = transport_failure(error, self._library, self._request)
        raise failure

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _response(response: Any, request: HTTPRequest, library: Library) -> Response:
    if request.stream and 200 <= response.status_code < 300:
        return _ResponseStream(response, request, library)
    headers = response.headers
    pairs = headers.raw
    try:
        body = await aread_body(response.stream, ResponseBody(response.status_code, pairs, headers.get("content-encoding"), request))
    finally:
        await response.stream.aclose()
    return Response(response.status_code, pairs, body, request.url)
