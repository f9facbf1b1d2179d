"""How the broker's calls reach vendors: aiohttp, which costs a third of what httpx2's async transport does.

What it takes are requests with a small body whose answer is read whole, which all calls but those of files are. Everything else goes by
httpx2: contents, and what a proxy of the environment leads to.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Any
from urllib.parse import urlsplit

from unified_platform.extras import extra
from unified_runtime.errors import TransportFailure
from unified_runtime.messages import HTTPRequest, Response
from unified_runtime.reach import may_lie_inside
from unified_runtime.transports import AsyncTransport, aio_http, common
from unified_runtime.transports.bodies import Body, aread
from unified_runtime.transports.watching import refusal, wrong

_HEADERS = 64 * 1024
"""Bytes of an answer's one header; aiohttp's own bound is narrower than what vendors send."""
_OURS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class LeanTransport:
    """An `AsyncTransport` for one event loop. Like every other, it keeps no cookies, follows no redirects and repeats nothing.

    Args:
        others: takes the requests that this one does not; by default httpx2, shared by the process.

    Raises:
        InvalidInput: the extra `broker` is not installed.
    """

    def __init__(self, others: AsyncTransport | None = None) -> None:
        self._aiohttp = extra("aiohttp", "broker", "the broker")
        self._url = extra("yarl", "broker", "the broker").URL
        self._others = others
        self._proxied: dict[str, bool] = {}
        self._sessions: dict[bool, Any] = {}
        self._timeouts: dict[tuple[float | None, float | None], Any] = {}

    async def asend(self, request: HTTPRequest) -> Response:
        parts = urlsplit(request.url)
        server = f"{parts.scheme}://{parts.netloc}"
        if server not in self._proxied:
            self._proxied[server] = common.proxy_for(server) is not None
        if request.stream or request.upload is not None or len(request.body) > common.PIECE or self._proxied[server]:
            return await (self._others or aio_http.shared()).asend(request)
        library = self._aiohttp
        try:
            address = self._url(request.credential.url(request.url), encoded=True)
            headers = [*request.headers, *request.credential.headers(request.method, request.url)]
            sent = self._session(may_lie_inside(server, request.inside)).request(
                request.method,
                address,
                headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers],
                data=request.body or None,
                timeout=self._timeout(request.timeout),
                allow_redirects=False,
            )
            async with sent as answer:
                body = Body(answer.status, answer.raw_headers, answer.headers.get("content-encoding"), request)
                whole = await aread(answer.content.iter_any(), body)
                return Response(answer.status, answer.raw_headers, whole, request.url)
        except (library.ClientError, TimeoutError, ValueError) as error:
            failure = self._failure(error, request)
        # Raised out of the handler: the library's exception holds its request, and that the credential.
        raise failure

    def _session(self, inside: bool) -> Any:
        """Connections that may lie inside have a session of their own: one that is open already is not judged again."""
        session = self._sessions.get(inside)
        if session is None:
            import httpx2

            library, watch = self._aiohttp, _Watch(inside)
            connector = library.TCPConnector(
                limit=0,  # how many calls there are is bounded where they come in
                ssl=httpx2.create_ssl_context(),
                resolver=watch.resolver(library),
                use_dns_cache=False,
                socket_factory=watch.opened,
            )
            session = self._sessions[inside] = library.ClientSession(
                connector=connector,
                cookie_jar=library.DummyCookieJar(),
                auto_decompress=False,  # undone within bounds
                skip_auto_headers=_OURS,
                max_line_size=_HEADERS,
                max_field_size=_HEADERS,
            )
            session._retry_connection = False  # what may be repeated is the driver's to say
        return session

    def _timeout(self, seconds: dict[str, float | None]) -> Any:
        wanted = seconds.get("connect"), seconds.get("read")
        found = self._timeouts.get(wanted)
        if found is None:
            if len(self._timeouts) > 1000:  # near its deadline, each call has a timeout of its own
                self._timeouts.clear()
            found = self._timeouts[wanted] = self._aiohttp.ClientTimeout(total=None, sock_connect=wanted[0], sock_read=wanted[1])
        return found

    def _failure(self, error: Exception, request: HTTPRequest) -> TransportFailure:
        """What the library's exception means: was the request sent, and can another attempt help?"""
        library = self._aiohttp
        told = request.credential.scrub(str(error))
        text = f"{type(error).__name__}: {told}" if told else type(error).__name__
        if isinstance(error, (library.InvalidURL, library.ClientConnectorCertificateError)):
            return TransportFailure(text, sent=False, permanent=True)
        if isinstance(error, (library.ClientConnectorError, library.ConnectionTimeoutError)):
            return TransportFailure(text, sent=False)
        return TransportFailure(text, sent=True, late=isinstance(error, TimeoutError))

    async def aclose(self) -> None:
        """Close the connections."""
        while self._sessions:
            await self._sessions.popitem()[1].close()


class _Watch:
    """Judges the addresses of connections before they are opened: all that a name leads to, and each that is connected to.

    A connection goes to the very addresses that were judged, so that a name cannot lead elsewhere in between.
    """

    def __init__(self, inside: bool) -> None:
        self._inside = inside

    def resolver(self, library: Any) -> Any:
        judge = self._judge

        class Judging(library.ThreadedResolver):  # type: ignore[misc]  # the library is loaded when it is needed
            async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_UNSPEC) -> Any:
                found = await super().resolve(host, port, family)
                for one in found:
                    judge(host, str(one["host"]))
                return found

        return Judging()

    def opened(self, info: Any) -> socket.socket:
        """The socket of a connection to one address (`socket_factory` of aiohttp)."""
        family, kind, protocol, _, address = info
        self._judge(str(address[0]), str(address[0]))
        made = socket.socket(family, kind, protocol)
        with contextlib.suppress(OSError):
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _judge(self, host: str, address: str) -> None:
        """Raises:
        TransportFailure: it may not be reached.
        """
        if (reason := wrong(address, inside=self._inside)) is not None:
            raise refusal(host, reason)
