"""Prism between the unified API and a real Redmine: each request and each real answer is held against the vendor's document."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import httpx2
import pytest

import unified
from tests.support import whole as documents
from tests.support.judges import prism
from tests.support.judges.prepare import prepared
from tests.support.servers.redmine import Redmine
from tests.support.whole import whole
from unified import comments, projects, tasks, users
from unified_runtime import Client
from unified_runtime.budgets import Unlimited


class _Watching(httpx2.HTTPTransport):
    """Collects what Prism says of each exchange."""

    def __init__(self) -> None:
        super().__init__()
        self.exchanges = 0
        self.violations: list[str] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        self.exchanges += 1
        if told := response.headers.get("sl-violations"):
            self.violations += [f"{request.method} {request.url.raw_path.decode()}: {violation}" for violation in json.loads(told)]
        return response


@pytest.fixture
def document() -> dict[str, object]:
    if reason := documents.missing() or prism.missing():
        pytest.skip(reason)
    return prepared(whole("redmine").document, answers=True)[0]


@pytest.mark.live
def test_requests_and_real_answers_are_of_the_document(document: dict[str, object], redmine: Redmine, tmp_path: Path) -> None:
    watching = _Watching()
    with prism.before(document, redmine.url, tmp_path, "redmine") as proxy:
        client = Client(transport=watching, budget=Unlimited())
        client.connect("redmine", unified.api_key(redmine.key), scheme="ApiKey", url=proxy)
        with client:
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
def test_a_wrong_request_is_told_by_prism_and_by_redmine(document: dict[str, object], redmine: Redmine, tmp_path: Path) -> None:
    with prism.before(document, redmine.url, tmp_path, "redmine") as proxy, httpx2.Client(base_url=proxy, trust_env=False) as client:
        wrong = {"issue": {"project_id": redmine.project_id, "subject": "x", "due_date": "soon"}}
        answer = client.post("/issues.json", json=wrong, headers={"X-Redmine-API-Key": redmine.key})
        assert answer.status_code == 422
        assert "due_date" in answer.headers["sl-violations"]
