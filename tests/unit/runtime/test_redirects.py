"""Redirects: a credential is never sent to another server, and a write is never repeated."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import api_key
from unified_runtime.core import errors


@pytest.fixture
def elsewhere() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


def moved(target: str, status: int = 302) -> Reply:
    return Reply(status, b"", {"Location": target})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_server_is_not_followed(caller: Caller, server: Loopback, elsewhere: Loopback, status: int) -> None:
    server.answers(moved(f"{elsewhere.url}/rest/issue/P-1", status))
    elsewhere.answers(Reply.of(ISSUE))
    with pytest.raises(errors.VendorProtocolError, match="to another server"):
        caller.run(tasks.get, "P-1")
    assert elsewhere.seen == []
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "target", ["//evil.test/x", "http://127.0.0.1/x", "https://127.0.0.1:1/x", "ftp://x/", "http://me@evil.test/", "javascript:0"]
)
def test_targets_that_lead_elsewhere(simple: Caller, server: Loopback, target: str) -> None:
    server.answers(moved(target))
    with pytest.raises(errors.VendorProtocolError, match="to another server"):
        simple.run(tasks.get, "P-1")


def test_a_read_follows_a_redirect_on_its_own_server(caller: Caller, server: Loopback) -> None:
    server.answers(moved("/rest/issue/NEW-1?fields=summary"), Reply.of(ISSUE))
    assert caller.run(tasks.get, "P-1").id == "P-1"
    assert server.targets == ["GET /rest/issue/P-1?fields=summary,status", "GET /rest/issue/NEW-1?fields=summary"]
    assert "Authorization" in {name.title() for name in server.seen[1].headers}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_write_does_not(caller: Caller, server: Loopback, status: int) -> None:
    server.answers(moved("/rest/other", status))
    with pytest.raises(errors.VendorProtocolError, match="only reads are sent again"):
        caller.run(tasks.create, title="x", project_id="P")
    assert len(server.seen) == 1


def test_circles_are_left(simple: Caller, server: Loopback) -> None:
    server.answers(*[moved("/rest/issue/P-1")] * 10)
    with pytest.raises(errors.VendorProtocolError, match="in circles"):
        simple.run(tasks.get, "P-1")
    assert len(server.seen) == 4


def test_a_redirect_without_a_target_is_reported(simple: Caller, server: Loopback) -> None:
    server.answers(*[Reply(302, b"")] * 5)
    with pytest.raises(errors.VendorProtocolError):
        simple.run(tasks.get, "P-1")


def test_secrets_that_the_redirect_copies_are_not_sent_twice(server: Loopback) -> None:
    caller = Caller("default", "sync")
    caller.connect(server.url, api_key(key="k", token="t&x"), scheme="keys")
    server.answers(moved("/rest/new?a=1&key=k&token=t%26x&fields=b"), Reply.of(ISSUE))
    caller.run(tasks.get, "P-1")
    assert server.targets[1] == "GET /rest/new?a=1&fields=b&key=k&token=t%26x"
