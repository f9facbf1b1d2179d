"""Downloads are complete and unchanged after any failure on the way, or raise an error."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.drives import double_of
from tests.support.drives.blobs import Blob
from tests.support.drives.server import Fault, Seen
from tests.transfers.conftest import MIB, Bench, Recorder, noise
from unified import aio, files
from unified_runtime import InvalidInput, NotFound, Unavailable, VendorProtocolError, using

SIZES = [0, 1, 5 * MIB, 21 * MIB + 7]


@pytest.mark.parametrize("size", SIZES)
def test_a_content_is_saved_completely(bench: Bench, size: int, tmp_path: Path) -> None:
    data, result = noise(size), Recorder()
    id = bench.double.keep("a.bin", Blob(data))
    with using(bench.client()):
        assert files.download(id).save(tmp_path / "a.bin", progress=result) == size
        assert files.download(id).read() == data
        assert b"".join(files.download(id)) == data
    assert (tmp_path / "a.bin").read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]
    assert not size or result.calls[-1] == (size, size)
    bench.right()


@pytest.mark.parametrize("size", SIZES)
def test_a_content_is_saved_completely_async(bench: Bench, size: int, tmp_path: Path) -> None:
    data = noise(size)
    id = bench.double.keep("a.bin", Blob(data))

    async def download() -> tuple[int, bytes, bytes]:
        async with using(bench.aclient()) as client:
            saved = await aio.files.download(id).save(tmp_path / "a.bin")
            read = await aio.files.download(id).read()
            pieces = b"".join([piece async for piece in aio.files.download(id)])
            await client.aclose()
            return saved, read, pieces

    assert asyncio.run(download()) == (size, data, data)
    assert (tmp_path / "a.bin").read_bytes() == data
    bench.right()


def test_closing_one_client_does_not_affect_the_download_of_another(bench: Bench) -> None:
    data = noise(20 * MIB)
    id = bench.double.keep("a.bin", Blob(data))
    client, other = bench.client(), bench.client()
    with using(other):
        assert files.get(id).size == len(data)
    with using(client):
        pieces = iter(files.download(id))
        received = next(pieces)
        other.close()
        received += b"".join(pieces)
    assert received == data


def test_closing_one_client_does_not_affect_the_download_of_another_async(bench: Bench) -> None:
    data = noise(20 * MIB)
    id = bench.double.keep("a.bin", Blob(data))

    async def run() -> bytes:
        async with bench.aclient() as client, bench.aclient() as other:
            with using(other):
                assert (await aio.files.get(id)).size == len(data)
            with using(client):
                pieces = aiter(aio.files.download(id))
                received = await anext(pieces)
                await other.aclose()
                return received + b"".join([piece async for piece in pieces])

    assert asyncio.run(run()) == data


def _content(seen: Seen) -> bool:
    """Make a request whose response is content: on the emulator's other origin, or on its API with nothing else in the response."""
    return seen.one("alt") == "media" or seen.path.endswith(("/export", "/download")) or seen.path.startswith("/content/")


CUTS = st.builds(Fault, st.just(_content), outward=st.integers(0, 6 * MIB))
STATUSES = st.builds(Fault, st.just(_content), status=st.sampled_from([500, 503]))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(faults=st.lists(CUTS | STATUSES, min_size=1, max_size=3))
def test_a_download_that_is_cut_goes_on(vendor: str, faults: list[Fault], tmp_path: Path) -> None:
    data = noise(9 * MIB + 3)
    double = double_of(vendor)
    with double.api.running(), double.elsewhere.running():
        bench = Bench(vendor, double)
        id = double.keep("a.bin", Blob(data))
        double.api.faults.extend(faults)
        double.elsewhere.faults = double.api.faults
        with using(bench.client()):
            assert files.download(id).save(tmp_path / "a.bin") == len(data)
        assert (tmp_path / "a.bin").read_bytes() == data
        assert not double.api.faults
        bench.right()


def test_a_download_that_never_gets_on_is_given_up(bench: Bench, tmp_path: Path) -> None:
    id = bench.double.keep("a.bin", Blob(noise(MIB)))
    bench.double.api.faults.extend([Fault(_content, outward=1000)] + [Fault(_content, outward=0)] * 40)
    bench.double.elsewhere.faults = bench.double.api.faults
    (tmp_path / "a.bin").write_bytes(b"before")
    with using(bench.client()), pytest.raises(Unavailable, match=r"broke off|did not respond"):
        files.download(id).save(tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize("change", [lambda data: data[:-1] + b"\x00", lambda data: data[:1000] + data[:1000] + data[2000:]])
def test_content_that_differs_from_its_metadata_is_an_error(bench: Bench, change: Any, tmp_path: Path) -> None:
    data = noise(100_000, 3)
    id = bench.double.keep("a.bin", Blob(data))
    blob = bench.double.content(id)
    result = change(data)
    blob.pieces = lambda start=0, end=None: iter([result[start:]])  # type: ignore[method-assign]
    with using(bench.client()), pytest.raises(VendorProtocolError, match="not what the vendor has") as caught:
        files.download(id).save(tmp_path / "a.bin")
    assert list(tmp_path.iterdir()) == []
    assert caught.value.retry_safe
    assert (caught.value.vendor, caught.value.operation) == (bench.vendor, "files.download")


def test_a_file_that_is_not_there(bench: Bench, tmp_path: Path) -> None:
    with using(bench.client()), pytest.raises(NotFound):
        files.download(bench.double.unknown).save(tmp_path / "a.bin")
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_cannot_be_written_to(bench: Bench, tmp_path: Path) -> None:
    id = bench.double.keep("a.bin", Blob(b"abc"))
    with using(bench.client()), pytest.raises(InvalidInput, match="cannot be saved"):
        files.download(id).save(tmp_path / "nowhere" / "a.bin")
    assert bench.double.api.log == []


def test_more_than_is_wanted_in_memory(bench: Bench) -> None:
    id = bench.double.keep("a.bin", Blob(noise(MIB)))
    with using(bench.client()), pytest.raises(VendorProtocolError, match="more than 1000 bytes"):
        files.download(id).read(most=1000)


def test_stopping_an_iteration_closes_the_connection(bench: Bench) -> None:
    id = bench.double.keep("a.bin", Blob(noise(8 * MIB)))
    with using(bench.client()):
        first = next(iter(files.download(id)))
    assert noise(8 * MIB).startswith(first)


def test_a_plan_shows_both_requests(bench: Bench) -> None:
    with using(bench.client()):
        plan = files.download.plan(bench.double.unknown)
    assert len(plan.requests) == 2
    assert bench.double.api.log == []
