"""What the sync and async transports over httpx2 and httpx share. The two libraries have the same names and different types."""

from __future__ import annotations

import functools
import logging
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from unified_runtime.errors import TransportFailure
from unified_runtime.messages import HTTPRequest

if TYPE_CHECKING:
    from unified_runtime.brokered.contents import Upload

Library = Any
"""The module httpx2 or httpx."""


def wire(request: HTTPRequest, library: Library, timeout: dict[str, float | None], trace: Any = None) -> Any:
    """The library's own request, with the credential in it: this is the last step before the bytes are written."""
    return library.Request(
        request.method,
        request.credential.url(request.url),
        headers=[*request.headers, *request.credential.headers(request.method, request.url)],
        # With a stream, the library adds no headers of its own: ours are complete.
        stream=_stream(request, library),
        extensions={"timeout": timeout} if trace is None else {"timeout": timeout, "trace": trace},
    )


PIECE = 256 * 1024
"""The most bytes that are handed to the socket at a time: the write timeout is for each, so that no large body needs more of it."""


def _stream(request: HTTPRequest, library: Library) -> Any:
    if request.upload is not None:
        return _streams(library)(request.upload)
    return library.ByteStream(request.body) if len(request.body) <= PIECE else _streams(library)(_Pieces(request.body))


@functools.cache
def _streams(library: Library) -> Any:
    """The class of bodies that are read while they are sent. One for each library: a class is never freed before the collector looks, and
    one for each body would keep that as long."""

    class Streamed(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc]  # whichever library it is
        def __init__(self, body: Upload | _Pieces) -> None:
            self._body = body

        def __iter__(self) -> Iterator[bytes]:
            return iter(self._body)

        def __aiter__(self) -> AsyncIterator[bytes]:
            return aiter(self._body)

    return Streamed


class _Pieces:
    """A large body, piece by piece."""

    __slots__ = ("_view",)

    def __init__(self, body: bytes) -> None:
        self._view = memoryview(body)

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._view), PIECE):
            yield bytes(self._view[start : start + PIECE])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def failures(library: Library) -> tuple[type[Exception], ...]:
    return (library.HTTPError, library.InvalidURL)


def failure(error: Exception, library: Library, request: HTTPRequest) -> TransportFailure:
    """What the library's exception means: was the request sent, and can another attempt help?"""
    unsent = (library.ConnectError, library.ConnectTimeout, library.PoolTimeout, library.ProxyError)
    impossible = (library.UnsupportedProtocol, library.LocalProtocolError, library.InvalidURL)
    # A text of the library may quote what the server wrote, and that what it was sent.
    text = request.credential.scrub(str(error)) or type(error).__name__
    if isinstance(error, impossible):
        return TransportFailure(text, sent=False, permanent=True)
    if isinstance(error, unsent):
        return TransportFailure(text, sent=False, permanent=_bad_certificate(error))
    told = f"{type(error).__name__}: {text}" if text != type(error).__name__ else text
    return TransportFailure(told, sent=True, late=isinstance(error, library.TimeoutException))


def _bad_certificate(error: BaseException) -> bool:
    import ssl

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def proxy_for(url: str) -> str | None:
    """The proxy that the environment (`HTTPS_PROXY`, `NO_PROXY` and the others) names for a server; on macOS and Windows, the system's."""
    if sys.platform not in ("darwin", "win32") and not any(name.lower().endswith("_proxy") for name in os.environ):
        return None
    import urllib.request  # brings http.client along; needed once for each server

    parts = urlsplit(url)
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or (parts.hostname and urllib.request.proxy_bypass(parts.netloc.rpartition("@")[2])):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def replaced(transport: Literal["HTTPTransport", "AsyncHTTPTransport"]) -> bool:
    """Whether somebody has put a function of their own in the place of httpx2's.

    Tools that record or mock what is sent do (vcrpy), and instrumentation that wraps a library. What is sent then goes by
    httpx2, so that they see it.
    """
    library = sys.modules.get("httpx2")
    if library is None:
        return False
    send = getattr(getattr(library, transport, None), "handle_request" if transport == "HTTPTransport" else "handle_async_request", None)
    return send is not None and (type(send) is not FunctionType or not send.__globals__["__name__"].startswith("httpx2."))


def proxy_refuses(server: str, *, inside: bool) -> None:
    """Refuse an address that may not be reached even where a proxy would lead there. What a name leads to, the proxy alone knows.

    Raises:
        TransportFailure: it may not.
    """
    from unified_runtime.transports.watching import refusal, wrong

    host = urlsplit(server).hostname or ""
    if (reason := wrong(host, inside=inside)) is not None:
        raise refusal(host, reason)


sending: ContextVar[bool] = ContextVar("unified_sending", default=False)
"""Set while a library sends for us, so that its log lines can be told from those of a caller's other requests."""


class _WithoutQuery(logging.Filter):
    """Cuts the query off the URLs that httpx2 and httpx log: some vendors take their keys there."""

    def filter(self, record: logging.LogRecord) -> bool:
        if sending.get() and isinstance(record.args, tuple):
            record.args = tuple(_cut(argument) for argument in record.args)
        return True


def _cut(argument: Any) -> Any:
    text = str(argument) if hasattr(argument, "raw_path") else argument
    return text.partition("?")[0] + "?…" if isinstance(text, str) and "://" in text and "?" in text else argument


class _WithoutAnswers(logging.Filter):
    """Cuts what came off the debug lines of httpcore: answers may repeat what was sent (a redirect with our query, a status line)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if sending.get() and isinstance(record.msg, str):
            record.msg = _CAME(r"\1…", record.msg)
        return True


_CAME = re.compile(r"( return_value=\(b'HTTP/[\d.]+', \d+, | return_value=\(\d+, |exception=\w+\().*", re.DOTALL).sub
_FILTER, _CORE_FILTER = _WithoutQuery(), _WithoutAnswers()
_CORE = {"httpx2": "httpcore2", "httpx": "httpcore"}
_CORE_LOGGERS = ("connection", "http11", "http2", "proxy", "socks")


def quiet(library: Library) -> None:
    """Keep secrets out of the library's log; adding the same filters again does nothing."""
    logging.getLogger(library.__name__).addFilter(_FILTER)
    for name in _CORE_LOGGERS:
        logging.getLogger(f"{_CORE[library.__name__]}.{name}").addFilter(_CORE_FILTER)
