"""Protocols of sync and async transports."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response


@runtime_checkable
class Transport(Protocol):
    """Sends one request and reads its response. It stores no cookies, follows no redirects and repeats no request.

    `send` adds the request's credential (`request.credential`) to headers and URL, bounds the decoded response by
    `request.largest`, and raises `TransportFailure` if there is no response. It is called from several threads.
    """

    def send(self, request: HTTPRequest) -> Response: ...

    def close(self) -> None: ...


@runtime_checkable
class AsyncTransport(Protocol):
    """Like `Transport`, for async clients. It is called from several event loops if its client is."""

    async def asend(self, request: HTTPRequest) -> Response: ...

    async def aclose(self) -> None: ...


class _ClosedTransport:
    """Transport of a client that was closed, sync and async."""

    def send(self, request: HTTPRequest) -> Response:
        raise RuntimeError("the client was closed: create a new one")

    async def asend(self, request: HTTPRequest) -> Response:
        raise RuntimeError("the client was closed: create a new one")

    def close(self) -> None:
        """Do nothing: no connection is open."""

    async def aclose(self) -> None:
        """Do nothing: no connection is open."""


CLOSED = _ClosedTransport()
