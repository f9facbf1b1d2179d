"""Public addresses for vendors' deliveries: slow, large or too many deliveries block no other sender and use no storage."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from tests.support.brokers import serving
from unified_platform.broker.agent_keys import KeyStore
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.inbox import Hook, Receiver, open_inbox
from unified_platform.inbox import receiver as receiving
from unified_runtime import AsyncClient, PolicyEnforcer
from unified_runtime.rate_limits.rate_limiter import Unlimited

PIECE = bytes(64 * 1024)
SECRET = b"a-secret-that-nobody-knows"


def issue(number: int) -> bytes:
    now = datetime.now(UTC).isoformat()
    of = {"name": "w", "owner": {"login": "a"}}
    return json.dumps({"action": "opened", "repository": of, "issue": {"number": number, "updated_at": now}}).encode()


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setenv("HOOK_SECRET", SECRET.decode())
    hook = Hook(name="gh", vendor="github", secret_env=("HOOK_SECRET",), user="alice")
    return Starlette(routes=Receiver([hook], open_inbox(tmp_path / "inbox.db"), address="https://broker.example").routes())


SHOWN = (b"x-hub-signature-256", b"sha256=00")


async def status(
    app: Starlette,
    receive: Callable[[], Awaitable[Any]],
    name: str = "gh",
    headers: tuple[tuple[bytes, bytes], ...] = (SHOWN,),
    source: str = "192.0.2.1",
) -> int:
    """Return the status of a delivery whose body comes from `receive`."""
    received: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            received.append(message["status"])

    scope = {"type": "http", "method": "POST", "path": f"/hooks/{name}", "raw_path": b"", "query_string": b"", "headers": [*headers]}
    await app(scope | {"scheme": "https", "client": (source, 1), "server": ("broker.example", 443), "http_version": "1.1"}, receive, send)
    return received[0]


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


def test_a_delivery_without_end_is_not_stored_in_memory(app: Starlette) -> None:
    assert asyncio.run(status(app, endless())) == 413
    for length in (b"99999999999", b"-1", b"1_0", "²".encode("latin-1"), b"ten"):
        assert asyncio.run(status(app, refused, headers=(SHOWN, (b"content-length", length)))) == 413


def test_nothing_is_read_for_an_address_that_is_none(app: Starlette) -> None:
    assert asyncio.run(status(app, refused, name="other")) == 404


def test_nothing_is_read_of_a_delivery_without_a_proof(app: Starlette) -> None:
    assert asyncio.run(status(app, refused, headers=())) == 401
    assert asyncio.run(status(app, refused, headers=((b"x-hub-signature", b"sha256=00"),))) == 401


# ------------------------------------------------------------------------------------------------ slow deliveries of any sender
def dripping(piece: bytes, seconds: float) -> Callable[[], Awaitable[Any]]:
    async def drip() -> Any:
        await asyncio.sleep(seconds)
        return {"type": "http.request", "body": piece, "more_body": True}

    return drip


def signed(body: bytes) -> tuple[tuple[bytes, bytes], ...]:
    return ((b"x-hub-signature-256", b"sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest().encode()),)


def entire(body: bytes, pieces: int = 1) -> Callable[[], Awaitable[Any]]:
    """Send a body in some pieces, between which other tasks run."""
    step = -(-len(body) // pieces)
    left = [body[at : at + step] for at in range(0, len(body), step)]

    async def piece() -> Any:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    return piece


@pytest.mark.parametrize("addresses", [1, 50, 500])
@pytest.mark.parametrize("receive", [silent, dripping(b"x", 0.05), dripping(PIECE, 0.05)])
def test_slow_deliveries_of_anyone_make_room_for_a_signed_one(
    app: Starlette, addresses: int, receive: Callable[[], Awaitable[Any]]
) -> None:
    async def flood() -> list[int]:
        slow = [asyncio.create_task(status(app, receive, source=f"198.51.{n % addresses}.1")) for n in range(500)]
        await asyncio.sleep(0.1)
        found = []
        for number in range(5):
            body = issue(number)
            found.append(await status(app, entire(body, 4), headers=signed(body), source="192.0.2.9"))
        for number in range(5, 10):  # from the attackers' own address, such as that of a proxy
            body = issue(number)
            found.append(await status(app, entire(body, 4), headers=signed(body), source="198.51.0.1"))
        for task in slow:
            task.cancel()
        ended = await asyncio.gather(*slow, return_exceptions=True)
        assert sum(one == 503 for one in ended) >= 500 - receiving.AT_ONCE
        return found

    assert asyncio.run(flood()) == [200] * 10


def test_a_burst_of_signed_deliveries_is_accepted(app: Starlette) -> None:
    """A vendor that sends many at a time from one address loses none of them."""

    async def burst() -> list[int]:
        bodies = [issue(number) for number in range(200)]
        return await asyncio.gather(*(status(app, entire(body), headers=signed(body)) for body in bodies))

    assert asyncio.run(burst()) == [200] * 200


def test_a_body_that_is_slower_than_the_rate_ends(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "START", 0.1)
    monkeypatch.setattr(receiving, "RATE", 1000)
    assert asyncio.run(status(app, dripping(b"x", 0.02))) == 408


def test_unsigned_bodies_use_bounded_memory(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "UNVERIFIED", 10 * len(PIECE))
    monkeypatch.setattr(receiving, "SMALL", 1000)

    async def flood() -> int:
        slow = [asyncio.create_task(status(app, dripping(PIECE, 0.01), source=f"198.51.{n}.1")) for n in range(30)]
        await asyncio.sleep(0.3)
        body = issue(1)
        found = await status(app, entire(body, 3), headers=signed(body))
        for task in slow:
            task.cancel()
        ended = await asyncio.gather(*slow, return_exceptions=True)
        assert sum(one == 503 for one in ended) >= 20
        return found

    assert asyncio.run(flood()) == 200


def test_bodies_that_wait_for_their_verification_take_bounded_memory(app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "UNVERIFIED", 10 * len(PIECE))
    monkeypatch.setattr(receiving, "SMALL", 1000)
    ready = threading.Event()
    verify = Receiver._verified

    def slow(self: Receiver, registered: Any, delivery: Any) -> Any:
        if len(delivery.body) > 1000:
            ready.wait(20)
        return verify(self, registered, delivery)

    monkeypatch.setattr(Receiver, "_verified", slow)

    async def flood() -> list[int]:
        large = [asyncio.create_task(status(app, entire(PIECE, 2), source=f"198.51.{n}.1")) for n in range(60)]
        await asyncio.sleep(0.3)
        body = issue(1)
        found = await status(app, entire(body, 3), headers=signed(body))
        ready.set()
        ended = await asyncio.gather(*large)
        assert ended.count(401) <= 10
        assert ended.count(401) + ended.count(503) == 60
        return [found]

    assert asyncio.run(flood()) == [200]


def test_a_broker_accepts_signed_deliveries_while_five_hundred_are_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", SECRET.decode())
    hook = Hook(name="gh", vendor="github", secret_env=("HOOK_SECRET",), user="alice")
    inbox = open_inbox(tmp_path / "inbox.db")
    receiver = Receiver([hook], inbox, address="https://broker.example")
    identity = Identity(KeyStore(open_store(tmp_path / "control.db")))
    broker = Broker(Calls(AsyncClient(), PolicyEnforcer(KeyScopePolicy()), Unlimited()), identity, routes=receiver.routes())
    with serving(broker) as url, contextlib.ExitStack() as stack:
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        for number in range(500):
            slow = stack.enter_context(socket.create_connection(address, 10, (f"127.0.{number % 250 + 1}.1", 0)))
            slow.sendall(b"POST /hooks/gh HTTP/1.1\r\nHost: b\r\nX-Hub-Signature-256: sha256=00\r\nContent-Length: 9000\r\n\r\n{")
        for number in range(5):
            body = issue(number)
            headers = {name.decode(): value.decode() for name, value in signed(body)}
            assert httpx2.post(f"{url}/hooks/gh", content=body, headers=headers).status_code == 200
        assert httpx2.get(f"{url}/health").status_code == 200
    assert len(inbox.latest()) == 5
    inbox.close()
