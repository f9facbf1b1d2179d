"""Lists: lazy, page by page, and never for ever."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from unified_runtime import AsyncClient, Client, Page, errors
from unified_runtime.pages import EMPTY_PAGES, Pages


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


def test_pages_are_asked_for_when_they_are_reached(simple: Caller, server: Loopback) -> None:
    with Client(settings=QUICK, connections=simple.connections) as client:
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
    with Client(settings=QUICK, connections=simple.connections) as client:
        server.answers(page("P-1", next="2"), page("P-2"))
        first = next(tasks.list().pages())
        assert (len(first), first.cursor) == (1, "2")
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
    server.answers(page("P-1", next="here"))
    with pytest.raises(errors.VendorProtocolError, match="already read"):
        simple.list(tasks.list, cursor="here")


def test_empty_pages_are_given_up_in_the_end() -> None:
    numbers = itertools.count()
    pages: Pages[str] = Pages(lambda cursor: Page([], str(next(numbers))), None, "tasks.list", "acme")
    with pytest.raises(errors.VendorProtocolError, match="held no record"):
        list(pages)
    assert next(numbers) == EMPTY_PAGES


def test_input_is_checked_when_the_list_is_asked_for(simple: Caller, server: Loopback) -> None:
    with Client(settings=QUICK, connections=simple.connections), pytest.raises(errors.InvalidInput, match="status"):
        tasks.list(status="opne")  # type: ignore[arg-type]


def test_a_failing_page_says_so_and_may_be_tried_again(simple: Caller, server: Loopback) -> None:
    server.answers(page("P-1", next="2"), *[Reply(503)] * QUICK.attempts)
    with pytest.raises(errors.Unavailable) as caught:
        simple.list(tasks.list)
    assert caught.value.operation == "tasks.list"
    assert caught.value.retry_safe is True


def test_async_pages(simple: Caller, server: Loopback) -> None:
    server.answers(page("P-1", next="2"), page("P-2"), page("P-1", next="2"), page())

    async def run() -> tuple[list[int], str, None]:
        async with AsyncClient(settings=QUICK, connections=simple.connections) as client:
            sizes = [len(found) async for found in tasks.list.asynchronous().pages()]
            first = await tasks.list.asynchronous().first()
            nothing = await tasks.list.asynchronous().first()
            await client.aclose()
            assert first is not None
            assert nothing is None
            return sizes, first.id, nothing

    assert asyncio.run(run()) == ([1, 1], "P-1", None)


def test_a_record_that_moved_to_the_next_page_comes_once(caller: Caller, server: Loopback) -> None:
    """One was made at the front of the list while it was read."""
    server.answers(page("P-3", "P-2", next="2"), page("P-2", "P-1", next="3"), page("P-1", next="4"), page("P-0"))
    assert [task.id for task in caller.list(tasks.list, limit=2)] == ["P-3", "P-2", "P-1", "P-0"]
