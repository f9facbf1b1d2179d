"""Hand-made requests, valid and invalid, that show the errors that each judge detects and those that it does not.

`refused_by` is exact: a change in the errors that a judge detects is noticed. Every invalid request is rejected by at least one.
openapi-core cannot check OAuth2 and lets a call without any credential pass if OAuth2 is one of its options; it also reads "yes" as true.
Prism and openapi-core let undeclared names pass; Prism also read-only ones, names in another case, and query names with brackets.
The requests are made from the vendors' documents by hand, without any mapping.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from tests.support.judges import Request

ALL = ("prism", "core", "closed")
CLOSED = ("closed",)


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    request: Request
    refused_by: tuple[str, ...]


CREDENTIALS: dict[str, tuple[tuple[str, str], ...]] = {
    "github": (("Authorization", "Bearer token"),),
    "jira": (("Authorization", "Basic " + base64.b64encode(b"me@example.com:token").decode()),),
    "asana": (("Authorization", "Bearer token"),),
    "trello": (),
    "redmine": (("X-Redmine-API-Key", "0123456789abcdef"),),
    "todoist": (("Authorization", "Bearer token"),),
    "discord": (("Authorization", "Bot token"),),
    "clickup": (("Authorization", "pk_183_0123456789"),),
    "google-calendar": (("Authorization", "Bearer token"),),
    "pipedrive": (("x-api-token", "0123456789abcdef"),),
    "microsoft-graph": (("Authorization", "Bearer token"),),
    "salesforce": (("Authorization", "Bearer token"),),
    "zendesk": (("Authorization", "Basic " + base64.b64encode(b"me@example.com/token:0123456789abcdef").decode()),),
}
_ID = "5f0c1d2e3a4b5c6d7e8f9a0b"


def _case(vendor: str, name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
    if vendor == "trello":
        target += ("&" if "?" in target else "?") + "key=k&token=t"
    sent = {**dict(CREDENTIALS[vendor]), **({"Content-Type": "application/json"} if body is not None else {}), **headers}
    content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    return Case(name, Request(method, target, tuple((key, value) for key, value in sent.items() if value), content), by)


def _jira() -> list[Case]:
    issue = {"fields": {"summary": "Fix it", "project": {"key": "PROJ"}, "issuetype": {"name": "Task"}}}
    transition = {"transition": {"id": "31"}}

    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
        return _case("jira", name, by, method, target, body, **headers)

    return [
        case("create", (), "POST", "/rest/api/3/issue", issue),
        case("create without a body", ALL, "POST", "/rest/api/3/issue"),
        case("create without a credential", ("prism", "closed"), "POST", "/rest/api/3/issue", issue, Authorization=""),
        case("create with another scheme", ("prism", "closed"), "POST", "/rest/api/3/issue", issue, Authorization="Digest x"),
        case("fields is no object", ALL, "POST", "/rest/api/3/issue", {"fields": "summary"}),
        case("unknown key beside fields", CLOSED, "POST", "/rest/api/3/issue", {**issue, "field": {}}),
        case("body as a form", ALL, "POST", "/rest/api/3/issue", b"a=b", **{"Content-Type": "application/x-www-form-urlencoded"}),
        case("body is no JSON", ALL, "POST", "/rest/api/3/issue", b'{"fields": '),
        case("unknown query name", CLOSED, "POST", "/rest/api/3/issue?notify=true", issue),
        case("flag is no boolean", ALL, "POST", "/rest/api/3/issue?updateHistory=maybe", issue),
        case("transition", (), "POST", "/rest/api/3/issue/PROJ-1/transitions", transition),
        case("transition id is a number", ALL, "POST", "/rest/api/3/issue/PROJ-1/transitions", {"transition": {"id": 31}}),
        case(
            "read-only key",
            ("core", "closed"),
            "POST",
            "/rest/api/3/issue/PROJ-1/transitions",
            {"transition": {"id": "31", "name": "Done"}},
        ),
        case("search", (), "GET", "/rest/api/3/search/jql?jql=project%20%3D%20%22P%22&fields=summary&fields=status&maxResults=50"),
        case("page size is no number", ALL, "GET", "/rest/api/3/search/jql?jql=a&maxResults=many"),
        case("paging of the old search", CLOSED, "GET", "/rest/api/3/search/jql?jql=a&startAt=50"),
        case("unknown path", ALL, "GET", "/rest/api/3/issues/PROJ-1"),
        case("wrong method", ALL, "PATCH", "/rest/api/3/issue/PROJ-1", issue),
        case("comment", (), "POST", "/rest/api/3/issue/PROJ-1/comment", {"body": {"type": "doc", "version": 1, "content": []}}),
        case("misspelt comment key", CLOSED, "POST", "/rest/api/3/issue/PROJ-1/comment", {"bodi": {}}),
        case("nested unknown key", CLOSED, "POST", "/rest/api/3/issue/PROJ-1/comment", {"visibility": {"typ": "group"}}),
        case("nested wrong enumerator", ALL, "POST", "/rest/api/3/issue/PROJ-1/comment", {"visibility": {"type": "everyone"}}),
    ]


def _asana() -> list[Case]:
    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
        return _case("asana", name, by, method, target, body, **headers)

    def create(**data: Any) -> dict[str, Any]:
        return {"data": {"name": "Fix it", "workspace": "12", **data}}

    return [
        case("create", (), "POST", "/tasks", create(assignee="34", due_on="2030-01-02", projects=["56"])),
        case("create without a credential", ("prism", "closed"), "POST", "/tasks", create(), Authorization=""),
        case("without the envelope", CLOSED, "POST", "/tasks", {"name": "Fix it"}),
        case("unknown key", CLOSED, "POST", "/tasks", create(title="Fix it")),
        case("wrong enumerator", ALL, "POST", "/tasks", create(resource_subtype="bug")),
        case("date is none", ALL, "POST", "/tasks", create(due_on="tomorrow")),
        case("flag is a word", ALL, "POST", "/tasks", create(completed="yes")),
        case("null where none may be", ALL, "POST", "/tasks", create(completed=None)),
        case("null where it clears", (), "PUT", "/tasks/78", {"data": {"due_on": None}}),
        case("read-only key", ("core", "closed"), "PUT", "/tasks/78", {"data": {"created_at": "2030-01-02T03:04:05Z"}}),
        case("list of numbers", ALL, "POST", "/tasks", create(projects=[56])),
        case("list", (), "GET", "/tasks?project=56&limit=100&opt_fields=name,completed"),
        case("page too large", ALL, "GET", "/tasks?project=56&limit=101"),
        case("page of none", ALL, "GET", "/tasks?project=56&limit=0"),
        case("unknown query name", CLOSED, "GET", "/tasks?project_id=56"),
        case("query name in another case", CLOSED, "GET", "/tasks?Project=56"),
        case("unknown opt_fields", ALL, "GET", "/tasks?project=56&opt_fields=nme"),
        case("date-time is none", ALL, "GET", "/tasks?project=56&modified_since=yesterday"),
        case("project without a name of its team", (), "GET", "/projects?workspace=12"),
        case("unknown path", ALL, "GET", "/task/78"),
        case("wrong method", ALL, "PATCH", "/tasks/78", create()),
    ]


def _trello() -> list[Case]:
    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None) -> Case:
        return _case("trello", name, by, method, target, body)

    return [
        case("create", (), "POST", f"/cards?idList={_ID}&name=Fix%20it&dueComplete=false"),
        Case("create without a credential", Request("POST", f"/cards?idList={_ID}&name=x"), ALL),
        Case("only one of two credentials", Request("POST", f"/cards?idList={_ID}&name=x&key=k"), ALL),
        case("required name missing", ALL, "POST", "/cards?name=Fix%20it"),
        case("required name in another case", ("core", "closed"), "POST", f"/cards?idlist={_ID}"),
        case("id of the wrong form", ALL, "POST", "/cards?idList=5f0c"),
        case("flag is a word", ("prism", "closed"), "POST", f"/cards?idList={_ID}&dueComplete=yes"),
        case("wrong enumerator", ALL, "POST", f"/cards?idList={_ID}&cardRole=epic"),
        case("position is negative", ALL, "POST", f"/cards?idList={_ID}&pos=-1"),
        case("unknown name", CLOSED, "POST", f"/cards?idList={_ID}&title=Fix%20it"),
        case("body where there is none", ("prism", "closed"), "POST", f"/cards?idList={_ID}", {"name": "Fix it"}),
        case("update", (), "PUT", f"/cards/{_ID}?name=Fixed&closed=true"),
        case("update of a board", ALL, "PUT", f"/cards/{_ID}?idBoard=board"),
        case("comment", (), "POST", f"/cards/{_ID}/actions/comments?text=Hello"),
        case("comment without a text", ALL, "POST", f"/cards/{_ID}/actions/comments"),
        case("unknown path", ALL, "GET", f"/card/{_ID}"),
        case("wrong method", ALL, "PATCH", f"/cards/{_ID}?name=x"),
    ]


def _redmine() -> list[Case]:
    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
        return _case("redmine", name, by, method, target, body, **headers)

    def create(**issue: Any) -> dict[str, Any]:
        return {"issue": {"project_id": 1, "subject": "Fix it", **issue}}

    return [
        case("create", (), "POST", "/issues.json", create(due_date="2030-01-02", description=None)),
        case("create without a credential", ("prism", "closed"), "POST", "/issues.json", create(), **{"X-Redmine-API-Key": ""}),
        case("without the envelope", ALL, "POST", "/issues.json", {"subject": "Fix it", "project_id": 1}),
        case("required name missing", ALL, "POST", "/issues.json", {"issue": {"project_id": 1}}),
        case("unknown key", CLOSED, "POST", "/issues.json", create(assignee_id=5)),
        case("id is text", ALL, "POST", "/issues.json", create(assigned_to_id="wanda")),
        case("date is none", ALL, "POST", "/issues.json", create(due_date="soon")),
        case("null where none may be", ALL, "POST", "/issues.json", create(tracker_id=None)),
        case("ratio beyond its bound", ALL, "POST", "/issues.json", create(done_ratio=101)),
        case("list of texts", ALL, "POST", "/issues.json", create(watcher_user_ids=["5"])),
        case("format", ALL, "GET", "/issues.yaml"),
        case("get", (), "GET", "/issues/7.json?include=journals"),
        case("id in the path is text", ALL, "GET", "/issues/seven.json"),
        case("unknown include", ALL, "GET", "/issues/7.json?include=history"),
        case("list", (), "GET", "/issues.json?project_id=1&status_id=*&limit=100&offset=0"),
        case("offset is no number", ALL, "GET", "/issues.json?offset=next"),
        case("unknown query name", CLOSED, "GET", "/issues.json?page=2"),
        case("me", (), "GET", "/users/current.json"),
        case("unknown path", ALL, "GET", "/tickets.json"),
        case("wrong method", ALL, "PATCH", "/issues/7.json", create()),
    ]


def _github() -> list[Case]:
    issues = "/repos/octo-org/demo/issues"

    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
        return _case("github", name, by, method, target, body, **headers)

    return [
        case("create", (), "POST", issues, {"title": "Fix it", "labels": ["a"], "assignees": ["ada"], "type": "Bug"}),
        case("create without a title", ALL, "POST", issues, {"body": "Do it"}),
        case("unknown key", CLOSED, "POST", issues, {"title": "Fix it", "description": "Do it"}),
        case("list of numbers", ALL, "POST", issues, {"title": "Fix it", "assignees": [5]}),
        case("null where none may be", ALL, "POST", issues, {"title": "Fix it", "body": None}),
        case("update", (), "PATCH", f"{issues}/7", {"state": "closed", "state_reason": "not_planned", "body": None}),
        case("wrong enumerator", ALL, "PATCH", f"{issues}/7", {"state": "done"}),
        case("number in the path is text", ALL, "PATCH", f"{issues}/seven", {"state": "closed"}),
        case("sub-issue by its number", (), "POST", f"{issues}/7/sub_issues", {"sub_issue_id": 90001, "replace_parent": True}),
        case("sub-issue by a text", ALL, "POST", f"{issues}/7/sub_issues", {"sub_issue_id": "90001"}),
        case("comment", (), "POST", f"{issues}/7/comments", {"body": "Hello"}),
        case("comment without a text", ALL, "POST", f"{issues}/7/comments", {}),
        case("list", (), "GET", f"{issues}?state=all&since=2030-01-02T03:04:05Z&per_page=100&page=2"),
        case("list by a wrong word", ALL, "GET", f"{issues}?state=done"),
        case("since is no moment", ALL, "GET", f"{issues}?since=yesterday"),
        case("unknown query name", CLOSED, "GET", f"{issues}?limit=10"),
        case("search", (), "GET", "/search/issues?q=is%3Aissue%20%22fix%20it%22"),
        case("search without a query", ALL, "GET", "/search/issues"),
        case("unknown path", ALL, "GET", "/issues/7"),
        case("wrong method", ALL, "DELETE", f"{issues}/7"),
    ]


def _zendesk() -> list[Case]:
    tickets = "/api/v2/tickets"

    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
        return _case("zendesk", name, by, method, target, body, **headers)

    def ticket(**fields: Any) -> dict[str, Any]:
        return {"ticket": {"subject": "Fix it", "comment": {"body": "Do it"}, **fields}}

    return [
        case("create", (), "POST", tickets, ticket(priority="high", tags=["a"], due_at="2030-01-02T00:00:00Z", group_id=7)),
        case("create without a credential", ALL, "POST", tickets, ticket(), Authorization=""),
        case("without the envelope", CLOSED, "POST", tickets, {"subject": "Fix it"}),
        case("unknown key", CLOSED, "POST", tickets, ticket(title="Fix it")),
        case("wrong enumerator", ALL, "POST", tickets, ticket(status="done")),
        case("id is text", ALL, "POST", tickets, ticket(assignee_id="5")),
        case("tag of two words", ALL, "POST", tickets, ticket(tags=["two words"])),
        case("null where it clears", (), "PUT", f"{tickets}/7", {"ticket": {"due_at": None}}),
        case("null where none may be", ALL, "PUT", f"{tickets}/7", {"ticket": {"group_id": None}}),
        case("description is no input", CLOSED, "PUT", f"{tickets}/7", {"ticket": {"description": "x"}}),
        case("note", (), "PUT", f"{tickets}/7", {"ticket": {"comment": {"body": "Hello", "public": False}}}),
        case("flag is a word", ALL, "PUT", f"{tickets}/7", {"ticket": {"comment": {"body": "Hello", "public": "no"}}}),
        case("id in the path is text", ALL, "GET", f"{tickets}/seven"),
        case("list", (), "GET", f"{tickets}?page%5Bsize%5D=100&page%5Bafter%5D=abc"),
        case("page too large", ("core", "closed"), "GET", f"{tickets}?page%5Bsize%5D=101"),
        case("unknown query name", CLOSED, "GET", f"{tickets}?limit=5"),
        case("comments, newest first", (), "GET", f"{tickets}/7/comments?sort=-created_at"),
        case("search", (), "GET", "/api/v2/search/export?query=status%3Aopen&filter%5Btype%5D=ticket"),
        case("search without a query", ALL, "GET", "/api/v2/search/export"),
        case("unknown path", ALL, "GET", "/api/v2/issues/7"),
        case("wrong method", ALL, "POST", f"{tickets}/7", ticket()),
    ]


def _todoist() -> list[Case]:
    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
        return _case("todoist", name, by, method, target, body, **headers)

    return [
        case("create", (), "POST", "/tasks", {"content": "Fix it", "labels": ["a"], "priority": 4, "due_date": "2030-01-02"}),
        case("create without a credential", ALL, "POST", "/tasks", {"content": "Fix it"}, Authorization=""),
        case("create without a content", ALL, "POST", "/tasks", {"description": "Do it"}),
        case("create with an empty content", ALL, "POST", "/tasks", {"content": ""}),
        case("unknown key", CLOSED, "POST", "/tasks", {"content": "Fix it", "title": "Fix it"}),
        case("priority beyond its bound", ALL, "POST", "/tasks", {"content": "Fix it", "priority": 5}),
        case("labels are a text", ALL, "POST", "/tasks", {"content": "Fix it", "labels": "a"}),
        case("date is a number", ALL, "POST", "/tasks", {"content": "Fix it", "due_date": 20300102}),
        case("update", (), "POST", "/tasks/6X7rM8997g3RQmvh", {"content": "Fixed", "assignee_id": None}),
        case("an update sets no status", CLOSED, "POST", "/tasks/6X7rM8997g3RQmvh", {"checked": True}),
        case("close", (), "POST", "/tasks/6X7rM8997g3RQmvh/close"),
        case("move", (), "POST", "/tasks/6X7rM8997g3RQmvh/move", {"project_id": "6Jf8VQXxpwv56VQ7"}),
        case("move to a number", ALL, "POST", "/tasks/6X7rM8997g3RQmvh/move", {"project_id": 7}),
        case("list", (), "GET", "/tasks?project_id=6Jf8VQXxpwv56VQ7&limit=200&cursor=abc"),
        case("page size is a word", ALL, "GET", "/tasks?limit=many"),
        case("filter of the older API", CLOSED, "GET", "/tasks?filter=today"),
        case("sections", (), "GET", "/sections?project_id=6Jf8VQXxpwv56VQ7"),
        case("comment", (), "POST", "/comments", {"task_id": "6X7rM8997g3RQmvh", "content": "Hello"}),
        case("comment without a text", ALL, "POST", "/comments", {"task_id": "6X7rM8997g3RQmvh"}),
        case("unknown path", ALL, "GET", "/items"),
        case("wrong method", ALL, "PATCH", "/tasks/6X7rM8997g3RQmvh", {"content": "x"}),
    ]


def _clickup() -> list[Case]:
    tasks = "/v2/list/901100000001/task"

    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
        return _case("clickup", name, by, method, target, body, **headers)

    return [
        case("create", (), "POST", tasks, {"name": "Fix it", "priority": 1, "due_date": 1893556800000, "assignees": [183], "tags": ["a"]}),
        case("create without a credential", ALL, "POST", tasks, {"name": "Fix it"}, Authorization=""),
        case("create without a name", ALL, "POST", tasks, {"description": "Do it"}),
        case("create with an empty name", ALL, "POST", tasks, {"name": ""}),
        case("unknown key", CLOSED, "POST", tasks, {"name": "Fix it", "title": "Fix it"}),
        case("date is a text", ALL, "POST", tasks, {"name": "Fix it", "due_date": "2030-01-02"}),
        case("assignees are texts", ALL, "POST", tasks, {"name": "Fix it", "assignees": ["ada"]}),
        case("list in the path is a word", ALL, "POST", "/v2/list/demo/task", {"name": "Fix it"}),
        case("update", (), "PUT", "/v2/task/86a1b2c3d", {"status": "complete", "due_date": None, "assignees": {"add": [183], "rem": []}}),
        case("assignees replaced", ALL, "PUT", "/v2/task/86a1b2c3d", {"assignees": [183]}),
        case("null where none may be", ALL, "PUT", "/v2/task/86a1b2c3d", {"name": None}),
        case("read-only key", CLOSED, "PUT", "/v2/task/86a1b2c3d", {"date_created": "1893556800000"}),
        case("list", (), "GET", f"{tasks}?page=0&include_closed=true&assignees[]=183"),
        case("page is a word", ALL, "GET", f"{tasks}?page=first"),
        case("flag is a word", ("prism", "closed"), "GET", f"{tasks}?include_closed=yes"),
        case("unknown query name", CLOSED, "GET", f"{tasks}?limit=10"),
        case("comment", (), "POST", "/v2/task/86a1b2c3d/comment", {"comment_text": "Hello", "notify_all": False}),
        case("comment without a text", ALL, "POST", "/v2/task/86a1b2c3d/comment", {"notify_all": False}),
        case("custom fields", (), "GET", "/v2/list/901100000001/field", **{"Content-Type": "application/json"}),
        case("unknown path", ALL, "GET", "/v2/issue/86a1b2c3d"),
        case("wrong method", ALL, "PATCH", "/v2/task/86a1b2c3d", {"name": "x"}),
    ]


def _google_calendar() -> list[Case]:
    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
        return _case("google-calendar", name, by, method, target, body, **headers)

    events = "/calendars/primary/events"
    event = {"summary": "Lunch", "start": {"date": "2030-01-02"}, "end": {"date": "2030-01-03"}}
    return [
        case("create", (), "POST", f"{events}?sendUpdates=all", event),
        case("create without an end", ALL, "POST", events, {"summary": "Lunch", "start": {"date": "2030-01-02"}}),
        case("start is a text", ALL, "POST", events, {**event, "start": "2030-01-02"}),
        case("a bare date as a moment", ALL, "POST", events, {**event, "start": {"dateTime": "2030-01-02"}}),
        case("a word as a date", ALL, "POST", events, {**event, "start": {"date": "tomorrow"}}),
        case("unknown key", CLOSED, "POST", events, {**event, "title": "Lunch"}),
        case("nested unknown key", CLOSED, "POST", events, {**event, "start": {"date": "2030-01-02", "timezone": "UTC"}}),
        case("recurrence is a text", ALL, "POST", events, {**event, "recurrence": "RRULE:FREQ=DAILY"}),
        case("whom to tell", ALL, "POST", f"{events}?sendUpdates=everyone", event),
        case("clear", (), "PATCH", f"{events}/abcde", {"location": None, "start": {"date": None, "dateTime": "2030-01-02T09:00:00Z"}}),
        case("null where none may be", ALL, "PATCH", f"{events}/abcde", {"summary": None}),
        case("list", (), "GET", f"{events}?singleEvents=true&orderBy=startTime&timeMin=2030-01-02T00:00:00Z&maxResults=250"),
        case("a bare date as a limit", ALL, "GET", f"{events}?timeMin=2030-01-02"),
        case("flag is a word", ("prism", "closed"), "GET", f"{events}?singleEvents=yes"),
        case("page size is no number", ALL, "GET", f"{events}?maxResults=all"),
        case("unknown query name", CLOSED, "GET", f"{events}?query=lunch"),
        case("without a credential", ("prism", "closed"), "GET", events, Authorization=""),
        case("unknown path", ALL, "GET", "/calendar/primary/events"),
        case("wrong method", ALL, "POST", f"{events}/abcde", event),
    ]


def _salesforce() -> list[Case]:
    contacts, deals = "/sobjects/Contact", "/sobjects/Opportunity"

    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
        return _case("salesforce", name, by, method, target, body, **headers)

    return [
        case("create", (), "POST", contacts, {"LastName": "Hopper", "Email": "grace@example.net", "AccountId": None}),
        case("create without a credential", ("prism", "closed"), "POST", contacts, {"LastName": "Hopper"}, Authorization=""),
        case("unknown key", CLOSED, "POST", contacts, {"LastName": "Hopper", "Surname": "Hopper"}),
        case("name is a number", ALL, "POST", contacts, {"LastName": 7}),
        case("amount", (), "PATCH", f"{deals}/006000000000001AAA", {"Amount": 12.5, "Probability": 25, "CloseDate": "2031-01-02"}),
        case("amount is a text", ALL, "PATCH", f"{deals}/006000000000001AAA", {"Amount": "12.50"}),
        case("date is none", ALL, "PATCH", f"{deals}/006000000000001AAA", {"CloseDate": "soon"}),
        case("more people than digits", ALL, "PATCH", "/sobjects/Account/001000000000001AAA", {"NumberOfEmployees": 10**8}),
        case("null where none may be", ALL, "PATCH", f"{contacts}/003000000000001AAA", {"OwnerId": None}),
        case("query", (), "GET", "/query?q=SELECT%20Id%20FROM%20Contact"),
        case("query without one", ALL, "GET", "/query"),
        case("further records", (), "GET", "/query/01g000000000001AAA-10"),
        case("unknown query name", CLOSED, "GET", "/query?q=SELECT%20Id%20FROM%20Contact&limit=5"),
        case("unknown path", ALL, "GET", "/sobjects/Person/003000000000001AAA"),
        case("wrong method", ALL, "PUT", f"{contacts}/003000000000001AAA", {"LastName": "Hopper"}),
    ]


def _pipedrive() -> list[Case]:
    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
        return _case("pipedrive", name, by, method, target, body, **headers)

    deal = {"title": "New", "value": 12.5, "currency": "EUR", "probability": 25, "expected_close_date": "2031-01-02"}
    return [
        case("create", (), "POST", "/deals", deal),
        case("create without a credential", ("prism", "closed"), "POST", "/deals", deal, **{"x-api-token": ""}),
        case("create without a title", ALL, "POST", "/deals", {"value": 12.5}),
        case("unknown key", CLOSED, "POST", "/deals", {**deal, "name": "New"}),
        case("value is a text", ALL, "POST", "/deals", {**deal, "value": "12.50"}),
        case("date is none", ALL, "POST", "/deals", {**deal, "expected_close_date": "soon"}),
        case("id is a text", ALL, "PATCH", "/deals/7001", {"org_id": "9001"}),
        case("id in the path is a text", ALL, "PATCH", "/deals/first", {"title": "x"}),
        case("null where none may be", ALL, "PATCH", "/deals/7001", {"org_id": None}),
        case("null where it clears", (), "PATCH", "/deals/7001", {"probability": None}),
        case("person without a name", ALL, "POST", "/persons", {"owner_id": 501}),
        case("emails are texts", ALL, "POST", "/persons", {"name": "Grace", "emails": ["grace@example.net"]}),
        case("people by their ids", (), "GET", "/persons?ids=101,102&limit=500"),
        case("page size is a word", ALL, "GET", "/deals?limit=many"),
        case("list by a wrong word", ALL, "GET", "/deals?status=closed"),
        case("unknown query name", CLOSED, "GET", "/deals?start=100"),
        case("search", (), "GET", "/persons/search?term=grace&fields=email&exact_match=true"),
        case("search without a term", ALL, "GET", "/persons/search"),
        case("users of the first version", (), "GET", "/v1/users"),
        case("unknown path", ALL, "GET", "/users"),
        case("wrong method", ALL, "PUT", "/deals/7001", deal),
    ]


def _microsoft_graph() -> list[Case]:
    def case(name: str, by: tuple[str, ...], method: str, target: str, body: Any = None, **headers: str) -> Case:
        return _case("microsoft-graph", name, by, method, target, body, **headers)

    events = "/users/ada@example.com/events"
    at = {"dateTime": "2030-01-02T09:00:00", "timeZone": "UTC"}
    event = {"subject": "Lunch", "start": at, "end": at}
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}
    span = {"type": "noEnd", "startDate": "2030-01-02"}
    view = "/users/ada@example.com/calendarView?startDateTime=2030-01-02T00:00:00Z&endDateTime=2030-01-03T00:00:00Z"
    return [
        case("create", (), "POST", events, event),
        case("a series", (), "POST", events, {**event, "recurrence": {"pattern": pattern, "range": span}}),
        case("start is a text", ALL, "POST", events, {**event, "start": "2030-01-02"}),
        case("unknown key", CLOSED, "POST", events, {**event, "title": "Lunch"}),
        case("nested unknown key", CLOSED, "POST", events, {**event, "start": {**at, "zone": "UTC"}}),
        case("wrong enumerator", ALL, "POST", events, {**event, "sensitivity": "public"}),
        case("wrong kind of guest", ALL, "POST", events, {**event, "attendees": [{"type": "maybe"}]}),
        case(
            "wrong day of the week",
            ALL,
            "POST",
            events,
            {**event, "recurrence": {"pattern": {**pattern, "daysOfWeek": ["MO"]}, "range": span}},
        ),
        case("flag is a word", ALL, "POST", events, {**event, "isAllDay": "no"}),
        case("clear", (), "PATCH", f"{events}/AAMk", {"recurrence": None, "location": {"displayName": ""}}),
        case("view", (), "GET", f"{view}&$orderby=start/dateTime&$top=10&$select=id,subject"),
        case("view without an end", ALL, "GET", view.partition("&")[0]),
        case("unknown property to select", ALL, "GET", f"{view}&$select=title"),
        case("page size is no number", ALL, "GET", f"{view}&$top=all"),
        case("unknown query name", CLOSED, "GET", f"{view}&select=id"),
        case("without a credential", ("prism", "closed"), "GET", view, Authorization=""),
        case("unknown path", ALL, "GET", "/users/ada@example.com/appointments"),
        case("wrong method", ALL, "PUT", f"{events}/AAMk", event),
    ]


CASES = {
    "pipedrive": _pipedrive(),
    "microsoft-graph": _microsoft_graph(),
    "google-calendar": _google_calendar(),
    "salesforce": _salesforce(),
    "github": _github(),
    "jira": _jira(),
    "asana": _asana(),
    "trello": _trello(),
    "redmine": _redmine(),
    "zendesk": _zendesk(),
    "todoist": _todoist(),
    "clickup": _clickup(),
}
