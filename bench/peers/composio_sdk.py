"""Peer: Composio's client, without the calls that its service makes to the vendor."""

from __future__ import annotations

import os
import sys

os.environ["COMPOSIO_DISABLE_TELEMETRY"] = "true"

from composio import Composio
from peer_protocol import repeated, serve
from workload import KEY, TITLE, TOKEN

client = Composio(api_key=TOKEN, base_url=f"{sys.argv[1]}/composio")
VERSION = "20251001_00"


def get() -> None:
    result = client.tools.execute("JIRA_GET_ISSUE", {"issue_key": KEY}, user_id="alice", version=VERSION)
    assert result["data"]["key"] == KEY


def create() -> None:
    arguments = {"project_key": "PROJ", "summary": TITLE, "issue_type": "Task", "priority": "High", "labels": ["backend"]}
    assert client.tools.execute("JIRA_CREATE_ISSUE", arguments, user_id="alice", version=VERSION)["data"]["key"] == KEY


serve({"get": repeated(get), "create": repeated(create)}, "composio", "composio-client")
