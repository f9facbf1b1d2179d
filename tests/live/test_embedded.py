"""Roundup inside this process, as in the demo: no port, no recording, the real product."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import unified
from examples.embedded_roundup import WSGITransport, make_tracker
from unified import comments, tasks, users
from unified_runtime import Client, using


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    account = {"password": "secret", "realname": "Ada Agent", "roles": "User,Admin"}
    made = Client(transport=WSGITransport(make_tracker(tmp_path / "tracker", "http://localhost", {"ada": account})))
    made.connect("roundup", unified.basic("ada", "secret"), url="http://localhost", username="ada")
    with using(made):
        yield made


def test_a_task_lives_in_the_embedded_tracker(client: Client) -> None:
    task = tasks.create(title="Überall", priority="high", assignee_ids=[users.me().id])
    comments.create(task_id=task.id, body="日本語")
    assert [comment.body for comment in comments.list(task_id=task.id)] == ["日本語"]
    assert tasks.update(task.id, status="done").status == "done"
    assert [each.title for each in tasks.list(text="berall")] == ["Überall"]
    tasks.delete(task.id)
    with pytest.raises(unified.NotFound):
        tasks.get(task.id)


def test_a_large_response_is_compressed_and_read(client: Client) -> None:
    task = tasks.create(title="Long")
    body = "A line that is said again.\n" * 2000
    comments.create(task_id=task.id, body=body)
    (listed,) = comments.list(task_id=task.id)
    assert listed.body == body.strip()
