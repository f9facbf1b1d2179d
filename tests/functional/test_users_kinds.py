"""People, apps and guests among users, and users by address."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.shipped import responding
from tests.support.accounts import client
from unified import users
from unified_runtime import Unsupported, using

_JIRA = {"accountId": "5b10", "displayName": "Ada", "active": True}
_SLACK = {"id": "U1", "real_name": "Ada"}
_MEMBER = {"roles": [], "joined_at": "2026-01-01T00:00:00Z", "deaf": False, "mute": False, "flags": 0}
_DISCORD = {"id": "183", "username": "ada", "discriminator": "0", "public_flags": 0, "flags": 0}
RESPONSES: list[tuple[str, str, Any, str | None]] = [
    ("jira", "5b10", {**_JIRA, "accountType": "atlassian"}, "person"),
    ("jira", "5b10", {**_JIRA, "accountType": "app"}, "app"),
    ("jira", "5b10", {**_JIRA, "accountType": "customer"}, "guest"),
    ("jira", "5b10", {**_JIRA, "accountType": "unknown"}, None),
    ("slack", "U1", {"ok": True, "user": {**_SLACK, "is_bot": False}}, "person"),
    ("slack", "U1", {"ok": True, "user": {**_SLACK, "is_bot": True, "is_restricted": False}}, "app"),
    ("slack", "U1", {"ok": True, "user": {**_SLACK, "is_bot": False, "is_restricted": True}}, "guest"),
    ("github", "ada", {"login": "ada", "id": 1, "type": "User"}, "person"),
    ("github", "ada", {"login": "ada[bot]", "id": 1, "type": "Bot"}, "app"),
    ("zendesk", "1", {"user": {"id": 1, "name": "Ada", "role": "agent"}}, "person"),
    ("zendesk", "1", {"user": {"id": 1, "name": "Ada", "role": "end-user"}}, "guest"),
    ("discord", "183", {**_MEMBER, "user": {**_DISCORD, "bot": True}}, "app"),
    ("discord", "183", {**_MEMBER, "user": _DISCORD}, "person"),
    ("salesforce", "005000000000001AAA", {"Id": "005000000000001AAA", "Name": "Ada", "UserType": "Standard"}, "person"),
    ("salesforce", "005000000000001AAA", {"Id": "005000000000001AAA", "Name": "Ada", "UserType": "AutomatedProcess"}, "app"),
    ("salesforce", "005000000000001AAA", {"Id": "005000000000001AAA", "Name": "Ada", "UserType": "PowerPartner"}, "guest"),
]


@pytest.mark.parametrize(("vendor", "id", "body", "kind"), RESPONSES)
def test_the_kind_of_a_user(vendor: str, id: str, body: Any, kind: str | None) -> None:
    with responding(vendor, body):
        assert users.get(id, via=vendor).kind == kind


@pytest.mark.parametrize(
    ("vendor", "parameter", "value"),
    [
        ("jira", "query", "ada@example.com"),
        ("redmine", "name", "ada@example.com"),
        ("hubspot", "email", "ada@example.com"),
        ("zendesk", "query", 'role:agent role:admin email:"ada@example.com"'),
        ("github", "q", 'type:user "ada@example.com" in:email'),
        ("trello", "query", "ada@example.com"),
    ],
)
def test_a_user_is_found_by_address(vendor: str, parameter: str, value: str) -> None:
    made, _ = client(vendor, lambda request: pytest.fail("a plan sends nothing"))
    with using(made):
        (request,) = users.list.plan(email="ada@example.com", via=vendor).requests
    assert request.query is not None
    assert dict(request.query)[parameter] == value


@pytest.mark.parametrize("vendor", ["discord", "matrix"])
def test_chats_that_hide_addresses(vendor: str) -> None:
    made, _ = client(vendor, lambda request: pytest.fail("nothing is sent"))
    with using(made), pytest.raises(Unsupported, match="address"):
        list(users.list(text="ada", email="ada@example.com", via=vendor))


def test_members_of_a_repository_are_not_found_by_address() -> None:
    made, _ = client("github", lambda request: pytest.fail("nothing is sent"))
    with using(made), pytest.raises(Unsupported, match="without email addresses"):
        list(users.list(project_id="ada/engine", email="ada@example.com", via="github"))
