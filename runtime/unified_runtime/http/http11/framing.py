"""HTTP/1.1 message framing without I/O (RFC 9112): request bytes, and a parser of response bytes.

Responses are parsed by llhttp (https://llhttp.org), the parser of Node.js, aiohttp and uvicorn, through httptools.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http.response_body import ResponseBody

MAX_HEAD_SIZE = 100 * 1024
"""Maximum bytes of a response's headers, and of data between two parts of its body."""

CHUNK_SIZE = 256 * 1024
"""Bytes to read from a connection at a time, and the largest request body that is written."""

MALFORMED = (HttpParserError, HttpParserUpgrade)
"""Exceptions of `ResponseParser.feed` for bytes that are not a response."""

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_PLAIN = re.compile(r"[!#-;=?-Z_a-z~\[\]|]*\Z").match
_BROKEN = bytes(code for code in (*range(32), 127) if code not in b"\t\n")


class Origin:
    """Scheme, host and port. `text` is the prefix of the origin's URLs, such as `https://acme.example`."""

    __slots__ = ("host", "port", "text", "tls")

    def __init__(self, text: str) -> None:
        parts = urlsplit(text)
        self.text = text
        self.tls = parts.scheme == "https"
        self.host = parts.hostname or ""
        self.port = parts.port or (443 if self.tls else 80)


def supports_origin(text: str) -> bool:
    """Return True if this client connects to an origin: http or https, an ASCII host, no user information."""
    return text.isascii() and text.startswith(("http://", "https://")) and "@" not in text


def supports(request: HTTPRequest) -> bool:
    """Return True if this client sends a request: a small body, a response that is not streamed, and a URL that needs no further
    encoding."""
    return (
        request.method in _METHODS
        and not request.stream
        and request.upload is None
        and len(request.body) <= CHUNK_SIZE
        and _PLAIN(request.url) is not None
        and "/." not in request.url
    )


def encode_request(request: HTTPRequest, origin: Origin) -> bytes:
    """Return the head and the body of a request, with its credential.

    Raises:
        TransportFailure: a header contains a character that would end it early.
    """
    target = request.credential.url(request.url)[len(origin.text) :].partition("#")[0]
    if not target.startswith("/"):
        target = f"/{target}"
    pairs = (*request.headers, *request.credential.headers(request.method, request.url))
    lines = [f"{request.method} {target} HTTP/1.1".encode("ascii"), *[b"%b: %b" % pair for pair in pairs]]
    head = b"\n".join(lines)
    if head.count(b"\n") >= len(lines) or len(head.translate(None, _BROKEN)) < len(head):
        raise TransportFailure("a header contains a character that headers must not contain", sent=False, permanent=True)
    return b"%b\r\n\r\n%b" % (head.replace(b"\n", b"\r\n"), request.body)


class ResponseParser:
    """Parser of one response, fed with bytes as they arrive.

    `complete` once the response has ended; then `reusable` states if its connection can carry another request.
    """

    __slots__ = (
        "_body",
        "_end_of_body",
        "_fed",
        "_headers",
        "_parser",
        "_parts",
        "_request",
        "_without_body",
        "complete",
        "on_body",
        "pairs",
        "reusable",
        "status",
    )

    def __init__(self, request: HTTPRequest) -> None:
        self._request = request
        self._headers: list[tuple[bytes, bytes]] = []
        self._parts: list[bytes] = []
        self._body: ResponseBody | None = None
        self._without_body = 0
        self._fed = False
        self._end_of_body = 0
        self.on_body = self._parts.append
        self.pairs: list[tuple[bytes, bytes]] = []
        self.status = 0
        self.complete = False
        self.reusable = False
        self._parser = HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(lenient_optional_cr_before_lf=True)  # RFC 9112, section 2.2

    # ------------------------------------------------------------------------------------------------ called by httptools
    def on_message_begin(self) -> None:
        if self.complete:  # a response without a request
            self.reusable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value.rstrip()))

    def on_headers_complete(self) -> None:
        if not self.complete:
            self.status = self._parser.get_status_code()
            self.reusable = self._parser.should_keep_alive()
            self.pairs, self._headers = self._headers, []  # trailers are discarded

    def on_message_complete(self) -> None:
        if 100 <= self.status < 200:  # an interim response; the final one follows
            self.status, self.pairs = 0, []
        elif not self.complete:
            self.complete = True
            self._end_of_body = len(self._parts)

    # ------------------------------------------------------------------------------------------------ called by connections
    def feed(self, data: bytes) -> None:
        """Parse bytes of the connection.

        Raises:
            HttpParserError, HttpParserUpgrade: they are not a response.
            TransportFailure: the response is too large, late, or cannot be decoded.
        """
        if self.complete:  # a response without a request: a loop may report several reads before the caller resumes
            self.reusable = False
            return
        self._fed = True
        try:
            self._parser.feed_data(data)
        except MALFORMED:
            self.reusable = False
            if not self.complete:  # bytes after a complete response do not invalidate it
                raise
        if self._parts:
            self._response_body().feed(b"".join(self._parts if not self.complete else self._parts[: self._end_of_body]))
            self._parts.clear()
            self._without_body = 0
        elif not self.complete:
            self._without_body += len(data)
            if self._without_body > MAX_HEAD_SIZE:
                raise TransportFailure(f"the response's headers are larger than the {MAX_HEAD_SIZE} bytes allowed", sent=True)
            if time.monotonic() > self._request.deadline:
                raise TransportFailure("the response was not complete by the deadline", sent=True, permanent=True, late=True)

    def feed_eof(self) -> None:
        """Handle the end of the connection, which ends a response without a length.

        Raises:
            TransportFailure: the response is not complete.
        """
        if self.complete:
            return
        if not self._fed:
            raise TransportFailure("the server closed the connection without a response", sent=True)
        if self.status == 0 or any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in self.pairs):
            raise TransportFailure("the server closed the connection in the middle of its response", sent=True)
        self.complete, self.reusable = True, False

    def response(self) -> Response:
        """Return the complete response."""
        return Response(self.status, self.pairs, self._response_body().finish(), self._request.url)

    def close(self) -> None:
        """Release the httptools parser, which refers to this object."""
        del self._parser

    def _response_body(self) -> ResponseBody:
        if self._body is None:
            self._body = ResponseBody(self.status, self.pairs, _content_encoding(self.pairs), self._request)
        return self._body


def _content_encoding(pairs: Iterable[tuple[bytes, bytes]]) -> str | None:
    found = [value.decode("latin-1") for name, value in pairs if len(name) == 16 and name.lower() == b"content-encoding"]
    return ", ".join(found) if found else None


def error_text(error: Exception, timeout: str = "ReadTimeout") -> str:
    """Return an error of the operating system as one line. `timeout` names the error of a wait that took too long."""
    name, text = timeout if isinstance(error, TimeoutError) else type(error).__name__, str(error)
    return f"{name}: {text}" if text else name


def is_certificate_error(error: BaseException) -> bool:
    """Return True if a server's certificate was rejected: a retry cannot help."""
    import ssl  # not imported for plain HTTP

    return isinstance(error, ssl.SSLCertVerificationError)
