"""Lists: lazy, page by page, and always finite."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from unified_runtime import AsyncClient, Client, Page, using
from unified_runtime.client._async.pages import AsyncPages
from unified_runtime.client._sync.pages import Pages
from unified_runtime.client.pagination import EMPTY_PAGES
from unified_runtime.core import errors


def page(*keys: str, next: str | None = None) -> Reply:
    return Reply.of({"issues": [{"key": key, "fields": {"summary": key.lower()}} for key in keys], "next": next})


def test_a_list_reads_page_after_page(caller: Caller, server: Loopback) -> None:
    server.answers(page("P-1", "P-2", next="a&b"), page(next="c"), page("P-3"))
    records = caller.list(tasks.list, project_id="P", status="open", limit=2)
    assert [(task.id, task.title, task.vendor, task.raw["key"]) for task in records] == [
        ("P-1", "p-1", "acme", "P-1"),
        ("P-2", "p-2", "acme", "P-2"),
        ("P-3", "p-3", "acme", "P-3"),
    ]
    assert server.targets == [
        "GET /rest/search?project=P&status=new&limit=2",
        "GET /rest/search?project=P&status=new&limit=2&token=a%26b",
        "GET /rest/search?project=P&status=new&limit=2&token=c",
    ]


def test_pages_are_requested_when_they_are_reached(simple: Caller, server: Loopback) -> None:
    with Client(settings=QUICK, connections=simple.connections) as client, using(client):
        pages = tasks.list()
        assert server.seen == []
        server.answers(page("P-1", next="2"), page("P-2"))
        records = iter(pages)
        assert next(records).id == "P-1"
        assert len(server.seen) == 1
        assert [task.id for task in records] == ["P-2"]
        server.answers(page("P-1", next="2"))
        first = pages.first()
        assert first is not None
        assert first.id == "P-1"
        server.answers(page())
        assert pages.first() is None
        client.close()
    assert [seen.target for seen in server.seen] == ["/rest/search?limit=100", "/rest/search?limit=100&token=2"] + [
        "/rest/search?limit=100"
    ] * 2


def test_a_cursor_resumes_a_list(simple: Caller, server: Loopback) -> None:
    with Client(settings=QUICK, connections=simple.connections) as client, using(client):
        server.answers(page("P-1", next="2"), page("P-2"))
        first = next(tasks.list().pages())
        assert len(first) == 1
        assert first.cursor not in {None, "2"}
        assert [task.id for task in tasks.list(cursor=first.cursor)] == ["P-2"]
        client.close()


@pytest.mark.parametrize("cursors", [["a", "a"], ["a", "b", "a"]])
def test_a_cursor_that_comes_back_is_an_error(caller: Caller, server: Loopback, cursors: list[str]) -> None:
    server.answers(*[page(f"P-{number}", next=cursor) for number, cursor in enumerate(cursors)])
    with pytest.raises(errors.VendorProtocolError, match="already read") as caught:
        caller.list(tasks.list)
    assert (caught.value.vendor, caught.value.operation) == ("acme", "tasks.list")
    assert len(server.seen) == len(cursors)


def test_a_resumed_list_that_returns_its_own_cursor_is_an_error(simple: Caller, server: Loopback) -> None:
    with Client(settings=QUICK, connections=simple.connections) as client, using(client):
        server.answers(page("P-1", next="here"), page("P-1", next="here"))
        cursor = next(tasks.list().pages()).cursor
        with pytest.raises(errors.VendorProtocolError, match="already read"):
            list(tasks.list(cursor=cursor))
        client.close()


def test_empty_pages_are_given_up_in_the_end() -> None:
    numbers = itertools.count()
    pages: Pages[str] = Pages(lambda cursor: Page([], str(next(numbers))), None, "tasks.list", "acme")
    with pytest.raises(errors.VendorProtocolError, match="held no record"):
        list(pages)
    assert next(numbers) == EMPTY_PAGES


def test_input_is_checked_when_the_list_is_requested(simple: Caller, server: Loopback) -> None:
    with using(Client(settings=QUICK, connections=simple.connections)), pytest.raises(errors.InvalidInput, match="status"):
        tasks.list(status="opne")  # type: ignore[arg-type]


def test_a_failed_page_raises_and_may_be_retried(simple: Caller, server: Loopback) -> None:
    server.answers(page("P-1", next="2"), *[Reply(503)] * QUICK.attempts)
    with pytest.raises(errors.Unavailable) as caught:
        simple.list(tasks.list)
    assert caught.value.operation == "tasks.list"
    assert caught.value.retry_safe is True


def test_async_pages(simple: Caller, server: Loopback) -> None:
    server.answers(page("P-1", next="2"), page("P-2"), page("P-1", next="2"), page())

    async def run() -> tuple[list[int], str, None]:
        async with AsyncClient(settings=QUICK, connections=simple.connections) as client, using(client):
            sizes = [len(found) async for found in tasks.list.asynchronous().pages()]
            first = await tasks.list.asynchronous().first()
            nothing = await tasks.list.asynchronous().first()
            await client.aclose()
            assert first is not None
            assert nothing is None
            return sizes, first.id, nothing

    assert asyncio.run(run()) == ([1, 1], "P-1", None)


def test_a_record_that_moved_to_the_next_page_comes_once(caller: Caller, server: Loopback) -> None:
    """A record was created at the front of the list while it was read."""
    server.answers(page("P-3", "P-2", next="2"), page("P-2", "P-1", next="3"), page("P-1", next="4"), page("P-0"))
    assert [task.id for task in caller.list(tasks.list, limit=2)] == ["P-3", "P-2", "P-1", "P-0"]


# ------------------------------------------------------------------------------------------------------- cursors and the longest list
def test_a_list_that_failed_goes_on_from_its_cursor(simple: Caller, server: Loopback) -> None:
    with Client(settings=QUICK, connections=simple.connections) as client, using(client):
        found = tasks.list()
        assert found.cursor is None
        server.answers(page("P-1", next="2"), Reply(404))
        records = iter(found)
        assert next(records).id == "P-1"
        with pytest.raises(errors.NotFound):
            next(records)
        assert found.cursor not in {None, "2"}
        server.answers(page("P-2"))
        again = tasks.list(cursor=found.cursor)
        assert [task.id for task in again] == ["P-2"]
        assert again.cursor is None
        client.close()


@pytest.mark.parametrize("longest", [0, 3, 4, 5])
def test_a_list_ends_at_the_clients_bound_with_an_error(longest: int) -> None:
    def fetch(cursor: str | None) -> Page[str]:
        number = int(cursor or 0)
        return Page([f"{number}a", f"{number}b"], str(number + 1) if number < 2 else None)

    pages: Pages[str] = Pages(fetch, None, "tasks.list", "acme", longest)
    if longest in (0, 5):  # the last page holds the sixth record: nothing follows it
        assert len(list(pages)) == 6
        return
    records = iter(pages)
    assert [next(records) for _ in range(4)] == ["0a", "0b", "1a", "1b"]
    with pytest.raises(errors.ListTooLong, match=f"4 records were read .*longest_list={longest}") as caught:
        next(records)
    assert (caught.value.cursor, pages.cursor) == ("2", "2")
    assert list(Pages(fetch, caught.value.cursor, "tasks.list", "acme", longest)) == ["2a", "2b"]


def test_an_async_list_ends_at_the_clients_bound_and_goes_on() -> None:
    async def fetch(cursor: str | None) -> Page[str]:
        return Page([f"{cursor}a", f"{cursor}b"], "next" if cursor != "next" else None)

    async def read() -> None:
        pages: AsyncPages[str] = AsyncPages(fetch, "first", "tasks.list", "acme", 2)
        records = aiter(pages)
        assert [await anext(records), await anext(records)] == ["firsta", "firstb"]
        with pytest.raises(errors.ListTooLong):
            await anext(records)
        assert pages.cursor == "next"

    asyncio.run(read())
