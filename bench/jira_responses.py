"""Synthetic Jira responses with the shape that Jira documents: users, statuses, projects and comments with all their properties.

The same number always gives the same issue, so all runs read the same bytes.
"""

from __future__ import annotations

import json
from typing import Any

Node = dict[str, Any]

SITE = "https://acme.atlassian.net"
API = f"{SITE}/rest/api/3"

_WORDS = (
    "the",
    "export",
    "job",
    "stops",
    "after",
    "midnight",
    "when",
    "two",
    "workers",
    "take",
    "one",
    "lease",
    "and",
    "renew",
    "it",
    "late",
)


def issue(number: int) -> Node:
    """Return an issue with the fields that `tasks` requests, about 2 KB."""
    return {
        "expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
        "id": str(10_000 + number),
        "self": f"{API}/issue/{10_000 + number}",
        "key": f"PROJ-{number}",
        "fields": {
            "summary": f"{_sentence(number, 8)} ({number})",
            "description": _document(number, 1),
            "status": _status(number),
            "priority": _priority(number),
            "issuetype": _issue_type(number),
            "project": {"self": f"{API}/project/10000", "id": "10000", "key": "PROJ", "name": "Project"},
            "parent": {"id": "10001", "key": "PROJ-1", "self": f"{API}/issue/10001"},
            "assignee": {
                "self": f"{API}/user?accountId=a{number}",
                "accountId": f"a{number:023d}",
                "displayName": f"Person {number}",
                "active": True,
            },
            "creator": {
                "self": f"{API}/user?accountId=c{number}",
                "accountId": f"c{number:023d}",
                "displayName": f"Person {number}",
                "active": True,
            },
            "reporter": {
                "self": f"{API}/user?accountId=c{number}",
                "accountId": f"c{number:023d}",
                "displayName": f"Person {number}",
                "active": True,
            },
            "labels": ["backend", f"team-{number % 7}"],
            "duedate": f"2026-{number % 12 + 1:02d}-15",
            "resolutiondate": None if number % 3 else _timestamp(number),
            "created": _timestamp(number),
            "updated": _timestamp(number + 1),
        },
    }


def full_issue(number: int) -> Node:
    """Return an issue with all its fields, about 15 KB, as Jira does if the request names no fields."""
    short = issue(number)
    fields: Node = {
        "statuscategorychangedate": _timestamp(number),
        "timespent": None,
        "fixVersions": [_version(number)],
        "aggregatetimespent": None,
        "resolution": None,
        "workratio": -1,
        "lastViewed": None,
        "watches": {"self": f"{API}/issue/PROJ-{number}/watchers", "watchCount": 3, "isWatching": False},
        "timeestimate": None,
        "versions": [],
        "issuelinks": [_link(number)],
        "components": [
            {"self": f"{API}/component/{n}", "id": str(n), "name": f"Component {n}", "description": _sentence(n, 6)} for n in range(2)
        ],
        "timeoriginalestimate": None,
        "security": None,
        "attachment": [],
        "aggregatetimeestimate": None,
        "subtasks": [],
        "reporter": _user(number + 1),
        "aggregateprogress": {"progress": 0, "total": 0},
        "environment": None,
        "progress": {"progress": 0, "total": 0},
        "comment": {
            "comments": [_comment(number, n) for n in range(3)],
            "self": f"{API}/issue/{number}/comment",
            "maxResults": 3,
            "total": 3,
            "startAt": 0,
        },
        "votes": {"self": f"{API}/issue/PROJ-{number}/votes", "votes": 0, "hasVoted": False},
        "worklog": {"startAt": 0, "maxResults": 20, "total": 0, "worklogs": []},
        **{f"customfield_{10_000 + n}": None for n in range(40)},
        "customfield_10020": [{"id": 7, "name": "Sprint 7", "state": "active", "boardId": 3, "goal": _sentence(number, 9)}],
        "customfield_10021": {"self": f"{API}/customFieldOption/10030", "value": "Hardware", "id": "10030"},
        "customfield_10022": 5.0,
    }
    # Mix the fields that are read with the others, as in a real response.
    fields |= short["fields"]
    fields |= {
        "description": _document(number, 3),
        "project": {
            "self": f"{API}/project/10000",
            "id": "10000",
            "key": "PROJ",
            "name": "Project",
            "projectTypeKey": "software",
            "simplified": False,
            "avatarUrls": _avatars("project", 10_400),
        },
        "parent": _linked_issue(1),
        "assignee": _user(number),
        "creator": _user(number + 1),
    }
    return {**short, "fields": dict(sorted(fields.items()))}


def page(count: int, *, full: bool = False) -> bytes:
    """Return a search response with `count` issues and no further page."""
    return dump({"issues": [(full_issue if full else issue)(number) for number in range(1, count + 1)], "isLast": True})


def created(number: int) -> bytes:
    """Return the response to creating an issue."""
    return dump({"id": str(10_000 + number), "key": f"PROJ-{number}", "self": f"{API}/issue/{10_000 + number}"})


def dump(value: Node | list[Node]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _sentence(seed: int, length: int) -> str:
    return " ".join(_WORDS[(seed * 5 + n) % len(_WORDS)] for n in range(length)).capitalize()


def _timestamp(seed: int) -> str:
    return f"2026-{seed % 12 + 1:02d}-{seed % 28 + 1:02d}T{seed % 24:02d}:{seed % 60:02d}:07.{seed % 1000:03d}+0200"


def _document(seed: int, paragraphs: int) -> Node:
    """Return rich text: paragraphs with a bold word and a link, and a list after the second."""
    content: list[Node] = []
    for n in range(paragraphs):
        content.append(
            {
                "type": "paragraph",
                "content": [
                    {"type": "text", "text": f"{_sentence(seed + n, 14)} "},
                    {"type": "text", "text": _WORDS[(seed + n) % len(_WORDS)], "marks": [{"type": "strong"}]},
                    {"type": "text", "text": f" {_sentence(seed + n + 3, 6)} "},
                    {"type": "text", "text": "log", "marks": [{"type": "link", "attrs": {"href": f"https://example.com/log/{seed}"}}]},
                ],
            }
        )
        if n == 1:
            items = [
                {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": _sentence(i, 5)}]}]}
                for i in range(3)
            ]
            content.append({"type": "bulletList", "content": items})
    return {"type": "doc", "version": 1, "content": content}


def _avatars(kind: str, number: int) -> Node:
    return {
        f"{size}x{size}": f"{SITE}/rest/api/3/universal_avatar/view/type/{kind}/avatar/{number}?size={size}" for size in (48, 24, 16, 32)
    }


def _user(number: int) -> Node:
    return {
        "self": f"{API}/user?accountId=a{number:023d}",
        "accountId": f"a{number:023d}",
        "emailAddress": f"person{number}@example.com",
        "avatarUrls": _avatars("user", 10_000 + number % 50),
        "displayName": f"Person {number}",
        "active": True,
        "timeZone": "Europe/Berlin",
        "accountType": "atlassian",
    }


def _status(seed: int) -> Node:
    id, key, name, colour = ((2, "new", "To Do", "blue-gray"), (4, "indeterminate", "In Progress", "yellow"), (3, "done", "Done", "green"))[
        seed % 3
    ]
    return {
        "self": f"{API}/status/{10_000 + id}",
        "description": "",
        "iconUrl": f"{SITE}/images/icons/statuses/{key}.png",
        "name": name,
        "id": str(10_000 + id),
        "statusCategory": {"self": f"{API}/statuscategory/{id}", "id": id, "key": key, "colorName": colour, "name": name},
    }


def _priority(seed: int) -> Node:
    name = ("Highest", "High", "Medium", "Low")[seed % 4]
    return {
        "self": f"{API}/priority/{seed % 4 + 1}",
        "iconUrl": f"{SITE}/images/icons/priorities/{name.lower()}.svg",
        "name": name,
        "id": str(seed % 4 + 1),
    }


def _issue_type(seed: int) -> Node:
    name = ("Task", "Bug", "Story")[seed % 3]
    return {
        "self": f"{API}/issuetype/{10_001 + seed % 3}",
        "id": str(10_001 + seed % 3),
        "description": "",
        "iconUrl": f"{SITE}/images/icons/issuetypes/{name.lower()}.svg",
        "name": name,
        "subtask": False,
        "avatarId": 10_318,
        "hierarchyLevel": 0,
    }


def _linked_issue(number: int) -> Node:
    return {
        "id": str(20_000 + number),
        "key": f"PROJ-{10_000 + number}",
        "self": f"{API}/issue/{20_000 + number}",
        "fields": {
            "summary": _sentence(number, 7),
            "status": _status(number),
            "priority": _priority(number),
            "issuetype": _issue_type(number),
        },
    }


def _link(number: int) -> Node:
    kind = {"id": "10000", "name": "Blocks", "inward": "is blocked by", "outward": "blocks", "self": f"{API}/issueLinkType/10000"}
    return {"id": str(number), "self": f"{API}/issueLink/{number}", "type": kind, "outwardIssue": _linked_issue(number + 5)}


def _version(number: int) -> Node:
    return {
        "self": f"{API}/version/{number}",
        "id": str(number),
        "name": f"1.{number}",
        "archived": False,
        "released": False,
        "releaseDate": "2026-12-01",
    }


def _comment(number: int, n: int) -> Node:
    return {
        "self": f"{API}/issue/{number}/comment/{number}{n}",
        "id": f"{number}{n}",
        "author": _user(number + n),
        "body": _document(number + n, 1),
        "updateAuthor": _user(number + n),
        "created": _timestamp(number),
        "updated": _timestamp(number + 1),
        "jsdPublic": True,
    }
