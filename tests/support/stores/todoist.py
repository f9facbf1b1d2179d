"""Todoist: completion is a call of its own, names in requests differ from those in responses, lists hold open tasks in pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.support.store import Becomes, Call, Clock, Document, Handler, Record, Refused, Store, counter

PROJECTS = {"6Jf8VQXxpwv56VQ7": "Demo", "6Jf8VQXxpwv56VQ8": "Other"}
INBOX = next(iter(PROJECTS))
USERS = {"2671355": "Ada Admin", "2671362": "Wanda Worker"}
ME = next(iter(USERS))


class _Todoist:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.tasks: dict[str, Record] = {}
        self.comments: dict[str, list[Record]] = {}
        self.ids = counter(1000)
        # CreateTaskRequest and UpdateTaskRequest against components.schemas.Task.
        self.becomes: dict[str, Becomes] = {
            "assignee_id": lambda value: {"responsible_uid": None if value is None else _known(USERS, value)},
            "due_date": lambda value: {"due": _due(value)},
            "due_datetime": lambda value: {"due": _due(value)},
            "due_string": lambda value: {"due": None if value == "no date" else _due(value)},
            "project_id": lambda value: {"project_id": _known(PROJECTS, value)},
            "parent_id": lambda value: {"parent_id": self._task(value)["id"], "project_id": self._task(value)["project_id"]},
        }

    def handlers(self) -> dict[str, Handler]:
        return {
            "createTask": self.create,
            "getTask": lambda call: self._task(call.path["id"]),
            "updateTask": self.update,
            "deleteTask": self.delete,
            "closeTask": lambda call: self.complete(call.path["id"], self.clock.tick()),
            "reopenTask": lambda call: self.complete(call.path["id"], None),
            "moveTask": self.move,
            "listTasks": self.open_tasks,
            "listProjects": lambda call: _page(call, [_project(one) for one in PROJECTS]),
            "listProjectCollaborators": lambda call: _page(
                call, [_collaborator(one) for one in USERS if _known(PROJECTS, call.path["id"])]
            ),
            "getProject": lambda call: _project(call.path["id"]),
            "listComments": self.comments_of,
            "createComment": self.comment,
            "getComment": lambda call: self._comment(call.path["id"])[1],
            "updateComment": self.change_comment,
            "deleteComment": self.delete_comment,
            "sync": self.sync,
            "listSections": self.sections,
            "getUser": lambda _: {"id": ME, "email": _address(ME), "full_name": USERS[ME], "avatar_medium": None},
        }

    def create(self, call: Call) -> Any:
        if call.body.get("parent_id") and self._task(call.body["parent_id"])["project_id"] != call.body.get("project_id", INBOX):
            raise Refused(400, {"error": "The parent is in another project"})
        now, task_id = self.clock.tick(), f"6X7rM8997g3R{next(self.ids)}"
        record: Record = {
            "id": task_id, "user_id": ME, "project_id": INBOX, "section_id": None, "parent_id": None,
            "content": "", "description": "", "labels": [], "priority": 1, "due": None, "deadline": None,
            "added_by_uid": ME, "assigned_by_uid": None, "responsible_uid": None, "checked": False, "is_deleted": False,
            "added_at": now, "updated_at": now, "completed_at": None, "completed_by_uid": None,
            "child_order": 1, "day_order": -1, "is_collapsed": False,
        }  # fmt: skip
        self._write(record, call.body)
        self.tasks[task_id] = record
        return record

    def update(self, call: Call) -> Any:
        record = self._task(call.path["id"])
        self._write(record, call.body)
        return record

    def delete(self, call: Call) -> Any:
        task_id = self._task(call.path["id"])["id"]
        for child in self._children(task_id):
            del self.tasks[child]
        del self.tasks[task_id]
        return None

    def complete(self, task_id: str, when: str | None) -> Any:
        """closeTask completes the tasks below as well; reopenTask opens those above."""
        task = self._task(task_id)
        related = self._children(task_id) if when else self._parents(task)
        for one in (task, *(self.tasks[each] for each in related)):
            one |= {"checked": when is not None, "completed_at": when, "completed_by_uid": ME if when else None}
        return None

    def move(self, call: Call) -> Any:
        """Exactly one of project, section and parent; a task that is moved to a project has no parent there."""
        record = self._task(call.path["id"])
        if len(call.body) != 1:
            raise Refused(400, {"error": "Required argument is missing"})
        if call.body.get("parent_id") in {record["id"], *self._children(record["id"])}:
            raise Refused(400, {"error": "A task cannot be part of itself"})
        self._write(record, call.body)
        if "parent_id" not in call.body:
            record["parent_id"] = None
        for child in self._children(record["id"]):
            self.tasks[child]["project_id"] = record["project_id"]
        return record

    def open_tasks(self, call: Call) -> Any:
        found = [one for one in self.tasks.values() if not one["checked"]]
        if "project_id" in call.query:
            _known(PROJECTS, call.query["project_id"])
            found = [one for one in found if one["project_id"] == call.query["project_id"]]
        if "label" in call.query:
            found = [one for one in found if call.query["label"] in one["labels"]]
        return _page(call, found)

    def people(self, call: Call) -> Any:
        _known(PROJECTS, call.path["id"])
        return _page(call, [_collaborator(one) for one in USERS])

    def sections(self, call: Call) -> Any:
        project = _known(PROJECTS, call.query["project_id"])
        names = ("Doing", "Waiting") if project == INBOX else ()
        return _page(call, [{"id": f"6X7FxXvX84jHp{n}", "project_id": project, "order": n, "name": each} for n, each in enumerate(names)])

    def comment(self, call: Call) -> Any:
        if ("task_id" in call.body) == ("project_id" in call.body):
            raise Refused(400, {"error": "Exactly one of task_id and project_id"})
        task = self._task(call.body["task_id"])
        comment = {
            "id": f"6X7rfFVPjhvv{next(self.ids)}", "item_id": task["id"], "content": call.body["content"], "posted_uid": ME,
            "posted_at": self.clock.tick(), "is_deleted": False,
        }  # fmt: skip
        self.comments.setdefault(task["id"], []).append(comment)
        return comment

    def change_comment(self, call: Call) -> Any:
        _, comment = self._comment(call.path["id"])
        comment["content"] = call.body["content"]
        return comment

    def delete_comment(self, call: Call) -> Any:
        comments, comment = self._comment(call.path["id"])
        comments.remove(comment)

    def _comment(self, comment_id: str) -> tuple[list[Record], Record]:
        for comments in self.comments.values():
            for comment in comments:
                if comment["id"] == comment_id:
                    return comments, comment
        raise Refused(404, {"error": "Comment not found"})

    def sync(self, call: Call) -> Any:
        """Return everything of the requested types, as for the token `*`."""
        types = json.loads(call.body["resource_types"]) if isinstance(call.body["resource_types"], str) else call.body["resource_types"]
        people = [{"id": user, "full_name": name, "email": _address(user), "timezone": "UTC"} for user, name in USERS.items()]
        response: Record = {"full_sync": True, "sync_token": "x"}
        return response | ({"collaborators": people} if {"all", "collaborators"} & {*types} else {})

    def comments_of(self, call: Call) -> Any:
        return _page(call, self.comments.get(self._task(call.query["task_id"])["id"], []))

    def _write(self, record: Record, inputs: Mapping[str, Any]) -> None:
        # the project of a parent is that of its parts
        ordered = dict(sorted(inputs.items(), key=lambda item: item[0] == "parent_id"))
        self.document.write(record, ordered, reads=self.document.schema("#/components/schemas/Task"), becomes=self.becomes)
        record["updated_at"] = self.clock.tick()

    def _task(self, task_id: str) -> Record:
        if task_id not in self.tasks:
            raise Refused(404, {"error": "Task not found"})
        return self.tasks[task_id]

    def _children(self, task_id: str) -> list[str]:
        own = [each for each, task in self.tasks.items() if task["parent_id"] == task_id]
        return [found for child in own for found in (child, *self._children(child))]

    def _parents(self, task: Record) -> list[str]:
        parent = task["parent_id"]
        return [parent, *self._parents(self.tasks[parent])] if parent is not None else []


def _due(text: str) -> Record:
    return {"date": text, "string": text, "is_recurring": False, "timezone": None, "lang": "en"}


def _known(known: Mapping[str, Any], key: str) -> str:
    if key not in known:
        raise Refused(404, {"error": "Not found"})
    return key


def _collaborator(user: str) -> Record:
    return {"id": user, "name": USERS[user], "email": _address(user)}


def _project(project_id: str) -> Record:
    name = PROJECTS[_known(PROJECTS, project_id)]
    return {"id": project_id, "name": name, "description": "", "is_archived": False, "is_shared": True, "parent_id": None}


def _address(user_id: str) -> str:
    return f"{USERS[user_id].split()[0].lower()}@example.net"


def _page(call: Call, records: list[Record]) -> Any:
    size, start = call.query.get("limit", 50), int(call.query.get("cursor", "0"))
    more = start + size < len(records)
    return {"results": records[start : start + size], "next_cursor": str(start + size) if more else None}


def store(document: Document) -> Store:
    return Store(document, _Todoist(document).handlers())
