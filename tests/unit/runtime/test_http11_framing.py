"""Framing of HTTP/1.1 responses: cases of public test suites and of RFC 9112, each fed as one piece and byte by byte.

The cases are those of Web Platform Tests (fetch/content-length, fetch/h1-parsing) and llhttp (test/response), with bytes and results of our
own: where browsers accept what RFC 9112 lets a client reject, it is rejected here.
"""

from __future__ import annotations

import time

import pytest

from unified_runtime import TransportFailure
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.http.http11.framing import MALFORMED, ResponseParser

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

Read = tuple[int, bytes, bool]
"""Status, body, and if the connection can be reused."""


def read(data: bytes, size: int) -> Read | None:
    """Parse a response that ends with its connection, fed in pieces of a size; return None if it is rejected."""
    request = HTTPRequest(method="GET", url="https://acme.test/", headers=[], timeout={}, largest=1_000_000, deadline=time.monotonic() + 60)
    parser = ResponseParser(request)
    try:
        for start in range(0, len(data), size):
            parser.feed(data[start : start + size])
        parser.feed_eof()
    except (TransportFailure, *MALFORMED):
        return None
    response = parser.response()
    return response.status, response.body, parser.reusable


ACCEPTED: dict[str, tuple[bytes, Read]] = {
    # RFC 9112, section 6.3: length of a message
    "content-length": (OK + b"Content-Length: 5\r\n\r\nhello", (200, b"hello", True)),
    "content-length-0": (OK + b"Content-Length: 0\r\n\r\n", (200, b"", True)),
    "content-length-leading-zero": (OK + b"Content-Length: 005\r\n\r\nhello", (200, b"hello", True)),
    "content-length-whitespace": (OK + b"Content-Length:\t 5 \r\n\r\nhello", (200, b"hello", True)),
    "content-length-empty-name-case": (OK + b"cOnTeNt-LeNgTh: 5\r\n\r\nhello", (200, b"hello", True)),
    "until-close": (OK + b"\r\nhello", (200, b"hello", False)),
    "until-close-http-1.0": (b"HTTP/1.0 200 OK\r\n\r\nhello", (200, b"hello", False)),
    "no-body-204": (b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"", True)),
    "no-body-204-with-length": (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", (204, b"", True)),
    "no-body-304-with-length": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", (304, b"", True)),
    "interim": (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nok", (200, b"ok", True)),
    # section 7.1: chunked
    "chunked": (CHUNKED + b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", (200, b"hello world", True)),
    "chunked-hexadecimal": (CHUNKED + b"A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", (200, b"0123456789" * 2, True)),
    "chunked-leading-zeros": (CHUNKED + b"0005\r\nhello\r\n000\r\n\r\n", (200, b"hello", True)),
    "chunked-empty": (CHUNKED + b"0\r\n\r\n", (200, b"", True)),
    "chunked-name-case": (OK + b"TRANSFER-ENCODING: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", (200, b"ok", True)),
    "chunk-extensions": (CHUNKED + b"5;name;other=value\r\nhello\r\n0;last\r\n\r\n", (200, b"hello", True)),
    "chunk-extension-quoted": (CHUNKED + b'5;name="a; b";other\r\nhello\r\n0\r\n\r\n', (200, b"hello", True)),
    "trailers": (CHUNKED + b"2\r\nok\r\n0\r\nVary: *\r\nX-Late: 1\r\n\r\n", (200, b"ok", True)),
    # section 9.3: persistence
    "close": (OK + b"Connection: close\r\nContent-Length: 2\r\n\r\nok", (200, b"ok", False)),
    "close-in-a-list": (OK + b"Connection: x, Close\r\nContent-Length: 2\r\n\r\nok", (200, b"ok", False)),
    "http-1.0": (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", (200, b"ok", False)),
    "http-1.0-keep-alive": (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", (200, b"ok", True)),
    "more-than-a-response": (OK + b"Content-Length: 2\r\n\r\nok" + OK + b"Content-Length: 2\r\n\r\nno", (200, b"ok", False)),
    # section 4: status line
    "no-reason": (b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok", (200, b"ok", True)),
    "no-reason-nor-space": (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", (200, b"ok", True)),
    "long-reason": (b"HTTP/1.1 200 " + b"very " * 100 + b"OK\r\nContent-Length: 2\r\n\r\nok", (200, b"ok", True)),
    "empty-lines-before": (b"\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nok", (200, b"ok", True)),
    # section 2.2: a line may end with LF only, outside chunks
    "line-feeds": (b"HTTP/1.1 200 OK\nX: 1\nContent-Length: 2\n\nok", (200, b"ok", True)),
    "empty-value": (OK + b"X:\r\nContent-Length: 2\r\n\r\nok", (200, b"ok", True)),
}  # fmt: skip

REJECTED: dict[str, bytes] = {
    # WPT, fetch/content-length: RFC 9112, section 6.3, lets a client accept a list of equal lengths, but does not require it
    "content-length-list": OK + b"Content-Length: 5,5\r\n\r\nhello",
    "content-length-list-different": OK + b"Content-Length: 5,3\r\n\r\nhello",
    "content-length-twice": OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "content-length-twice-different": OK + b"Content-Length: 5\r\nContent-Length: 3\r\n\r\nhello",
    "content-length-list-open": OK + b"Content-Length: 5,\r\n\r\nhello",
    "content-length-list-open-before": OK + b"Content-Length: ,5\r\n\r\nhello",
    "content-length-and-empty": OK + b"Content-Length: 5\r\nContent-Length: \t\r\n\r\nhello",
    "content-length-empty": OK + b"Content-Length: \r\n\r\nhello",
    "content-length-text": OK + b"Content-Length: many\r\n\r\nhello",
    "content-length-with-unit": OK + b"Content-Length: 5s\r\n\r\nhello",
    "content-length-negative": OK + b"Content-Length: -1\r\n\r\nhello",
    "content-length-plus": OK + b"Content-Length: +5\r\n\r\nhello",
    "content-length-hexadecimal": OK + b"Content-Length: 0x5\r\n\r\nhello",
    "content-length-fraction": OK + b"Content-Length: 5.0\r\n\r\nhello",
    "content-length-space-inside": OK + b"Content-Length: 1 0\r\n\r\nhellohello",
    "content-length-overflow": OK + b"Content-Length: 18446744073709551621\r\n\r\nhello",
    "content-length-space-before-colon": OK + b"Content-Length : 5\r\n\r\nhello",
    # llhttp, test/response/transfer-encoding
    "length-and-chunked": OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "chunked-and-length": OK + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "transfer-encoding-empty": OK + b"Transfer-Encoding:\r\nContent-Length: 5\r\n\r\nhello",
    "chunked-not-last": OK + b"Transfer-Encoding: chunked, deflate\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "chunked-not-last-line": OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "chunked-twice-as-one": OK + b"Transfer-Encoding: chunkedchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "transfer-encoding-unknown": OK + b"Transfer-Encoding: br\r\n\r\nhello",
    "chunk-size-empty": CHUNKED + b"\r\nhello\r\n0\r\n\r\n",
    "chunk-size-text": CHUNKED + b"five\r\nhello\r\n0\r\n\r\n",
    "chunk-size-prefix": CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n",
    "chunk-size-negative": CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n",
    "chunk-size-space": CHUNKED + b"5 \r\nhello\r\n0\r\n\r\n",
    "chunk-size-overflow": CHUNKED + b"10000000000000005\r\nhello\r\n0\r\n\r\n",
    "chunk-size-line-feed": CHUNKED + b"5\nhello\r\n0\r\n\r\n",
    "chunk-longer-than-its-size": CHUNKED + b"4\r\nhello\r\n0\r\n\r\n",
    "chunk-without-end": CHUNKED + b"5\r\nhello0\r\n\r\n",
    "chunk-extension-empty": CHUNKED + b"5;\r\nhello\r\n0\r\n\r\n",
    "chunk-extension-without-semicolon": CHUNKED + b"5 name\r\nhello\r\n0\r\n\r\n",
    "chunk-extension-quote-open": CHUNKED + b'5;name="a\r\nhello\r\n0\r\n\r\n',
    # section 8: incomplete messages
    "empty": b"",
    "part-of-a-status-line": b"HTTP/1.1 2",
    "part-of-the-headers": OK + b"Content-Le",
    "part-of-a-body": OK + b"Content-Length: 5\r\n\r\nhell",
    "part-of-a-chunk": CHUNKED + b"5\r\nhell",
    "without-the-last-chunk": CHUNKED + b"5\r\nhello\r\n",
    "without-the-last-line": CHUNKED + b"5\r\nhello\r\n0\r\n",
    "interim-only": b"HTTP/1.1 100 Continue\r\n\r\n",
    # llhttp, test/response/invalid
    "protocol": b"HTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "version-of-two-digits": b"HTTP/01.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "version-of-two-digits-behind": b"HTTP/1.01 200 OK\r\nContent-Length: 0\r\n\r\n",
    "version-unknown": b"HTTP/5.6 200 OK\r\nContent-Length: 0\r\n\r\n",
    "tab-after-version": b"HTTP/1.1\t200 OK\r\nContent-Length: 0\r\n\r\n",
    "status-of-one-digit": b"HTTP/1.1 2 OK\r\nContent-Length: 0\r\n\r\n",
    "status-of-four-digits": b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    "status-text": b"HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n",
    "space-after-status-line": OK + b" X: 1\r\nContent-Length: 0\r\n\r\n",
    "folded-header": OK + b"X: 1\r\n 2\r\nContent-Length: 0\r\n\r\n",
    "header-without-colon": OK + b"X\r\nContent-Length: 0\r\n\r\n",
    "header-without-name": OK + b": 1\r\nContent-Length: 0\r\n\r\n",
    "space-in-a-name": OK + b"X Y: 1\r\nContent-Length: 0\r\n\r\n",
    "carriage-return-in-a-value": OK + b"X: 1\rY: 2\r\nContent-Length: 0\r\n\r\n",
    "null-in-a-value": OK + b"X: \0\r\nContent-Length: 0\r\n\r\n",
    "upgrade": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
}


@pytest.mark.parametrize("size", [1, 1_000_000], ids=["bytes", "at-once"])
@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str, size: int) -> None:
    data, expected = ACCEPTED[name]
    assert read(data, size) == expected


@pytest.mark.parametrize("size", [1, 1_000_000], ids=["bytes", "at-once"])
@pytest.mark.parametrize("name", REJECTED)
def test_rejected(name: str, size: int) -> None:
    assert read(REJECTED[name], size) is None


STATUS_LINE = (b"HT", b"TP", b"/", b"1", b".", b"1", b" ", b"200", b" ", b"OK", b"\r\n")
PIECES = (*STATUS_LINE, b"X-Na", b"me", b":", b"va", b"lue", b"\r\nContent-Length: 5\r\n\r\nTest.")


@pytest.mark.parametrize("position", range(len(PIECES)))
@pytest.mark.parametrize("symbol", [b"\n", b"\r", b"\t", b" ", b"\0", b":"], ids=["lf", "cr", "tab", "space", "null", "colon"])
def test_a_stray_character_changes_no_body(symbol: bytes, position: int) -> None:
    """WPT, fetch/h1-parsing: a character at each position of the head. The response is rejected, or read as without it; a line end inside
    the head may end it early, which no reuse of the connection follows."""
    data = b"".join(PIECES[:position]) + symbol + b"".join(PIECES[position:])
    result = read(data, len(data))
    assert result == read(data, 1)
    assert result is None or result[:2] == (200, b"Test.") or not result[2]
