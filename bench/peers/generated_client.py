"""Peer: the client that openapi-python-client generates from Jira's complete document; argument 3 is its folder."""

from __future__ import annotations

import sys

sys.path.insert(0, sys.argv[3])

from jira_client.api.issue_search import search_and_reconsile_issues_using_jql as search
from jira_client.api.issues import create_issue, get_issue
from jira_client.client import AuthenticatedClient
from jira_client.models import IssueUpdateDetails
from peer_protocol import repeated, serve
from workload import ALL_FIELDS, FIELDS, FULL, HEADERS, KEY, LISTED, NAMES, query


def client(server: str) -> AuthenticatedClient:
    prefix, _, token = HEADERS["Authorization"].partition(" ")
    return AuthenticatedClient(base_url=server, token=token, prefix=prefix, raise_on_unexpected_status=True)


server = sys.argv[1]
jira, full = client(server), client(server + ALL_FIELDS)


def get(key: str = KEY) -> None:
    assert get_issue.sync(key, client=jira, fields=NAMES.split(",")).key == KEY


def create() -> None:
    get(create_issue.sync(client=jira, body=IssueUpdateDetails.from_dict({"fields": FIELDS})).key)


def listing(client: AuthenticatedClient, most: int) -> None:
    found = search.sync(client=client, jql=query(most)["jql"], fields=NAMES.split(","), max_results=most)
    assert len(found.issues) == most


serve(
    {
        "get": repeated(get),
        "create": repeated(create),
        "list": repeated(lambda: listing(jira, LISTED)),
        "full": repeated(lambda: listing(full, FULL)),
    },
    "openapi-python-client",
    "httpx",
)
