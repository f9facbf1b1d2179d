"""Google Tasks tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import current_values, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import date_in_datetime, datetimes
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

TASKS_TASKS_GET = Endpoint("tasks.tasks.get", "GET", "/tasks/v1/lists/{tasklist}/tasks/{task}", Retry.SAFE)
TASKS_TASKS_DELETE = Endpoint(
    "tasks.tasks.delete", "DELETE", "/tasks/v1/lists/{tasklist}/tasks/{task}", Retry.IDEMPOTENT
)
TASKS_TASKS_INSERT = Endpoint("tasks.tasks.insert", "POST", "/tasks/v1/lists/{tasklist}/tasks", Retry.NEVER)
TASKS_TASKS_MOVE = Endpoint("tasks.tasks.move", "POST", "/tasks/v1/lists/{tasklist}/tasks/{task}/move", Retry.NEVER)
TASKS_TASKS_PATCH = Endpoint("tasks.tasks.patch", "PATCH", "/tasks/v1/lists/{tasklist}/tasks/{task}", Retry.NEVER)
TASKS_TASKS_LIST = Endpoint("tasks.tasks.list", "GET", "/tasks/v1/lists/{tasklist}/tasks", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "needsAction": "open",
    "completed": "done",
}
make_task = record_factory(
    Task,
    "google-tasks",
    absent=(
        "status_label",
        "priority",
        "priority_label",
        "type",
        "column_id",
        "sprint_id",
        "assignee_ids",
        "creator_id",
        "requester_id",
        "labels",
        "start_date",
        "recurring",
        "created_at",
    ),
)
PATTERN_TASKLIST_TASK = re.compile("([^/]+)/(.+)")
SELECT = "id,title,notes,status,parent,due,completed,updated,webViewLink,deleted"
CREATE_UNSUPPORTED = {
    "requester_email": "a task of Google Tasks belongs to the account of its list",
    "priority": "Google Tasks has no such field",
    "type": "Google Tasks has no types of tasks",
    "column_id": "Google Tasks has no such field",
    "sprint_id": "Google Tasks has no such field",
    "assignee_ids": "a task of Google Tasks belongs to the account of its list",
    "requester_id": "a task of Google Tasks belongs to the account of its list",
    "labels": "Google Tasks has no labels",
    "start_date": "Google Tasks has no such field",
}
STATUS_WRITE: dict[Any, Any] = {"open": "needsAction", "done": "completed"}
STATUS_UNSUPPORTED = {
    "status.in_progress": "a task of Google Tasks is either completed or not",
    "status.canceled": "a task of Google Tasks is either completed or not",
}
UPDATE_UNSUPPORTED = {
    "status_name": "statuses have no names of their own; set `status`",
    "add_labels": "Google Tasks has no labels",
    "remove_labels": "Google Tasks has no labels",
    "add_assignee_ids": "a task of Google Tasks belongs to the account of its list",
    "remove_assignee_ids": "a task of Google Tasks belongs to the account of its list",
    "priority": "Google Tasks has no such field",
    "type": "Google Tasks has no types of tasks",
    "project_id": "a task gets another id in another list; create it there and delete it here",
    "column_id": "Google Tasks has no such field",
    "sprint_id": "Google Tasks has no such field",
    "assignee_ids": "a task of Google Tasks belongs to the account of its list",
    "requester_id": "a task of Google Tasks belongs to the account of its list",
    "labels": "Google Tasks has no labels",
    "start_date": "Google Tasks has no such field",
}
UPDATE_NEVER_CLEARED = ("title", "status", "parent_id")
SELECT_2 = "notes"
TASKS_TASKS_PATCH_SENDS = frozenset(("description", "due_date", "status", "title"))
LIST_UNSUPPORTED = {
    "assignee_id": "a task of Google Tasks belongs to the account of its list",
    "unassigned": "a task of Google Tasks belongs to the account of its list",
    "created_after": "Google Tasks stores only when a task was last changed",
    "label": "Google Tasks has no labels",
    "priority": "Google Tasks has no such field",
    "type": "Google Tasks has no types of tasks",
    "sort": "Google Tasks lists tasks in the order of their list",
}
SELECT_3 = "items(id,title,notes,status,parent,due,completed,updated,webViewLink,deleted),nextPageToken"

FIELDS: dict[str, str] = {
    "tasklist": "project_id",
    "title": "title",
    "notes": "description",
    "status": "status",
    "due": "due_date",
    "updatedMin": "updated_after",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /tasks/v1/lists/{tasklist}/tasks/{task}."""
    tasklist, task_2 = input_validation.parts(PATTERN_TASKLIST_TASK, id, "id")
    response, raw = yield from fetch(
        TASKS_TASKS_GET, path=(tasklist, task_2), query={"fields": SELECT}, schema=types.Task
    )
    if not _is_task(response):
        raise responses.wrong_resource("Task", "Google Tasks")
    return read_task(response, raw, tasklist=tasklist)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: DELETE /tasks/v1/lists/{tasklist}/tasks/{task}."""
    tasklist, task_2 = input_validation.parts(PATTERN_TASKLIST_TASK, id, "id")
    yield from call(TASKS_TASKS_DELETE, path=(tasklist, task_2))


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        GET /tasks/v1/lists/{tasklist}/tasks/{task}, if needed
        POST /tasks/v1/lists/{tasklist}/tasks
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "Google Tasks")
    project_id = input_validation.require("project_id", task.project_id, "Google Tasks")
    _tasklist, task_2 = input_validation.optional_parts(PATTERN_TASKLIST_TASK, task.parent_id, "parent_id")
    if task.parent_id is not None:
        yield from responses.looked_up(
            call(TASKS_TASKS_GET, path=(project_id, task_2), schema=types.TasksTask, save_as="parent"),
            f"the parent is not a task of the list {project_id}",
            "InvalidInput",
        )
    query: dict[str, Any] = {"fields": SELECT}
    if task_2 is not None:
        query["parent"] = task_2
    body: dict[str, Any] = {"title": task.title}
    if task.description is not None:
        body["notes"] = task.description
    if task.status is not None:
        body["status"] = input_validation.enum_value(
            STATUS_WRITE, task.status, "status", "Google Tasks", STATUS_UNSUPPORTED
        )
    if task.due_date is not None:
        body["due"] = date_in_datetime.encode(task.due_date)
    body = input_validation.merge(body, ctx.extra, "Google Tasks")
    response, raw = yield from fetch(TASKS_TASKS_INSERT, path=(project_id,), query=query, json=body, schema=types.Task)
    if not _is_task(response):
        raise responses.wrong_resource("Task", "Google Tasks")
    return read_task(response, raw, tasklist=project_id)


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /tasks/v1/lists/{tasklist}/tasks/{task}, if needed
        GET /tasks/v1/lists/{tasklist}/tasks/{task}, if needed
        POST /tasks/v1/lists/{tasklist}/tasks/{task}/move, if needed
        PATCH /tasks/v1/lists/{tasklist}/tasks/{task}, if needed
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "Google Tasks", clears=True)
    input_validation.reject_values(
        "status",
        task.status,
        {
            "in_progress": "a task of Google Tasks is either completed or not",
            "canceled": "a task of Google Tasks is either completed or not",
        },
        "Google Tasks",
    )
    given = input_validation.changes(task, ctx.extra, "Google Tasks")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "Google Tasks")
    tasklist, task_3 = input_validation.parts(PATTERN_TASKLIST_TASK, id, "id")
    _tasklist, task_4 = input_validation.optional_parts(PATTERN_TASKLIST_TASK, task.parent_id, "parent_id")
    task_2: types.TasksTask2 | None = None
    found: tuple[types.Task, Raw] | None = None
    if task.parent_id is not None:
        yield from responses.looked_up(
            call(TASKS_TASKS_GET, path=(tasklist, task_4), schema=types.TasksTask3, save_as="parent"),
            "the parent is not a task of the same list",
            "InvalidInput",
        )
    if task.append_description is not None:
        task_2 = yield from call(
            TASKS_TASKS_GET,
            path=(tasklist, task_3),
            query={"fields": SELECT_2},
            schema=types.TasksTask2,
            save_as="task",
        )
        responses.check_resource(task_2, _may_change_task, "Task", "Google Tasks")
        task = current_values.text(task, "description", (task_2 or types.TasksTask2()).notes, "Google Tasks")
        given = task.model_fields_set
    if task.parent_id is not None:
        response, raw = yield from fetch(
            TASKS_TASKS_MOVE, path=(tasklist, task_3), query={"parent": task_4, "fields": SELECT}, schema=types.Task
        )
        found = response, raw
    if given & TASKS_TASKS_PATCH_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if task.title is not None:
            body["title"] = task.title
        if "description" in given:
            body["notes"] = task.description
        if task.status is not None:
            body["status"] = input_validation.enum_value(
                STATUS_WRITE, task.status, "status", "Google Tasks", STATUS_UNSUPPORTED
            )
        if "due_date" in given:
            body["due"] = None if task.due_date is None else date_in_datetime.encode(task.due_date)
        body = input_validation.merge(body, ctx.extra, "Google Tasks")
        response_2, raw = yield from fetch(
            TASKS_TASKS_PATCH, path=(tasklist, task_3), query={"fields": SELECT}, json=body, schema=types.Task
        )
        found = response_2, raw
    record, raw = responses.last_response(found, "Google Tasks")
    if not _is_task(record):
        raise responses.wrong_resource("Task", "Google Tasks")
    return read_task(record, raw, tasklist=tasklist)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks: GET /tasks/v1/lists/{tasklist}/tasks."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Google Tasks")
    project_id = input_validation.require("project_id", filters.project_id, "Google Tasks")
    query: dict[str, Any] = {
        "showHidden": True,
        "showAssigned": True,
        "fields": SELECT_3,
        "maxResults": input_validation.page_size(ctx.limit, 100),
    }
    if filters.updated_after is not None:
        query["updatedMin"] = datetimes.encode(filters.updated_after)
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Google Tasks")
    response, raw = yield from fetch(TASKS_TASKS_LIST, path=(project_id,), query=query, schema=types.Tasks)
    items = response.items or []
    records = [
        read_task(each, raw.at("items", index), tasklist=project_id)
        for index, each in enumerate(items)
        if _is_task(each)
    ]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    if filters.due_after is not None:
        records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
    if filters.due_before is not None:
        records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
    if filters.parent_id is not None:
        records = [each for each in records if each.parent_id == filters.parent_id]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.title or ''} {each.description or ''}".casefold()]
    return Page(records, cursor=pagination.token(response.next_page_token))


def read_task(r: types.Task, raw: Raw, *, tasklist: str) -> Task:
    """Read a unified Task from a Task of Google Tasks."""
    values: TaskValues = {
        "id": responses.required(f"{tasklist}/{r.id}" if r.id is not None else None, "id", "Google Tasks"),
        "title": r.title,
        "description": r.notes,
        "status": STATUS_READ.get(r.status),
        "status_label": None,
        "priority": None,
        "priority_label": None,
        "type": None,
        "project_id": f"{tasklist}",
        "parent_id": f"{tasklist}/{r.parent}" if r.parent is not None else None,
        "column_id": None,
        "sprint_id": None,
        "assignee_ids": [],
        "creator_id": None,
        "requester_id": None,
        "labels": [],
        "start_date": None,
        "due_date": date_in_datetime.decode(r.due) if r.due is not None else None,
        "recurring": None,
        "completed_at": datetimes.decode(r.completed) if r.completed is not None else None,
        "created_at": None,
        "updated_at": datetimes.decode(r.updated) if r.updated is not None else None,
        "url": r.web_view_link,
    }
    return make_task(values, raw)


def _is_task(r: types.Task) -> bool:
    return not r.deleted


def _may_change_task(r: types.TasksTask2) -> bool:
    return not r.deleted
