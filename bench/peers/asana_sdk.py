"""Peer: Asana's own package `asana`."""

from __future__ import annotations

import sys

import asana
from peer_protocol import repeated, serve
from workload import LISTED, TITLE, TOKEN

configuration = asana.Configuration()
configuration.host = f"{sys.argv[1]}/api/1.0"
configuration.access_token = TOKEN
tasks = asana.TasksApi(asana.ApiClient(configuration))


def get() -> None:
    assert tasks.get_task("12001", {})["gid"] == "12001"


def create() -> None:
    made = tasks.create_task({"data": {"name": TITLE, "projects": ["1"]}}, {})
    assert tasks.get_task(made["gid"], {})["gid"] == "12001"


def listing() -> None:
    assert sum(1 for _ in tasks.get_tasks_for_project("1", {"limit": LISTED})) == LISTED


serve({"get": repeated(get), "create": repeated(create), "list": repeated(listing)}, "asana", "urllib3")
