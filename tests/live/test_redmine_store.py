"""The Redmine store compared with a real Redmine: the same requests, the same responses except for ids, times and names.

The other vendors' stores have the same design; only for Redmine a real server is available.
"""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from tests.support.complete_documents import complete_document
from tests.support.judges import Request
from tests.support.servers.redmine import Redmine
from tests.support.store import Store
from tests.support.stores import store_of

_CHANGING = {"created_on", "updated_on", "closed_on", "start_date", "last_login_on", "passwd_changed_on", "details"}
_SEEDED = {"firstname", "lastname", "login", "mail", "api_key"}


def _shape(value: Any) -> Any:
    """Return the parts that must be equal: names, values and nulls; values that differ by nature only by their presence."""
    if isinstance(value, dict):
        return {k: (v is not None) if k in _CHANGING else _shape(v) for k, v in value.items() if k not in _SEEDED and k != "id"}
    return [_shape(item) for item in value] if isinstance(value, list) else value


def _differences(saved: Any, real: Any, at: str = "") -> list[str]:
    if isinstance(saved, dict) and isinstance(real, dict):
        pairs = [(f"{at} {name}", saved.get(name, "absent"), real.get(name, "absent")) for name in sorted(saved.keys() | real.keys())]
    elif isinstance(saved, list) and isinstance(real, list) and len(saved) == len(real):
        pairs = [(f"{at} {index}", *pair) for index, pair in enumerate(zip(saved, real, strict=True))]
    else:
        return [] if saved == real else [f"{at}: {saved!r}, at the real server {real!r}"]
    return [one for location, mine, its in pairs for one in _differences(mine, its, location)]


def _steps(project: int, worker: int) -> list[tuple[str, str, Any]]:
    create = {
        "project_id": project,
        "subject": "Fix it",
        "description": "Do it",
        "due_date": "2031-01-02",
        "priority_id": 3,
        "start_date": None,
    }
    return [
        ("POST", "/issues.json", {"issue": create}),
        ("GET", "/issues/{id}.json", None),
        ("PUT", "/issues/{id}.json", {"issue": {"assigned_to_id": worker, "tracker_id": 2, "subject": "Fix it now"}}),
        ("GET", "/issues/{id}.json", None),
        ("PUT", "/issues/{id}.json", {"issue": {"assigned_to_id": "", "due_date": None, "description": ""}}),
        ("GET", "/issues/{id}.json", None),
        ("PUT", "/issues/{id}.json", {"issue": {"description": "a\nb\r\nc\rd", "assigned_to_id": worker, "status_id": 5}}),
        ("GET", "/issues/{id}.json", None),
        ("PUT", "/issues/{id}.json", {"issue": {"description": None, "status_id": 2}}),
        ("GET", "/issues/{id}.json", None),
        ("PUT", "/issues/{id}.json", {"issue": {"notes": "Hello", "priority_id": 5, "parent_issue_id": None, "start_date": "2030-12-31"}}),
        ("GET", "/issues/{id}.json", None),
        ("GET", "/issues/{id}.json?include=journals,allowed_statuses", None),
        ("POST", "/issues.json", {"issue": {"project_id": project, "subject": "Born closed", "status_id": 5, "start_date": None}}),
        ("PUT", "/issues/{id}.json", {"issue": {"notes": "Without a change"}}),
        ("GET", "/issues.json?project_id={project}&status_id=open", None),
        ("GET", "/issues.json?project_id={project}&status_id=*&limit=1&offset=5", None),
        ("PUT", "/issues/{id}.json", {"issue": {"assigned_to_id": 9999}}),
        ("POST", "/issues.json", {"issue": {"project_id": 9999, "subject": "x"}}),
        ("GET", "/users/current.json", None),
        ("GET", "/trackers.json", None),
        ("GET", "/enumerations/issue_priorities.json", None),
        ("DELETE", "/issues/{id}.json", None),
        ("GET", "/issues/{id}.json", None),
    ]


@pytest.fixture
def store() -> Store:
    return store_of("redmine", complete_document("redmine").served)


def test_the_store_responds_like_a_real_redmine(store: Store, redmine: Redmine) -> None:
    key = ("X-Redmine-API-Key", redmine.key)
    with httpx2.Client(base_url=redmine.url, headers=[key], trust_env=False) as real:
        reported = []
        ids = {"real": 0, "store": 0}
        for (method, target, body), (_, _, same) in zip(_steps(redmine.project_id, redmine.worker_id), _steps(1, 5), strict=True):
            response = real.request(method, target.format(id=ids["real"], project=redmine.project_id), json=body)
            sent = None if same is None else json.dumps(same).encode()
            headers = (key,) if sent is None else (key, ("Content-Type", "application/json"))
            saved = store.answer(Request(method, target.format(id=ids["store"], project=1), headers, sent))
            if method == "POST" and response.status_code == 201:
                ids = {"real": response.json()["issue"]["id"], "store": json.loads(saved.body)["issue"]["id"]}
            reported.append((method, target, (response.status_code, response.content), (saved.status, saved.body)))
    assert store.refused == []
    differences: list[str] = []
    for method, target, (status, content), (saved_status, saved_content) in reported:
        if status != saved_status:
            differences.append(f"{method} {target}: {saved_status}, at the real server {status} {content[:200]!r}")
        elif status == 200 or status == 201:
            differences += [
                f"{method} {target}{one}" for one in _differences(_shape(json.loads(saved_content)), _shape(json.loads(content)))
            ]
    assert not differences, "\n".join(differences)
