"""Asana: gids are written, objects are read; responses contain the fields in `opt_fields`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from tests.support.store import Becomes, Call, Clock, Document, Handler, Record, Refused, Store, counter, paths_only

WORKSPACE = "1200000000000001"
USERS = {"1200000000000011": "Ada Admin", "1200000000000012": "Wanda Worker"}
PROJECTS = {"1200000000000021": "Demo", "1200000000000022": "Other"}
TAGS = {"1200000000000031": "urgent", "1200000000000032": "later"}
FIELDS = (
    ("1200000000000041", "Stage", "enum", (("1200000000000051", "Plan"), ("1200000000000052", "Build"))),
    ("1200000000000042", "Effort", "number", ()),
)
_COMPACT = ("gid", "resource_type", "name", "resource_subtype")


class _Asana:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.tasks: dict[str, Record] = {}
        self.stories: dict[str, list[Record]] = {}
        self.ids = counter(1300000000000001)
        # Gids against objects: components.schemas.TaskRequestBase and TaskCreateRequest against TaskResponse.
        self.becomes: dict[str, Becomes] = {
            "assignee": lambda value: {"assignee": None if value is None else _user(value)},
            "parent": lambda value: {"parent": None if value is None else paths_only(self._task(value), _COMPACT)},
            "projects": lambda value: {"projects": [_of(PROJECTS, gid, "project") for gid in value]},
            "tags": lambda value: {"tags": [_of(TAGS, gid, "tag") for gid in value]},
            "followers": lambda value: {"followers": [_user(gid) for gid in value]},
            "workspace": lambda value: {"workspace": _of({WORKSPACE: "Work"}, value, "workspace")},
            # TaskBase.notes is the text of TaskBase.html_notes, and the other way round
            "html_notes": lambda value: {"html_notes": value, "notes": unescape(re.sub(r"<[^>]*>", "", value))},
            "notes": lambda value: {"notes": value, "html_notes": f"<body>{value}</body>"},
            # TaskBase.completed_at and completed_by are read-only and follow completed
            "completed": lambda value: {
                "completed": value,
                "completed_at": self.clock.tick() if value else None,
            },
        }

    def handlers(self) -> dict[str, Handler]:
        return {
            "createTask": self.create,
            "createSubtaskForTask": lambda call: self.create(call, parent=call.path["task_gid"]),
            "getTask": lambda call: _one(call, self._task(call.path["task_gid"])),
            "updateTask": self.update,
            "deleteTask": self.delete,
            "getTasks": self.list,
            "getTasksForProject": lambda call: self.list(call, project=call.path["project_gid"]),
            "searchTasksForWorkspace": self.search,
            "addTagForTask": self.add_tag,
            "removeTagForTask": self.remove_tag,
            "setParentForTask": self.set_parent,
            "addProjectForTask": self.add_project,
            "getTagsForWorkspace": lambda call: _page(call, [_of(TAGS, gid, "tag") for gid in TAGS]),
            "getTags": lambda call: _page(call, [_of(TAGS, gid, "tag") for gid in TAGS]),
            "createStoryForTask": self.comment,
            "getStoriesForTask": lambda call: _page(call, self.stories.get(self._task(call.path["task_gid"])["gid"], [])),
            "getStory": lambda call: _one(call, self._story(call)[1]),
            "updateStory": self.change_story,
            "deleteStory": self.delete_story,
            "getSubtasksForTask": self.subtasks,
            "getProjects": lambda call: _page(call, [_project(gid) for gid in PROJECTS]),
            "getProjectsForWorkspace": lambda call: _page(call, [_project(gid) for gid in PROJECTS]),
            "getProject": lambda call: _one(call, _project(call.path["project_gid"])),
            "getUsers": lambda call: _page(call, [_complete_user(gid) for gid in USERS]),
            "getUsersForWorkspace": lambda call: _page(call, [_complete_user(gid) for gid in USERS]),
            "getCustomFieldSettingsForProject": lambda call: _page(call, [_setting(call.path["project_gid"], *one) for one in FIELDS]),
            "getUser": lambda call: _one(call, _complete_user(call.path["user_gid"])),
            "getAttachmentsForObject": lambda call: _page(call, []),
            "getAttachment": _no_file,
            "deleteAttachment": _no_file,
        }

    def create(self, call: Call, parent: str | None = None) -> Any:
        data = call.body["data"] | ({"parent": parent} if parent else {})
        if not data.get("workspace") and not data.get("projects") and not data.get("parent"):
            # createTask: a task belongs to a workspace, which a project or a parent implies
            raise Refused(400, {"errors": [{"message": "workspace: Missing input"}]})
        gid = str(next(self.ids))
        now = self.clock.tick()
        record: Record = {
            "gid": gid, "resource_type": "task", "resource_subtype": "default_task", "name": "", "notes": "", "html_notes": "<body></body>",
            "completed": False, "completed_at": None, "assignee": None, "due_on": None, "due_at": None, "start_on": None, "start_at": None,
            "parent": None, "projects": [], "tags": [], "followers": [], "workspace": _of({WORKSPACE: "Work"}, WORKSPACE, "workspace"),
            "created_at": now, "modified_at": now, "created_by": {"gid": next(iter(USERS)), "resource_type": "user"},
            "permalink_url": f"https://app.asana.com/1/{WORKSPACE}/task/{gid}", "custom_fields": [],
        }  # fmt: skip
        self._write(record, data)
        self.tasks[gid] = record
        return _one(call, record)

    def update(self, call: Call) -> Any:
        record = self._task(call.path["task_gid"])
        self._write(record, call.body["data"])
        record["modified_at"] = self.clock.tick()
        return _one(call, record)

    def delete(self, call: Call) -> Any:
        del self.tasks[self._task(call.path["task_gid"])["gid"]]
        return {"data": {}}

    def list(self, call: Call, project: str | None = None) -> Any:
        query = call.query
        project = project or query.get("project")
        if not project and not (query.get("assignee") and query.get("workspace")) and not query.get("section"):
            # getTasks: a project or section, or an assignee together with a workspace
            raise Refused(400, {"errors": [{"message": "project: Missing input"}]})
        found = [
            task
            for task in self.tasks.values()
            if (not project or project in [one["gid"] for one in task["projects"]])
            and (not query.get("assignee") or (task["assignee"] or {}).get("gid") == query["assignee"])
            and task["modified_at"] >= query.get("modified_since", "")
            and (not task["completed"] or "completed_since" not in query or task["completed_at"] >= query["completed_since"])
        ]
        return _page(call, found)

    def search(self, call: Call) -> Any:
        query = call.query
        found = [
            task
            for task in self.tasks.values()
            if query.get("text", "").lower() in (task["name"] + task["notes"]).lower()
            and (not query.get("projects.any") or {*query["projects.any"].split(",")} & {one["gid"] for one in task["projects"]})
            and (not query.get("assignee.any") or (task["assignee"] or {}).get("gid") in query["assignee.any"].split(","))
            and query.get("completed", task["completed"]) == task["completed"]
            and task["modified_at"] >= query.get("modified_at.after", "")
            and task["created_at"] < query.get("created_at.before", "9")
        ]
        # The search has no pages: clients request the tasks that were created before the last one.
        found.sort(key=lambda task: task[query.get("sort_by", "modified_at")], reverse=not query.get("sort_ascending", False))
        return {"data": [_selected(call, task) for task in found[: query.get("limit", 20)]]}

    def comment(self, call: Call) -> Any:
        task = self._task(call.path["task_gid"])
        data = call.body["data"]
        story: Record = {
            "gid": str(next(self.ids)), "resource_type": "story", "resource_subtype": "comment_added", "type": "comment",
            "created_at": self.clock.tick(), "created_by": _user(next(iter(USERS))), "target": paths_only(task, _COMPACT),
        }  # fmt: skip
        story |= _story_texts(data)
        self.stories.setdefault(task["gid"], []).append(story)
        return _one(call, story)

    def change_story(self, call: Call) -> Any:
        _, story = self._story(call)
        story |= _story_texts(call.body["data"])
        return _one(call, story)

    def delete_story(self, call: Call) -> Any:
        stories, story = self._story(call)
        stories.remove(story)
        return {"data": {}}

    def subtasks(self, call: Call) -> Any:
        parent = self._task(call.path["task_gid"])["gid"]
        return _page(call, [task for task in self.tasks.values() if (task["parent"] or {}).get("gid") == parent])

    def _story(self, call: Call) -> tuple[list[Record], Record]:
        for stories in self.stories.values():
            for story in stories:
                if story["gid"] == call.path["story_gid"]:
                    return stories, story
        raise _not_found(call.path["story_gid"])

    def add_tag(self, call: Call) -> Any:
        tags = self._task(call.path["task_gid"])["tags"]
        tag = _of(TAGS, call.body["data"]["tag"], "tag")
        if tag not in tags:
            tags.append(tag)
        return {"data": {}}

    def remove_tag(self, call: Call) -> Any:
        task = self._task(call.path["task_gid"])
        task["tags"] = [tag for tag in task["tags"] if tag["gid"] != call.body["data"]["tag"]]
        return {"data": {}}

    def set_parent(self, call: Call) -> Any:
        task = self._task(call.path["task_gid"])
        parent = call.body["data"]["parent"]
        task["parent"] = None if parent is None else paths_only(self._task(parent), _COMPACT)
        return _one(call, task)

    def add_project(self, call: Call) -> Any:
        self._task(call.path["task_gid"])["projects"].append(_of(PROJECTS, call.body["data"]["project"], "project"))
        return {"data": {}}

    def _write(self, record: Record, data: Mapping[str, Any]) -> None:
        self.document.write(record, data, reads=self.document.schema("#/components/schemas/TaskResponse"), becomes=self.becomes)

    def _task(self, gid: str) -> Record:
        if gid not in self.tasks:
            raise _not_found(gid)
        return self.tasks[gid]


def _story_texts(data: Mapping[str, Any]) -> Record:
    text = data.get("text", unescape(re.sub(r"<[^>]*>", "", data.get("html_text", ""))))
    return {"text": text, "html_text": data.get("html_text", f"<body>{text}</body>")}


def _selected(call: Call, record: Record) -> Record:
    """Apply `opt_fields` of the operation: the gid of every object, and the requested fields
    (https://developers.asana.com/docs/inputoutput-options); without it a list's records are compact."""
    requested = call.query.get("opt_fields")
    if requested:
        return paths_only(record, [*_gids(requested), *requested])
    compact = call.operation.method == "get" and not call.operation.template.endswith("_gid}")
    return paths_only(record, _COMPACT) if compact else record


def _gids(paths: list[str]) -> list[str]:
    """Return the gids of the objects that paths lead through."""
    return ["gid", *(f"{path[: at.start()]}.gid" for path in paths for at in re.finditer(r"\.", path))]


def _no_file(call: Call) -> Any:
    """Reject a request for a file: tasks have none here."""
    raise _not_found(call.path["attachment_gid"])


def _one(call: Call, record: Record) -> Any:
    return {"data": _selected(call, record)}


def _page(call: Call, records: list[Record]) -> Any:
    limit = call.query.get("limit", len(records) or 1)
    start = int(call.query.get("offset", "0").removeprefix("after-"))
    shown = [_selected(call, record) for record in records[start : start + limit]]
    more = start + limit < len(records)
    next_page = {"offset": f"after-{start + limit}", "path": "/x", "uri": "https://app.asana.com/api/1.0/x"} if more else None
    declared = ("query", "limit") in call.operation.parameters
    return {"data": shown} | ({"next_page": next_page} if declared else {})


def _of(known: Mapping[str, str], gid: str, kind: str) -> Record:
    if gid not in known:
        raise Refused(400, {"errors": [{"message": f"{kind}: Not a recognized ID: {gid}"}]})
    return {"gid": gid, "resource_type": kind, "name": known[gid]}


def _user(gid: str) -> Record:
    return _of(USERS, next(iter(USERS)) if gid == "me" else gid, "user")


def _complete_user(gid: str) -> Record:
    user = _user(gid)
    return user | {"email": f"{user['name'].split()[0].lower()}@example.net"}


def _project(gid: str) -> Record:
    if gid not in PROJECTS:
        raise _not_found(gid)
    return _of(PROJECTS, gid, "project") | {
        "archived": False, "notes": "", "permalink_url": f"https://app.asana.com/0/{gid}",
        "created_at": "2030-01-01T00:00:00.000Z", "modified_at": "2030-01-01T00:00:00.000Z",
        "workspace": _of({WORKSPACE: "Work"}, WORKSPACE, "workspace"),
    }  # fmt: skip


def _not_found(gid: str) -> Refused:
    return Refused(404, {"errors": [{"message": f"Unknown object: {gid}"}]})


def _setting(project: str, gid: str, name: str, kind: str, options: tuple[tuple[str, str], ...]) -> Record:
    chosen = [{"gid": option, "resource_type": "enum_option", "name": word, "enabled": True} for option, word in options]
    field = {"gid": gid, "resource_type": "custom_field", "name": name, "resource_subtype": kind, "enum_options": chosen}
    return {"gid": f"9{gid}", "resource_type": "custom_field_setting", "project": _of(PROJECTS, project, "project"), "custom_field": field}


def store(document: Document) -> Store:
    return Store(document, _Asana(document).handlers())
