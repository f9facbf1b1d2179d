"""Contents through a broker: the runtime's own tests of uploads and downloads, and contents damaged on the way."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest

import unified
from tests.support.brokers import serving
from tests.support.drives import double_of
from tests.support.drives.blobs import Blob
from tests.support.waiting import until
from tests.transfers import test_downloads, test_uploads
from tests.transfers.conftest import QUICK, VALUES, Bench, Recorder, noise
from tests.transfers.test_uploads import apieces
from tests.unit.runtime.policies import Engine
from unified import aio, files
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.broker.agent_keys import KeyStore
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.identity import Identity
from unified_platform.broker.limits import Limits
from unified_platform.broker.parts import Broker
from unified_runtime import ApprovalRequired, AsyncClient, Client, Denied, InvalidInput, PolicyEnforcer, using
from unified_runtime.core.policy_decisions import allow, deny, needs_approval
from unified_runtime.rate_limits.rate_limiter import Unlimited

_TIME = "its sync twin is run, and one that is async below"
LEFT_OUT = {"test_a_content_arrives_whole_async": _TIME, "test_a_content_is_saved_whole_async": _TIME}
"""Tests that do not apply through a broker, each with the reason."""

MIB = 1024 * 1024


def _taken(module: ModuleType) -> dict[str, object]:
    found = {name: value for name, value in vars(module).items() if name.startswith("test_") and callable(value)}
    return {name: test for name, test in found.items() if "bench" in inspect.signature(test).parameters and name not in LEFT_OUT}


globals().update(_taken(test_downloads) | _taken(test_uploads))


class BrokerBench(Bench):
    """Clients that reach the emulator through the broker."""

    broker: Broker
    url: str
    key: str

    def _connected(self, settings: object) -> None:
        made = AsyncClient(rate_limiter=Unlimited(), settings=QUICK if settings is None else settings)  # type: ignore[arg-type]
        made.connect(self.vendor, unified.bearer("token"), server=self.double.servers(), **VALUES[self.vendor])
        self.broker.calls.client = made

    def client(self, settings: object = None, transport: object = None) -> Client:  # type: ignore[override]
        self._connected(settings)
        return Client(broker=self.url, key=self.key, settings=QUICK)

    def aclient(self, settings: object = None) -> AsyncClient:  # type: ignore[override]
        self._connected(settings)
        return AsyncClient(broker=self.url, key=self.key, settings=QUICK)


@pytest.fixture(scope="module")
def carrier(keys: KeyStore) -> Iterator[tuple[Broker, str]]:
    broker = Broker(
        Calls(AsyncClient(), PolicyEnforcer(KeyScopePolicy()), Unlimited()),
        Identity(keys),
        Limits(content=32 * MIB, silence=5, deadline=60),
    )
    with serving(broker) as url:
        yield broker, url


@pytest.fixture(params=["google-drive"])
def vendor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def bench(vendor: str, carrier: tuple[Broker, str], any_key: str) -> Iterator[BrokerBench]:
    double = double_of(vendor)
    with double.api.running(), double.elsewhere.running():
        made = BrokerBench(vendor, double)
        made.broker, made.url = carrier
        made.key = any_key
        yield made


def test_contents_go_both_ways_async(bench: BrokerBench, tmp_path: Path) -> None:
    data, observer = noise(6 * MIB + 1), Recorder()

    async def both() -> bytes:
        async with using(bench.aclient()) as client:
            made = await aio.files.upload(apieces(data), name="a.bin", progress=observer)
            assert await aio.files.download(made.id).save(tmp_path / "a.bin") == len(data)
            read = await aio.files.download(made.id).read()
            await client.aclose()
            return read

    assert asyncio.run(both()) == (tmp_path / "a.bin").read_bytes() == data
    assert observer.calls[-1] == (len(data), len(data))


def framed(call: dict[str, object], content: bytes, digest: bytes | None = None) -> bytes:
    head = json.dumps(call).encode()
    return struct.pack(">I", len(head)) + head + content + (digest if digest is not None else hashlib.sha256(content).digest())


UPLOAD = {"operation": "files.upload", "input": {"name": "a.bin", "via": "google-drive"}, "content": "content"}
CONTENT = noise(300_000)
DAMAGED = {
    "another byte": framed(UPLOAD, CONTENT[:-1] + b"x", hashlib.sha256(CONTENT).digest()),
    "cut off": framed(UPLOAD, CONTENT)[:-1],
    "without a digest": framed(UPLOAD, CONTENT, b""),
    "more than there is": framed(UPLOAD, CONTENT) + b"x",
    "within the call": framed(UPLOAD, b"")[:20],
    "no call": b"\xff\xff\xff\xff" + CONTENT,
    "nothing": b"",
}


@pytest.mark.parametrize("body", DAMAGED.values(), ids=DAMAGED)
def test_damaged_content_is_not_stored(bench: BrokerBench, body: bytes) -> None:
    bench.client()
    response = httpx2.post(f"{bench.url}/v1/upload", headers={"Authorization": f"Bearer {bench.key}"}, content=body)
    assert response.status_code in {400, 413}, response.text
    assert response.json()["error"] == "InvalidInput"
    assert bench.double.contents() == 0


# ------------------------------------------------------------------------------------------------ approvals
@pytest.fixture
def approvals(bench: BrokerBench, tmp_path: Path) -> Iterator[ApprovalStore]:
    """Every upload needs a person's approval."""
    store = ApprovalStore(open_store(tmp_path / "control.db"))
    before = bench.broker.calls.enforcer
    engine = Engine(lambda question: allow() if question.approved or question.effect == "read" else needs_approval("a person looks"))
    bench.broker.calls.enforcer = PolicyEnforcer(engine, approvals=store)
    yield store
    bench.broker.calls.enforcer = before


@pytest.mark.parametrize("size", [0, 10, 300_000, 8 * MIB])
def test_an_upload_is_approved_for_exactly_these_bytes(bench: BrokerBench, approvals: ApprovalStore, size: int) -> None:
    data = noise(size)
    with using(bench.client()):
        with pytest.raises(ApprovalRequired, match="a person looks") as requested:
            files.upload(data, name="a.bin")
        assert requested.value.plan is not None
        wanted = {"$bytes": [size, hashlib.sha256(data).hexdigest()]}
        assert approvals.get(requested.value.approval).subject.arguments["content"] == wanted
        approvals.approve(requested.value.approval, by="ada")
        with pytest.raises(ApprovalRequired) as other:
            files.upload(data + b"x", name="a.bin")
        assert other.value.approval != requested.value.approval
        assert bench.double.contents() == 0
        made = files.upload(data, name="a.bin")
        assert files.download(made.id).read() == data
        with pytest.raises(ApprovalRequired):  # it was spent
            files.upload(data, name="a.bin")
    assert bench.double.contents() == 1


@pytest.mark.parametrize("other", [CONTENT[:-1] + b"x", CONTENT[:-1], CONTENT + b"x", b""], ids=["altered", "shorter", "longer", "empty"])
def test_an_approval_is_of_no_use_for_other_bytes_that_are_called_the_same(
    bench: BrokerBench, approvals: ApprovalStore, other: bytes
) -> None:
    with using(bench.client()):
        with pytest.raises(ApprovalRequired) as requested:
            files.upload(CONTENT, name="a.bin", via="google-drive")
        approvals.approve(requested.value.approval, by="ada")
    call = {**UPLOAD, "size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}
    response = httpx2.post(f"{bench.url}/v1/upload", headers={"Authorization": f"Bearer {bench.key}"}, content=framed(call, other))
    assert (response.status_code, response.json()["error"]) == (400, "InvalidInput")
    assert "announced" in response.json()["message"]
    assert bench.double.contents() == 0
    assert approvals.get(requested.value.approval).status == "spent"


@pytest.mark.parametrize("at", [0, 1, 150_000, len(CONTENT) - 1])
@pytest.mark.parametrize("again", ["the same", "other bytes", "another file", "another connection", "the rest alone"])
def test_an_upload_that_was_interrupted_is_not_resumed_as_another(
    bench: BrokerBench, approvals: ApprovalStore, at: int, again: str
) -> None:
    """The agent's connection ends during an approved upload; then the agent sends another content with the same digest."""
    with using(bench.client()):
        with pytest.raises(ApprovalRequired) as requested:
            files.upload(CONTENT, name="a.bin", via="google-drive")
        approvals.approve(requested.value.approval, by="ada")
    call = {**UPLOAD, "size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}
    complete = framed(call, CONTENT)
    host, _, port = bench.url.removeprefix("http://").partition(":")
    head = f"POST /v1/upload HTTP/1.1\r\nHost: broker\r\nAuthorization: Bearer {bench.key}\r\nContent-Length: {len(complete)}\r\n\r\n"
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(head.encode() + complete[: len(complete) - 32 - len(CONTENT) + at])
        until(lambda: approvals.get(requested.value.approval).status == "spent")
    bodies = {
        "the same": complete,
        "other bytes": framed(call, CONTENT[:at] + noise(len(CONTENT) - at, seed=2)),
        "another file": framed({**call, "input": {"name": "b.bin", "via": "google-drive"}}, CONTENT),
        "another connection": framed({**call, "acting": {"connection": "prod"}}, CONTENT),
        "the rest alone": framed(call, CONTENT[at:]),
    }
    response = httpx2.post(f"{bench.url}/v1/upload", headers={"Authorization": f"Bearer {bench.key}"}, content=bodies[again])
    assert response.status_code >= 400
    assert response.json()["error"] in {"ApprovalRequired", "NotConnected"}, response.text
    assert bench.double.contents() == 0, "neither the interrupted upload nor the other one"


@pytest.mark.parametrize("wrong", [{"size": -1}, {"sha256": "0" * 63}, {"sha256": "G" * 64}, {"size": "1"}])
def test_invalid_metadata_of_content(bench: BrokerBench, wrong: dict[str, object]) -> None:
    bench.client()
    body = framed({**UPLOAD, **wrong}, CONTENT)
    response = httpx2.post(f"{bench.url}/v1/upload", headers={"Authorization": f"Bearer {bench.key}"}, content=body)
    assert (response.status_code, response.json()["error"]) == (400, "InvalidInput")


def test_content_of_unknown_size_cannot_be_approved(bench: BrokerBench, approvals: ApprovalStore, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"data")
    with using(bench.client()):
        for content in (tmp_path / "a.bin", iter([b"data"])):
            with pytest.raises(Denied, match="given as bytes"):
                files.upload(content, name="a.bin")
    assert approvals.list() == []
    assert bench.double.contents() == 0


def test_a_policy_sees_how_large_an_upload_is(bench: BrokerBench, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(11))
    before, engine = bench.broker.calls.enforcer, Engine(lambda q: allow() if q.input.get("content", 99) <= 10 else deny("too large"))
    bench.broker.calls.enforcer = PolicyEnforcer(engine)
    try:
        with using(bench.client()):
            files.upload(bytes(10), name="a.bin")
            for content in (bytes(11), tmp_path / "a.bin", iter([b"x"])):
                with pytest.raises(Denied, match="too large"):
                    files.upload(content, name="b.bin")
    finally:
        bench.broker.calls.enforcer = before
    assert bench.double.contents() == 1


def test_a_content_that_is_too_large_is_refused(bench: BrokerBench) -> None:
    with using(bench.client()), pytest.raises(InvalidInput, match="at most"):
        files.upload(bytes(37 * MIB), name="a.bin")
    with using(bench.client()), pytest.raises(InvalidInput, match="at most"):
        files.upload((bytes(MIB) for _ in range(37)), name="a.bin")
    assert bench.double.contents() == 0


def test_a_download_that_breaks_between_broker_and_agent_goes_on(bench: BrokerBench) -> None:
    """The first connection ends after some frames; the caller need not send them again, and the digest covers the complete content."""
    data = noise(3 * MIB)
    id = bench.double.keep("a.bin", Blob(data))
    bench.client()

    class Cut(httpx2.BaseTransport):
        cuts = 0

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            response = inner.handle_request(request)
            if self.cuts:
                return response
            self.cuts = 1
            return httpx2.Response(response.status_code, headers=response.headers, stream=Ending(response.stream))

    class Ending(httpx2.SyncByteStream):
        def __init__(self, stream: Any) -> None:
            self.stream = stream

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for part in self.stream:
                yield part
                size += len(part)
                if size > MIB:
                    raise httpx2.ReadError("cut")

        def close(self) -> None:
            self.stream.close()

    with httpx2.HTTPTransport() as inner, using(Client(Cut(), broker=bench.url, key=bench.key, settings=QUICK)):
        assert b"".join(files.download(id)) == data
