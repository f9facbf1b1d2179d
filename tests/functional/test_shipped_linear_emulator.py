"""Test what Linear sets by itself, through its emulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from unified import tasks
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, using


@pytest.fixture(scope="module", autouse=True)
def emulated() -> Iterator[LocalEmulator]:
    emulator = LocalEmulator(["linear"])
    with Client(emulated=emulator) as client, using(client):
        yield emulator


def test_priorities_have_labels() -> None:
    task = tasks.create(title="One", priority="urgent", via="linear")
    assert (task.priority, task.priority_label) == ("urgent", "Urgent")
    changed = tasks.update(task.id, priority="low", via="linear")
    assert (changed.priority, changed.priority_label) == ("low", "Low")
    cleared = tasks.update(task.id, priority=None, via="linear")
    assert (cleared.priority, cleared.priority_label) == (None, "No priority")
    assert tasks.create(title="Two", via="linear").priority_label == "No priority"
