"""Jira emulator for the examples, in this process: stores issues and returns responses in Jira's format.

The examples run without an account; to use your own site, remove `transport` in `connected`.
"""

from __future__ import annotations

import json
from typing import Any

import httpx2

from unified import AsyncClient, Client, basic

REQUEST = "Create a Jira ticket in the 'PROJ' project to fix the auth bug"
"""The user's request."""

INVALID = {"title": "Fix the auth bug", "project_id": "PROJ", "priority": "highest"}
"""First attempt of the scripted model: "highest" is a priority of Jira, but not of unified. The error lists the accepted values."""

FIXED = {"title": "Fix the auth bug", "project_id": "PROJ", "priority": "urgent"}
"""Second attempt, after that error."""


class JiraEmulator:
    """Issues by key: `POST /issue` creates one, `GET /issue/KEY` reads it."""

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
            defaults = {"status": {"name": "To Do", "statusCategory": {"key": "new"}}, "labels": []}
            return httpx2.Response(200, json={"id": "10001", "key": key, "fields": defaults | self.issues[key]})
        return httpx2.Response(404, json={"errorMessages": ["Issue does not exist"], "errors": {}})

    def connected(self) -> dict[str, Any]:
        """Return sync and async clients that are connected to this emulator."""
        client = Client(transport=httpx2.MockTransport(self))
        client.connect("jira", basic("alice@example.test", "an API token"), user="alice", site="acme")
        return {"client": client, "async_client": AsyncClient(httpx2.MockTransport(self), connections=client.connections)}
