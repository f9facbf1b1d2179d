"""Todoist tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import current_values, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import dates, datetimes
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

GET_TASK = Endpoint("getTask", "GET", "/tasks/{id}", Retry.SAFE)
DELETE_TASK = Endpoint("deleteTask", "DELETE", "/tasks/{id}", Retry.IDEMPOTENT)
CREATE_TASK = Endpoint("createTask", "POST", "/tasks", Retry.NEVER)
CLOSE_TASK = Endpoint("closeTask", "POST", "/tasks/{id}/close", Retry.NEVER)
MOVE_TASK = Endpoint("moveTask", "POST", "/tasks/{id}/move", Retry.NEVER)
UPDATE_TASK = Endpoint("updateTask", "POST", "/tasks/{id}", Retry.NEVER)
REOPEN_TASK = Endpoint("reopenTask", "POST", "/tasks/{id}/reopen", Retry.NEVER)
LIST_TASKS = Endpoint("listTasks", "GET", "/tasks", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {False: "open", True: "done"}
PRIORITY_READ: dict[Any, Literal["low", "medium", "high", "urgent"]] = {2: "medium", 3: "high", 4: "urgent"}
make_task = record_factory(
    Task, "todoist", absent=("status_label", "priority_label", "type", "sprint_id", "requester_id", "start_date")
)
CREATE_UNSUPPORTED = {
    "requester_email": "Todoist tasks have no requester",
    "type": "Todoist tasks have no type",
    "sprint_id": "Todoist tasks have no custom fields",
    "requester_id": "Todoist tasks have no requester",
    "start_date": "Todoist tasks have only a due date and a deadline",
}
PRIORITY_WRITE: dict[Any, Any] = {"medium": 2, "high": 3, "urgent": 4}
PRIORITY_UNSUPPORTED = {"priority.low": "Todoist has no priority lower than that of tasks without a priority"}
UPDATE_UNSUPPORTED = {
    "status_name": "statuses have no custom names; set `status`",
    "add_assignee_ids": "Todoist tasks have one assignee; set `assignee_ids`",
    "remove_assignee_ids": "Todoist tasks have one assignee; set `assignee_ids`",
    "type": "Todoist tasks have no type",
    "sprint_id": "Todoist tasks have no custom fields",
    "requester_id": "Todoist tasks have no requester",
    "start_date": "Todoist tasks have only a due date and a deadline",
}
UPDATE_NEVER_CLEARED = ("title", "status", "project_id", "parent_id", "column_id")
UPDATE_TASK_SENDS = frozenset(("assignee_ids", "description", "due_date", "labels", "priority", "title"))
LIST_UNSUPPORTED = {"type": "", "sort": "Todoist lists tasks in the order of the project"}

FIELDS: dict[str, str] = {
    "id": "id",
    "content": "title",
    "description": "description",
    "priority": "priority",
    "project_id": "project_id",
    "parent_id": "parent_id",
    "section_id": "column_id",
    "assignee_id": "assignee_ids",
    "labels": "labels",
    "due_date": "due_date",
    "due_string": "due_date",
    "label": "label",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /tasks/{id}."""
    response, raw = yield from fetch(GET_TASK, path=(id,), schema=types.Task)
    return read_task(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: DELETE /tasks/{id}."""
    yield from call(DELETE_TASK, path=(id,))


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        POST /tasks
        POST /tasks/{id}/close, if needed
        GET /tasks/{id}
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "Todoist")
    input_validation.reject_values(
        "status",
        task.status,
        {
            "in_progress": "Todoist tasks are either completed or not; use sections of the project for progress",
            "canceled": "Todoist tasks are either completed or not",
        },
        "Todoist",
    )
    body: dict[str, Any] = {"content": input_validation.at_least(task.title, 1, "title", "Todoist")}
    if task.description is not None:
        body["description"] = task.description
    if task.priority is not None:
        body["priority"] = input_validation.enum_value(
            PRIORITY_WRITE, task.priority, "priority", "Todoist", PRIORITY_UNSUPPORTED
        )
    if task.project_id is not None:
        body["project_id"] = task.project_id
    if task.parent_id is not None:
        body["parent_id"] = task.parent_id
    if task.column_id is not None:
        body["section_id"] = task.column_id
    if task.assignee_ids:
        body["assignee_id"] = input_validation.only(task.assignee_ids, "assignee_ids", "Todoist")
    if task.labels is not None:
        body["labels"] = task.labels
    if task.due_date is not None:
        body["due_date"] = dates.encode(task.due_date)
    body = input_validation.merge(body, ctx.extra, "Todoist")
    created = yield from call(CREATE_TASK, json=body, schema=types.TasksTask, save_as="created")
    yield CreatedRecord(created.id)
    if task.status == "done":
        yield from call(CLOSE_TASK, path=(created.id,))
    response, raw = yield from fetch(GET_TASK, path=(created.id,), schema=types.Task)
    return read_task(response, raw)


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /tasks/{id}, if needed
        GET /tasks/{id}, if needed
        POST /tasks/{id}/move, if needed
        POST /tasks/{id}/move, if needed
        POST /tasks/{id}/move, if needed
        POST /tasks/{id}, if needed
        POST /tasks/{id}, if needed
        POST /tasks/{id}/close, if needed
        POST /tasks/{id}/reopen, if needed
        GET /tasks/{id}
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "Todoist", clears=True)
    input_validation.reject_values(
        "priority",
        task.priority,
        {"low": "Todoist has no priority lower than that of tasks without a priority"},
        "Todoist",
    )
    input_validation.reject_values(
        "status",
        task.status,
        {
            "in_progress": "Todoist tasks are either completed or not; use sections of the project for progress",
            "canceled": "Todoist tasks are either completed or not",
        },
        "Todoist",
    )
    given = input_validation.changes(task, ctx.extra, "Todoist")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "Todoist")
    task_2: types.TasksTask2 | None = None
    repeated: Any = None
    if task.add_labels is not None or task.remove_labels is not None or task.append_description is not None:
        task_2 = yield from call(GET_TASK, path=(id,), schema=types.TasksTask2, save_as="task")
        task = current_values.complete_list(task, "labels", (task_2 or types.TasksTask2()).labels, "Todoist")
        task = current_values.text(task, "description", (task_2 or types.TasksTask2()).description, "Todoist")
        given = task.model_fields_set
    if task.due_date is not None:
        repeated_response = yield from call(GET_TASK, path=(id,), schema=types.TasksTask3, save_as="repeated")
        repeated = responses.if_matching(
            repeated_response.due, lambda each: responses.at(each, "is_recurring") is True, "repeated"
        )
    if task.project_id is not None:
        body: dict[str, Any] = {"project_id": task.project_id}
        yield from call(MOVE_TASK, path=(id,), json=body)
    if task.parent_id is not None:
        body_2: dict[str, Any] = {"parent_id": task.parent_id}
        yield from call(MOVE_TASK, path=(id,), json=body_2)
    if task.column_id is not None:
        body_3: dict[str, Any] = {"section_id": task.column_id}
        yield from call(MOVE_TASK, path=(id,), json=body_3)
    if task.due_date is not None and repeated is not None and given & UPDATE_TASK_SENDS:
        body_4: dict[str, Any] = {"due_date": dates.encode(task.due_date)}
        if responses.at(repeated, "string") is not None:
            body_4["due_string"] = responses.at(repeated, "string")
        if task.title is not None:
            body_4["content"] = task.title
        if "description" in given:
            body_4["description"] = "" if task.description is None else task.description
        if "priority" in given:
            body_4["priority"] = (
                1
                if task.priority is None
                else input_validation.enum_value(
                    PRIORITY_WRITE, task.priority, "priority", "Todoist", PRIORITY_UNSUPPORTED
                )
            )
        if "assignee_ids" in given:
            body_4["assignee_id"] = (
                None if not task.assignee_ids else input_validation.only(task.assignee_ids, "assignee_ids", "Todoist")
            )
        if "labels" in given:
            body_4["labels"] = [] if task.labels is None else task.labels
        body_4 = input_validation.merge(body_4, ctx.extra, "Todoist")
        yield from call(UPDATE_TASK, path=(id,), json=body_4)
    if (task.due_date is None or responses.missing(repeated)) and (given & UPDATE_TASK_SENDS or ctx.extra):
        body_5: dict[str, Any] = {}
        if task.title is not None:
            body_5["content"] = task.title
        if "description" in given:
            body_5["description"] = "" if task.description is None else task.description
        if "priority" in given:
            body_5["priority"] = (
                1
                if task.priority is None
                else input_validation.enum_value(
                    PRIORITY_WRITE, task.priority, "priority", "Todoist", PRIORITY_UNSUPPORTED
                )
            )
        if "assignee_ids" in given:
            body_5["assignee_id"] = (
                None if not task.assignee_ids else input_validation.only(task.assignee_ids, "assignee_ids", "Todoist")
            )
        if "labels" in given:
            body_5["labels"] = [] if task.labels is None else task.labels
        if task.due_date is not None:
            body_5["due_date"] = dates.encode(task.due_date)
        if "due_date" in given and task.due_date is None:
            body_5["due_string"] = "no date"
        body_5 = input_validation.merge(body_5, ctx.extra, "Todoist")
        yield from call(UPDATE_TASK, path=(id,), json=body_5)
    if task.status == "done":
        yield from call(CLOSE_TASK, path=(id,))
    if task.status == "open":
        yield from call(REOPEN_TASK, path=(id,))
    response, raw = yield from fetch(GET_TASK, path=(id,), schema=types.Task)
    return read_task(response, raw)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks: GET /tasks."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Todoist")
    input_validation.reject_values(
        "status",
        filters.status,
        {"done": "Todoist lists only open tasks; completed tasks are in a separate history, by weeks"},
        "Todoist",
    )
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 200)}
    if filters.project_id is not None:
        query["project_id"] = filters.project_id
    if filters.label is not None:
        query["label"] = input_validation.at_least(filters.label, 1, "label", "Todoist")
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Todoist")
    response, raw = yield from fetch(LIST_TASKS, query=query, schema=types.ListTasksResponse)
    items = response.results or []
    records = [read_task(each, raw.at("results", index)) for index, each in enumerate(items)]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    if filters.assignee_id is not None:
        records = [each for each in records if filters.assignee_id in each.assignee_ids]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
    if filters.updated_after is not None:
        records = [each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.title or ''} {each.description or ''}".casefold()]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.due_after is not None:
        records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
    if filters.due_before is not None:
        records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
    if filters.priority is not None:
        records = [each for each in records if each.priority == filters.priority]
    if filters.parent_id is not None:
        records = [each for each in records if each.parent_id == filters.parent_id]
    return Page(records, cursor=pagination.token(response.next_cursor))


def read_task(r: types.Task, raw: Raw) -> Task:
    """Read a unified Task from a Task of Todoist."""
    due = r.due or types.Due()
    values: TaskValues = {
        "id": responses.required(r.id, "id", "Todoist"),
        "title": r.content,
        "description": r.description,
        "status": STATUS_READ.get(r.checked),
        "status_label": None,
        "priority": PRIORITY_READ.get(r.priority),
        "priority_label": None,
        "type": None,
        "project_id": r.project_id,
        "parent_id": r.parent_id,
        "column_id": r.section_id,
        "sprint_id": None,
        "assignee_ids": [r.responsible_uid] if r.responsible_uid is not None else [],
        "creator_id": r.added_by_uid,
        "requester_id": None,
        "labels": r.labels or [],
        "start_date": None,
        "due_date": dates.decode(due.date) if due.date is not None else None,
        "recurring": due.is_recurring,
        "completed_at": datetimes.decode(r.completed_at) if r.completed_at is not None else None,
        "created_at": datetimes.decode(r.added_at) if r.added_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
        "url": f"https://app.todoist.com/app/task/{r.id}" if r.id is not None else None,
    }
    return make_task(values, raw)
