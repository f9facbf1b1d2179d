"""Responses that exhaust resources: decompression bombs, slow responses, endless responses. `Settings` has small bounds here."""

from __future__ import annotations

import contextlib
import functools
import gzip
import tracemalloc
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import unified
from tests.unit.runtime import tasks
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.tools import tools as make_tools
from unified_runtime import Client, UnifiedError, bearer, using
from unified_runtime.core.errors import RateLimited, Unavailable, VendorProtocolError

MIB = 1024 * 1024
SMALL = replace(QUICK, largest_response=MIB)


@functools.cache
def bomb(size: int, wbits: int = 31) -> bytes:
    """Return this many zeros, compressed to about a thousandth."""
    packer = zlib.compressobj(9, wbits=wbits)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(size // MIB)) + packer.flush()


@pytest.mark.parametrize(("coding", "wbits", "status"), [("gzip", 31, 200), ("deflate", 15, 200), ("x-gzip", 31, 400)])
def test_a_decompression_bomb(caller: Caller, server: Loopback, coding: str, wbits: int, status: int) -> None:
    caller.connect(server.url)
    caller.settings = replace(SMALL, attempts=1)
    body = bomb(64 * MIB, wbits)
    server.answers(Reply(status, body, {"Content-Encoding": coding}))
    tracemalloc.start()
    try:
        with pytest.raises(UnifiedError, match="larger than"):
            caller.run(tasks.get, "P-1")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 * MIB


def test_a_bomb_within_a_bomb(caller: Caller, server: Loopback) -> None:
    caller.connect(server.url)
    server.answers(Reply(200, gzip.compress(bomb(10 * MIB)), {"Content-Encoding": "gzip, gzip"}))
    with pytest.raises(VendorProtocolError, match="was not requested"):
        caller.run(tasks.get, "P-1")


@pytest.mark.parametrize("coding", ["br", "zstd", "compress"])
def test_a_coding_that_was_not_requested(caller: Caller, server: Loopback, coding: str) -> None:
    caller.connect(server.url)
    server.answers(Reply(200, b"x", {"Content-Encoding": coding}))
    with pytest.raises(VendorProtocolError, match="was not requested"):
        caller.run(tasks.get, "P-1")


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + b" " * (3 * MIB),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"10000\r\n" * 1
        + b" " * 65536
        + b"\r\n"
        + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 40,
    ],
    ids=["without a length", "in chunks"],
)
def test_a_response_without_end(caller: Caller, server: Loopback, raw: bytes) -> None:
    caller.connect(server.url)
    caller.settings = SMALL
    server.answers(Reply(raw=raw))
    with pytest.raises(VendorProtocolError, match="larger than"):
        caller.run(tasks.get, "P-1")


def test_a_length_that_is_a_lie(caller: Caller, server: Loopback) -> None:
    """No memory is allocated for the size that a response declares."""
    caller.connect(server.url)
    caller.settings = replace(SMALL, attempts=1)
    server.answers(Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}"))
    tracemalloc.start()
    try:
        with pytest.raises(Unavailable):
            caller.run(tasks.get, "P-1")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20 * MIB


@pytest.mark.parametrize("count", [20_000])
def test_headers_without_end(caller: Caller, server: Loopback, count: int) -> None:
    caller.connect(server.url)
    caller.settings = replace(SMALL, attempts=1)
    server.answers(Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 100) for n in range(count)) + b"\r\n{}"))
    with pytest.raises(UnifiedError):
        caller.run(tasks.get, "P-1")


DEEP = 100_000


@pytest.mark.parametrize(
    "body",
    [b'{"key":' + b"[" * DEEP + b"]" * DEEP + b"}", b'{"key":"P-1","fields":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}", b"[" * DEEP],
    ids=["lists", "objects", "cut"],
)
@pytest.mark.parametrize("status", [200, 400])
def test_json_that_is_nested_without_end(caller: Caller, server: Loopback, body: bytes, status: int) -> None:
    """The response is rejected or skipped, and does not end the process."""
    caller.connect(server.url)
    server.answers(*[Reply(status, body, {"Content-Type": "application/json"})] * 4)
    try:
        found = caller.run(tasks.get, "P-1")
    except UnifiedError:
        return
    try:
        assert found.id == "P-1"
        dict(found.raw)
    except UnifiedError:
        return


@pytest.mark.parametrize("number", ["1" * 100_000, "1e999999999", "-" + "9" * 5000])
def test_numbers_that_cost_much_to_read(caller: Caller, server: Loopback, number: str) -> None:
    caller.connect(server.url)
    server.answers(Reply(200, f'{{"key": "P-1", "fields": {{"summary": "x", "points": {number}}}}}'.encode()))
    with contextlib.suppress(UnifiedError):
        caller.run(tasks.get, "P-1")


@pytest.mark.parametrize("amount", ["1e400000000", "1E+999999", "1" * 60_000, "NaN", "Infinity", "1e-400000000"])
def test_amounts_that_cost_much_to_write(server: Loopback, amount: str) -> None:
    """A number with an exponent is short to send and long to write out."""
    client = Client(settings=QUICK)
    client.connect("hubspot", bearer("t"), server=server.url, portal_id="1")
    server.answers(Reply.of({"id": "1", "properties": {"dealname": "x", "amount": amount}}))
    with using(client):
        try:
            deal = unified.deals.get("1", via="hubspot")
            assert len(repr(deal)) < 200_000
            deal.model_dump_json()
        except UnifiedError:
            pass
        with pytest.raises(UnifiedError):
            unified.deals.create(name="x", amount=amount, stage_id="1", via="hubspot")


# ------------------------------------------------------------------------------------------------ slow responses
def test_a_response_that_drips(caller: Caller, server: Loopback) -> None:
    """Each byte is in time, and the complete response is not."""
    caller.connect(server.url)
    caller.settings = replace(QUICK, deadline=0.5, read_timeout=0.4)
    server.answers(*[Reply(200, b" " * 200, drip=0.05)] * 4)
    with pytest.raises(Unavailable):  # the complete body would not be valid JSON
        caller.run(tasks.get, "P-1")


def test_a_response_that_never_comes(caller: Caller, server: Loopback) -> None:
    caller.connect(server.url)
    caller.settings = replace(QUICK, deadline=0.4, read_timeout=10)
    server.answers(*[Reply(200, b"{}", delay=3)] * 4)
    with pytest.raises(Unavailable):  # the final response is not a task
        caller.run(tasks.get, "P-1")


@pytest.mark.parametrize("after", ["86400", "9" * 30, "-1", "Fri, 31 Dec 9999 23:59:59 GMT", "x", "1e9"])
def test_a_requested_delay_ends_at_the_deadline(caller: Caller, server: Loopback, after: str) -> None:
    caller.connect(server.url)
    server.answers(*[Reply(429, b"{}", {"Retry-After": after})] * 8)
    with pytest.raises((RateLimited, Unavailable)):
        caller.run(tasks.get, "P-1")


def test_redirects_in_circles(caller: Caller, server: Loopback) -> None:
    caller.connect(server.url)
    server.answers(*[Reply(302, b"", {"Location": "/rest/issue/P-1"})] * 50)
    with pytest.raises(VendorProtocolError, match="in circles"):
        caller.run(tasks.get, "P-1")
    assert len(server.seen) <= QUICK.redirects + 1


def test_pages_in_circles(server: Loopback) -> None:
    """A list whose next page is always the same ends with an error."""
    client = Client(settings=QUICK)
    client.connect("hubspot", bearer("t"), server=server.url, portal_id="1")
    page: dict[str, Any] = {"results": [], "paging": {"next": {"after": "same"}}}
    server.answers(*[Reply.of(page)] * 50)
    with using(client), pytest.raises(UnifiedError):
        list(unified.deals.list(via="hubspot"))
    assert len(server.seen) < 10


# ------------------------------------------------------------------------------------------------ contents
def test_a_content_that_is_longer_than_the_vendor_states(server: Loopback, tmp_path: Path) -> None:
    """Writing stops soon after the declared size, and nothing of it is stored."""
    client = Client(settings=QUICK)
    client.connect("google-drive", bearer("t"), server=server.url)
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + bytes(64 * MIB)
    server.answers(Reply.of({"size": "3"}), *[Reply(raw=endless)] * 4)
    seen: list[int] = []
    with using(client), pytest.raises(UnifiedError):
        unified.files.download("1", via="google-drive").save(tmp_path / "content", progress=lambda done, total: seen.append(done))
    assert list(tmp_path.rglob("*")) == []
    assert max(seen, default=0) < 8 * MIB


def test_a_tool_reads_no_more_of_a_content_than_it_shows(server: Loopback) -> None:
    client = Client(settings=QUICK)
    client.connect("google-drive", bearer("t"), server=server.url)
    server.answers(Reply.of({}), Reply(raw=b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (64 * MIB)))
    mine = make_tools(vendors=["google-drive"], client=client)
    tracemalloc.start()
    try:
        result = mine.call("files_download", {"id": "1"})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(result.text) < 100_000
    assert peak < 20 * MIB
