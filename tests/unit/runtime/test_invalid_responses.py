"""Responses that do not match the vendor's description."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime.core import errors

GOOD = Reply.of(ISSUE).body
BOMB = gzip.compress(b" " * 100_000_000, compresslevel=1, mtime=0)
"""Half a megabyte on the wire."""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"<!DOCTYPE html><title>Maintenance</title>", "an HTML or XML page"),
        (b'{"key": "P-1"', "malformed"),
        (b"\x00\x01\x02", "malformed"),
        (b'{"key": "\xff\xfe"}', "malformed"),
        (b'[{"key": "P-1"}]', "Expected `object`, got `array`"),
        (b'{"key": 17}', "Expected `str | null`, got `int` - at `$.key`"),
        (b'{"key": "P-1", "fields": {"status": {"key": []}}}', "$.fields.status.key"),
        (b"null", "got `null`"),
        (b'{"key": "P-1", "fields": ' + b"[" * 100_000, "$.fields"),
    ],
)
def test_a_response_that_cannot_be_read_is_reported_with_its_request_id(
    simple: Caller, server: Loopback, body: bytes, message: str
) -> None:
    requested = 2 if body[:1] == b"{" and body[-1:] != b"}" else 1  # an incomplete response is requested again
    server.answers(*[Reply(200, body, {"X-Request-Id": "r-1"})] * requested)
    with pytest.raises(errors.VendorProtocolError) as caught:
        simple.run(tasks.get, "P-1")
    assert message in str(caught.value)
    assert (caught.value.request_id, caught.value.vendor, caught.value.operation) == ("r-1", "acme", "tasks.get")
    assert len(server.seen) == requested
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_response_that_cannot_be_read_is_the_same_over_every_transport(caller: Caller, server: Loopback) -> None:
    server.answers(Reply(200, b"<html>", {"Content-Type": "text/html", "CF-Ray": "ray"}))
    with pytest.raises(errors.VendorProtocolError, match="HTML") as caught:
        caller.run(tasks.get, "P-1")
    assert caught.value.request_id == "ray"


def test_a_response_without_required_fields_is_not_a_pydantic_error(simple: Caller, server: Loopback) -> None:
    server.answers(Reply.of({"fields": {}}))
    with pytest.raises(errors.VendorProtocolError, match="id: ") as caught:
        simple.run(tasks.get, "P-1")
    assert caught.value.__context__ is None


def test_a_response_without_what_the_next_request_needs_is_reported(simple: Caller, server: Loopback) -> None:
    server.answers(Reply.of({}, 201))
    with pytest.raises(errors.VendorProtocolError, match=r"lacks the key that GET /rest/issue/\{key\} needs") as caught:
        simple.run(tasks.create, title="x", project_id="P")
    assert caught.value.done[0].request == "POST /rest/issue"


def test_unknown_members_and_words_never_fail_a_response(simple: Caller, server: Loopback) -> None:
    server.answers(Reply.of({"key": "P-1", "new": [1], "fields": {"status": {"key": "mystery", "name": "Mystery"}, "x": {}}}))
    task = simple.run(tasks.get, "P-1")
    assert (task.status, task.status_label) == (None, "Mystery")


def test_a_huge_response_is_cut_off(caller: Caller, server: Loopback) -> None:
    caller.settings = replace(QUICK, largest_response=10_000)
    server.answers(Reply(200, b" " * 10_001, {"X-Request-Id": "r-2"}))
    with pytest.raises(errors.VendorProtocolError, match="larger than 10000 bytes") as caught:
        caller.run(tasks.get, "P-1")
    assert caught.value.request_id == "r-2"
    assert len(server.seen) == 1


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_compressed_response_is_read(caller: Caller, server: Loopback, coding: str) -> None:
    packer = zlib.compressobj(wbits={"gzip": 31, "deflate": 15}[coding])
    server.answers(Reply(200, packer.compress(GOOD) + packer.flush(), {"Content-Encoding": coding}))
    assert caller.run(tasks.get, "P-1").id == "P-1"


def test_a_response_that_grows_without_end_is_cut_off_while_it_grows(caller: Caller, server: Loopback) -> None:
    caller.settings = replace(QUICK, largest_response=1_000_000)
    server.answers(Reply(200, BOMB, {"Content-Encoding": "gzip"}))
    with pytest.raises(errors.VendorProtocolError, match="larger"):
        caller.run(tasks.get, "P-1")


@pytest.mark.parametrize(
    ("body", "coding", "message"),
    [
        (gzip.compress(GOOD, mtime=0)[:-9], "gzip", "ends too early"),
        (gzip.compress(GOOD, mtime=0)[:4], "gzip", "ends too early"),
        (b"plain text", "gzip", "compression is invalid"),
        (GOOD, "br", "which was not requested"),
        (GOOD, "gzip, gzip", "which was not requested"),
    ],
)
def test_broken_compression_is_reported(caller: Caller, server: Loopback, body: bytes, coding: str, message: str) -> None:
    server.answers(Reply(200, body, {"Content-Encoding": coding}))
    with pytest.raises(errors.VendorProtocolError, match=message):
        caller.run(tasks.get, "P-1")


def test_an_empty_gzip_response_is_empty(simple: Caller, server: Loopback) -> None:
    server.answers(Reply(200, b"", {"Content-Encoding": "gzip"}))
    assert simple.run(tasks.delete, "P-1") is None


def test_a_record_keeps_its_raw_form_when_pickled_and_leaves_headers_behind(simple: Caller, server: Loopback) -> None:
    import pickle

    server.answers(Reply(200, GOOD, {"Set-Cookie": "session=s3cr3t"}))
    task = simple.run(tasks.get, "P-1")
    stored = pickle.dumps(task)
    assert b"s3cr3t" not in stored
    again = pickle.loads(stored)
    assert again == task
    assert again.raw == ISSUE
    assert again.vendor == "acme"
    assert "raw" not in task.model_dump()
