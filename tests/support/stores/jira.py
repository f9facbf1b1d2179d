"""Jira: issue fields are free-form in the document; a reference (key, name, accountId) is read as an object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.store import Call, Clock, Document, Handler, Record, Refused, Store, counter, paths_only
from unified_emulation.query_languages import jql
from unified_emulation.query_languages.records import QueryFault

PROJECTS = {"PROJ": ("10000", "Demo"), "OTHER": ("10001", "Other")}
USERS = {"5b10a2844c20165700ede21g": "Ada Admin", "5b10ac8d82e05b22cc7d4ef5": "Wanda Worker"}
PRIORITIES = {"1": "Highest", "2": "High", "3": "Medium", "4": "Low", "5": "Lowest"}
TYPES = {"10100": "Task", "10101": "Bug", "10102": "Story", "10103": "Epic", "10104": "Sub-task"}
STATUSES = {"1": ("To Do", "new", 2), "3": ("In Progress", "indeterminate", 4), "5": ("Done", "done", 3)}
TRANSITIONS = {"11": "1", "21": "3", "31": "5"}
FIELDS = [
    {
        "fieldId": "summary", "key": "summary", "name": "Summary", "required": True, "operations": ["set"],
        "schema": {"type": "string", "system": "summary"},
    },
    {
        "fieldId": "customfield_10010", "key": "customfield_10010", "name": "Severity", "required": False, "operations": ["set"],
        "schema": {"type": "option", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:select", "customId": 10010},
        "allowedValues": [{"id": "7", "value": "Minor"}, {"id": "8", "value": "Major"}],
    },
]  # fmt: skip
_BASE = "https://your-domain.atlassian.net"
_QUERIED: Mapping[str, Callable[[Record], tuple[str, ...]]] = {
    "project": lambda issue: tuple(issue["fields"]["project"][name] for name in ("key", "id", "name")),
    "statuscategory": lambda issue: tuple(str(issue["fields"]["status"]["statusCategory"][name]) for name in ("key", "id", "name")),
    "status": lambda issue: (issue["fields"]["status"]["name"], issue["fields"]["status"]["id"]),
    "assignee": lambda issue: ((issue["fields"].get("assignee") or {}).get("accountId", ""),),
    "updated": lambda issue: (issue["fields"]["updated"],),
    "created": lambda issue: (issue["fields"]["created"],),
    "text": lambda issue: (issue["fields"]["summary"] + str(issue["fields"]["description"]),),
    "duedate": lambda issue: (issue["fields"]["duedate"],) if issue["fields"].get("duedate") else (),
    "labels": lambda issue: tuple(issue["fields"]["labels"]),
    "priority": lambda issue: (issue["fields"]["priority"]["name"], issue["fields"]["priority"]["id"]),
    "issuetype": lambda issue: (issue["fields"]["issuetype"]["name"], issue["fields"]["issuetype"]["id"]),
    "summary": lambda issue: (issue["fields"]["summary"],),
    "parent": lambda issue: ((issue["fields"].get("parent") or {}).get("key", ""),),
}


def jql_values(issue: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the values that an issue has under a name of JQL.

    Raises:
        QueryFault: the name is not known.
    """
    if name.lower() not in _QUERIED:
        raise QueryFault(f"Field '{name}' does not exist")
    return _QUERIED[name.lower()](dict(issue))


class _Jira:
    def __init__(self) -> None:
        self.clock = Clock()
        self.issues: dict[str, Record] = {}
        self.comments: dict[str, list[Record]] = {}
        self.ids = counter(10200)
        self.numbers = {key: counter() for key in PROJECTS}
        # Names in IssueUpdateDetails.fields of those that IssueBean.fields has as objects; the others are unchanged.
        self.becomes: dict[str, Callable[[Any], Any]] = {
            "project": lambda given: _project(given.get("key") or given["id"]),
            "issuetype": lambda given: _named(TYPES, given, "issuetype"),
            "priority": lambda given: _named(PRIORITIES, given, "priority"),
            "assignee": lambda given: _user(given.get("accountId") or given["id"]),
            "reporter": lambda given: _user(given.get("accountId") or given["id"]),
            "parent": lambda given: self._parent(given.get("key") or given["id"]),
        }

    def handlers(self) -> dict[str, Handler]:
        return {
            "createIssue": self.create,
            "getIssue": lambda call: _shown(call, self._issue(call.path["issueIdOrKey"])),
            "editIssue": self.edit,
            "assignIssue": self.assign,
            "deleteIssue": self.delete,
            "getTransitions": self.transitions,
            "doTransition": self.transition,
            "searchAndReconsileIssuesUsingJql": self.search,
            "addComment": self.comment,
            "getComments": self.listed_comments,
            "getComment": lambda call: self._comment(call)[1],
            "updateComment": self.change_comment,
            "deleteComment": self.delete_comment,
            "searchProjects": lambda call: _page(call, "values", [_project(key) for key in PROJECTS], last=True),
            "getProject": lambda call: _project(call.path["projectIdOrKey"]),
            "getCurrentUser": lambda _: _user(next(iter(USERS))),
            "getUser": lambda call: _user(call.query["accountId"]),
            "findUsers": lambda call: self._users(call, call.query.get("query", "")),
            "findAssignableUsers": lambda call: self._users(call, call.query.get("query", "")),
            "getAllUsers": lambda call: self._users(call, ""),
            "getAllUsersDefault": lambda call: self._users(call, ""),
            "getStatuses": lambda _: [_status(number) for number in STATUSES],
            "getAllStatuses": lambda call: [
                {**kind, "statuses": [_status(number) for number in STATUSES]} for kind in _kinds(call.path["projectIdOrKey"])
            ],
            "getCreateIssueMetaIssueTypes": lambda call: _page(call, "issueTypes", _kinds(call.path["projectIdOrKey"])),
            "getCreateIssueMetaIssueTypeId": lambda call: _page(call, "fields", FIELDS if _kinds(call.path["projectIdOrKey"]) else []),
            "getAttachmentContent": _no_file,
            "removeAttachment": _no_file,
            "getPriorities": lambda _: [_named(PRIORITIES, {"id": number}, "priority") for number in PRIORITIES],
        }

    def create(self, call: Call) -> Any:
        fields = call.body.get("fields") or {}
        missing = [name for name in ("project", "summary", "issuetype") if name not in fields]
        if missing:  # createIssue: the fields that a project's create screen requires
            raise Refused(400, {"errorMessages": [], "errors": dict.fromkeys(missing, "is required")})
        project = _project(fields["project"].get("key") or fields["project"]["id"])
        key = f"{project['key']}-{next(self.numbers[project['key']])}"
        number = str(next(self.ids))
        now = self._now()
        ada = _user(next(iter(USERS)))
        shown: Record = {
            "status": _status("1"), "created": now, "updated": now, "creator": ada, "reporter": ada, "assignee": None, "labels": [],
            "priority": _named(PRIORITIES, {"id": "3"}, "priority"), "description": None, "duedate": None, "resolutiondate": None,
        }  # fmt: skip
        issue: Record = {"id": number, "key": key, "self": f"{_BASE}/rest/api/3/issue/{number}", "fields": shown}
        self._write(shown, fields)
        self.issues[key] = issue
        return {"id": number, "key": key, "self": issue["self"]}

    def edit(self, call: Call) -> None:
        issue = self._issue(call.path["issueIdOrKey"])
        self._write(issue["fields"], call.body.get("fields") or {})
        issue["fields"]["updated"] = self._now()

    def assign(self, call: Call) -> None:
        account = call.body.get("accountId")
        self._issue(call.path["issueIdOrKey"])["fields"]["assignee"] = None if account is None else _user(account)

    def delete(self, call: Call) -> None:
        del self.issues[self._issue(call.path["issueIdOrKey"])["key"]]

    def transitions(self, call: Call) -> Any:
        self._issue(call.path["issueIdOrKey"])
        return {"transitions": [{"id": n, "name": STATUSES[to][0], "to": _status(to)} for n, to in TRANSITIONS.items()]}

    def transition(self, call: Call) -> None:
        fields = self._issue(call.path["issueIdOrKey"])["fields"]
        number = call.body["transition"]["id"]
        if number not in TRANSITIONS:
            raise Refused(400, {"errorMessages": [f"Transition id '{number}' is not valid for this issue."], "errors": {}})
        fields["status"] = _status(TRANSITIONS[number])
        fields["resolutiondate"] = self._now() if TRANSITIONS[number] == "5" else None

    def search(self, call: Call) -> Any:
        try:
            matches = jql.predicate(call.query.get("jql", ""), jql_values)
            found = [issue for issue in self.issues.values() if matches(issue)]
        except ValueError as error:
            raise Refused(400, {"errorMessages": [str(error)], "errors": {}}) from error
        size, start = call.query.get("maxResults", 50), int(call.query.get("nextPageToken", "0"))
        end = start + size
        shown = [_shown(call, issue, default=("id",)) for issue in found[start:end]]
        return {"issues": shown, "isLast": end >= len(found)} | ({"nextPageToken": str(end)} if end < len(found) else {})

    def comment(self, call: Call) -> Any:
        key = self._issue(call.path["issueIdOrKey"])["key"]
        now = self._now()
        ada = _user(next(iter(USERS)))
        comment: Record = {
            "id": str(next(self.ids)),
            "body": call.body["body"],
            "author": ada,
            "updateAuthor": ada,
            "created": now,
            "updated": now,
            "jsdPublic": not any(
                each["key"] == "sd.public.comment" and each["value"].get("internal") for each in call.body.get("properties") or ()
            ),
        }
        self.comments.setdefault(key, []).append(comment)
        return comment

    def listed_comments(self, call: Call) -> Any:
        return _page(call, "comments", self.comments.get(self._issue(call.path["issueIdOrKey"])["key"], []))

    def change_comment(self, call: Call) -> Any:
        _, comment = self._comment(call)
        comment |= {"body": call.body["body"], "updated": self._now()}
        return comment

    def delete_comment(self, call: Call) -> None:
        comments, comment = self._comment(call)
        comments.remove(comment)

    def _comment(self, call: Call) -> tuple[list[Record], Record]:
        comments = self.comments.get(self._issue(call.path["issueIdOrKey"])["key"], [])
        for comment in comments:
            if comment["id"] == call.path["id"]:
                return comments, comment
        raise Refused(404, {"errorMessages": ["Can not find a comment"], "errors": {}})

    def _write(self, shown: Record, fields: Mapping[str, Any]) -> None:
        for name, value in fields.items():
            shown[name] = self.becomes[name](value) if value is not None and name in self.becomes else value
        if fields.get("labels", ()) is None:
            shown["labels"] = []

    def _parent(self, given: str) -> Record:
        issue = self._issue(given)
        return {"id": issue["id"], "key": issue["key"], "self": issue["self"], "fields": {"summary": issue["fields"]["summary"]}}

    def _issue(self, given: str) -> Record:
        for key, issue in self.issues.items():
            if given in (key, issue["id"]):
                return issue
        raise Refused(404, {"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}})

    def _users(self, call: Call, text: str) -> list[Record]:
        start, size = call.query.get("startAt", 0), call.query.get("maxResults", 50)
        return [_user(account) for account, name in USERS.items() if text.lower() in name.lower()][start : start + size]

    def _now(self) -> str:
        return self.clock.tick().replace("Z", "+0000")  # Jira's own form, without a colon in the offset


def _shown(call: Call, issue: Record, default: tuple[str, ...] = ("*all",)) -> Record:
    requested = [name for one in call.query.get("fields") or default for name in one.split(",")]
    fields = issue["fields"] if {"*all", "*navigable"} & {*requested} else paths_only(issue["fields"], requested)
    return {**issue, "fields": fields}


def _no_file(_: Call) -> Any:
    """Reject a request for a file: issues have none here."""
    raise Refused(404, {"errorMessages": ["The attachment was not found."], "errors": {}})


def _page(call: Call, name: str, records: list[Record], *, last: bool = False) -> Any:
    start, size = call.query.get("startAt", 0), call.query.get("maxResults", 50)
    page = {name: records[start : start + size], "startAt": start, "maxResults": size, "total": len(records)}
    return page | ({"isLast": start + size >= len(records)} if last else {})


def _project(given: str) -> Record:
    for key, (number, name) in PROJECTS.items():
        if given in (key, number):
            return {"id": number, "key": key, "name": name, "self": f"{_BASE}/rest/api/3/project/{number}"}
    raise Refused(404, {"errorMessages": [f"No project could be found with key '{given}'."], "errors": {}})


def _named(known: Mapping[str, str], given: Mapping[str, str], kind: str) -> Record:
    for number, name in known.items():
        if given.get("id") == number or given.get("name") == name:
            return {"id": number, "name": name, "self": f"{_BASE}/rest/api/3/{kind}/{number}"}
    raise Refused(400, {"errorMessages": [], "errors": {kind: "Specify a valid value"}})


def _status(number: str) -> Record:
    name, key, category = STATUSES[number]
    return {"id": number, "name": name, "statusCategory": {"id": category, "key": key, "name": name}}


def _user(account: str) -> Record:
    if account not in USERS:
        raise Refused(400, {"errorMessages": [], "errors": {"assignee": f"User '{account}' does not exist."}})
    name = USERS[account]
    return {
        "accountId": account,
        "accountType": "atlassian",
        "active": True,
        "displayName": name,
        "emailAddress": f"{name[:3].lower()}@example.net",
    }


def _kinds(project: str) -> list[Record]:
    """Return the types of a project's issues."""
    _project(project)
    return [
        {"id": number, "name": name, "self": f"{_BASE}/rest/api/3/issuetype/{number}", "subtask": name == "Sub-task"}
        for number, name in TYPES.items()
    ]


def store(document: Document) -> Store:
    return Store(document, _Jira().handlers())
