"""Contents through a broker: the runtime's own tests of uploads and downloads, with the broker between; and what is damaged on its way."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest

import unified
from tests.support.brokers import SIGNER, serving
from tests.support.drives import double_of
from tests.support.drives.blobs import Blob
from tests.transfers import test_downloads, test_uploads
from tests.transfers.conftest import QUICK, VALUES, Bench, Told, noise
from tests.transfers.test_uploads import apieces
from tests.unit.runtime.policies import Engine
from unified import aio, files
from unified_platform.broker.app import Broker
from unified_platform.broker.building import KeysDecide
from unified_platform.broker.calls import Calls
from unified_platform.broker.identity import Identity
from unified_platform.broker.keys import KeyStore
from unified_platform.broker.limits import Limits
from unified_platform.control.approvals import ApprovalStore
from unified_platform.control.store import open_store
from unified_runtime import ApprovalRequired, AsyncClient, Client, Denied, Guard, InvalidInput
from unified_runtime.control.policy import allow, deny, needs_approval
from unified_runtime.pacing.budgets import Unlimited

_TIME = "its sync twin is run, and one that is async below"
LEFT_OUT = {"test_a_content_arrives_whole_async": _TIME, "test_a_content_is_saved_whole_async": _TIME}
"""Tests that mean something else through a broker, each with the reason."""

MIB = 1024 * 1024


def _taken(module: ModuleType) -> dict[str, object]:
    found = {name: value for name, value in vars(module).items() if name.startswith("test_") and callable(value)}
    return {name: test for name, test in found.items() if "bench" in inspect.signature(test).parameters and name not in LEFT_OUT}


globals().update(_taken(test_downloads) | _taken(test_uploads))


class BrokerBench(Bench):
    """Clients that reach the double through the broker."""

    broker: Broker
    url: str
    key: str

    def _connected(self, settings: object) -> None:
        made = AsyncClient(budget=Unlimited(), settings=QUICK if settings is None else settings)  # type: ignore[arg-type]
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
        Calls(AsyncClient(), Guard(KeysDecide()), Unlimited(), SIGNER), Identity(keys), Limits(content=32 * MIB, silence=5, deadline=60)
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
    data, told = noise(6 * MIB + 1), Told()

    async def both() -> bytes:
        async with bench.aclient() as client:
            made = await aio.files.upload(apieces(data), name="a.bin", progress=told)
            assert await aio.files.download(made.id).save(tmp_path / "a.bin") == len(data)
            read = await aio.files.download(made.id).read()
            await client.aclose()
            return read

    assert asyncio.run(both()) == (tmp_path / "a.bin").read_bytes() == data
    assert told.calls[-1] == (len(data), len(data))


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
def test_what_was_damaged_on_its_way_is_not_kept(bench: BrokerBench, body: bytes) -> None:
    bench.client()
    answer = httpx2.post(f"{bench.url}/v1/upload", headers={"Authorization": f"Bearer {bench.key}"}, content=body)
    assert answer.status_code in {400, 413}, answer.text
    assert answer.json()["error"] == "InvalidInput"
    assert bench.double.contents() == 0


# ------------------------------------------------------------------------------------------------ approvals
@pytest.fixture
def approvals(bench: BrokerBench, tmp_path: Path) -> Iterator[ApprovalStore]:
    """Every upload wants a person's approval."""
    store = ApprovalStore(open_store(tmp_path / "control.db"))
    before = bench.broker.calls.guard
    engine = Engine(lambda question: allow() if question.approved or question.effect == "read" else needs_approval("a person looks"))
    bench.broker.calls.guard = Guard(engine, approvals=store)
    yield store
    bench.broker.calls.guard = before


@pytest.mark.parametrize("size", [0, 10, 300_000, 8 * MIB])
def test_an_upload_is_approved_for_exactly_these_bytes(bench: BrokerBench, approvals: ApprovalStore, size: int) -> None:
    data = noise(size)
    with bench.client():
        with pytest.raises(ApprovalRequired, match="a person looks") as asked:
            files.upload(data, name="a.bin")
        assert asked.value.plan is not None
        wanted = {"bytes": size, "sha256": hashlib.sha256(data).hexdigest()}
        assert approvals.get(asked.value.approval).claim.arguments["content"] == wanted
        approvals.approve(asked.value.approval, by="ada")
        with pytest.raises(ApprovalRequired) as other:
            files.upload(data + b"x", name="a.bin")
        assert other.value.approval != asked.value.approval
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
    with bench.client():
        with pytest.raises(ApprovalRequired) as asked:
            files.upload(CONTENT, name="a.bin", via="google-drive")
        approvals.approve(asked.value.approval, by="ada")
    call = {**UPLOAD, "size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}
    answer = httpx2.post(f"{bench.url}/v1/upload", headers={"Authorization": f"Bearer {bench.key}"}, content=framed(call, other))
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidInput")
    assert "announced" in answer.json()["message"]
    assert bench.double.contents() == 0
    assert approvals.get(asked.value.approval).status == "spent"


@pytest.mark.parametrize("wrong", [{"size": -1}, {"sha256": "0" * 63}, {"sha256": "G" * 64}, {"size": "1"}])
def test_what_cannot_be_said_of_a_content(bench: BrokerBench, wrong: dict[str, object]) -> None:
    bench.client()
    body = framed({**UPLOAD, **wrong}, CONTENT)
    answer = httpx2.post(f"{bench.url}/v1/upload", headers={"Authorization": f"Bearer {bench.key}"}, content=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidInput")


def test_what_is_not_known_beforehand_cannot_be_approved(bench: BrokerBench, approvals: ApprovalStore, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"data")
    with bench.client():
        for content in (tmp_path / "a.bin", iter([b"data"])):
            with pytest.raises(Denied, match="given as bytes"):
                files.upload(content, name="a.bin")
    assert approvals.list() == []
    assert bench.double.contents() == 0


def test_a_policy_sees_how_large_an_upload_is(bench: BrokerBench, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(11))
    before, engine = bench.broker.calls.guard, Engine(lambda q: allow() if q.input.get("content", 99) <= 10 else deny("too large"))
    bench.broker.calls.guard = Guard(engine)
    try:
        with bench.client():
            files.upload(bytes(10), name="a.bin")
            for content in (bytes(11), tmp_path / "a.bin", iter([b"x"])):
                with pytest.raises(Denied, match="too large"):
                    files.upload(content, name="b.bin")
    finally:
        bench.broker.calls.guard = before
    assert bench.double.contents() == 1


def test_a_content_that_is_too_large_is_refused(bench: BrokerBench) -> None:
    with bench.client(), pytest.raises(InvalidInput, match="at most"):
        files.upload(bytes(37 * MIB), name="a.bin")
    with bench.client(), pytest.raises(InvalidInput, match="at most"):
        files.upload((bytes(MIB) for _ in range(37)), name="a.bin")
    assert bench.double.contents() == 0


def test_a_download_that_breaks_between_broker_and_agent_goes_on(bench: BrokerBench) -> None:
    """The first connection ends after some frames; what came is not asked for again of the caller, and the digest is of the whole."""
    data = noise(3 * MIB)
    id = bench.double.keep("a.bin", Blob(data))
    bench.client()

    class Cut(httpx2.BaseTransport):
        cuts = 0

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            answer = inner.handle_request(request)
            if self.cuts:
                return answer
            self.cuts = 1
            return httpx2.Response(answer.status_code, headers=answer.headers, stream=Ending(answer.stream))

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

    with httpx2.HTTPTransport() as inner, Client(Cut(), broker=bench.url, key=bench.key, settings=QUICK):
        assert b"".join(files.download(id)) == data
