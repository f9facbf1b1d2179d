"""Control of running emulators: the API in JSON, and the pages for people."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from unified_emulation.serving.app import create
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.seed_files import parse_seed

BEARER = {"Authorization": "Bearer x"}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def site() -> TestClient:
    return TestClient(create(Emulators(["todoist", "jira"])), base_url="http://127.0.0.1:4600")


def _create(site: TestClient, title: str) -> Any:
    response = site.post("/todoist/api/v1/tasks", json={"content": title}, headers=BEARER)
    assert response.status_code == 200
    return response.json()


def test_vendors_are_listed_before_they_are_loaded(site: TestClient) -> None:
    found = site.get("/_api/vendors").json()
    assert [(one["name"], one["loaded"], one["url"]) for one in found["vendors"]] == [
        ("todoist", False, "http://127.0.0.1:4600/todoist"),
        ("jira", False, "http://127.0.0.1:4600/jira"),
    ]


def test_state_is_exported_stored_and_restored(site: TestClient) -> None:
    _create(site, "First")
    assert site.put("/_api/snapshots/one").status_code == 204
    _create(site, "Second")
    assert {"First", "Second"} <= set(_contents(site))
    assert site.post("/_api/snapshots/one/restore").status_code == 204
    assert "First" in _contents(site)
    assert "Second" not in _contents(site)
    assert site.post("/_api/reset").status_code == 204
    assert "First" not in _contents(site)
    missing = site.post("/_api/snapshots/two/restore")
    assert (missing.status_code, missing.json()["message"]) == (404, "there is no snapshot 'two'; there are one")


def _contents(site: TestClient) -> list[str]:
    return [
        record["content"] for records in site.get("/_api/state").json()["todoist"].values() for record in records if "content" in record
    ]


def test_faults_are_requested_over_http(site: TestClient) -> None:
    assert site.post("/_api/faults", json={"kind": "status", "vendor": "todoist", "status": 502}).status_code == 200
    assert [one["status"] for one in site.get("/_api/faults").json()] == [502]
    assert site.get("/todoist/api/v1/projects", headers=BEARER).status_code == 502
    assert site.get("/todoist/api/v1/projects", headers=BEARER).status_code == 200


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"kind": "explode"}, "'explode' is not a kind of fault"),
        ({"kind": "status", "status": 200}, "between 400 and 599"),
        ({"kind": "status", "vendor": "todist"}, "'todist' is not emulated here"),
        ({"kind": "status", "times": "many"}, "this is not a fault"),
    ],
)
def test_faults_are_checked(site: TestClient, fault: dict[str, Any], message: str) -> None:
    response = site.post("/_api/faults", json=fault)
    assert response.status_code in (400, 404)
    assert message in response.json()["message"]


def test_requests_are_logged_with_bodies_and_what_was_not_understood(site: TestClient) -> None:
    _create(site, "Logged")
    (one,) = site.get("/_api/requests?vendor=todoist").json()
    assert json.loads(one["body"]) == {"content": "Logged"}
    assert json.loads(one["response"])["content"] == "Logged"
    assert one["headers"]["authorization"] == "…"
    site.post("/todoist/api/v1/tasks", json={"contents": "?"}, headers=BEARER)
    assert any("contents" in reason for reason in site.get("/_api/requests").json()[0]["reasons"])


def test_each_operation_states_its_basis(site: TestClient) -> None:
    found = {one["endpoint"]: one for one in site.get("/_api/vendors/jira/coverage").json()}
    assert found["GET /rest/api/3/dashboard"]["basis"] == "document"
    assert found["POST /rest/api/3/issue/{issueIdOrKey}/transitions"]["facts"]
    assert {one["basis"] for one in found.values()} >= {"document", "not emulated"}


def test_pages_show_records_requests_faults_and_coverage(site: TestClient) -> None:
    _create(site, HOSTILE)
    site.post("/_/faults", data={"kind": "reset", "vendor": "jira", "times": "3"})
    number = site.get("/_api/requests").json()[0]["number"]
    paths = ["/", "/_/vendors/todoist", "/_/vendors/todoist/coverage", "/_/requests", f"/_/requests/{number}", "/_/faults"]
    texts = {path: site.get(path).text for path in paths}
    assert all(HOSTILE not in text for text in texts.values())
    assert "&lt;script&gt;" in texts["/_/vendors/todoist"]
    assert "Fix the sign-in redirect" in texts["/_/vendors/todoist"]
    assert "POST /todoist" not in texts["/_/requests"]
    assert "POST /api/v1/tasks" in texts["/_/requests"]
    assert "<td>reset</td><td>jira</td>" in texts["/_/faults"]
    assert "GET /tasks" in texts["/_/vendors/todoist/coverage"]
    assert site.get("/_/vendors/trello").status_code == 404
    assert site.get("/_/requests/999").status_code == 404
    assert "default-src 'none'" in site.get("/").headers["content-security-policy"]


def test_problems_of_the_seed_are_on_the_first_page() -> None:
    emulators = Emulators(["todoist"], parse_seed("vendors:\n  todoist:\n    invoice:\n      - {total: 1}\n", "mine.yaml"))
    site = TestClient(create(emulators), base_url="http://127.0.0.1:4600")
    site.get("/todoist/api/v1/tasks", headers=BEARER)
    assert "mine.yaml:4: todoist has no invoice" in site.get("/").text


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}])
def test_other_sites_cannot_change_anything(site: TestClient, headers: dict[str, str]) -> None:
    _create(site, "Mine")
    for path in ("/_api/reset", "/_/reset"):
        assert site.post(path, headers=headers).status_code == 403
    assert "Mine" in _contents(site)


def test_a_request_states_whom_the_vendor_would_inform() -> None:
    site = TestClient(create(Emulators(["asana"])), base_url="http://127.0.0.1:4600")
    new = {"data": {"name": "One", "workspace": "1001"}}
    made = site.post("/asana/api/1.0/tasks", json=new, headers=BEARER).json()["data"]["gid"]
    site.post(f"/asana/api/1.0/tasks/{made}/stories", json={"data": {"text": "Seen"}}, headers=BEARER)
    one = site.get("/_api/requests").json()[0]
    assert one["informed"]
    assert one["informed"][0] in site.get(f"/_/requests/{one['number']}").text
