"""ClickUp: statuses belong to lists, times are texts of milliseconds, pages hold 100 tasks or 25 comments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.support.store import Becomes, Call, Clock, Document, Handler, Record, Refused, Store, counter

WORKSPACE = "9001"
LISTS = {"901100000001": "Demo", "901100000002": "Other"}
SPACES = {"790": "Work", "791": "Empty"}
FOLDERS = {"457": "Archive"}
_SIMPLE = [("to do", "open"), ("in progress", "custom"), ("complete", "closed")]
STATUSES = {
    "901100000001": _SIMPLE,
    "901100000002": [("backlog", "open"), ("doing", "custom"), ("review", "custom"), ("shipped", "done"), ("closed", "closed")],
}
USERS = {"183": "Ada Admin", "184": "Wanda Worker"}
ME = next(iter(USERS))
TYPES = [{"id": 1, "name": "Milestone", "name_plural": "Milestones"}, {"id": 1002, "name": "Bug", "name_plural": "Bugs"}]
FIELDS = [
    {
        "id": "03efda77-c7a0-42d3-8afd-fd546353c2f5", "name": "Stage", "type": "drop_down",
        "type_config": {"options": [{"id": "28123f3d-0001-4a1f-9f0b-000000000001", "name": "Plan", "color": None, "orderindex": 0}]},
        "date_created": "1893553445000", "hide_from_guests": False,
    },
]  # fmt: skip
_PRIORITIES = {1: "urgent", 2: "high", 3: "normal", 4: "low"}


class _ClickUp:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.tasks: dict[str, Record] = {}
        self.comments: dict[str, list[Record]] = {}
        self.lists: dict[str, Record] = {key: _list(key) for key in LISTS}
        self.ids = counter(1000)
        # The bodies of CreateTask and UpdateTask, and the response of GetTask.
        self.becomes: dict[str, Becomes] = {
            "markdown_content": lambda value: _texts(value),
            "description": lambda value: _texts(value.strip(" ")),
            "priority": lambda value: {
                "priority": None if value is None else {"id": str(value), "orderindex": str(value), "priority": _PRIORITIES[value]}
            },
            "start_date": lambda value: {"start_date": None if value is None else str(value)},
            "due_date": lambda value: {"due_date": None if value is None else str(value)},
            "assignees": lambda value: {"assignees": [_user(str(one)) for one in value]},
            "tags": lambda value: {"tags": [{"name": name} for name in value]},
        }

    def handlers(self) -> dict[str, Handler]:
        return {
            "CreateTask": self.create,
            "GetTask": lambda call: _shown(call, self._task(call.path["task_id"])),
            "UpdateTask": self.update,
            "DeleteTask": self.delete,
            "GetTasks": lambda call: self.page(call, lambda task: task["list"]["id"] == _known(LISTS, call.path["list_id"])),
            "GetFilteredTeamTasks": lambda call: self.page(call, lambda task: task["team_id"] == call.path["team_Id"]),
            "GetSpaces": self.spaces,
            "GetFolders": lambda call: {"folders": [_named(FOLDERS, one) for one in FOLDERS if call.path["space_id"] == "790"]},
            "GetFolderlessLists": lambda call: {"lists": [_listed("901100000001", "790")] if call.path["space_id"] == "790" else []},
            "GetLists": lambda call: {"lists": [_listed("901100000002", "790", one) for one in FOLDERS if one == call.path["folder_id"]]},
            "GetList": lambda call: self._own_list(call),
            "CreateFolderlessList": self.create_list,
            "UpdateList": self.update_list,
            "GetListMembers": lambda call: {"members": [_member(one) for one in USERS if _known(LISTS, call.path["list_id"])]},
            "GetUser": self.read_user,
            "GetAuthorizedUser": lambda _: {"user": _user(ME)},
            "CreateTaskComment": self.comment,
            "GetAccessibleCustomFields": lambda call: {"fields": FIELDS if _known(LISTS, call.path["list_id"]) else []},
            "GetCustomItems": lambda call: {"custom_items": TYPES if call.path["team_id"] == WORKSPACE else []},
            "GetTaskComments": self.comments_of,
            "UpdateComment": self.change_comment,
            "DeleteComment": self.delete_comment,
            "AddTagToTask": self.add_tag,
            "RemoveTagFromTask": self.remove_tag,
        }

    def spaces(self, call: Call) -> Any:
        if call.path["team_id"] != WORKSPACE:
            raise Refused(401, {"err": "Team not authorized", "ECODE": "OAUTH_027"})
        return {"spaces": [_space(one) for one in SPACES]}

    def create_list(self, call: Call) -> Any:
        list_id = str(901100000000 + next(self.ids))
        statuses = [_status(next(iter(LISTS)), index) for index in range(len(_SIMPLE))]
        self.lists[list_id] = _list(next(iter(LISTS))) | {"id": list_id, "name": call.body["name"], "statuses": statuses}
        self.lists[list_id] |= {"content": call.body.get("content", ""), "space": {"id": _known(SPACES, call.path["space_id"])}}
        return self.lists[list_id]

    def update_list(self, call: Call) -> Any:
        own = self._own_list(call)
        own |= {name: value for name, value in call.body.items() if name in ("name", "content")}
        return own

    def _own_list(self, call: Call) -> Record:
        return self.lists[_known(self.lists, call.path["list_id"])]

    def read_user(self, call: Call) -> Any:
        """GetUser: a user of the Workspace, on Enterprise plans."""
        user_id = str(call.path["user_id"])
        if call.path["team_id"] != WORKSPACE or user_id not in USERS:
            raise Refused(404, {"err": "User not found", "ECODE": "USER_001"})
        return {"member": {"user": _user(user_id)}}

    def create(self, call: Call) -> Any:
        list_id, body = _known(LISTS, call.path["list_id"]), dict(call.body)
        if body.get("parent") is not None and self._task(body["parent"])["list"]["id"] != list_id:
            raise Refused(400, {"err": "Parent not child of list", "ECODE": "ITEM_137"})  # `parent`: in the list of the path
        now, task_id = self._now(), f"86a{next(self.ids)}"
        record: Record = {
            "id": task_id, "custom_id": None, "custom_item_id": 0, "name": "", **_texts(""), "orderindex": "1.0",
            "status": _status(list_id, 0), "date_created": now, "date_updated": now, "date_closed": None, "date_done": None,
            "archived": False, "creator": _user(ME), "assignees": [], "group_assignees": [], "watchers": [], "checklists": [],
            "tags": [], "parent": None, "priority": None, "due_date": None, "start_date": None, "points": None,
            "time_estimate": None, "custom_fields": [], "dependencies": [], "linked_tasks": [], "team_id": WORKSPACE,
            "url": f"https://app.clickup.com/t/{task_id}", "permission_level": "create",
            "list": {"id": list_id, "name": LISTS[list_id], "access": True}, "space": {"id": "7002367"},
        }  # fmt: skip
        self._write(record, body)
        self.tasks[task_id] = record
        return {"id": task_id, "name": record["name"], "status": record["status"]}

    def update(self, call: Call) -> Any:
        record, body = self._task(call.path["task_id"]), dict(call.body)
        if body.get("parent") is not None:
            self._task(body["parent"])
            if body["parent"] in {record["id"], *self._below(record["id"])}:
                raise Refused(400, {"err": "A task cannot be part of itself", "ECODE": "ITEM_144"})
        if (changed := body.pop("assignees", None)) is not None:  # UpdateTask has the changes, CreateTask the list
            stay = [one["id"] for one in record["assignees"] if one["id"] not in changed.get("rem", ())]
            body["assignees"] = list(dict.fromkeys((*stay, *changed.get("add", ()))))
        self._write(record, body)
        return {"id": record["id"], "name": record["name"], "status": record["status"]}

    def delete(self, call: Call) -> Any:
        task_id = self._task(call.path["task_id"])["id"]
        for one in (*self._below(task_id), task_id):
            del self.tasks[one]
        return None

    def page(self, call: Call, belongs: Any) -> Any:
        """GetTasks and GetFilteredTeamTasks: 100 tasks a page, counted from 0, newest first; closed ones and parts on demand."""
        query = call.query
        found = [
            task
            for task in reversed(self.tasks.values())
            if belongs(task)
            and (query.get("include_closed") or task["status"]["type"] != "closed")
            and (query.get("subtasks") or task["parent"] is None)
            and int(task["date_updated"]) > query.get("date_updated_gt", -(10**15))
            and (not query.get("assignees[]") or {*query["assignees[]"]} & {str(one["id"]) for one in task["assignees"]})
        ]
        start = 100 * query.get("page", 0)
        response: Record = {"tasks": [_shown(call, task) for task in found[start : start + 100]]}
        return response | ({"last_page": start + 100 >= len(found)} if "{list_id}" in call.operation.template else {})

    def comment(self, call: Call) -> Any:
        task_id, now = self._task(call.path["task_id"])["id"], self._now()
        comment = {
            "id": str(next(self.ids)), **_comment_content(call.body),
            "user": _member(ME, short=True), "resolved": False, "assignee": None, "assigned_by": None, "reactions": [], "date": now,
        }  # fmt: skip
        self.comments.setdefault(task_id, []).insert(0, comment)
        return {"id": comment["id"], "hist_id": comment["id"], "date": int(now)}

    def change_comment(self, call: Call) -> Any:
        _, comment = self._comment(call.path["comment_id"])
        comment |= _comment_content(call.body)
        return {}

    def delete_comment(self, call: Call) -> Any:
        comments, comment = self._comment(call.path["comment_id"])
        comments.remove(comment)
        return {}

    def _comment(self, comment_id: Any) -> tuple[list[Record], Record]:
        for comments in self.comments.values():
            for comment in comments:
                if comment["id"] == str(comment_id):
                    return comments, comment
        raise Refused(404, {"err": "Comment not found", "ECODE": "COMMENT_020"})

    def add_tag(self, call: Call) -> Any:
        task = self._task(call.path["task_id"])
        if call.path["tag_name"] not in [tag["name"] for tag in task["tags"]]:
            task["tags"].append({"name": call.path["tag_name"]})
        return {}

    def remove_tag(self, call: Call) -> Any:
        task = self._task(call.path["task_id"])
        task["tags"] = [tag for tag in task["tags"] if tag["name"] != call.path["tag_name"]]
        return {}

    def comments_of(self, call: Call) -> Any:
        """Return the newest 25, or those older than the one that `start` and `start_id` name together."""
        found = self.comments.get(self._task(call.path["task_id"])["id"], [])
        if ("start" in call.query) != ("start_id" in call.query):
            raise Refused(400, {"err": "start and start_id go together", "ECODE": "COMMENT_001"})
        if "start" in call.query:
            known = [(comment["date"], comment["id"]) for comment in found]
            at = (str(call.query["start"]), call.query["start_id"])
            found = found[known.index(at) + 1 :] if at in known else []
        return {"comments": found[:25]}

    def _write(self, record: Record, body: dict[str, Any]) -> None:
        if "status" in body:
            names = [name for name, _ in STATUSES[record["list"]["id"]]]
            if body["status"] not in names:
                raise Refused(400, {"err": "Status not found", "ECODE": "CRTSK_001"})
            record["status"] = _status(record["list"]["id"], names.index(body.pop("status")))
            done = record["status"]["type"] in ("done", "closed")
            record |= {"date_done": self._now() if done else None}
        reads = self.document.schema("#/components/schemas/Task")
        ordered: Mapping[str, Any] = dict(sorted(body.items(), key=lambda item: item[0] == "markdown_content"))  # it takes precedence
        self.document.write(record, ordered, reads=reads, becomes=self.becomes)
        record["date_updated"] = self._now()

    def _now(self) -> str:
        return str(int(datetime.fromisoformat(self.clock.tick()).timestamp() * 1000))

    def _task(self, task_id: str) -> Record:
        if task_id not in self.tasks:
            raise Refused(404, {"err": "Task not found, deleted", "ECODE": "ITEM_013"})
        return self.tasks[task_id]

    def _below(self, task_id: str) -> list[str]:
        own = [each for each, task in self.tasks.items() if task["parent"] == task_id]
        return [found for child in own for found in (*self._below(child), child)]


def _texts(text: str) -> Record:
    return {"description": text, "text_content": text, "markdown_description": text}


def _shown(call: Call, task: Record) -> Record:
    """`markdown_description` is returned on request."""
    return {name: value for name, value in task.items() if name != "markdown_description" or call.query.get("include_markdown_description")}


def _known(known: Mapping[str, Any], key: str) -> str:
    if key not in known:
        raise Refused(404, {"err": "List not found", "ECODE": "SUBCAT_016"})
    return key


def _status(list_id: str, index: int) -> Record:
    name, kind = STATUSES[list_id][index]
    return {"id": f"p{index}", "status": name, "color": "#d3d3d3", "orderindex": index, "type": kind}


def _list(list_id: str) -> Record:
    name = LISTS[_known(LISTS, list_id)]
    statuses = [_status(list_id, index) for index in range(len(STATUSES[list_id]))]
    return {"id": list_id, "name": name, "content": "", "archived": False, "override_statuses": False, "statuses": statuses}


def _listed(list_id: str, space_id: str, folder_id: str | None = None) -> Record:
    """Return a list as lists of lists have it. Outside of folders, it is in a hidden one."""
    empty = dict.fromkeys(("status", "priority", "assignee", "task_count", "due_date", "start_date"))
    folder = {"id": folder_id or "0", "name": FOLDERS[folder_id] if folder_id else "hidden", "hidden": folder_id is None, "access": True}
    space = _named(SPACES, space_id) | {"access": True}
    return _list(list_id) | empty | {"orderindex": 0, "folder": folder, "space": space, "permission_level": "create"}


def _space(key: str) -> Record:
    dates = dict.fromkeys(("enabled", "start_date", "remap_due_dates", "remap_closed_due_date"), True)
    features: Record = {name: {"enabled": True} for name in ("time_tracking", "tags", "time_estimates", "checklists")}
    return _named(SPACES, key) | {"private": False, "statuses": [], "multiple_assignees": True, "features": features | {"due_dates": dates}}


def _named(known: Mapping[str, str], key: str) -> Record:
    return {"id": key, "name": known[key]}


def _user(user_id: str) -> Record:
    if user_id not in USERS:
        raise Refused(400, {"err": "Assignees not found", "ECODE": "ITEM_081"})
    name = USERS[user_id]
    address = f"{name.split()[0].lower()}@example.net"
    return {"id": int(user_id), "username": name, "color": "#827718", "email": address, "profilePicture": None}


def _member(user_id: str, *, short: bool = False) -> Record:
    kinds = ("display_profile", "verified_ambassador", "verified_consultant", "top_tier_user")
    empty = ("viewed_verified_ambassador", "viewed_verified_consultant", "viewed_top_tier_user")
    shown = _user(user_id) | {"initials": "AA", "profilePicture": f"https://attachments-public.clickup.com/profilePictures/{user_id}.jpg"}
    return shown if short else shown | {"profileInfo": dict.fromkeys((*kinds, *empty))}


def store(document: Document) -> Store:
    return Store(document, _ClickUp(document).handlers())


def _comment_content(body: Record) -> Record:
    """Return the pieces and the plain text of a comment, of which a request has one; a mention's text is its user's name."""
    pieces = body.get("comment") or [{"text": body["comment_text"]}]
    shown = [{**piece, "text": piece["text"] if "text" in piece else f"@{piece['user']['id']}"} for piece in pieces]
    return {"comment": shown, "comment_text": "".join(piece["text"] for piece in shown)}
