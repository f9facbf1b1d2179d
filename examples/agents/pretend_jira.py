"""As much of Jira as the examples need, in this process: it keeps issues and answers in Jira's own shapes.

It stands for a real site so that the examples run without an account; leave out `transport` in `connected` and they work on yours.
"""

from __future__ import annotations

import json
from typing import Any

import httpx2

from unified import AsyncClient, Client, basic

REQUEST = "Create a Jira ticket in the 'PROJ' project to fix the auth bug"
"""What the user asks for."""

MISTAKEN = {"title": "Fix the auth bug", "project_id": "PROJ", "priority": "highest"}
"""What the scripted model tries first. Jira has this word, the unified priority has not: the answer tells which there are."""

MENDED = {"title": "Fix the auth bug", "project_id": "PROJ", "priority": "urgent"}
"""What it makes of that answer."""


class PretendJira:
    """Issues by key. `POST /issue` makes one, `GET /issue/KEY` reads it."""

    def __init__(self) -> None:
        self.issues: dict[str, dict[str, Any]] = {}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if (request.method, path) == ("POST", "/rest/api/3/issue"):
            key = f"PROJ-{len(self.issues) + 1}"
            self.issues[key] = json.loads(request.content)["fields"]
            return httpx2.Response(201, json={"id": f"1000{len(self.issues)}", "key": key, "self": f"{request.url}/{key}"})
        key = path.rpartition("/")[2]
        if request.method == "GET" and key in self.issues:
            known = {"status": {"name": "To Do", "statusCategory": {"key": "new"}}, "labels": []}
            return httpx2.Response(200, json={"id": "10001", "key": key, "fields": known | self.issues[key]})
        return httpx2.Response(404, json={"errorMessages": ["Issue does not exist"], "errors": {}})

    def connected(self) -> dict[str, Any]:
        """The clients, sync and async, of a user whose Jira this is."""
        client = Client(transport=httpx2.MockTransport(self))
        client.connect("jira", basic("alice@example.test", "an API token"), user="alice", site="acme")
        return {"client": client, "async_client": AsyncClient(httpx2.MockTransport(self), connections=client.connections)}
