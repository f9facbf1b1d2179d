"""Contents as observers see them: one call, with the numbers of bytes received and sent."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.drives.blobs import Blob
from tests.transfers.conftest import MIB, Bench, noise
from tests.unit.runtime.test_observers import Recorder
from unified import aio, files
from unified_runtime import NotFound, configure, using


def test_a_content_that_is_received_is_one_call(bench: Bench) -> None:
    data = noise(2 * MIB)
    id = bench.double.keep("a.bin", Blob(data))
    result = Recorder()
    configure(observers=result)
    try:
        with using(bench.client()):
            assert files.download(id).read() == data
            next(iter(files.download(id)))  # and sent
        with using(bench.client()), pytest.raises(NotFound):
            files.download(id[:-1] + ("A" if id[-1] != "A" else "B")).read()
    finally:
        configure(observers=None)
    complete, left, missing = result.records
    assert (complete.tool, complete.vendor, complete.outcome, missing.outcome) == ("files.download", bench.vendor, "ok", "not_found")
    assert complete.attempts[-1].bytes_received == len(data)
    assert (left.outcome, 0 < left.attempts[-1].bytes_received < len(data)) == ("abandoned", True)


def test_a_content_that_is_received_is_one_call_async(bench: Bench) -> None:
    data = noise(MIB)
    id = bench.double.keep("a.bin", Blob(data))
    result = Recorder()
    configure(observers=result)

    async def download() -> bytes:
        async with using(bench.aclient()) as client:
            read = await aio.files.download(id).read()
            await client.aclose()
            return read

    try:
        assert asyncio.run(download()) == data
    finally:
        configure(observers=None)
    (complete,) = result.records
    assert (complete.tool, complete.outcome, complete.attempts[-1].bytes_received) == ("files.download", "ok", len(data))


def test_a_content_that_is_sent_is_one_call(bench: Bench) -> None:
    data = noise(7 * MIB)
    result = Recorder()
    configure(observers=result)
    try:
        with using(bench.client()):
            files.upload(data, name="a.bin")
    finally:
        configure(observers=None)
    (complete,) = result.records
    assert (complete.tool, complete.outcome) == ("files.upload", "ok")
    assert complete.bytes_sent >= len(data)
