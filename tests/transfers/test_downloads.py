"""A content is received whole and as the vendor has it, whatever breaks on the way, or not at all."""

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
from tests.transfers.conftest import MIB, Bench, Told, noise
from unified import aio, files
from unified_runtime import InvalidInput, NotFound, Unavailable, VendorProtocolError

SIZES = [0, 1, 5 * MIB, 21 * MIB + 7]


@pytest.mark.parametrize("size", SIZES)
def test_a_content_is_saved_whole(bench: Bench, size: int, tmp_path: Path) -> None:
    data, told = noise(size), Told()
    id = bench.double.keep("a.bin", Blob(data))
    with bench.client():
        assert files.download(id).save(tmp_path / "a.bin", progress=told) == size
        assert files.download(id).read() == data
        assert b"".join(files.download(id)) == data
    assert (tmp_path / "a.bin").read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]
    assert not size or told.calls[-1] == (size, size)
    bench.right()


@pytest.mark.parametrize("size", SIZES)
def test_a_content_is_saved_whole_async(bench: Bench, size: int, tmp_path: Path) -> None:
    data = noise(size)
    id = bench.double.keep("a.bin", Blob(data))

    async def download() -> tuple[int, bytes, bytes]:
        async with bench.aclient() as client:
            saved = await aio.files.download(id).save(tmp_path / "a.bin")
            read = await aio.files.download(id).read()
            pieces = b"".join([piece async for piece in aio.files.download(id)])
            await client.aclose()
            return saved, read, pieces

    assert asyncio.run(download()) == (size, data, data)
    assert (tmp_path / "a.bin").read_bytes() == data
    bench.right()


def _content(seen: Seen) -> bool:
    """A request that a content answers: on the double's other origin, or on its API with nothing else in its answer."""
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
        with bench.client():
            assert files.download(id).save(tmp_path / "a.bin") == len(data)
        assert (tmp_path / "a.bin").read_bytes() == data
        assert not double.api.faults
        bench.right()


def test_a_download_that_never_gets_on_is_given_up(bench: Bench, tmp_path: Path) -> None:
    id = bench.double.keep("a.bin", Blob(noise(MIB)))
    bench.double.api.faults.extend([Fault(_content, outward=1000)] + [Fault(_content, outward=0)] * 40)
    bench.double.elsewhere.faults = bench.double.api.faults
    (tmp_path / "a.bin").write_bytes(b"before")
    with bench.client(), pytest.raises(Unavailable, match=r"broke off|did not answer"):
        files.download(id).save(tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize("change", [lambda data: data[:-1] + b"\x00", lambda data: data[:1000] + data[:1000] + data[2000:]])
def test_another_content_than_the_vendor_tells_of_is_an_error(bench: Bench, change: Any, tmp_path: Path) -> None:
    data = noise(100_000, 3)
    id = bench.double.keep("a.bin", Blob(data))
    blob = bench.double.content(id)
    told = change(data)
    blob.pieces = lambda start=0, end=None: iter([told[start:]])  # type: ignore[method-assign]
    with bench.client(), pytest.raises(VendorProtocolError, match="not what the vendor has") as caught:
        files.download(id).save(tmp_path / "a.bin")
    assert list(tmp_path.iterdir()) == []
    assert caught.value.retry_safe
    assert (caught.value.vendor, caught.value.operation) == (bench.vendor, "files.download")


def test_a_file_that_is_not_there(bench: Bench, tmp_path: Path) -> None:
    with bench.client(), pytest.raises(NotFound):
        files.download(bench.double.unknown).save(tmp_path / "a.bin")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to(bench: Bench, tmp_path: Path) -> None:
    id = bench.double.keep("a.bin", Blob(b"abc"))
    with bench.client(), pytest.raises(InvalidInput, match="cannot be saved"):
        files.download(id).save(tmp_path / "nowhere" / "a.bin")
    assert bench.double.api.log == []


def test_more_than_is_wanted_in_memory(bench: Bench) -> None:
    id = bench.double.keep("a.bin", Blob(noise(MIB)))
    with bench.client(), pytest.raises(VendorProtocolError, match="more than 1000 bytes"):
        files.download(id).read(most=1000)


def test_who_stops_iterating_closes_the_connection(bench: Bench) -> None:
    id = bench.double.keep("a.bin", Blob(noise(8 * MIB)))
    with bench.client():
        first = next(iter(files.download(id)))
    assert noise(8 * MIB).startswith(first)


def test_a_plan_shows_both_requests(bench: Bench) -> None:
    with bench.client():
        plan = files.download.plan(bench.double.unknown)
    assert len(plan.requests) == 2
    assert bench.double.api.log == []
