"""Uploads of every size and kind are complete after any failure on the way, or raise an error."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.drives import double_of
from tests.support.drives.server import Fault, Seen
from tests.transfers.conftest import MIB, Bench, Recorder, file_of, noise
from unified import aio, files
from unified_runtime import InvalidInput, Unavailable, Unconfirmed, UnifiedError, using

SIZES = [0, 1, 5 * MIB, 5 * MIB + 1, 21 * MIB + 7]


def pieces(data: bytes, size: int = 700_001) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def apieces(data: bytes) -> AsyncIterator[bytes]:
    for piece in pieces(data):
        await asyncio.sleep(0)
        yield piece


class Unseekable(io.RawIOBase):
    """File that is read once, a few bytes at a time, as a socket is."""

    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def read(self, size: int = -1, /) -> bytes:
        return self._inner.read(min(size, 123_457) if size >= 0 else size)

    def seekable(self) -> bool:
        return False


KINDS: dict[str, Any] = {
    "bytes": lambda data, _: data,
    "path": lambda data, folder: _written(folder, data),
    "file": lambda data, _: io.BytesIO(data),
    "stream": lambda data, _: Unseekable(data),
    "pieces": lambda data, _: pieces(data),
}


def _written(folder: Path, data: bytes) -> Path:
    path = folder / "content"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_upload_is_complete(bench: Bench, kind: str, size: int, tmp_path: Path) -> None:
    data, result = noise(size), Recorder()
    with using(bench.client()):
        made = files.upload(KINDS[kind](data, tmp_path), name="a.bin", progress=result)
    assert b"".join(bench.double.content(made.id).pieces()) == data
    assert (made.name, made.size) == ("a.bin", size)
    assert result.calls[-1] == (size, size)
    assert [done for done, _ in result.calls] == sorted({done for done, _ in result.calls})
    bench.right()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", [*KINDS, "async pieces"])
def test_an_upload_is_complete_async(bench: Bench, kind: str, size: int, tmp_path: Path) -> None:
    data, result = noise(size), Recorder()

    async def upload() -> Any:
        async with using(bench.aclient()) as client:
            content = apieces(data) if kind == "async pieces" else KINDS[kind](data, tmp_path)
            made = await aio.files.upload(content, name="a.bin", progress=result)
            await client.aclose()
            return made

    made = asyncio.run(upload())
    assert b"".join(bench.double.content(made.id).pieces()) == data
    assert result.calls[-1] == (size, size)
    bench.right()


def test_an_open_file_is_sent_from_its_position(bench: Bench) -> None:
    file = io.BytesIO(b"head" + noise(6 * MIB))
    file.seek(4)
    with using(bench.client()):
        made = files.upload(file, name="a.bin")
    assert b"".join(bench.double.content(made.id).pieces()) == noise(6 * MIB)
    assert not file.closed


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("notes.txt", "not text"),
        (io.StringIO("text"), "not an open text file"),
        (Path("/nowhere/at/all"), "cannot be read"),
        (5, "not int"),
        (["text"], "must yield bytes, not str"),
        (None, "not NoneType"),
    ],
)
def test_invalid_content_is_rejected(bench: Bench, content: Any, message: str) -> None:
    with using(bench.client()), pytest.raises((InvalidInput, TypeError), match=message):
        files.upload(content, name="a.bin")
    assert bench.double.contents() == 0


def test_an_async_iterable_is_for_the_async_client(bench: Bench) -> None:
    with using(bench.client()), pytest.raises(InvalidInput, match="async"):
        files.upload(apieces(noise(10)), name="a.bin")


def _carries(seen: Seen) -> bool:
    return seen.length > MIB // 4 or seen.method == "PUT"


FAULTS = st.one_of(
    st.builds(Fault, st.just(_carries), inward=st.integers(0, 9 * MIB)),
    st.builds(Fault, st.just(_carries), lost=st.just(True)),
    st.builds(Fault, st.just(_carries), status=st.sampled_from([500, 502, 503])),
)


@pytest.mark.parametrize("content", ["bytes", "pieces"])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(faults=st.lists(FAULTS, min_size=1, max_size=4))
def test_an_upload_that_is_cut_goes_on(vendor: str, content: str, faults: list[Fault], tmp_path: Path) -> None:
    """The content is stored completely and once, or the error reports that it may not be."""
    data = noise(21 * MIB + 7)
    double = double_of(vendor)
    with double.api.running(), double.elsewhere.running():
        bench = Bench(vendor, double)
        double.api.faults.extend(faults)
        double.elsewhere.faults = double.api.faults
        with using(bench.client()):
            try:
                made = files.upload(KINDS[content](data, tmp_path), name="a.bin")
            except Unconfirmed:
                assert double.contents() <= 1
            else:
                assert double.contents() == 1
                assert b"".join(double.content(made.id).pieces()) == data
        bench.right()


def test_an_upload_that_never_gets_on_is_given_up(bench: Bench) -> None:
    bench.double.elsewhere.faults.extend([Fault(_carries, inward=0)] * 60)
    bench.double.api.faults = bench.double.elsewhere.faults
    with using(bench.client()), pytest.raises(Unavailable):
        files.upload(noise(9 * MIB), name="a.bin")
    assert bench.double.contents() == 0


class Shrinking(io.BytesIO):
    """File that is truncated while it is read."""

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.truncate(6 * MIB)
        return data


class Growing(io.BytesIO):
    """File that is appended to while it is read."""

    def read(self, size: int | None = -1, /) -> bytes:
        position = self.tell()
        self.seek(0, io.SEEK_END)
        self.write(b"more")
        self.seek(position)
        return super().read(size)


@pytest.mark.parametrize("kind", [Shrinking, Growing])
@pytest.mark.parametrize("size", [4 * MIB, 20 * MIB])
def test_a_content_that_changes_while_it_is_read_is_not_stored(bench: Bench, kind: Any, size: int) -> None:
    if (kind, size) == (Shrinking, 4 * MIB):
        return  # it is read before it shrinks
    with using(bench.client()), pytest.raises(InvalidInput, match=r"has more now|ended after|larger than"):
        files.upload(kind(noise(size)), name="a.bin")
    assert bench.double.contents() == 0
    assert bench.double.wrong == []


def test_a_plan_reads_nothing(bench: Bench, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a", 9 * MIB)
    with using(bench.client()):
        plans = [str(files.upload.plan(content, name="a.bin")) for content in (b"abc", path, pieces(b"abc"))]
    assert all("a.bin" in plan for plan in plans)
    assert all("Bearer token" not in plan for plan in plans)
    assert bench.double.api.log == []


def test_an_error_of_progress_is_the_callers_own(bench: Bench) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, total: int | None) -> None:
        raise Stop

    with using(bench.client()), pytest.raises(Stop):
        files.upload(noise(20 * MIB), name="a.bin", progress=stop)
    assert bench.double.contents() == 0


def test_errors_name_what_they_are_of(bench: Bench) -> None:
    with using(bench.client()), pytest.raises(UnifiedError) as caught:
        files.upload(b"abc", name="a.bin", parent_id=bench.double.unknown)
    assert (caught.value.vendor, caught.value.operation) == (bench.vendor, "files.upload")
