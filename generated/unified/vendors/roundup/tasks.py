"""Roundup tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import current_values, input_validation, pagination, reconciliation, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

LIST_ISSUES = Endpoint("listIssues", "GET", "/rest/data/issue", Retry.SAFE)
CREATE_ISSUE = Endpoint("createIssue", "POST", "/rest/data/issue", Retry.NEVER)
GET_ISSUE = Endpoint("getIssue", "GET", "/rest/data/issue/{issue_id}", Retry.SAFE)
UPDATE_ISSUE = Endpoint("updateIssue", "PATCH", "/rest/data/issue/{issue_id}", Retry.NEVER)
DELETE_ISSUE = Endpoint("deleteIssue", "DELETE", "/rest/data/issue/{issue_id}", Retry.IDEMPOTENT)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "chatting": "open",
    "unread": "open",
    "need-eg": "open",
    "deferred": "open",
    "in-progress": "in_progress",
    "testing": "in_progress",
    "done-cbb": "in_progress",
    "resolved": "done",
}
PRIORITY_READ: dict[Any, Literal["low", "medium", "high", "urgent"]] = {
    "critical": "urgent",
    "urgent": "high",
    "bug": "medium",
    "wish": "low",
    "feature": "low",
}
make_task = record_factory(
    Task,
    "roundup",
    absent=(
        "description",
        "type",
        "project_id",
        "parent_id",
        "column_id",
        "sprint_id",
        "requester_id",
        "start_date",
        "due_date",
        "recurring",
        "completed_at",
    ),
)
SELECT = "id,title,status,priority,assignedto,creator,keyword,creation,activity"
CREATE_UNSUPPORTED = {
    "requester_email": "Roundup issues have a creator and no separate requester",
    "description": "Roundup stores the description as the first message of an issue; use `comments.create`",
    "type": "Roundup issues have no type",
    "project_id": "each Roundup tracker is one project; add a connection per tracker",
    "parent_id": "Roundup issues can be superseded by others, but have no parent",
    "column_id": "Roundup trackers do not have columns or sprints",
    "sprint_id": "Roundup trackers do not have columns or sprints",
    "requester_id": "Roundup issues have a creator and no separate requester",
    "start_date": "Roundup issues have no planning dates",
    "due_date": "Roundup issues have no planning dates",
}
STATUS_WRITE: dict[Any, Any] = {"open": "chatting", "in_progress": "in-progress", "done": "resolved"}
STATUS_UNSUPPORTED = {"status.canceled": "Roundup has no canceled status"}
PRIORITY_WRITE: dict[Any, Any] = {"urgent": "critical", "high": "urgent", "medium": "bug", "low": "wish"}
UPDATE_UNSUPPORTED = {
    "add_assignee_ids": "tasks have one assignee; set `assignee_ids`",
    "remove_assignee_ids": "tasks have one assignee; set `assignee_ids`",
    "append_description": "Roundup stores the description as the first message of an issue; use `comments.create`",
    "overwrite": "Roundup stores the description as the first message of an issue; use `comments.create`",
    "description": "Roundup stores the description as the first message of an issue; use `comments.create`",
    "type": "Roundup issues have no type",
    "project_id": "each Roundup tracker is one project; add a connection per tracker",
    "parent_id": "Roundup issues can be superseded by others, but have no parent",
    "column_id": "Roundup trackers do not have columns or sprints",
    "sprint_id": "Roundup trackers do not have columns or sprints",
    "requester_id": "Roundup issues have a creator and no separate requester",
    "start_date": "Roundup issues have no planning dates",
    "due_date": "Roundup issues have no planning dates",
}
UPDATE_NEVER_CLEARED = ("title", "status")
UPDATE_ISSUE_SENDS = frozenset(("assignee_ids", "labels", "priority", "status", "title"))
LIST_UNSUPPORTED = {
    "project_id": "each Roundup tracker is one project; add a connection per tracker",
    "due_after": "Roundup issues have no planning dates",
    "due_before": "Roundup issues have no planning dates",
    "type": "",
    "parent_id": "",
}
SORT_WRITE: dict[Any, Any] = {
    "created": "creation",
    "created_desc": "-creation",
    "updated": "activity",
    "updated_desc": "-activity",
    "priority": "priority",
}
SORT_UNSUPPORTED = {
    "sort.due": "Roundup issues have no planning dates",
    "sort.due_desc": "Roundup issues have no planning dates",
}

FIELDS: dict[str, str] = {
    "id": "id",
    "title": "title",
    "status": "status",
    "priority": "priority",
    "assignedto": "assignee_ids",
    "keyword": "labels",
    "issue_id": "id",
    "@sort": "sort",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /rest/data/issue."""
    response, raw = yield from fetch(
        LIST_ISSUES, query={"id": id, "@verbose": 2, "@fields": SELECT}, schema=types.ListIssuesResponse
    )
    data = response.data or types.TasksCollection()
    record = responses.one((data.collection or (None,))[0], "Task", "Roundup")
    return read_task(ctx, record, raw.at("data", "collection", 0))


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        POST /rest/data/issue
        GET /rest/data/issue/{issue_id}
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "Roundup")
    body: dict[str, Any] = {"title": task.title}
    if task.status is not None:
        body["status"] = input_validation.enum_value(STATUS_WRITE, task.status, "status", "Roundup", STATUS_UNSUPPORTED)
    if task.priority is not None:
        body["priority"] = PRIORITY_WRITE[task.priority]
    if task.assignee_ids:
        body["assignedto"] = input_validation.only(task.assignee_ids, "assignee_ids", "Roundup")
    if task.labels is not None:
        body["keyword"] = task.labels
    body = input_validation.merge(body, ctx.extra, "Roundup")

    def look() -> Steps[reconciliation.Found]:
        query: dict[str, Any] = {
            "title": input_validation.at_least(task.title, 1, "title", "Roundup"),
            "@fields": "title,creation",
            "@sort": "-id",
            "@page_size": 100,
        }
        return (yield from reconciliation.look_up(LIST_ISSUES, query=query))

    created = yield from reconciliation.send_once(
        call(CREATE_ISSUE, json=body, schema=types.CreatedResponse, save_as="created"),
        look,
        schema=types.CreatedResponse,
        items=("data", "collection"),
        where=((("title",), task.title),),
        created_at=("creation",),
        response_record=("data",),
        id=lambda created: ((created.data or types.CreatedResponseData()).id,),
        visible_within=5,
        executes_within=60,
        pagination=("page", "@page_index", 1, 100),
    )
    yield CreatedRecord((created.data or types.CreatedResponseData()).id)
    response, raw = yield from fetch(
        GET_ISSUE,
        path=((created.data or types.CreatedResponseData()).id,),
        query={"@verbose": 2, "@fields": SELECT},
        schema=types.GetIssueResponse,
    )
    data = response.data or types.TasksItem()
    record = responses.required(data.attributes, "data.attributes", "Roundup")
    return read_task(ctx, record, raw.at("data", "attributes"))


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /rest/data/issue/{issue_id}, if needed
        PATCH /rest/data/issue/{issue_id}, if needed
        GET /rest/data/issue/{issue_id}
        PATCH /rest/data/issue/{issue_id}, if needed
        GET /rest/data/issue/{issue_id}
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "Roundup", clears=True)
    input_validation.reject_values("status", task.status, {"canceled": "Roundup has no canceled status"}, "Roundup")
    given = input_validation.changes(task, ctx.extra, "Roundup")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "Roundup")
    first: types.TasksItem2 | None = None
    if task.status_name is not None:
        first_response = yield from call(
            GET_ISSUE, path=(id,), query={"@fields": "id"}, schema=types.FirstResponse, save_as="first"
        )
        first = first_response.data or types.TasksItem2()
    if first is not None:
        body: dict[str, Any] = {"status": task.status_name}
        yield from call(UPDATE_ISSUE, path=(id,), headers={"If-Match": first.etag}, json=body)
    seen_response = yield from call(
        GET_ISSUE,
        path=(id,),
        query={"@verbose": 2, "@fields": "id,keyword"},
        schema=types.TasksSeenResponse,
        save_as="seen",
    )
    seen = seen_response.data or types.TasksItem3()
    task = current_values.complete_list(
        task,
        "labels",
        [each.name for each in (seen.attributes or types.TasksIssue2()).keyword or () if each.name is not None],
        "Roundup",
    )
    given = task.model_fields_set
    if given & UPDATE_ISSUE_SENDS or ctx.extra:
        body_2: dict[str, Any] = {}
        if task.title is not None:
            body_2["title"] = task.title
        if task.status is not None:
            body_2["status"] = input_validation.enum_value(
                STATUS_WRITE, task.status, "status", "Roundup", STATUS_UNSUPPORTED
            )
        if "priority" in given:
            body_2["priority"] = "" if task.priority is None else PRIORITY_WRITE[task.priority]
        if "assignee_ids" in given:
            body_2["assignedto"] = (
                "" if not task.assignee_ids else input_validation.only(task.assignee_ids, "assignee_ids", "Roundup")
            )
        if "labels" in given:
            body_2["keyword"] = [] if task.labels is None else task.labels
        body_2 = input_validation.merge(body_2, ctx.extra, "Roundup")
        yield from call(UPDATE_ISSUE, path=(id,), headers={"If-Match": seen.etag}, json=body_2)
    response, raw = yield from fetch(
        GET_ISSUE, path=(id,), query={"@verbose": 2, "@fields": SELECT}, schema=types.GetIssueResponse
    )
    data = response.data or types.TasksItem()
    record = responses.required(data.attributes, "data.attributes", "Roundup")
    return read_task(ctx, record, raw.at("data", "attributes"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task.

    In turn:
        GET /rest/data/issue/{issue_id}
        DELETE /rest/data/issue/{issue_id}
    """
    seen_response = yield from call(
        GET_ISSUE, path=(id,), query={"@fields": "id"}, schema=types.TasksSeenResponse2, save_as="seen"
    )
    seen = seen_response.data or types.TasksItem2()
    yield from call(DELETE_ISSUE, path=(id,), headers={"If-Match": seen.etag})


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks: GET /rest/data/issue."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Roundup")
    start = pagination.number(ctx.cursor, 1)
    query: dict[str, Any] = {
        "@sort": input_validation.enum_value(SORT_WRITE, filters.sort, "sort", "Roundup", SORT_UNSUPPORTED)
        if filters.sort is not None
        else "-id",
        "@verbose": 2,
        "@fields": SELECT,
        "@page_size": input_validation.page_size(ctx.limit, 100),
    }
    if filters.assignee_id is not None:
        query["assignedto"] = filters.assignee_id
    if filters.text is not None:
        query["title"] = input_validation.at_least(filters.text, 1, "text", "Roundup")
    query["@page_index"] = start
    query = input_validation.merge(query, ctx.extra, "Roundup")
    response, raw = yield from fetch(LIST_ISSUES, query=query, schema=types.TasksListIssuesResponse)
    data = response.data or types.TasksCollection2()
    items = data.collection or []
    records = [read_task(ctx, each, raw.at("data", "collection", index)) for index, each in enumerate(items)]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    if filters.updated_after is not None:
        records = [each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.label is not None:
        records = [each for each in records if filters.label in each.labels]
    if filters.priority is not None:
        records = [each for each in records if each.priority == filters.priority]
    data_2 = response.data or types.TasksCollection2()
    return Page(
        records,
        cursor=pagination.after_page(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=data_2.total_size
        ),
    )


def read_task(ctx: Context, r: types.TasksIssue, raw: Raw) -> Task:
    """Read a unified Task from an Issue of Roundup."""
    status = r.status or types.NamedLink()
    priority = r.priority or types.NamedLink()
    assignedto = r.assignedto or types.TasksUserLink()
    creator = r.creator or types.TasksUserLink()
    values: TaskValues = {
        "id": responses.required(r.id, "id", "Roundup"),
        "title": r.title,
        "description": None,
        "status": STATUS_READ.get(status.name),
        "status_label": status.name,
        "priority": PRIORITY_READ.get(priority.name),
        "priority_label": priority.name,
        "type": None,
        "project_id": None,
        "parent_id": None,
        "column_id": None,
        "sprint_id": None,
        "assignee_ids": [assignedto.id] if assignedto.id is not None else [],
        "creator_id": creator.id,
        "requester_id": None,
        "labels": [each.name for each in r.keyword or () if each.name is not None],
        "start_date": None,
        "due_date": None,
        "recurring": None,
        "completed_at": None,
        "created_at": datetimes.decode(r.creation) if r.creation is not None else None,
        "updated_at": datetimes.decode(r.activity) if r.activity is not None else None,
        "url": f"{ctx.connection['url']}/issue{r.id}" if r.id is not None else None,
    }
    return make_task(values, raw)
