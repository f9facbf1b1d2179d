"""Entries that many threads append at the same time: each is there once, chained, and told if it could not be written."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from unified_platform.control.audit import Audit
from unified_platform.control.store import open_store
from unified_runtime.errors import UnifiedError


def test_threads_share_the_disk_and_lose_no_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = Audit(open_store(tmp_path / "control.db"))
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
    audit = Audit(open_store(tmp_path / "control.db"))
    audit.extend([{"number": 1}, {"number": 2, "text": "é\u2028"}])
    with pytest.raises(TypeError):
        audit.extend([{"number": 3}, {"number": object()}])
    assert [entry for _, entry in audit.entries()] == [{"number": 1}, {"number": 2, "text": "é\u2028"}]
    assert audit.verify().seq == 2


def test_a_disk_that_is_slow_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    audit = Audit(open_store(tmp_path / "control.db"))
    audit.append({"number": 1})
    assert caplog.messages == []
    monkeypatch.setattr("unified_platform.control.audit.SLOW", 0.0)
    audit.append({"number": 2})
    assert ["calls waited for it" in message for message in caplog.messages] == [True]


def test_what_could_not_be_written_is_told_to_all_that_waited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = Audit(open_store(tmp_path / "control.db"))

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
