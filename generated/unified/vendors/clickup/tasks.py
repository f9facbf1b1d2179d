"""ClickUp tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import choices, current_values, extra_objects, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import clickup_date, epoch_ms_text
from unified_runtime.core.custom_field_location import CustomFieldLocation, ListedCustomFields, WrittenCustomFields
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

GET_TASK = Endpoint("GetTask", "GET", "/v2/task/{task_id}", Retry.SAFE)
DELETE_TASK = Endpoint("DeleteTask", "DELETE", "/v2/task/{task_id}", Retry.IDEMPOTENT)
GET_LIST = Endpoint("GetList", "GET", "/v2/list/{list_id}", Retry.SAFE)
CREATE_TASK = Endpoint("CreateTask", "POST", "/v2/list/{list_id}/task", Retry.NEVER)
UPDATE_TASK = Endpoint("UpdateTask", "PUT", "/v2/task/{task_id}", Retry.IDEMPOTENT)
SET_CUSTOM_FIELD_VALUE = Endpoint("SetCustomFieldValue", "POST", "/v2/task/{task_id}/field/{field_id}", Retry.NEVER)
REMOVE_CUSTOM_FIELD_VALUE = Endpoint(
    "RemoveCustomFieldValue", "DELETE", "/v2/task/{task_id}/field/{field_id}", Retry.IDEMPOTENT
)
ADD_TAG_TO_TASK = Endpoint("AddTagToTask", "POST", "/v2/task/{task_id}/tag/{tag_name}", Retry.NEVER)
REMOVE_TAG_FROM_TASK = Endpoint("RemoveTagFromTask", "DELETE", "/v2/task/{task_id}/tag/{tag_name}", Retry.IDEMPOTENT)
GET_TASKS = Endpoint("GetTasks", "GET", "/v2/list/{list_id}/task", Retry.SAFE)
GET_FILTERED_TEAM_TASKS = Endpoint("GetFilteredTeamTasks", "GET", "/v2/team/{team_Id}/task", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "open": "open",
    "unstarted": "open",
    "custom": "in_progress",
    "closed": "done",
    "done": "done",
}
PRIORITY_READ: dict[Any, Literal["low", "medium", "high", "urgent"]] = {
    1: "urgent",
    "1": "urgent",
    2: "high",
    "2": "high",
    3: "medium",
    "3": "medium",
    4: "low",
    "4": "low",
}
make_task = record_factory(
    Task, "clickup", absent=("priority_label", "type", "column_id", "sprint_id", "requester_id", "recurring")
)
CREATE_UNSUPPORTED = {
    "requester_email": "ClickUp tasks have no requester",
    "type": "ClickUp task types are numbers that each Workspace assigns; read them in `raw`, set them with `extra`",
    "column_id": "columns of ClickUp boards are statuses; set `status_name`",
    "sprint_id": "ClickUp sprints are lists; use `project_id`",
    "requester_id": "ClickUp tasks have no requester",
}
PRIORITY_WRITE: dict[Any, Any] = {"urgent": 1, "high": 2, "medium": 3, "low": 4}
UPDATE_UNSUPPORTED = {
    "type": "ClickUp task types are numbers that each Workspace assigns; read them in `raw`, set them with `extra`",
    "project_id": "version 2 of the ClickUp API cannot move tasks to another list",
    "column_id": "columns of ClickUp boards are statuses; set `status_name`",
    "sprint_id": "ClickUp sprints are lists; use `project_id`",
    "requester_id": "ClickUp tasks have no requester",
}
UPDATE_NEVER_CLEARED = ("title", "status", "parent_id")
UPDATE_TASK_SENDS = frozenset(("description", "due_date", "parent_id", "priority", "start_date", "title"))
LIST_UNSUPPORTED = {"type": "", "sort": "the ClickUp API does not document its sort direction"}

FIELDS: dict[str, str] = {
    "task_id": "id",
    "list_id": "project_id",
    "name": "title",
    "markdown_content": "description",
    "priority": "priority",
    "parent": "parent_id",
    "assignees": "assignee_ids",
    "tags": "labels",
    "start_date": "start_date",
    "due_date": "due_date",
    "assignees.add": "add_assignee_ids",
    "assignees.rem": "remove_assignee_ids",
    "description": "description",
    "field_id": "custom_field",
    "value": "custom_field_value",
    "tag_name": "tag",
    "assignees[]": "assignee_id",
    "date_updated_gt": "updated_after",
    "add": "add_assignee_ids",
    "rem": "remove_assignee_ids",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(
    path=("custom_fields",),
    pattern="[0-9a-f-]{36}",
    listed=ListedCustomFields(
        ("custom_fields",), ("id",), (("value",),), (("type_config", "options"), "orderindex", "id")
    ),
    written=WrittenCustomFields(key="id", value="value", epoch_ms=True),
)
"""Location of custom fields in records."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /v2/task/{task_id}."""
    response, raw = yield from fetch(
        GET_TASK, path=(id,), query={"include_markdown_description": True}, schema=types.Task
    )
    return read_task(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: DELETE /v2/task/{task_id}."""
    yield from call(DELETE_TASK, path=(id,), query=ctx.extra or None, headers={"Content-Type": "application/json"})


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        GET /v2/list/{list_id}, if needed
        POST /v2/list/{list_id}/task
        GET /v2/task/{task_id}
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "ClickUp")
    input_validation.reject_values(
        "status",
        task.status,
        {"canceled": "ClickUp statuses are open, active, done or closed; none of them means canceled"},
        "ClickUp",
    )
    project_id = input_validation.require("project_id", task.project_id, "ClickUp")
    state: types.Status3509a9 | None = None
    if task.status is not None:
        state_response = yield from call(
            GET_LIST,
            path=(input_validation.matching(project_id, "^[0-9]+$", "project_id", "ClickUp"),),
            schema=types.StateResponse,
            save_as="state",
        )
        state = responses.found(
            responses.first(state_response.statuses, lambda each: STATUS_READ.get(each.type) == task.status, "state"),
            f"list {project_id} has no status for {task.status}",
            "InvalidInput",
        )
    body: dict[str, Any] = {"name": input_validation.at_least(task.title, 1, "title", "ClickUp")}
    if state is not None and state.status is not None:
        body["status"] = state.status
    if task.description is not None:
        body["markdown_content"] = task.description
    if task.priority is not None:
        body["priority"] = PRIORITY_WRITE[task.priority]
    if task.parent_id is not None:
        body["parent"] = task.parent_id
    if task.assignee_ids is not None:
        body["assignees"] = [input_validation.integer_id(each, "assignee_ids", "ClickUp") for each in task.assignee_ids]
    if task.labels is not None:
        body["tags"] = task.labels
    if task.start_date is not None:
        body["start_date"] = clickup_date.encode(task.start_date)
    if task.due_date is not None:
        body["due_date"] = clickup_date.encode(task.due_date)
    body = input_validation.merge(body, ctx.extra, "ClickUp")
    created = yield from call(
        CREATE_TASK,
        path=(input_validation.matching(project_id, "^[0-9]+$", "project_id", "ClickUp"),),
        json=body,
        schema=types.CreatedResponse,
        save_as="created",
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(
        GET_TASK, path=(created.id,), query={"include_markdown_description": True}, schema=types.Task
    )
    return read_task(response, raw)


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /v2/task/{task_id}
        GET /v2/list/{list_id}, if needed
        PUT /v2/task/{task_id}, if needed
        PUT /v2/task/{task_id}, if needed
        POST /v2/task/{task_id}/field/{field_id}
        DELETE /v2/task/{task_id}/field/{field_id}
        POST /v2/task/{task_id}/tag/{tag_name}
        DELETE /v2/task/{task_id}/tag/{tag_name}
        GET /v2/task/{task_id}
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "ClickUp", clears=True)
    input_validation.reject_values(
        "status",
        task.status,
        {"canceled": "ClickUp statuses are open, active, done or closed; none of them means canceled"},
        "ClickUp",
    )
    given = input_validation.changes(task, ctx.extra, "ClickUp")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "ClickUp")
    custom, ctx = extra_objects.custom_fields(ctx, CUSTOM)
    state: types.Status3509a9 | None = None
    task_2 = yield from call(
        GET_TASK, path=(id,), query={"include_markdown_description": True}, schema=types.TaskResponse, save_as="task"
    )
    task = current_values.text(task, "description", task_2.markdown_description, "ClickUp")
    task = current_values.by_member(
        task, "assignee_ids", [each.id for each in task_2.assignees or () if each.id is not None], "ClickUp"
    )
    task = current_values.by_member(
        task, "labels", [each.name for each in task_2.tags or () if each.name is not None], "ClickUp"
    )
    given = task.model_fields_set
    if task.status is not None or task.status_name is not None:
        state_response = yield from call(
            GET_LIST, path=((task_2.list_ or types.TaskResponseList()).id,), schema=types.StateResponse, save_as="state"
        )
        state = choices.choose(
            state_response.statuses,
            lambda each: task.status is None or STATUS_READ.get(each.type) == task.status,
            lambda each: each.status,
            "state",
            "the list of the task has no status for the requested value",
            named=task.status_name,
            present=(task_2.status or types.TaskResponseStatus()).status,
            usual=("complete", "done", "closed", "in progress", "to do", "open"),
        )
    if (
        task.status is not None
        or task.status_name is not None
        or task.add_assignee_ids is not None
        or task.remove_assignee_ids is not None
    ):
        assignees: dict[str, Any] = {}
        if task.add_assignee_ids is not None:
            assignees["add"] = [
                input_validation.integer_id(each, "add_assignee_ids", "ClickUp") for each in task.add_assignee_ids
            ]
        if task.remove_assignee_ids is not None:
            assignees["rem"] = [
                input_validation.integer_id(each, "remove_assignee_ids", "ClickUp") for each in task.remove_assignee_ids
            ]
        body: dict[str, Any] = {}
        if state is not None and state.status is not None:
            body["status"] = state.status
        if assignees:
            body["assignees"] = assignees
        body = input_validation.default(body, {"assignees": {"add": []}})
        body = input_validation.default(body, {"assignees": {"rem": []}})
        yield from call(UPDATE_TASK, path=(id,), json=body)
    if given & UPDATE_TASK_SENDS or ctx.extra:
        body_2: dict[str, Any] = {}
        if task.title is not None:
            body_2["name"] = task.title
        if task.description is not None:
            body_2["markdown_content"] = task.description
        if "description" in given and task.description is None:
            body_2["description"] = " "
        if "priority" in given:
            body_2["priority"] = None if task.priority is None else PRIORITY_WRITE[task.priority]
        if task.parent_id is not None:
            body_2["parent"] = task.parent_id
        if "start_date" in given:
            body_2["start_date"] = None if task.start_date is None else clickup_date.encode(task.start_date)
        if "due_date" in given:
            body_2["due_date"] = None if task.due_date is None else clickup_date.encode(task.due_date)
        body_2 = input_validation.merge(body_2, ctx.extra, "ClickUp")
        yield from call(UPDATE_TASK, path=(id,), json=body_2)
    for custom_field, custom_field_value in extra_objects.with_values(custom, CUSTOM):
        body_3: dict[str, Any] = {"value": custom_field_value}
        yield from call(SET_CUSTOM_FIELD_VALUE, path=(id, custom_field), json=body_3)
    for custom_field_2 in extra_objects.cleared(custom, CUSTOM):
        yield from call(REMOVE_CUSTOM_FIELD_VALUE, path=(id, custom_field_2))
    for tag in task.add_labels or ():
        yield from call(ADD_TAG_TO_TASK, path=(id, tag), headers={"Content-Type": "application/json"})
    for tag_2 in task.remove_labels or ():
        yield from call(REMOVE_TAG_FROM_TASK, path=(id, tag_2), headers={"Content-Type": "application/json"})
    response, raw = yield from fetch(
        GET_TASK, path=(id,), query={"include_markdown_description": True}, schema=types.Task
    )
    return read_task(response, raw)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks.

    One of:
        GET /v2/list/{list_id}/task
        GET /v2/team/{team_Id}/task
    """
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "ClickUp")
    if filters.project_id is not None:
        start = pagination.number(ctx.cursor, 0)
        query: dict[str, Any] = {"include_closed": True, "subtasks": True, "include_markdown_description": True}
        if filters.assignee_id is not None:
            query["assignees[]"] = filters.assignee_id
        if filters.updated_after is not None:
            query["date_updated_gt"] = epoch_ms_text.encode(filters.updated_after)
        query["page"] = start
        query = input_validation.merge(query, ctx.extra, "ClickUp")
        response, raw = yield from fetch(
            GET_TASKS,
            path=(input_validation.matching(filters.project_id, "^[0-9]+$", "project_id", "ClickUp"),),
            query=query,
            schema=types.GetTasksResponse,
        )
        items = response.tasks or []
        records = [read_task(each, raw.at("tasks", index)) for index, each in enumerate(items)]
        if filters.unassigned is not None:
            records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
        if filters.status is not None:
            records = [each for each in records if each.status == filters.status]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.title or ''} {each.description or ''}".casefold()]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        if filters.due_after is not None:
            records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
        if filters.due_before is not None:
            records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
        if filters.label is not None:
            records = [each for each in records if filters.label in each.labels]
        if filters.priority is not None:
            records = [each for each in records if each.priority == filters.priority]
        if filters.parent_id is not None:
            records = [each for each in records if each.parent_id == filters.parent_id]
        return Page(records, cursor=None if response.last_page else pagination.after_page(start, len(items), size=None))
    start_2 = pagination.number(ctx.cursor, 0)
    query_2: dict[str, Any] = {"include_closed": True, "subtasks": True, "include_markdown_description": True}
    if filters.assignee_id is not None:
        query_2["assignees[]"] = filters.assignee_id
    if filters.updated_after is not None:
        query_2["date_updated_gt"] = epoch_ms_text.encode(filters.updated_after)
    query_2["page"] = start_2
    query_2 = input_validation.merge(query_2, ctx.extra, "ClickUp")
    response_2, raw = yield from fetch(
        GET_FILTERED_TEAM_TASKS,
        path=(ctx.connection["workspace"],),
        query=query_2,
        schema=types.GetFilteredTeamTasksResponse,
    )
    items_2 = response_2.tasks or []
    records = [read_task(each, raw.at("tasks", index)) for index, each in enumerate(items_2)]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    if filters.text is not None:
        words_2 = filters.text.casefold()
        records = [each for each in records if words_2 in f"{each.title or ''} {each.description or ''}".casefold()]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.due_after is not None:
        records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
    if filters.due_before is not None:
        records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
    if filters.label is not None:
        records = [each for each in records if filters.label in each.labels]
    if filters.priority is not None:
        records = [each for each in records if each.priority == filters.priority]
    if filters.parent_id is not None:
        records = [each for each in records if each.parent_id == filters.parent_id]
    return Page(records, cursor=pagination.after_page(start_2, len(items_2), size=None))


def read_task(r: types.Task, raw: Raw) -> Task:
    """Read a unified Task from a Task of ClickUp."""
    status = r.status or types.TaskStatus()
    priority = r.priority or types.TaskPriority()
    list_ = r.list_ or types.TaskList()
    creator = r.creator or types.TaskCreator()
    values: TaskValues = {
        "id": responses.required(r.id, "id", "ClickUp"),
        "title": r.name,
        "description": r.markdown_description,
        "status": STATUS_READ.get(status.type),
        "status_label": status.status,
        "priority": PRIORITY_READ.get(priority.id),
        "priority_label": None,
        "type": None,
        "project_id": list_.id,
        "parent_id": r.parent,
        "column_id": None,
        "sprint_id": None,
        "assignee_ids": [str(each) for each in [each.id for each in r.assignees or () if each.id is not None]],
        "creator_id": str(creator.id) if creator.id is not None else None,
        "requester_id": None,
        "labels": [each.name for each in r.tags or () if each.name is not None],
        "start_date": clickup_date.decode(r.start_date) if r.start_date is not None else None,
        "due_date": clickup_date.decode(r.due_date) if r.due_date is not None else None,
        "recurring": None,
        "completed_at": epoch_ms_text.decode(r.date_done) if r.date_done is not None else None,
        "created_at": epoch_ms_text.decode(r.date_created) if r.date_created is not None else None,
        "updated_at": epoch_ms_text.decode(r.date_updated) if r.date_updated is not None else None,
        "url": r.url,
    }
    return make_task(values, raw)
