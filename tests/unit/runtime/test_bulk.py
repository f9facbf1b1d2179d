"""Bulk calls: each input has its own result, none stops the others, and completed calls are not repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.runtime.server import Loopback, Reply
from unified import aio, comments, tasks
from unified_platform.idempotency.store import open_idempotency_store
from unified_runtime import AsyncClient, Client, Settings, bearer, using
from unified_runtime.client.bulk import Item, Results
from unified_runtime.core import errors

QUICK = Settings(backoff=0.001, longest_backoff=0.002, deadline=3)
Body = Mapping[str, Any]


def made(body: str) -> Reply:
    return Reply.of({"id": body, "item_id": "7", "content": body})


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture
def client(server: Loopback) -> Client:
    client = Client(settings=QUICK)
    client.connect("todoist", bearer("t"), server=server.url)
    return client


def run(mode: str, client: Client, items: Any, **more: Any) -> Results[Any]:
    if mode == "sync":
        with using(client):
            return comments.create_many(items, **more)

    async def running() -> Results[Any]:
        async with AsyncClient(settings=QUICK, connections=client.connections, idempotency=client.idempotency) as twin, using(twin):
            try:
                return await aio.comments.create_many(items, **more)
            finally:
                await twin.aclose()

    return asyncio.run(running())


both = pytest.mark.parametrize("mode", ["sync", "async"])


@both
def test_each_has_its_own_result_in_the_order_of_the_inputs(mode: str, client: Client, server: Loopback) -> None:
    server.answers(*[made("a")] * 20)
    found = run(mode, client, ({"task_id": "7", "body": f"text {n}"} for n in range(20)), via="todoist")
    assert [item.index for item in found] == [*range(20)]
    assert [item.status for item in found] == ["done"] * 20
    assert sorted(seen.json["content"] for seen in server.seen) == sorted(f"text {n}" for n in range(20))
    assert len(found.check()) == 20


@both
def test_failed_items_stop_no_others(mode: str, client: Client, server: Loopback) -> None:
    server.answers(made("a"), Reply.of({"error": "refused"}, 400), made("c"))
    items: list[Any] = [{"task_id": "7", "body": "a"}, {"task_id": "7"}, 3, {"task_id": "7", "body": "b"}, {"task_id": "7", "body": "c"}]
    found = run(mode, client, items, concurrency=1)
    assert [item.status for item in found] == ["done", "failed", "failed", "failed", "done"]
    kinds = [type(item.error) for item in found.failed]
    assert kinds == [errors.InvalidInput, errors.InvalidInput, errors.Rejected]
    assert found.failed[1].given == 3
    with pytest.raises(errors.InvalidInput, match="body: is required") as caught:
        found.check()
    assert caught.value.__notes__ == ["item 1 of 5; 3 are not done"]


@both
def test_remaining_items_are_skipped_if_all_would_fail(mode: str, client: Client, server: Loopback) -> None:
    server.answers(made("a"), Reply.of({"error": "expired"}, 401))
    found = run(mode, client, [{"task_id": "7", "body": str(n)} for n in range(50)], concurrency=1)
    assert [item.status for item in found][:3] == ["done", "failed", "skipped"]
    assert len(found) == 50
    assert len(server.seen) == 2


@both
def test_a_rate_limit_is_waited_for(mode: str, client: Client, server: Loopback) -> None:
    server.answers(*[Reply(429, headers={"Retry-After": "0"})] * 6, made("a"))
    found = run(mode, client, [{"task_id": "7", "body": "a"}])
    assert found.values[0].id == "a"
    assert len(server.seen) == 7


@both
def test_concurrency_is_limited(mode: str, client: Client, server: Loopback) -> None:
    server.answers(*[Reply(made("a").status, made("a").body, made("a").headers, delay=0.05)] * 12)
    most = taken = 0

    def items() -> Iterator[Body]:
        nonlocal taken
        for number in range(12):
            taken += 1
            yield {"task_id": "7", "body": str(number)}

    ended = 0

    def progress(item: Item[Any]) -> None:
        nonlocal ended, most
        ended += 1
        most = max(most, taken - ended)

    found = run(mode, client, items(), concurrency=3, progress=progress)
    assert len(found.check()) == 12
    assert ended == 12
    assert most <= 6, "items are taken as they are needed"


@both
def test_the_same_job_goes_on_where_it_stopped(mode: str, server: Loopback, tmp_path: Path) -> None:
    client = Client(settings=QUICK, idempotency=open_idempotency_store(tmp_path / "ledger.db"))
    client.connect("todoist", bearer("t"), server=server.url)
    items = [{"task_id": "7", "body": str(n)} for n in range(6)]
    server.answers(made("0"), made("1"), Reply(hang_up=True), Reply.of({"error": "no"}, 400), made("4"), made("5"))
    first = run(mode, client, items, concurrency=1, idempotency_key="job")
    assert [item.status for item in first] == ["done", "done", "failed", "failed", "done", "done"]
    server.answers(made("3"))
    second = run(mode, client, items, concurrency=1, idempotency_key="job")
    assert [item.status for item in second] == ["done", "done", "failed", "done", "done", "done"]
    assert isinstance(second.failed[0].error, errors.Unconfirmed)
    assert [seen.json["content"] for seen in server.seen] == ["0", "1", "2", "3", "4", "5", "3"]


def test_an_id_is_passed_unchanged(client: Client, server: Loopback) -> None:
    server.answers(*[Reply(204)] * 3)
    with using(client):
        found = tasks.delete_many(["1", "2", "3"], concurrency=1)
    assert server.targets == ["DELETE /tasks/1", "DELETE /tasks/2", "DELETE /tasks/3"]
    assert found.values == [None] * 3


def test_a_senseless_concurrency_is_refused(client: Client) -> None:
    with using(client), pytest.raises(errors.InvalidInput, match="whole number from 1"):
        tasks.delete_many(["1"], concurrency=0)
