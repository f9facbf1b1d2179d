"""Peer: the package `jira`."""

from __future__ import annotations

import sys

from jira import JIRA
from peer_protocol import repeated, serve
from workload import ALL_FIELDS, FIELDS, FULL, KEY, LISTED, NAMES, TOKEN, USER

server = sys.argv[1]


def client(server: str) -> JIRA:
    return JIRA(server, basic_auth=(USER, TOKEN), options={"rest_api_version": "3"})


jira, full = client(server), client(server + ALL_FIELDS)


def get() -> None:
    assert jira.issue(KEY, fields=NAMES).key == KEY


def create() -> None:
    assert jira.create_issue(fields=FIELDS).key == KEY


def listing() -> None:
    assert len(jira.enhanced_search_issues("project=PROJ", fields=NAMES, maxResults=LISTED)) == LISTED


def listing_all() -> None:
    assert len(full.enhanced_search_issues("project=PROJ", fields="*all", maxResults=FULL)) == FULL


calls = {"get": get, "create": create, "list": listing, "full": listing_all}
serve({name: repeated(call) for name, call in calls.items()}, "jira", "requests")
