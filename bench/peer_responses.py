"""Synthetic responses of about 2 KB from Asana, GitHub, Trello, and Composio (with a Jira issue inside)."""

from __future__ import annotations

from bench.jira_responses import Node, dump, issue

LISTED = 50


def responses() -> dict[str, bytes]:
    """Return response bodies by the start of the request that gets them."""
    tasks, issues, cards = ([build(number) for number in range(1, LISTED + 1)] for build in (_asana, _github, _trello))
    board = {
        "id": "b1",
        "name": "Board",
        "closed": False,
        "desc": "",
        "url": "https://trello.com/b/b1",
        "shortUrl": "https://trello.com/b/b1",
    }
    return {
        "GET /api/1.0/tasks/": dump({"data": _asana(1)}),
        "POST /api/1.0/tasks": dump({"data": _asana(1)}),
        "GET /api/1.0/projects/": dump({"data": tasks, "next_page": None}),
        "GET /gh/repos/acme/app/issues/": dump(_github(1)),
        "POST /gh/repos/acme/app/issues": dump(_github(1)),
        "GET /gh/repos/acme/app/issues?": dump(issues),
        "GET /1/cards/": dump(_trello(1)),
        "POST /1/cards": dump(_trello(1)),
        "GET /1/lists/l1?": dump({"id": "l1", "name": "To do", "closed": False, "pos": 1, "idBoard": "b1"}),
        "GET /1/lists/l1/cards": dump(cards),
        "GET /1/boards/b1": dump(board),
        "GET /composio/api/v3.1/tools/": dump(_tool()),
        "POST /composio/api/v3.1/tools/execute/": dump({"data": issue(1), "successful": True, "error": None, "log_id": "log_1"}),
    }


_NOTES = "The export job stops after midnight when two workers take one lease and renew it late. " * 4


def _asana(number: int) -> Node:
    person = {"gid": f"{100 + number}", "resource_type": "user", "name": f"Person {number}"}
    project = {"gid": "1", "resource_type": "project", "name": "Project"}
    return {
        "gid": f"{12_000 + number}",
        "resource_type": "task",
        "resource_subtype": "default_task",
        "name": f"The export job stops ({number})",
        "notes": _NOTES,
        "completed": False,
        "completed_at": None,
        "created_at": "2026-03-01T08:05:07.012Z",
        "modified_at": "2026-03-02T09:06:07.013Z",
        "due_on": "2026-04-15",
        "due_at": None,
        "start_on": None,
        "assignee": person,
        "assignee_status": "upcoming",
        "followers": [person, {**person, "gid": "999"}],
        "hearted": False,
        "hearts": [],
        "liked": False,
        "likes": [],
        "num_hearts": 0,
        "num_likes": 0,
        "memberships": [{"project": project, "section": {"gid": "5", "resource_type": "section", "name": "To do"}}],
        "projects": [project],
        "parent": None,
        "permalink_url": f"https://app.asana.com/0/1/{12_000 + number}",
        "tags": [{"gid": str(tag), "resource_type": "tag", "name": f"team-{tag}"} for tag in range(4)],
        "workspace": {"gid": "2", "resource_type": "workspace", "name": "Acme"},
        "custom_fields": [
            {
                "gid": str(3_000 + field),
                "resource_type": "custom_field",
                "resource_subtype": "text",
                "type": "text",
                "name": f"Field {field}",
                "enabled": True,
                "text_value": "Hardware",
                "display_value": "Hardware",
            }
            for field in range(3)
        ],
    }


def _github(number: int) -> Node:
    api = "https://api.github.com/repos/acme/app"
    person = {
        "login": f"person{number}",
        "id": number,
        "node_id": f"MDQ6VXNlcj{number}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{number}?v=4",
        "url": f"https://api.github.com/users/person{number}",
        "html_url": f"https://github.com/person{number}",
        "type": "User",
        "site_admin": False,
    }
    return {
        "id": 70_000 + number,
        "node_id": f"I_kwDO{number}",
        "url": f"{api}/issues/{number}",
        "repository_url": api,
        "labels_url": f"{api}/issues/{number}/labels{{/name}}",
        "comments_url": f"{api}/issues/{number}/comments",
        "events_url": f"{api}/issues/{number}/events",
        "html_url": f"https://github.com/acme/app/issues/{number}",
        "number": number,
        "state": "open",
        "state_reason": None,
        "title": f"The export job stops ({number})",
        "body": _NOTES,
        "user": person,
        "labels": [
            {
                "id": 9,
                "node_id": "LA_9",
                "url": f"{api}/labels/backend",
                "name": "backend",
                "color": "ededed",
                "default": False,
                "description": "",
            }
        ],
        "assignee": person,
        "assignees": [person],
        "milestone": None,
        "locked": False,
        "active_lock_reason": None,
        "comments": 3,
        "closed_at": None,
        "created_at": "2026-03-01T08:05:07Z",
        "updated_at": "2026-03-02T09:06:07Z",
        "author_association": "MEMBER",
    }


def _trello(number: int) -> Node:
    return {
        "id": f"c{number}",
        "idShort": number,
        "idBoard": "b1",
        "idList": "l1",
        "name": f"The export job stops ({number})",
        "desc": _NOTES,
        "closed": False,
        "due": "2026-04-15T12:00:00.000Z",
        "dueComplete": False,
        "start": None,
        "dateLastActivity": "2026-03-02T09:06:07.013Z",
        "pos": 65_535 * number,
        "url": f"https://trello.com/c/short{number}/{number}-the-export-job-stops",
        "shortUrl": f"https://trello.com/c/short{number}",
        "shortLink": f"short{number}",
        "idMembers": [f"m{number}", "m0"],
        "idLabels": ["l9"],
        "labels": [{"id": "l9", "idBoard": "b1", "name": "backend", "color": "green"}],
        "idChecklists": [],
        "checkItemStates": [],
        "idAttachmentCover": None,
        "manualCoverAttachment": False,
        "subscribed": False,
        "badges": {
            "votes": 0,
            "viewingMemberVoted": False,
            "subscribed": False,
            "fogbugz": "",
            "checkItems": 0,
            "checkItemsChecked": 0,
            "comments": 2,
            "attachments": 0,
            "description": True,
            "due": "2026-04-15T12:00:00.000Z",
            "dueComplete": False,
        },
        "cover": {"idAttachment": None, "color": None, "idUploadedBackground": None, "size": "normal", "brightness": "light"},
        "customFieldItems": [],
        "email": None,
        "limits": {"attachments": {"perCard": {"status": "ok", "disableAt": 1000, "warnAt": 900}}},
        "memberCreator": {"id": f"m{number}", "fullName": f"Person {number}", "username": f"person{number}", "initials": "P"},
        "note": _NOTES,
    }


def _tool() -> Node:
    schema = {"type": "object", "properties": {"issue_key": {"type": "string"}}}
    return {
        "slug": "JIRA_GET_ISSUE",
        "name": "Get issue",
        "description": "Gets an issue.",
        "toolkit": {"slug": "jira", "name": "Jira", "logo": ""},
        "input_parameters": schema,
        "output_parameters": {"type": "object", "properties": {}},
        "available_versions": ["20251001_00"],
        "version": "20251001_00",
        "deprecated": {"displayName": "", "version": "", "toolkit": {"logo": ""}, "available_versions": [], "is_deprecated": False},
        "is_deprecated": False,
        "no_auth": False,
        "scopes": [],
        "tags": [],
    }
