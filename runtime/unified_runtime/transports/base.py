"""What a transport is."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from unified_runtime.messages import HTTPRequest, Response


@runtime_checkable
class Transport(Protocol):
    """Sends one request and reads its answer whole. It keeps no cookies, follows no redirects and repeats nothing.

    `send` adds the request's credential (`request.credential`) to headers and URL, bounds the decoded answer by
    `request.largest`, and raises `TransportFailure` where there is no answer. It is called from several threads.
    """

    def send(self, request: HTTPRequest) -> Response: ...

    def close(self) -> None: ...


@runtime_checkable
class AsyncTransport(Protocol):
    """The async twin of `Transport`."""

    async def asend(self, request: HTTPRequest) -> Response: ...

    async def aclose(self) -> None: ...
