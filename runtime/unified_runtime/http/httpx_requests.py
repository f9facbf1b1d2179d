"""Conversion of requests to httpx2 and httpx, and of their errors. Both libraries have the same names and different types."""

from __future__ import annotations

import functools
import sys
from collections.abc import AsyncIterator, Iterator
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal

from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.messages import HTTPRequest

if TYPE_CHECKING:
    from unified_runtime.core.messages import Upload

Library = Any
"""The module httpx2 or httpx."""


def build_request(request: HTTPRequest, library: Library, timeout: dict[str, float | None], trace: Any = None) -> Any:
    """Return the library's request, with the credential added."""
    return library.Request(
        request.method,
        request.credential.url(request.url),
        headers=[*request.headers, *request.credential.headers(request.method, request.url)],
        # With a stream, the library adds no headers of its own: ours are complete.
        stream=_stream(request, library),
        extensions={"timeout": timeout} if trace is None else {"timeout": timeout, "trace": trace},
    )


CHUNK_SIZE = 256 * 1024
"""Bytes to write at a time: the write timeout applies to each chunk."""


def _stream(request: HTTPRequest, library: Library) -> Any:
    if request.upload is not None:
        return _streams(library)(request.upload)
    return library.ByteStream(request.body) if len(request.body) <= CHUNK_SIZE else _streams(library)(_Chunks(request.body))


@functools.cache
def _streams(library: Library) -> Any:
    """Return the class of streamed request bodies. One class for each library: classes are freed only by the garbage collector, and a class
    for each body would hold the body until then."""

    class Streamed(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc]  # whichever library it is
        def __init__(self, body: Upload | _Chunks) -> None:
            self._body = body

        def __iter__(self) -> Iterator[bytes]:
            return iter(self._body)

        def __aiter__(self) -> AsyncIterator[bytes]:
            return aiter(self._body)

    return Streamed


class _Chunks:
    """Large request body in chunks."""

    __slots__ = ("_view",)

    def __init__(self, body: bytes) -> None:
        self._view = memoryview(body)

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._view), CHUNK_SIZE):
            yield bytes(self._view[start : start + CHUNK_SIZE])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


def library_errors(library: Library) -> tuple[type[Exception], ...]:
    """Return the exceptions that the library raises for failed requests."""
    return (library.HTTPError, library.InvalidURL)


def transport_failure(error: Exception, library: Library, request: HTTPRequest) -> TransportFailure:
    """Return the failure for an exception of the library. It states if the request was sent, and if a retry can help."""
    unsent = (library.ConnectError, library.ConnectTimeout, library.PoolTimeout, library.ProxyError)
    impossible = (library.UnsupportedProtocol, library.LocalProtocolError, library.InvalidURL)
    # A message of the library may quote the server's response, which may repeat the credential.
    text = request.credential.redact(str(error)) or type(error).__name__
    if isinstance(error, impossible):
        return TransportFailure(text, sent=False, permanent=True)
    if isinstance(error, unsent):
        return TransportFailure(text, sent=False, permanent=_is_certificate_error(error))
    described = f"{type(error).__name__}: {text}" if text != type(error).__name__ else text
    return TransportFailure(described, sent=True, late=isinstance(error, library.TimeoutException))


def _is_certificate_error(error: BaseException) -> bool:
    import ssl

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def is_patched(transport: Literal["HTTPTransport", "AsyncHTTPTransport"]) -> bool:
    """Return True if httpx2's transport is patched, as recording and mocking tools (vcrpy) and instrumentation do.

    Requests are then sent by httpx2, so that these tools see them.
    """
    library = sys.modules.get("httpx2")
    if library is None:
        return False
    send = getattr(getattr(library, transport, None), "handle_request" if transport == "HTTPTransport" else "handle_async_request", None)
    return send is not None and (type(send) is not FunctionType or not send.__globals__["__name__"].startswith("httpx2."))
