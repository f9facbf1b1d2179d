"""Benchmark of GraphQL calls: Linear's tasks beside those of two REST vendors, with the responses in memory.

Todoist's records are flat; Asana's refer to people and projects by objects, as Linear's do.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bench.measure import Measured, functions
from bench.record_rules import FixedTransport
from unified_runtime import using

LISTED = 50
TITLE, TEXT = "Fix the auth bug", "The login page returns 500 after a reset. It has since yesterday."
TIME = "2030-03-04T09:00:00Z"


def _issue(number: int) -> dict[str, Any]:
    return {
        "id": f"1b1b{number:04}-0000-4000-8000-000000000000",
        "title": TITLE,
        "description": TEXT,
        "state": {"type": "started", "name": "In Progress"},
        "priority": 2,
        "priorityLabel": "High",
        "project": {"id": "p"},
        "parent": None,
        "assignee": {"id": "a"},
        "creator": {"id": "c"},
        "labels": {"nodes": [{"name": "bug"}]},
        "dueDate": "2030-03-05",
        "completedAt": None,
        "createdAt": TIME,
        "updatedAt": TIME,
        "url": "https://linear.app/acme/issue/A-1",
    }


def _task(number: int) -> dict[str, Any]:
    return {
        "id": f"{number:016}",
        "content": TITLE,
        "description": TEXT,
        "checked": False,
        "priority": 3,
        "project_id": "p",
        "parent_id": None,
        "responsible_uid": "a",
        "added_by_uid": "c",
        "labels": ["bug"],
        "due": {"date": "2030-03-05", "is_recurring": False, "string": "", "timezone": None},
        "completed_at": None,
        "added_at": TIME,
        "updated_at": TIME,
    }


def _nested_task(number: int) -> dict[str, Any]:
    return {
        "gid": f"{number:016}",
        "name": TITLE,
        "html_notes": f"<body>{TEXT}</body>",
        "completed": False,
        "resource_subtype": "default_task",
        "projects": [{"gid": "1"}],
        "parent": None,
        "memberships": [{"section": {"gid": "2", "name": "In Progress"}}],
        "assignee": {"gid": "3"},
        "created_by": {"gid": "4"},
        "tags": [{"name": "bug"}],
        "custom_fields": [],
        "start_on": None,
        "due_on": "2030-03-05",
        "completed_at": None,
        "created_at": TIME,
        "modified_at": TIME,
        "permalink_url": "https://app.asana.com/0/1/2",
    }


def measure(quick: bool) -> Measured:
    page = {"nodes": [_issue(each) for each in range(LISTED)], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    one = {
        "Todoist, REST": _gets("todoist", _task(1), "0000000000000001"),
        "Asana, REST, nested": _gets("asana", {"data": _nested_task(1)}, "0000000000000001"),
        "Linear, GraphQL": _gets("linear", {"data": {"issue": _issue(1)}}, _issue(1)["id"]),
    }
    many = {
        "Todoist, REST": _lists("todoist", {"results": [_task(each) for each in range(LISTED)], "next_cursor": None}),
        "Asana, REST, nested": _lists("asana", {"data": [_nested_task(each) for each in range(LISTED)], "next_page": None}, project_id="1"),
        "Linear, GraphQL": _lists("linear", {"data": {"issues": page}}),
    }
    rounds = 1 if quick else 15  # Todoist has 1,000 requests in 15 minutes
    return {"graphql, get": functions(one, rounds, 20), "graphql, list": functions(many, rounds, 5)}


def _client(vendor: str, body: Any) -> Any:
    from unified import api_key, bearer
    from unified_runtime import Client

    client = Client(transport=FixedTransport(json.dumps(body).encode()))
    if vendor == "linear":
        client.connect("linear", api_key(key="k"), team="11111111-1111-4111-8111-111111111111")
    else:
        client.connect(vendor, bearer("t"), **({"workspace": "1"} if vendor == "asana" else {}))
    return client


def _gets(vendor: str, body: Any, id: str) -> Callable[[int], object]:
    from unified import tasks

    client = _client(vendor, body)

    def run(loops: int) -> None:
        with using(client):
            for _ in range(loops):
                assert tasks.get(id, via=vendor).title == TITLE

    return run


def _lists(vendor: str, body: Any, **values: str) -> Callable[[int], object]:
    from unified import tasks

    client = _client(vendor, body)

    def run(loops: int) -> None:
        with using(client):
            for _ in range(loops):
                assert len(list(tasks.list(via=vendor, **values))) == LISTED

    return run
