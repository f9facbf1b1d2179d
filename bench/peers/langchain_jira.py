"""Peer: LangChain's Jira toolkit, each tool called as an agent's executor calls it."""

from __future__ import annotations

import json
import sys

from langchain_community.agent_toolkits.jira.toolkit import JiraToolkit
from langchain_community.utilities.jira import JiraAPIWrapper
from peer_protocol import repeated, serve
from workload import ALL_FIELDS, FIELDS, KEY, TOKEN, USER


def toolkit(server: str) -> dict[str, object]:
    wrapper = JiraAPIWrapper(jira_instance_url=server, jira_username=USER, jira_api_token=TOKEN, jira_cloud=True)
    return {tool.mode: tool for tool in JiraToolkit.from_jira_api_wrapper(wrapper).get_tools()}


server = sys.argv[1]
tools, full = toolkit(server), toolkit(server + ALL_FIELDS)
one = json.dumps({"function": "issue", "args": [KEY]})
new = json.dumps(FIELDS)


def get() -> None:
    assert tools["other"].invoke(one)["key"] == KEY


def create() -> None:
    assert tools["create_issue"].invoke(new)["key"] == KEY


def listing() -> None:
    assert tools["jql"].invoke("project = PROJ").startswith("Found 50 issues")


def listing_all() -> None:
    assert full["jql"].invoke("project = PROJ").startswith("Found 100 issues")


calls = {"get": get, "create": create, "list": listing, "full": listing_all}
serve({name: repeated(call) for name, call in calls.items()}, "langchain-community", "langchain-core", "atlassian-python-api")
