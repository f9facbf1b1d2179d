"""Contents as observers see them: one call, with the bytes that came and went."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.drives.blobs import Blob
from tests.transfers.conftest import MIB, Bench, noise
from tests.unit.runtime.test_observing import Told
from unified import aio, files
from unified_runtime import NotFound, observe


def test_a_content_that_is_received_is_one_call(bench: Bench) -> None:
    data = noise(2 * MIB)
    id = bench.double.keep("a.bin", Blob(data))
    told = Told()
    observe(told)
    try:
        with bench.client():
            assert files.download(id).read() == data
            next(iter(files.download(id)))  # and left
        with bench.client(), pytest.raises(NotFound):
            files.download(id[:-1] + ("A" if id[-1] != "A" else "B")).read()
    finally:
        observe()
    whole, left, missing = told.records
    assert (whole.tool, whole.vendor, whole.outcome, missing.outcome) == ("files.download", bench.vendor, "ok", "not_found")
    assert whole.attempts[-1].bytes_received == len(data)
    assert (left.outcome, 0 < left.attempts[-1].bytes_received < len(data)) == ("abandoned", True)


def test_a_content_that_is_received_is_one_call_async(bench: Bench) -> None:
    data = noise(MIB)
    id = bench.double.keep("a.bin", Blob(data))
    told = Told()
    observe(told)

    async def download() -> bytes:
        async with bench.aclient() as client:
            read = await aio.files.download(id).read()
            await client.aclose()
            return read

    try:
        assert asyncio.run(download()) == data
    finally:
        observe()
    (whole,) = told.records
    assert (whole.tool, whole.outcome, whole.attempts[-1].bytes_received) == ("files.download", "ok", len(data))


def test_a_content_that_is_sent_is_one_call(bench: Bench) -> None:
    data = noise(7 * MIB)
    told = Told()
    observe(told)
    try:
        with bench.client():
            files.upload(data, name="a.bin")
    finally:
        observe()
    (whole,) = told.records
    assert (whole.tool, whole.outcome) == ("files.upload", "ok")
    assert whole.bytes_sent >= len(data)
