"""Entries that many threads append at the same time: each is stored once, chained, and reported if it could not be written."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_runtime.core.errors import UnifiedError


def test_threads_share_the_disk_and_lose_no_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = StoredAuditLog(open_store(tmp_path / "control.db"))
    written: list[int] = []
    append = audit._append
    first = threading.Event()

    def slow(texts: Any) -> None:
        written.append(len(texts))
        if not first.is_set():
            first.set()
            for _ in range(1000):  # until the others wait
                if len(audit._waiting) == 19:
                    break
                threading.Event().wait(0.005)
        append(texts)

    monkeypatch.setattr(audit, "_append", slow)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda number: audit.append({"number": number}), range(20)))
    assert sum(written) == 20
    assert len(written) == 2, "those that waited were written together"
    assert audit.verify().seq == 20
    assert sorted(entry["number"] for _, entry in audit.entries()) == [*range(20)]


def test_entries_that_belong_together_are_all_written_or_none(tmp_path: Path) -> None:
    audit = StoredAuditLog(open_store(tmp_path / "control.db"))
    audit.extend([{"number": 1}, {"number": 2, "text": "é\u2028"}])
    with pytest.raises(TypeError):
        audit.extend([{"number": 3}, {"number": object()}])
    assert [entry for _, entry in audit.entries()] == [{"number": 1}, {"number": 2, "text": "é\u2028"}]
    assert audit.verify().seq == 2


def test_a_slow_disk_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    audit = StoredAuditLog(open_store(tmp_path / "control.db"))
    audit.append({"number": 1})
    assert caplog.messages == []
    monkeypatch.setattr("unified_platform.audit.log.SLOW", 0.0)
    audit.append({"number": 2})
    assert ["calls waited for it" in message for message in caplog.messages] == [True]


def test_failed_write_is_reported_to_all_waiting_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = StoredAuditLog(open_store(tmp_path / "control.db"))

    def broken(_: Any) -> None:
        raise UnifiedError("the disk is full")

    monkeypatch.setattr(audit, "_append", broken)

    def tried(number: int) -> str:
        try:
            audit.append({"number": number})
        except UnifiedError as error:
            return error.message
        return "written"

    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(tried, range(40))} == {"the disk is full"}
    assert audit.head().seq == 0


# ------------------------------------------------------------------------------------------------ awaited
def test_entries_of_concurrent_tasks_are_written_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the disk is slow, the loop continues; then all waiting entries are one step, and each caller has its own in order."""
    audit = StoredAuditLog(open_store(tmp_path / "control.db"))
    written: list[int] = []
    append, waiting = audit._append, threading.Event()

    def slow(texts: Any) -> None:
        written.append(len(texts))
        assert len(written) > 1 or waiting.wait(30)
        append(texts)

    monkeypatch.setattr(audit, "_append", slow)

    async def all_of() -> None:
        first = asyncio.create_task(audit.aextend([{"number": 0}]))
        while not written:  # noqa: ASYNC110  a thread says so
            await asyncio.sleep(0.001)
        others = [asyncio.create_task(audit.aextend([{"number": number}, {"number": -number}])) for number in range(1, 20)]
        others[0].cancel()  # canceled before it began: it is not in the log
        await asyncio.sleep(0)
        others[1].cancel()  # canceled while it waits: it may be
        waiting.set()
        await asyncio.gather(first, *others[2:])

    asyncio.run(all_of())
    assert written == [1, 36]
    assert audit.verify().seq == 37
    assert [entry["number"] for _, entry in audit.entries()] == [0, *(n for number in range(2, 20) for n in (number, -number))]


def test_failed_write_is_reported_to_awaiting_tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = StoredAuditLog(open_store(tmp_path / "control.db"))
    append = audit._append

    async def all_of() -> list[object]:
        return list(await asyncio.gather(*(audit.aextend([{"number": number}]) for number in range(3)), return_exceptions=True))

    for wrong in (UnifiedError("the disk is full"), RuntimeError("a mistake")):
        monkeypatch.setattr(audit, "_append", Mock(side_effect=wrong))
        monkeypatch.setattr(threading, "excepthook", lambda _: None)
        found = asyncio.run(all_of())
        assert all(isinstance(one, UnifiedError) for one in found)
    monkeypatch.setattr(audit, "_append", append)
    assert asyncio.run(all_of()) == [None] * 3
    assert audit.verify().seq == 3


def test_the_thread_ends_when_there_is_nothing_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_platform.common.background_worker.IDLE", 0.01)
    audit = StoredAuditLog(open_store(tmp_path / "control.db"))
    for number in range(1, 4):
        asyncio.run(audit.aextend([{"number": number}]))
        assert audit.head().seq == number
        if (thread := audit._writer._thread) is not None:
            thread.join(30)
        assert audit._writer._thread is None
