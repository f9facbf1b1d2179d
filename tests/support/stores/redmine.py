"""Redmine: ids are written, objects with id and name are read. Compared with a real Redmine in tests/live."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.support.store import Becomes, Call, Clock, Document, Handler, Record, Refused, Store, counter

_TIME = "2030-01-01T00:00:00Z"
PROJECTS = {1: ("Demo", "demo"), 2: ("Other", "other")}
USERS = {1: ("Ada", "Admin"), 5: ("Wanda", "Worker"), 6: ("Otto", "Other")}
STATUSES = {
    1: ("New", False),
    2: ("In Progress", False),
    3: ("Resolved", False),
    4: ("Feedback", False),
    5: ("Closed", True),
    6: ("Rejected", True),
}
TRACKERS = {1: "Bug", 2: "Feature", 3: "Support"}
_STANDARD = (
    "assigned_to_id", "category_id", "fixed_version_id", "parent_issue_id", "start_date", "due_date", "estimated_hours", "done_ratio",
    "description", "priority_id",
)  # fmt: skip
_OPTIONS: dict[str, Any] = {
    "description": None, "regexp": "", "min_length": None, "max_length": None, "is_for_all": True, "is_filter": False,
    "searchable": False, "multiple": False, "default_value": None, "visible": True, "editable": True,
}  # fmt: skip
FIELDS = [
    {
        "id": 3, "name": "Phase", "customized_type": "issue", "field_format": "list", "is_required": True, **_OPTIONS,
        "possible_values": [{"value": "plan", "label": "Planning"}],
    },
    {"id": 4, "name": "Office", "customized_type": "user", "field_format": "string", "is_required": False, **_OPTIONS},
]  # fmt: skip
PRIORITIES = {1: "Low", 2: "Normal", 3: "High", 4: "Urgent", 5: "Immediate"}


class _Redmine:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.issues: dict[int, Record] = {}
        self.ids = counter()
        self.journal_ids = counter()
        # Written ids against read objects: paths./issues.{format}.post.requestBody against components.schemas.issue
        self.becomes: dict[str, Becomes] = {
            "uploads": lambda _: {},  # files are not stored here
            "project_id": lambda value: {"project": self._project(value, status=422)},
            "tracker_id": lambda value: {"tracker": _named(TRACKERS, value)},
            "status_id": self._status,
            "priority_id": lambda value: {"priority": _named(PRIORITIES, value)},
            "assigned_to_id": _assignee,
            # Observed at the real server: it stores texts with the line ends of HTML forms.
            "description": lambda value: {"description": value and re.sub(r"\r\n|\n|\r", "\r\n", value)},
            "parent_issue_id": lambda value: {"parent": None if value is None else {"id": self._issue(value)["id"]}},
        }

    def handlers(self) -> dict[str, Handler]:
        return {
            "createIssue": self.create,
            "getIssue": lambda call: {"issue": self._shown(self._issue(call.path["issue_id"]), call)},
            "updateIssue": self.update,
            "deleteIssue": self.delete,
            "updateJournal": self.update_journal,
            "getIssues": self.list,
            "getProjects": lambda call: _page(call, "projects", [_project(number) for number in PROJECTS]),
            "getProject": lambda call: {"project": self._shown_project(call)},
            "getUsers": self.users,
            "getUser": lambda call: {"user": _user(_found(USERS, call.path["user_id"]))},
            "getCurrentUser": lambda _: {"user": _user(1)},
            "getIssueStatuses": lambda _: {
                "issue_statuses": [
                    {"id": n, "name": name, "is_closed": closed, "description": None} for n, (name, closed) in STATUSES.items()
                ]
            },
            "getIssuePriorities": lambda _: {
                "issue_priorities": [{"id": n, "name": name, "is_default": n == 2, "active": True} for n, name in PRIORITIES.items()]
            },
            "uploadAttachmentFile": lambda _: {"upload": {"id": 1, "token": "1.3f2a"}},
            "downloadAttachmentFile": _no_file,
            "deleteAttachment": _no_file,
            "getCustomFields": lambda _: {"custom_fields": FIELDS},
            "getTrackers": lambda _: {
                "trackers": [
                    {
                        "id": n,
                        "name": name,
                        "default_status": {"id": 1, "name": "New"},
                        "description": None,
                        "enabled_standard_fields": list(_STANDARD),
                    }
                    for n, name in TRACKERS.items()
                ]
            },
        }

    def create(self, call: Call) -> Any:
        now = self._now()
        record: Record = {
            "id": next(self.ids), "tracker": _named(TRACKERS, 1), "status": _status(1), "priority": _named(PRIORITIES, 2),
            "author": _named(_full_names(), 1), "description": None, "start_date": None, "due_date": None, "done_ratio": 0,
            "is_private": False, "estimated_hours": None, "total_estimated_hours": None, "created_on": now, "updated_on": now,
            "closed_on": None, "journals": [],
        }  # fmt: skip
        # Observed at the real server: by default the creator of an issue cannot choose its status, and the field is ignored.
        self._write(record, {name: value for name, value in call.body["issue"].items() if name != "status_id"})
        self.issues[record["id"]] = record
        return {"issue": {name: value for name, value in record.items() if name != "journals"}}

    def update(self, call: Call) -> None:
        record = self._issue(call.path["issue_id"])
        inputs = dict(call.body["issue"])
        notes, private = inputs.pop("notes", None), inputs.pop("private_notes", False)
        self._write(record, inputs)
        record["updated_on"] = self._now()
        if notes or inputs:
            details = [{"property": "attr", "name": name, "old_value": None, "new_value": str(value)} for name, value in inputs.items()]
            record["journals"].append(
                {
                    "id": next(self.journal_ids),
                    "user": _named(_full_names(), 1),
                    "notes": notes or "",
                    "created_on": self._now(),
                    "updated_on": self._now(),
                    "private_notes": private,
                    "details": details,
                }
            )

    def update_journal(self, call: Call) -> None:
        """A journal that has neither notes nor details is removed."""
        for issue in self.issues.values():
            for journal in issue["journals"]:
                if journal["id"] == call.path["journal_id"]:
                    journal |= call.body["journal"] | {"updated_on": self._now()}
                    if not journal["notes"] and not journal["details"]:
                        issue["journals"].remove(journal)
                    return
        raise Refused(404)

    def delete(self, call: Call) -> None:
        del self.issues[self._issue(call.path["issue_id"])["id"]]

    def list(self, call: Call) -> Any:
        query = call.query
        found = [self._shown(record, call, listed=True) for record in self.issues.values() if _matches(record, query)]
        return _page(call, "issues", found[::-1])

    def users(self, call: Call) -> Any:
        name = str(call.query.get("name", "")).lower()
        return _page(call, "users", [_user(number) for number, names in USERS.items() if name in " ".join(names).lower()], summary=True)

    def _write(self, record: Record, inputs: Mapping[str, Any]) -> None:
        before = record.get("status")
        self.document.write(record, inputs, reads=self.document.schema("#/components/schemas/issue"), becomes=self.becomes)
        if record["status"] != before and record["status"]["is_closed"]:
            record["closed_on"] = self._now()  # observed at the real server: it stays when the issue is reopened

    def _shown(self, record: Record, call: Call, *, listed: bool = False) -> Record:
        requested = call.query.get("include") or ()
        shown = {name: value for name, value in record.items() if name != "journals" or ("journals" in requested and not listed)}
        return shown | ({"allowed_statuses": [_status(number) for number in STATUSES]} if "allowed_statuses" in requested else {})

    def _shown_project(self, call: Call) -> Record:
        project = _project(self._project(call.path["project_id"])["id"])
        requested = "trackers" in (call.query.get("include") or ())
        return project | ({"trackers": [_named(TRACKERS, number) for number in TRACKERS]} if requested else {})

    def _issue(self, number: int) -> Record:
        if number not in self.issues:
            raise Refused(404)
        return self.issues[number]

    def _project(self, given: int | str, status: int = 404) -> Record:
        for number, (name, identifier) in PROJECTS.items():
            if str(given) in (str(number), identifier):
                return {"id": number, "name": name}
        raise Refused(status, {"errors": ["Project cannot be blank"]} if status == 422 else None)

    def _status(self, value: int) -> Record:
        return {"status": _status(value)}

    def _now(self) -> str:
        return self.clock.tick().replace(".000Z", "Z")


def _assignee(value: Any) -> Mapping[str, Any]:
    """Observed at the real server: null is ignored, an empty text clears."""
    if value is None:
        return {}
    return {"assigned_to": None if value == "" else _named(_full_names(), value)}


def _matches(record: Record, query: Mapping[str, Any]) -> bool:
    """Apply the filters of the list, by their parameters' descriptions: `a|b` is either, `*` any, `o` open, `c` closed, `!*` none."""
    for parameter, name in (
        ("project_id", "project"),
        ("assigned_to_id", "assigned_to"),
        ("tracker_id", "tracker"),
        ("parent_id", "parent"),
    ):
        if parameter in query and not _one_of(query[parameter], (record.get(name) or {}).get("id")):
            return False
    status = str(query.get("status_id", "o"))  # without one, only open issues are listed
    if status in ("o", "open", "c", "closed"):
        if record["status"]["is_closed"] != status.startswith("c"):
            return False
    elif not _one_of(status, record["status"]["id"]):
        return False
    subject = str(query.get("subject", "")).removeprefix("~")
    after = str(query.get("updated_on", ">=")).removeprefix(">=")
    words = str(query.get("any_searchable", "")).removeprefix("~").lower().split()
    searched = f"{record['subject']} {record['description'] or ''}".lower()
    return all(word in searched for word in words) and subject.lower() in record["subject"].lower() and record["updated_on"] >= after


def _one_of(words: Any, number: int | None) -> bool:
    if words == "*":
        return number is not None
    if words == "!*":
        return number is None
    return str(number) in str(words).split("|")


def _no_file(_: Call) -> Any:
    """Reject a request for a file: issues have none here."""
    raise Refused(404)


def _page(call: Call, name: str, records: list[Record], *, summary: bool = False) -> Any:
    offset, limit = call.query.get("offset", 0), min(call.query.get("limit", 25), 100)
    return {name: records[offset : offset + limit], "total_count": len(records), "offset": offset, "limit": limit}


def _named(names: Mapping[int, str], number: int) -> Record:
    return {"id": _found(names, number), "name": names[number]}


def _found(known: Mapping[int, Any], number: int) -> int:
    if number not in known:
        raise Refused(422, {"errors": [f"{number} is invalid"]})
    return number


def _status(number: int) -> Record:
    _found(STATUSES, number)
    return {"id": number, "name": STATUSES[number][0], "is_closed": STATUSES[number][1]}


def _full_names() -> dict[int, str]:
    return {number: " ".join(names) for number, names in USERS.items()}


def _user(number: int) -> Record:
    first, last = USERS[number]
    return {
        "id": number, "login": first.lower(), "admin": number == 1, "firstname": first, "lastname": last,
        "mail": f"{first.lower()}@example.net", "created_on": _TIME, "updated_on": _TIME, "last_login_on": None,
        "passwd_changed_on": None, "twofa_scheme": None, "status": 1,
    }  # fmt: skip


def _project(number: int) -> Record:
    name, identifier = PROJECTS[number]
    return {
        "id": number, "name": name, "identifier": identifier, "description": "", "homepage": "", "status": 1, "is_public": False,
        "inherit_members": False, "created_on": _TIME, "updated_on": _TIME,
    }  # fmt: skip


def store(document: Document) -> Store:
    return Store(document, _Redmine(document).handlers())
