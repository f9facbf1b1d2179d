"""Acme tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, record_parts, responses
from unified_runtime.adapter_api.codecs import dates, datetimes
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

GET_TASK = Endpoint("getTask", "GET", "/tasks/{taskId}", Retry.SAFE)
GET_NOTE = Endpoint("getNote", "GET", "/tasks/{taskId}/note", Retry.SAFE)
DELETE_TASK = Endpoint("deleteTask", "DELETE", "/tasks/{taskId}", Retry.IDEMPOTENT)
CREATE_TASK = Endpoint("createTask", "POST", "/tasks", Retry.NEVER)
UPDATE_TASK = Endpoint("updateTask", "PATCH", "/tasks/{taskId}", Retry.NEVER)
LIST_TASKS = Endpoint("listTasks", "GET", "/tasks", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "done"]] = {"active": "open", "waiting": "open", "finished": "done"}
make_task = record_factory(Task, "acme")
STATUS_WRITE: dict[Any, Any] = {"open": "active", "done": "finished"}
UPDATE_UNSUPPORTED = {"project_id": "a task stays in its project"}
UPDATE_NEVER_CLEARED = ("title", "status")

FIELDS: dict[str, str] = {
    "taskId": "id",
    "name": "title",
    "note": "description",
    "state": "status",
    "project": "project_id",
    "assignees": "assignee_ids",
    "due": "due_date",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /tasks/{taskId}."""
    response, raw = yield from record_parts.with_part(
        GET_TASK, path=(id,), schema=types.Task, fills=("note",), read=GET_NOTE
    )
    return read_task(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: DELETE /tasks/{taskId}."""
    yield from call(DELETE_TASK, path=(id,))


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        POST /tasks
        GET /tasks/{taskId}
    """
    body: dict[str, Any] = {
        "name": input_validation.at_most(task.title, 200, "title", "Acme"),
        "project": task.project_id,
    }
    if task.description is not None:
        body["note"] = task.description
    if task.status is not None:
        body["state"] = STATUS_WRITE[task.status]
    if task.assignee_ids is not None:
        body["assignees"] = task.assignee_ids
    if task.due_date is not None:
        body["due"] = dates.encode(task.due_date)
    body = input_validation.merge(body, ctx.extra, "Acme")
    created = yield from call(CREATE_TASK, json=body, schema=types.Created, save_as="created")
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(GET_TASK, path=(created.id,), schema=types.Task)
    return read_task(response, raw)


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task: PATCH /tasks/{taskId}."""
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "Acme", clears=True)
    given = input_validation.changes(task, ctx.extra, "Acme")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "Acme")
    body: dict[str, Any] = {}
    if task.title is not None:
        body["name"] = input_validation.at_most(task.title, 200, "title", "Acme")
    if "description" in given:
        body["note"] = task.description
    if task.status is not None:
        body["state"] = STATUS_WRITE[task.status]
    if "assignee_ids" in given:
        body["assignees"] = [] if task.assignee_ids is None else task.assignee_ids
    if "due_date" in given:
        body["due"] = None if task.due_date is None else dates.encode(task.due_date)
    body = input_validation.merge(body, ctx.extra, "Acme")
    response, raw = yield from fetch(UPDATE_TASK, path=(id,), json=body, schema=types.Task)
    return read_task(response, raw)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List the tasks of a project: GET /tasks."""
    query: dict[str, Any] = {"project": filters.project_id, "limit": input_validation.page_size(ctx.limit, 50)}
    if ctx.cursor is not None:
        query["page_token"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Acme")
    response, raw = yield from fetch(LIST_TASKS, query=query, schema=types.TaskPage)
    items = response.items or []
    records = [read_task(each, raw.at("items", index)) for index, each in enumerate(items)]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    return Page(records, cursor=pagination.token(response.next))


def read_task(r: types.Task, raw: Raw) -> Task:
    """Read a unified Task from a Task of Acme."""
    values: TaskValues = {
        "id": responses.required(r.id, "id", "Acme"),
        "title": r.name,
        "description": r.note,
        "status": STATUS_READ.get(r.state),
        "status_label": r.state,
        "project_id": r.project,
        "assignee_ids": r.assignees or [],
        "due_date": dates.decode(r.due) if r.due is not None else None,
        "created_at": datetimes.decode(r.created) if r.created is not None else None,
    }
    return make_task(values, raw)
