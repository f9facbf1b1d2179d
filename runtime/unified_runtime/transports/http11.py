"""HTTP/1.1 as the sockets of this process speak it (RFC 9112), without doing any I/O: a request as bytes, an answer from bytes.

The answer is parsed by llhttp (https://llhttp.org), which Node.js, aiohttp and uvicorn use too, through httptools.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from unified_runtime.errors import TransportFailure
from unified_runtime.messages import HTTPRequest, Response
from unified_runtime.transports.bodies import Body

LARGEST_HEAD = 100 * 1024
"""Bytes of an answer's headers, and of what may stand between two pieces of its body."""

KEPT = 5.0
"""Seconds for which a connection is kept that nobody uses. Servers end idle ones too, and one that ends while it is taken up loses a
request."""

MOST = 100
"""Connections to one server at a time."""

PIECE = 256 * 1024
"""Bytes that are read from a connection at a time, and the most of a request that are written in one go."""

MALFORMED = (HttpParserError, HttpParserUpgrade)
"""What `Incoming.feed` raises of bytes that are no answer."""

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_PLAIN = re.compile(r"[!#-;=?-Z_a-z~\[\]|]*\Z").match
_BROKEN = bytes(code for code in (*range(32), 127) if code not in b"\t\n")


class Server:
    """Where connections lead to: `text` is what its URLs begin with (`https://acme.example`)."""

    __slots__ = ("host", "port", "text", "tls")

    def __init__(self, text: str) -> None:
        parts = urlsplit(text)
        self.text = text
        self.tls = parts.scheme == "https"
        self.host = parts.hostname or ""
        self.port = parts.port or (443 if self.tls else 80)


def speaks_to(text: str) -> bool:
    """Whether a server is named plainly: by http or https, and in ASCII. Names in other scripts are for a library to turn into it."""
    return text.isascii() and text.startswith(("http://", "https://")) and "@" not in text


def takes(request: HTTPRequest) -> bool:
    """Whether this module writes a request: one with a small body whose answer is read whole, and a URL that needs no further encoding."""
    return (
        request.method in _METHODS
        and not request.stream
        and request.upload is None
        and len(request.body) <= PIECE
        and _PLAIN(request.url) is not None
        and "/." not in request.url
    )


def written(request: HTTPRequest, server: Server) -> bytes:
    """The request with its credential, head and body: this is the last step before the bytes are written.

    Raises:
        TransportFailure: a header would end early, and something else begin.
    """
    target = request.credential.url(request.url)[len(server.text) :].partition("#")[0]
    if not target.startswith("/"):
        target = f"/{target}"
    pairs = (*request.headers, *request.credential.headers(request.method, request.url))
    lines = [f"{request.method} {target} HTTP/1.1".encode("ascii"), *[b"%b: %b" % pair for pair in pairs]]
    head = b"\n".join(lines)
    if head.count(b"\n") >= len(lines) or len(head.translate(None, _BROKEN)) < len(head):
        raise TransportFailure("a header holds a character that no header can carry", sent=False, permanent=True)
    return b"%b\r\n\r\n%b" % (head.replace(b"\n", b"\r\n"), request.body)


class Incoming:
    """One answer, fed with bytes as they come. Afterwards it says whether its connection can be used again."""

    __slots__ = (
        "_bare",
        "_body",
        "_headers",
        "_heard",
        "_parser",
        "_parts",
        "_request",
        "_whole",
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
        self._body: Body | None = None
        self._bare = 0
        self._heard = False
        self._whole = 0
        self.on_body = self._parts.append
        self.pairs: list[tuple[bytes, bytes]] = []
        self.status = 0
        self.complete = False
        self.reusable = False
        self._parser = HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(lenient_optional_cr_before_lf=True)  # RFC 9112, section 2.2

    # ------------------------------------------------------------------------------------------------ told by the parser
    def on_message_begin(self) -> None:
        if self.complete:  # an answer that nobody asked for
            self.reusable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value.rstrip()))

    def on_headers_complete(self) -> None:
        if not self.complete:
            self.status = self._parser.get_status_code()
            self.reusable = self._parser.should_keep_alive()
            self.pairs, self._headers = self._headers, []  # what comes behind the body are no headers of ours

    def on_message_complete(self) -> None:
        if 100 <= self.status < 200:  # an interim answer; the real one follows
            self.status, self.pairs = 0, []
        elif not self.complete:
            self.complete = True
            self._whole = len(self._parts)

    # ------------------------------------------------------------------------------------------------ told by the connection
    def feed(self, data: bytes) -> None:
        """Take bytes that came.

        Raises:
            HttpParserError, HttpParserUpgrade: they are no answer.
            TransportFailure: it is too large, late, or cannot be decoded.
        """
        if self.complete:  # an answer that nobody asked for: a loop may tell of several reads before whoever waits is told of the first
            self.reusable = False
            return
        self._heard = True
        try:
            self._parser.feed_data(data)
        except MALFORMED:
            self.reusable = False
            if not self.complete:  # what follows a whole answer does not spoil it
                raise
        if self._parts:
            self._reading().feed(b"".join(self._parts if not self.complete else self._parts[: self._whole]))
            self._parts.clear()
            self._bare = 0
        elif not self.complete:
            self._bare += len(data)
            if self._bare > LARGEST_HEAD:
                raise TransportFailure(f"the answer's headers are larger than the {LARGEST_HEAD} bytes allowed", sent=True)
            if time.monotonic() > self._request.deadline:
                raise TransportFailure("the answer was not complete by the deadline", sent=True, permanent=True, late=True)

    def ended(self) -> None:
        """The server has closed the connection.

        Raises:
            TransportFailure: in the middle of the answer.
        """
        if self.complete:
            return
        if not self._heard:
            raise TransportFailure("the server closed the connection without an answer", sent=True)
        if self.status == 0 or any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in self.pairs):
            raise TransportFailure("the server closed the connection in the middle of its answer", sent=True)
        self.complete, self.reusable = True, False

    def response(self) -> Response:
        """The whole answer."""
        return Response(self.status, self.pairs, self._reading().finish(), self._request.url)

    def close(self) -> None:
        """Let go of the parser, which holds on to this as well."""
        del self._parser

    def _reading(self) -> Body:
        if self._body is None:
            self._body = Body(self.status, self.pairs, _coding(self.pairs), self._request)
        return self._body


def _coding(pairs: Iterable[tuple[bytes, bytes]]) -> str | None:
    found = [value.decode("latin-1") for name, value in pairs if len(name) == 16 and name.lower() == b"content-encoding"]
    return ", ".join(found) if found else None


def told(error: Exception, late: str = "ReadTimeout") -> str:
    """An error of the system as one line says it. `late` names that of a wait that took too long."""
    name, text = late if isinstance(error, TimeoutError) else type(error).__name__, str(error)
    return f"{name}: {text}" if text else name


def bad_certificate(error: BaseException) -> bool:
    """Whether a server was not believed: trying again cannot help."""
    import ssl  # not for servers on this machine

    return isinstance(error, ssl.SSLCertVerificationError)
