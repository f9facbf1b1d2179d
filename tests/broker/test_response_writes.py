"""Responses in one write: the bytes that uvicorn would write, at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from unified_platform.broker import responses
from unified_platform.broker.responses import send_response

HEADERS = [(b"cache-control", b"no-store"), (b"content-type", b"application/json"), (b"content-length", b"2")]


class Wire:
    """Transport that saves the bytes written."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        assert not self.closed
        self.pieces.append(data)

    def close(self) -> None:
        self.closed = True


def cycle(wire: Wire, over: list[str], *, keep_alive: bool = True) -> RequestResponseCycle:
    given: dict[str, Any] = {
        "scope": {"type": "http", "method": "POST"},
        "transport": wire,
        "flow": FlowControl(wire),  # type: ignore[arg-type]
        "logger": logging.getLogger("test"),
        "access_logger": logging.getLogger("test"),
        "access_log": False,
        "default_headers": [(b"date", b"Sat, 28 Nov 2026 00:00:00 GMT")],
        "message_event": asyncio.Event(),
        "expect_100_continue": False,
        "keep_alive": keep_alive,
        "on_response": lambda: over.append("over"),
    }
    return RequestResponseCycle(**given)


def wrapped(send: Callable[..., Any]) -> Callable[..., Any]:
    async def sending(message: Any) -> None:
        await send(message)

    return sending


@pytest.mark.parametrize("keep_alive", [True, False])
@pytest.mark.parametrize("status", [200, 403])
def test_it_is_what_uvicorn_writes_in_one_piece(status: int, keep_alive: bool) -> None:
    async def run(wrap: Callable[..., Any]) -> tuple[Wire, RequestResponseCycle, list[str]]:
        wire, over = Wire(), list[str]()
        made = cycle(wire, over, keep_alive=keep_alive)
        await send_response(made.scope, wrap(made.send), status, HEADERS, b"{}")  # type: ignore[arg-type]
        return wire, made, over

    complete, made, over = asyncio.run(run(lambda send: send))
    usual, other, also = asyncio.run(run(wrapped))
    assert len(usual.pieces) == 2, "uvicorn has it by itself now: this module is needed no more"
    assert complete.pieces == [b"".join(usual.pieces)]
    assert (complete.closed, over) == (usual.closed, also) == (not keep_alive, ["over"])
    for name in ("response_started", "response_complete", "waiting_for_100_continue", "disconnected"):
        assert getattr(made, name) == getattr(other, name), name
    assert made.message_event.is_set()


def test_nothing_is_written_to_who_has_gone() -> None:
    async def run() -> list[bytes]:
        wire = Wire()
        made = cycle(wire, [])
        made.disconnected = True
        await send_response(made.scope, made.send, 200, HEADERS, b"{}")  # type: ignore[arg-type]
        return wire.pieces

    assert asyncio.run(run()) == []


def test_one_who_reads_slowly_is_waited_for() -> None:
    async def run() -> tuple[int, int]:
        wire = Wire()
        made = cycle(wire, [])
        wire.pause_reading = wire.resume_reading = lambda: None  # type: ignore[attr-defined]
        made.flow.pause_writing()
        task = asyncio.create_task(send_response(made.scope, made.send, 200, HEADERS, b"{}"))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        before = len(wire.pieces)
        made.flow.resume_writing()
        await task
        return before, len(wire.pieces)

    assert asyncio.run(run()) == (0, 1)


def test_other_servers_get_only_protocol_messages() -> None:
    received: list[Any] = []

    async def send(message: Any) -> None:
        received.append(message)

    asyncio.run(send_response({"type": "http", "method": "POST"}, send, 200, HEADERS, b"{}"))
    assert [message["type"] for message in received] == ["http.response.start", "http.response.body"]
    assert received[0]["headers"] == HEADERS


def test_this_uvicorn_is_known() -> None:
    assert responses._KNOWN
