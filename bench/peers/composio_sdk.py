"""Composio's client: the caller's side alone, what its service does to ask the vendor is not in it."""

from __future__ import annotations

import os
import sys

os.environ["COMPOSIO_DISABLE_TELEMETRY"] = "true"

from composio import Composio
from speaking import repeated, speak
from wanted import KEY, TITLE, TOKEN

client = Composio(api_key=TOKEN, base_url=f"{sys.argv[1]}/composio")
VERSION = "20251001_00"


def get() -> None:
    answer = client.tools.execute("JIRA_GET_ISSUE", {"issue_key": KEY}, user_id="alice", version=VERSION)
    assert answer["data"]["key"] == KEY


def create() -> None:
    arguments = {"project_key": "PROJ", "summary": TITLE, "issue_type": "Task", "priority": "High", "labels": ["backend"]}
    assert client.tools.execute("JIRA_CREATE_ISSUE", arguments, user_id="alice", version=VERSION)["data"]["key"] == KEY


speak({"get": repeated(get), "create": repeated(create)}, "composio", "composio-client")
