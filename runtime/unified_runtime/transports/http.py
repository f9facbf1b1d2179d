"""Transports, sync: the default, which sends by sockets of its own or by httpx2; and those over httpx2 and httpx that a caller gave.

They work one level below the library's client class: cookies, redirects and authentication are done above it, are not wanted here, and
cost a third of a call.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from unified_runtime.errors import TransportFailure
from unified_runtime.messages import HTTPRequest, Response, Stream
from unified_runtime.reach import may_lie_inside
from unified_runtime.transports import common
from unified_runtime.transports.bodies import Body, read
from unified_runtime.transports.common import Library
from unified_runtime.transports.http11 import Server, speaks_to, takes

if TYPE_CHECKING:
    from unified_runtime.transports.sockets import Sockets


class HTTPTransport:
    """Sends through one transport object of the library, such as an `httpx2.HTTPTransport` or a `MockTransport`."""

    __slots__ = ("_failures", "_inner", "_library", "_watch")

    def __init__(self, inner: Any, library: Library, watch: Any = None) -> None:
        self._inner = inner
        self._library = library
        self._watch = watch
        self._failures = common.failures(library)
        common.quiet(library)

    def send(self, request: HTTPRequest) -> Response:
        token = common.sending.set(True)
        try:
            answer = self._inner.handle_request(common.wire(request, self._library, request.timeout, self._watch))
            return _answer(answer, request, self._library)
        except self._failures as error:
            failure = common.failure(error, self._library, request)
        finally:
            common.sending.reset(token)
        # Raised out of the handler: the library's exception holds its request, and that the credential.
        raise failure

    def close(self) -> None:
        self._inner.close()


class ClientTransport:
    """Sends through a caller's own client, with its proxies, TLS settings, timeouts and event hooks.

    Its cookies, authentication and redirects are left out: they would mix accounts, or take a credential elsewhere.
    """

    __slots__ = ("_client", "_failures", "_library")

    def __init__(self, client: Any, library: Library) -> None:
        self._client = client
        self._library = library
        self._failures = common.failures(library)
        common.quiet(library)

    def send(self, request: HTTPRequest) -> Response:
        token = common.sending.set(True)
        try:
            outgoing = common.wire(request, self._library, self._client.timeout.as_dict())
            answer = self._client.send(outgoing, stream=True, auth=None, follow_redirects=False)
            return _answer(answer, request, self._library)
        except self._failures as error:
            failure = common.failure(error, self._library, request)
        finally:
            common.sending.reset(token)
        raise failure

    def close(self) -> None:
        self._client.close()


class DefaultTransport:
    """One serves a whole process. Most requests go by `sockets`; contents, and what a proxy of the environment leads to, by httpx2.

    Each has its pools of connections. Where httpx2 was replaced, to record what is sent or to trace it, everything goes by httpx2.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._direct: dict[tuple[str, bool], Sockets | None] = {}
        self._by_proxy: dict[tuple[str | None, bool], HTTPTransport] = {}
        self._by_server: dict[tuple[str, bool], HTTPTransport] = {}

    def send(self, request: HTTPRequest) -> Response:
        server = request.url[: request.url.index("/", 8)] if "/" in request.url[8:] else request.url
        # Connections that may lie inside have a pool of their own: one that is open already is not judged again.
        inside = may_lie_inside(server, request.inside)
        if takes(request) and not common.replaced("HTTPTransport"):
            place = server, inside
            direct = self._direct[place] if place in self._direct else self._straight(server, inside)
            if direct is not None:
                return direct.send(request)
        inner = self._by_server.get((server, inside))
        if inner is None:
            inner = self._open(server, inside)
        return inner.send(request)

    def _straight(self, server: str, inside: bool) -> Sockets | None:
        """The sockets that lead to a server; None where it takes more than that."""
        from unified_runtime.transports.sockets import Sockets

        with self._lock:
            if (server, inside) not in self._direct:
                plain = speaks_to(server) and common.proxy_for(server) is None
                self._direct[server, inside] = Sockets(Server(server), inside=inside) if plain else None
            return self._direct[server, inside]

    def _open(self, server: str, inside: bool) -> HTTPTransport:
        import httpx2

        from unified_runtime.transports.watching import Watch

        proxy = common.proxy_for(server)
        if proxy is not None:
            common.proxy_refuses(server, inside=inside)
        with self._lock:
            if (proxy, inside) not in self._by_proxy:
                try:
                    inner = httpx2.HTTPTransport(proxy=proxy)
                except (ValueError, ImportError) as error:
                    reason = str(error)
                    raise TransportFailure(f"the proxy of the environment cannot be used: {reason}", sent=False, permanent=True) from None
                self._by_proxy[proxy, inside] = HTTPTransport(inner, httpx2, Watch(inside=inside) if proxy is None else None)
            self._by_server[server, inside] = self._by_proxy[proxy, inside]
        return self._by_server[server, inside]

    def close(self) -> None:
        with self._lock:
            for transport in self._by_proxy.values():
                transport.close()
            for direct in self._direct.values():
                if direct is not None:
                    direct.close()
            self._by_proxy.clear()
            self._by_server.clear()
            self._direct.clear()


class _Stream(Stream):
    """An answer of the library, read as it comes."""

    __slots__ = ("_chunks", "_inner", "_library", "_request")

    def __init__(self, answer: Any, request: HTTPRequest, library: Library) -> None:
        super().__init__(answer.status_code, answer.headers.raw, b"", request.url)
        self._inner = answer.stream
        self._chunks = iter(answer.stream)
        self._request = request
        self._library = library

    def piece(self) -> bytes:
        try:
            for chunk in self._chunks:
                if chunk:
                    return bytes(chunk)
            return b""
        except common.failures(self._library) as error:
            failure = common.failure(error, self._library, self._request)
        raise failure

    def close(self) -> None:
        self._inner.close()


def _answer(answer: Any, request: HTTPRequest, library: Library) -> Response:
    if request.stream and 200 <= answer.status_code < 300:
        return _Stream(answer, request, library)
    return _read(answer, request)


def _read(answer: Any, request: HTTPRequest) -> Response:
    stream = answer.stream
    headers = answer.headers
    try:
        pairs = headers.raw
        body = read(stream, Body(answer.status_code, pairs, headers.get("content-encoding"), request))
    finally:
        stream.close()
    return Response(answer.status_code, pairs, body, request.url)


_shared: DefaultTransport | None = None
_shared_lock = threading.Lock()


def shared() -> DefaultTransport:
    """The transport of this process, made when first needed: making one costs 5 to 11 ms for its TLS settings."""
    global _shared
    if _shared is None:
        with _shared_lock:
            if _shared is None:
                _shared = DefaultTransport()
    return _shared


def _forget() -> None:
    """A forked child must not write into its parent's connections."""
    global _shared, _shared_lock
    _shared = None
    _shared_lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
