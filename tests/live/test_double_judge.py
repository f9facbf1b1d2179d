"""Prism before a real Redmine, and a real Synapse: each request and each real response is compared with the vendor's document."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import httpx2
import pytest

import unified
from tests.support.complete_documents import complete_document
from tests.support.judges import prism
from tests.support.judges.prepare import prepared
from tests.support.servers.redmine import Redmine
from tests.support.servers.synapse import Synapse
from tests.support.waiting import until
from unified import channels, comments, messages, projects, tasks, users
from unified_runtime import Client, using
from unified_runtime.rate_limits.rate_limiter import Unlimited


class _Watching(httpx2.HTTPTransport):
    """Collect Prism's findings on each exchange."""

    def __init__(self) -> None:
        super().__init__()
        self.exchanges = 0
        self.violations: list[str] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        self.exchanges += 1
        if reported := response.headers.get("sl-violations"):
            self.violations += [f"{request.method} {request.url.raw_path.decode()}: {violation}" for violation in json.loads(reported)]
        return response


def _document(vendor: str) -> dict[str, object]:
    if reason := prism.missing():
        pytest.skip(reason)
    return prepared(complete_document(vendor).document, responses=True)[0]


@pytest.fixture
def document() -> dict[str, object]:
    return _document("redmine")


@pytest.mark.live
def test_requests_and_real_responses_match_the_document(document: dict[str, object], redmine: Redmine, tmp_path: Path) -> None:
    watching = _Watching()
    with prism.before(document, redmine.url, tmp_path, "redmine") as proxy:
        client = Client(transport=watching, rate_limiter=Unlimited())
        client.connect("redmine", unified.api_key(redmine.key), scheme="ApiKey", url=proxy)
        with using(client):
            project = projects.get(str(redmine.project_id))
            created = tasks.create(title="Judged", project_id=project.id, description="x", priority="low", due_date=date(2031, 1, 2))
            tasks.update(created.id, status="in_progress", assignee_ids=[str(redmine.worker_id)], type="Support")
            tasks.update(created.id, assignee_ids=None, due_date=None, description=None)
            comments.create(task_id=created.id, body="Hello")
            assert [comment.body for comment in comments.list(task_id=created.id)] == ["Hello"]
            assert [task.id for task in tasks.list(project_id=project.id)] == [created.id]
            assert list(projects.list())
            assert list(users.list())
            users.me()
            tasks.delete(created.id)
    assert watching.exchanges > 15
    assert watching.violations == []


@pytest.mark.live
def test_a_wrong_request_is_reported_by_prism_and_by_redmine(document: dict[str, object], redmine: Redmine, tmp_path: Path) -> None:
    with prism.before(document, redmine.url, tmp_path, "redmine") as proxy, httpx2.Client(base_url=proxy, trust_env=False) as client:
        wrong = {"issue": {"project_id": redmine.project_id, "subject": "x", "due_date": "soon"}}
        response = client.post("/issues.json", json=wrong, headers={"X-Redmine-API-Key": redmine.key})
        assert response.status_code == 422
        assert "due_date" in response.headers["sl-violations"]


@pytest.mark.live
def test_messages_and_responses_of_a_real_synapse_match_the_document(synapse: Synapse, tmp_path: Path) -> None:
    watching = _Watching()
    with prism.before(_document("matrix"), synapse.url, tmp_path, "matrix") as proxy:
        client = Client(transport=watching, rate_limiter=Unlimited())
        client.connect("matrix", unified.bearer(synapse.token), url=proxy)
        with using(client):
            channel = channels.create(name="Judged", topic="x", private=False)
            sent = messages.send(channel_id=channel.id, text=f"Hello [Wanda](user:{synapse.other}), **now**")
            messages.reply(messages.reply(sent.id, text="Yes").id, text="No")
            messages.send(channel_id=channel.id, thread_id=sent.id, text="Perhaps")
            messages.update(sent.id, text="Hello *all*")
            messages.react(sent.id, emoji="👍")
            assert len(list(messages.list(channel_id=channel.id, limit=2))) == 4
            assert len(list(messages.list(channel_id=channel.id, thread_id=sent.id))) == 3
            messages.delete(sent.id)
            assert channels.get(channel.id) in list(channels.list(text="Judged"))
            channels.join(channel.id)
            channels.direct(user_id=synapse.other)
            until(lambda: list(users.list(text="Wanda")))  # the directory is updated after the server's responses
            users.me()
    assert watching.exchanges > 20
    assert [
        reported for reported in watching.violations if "results.0.avatar_url must be string" not in reported
    ] == []  # null for users without one
