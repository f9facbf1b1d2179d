"""Asana tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import (
    Context,
    CreatedRecord,
    Endpoint,
    LazyField,
    Page,
    Raw,
    Retry,
    Steps,
    call,
    fetch,
    record_factory,
)
from unified_runtime.adapter_api import current_values, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import asana_html, dates, datetimes
from unified_runtime.core.custom_field_location import CustomFieldLocation, ListedCustomFields, WrittenCustomFields
from . import batches, types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

GET_TASK = Endpoint("getTask", "GET", "/tasks/{task_gid}", Retry.SAFE)
DELETE_TASK = Endpoint(
    "deleteTask", "DELETE", "/tasks/{task_gid}", Retry.IDEMPOTENT, batch=batches.CREATE_BATCH_REQUEST_IDEMPOTENT
)
CREATE_TASK = Endpoint("createTask", "POST", "/tasks", Retry.NEVER, batch=batches.CREATE_BATCH_REQUEST_NEVER)
ADD_TASK_FOR_SECTION = Endpoint("addTaskForSection", "POST", "/sections/{section_gid}/addTask", Retry.NEVER)
SET_PARENT_FOR_TASK = Endpoint(
    "setParentForTask", "POST", "/tasks/{task_gid}/setParent", Retry.NEVER, batch=batches.CREATE_BATCH_REQUEST_NEVER
)
UPDATE_TASK = Endpoint(
    "updateTask", "PUT", "/tasks/{task_gid}", Retry.IDEMPOTENT, batch=batches.CREATE_BATCH_REQUEST_IDEMPOTENT
)
GET_SUBTASKS_FOR_TASK = Endpoint("getSubtasksForTask", "GET", "/tasks/{task_gid}/subtasks", Retry.SAFE)
GET_TASKS = Endpoint("getTasks", "GET", "/tasks", Retry.SAFE)
SEARCH_TASKS_FOR_WORKSPACE = Endpoint(
    "searchTasksForWorkspace", "GET", "/workspaces/{workspace_gid}/tasks/search", Retry.SAFE
)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {False: "open", True: "done"}
make_task = record_factory(
    Task,
    "asana",
    absent=("status_label", "priority", "priority_label", "sprint_id", "requester_id", "recurring"),
    lazy={"description": LazyField(asana_html.decode, "html_notes")},
)
SELECT = "gid,name,html_notes,completed,resource_subtype,projects,parent,memberships.section,assignee,created_by,tags.name,start_on,due_on,completed_at,created_at,modified_at,permalink_url,custom_fields.number_value,custom_fields.enum_value,custom_fields.multi_enum_values,custom_fields.date_value.date_time,custom_fields.date_value.date,custom_fields.people_value,custom_fields.text_value"
CREATE_UNSUPPORTED = {
    "requester_email": "Asana tasks have no requester",
    "priority": "Asana has no built-in priority; workspaces add custom fields for it",
    "sprint_id": "Asana sprints are projects; use `project_id`",
    "requester_id": "Asana tasks have no requester",
    "labels": "Asana tags are set by gid, and several tags can have the same name",
}
STATUS_WRITE: dict[Any, Any] = {"open": False, "done": True}
STATUS_UNSUPPORTED = {
    "status.in_progress": "Asana tasks are either completed or not",
    "status.canceled": "Asana tasks are either completed or not",
}
UPDATE_UNSUPPORTED = {
    "status_name": "statuses have no custom names; set `status`",
    "add_labels": "Asana tags are set by gid, and several tags can have the same name",
    "remove_labels": "Asana tags are set by gid, and several tags can have the same name",
    "add_assignee_ids": "Asana tasks have one assignee; set `assignee_ids`",
    "remove_assignee_ids": "Asana tasks have one assignee; set `assignee_ids`",
    "priority": "Asana has no built-in priority; workspaces add custom fields for it",
    "project_id": "Asana tasks can be in several projects, and each one is added or removed by a separate request",
    "sprint_id": "Asana sprints are projects; use `project_id`",
    "requester_id": "Asana tasks have no requester",
    "labels": "Asana tags are set by gid, and several tags can have the same name",
}
UPDATE_NEVER_CLEARED = ("title", "status", "type", "parent_id", "column_id")
SELECT_2 = "html_notes"
UPDATE_TASK_SENDS = frozenset(("assignee_ids", "description", "due_date", "start_date", "status", "title", "type"))
LIST_UNSUPPORTED = {
    "priority": "",
    "sort": "Asana sorts only search results, which need a paid plan and are paginated by creation time",
}

FIELDS: dict[str, str] = {
    "task_gid": "id",
    "name": "title",
    "html_notes": "description",
    "completed": "status",
    "resource_subtype": "type",
    "projects": "project_id",
    "parent": "parent_id",
    "assignee": "assignee_ids",
    "start_on": "start_date",
    "due_on": "due_date",
    "section_gid": "column_id",
    "task": "id",
    "project": "project_id",
    "modified_since": "updated_after",
    "text": "text",
    "assignee.any": "assignee_id",
    "modified_at.after": "updated_after",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(
    path=("custom_fields",),
    pattern="\\d+",
    listed=ListedCustomFields(
        ("custom_fields",),
        ("gid",),
        (
            ("number_value",),
            ("enum_value", "gid"),
            ("multi_enum_values", "[]", "gid"),
            ("date_value", "date_time"),
            ("date_value", "date"),
            ("people_value", "[]", "gid"),
            ("text_value",),
        ),
    ),
    written=WrittenCustomFields(date="date", datetime="date_time"),
)
"""Location of custom fields in records."""

BATCHES: dict[str, int] = {"delete": 10, "create": 10, "update": 10}
"""Operations that can be batched, with the largest batch."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /tasks/{task_gid}."""
    response, raw = yield from fetch(GET_TASK, path=(id,), query={"opt_fields": SELECT}, schema=types.GetTaskResponse)
    record = responses.required(response.data, "data", "Asana")
    return read_task(record, raw.at("data"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: DELETE /tasks/{task_gid}."""
    yield from call(DELETE_TASK, path=(id,), query=ctx.extra or None)


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        POST /tasks
        POST /sections/{section_gid}/addTask, if needed
        GET /tasks/{task_gid}, if needed
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "Asana")
    found: tuple[types.TasksTaskCompact, Raw] | None = None
    body: dict[str, Any] = {"workspace": ctx.connection["workspace"], "name": task.title}
    if task.description is not None:
        body["html_notes"] = asana_html.encode(task.description)
    if task.status is not None:
        body["completed"] = input_validation.enum_value(
            STATUS_WRITE, task.status, "status", "Asana", STATUS_UNSUPPORTED
        )
    if task.type is not None:
        body["resource_subtype"] = input_validation.among(
            task.type, ("default_task", "milestone", "approval", "custom"), "type", "Asana"
        )
    if task.project_id is not None:
        body["projects"] = [task.project_id]
    if task.parent_id is not None:
        body["parent"] = task.parent_id
    if task.assignee_ids:
        body["assignee"] = input_validation.only(task.assignee_ids, "assignee_ids", "Asana")
    if task.start_date is not None:
        body["start_on"] = dates.encode(task.start_date)
    if task.due_date is not None:
        body["due_on"] = dates.encode(task.due_date)
    body = input_validation.merge(body, ctx.extra, "Asana")
    response, raw = yield from fetch(
        CREATE_TASK,
        query={"opt_fields": SELECT},
        json={"data": body},
        schema=types.CreateTaskResponse,
        save_as="created",
    )
    created = response.data or types.TasksTaskCompact()
    yield CreatedRecord(created.gid)
    found = responses.required(response.data, "data", "Asana"), raw.at("data")
    if task.column_id is not None:
        body_2: dict[str, Any] = {}
        if created.gid is not None:
            body_2["task"] = created.gid
        yield from call(ADD_TASK_FOR_SECTION, path=(task.column_id,), json={"data": body_2})
    if task.column_id is not None:
        response_2, raw = yield from fetch(
            GET_TASK, path=(created.gid,), query={"opt_fields": SELECT}, schema=types.GetTaskResponse
        )
        found = responses.required(response_2.data, "data", "Asana"), raw.at("data")
    record, raw = responses.last_response(found, "Asana")
    return read_task(record, raw)


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /tasks/{task_gid}, if needed
        POST /tasks/{task_gid}/setParent, if needed
        POST /sections/{section_gid}/addTask, if needed
        PUT /tasks/{task_gid}, if needed
        GET /tasks/{task_gid}, if needed
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "Asana", clears=True)
    input_validation.reject_values(
        "status",
        task.status,
        {
            "in_progress": "Asana tasks are either completed or not",
            "canceled": "Asana tasks are either completed or not",
        },
        "Asana",
    )
    given = input_validation.changes(task, ctx.extra, "Asana")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "Asana")
    before: types.TasksTaskCompact2 | None = None
    found: tuple[types.TasksTaskCompact, Raw] | None = None
    if task.description is not None or task.append_description is not None or task.overwrite is not None:
        before_response = yield from call(
            GET_TASK, path=(id,), query={"opt_fields": SELECT_2}, schema=types.BeforeResponse, save_as="before"
        )
        before = before_response.data or types.TasksTaskCompact2()
        task = current_values.text(
            task,
            "description",
            (before or types.TasksTaskCompact2()).html_notes,
            "Asana",
            asana_html.extend,
            asana_html.lost,
        )
        given = task.model_fields_set
    if task.parent_id is not None:
        body: dict[str, Any] = {"parent": task.parent_id}
        response, raw = yield from fetch(
            SET_PARENT_FOR_TASK,
            path=(id,),
            query={"opt_fields": SELECT},
            json={"data": body},
            schema=types.SetParentForTaskResponse,
        )
        found = responses.required(response.data, "data", "Asana"), raw.at("data")
    if task.column_id is not None:
        body_2: dict[str, Any] = {"task": id}
        yield from call(ADD_TASK_FOR_SECTION, path=(task.column_id,), json={"data": body_2})
    if given & UPDATE_TASK_SENDS or ctx.extra:
        body_3: dict[str, Any] = {}
        if task.title is not None:
            body_3["name"] = task.title
        if "description" in given:
            body_3["html_notes"] = "<body></body>" if task.description is None else asana_html.encode(task.description)
        if task.status is not None:
            body_3["completed"] = input_validation.enum_value(
                STATUS_WRITE, task.status, "status", "Asana", STATUS_UNSUPPORTED
            )
        if task.type is not None:
            body_3["resource_subtype"] = input_validation.among(
                task.type, ("default_task", "milestone", "approval", "custom"), "type", "Asana"
            )
        if "assignee_ids" in given:
            body_3["assignee"] = (
                None if not task.assignee_ids else input_validation.only(task.assignee_ids, "assignee_ids", "Asana")
            )
        if "start_date" in given:
            body_3["start_on"] = None if task.start_date is None else dates.encode(task.start_date)
        if "due_date" in given:
            body_3["due_on"] = None if task.due_date is None else dates.encode(task.due_date)
        body_3 = input_validation.merge(body_3, ctx.extra, "Asana")
        response_2, raw = yield from fetch(
            UPDATE_TASK,
            path=(id,),
            query={"opt_fields": SELECT},
            json={"data": body_3},
            schema=types.UpdateTaskResponse,
        )
        found = responses.required(response_2.data, "data", "Asana"), raw.at("data")
    if task.column_id is not None:
        response_3, raw = yield from fetch(
            GET_TASK, path=(id,), query={"opt_fields": SELECT}, schema=types.GetTaskResponse
        )
        found = responses.required(response_3.data, "data", "Asana"), raw.at("data")
    record, raw = responses.last_response(found, "Asana")
    return read_task(record, raw)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks.

    One of:
        GET /tasks/{task_gid}/subtasks
        GET /tasks
        GET /tasks
        GET /workspaces/{workspace_gid}/tasks/search
        GET /tasks
    """
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Asana")
    if filters.parent_id is not None:
        query: dict[str, Any] = {"opt_fields": SELECT, "limit": input_validation.page_size(ctx.limit, 100)}
        if ctx.cursor is not None:
            query["offset"] = ctx.cursor
        query = input_validation.merge(query, ctx.extra, "Asana")
        response, raw = yield from fetch(
            GET_SUBTASKS_FOR_TASK, path=(filters.parent_id,), query=query, schema=types.GetSubtasksForTaskResponse
        )
        items = response.data or []
        records = [read_task(each, raw.at("data", index)) for index, each in enumerate(items)]
        if filters.unassigned is not None:
            records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
        if filters.project_id is not None:
            records = [each for each in records if each.project_id == filters.project_id]
        if filters.assignee_id is not None:
            records = [each for each in records if filters.assignee_id in each.assignee_ids]
        if filters.status is not None:
            records = [each for each in records if each.status == filters.status]
        if filters.updated_after is not None:
            records = [
                each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after
            ]
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
        if filters.type is not None:
            records = [each for each in records if each.type == filters.type]
        next_page = response.next_page or types.NextPage()
        return Page(records, cursor=pagination.token(next_page.offset))
    if filters.project_id is not None and filters.status == "open":
        query_2: dict[str, Any] = {
            "project": filters.project_id,
            "completed_since": "now",
            "opt_fields": SELECT,
            "limit": input_validation.page_size(ctx.limit, 100),
        }
        if filters.updated_after is not None:
            query_2["modified_since"] = datetimes.encode(filters.updated_after)
        if ctx.cursor is not None:
            query_2["offset"] = ctx.cursor
        query_2 = input_validation.merge(query_2, ctx.extra, "Asana")
        response_2, raw = yield from fetch(GET_TASKS, query=query_2, schema=types.GetTasksResponse)
        items_2 = response_2.data or []
        records = [read_task(each, raw.at("data", index)) for index, each in enumerate(items_2)]
        if filters.unassigned is not None:
            records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
        if filters.assignee_id is not None:
            records = [each for each in records if filters.assignee_id in each.assignee_ids]
        if filters.text is not None:
            words_2 = filters.text.casefold()
            records = [each for each in records if words_2 in f"{each.title or ''} {each.description or ''}".casefold()]
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
        if filters.type is not None:
            records = [each for each in records if each.type == filters.type]
        if filters.parent_id is not None:
            records = [each for each in records if each.parent_id == filters.parent_id]
        next_page_2 = response_2.next_page or types.NextPage()
        return Page(records, cursor=pagination.token(next_page_2.offset))
    if filters.project_id is not None:
        query_3: dict[str, Any] = {
            "project": filters.project_id,
            "opt_fields": SELECT,
            "limit": input_validation.page_size(ctx.limit, 100),
        }
        if filters.updated_after is not None:
            query_3["modified_since"] = datetimes.encode(filters.updated_after)
        if ctx.cursor is not None:
            query_3["offset"] = ctx.cursor
        query_3 = input_validation.merge(query_3, ctx.extra, "Asana")
        response_3, raw = yield from fetch(GET_TASKS, query=query_3, schema=types.GetTasksResponse)
        items_3 = response_3.data or []
        records = [read_task(each, raw.at("data", index)) for index, each in enumerate(items_3)]
        if filters.unassigned is not None:
            records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
        if filters.status is not None:
            records = [each for each in records if each.status == filters.status]
        if filters.assignee_id is not None:
            records = [each for each in records if filters.assignee_id in each.assignee_ids]
        if filters.text is not None:
            words_3 = filters.text.casefold()
            records = [each for each in records if words_3 in f"{each.title or ''} {each.description or ''}".casefold()]
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
        if filters.type is not None:
            records = [each for each in records if each.type == filters.type]
        if filters.parent_id is not None:
            records = [each for each in records if each.parent_id == filters.parent_id]
        next_page_3 = response_3.next_page or types.NextPage()
        return Page(records, cursor=pagination.token(next_page_3.offset))
    if filters.text is not None:
        query_4: dict[str, Any] = {
            "text": input_validation.at_least(filters.text, 1, "text", "Asana"),
            "sort_by": "created_at",
            "opt_fields": SELECT,
        }
        if filters.assignee_id is not None:
            query_4["assignee.any"] = filters.assignee_id
        if filters.status is not None:
            query_4["completed"] = input_validation.enum_value(
                STATUS_WRITE, filters.status, "status", "Asana", STATUS_UNSUPPORTED
            )
        if filters.updated_after is not None:
            query_4["modified_at.after"] = datetimes.encode(filters.updated_after)
        if ctx.cursor is not None:
            query_4["created_at.before"] = ctx.cursor
        query_4 = input_validation.merge(query_4, ctx.extra, "Asana")
        response_4, raw = yield from fetch(
            SEARCH_TASKS_FOR_WORKSPACE,
            path=(ctx.connection["workspace"],),
            query=query_4,
            schema=types.SearchTasksForWorkspaceResponse,
        )
        items_4 = response_4.data or []
        records = [read_task(each, raw.at("data", index)) for index, each in enumerate(items_4)]
        if filters.unassigned is not None:
            records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
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
        if filters.type is not None:
            records = [each for each in records if each.type == filters.type]
        if filters.parent_id is not None:
            records = [each for each in records if each.parent_id == filters.parent_id]
        return Page(records, cursor=pagination.token(items_4[-1].created_at) if items_4 else None)
    assignee_id = input_validation.require("assignee_id", filters.assignee_id, "Asana")
    query_5: dict[str, Any] = {
        "assignee": assignee_id,
        "workspace": ctx.connection["workspace"],
        "opt_fields": SELECT,
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if filters.updated_after is not None:
        query_5["modified_since"] = datetimes.encode(filters.updated_after)
    if ctx.cursor is not None:
        query_5["offset"] = ctx.cursor
    query_5 = input_validation.merge(query_5, ctx.extra, "Asana")
    response_5, raw = yield from fetch(GET_TASKS, query=query_5, schema=types.GetTasksResponse)
    items_5 = response_5.data or []
    records = [read_task(each, raw.at("data", index)) for index, each in enumerate(items_5)]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.due_after is not None:
        records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
    if filters.due_before is not None:
        records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
    if filters.label is not None:
        records = [each for each in records if filters.label in each.labels]
    if filters.type is not None:
        records = [each for each in records if each.type == filters.type]
    if filters.parent_id is not None:
        records = [each for each in records if each.parent_id == filters.parent_id]
    next_page_4 = response_5.next_page or types.NextPage()
    return Page(records, cursor=pagination.token(next_page_4.offset))


def read_task(r: types.TasksTaskCompact, raw: Raw) -> Task:
    """Read a unified Task from a TaskResponse of Asana."""
    first_projects = (r.projects or (None,))[0] or types.TasksProjectCompact()
    parent = r.parent or types.TaskCompact()
    first_memberships = (r.memberships or (None,))[0] or types.TaskCompactMemberships()
    section = first_memberships.section or types.TasksSectionCompact()
    assignee = r.assignee or types.TasksUserCompact()
    created_by = r.created_by or types.TaskCompactCreatedBy()
    values: TaskValues = {
        "id": responses.required(r.gid, "id", "Asana"),
        "title": r.name,
        "status": STATUS_READ.get(r.completed),
        "status_label": None,
        "priority": None,
        "priority_label": None,
        "type": r.resource_subtype,
        "project_id": first_projects.gid,
        "parent_id": parent.gid,
        "column_id": section.gid,
        "sprint_id": None,
        "assignee_ids": [assignee.gid] if assignee.gid is not None else [],
        "creator_id": created_by.gid,
        "requester_id": None,
        "labels": [each.name for each in r.tags or () if each.name is not None],
        "start_date": dates.decode(r.start_on) if r.start_on is not None else None,
        "due_date": dates.decode(r.due_on) if r.due_on is not None else None,
        "recurring": None,
        "completed_at": datetimes.decode(r.completed_at) if r.completed_at is not None else None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.modified_at) if r.modified_at is not None else None,
        "url": r.permalink_url,
    }
    return make_task(values, raw, r.html_notes)
