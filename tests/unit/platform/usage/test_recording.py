"""Calls are recorded in the usage store in the background: all of them, except those lost to a limit or a crash, which are reported."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.usage import record
from unified_platform.store.errors import StoreUnavailable
from unified_platform.usage import recorder as recording
from unified_platform.usage.recorder import UsageRecorder
from unified_platform.usage.store import UsageStore, open_usage_store
from unified_platform.usage.totals import Totals

NOW = time.time()


def saved(usage_store: UsageStore) -> int:
    return sum(total.calls for total in Totals(usage_store.database).by(()))


def test_finished_calls_are_recorded(usage_store: UsageStore) -> None:
    recorder = UsageRecorder(usage_store)
    threads = [threading.Thread(target=lambda n=n: [recorder.ended(record(f"{n}-{i}", NOW)) for i in range(300)]) for n in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert recorder.flush()
    assert saved(usage_store) == 1500
    recorder.ended(record("by a broker", NOW, through_broker=True))
    recorder.close()
    assert saved(usage_store) == 1500, "what a broker made, the broker keeps"
    recorder.ended(record("late", NOW))
    assert recorder.lost == 1


def test_a_call_waits_for_nothing(usage_store: UsageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    writing, held, written = threading.Event(), threading.Event(), threading.Event()

    def slow(*_: Any, **__: Any) -> None:
        writing.set()
        held.wait(60)
        written.set()

    monkeypatch.setattr(usage_store, "write", slow)
    recorder = UsageRecorder(usage_store)
    recorder.ended(record("first", NOW))
    assert writing.wait(60)
    for number in range(1000):
        recorder.ended(record(f"later {number}", NOW))
    assert not written.is_set(), "every call has ended while the first is still being written"
    held.set()
    recorder.close()


def test_a_full_queue_loses_the_newest_and_reports_it(usage_store: UsageStore, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    write, held = usage_store.write, threading.Event()

    def slow(*given: Any, **more: Any) -> None:
        held.wait(10)
        write(*given, **more)

    monkeypatch.setattr(usage_store, "write", slow)
    recorder = UsageRecorder(usage_store, waiting=50)
    recorder.ended(record("first", NOW))
    while recorder._queue:
        time.sleep(0.01)
    for number in range(80):
        recorder.ended(record(f"{number}", NOW))
    assert recorder.lost == 30
    held.set()
    assert recorder.flush()
    recorder.close()
    assert saved(usage_store) == 51
    assert Totals(usage_store.database).lost(NOW - 3600) == 30


def test_a_database_that_fails_is_tried_again_and_nothing_counts_twice(
    usage_store: UsageStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write, failures = usage_store.write, iter(["before", "after", "before"])

    def failing(*given: Any, **more: Any) -> None:
        match next(failures, None):
            case "before":
                raise StoreUnavailable("no answer")
            case "after":
                write(*given, **more)
                raise StoreUnavailable("the answer was lost")
            case _:
                write(*given, **more)

    monkeypatch.setattr(usage_store, "write", failing)
    monkeypatch.setattr(recording, "EVERY", 0.01)
    recorder = UsageRecorder(usage_store)
    with caplog.at_level(logging.WARNING, "unified.usage"):
        for number in range(20):
            recorder.ended(record(f"{number}", NOW))
        assert recorder.flush()
    recorder.close()
    assert saved(usage_store) == 20
    assert [one.message for one in caplog.records] == ["the usage store cannot be written now, and is tried again: no answer"]


def test_records_lost_at_exit_are_reported(usage_store: UsageStore, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def failing(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("no answer")

    monkeypatch.setattr(usage_store, "write", failing)
    recorder = UsageRecorder(usage_store)
    for number in range(7):
        recorder.ended(record(f"{number}", NOW))
    recorder.close(0.5)
    assert "the usage store lacks 7 calls of this process, which could not be written" in caplog.text


PROCESS = """
import os, signal, sys, time
from tests.support.usage import record
from unified_platform.usage.store import open_usage_store
from unified_platform.usage.recorder import UsageRecorder

recorder = UsageRecorder(open_usage_store(sys.argv[1]))
for number in range(500):
    recorder.ended(record(f"parent {number}", time.time()))
if sys.argv[2] == "fork":
    child = os.fork()
    if child == 0:
        for number in range(100):
            recorder.ended(record(f"child {number}", time.time()))
        recorder.close()
        os._exit(0)
    os.waitpid(child, 0)
if sys.argv[2] == "kill":
    recorder.flush()
    for number in range(100):
        recorder.ended(record(f"late {number}", time.time()))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("how", "least", "most"), [("exit", 500, 500), ("fork", 600, 600), ("kill", 500, 600)])
def test_processes_that_end(tmp_path: Path, how: str, least: int, most: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROCESS), str(tmp_path / "usage.db"), how], timeout=60, env=os.environ, check=False
    )
    assert ended.returncode == (-signal.SIGKILL if how == "kill" else 0)
    store = open_usage_store(tmp_path / "usage.db", exist=True)
    assert least <= saved(store) <= most
    store.close()
