"""`unified call` and `unified bulk` are recorded in the usage store, and continue if it cannot be opened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.unit.runtime.server import Loopback, Reply
from unified_platform.cli import main

MADE = Reply.of({"id": "c1", "item_id": "7", "content": "x"})
CALL = ["call", "comments.create", "task_id=7", "body=x", "--via", "todoist"]
BULK = ["bulk", "comments.create", "--via", "todoist", "--concurrency", "1"]


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture
def run(server: Loopback, tmp_path: Path) -> Any:
    environ = {"UNIFIED_TODOIST_TOKEN": "t", "UNIFIED_USAGE": str(tmp_path / "usage.db")}

    def run(*words: str, text: str | None = None, **more: str) -> Result:
        there = [*words, "--server", server.url] if words[0] != "usage" else [*words]
        return CliRunner().invoke(main, there, input=text, env=environ | more)

    return run


def returned(run: Any, *by: str) -> list[dict[str, Any]]:
    shown = run("usage", *[word for name in by for word in ("--by", name)], "--format", "json")
    assert shown.exit_code == 0, shown.output
    rows: list[dict[str, Any]] = json.loads(shown.stdout)
    return rows


def test_a_call_is_stored_under_the_command_line(run: Any, server: Loopback) -> None:
    server.answers(MADE)
    assert run(*CALL).exit_code == 0
    (row,) = returned(run, "agent", "tool")
    assert (row["agent"], row["tool"], row["calls"], row["errors"]) == ("cli", "comments.create", 1, 0)


def test_a_call_that_fails_is_stored_under_the_agent_that_is_named(run: Any, server: Loopback) -> None:
    server.answers(Reply(404))
    assert run(*CALL, "--agent", "helper").exit_code == 4
    (row,) = returned(run, "agent")
    assert (row["agent"], row["calls"], row["errors"]) == ("helper", 1, 1)


def test_each_call_of_a_bulk_is_stored(run: Any, server: Loopback) -> None:
    server.answers(MADE, MADE, Reply(404))
    assert run(*BULK, text='{"task_id": "7", "body": "a"}\n' * 3).exit_code == 1
    (row,) = returned(run, "agent")
    assert (row["agent"], row["calls"], row["errors"]) == ("cli", 3, 1)


def test_a_usage_store_that_cannot_be_opened_stops_no_call(run: Any, server: Loopback, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database, but long enough to be one. " * 100)
    server.answers(MADE)
    done = run(*CALL, UNIFIED_USAGE=str(tmp_path / "broken.db"))
    assert done.exit_code == 0
    assert "c1" in done.stdout
    assert done.stderr.startswith("warning: usage is not recorded: the usage store's file")
