"""Addresses for vendors' deliveries, which anybody can send to: what is slow, large, or too much keeps nobody out and takes no room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from unified_platform.inbox import Hook, Receiver, open_inbox, receiving

PIECE = bytes(64 * 1024)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setenv("HOOK_SECRET", "a-secret-that-nobody-knows")
    hook = Hook(name="gh", vendor="github", secret_env=("HOOK_SECRET",), user="alice")
    return Starlette(routes=Receiver([hook], open_inbox(tmp_path / "inbox.db"), address="https://broker.example").routes())


async def status(
    app: Starlette, receive: Callable[[], Awaitable[Any]], name: str = "gh", headers: tuple[tuple[bytes, bytes], ...] = ()
) -> int:
    """The status of a delivery whose body comes as `receive` gives it."""
    told: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    scope = {"type": "http", "method": "POST", "path": f"/hooks/{name}", "raw_path": b"", "query_string": b"", "headers": [*headers]}
    await app(scope | {"scheme": "https", "server": ("broker.example", 443), "http_version": "1.1"}, receive, send)
    return told[0]


async def silent() -> Any:
    await asyncio.Event().wait()


async def gone() -> Any:
    return {"type": "http.disconnect"}


async def refused() -> Any:
    pytest.fail("it was read")


def endless() -> Callable[[], Awaitable[Any]]:
    async def piece() -> Any:
        return {"type": "http.request", "body": PIECE, "more_body": True}

    return piece


async def empty() -> Any:
    return {"type": "http.request", "body": b"{}", "more_body": False}


def test_a_delivery_that_does_not_come_ends(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "SLOWEST", 0.01)
    assert asyncio.run(status(app, silent)) == 408
    assert asyncio.run(status(app, gone)) == 400


def test_a_delivery_without_end_is_not_kept_in_memory(app: Starlette) -> None:
    assert asyncio.run(status(app, endless())) == 413
    for length in (b"99999999999", b"-1", b"1_0", "²".encode("latin-1"), b"ten"):
        assert asyncio.run(status(app, refused, headers=((b"content-length", length),))) == 413


def test_nothing_is_read_for_an_address_that_is_none(app: Starlette) -> None:
    assert asyncio.run(status(app, refused, name="other")) == 404


def test_too_many_at_a_time_are_sent_away_and_take_no_room_for_ever(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "AT_ONCE", 3)

    async def flood() -> list[int]:
        slow = [asyncio.create_task(status(app, silent)) for _ in range(3)]
        for _ in range(20):  # until all of them wait for their bodies
            await asyncio.sleep(0)
        during = await status(app, refused)
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        return [during, await status(app, empty)]

    assert asyncio.run(flood()) == [503, 401]
