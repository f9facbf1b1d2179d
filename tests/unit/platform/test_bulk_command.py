"""`unified bulk`: lines in, lines out, and a second run of the same file continues where the first stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.unit.runtime.server import Loopback, Reply
from unified_platform.cli import main

MADE = Reply.of({"id": "c1", "item_id": "7", "content": "x"})


@pytest.fixture
def server() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


def run(server: Loopback, tmp_path: Path, text: str, *more: str, operation: str = "comments.create") -> tuple[int, list[Any], str]:
    environ = {"UNIFIED_TODOIST_TOKEN": "t", "UNIFIED_IDEMPOTENCY": str(tmp_path / "ledger.db")}
    words = ["bulk", operation, "--via", "todoist", "--server", server.url, "--concurrency", "1", *more]
    done = CliRunner().invoke(main, words, input=text, env=environ)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


LINES = '{"task_id": "7", "body": "a"}\n\n{"task_id": "7"}\nnot JSON\n{"task_id": "7", "body": "b"}\n'


def test_each_line_has_its_own_outcome(server: Loopback, tmp_path: Path) -> None:
    server.answers(MADE, MADE)
    code, lines, output = run(server, tmp_path, LINES)
    assert code == 1
    assert [line["status"] for line in lines] == ["done", "failed", "failed", "done"]
    assert lines[0]["value"]["id"] == "c1"
    assert "body: is required" in lines[1]["error"]["message"]
    assert "item 2 is a mapping" in lines[2]["error"]["message"]
    assert output == "2 of 4 are not done\n"


def test_the_same_file_again_does_nothing_twice(server: Loopback, tmp_path: Path) -> None:
    server.answers(MADE, MADE)
    text = '{"task_id": "7", "body": "a"}\n{"task_id": "7", "body": "b"}\n'
    first = run(server, tmp_path, text, "--idempotency-key", "import")
    second = run(server, tmp_path, text, "--idempotency-key", "import")
    assert first == second
    assert first[0] == 0
    assert len(server.seen) == 2


def test_ids_only(server: Loopback, tmp_path: Path) -> None:
    server.answers(Reply(204), Reply(204))
    code, lines, _ = run(server, tmp_path, '"1"\n"2"\n', operation="tasks.delete")
    assert code == 0
    assert [line["item"] for line in lines] == [0, 1]
    assert server.targets == ["DELETE /tasks/1", "DELETE /tasks/2"]


def test_read_operations_are_rejected(server: Loopback, tmp_path: Path) -> None:
    code, lines, output = run(server, tmp_path, "{}\n", operation="tasks.list")
    assert code != 0
    assert lines == []
    assert "tasks.list writes nothing" in output


def test_each_policy_is_evaluated(server: Loopback, tmp_path: Path) -> None:
    server.answers(MADE)
    policy = tmp_path / "only.cedar"
    policy.write_text('permit (principal, action, resource) when { context.input has body && context.input.body == "a" };\n')
    text = '{"task_id": "7", "body": "a"}\n{"task_id": "7", "body": "b"}\n'
    code, lines, _ = run(server, tmp_path, text, "--agent", "helper", "--policies", str(policy))
    assert code == 1
    assert [line["status"] for line in lines] == ["done", "failed"]
    assert lines[1]["error"]["error"] == "Denied"
    assert len(server.seen) == 1


def test_a_plan_counts_what_would_be_sent_and_sends_nothing(tmp_path: Path) -> None:
    rows = [{"title": str(number), "project_id": "OPS"} for number in range(60)]
    rows[7] = {"title": "no project"}
    text = "".join(f"{json.dumps(row)}\n" for row in rows) + "not JSON\n"
    command = ["bulk", "tasks.create", "--via", "jira", "--plan"]
    done = CliRunner().invoke(main, command, input=text, env={"UNIFIED_IDEMPOTENCY": str(tmp_path / "ledger.db")})
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-5:] == [
        "tasks.create is a write; 3 requests, and none was sent",
        "  2 × POST https://{site}.atlassian.net/rest/api/3/issue/bulk for 59 items, writes",
        "  1 × POST https://{site}.atlassian.net/rest/api/3/issue/bulkfetch for 59 items, reads",
        "  item 7: nothing would be sent: Jira needs project_id",
        "  item 60: nothing would be sent: item 60 is a mapping of its inputs, not str",
    ]
    assert "POST https://{site}.atlassian.net/rest/api/3/issue/bulk  (50 at once)" in done.stdout
    assert not (tmp_path / "ledger.db").exists()
    output = json.loads(CliRunner().invoke(main, [*command, "--json"], input=text).stdout)
    assert [(count["endpoint"], count["requests"], count["items"]) for count in output["counts"]] == [
        ("createIssues", 2, 59),
        ("bulkFetchIssues", 1, 59),
    ]
    assert [(request.get("items", 1), request["reads"]) for request in output["requests"]] == [(50, False), (9, False), (59, True)]
    assert ([refused["item"] for refused in output["refused"]], output["effect"]) == ([7, 60], "write")


def test_a_plan_of_single_calls_and_of_nothing() -> None:
    done = CliRunner().invoke(main, ["bulk", "tasks.delete", "--via", "todoist", "--plan"], input='"1"\n"2"\n')
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-2:] == [
        "tasks.delete is destructive; 2 requests, and none was sent",
        "  2 × DELETE deleteTask, writes",
    ]
    done = CliRunner().invoke(main, ["bulk", "tasks.create", "--via", "jira", "--plan"], input="")
    assert (done.exit_code, done.stdout) == (0, "tasks.create is a write; 0 requests, and none was sent\n")
