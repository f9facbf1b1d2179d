"""Copies that a vendor makes in the background, with a monitor URL: completed, failed, endless, lost and redirected."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.drives import double_of
from tests.support.drives.blobs import Blob
from tests.support.drives.server import as_json
from tests.transfers.conftest import QUICK, Bench
from unified import aio, files
from unified_runtime import Rejected, Unconfirmed, using
from unified_runtime.core.settings import Settings

BUSY = as_json({"operation": "ItemCopy", "percentageComplete": 27.8, "status": "inProgress"}, 202)
SOON = Settings(backoff=0.01, deadline=2.0)


@pytest.fixture
def graph() -> Iterator[tuple[Bench, Any]]:
    double: Any = double_of("microsoft-graph")
    with double.api.running(), double.elsewhere.running():
        yield Bench("microsoft-graph", double), double


def test_a_copy_is_waited_for(graph: tuple[Bench, Any]) -> None:
    bench, double = graph
    id = double.keep("May.txt", Blob(b"May"))
    double.monitor = [BUSY, BUSY, BUSY, None]
    with using(bench.client()):
        copy = files.copy(id, name="June.txt")
        assert (copy.name, files.download(copy.id).read()) == ("June.txt", b"May")
        again = files.copy(id)
        assert again.name == "May 1.txt"
    bench.right()


def test_a_copy_is_waited_for_by_the_async_client(graph: tuple[Bench, Any]) -> None:
    bench, double = graph
    id = double.keep("May.txt", Blob(b"May"))
    double.monitor = [BUSY, BUSY, None]

    async def copied() -> Any:
        async with using(bench.aclient()):
            return await aio.files.copy(id, name="June.txt")

    assert asyncio.run(copied()).name == "June.txt"
    bench.right()


def test_a_failed_copy_reports_the_reason(graph: tuple[Bench, Any]) -> None:
    bench, double = graph
    id = double.keep("May.txt", Blob(b"May"))
    double.monitor = [BUSY, as_json({"status": "failed", "error": {"code": "quotaLimitReached", "message": "The drive is full"}})]
    with using(bench.client()), pytest.raises(Rejected, match="could not do it: The drive is full") as failed:
        files.copy(id)
    assert not failed.value.retry_safe
    bench.right()


def test_a_copy_that_does_not_end_in_time_may_yet_be_made(graph: tuple[Bench, Any]) -> None:
    bench, double = graph
    id = double.keep("May.txt", Blob(b"May"))
    double.monitor = [BUSY]
    began = time.monotonic()
    with (
        using(bench.client(SOON)),
        pytest.raises(Unconfirmed, match="still at it; it may still be executed: check") as late,
    ):
        files.copy(id)
    assert time.monotonic() - began < 20
    assert not late.value.retry_safe
    assert [done.status for done in late.value.done] == [202]
    bench.right()


@pytest.mark.parametrize("reply", [as_json({"error": {"code": "itemNotFound"}}, 404), as_json({}, 503), as_json("nothing", 200)])
def test_a_copy_without_a_reported_end_is_unconfirmed(graph: tuple[Bench, Any], reply: Any) -> None:
    bench, double = graph
    id = double.keep("May.txt", Blob(b"May"))
    double.monitor = [BUSY, reply]
    with using(bench.client(QUICK)), pytest.raises(Unconfirmed, match="does not report if it is done"):
        files.copy(id)
    bench.right()


def test_a_copy_without_a_monitor_url_is_unconfirmed(graph: tuple[Bench, Any]) -> None:
    bench, double = graph
    id = double.keep("May.txt", Blob(b"May"))
    double.monitors = ""
    with using(bench.client()), pytest.raises(Unconfirmed, match="lacks the header Location"):
        files.copy(id)


@pytest.mark.parametrize("address", ["https://monitor.evil.example/{id}", "https://example-my.sharepoint.com@evil.example/{id}"])
def test_no_response_redirects_a_client_to_another_host(graph: tuple[Bench, Any], address: str) -> None:
    bench, double = graph
    id = double.keep("May.txt", Blob(b"May"))
    double.monitors = address
    with using(bench.client()), pytest.raises(Unconfirmed, match="not a known host of Microsoft Graph") as astray:
        files.copy(id)
    assert [done.status for done in astray.value.done] == [202]
    assert double.elsewhere.authorized == []


def test_a_plan_shows_repeated_requests(graph: tuple[Bench, Any]) -> None:
    bench, _ = graph
    with using(bench.client()):
        plan = files.copy.plan("D/01X", name="June.txt")
    assert [request.method for request in plan.requests] == ["POST", "GET", "GET"]
    monitor = plan.requests[1]
    assert (monitor.url, monitor.purpose) == ("{driveItem_Copy.Location}", "again until the work is done")
    assert monitor.headers == ()
    assert "GET {driveItem_Copy.Location}  (again until the work is done)" in str(plan)
    assert plan.requests[2].url.endswith("/drives/D/items/{made.resource_id}")
