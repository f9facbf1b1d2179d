"""GitLab tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import (
    current_values,
    dropped_fields,
    input_validation,
    pagination,
    reconciliation,
    responses,
)
from unified_runtime.adapter_api.codecs import dates, datetimes
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

GET_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID = Endpoint(
    "getApiV4ProjectsIdIssuesIssueIid", "GET", "/api/v4/projects/{id}/issues/{issue_iid}", Retry.SAFE
)
POST_API_V4_PROJECTS_ID_ISSUES = Endpoint(
    "postApiV4ProjectsIdIssues", "POST", "/api/v4/projects/{id}/issues", Retry.NEVER
)
GET_API_V4_PROJECTS_ID_ISSUES = Endpoint("getApiV4ProjectsIdIssues", "GET", "/api/v4/projects/{id}/issues", Retry.SAFE)
PUT_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID = Endpoint(
    "putApiV4ProjectsIdIssuesIssueIid", "PUT", "/api/v4/projects/{id}/issues/{issue_iid}", Retry.IDEMPOTENT
)
DELETE_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID = Endpoint(
    "deleteApiV4ProjectsIdIssuesIssueIid", "DELETE", "/api/v4/projects/{id}/issues/{issue_iid}", Retry.IDEMPOTENT
)
GET_API_V4_ISSUES = Endpoint("getApiV4Issues", "GET", "/api/v4/issues", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {"opened": "open", "closed": "done"}
make_task = record_factory(
    Task,
    "gitlab",
    absent=(
        "status_label",
        "priority",
        "priority_label",
        "parent_id",
        "column_id",
        "requester_id",
        "start_date",
        "recurring",
    ),
)
PATTERN_ID_ISSUE_IID = re.compile("([^\\#]+)\\#(.+)")
CREATE_UNSUPPORTED = {
    "requester_email": "GitLab issues have an author, but no requester",
    "priority": "GitLab issues have no such field",
    "parent_id": "GitLab issues have no such field",
    "column_id": "the columns of GitLab boards are labels; set `labels`",
    "requester_id": "GitLab issues have an author, but no requester",
    "start_date": "GitLab issues have no such field",
}
UPDATE_UNSUPPORTED = {
    "status_name": "GitLab statuses have no names; set `status`",
    "priority": "GitLab issues have no such field",
    "project_id": "GitLab creates a new issue with another id and closes the moved one",
    "parent_id": "GitLab issues have no such field",
    "column_id": "the columns of GitLab boards are labels; set `labels`",
    "requester_id": "GitLab issues have an author, but no requester",
    "start_date": "GitLab issues have no such field",
}
UPDATE_NEVER_CLEARED = ("title", "status", "type")
PUT_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_SENDS = frozenset(
    ("assignee_ids", "description", "due_date", "labels", "sprint_id", "status", "title", "type")
)
STATUS_WRITE: dict[Any, Any] = {"open": "reopen", "done": "close"}
STATUS_UNSUPPORTED = {
    "status.in_progress": "GitLab issues are open or closed; labels show their progress",
    "status.canceled": "GitLab issues are open or closed; labels show their progress",
}
LIST_UNSUPPORTED = {"priority": "GitLab issues have no such field", "parent_id": "GitLab issues have no such field"}
STATUS_WRITE_2: dict[Any, Any] = {"open": "opened", "done": "closed"}
ORDER_BY_WRITE: dict[Any, Any] = {
    "created": "created_at",
    "created_desc": "created_at",
    "updated": "updated_at",
    "updated_desc": "updated_at",
    "due": "due_date",
    "due_desc": "due_date",
}
SORT_WRITE: dict[Any, Any] = {
    "created": "asc",
    "created_desc": "desc",
    "updated": "asc",
    "updated_desc": "desc",
    "due": "asc",
    "due_desc": "desc",
}
SORT_UNSUPPORTED = {"sort.priority": "GitLab issues have no such field"}

FIELDS: dict[str, str] = {
    "id": "project_id",
    "title": "title",
    "description": "description",
    "issue_type": "type",
    "milestone_id": "sprint_id",
    "assignee_ids": "assignee_ids",
    "labels": "labels",
    "due_date": "due_date",
    "state_event": "status",
    "state": "status",
    "assignee_id": "assignee_id",
    "updated_after": "updated_after",
    "created_after": "created_after",
    "search": "text",
    "order_by": "sort",
    "sort": "sort",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /api/v4/projects/{id}/issues/{issue_iid}."""
    id_, issue_iid = input_validation.parts(PATTERN_ID_ISSUE_IID, id, "id")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID,
        path=(input_validation.integer_id(id_, "id", "GitLab"), input_validation.integer_id(issue_iid, "id", "GitLab")),
        schema=types.APIEntitiesIssue,
    )
    return read_task(response, raw)


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        POST /api/v4/projects/{id}/issues
        PUT /api/v4/projects/{id}/issues/{issue_iid}, if needed
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "GitLab")
    input_validation.reject_values(
        "status",
        task.status,
        {
            "in_progress": "GitLab issues are open or closed; labels show their progress",
            "canceled": "GitLab issues are open or closed; labels show their progress",
        },
        "GitLab",
    )
    project_id = input_validation.require("project_id", task.project_id, "GitLab")
    found: tuple[types.APIEntitiesIssue, Raw] | None = None
    body: dict[str, Any] = {"title": task.title}
    if task.description is not None:
        body["description"] = input_validation.at_most(task.description, 1048576, "description", "GitLab")
    if task.type is not None:
        body["issue_type"] = task.type
    if task.sprint_id is not None:
        body["milestone_id"] = input_validation.integer_id(task.sprint_id, "sprint_id", "GitLab")
    if task.assignee_ids is not None:
        body["assignee_ids"] = [
            input_validation.integer_id(each, "assignee_ids", "GitLab") for each in task.assignee_ids
        ]
    if task.labels is not None:
        body["labels"] = task.labels
    if task.due_date is not None:
        body["due_date"] = dates.encode(task.due_date)
    body = input_validation.merge(body, ctx.extra, "GitLab")

    def look() -> Steps[reconciliation.Found]:
        return (
            yield from reconciliation.look_up(
                GET_API_V4_PROJECTS_ID_ISSUES,
                path=(input_validation.integer_id(project_id, "project_id", "GitLab"),),
                query={"order_by": "created_at", "sort": "desc", "per_page": 100},
            )
        )

    response, raw = yield from reconciliation.send_once(
        fetch(
            POST_API_V4_PROJECTS_ID_ISSUES,
            path=(input_validation.integer_id(project_id, "project_id", "GitLab"),),
            json=body,
            schema=types.APIEntitiesIssue,
            save_as="created",
        ),
        look,
        schema=types.APIEntitiesIssue,
        raw=True,
        items=(),
        where=((("title",), task.title), (("description",), task.description)),
        created_at=("created_at",),
        pagination=("link", "", ("page",), 100),
    )
    created = response
    found = response, raw
    if task.status == "done":
        body_2: dict[str, Any] = {"state_event": "close"}
        response_2, raw = yield from fetch(
            PUT_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID,
            path=(input_validation.integer_id(project_id, "project_id", "GitLab"), created.iid),
            json=body_2,
            schema=types.APIEntitiesIssue,
        )
        found = response_2, raw
    record, raw = responses.last_response(found, "GitLab")
    return dropped_fields.check(
        read_task(record, raw), task, ("labels", "assignee_ids", "due_date", "sprint_id"), "GitLab"
    )


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /api/v4/projects/{id}/issues/{issue_iid}, if needed
        PUT /api/v4/projects/{id}/issues/{issue_iid}, if needed
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "GitLab", clears=True)
    input_validation.reject_values(
        "status",
        task.status,
        {
            "in_progress": "GitLab issues are open or closed; labels show their progress",
            "canceled": "GitLab issues are open or closed; labels show their progress",
        },
        "GitLab",
    )
    given = input_validation.changes(task, ctx.extra, "GitLab")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "GitLab")
    id_, issue_iid = input_validation.parts(PATTERN_ID_ISSUE_IID, id, "id")
    issue: types.TasksAPIEntitiesIssue | None = None
    found: tuple[types.APIEntitiesIssue, Raw] | None = None
    if (
        task.add_labels is not None
        or task.remove_labels is not None
        or task.add_assignee_ids is not None
        or task.remove_assignee_ids is not None
        or task.append_description is not None
    ):
        issue = yield from call(
            GET_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID,
            path=(
                input_validation.integer_id(id_, "id", "GitLab"),
                input_validation.integer_id(issue_iid, "id", "GitLab"),
            ),
            schema=types.TasksAPIEntitiesIssue,
            save_as="issue",
        )
        task = current_values.complete_list(task, "labels", (issue or types.TasksAPIEntitiesIssue()).labels, "GitLab")
        task = current_values.complete_list(
            task,
            "assignee_ids",
            [each.id for each in (issue or types.TasksAPIEntitiesIssue()).assignees or () if each.id is not None],
            "GitLab",
        )
        task = current_values.text(task, "description", (issue or types.TasksAPIEntitiesIssue()).description, "GitLab")
        given = task.model_fields_set
    if given & PUT_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if task.status is not None:
            body["state_event"] = input_validation.enum_value(
                STATUS_WRITE, task.status, "status", "GitLab", STATUS_UNSUPPORTED
            )
        if task.title is not None:
            body["title"] = task.title
        if "description" in given:
            body["description"] = (
                ""
                if task.description is None
                else input_validation.at_most(task.description, 1048576, "description", "GitLab")
            )
        if task.type is not None:
            body["issue_type"] = task.type
        if "sprint_id" in given:
            body["milestone_id"] = (
                0 if task.sprint_id is None else input_validation.integer_id(task.sprint_id, "sprint_id", "GitLab")
            )
        if "assignee_ids" in given:
            body["assignee_ids"] = (
                []
                if task.assignee_ids is None
                else [input_validation.integer_id(each, "assignee_ids", "GitLab") for each in task.assignee_ids]
            )
        if "labels" in given:
            body["labels"] = [] if task.labels is None else task.labels
        if "due_date" in given:
            body["due_date"] = None if task.due_date is None else dates.encode(task.due_date)
        body = input_validation.merge(body, ctx.extra, "GitLab")
        response, raw = yield from fetch(
            PUT_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID,
            path=(
                input_validation.integer_id(id_, "id", "GitLab"),
                input_validation.integer_id(issue_iid, "id", "GitLab"),
            ),
            json=body,
            schema=types.APIEntitiesIssue,
        )
        found = response, raw
    record, raw = responses.last_response(found, "GitLab")
    return dropped_fields.check(
        read_task(record, raw), task, ("labels", "assignee_ids", "due_date", "sprint_id"), "GitLab"
    )


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: DELETE /api/v4/projects/{id}/issues/{issue_iid}."""
    id_, issue_iid = input_validation.parts(PATTERN_ID_ISSUE_IID, id, "id")
    yield from call(
        DELETE_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID,
        path=(input_validation.integer_id(id_, "id", "GitLab"), input_validation.integer_id(issue_iid, "id", "GitLab")),
    )


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks.

    One of:
        GET /api/v4/projects/{id}/issues
        GET /api/v4/issues
    """
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "GitLab")
    if filters.project_id is not None:
        query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
        if filters.status is not None:
            query["state"] = input_validation.enum_value(
                STATUS_WRITE_2, filters.status, "status", "GitLab", STATUS_UNSUPPORTED
            )
        if filters.assignee_id is not None:
            query["assignee_id"] = input_validation.integer_id(filters.assignee_id, "assignee_id", "GitLab")
        if filters.updated_after is not None:
            query["updated_after"] = datetimes.encode(filters.updated_after)
        if filters.created_after is not None:
            query["created_after"] = datetimes.encode(filters.created_after)
        if filters.label is not None:
            query["labels"] = input_validation.at_least(filters.label, 1, "label", "GitLab")
        if filters.type is not None:
            query["issue_type"] = input_validation.at_least(filters.type, 1, "type", "GitLab")
        if filters.text is not None:
            query["search"] = input_validation.at_least(filters.text, 1, "text", "GitLab")
        if filters.sort in ORDER_BY_WRITE:
            query["order_by"] = ORDER_BY_WRITE[filters.sort]
        if filters.sort is not None:
            query["sort"] = input_validation.enum_value(SORT_WRITE, filters.sort, "sort", "GitLab", SORT_UNSUPPORTED)
        query = input_validation.merge(query, ctx.extra, "GitLab")
        response, raw = yield from fetch(
            GET_API_V4_PROJECTS_ID_ISSUES,
            path=(input_validation.integer_id(filters.project_id, "project_id", "GitLab"),),
            query=pagination.page_query(query, ctx.cursor, "per_page"),
            url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
            schema=list[types.APIEntitiesIssue],
        )
        records = [read_task(each, raw.at(index)) for index, each in enumerate(response)]
        if filters.unassigned is not None:
            records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
        if filters.due_after is not None:
            records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
        if filters.due_before is not None:
            records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
        return Page(records, cursor=pagination.link_header(raw))
    query_2: dict[str, Any] = {"scope": "all", "per_page": input_validation.page_size(ctx.limit, 100)}
    if filters.status is not None:
        query_2["state"] = input_validation.enum_value(
            STATUS_WRITE_2, filters.status, "status", "GitLab", STATUS_UNSUPPORTED
        )
    if filters.assignee_id is not None:
        query_2["assignee_id"] = input_validation.integer_id(filters.assignee_id, "assignee_id", "GitLab")
    if filters.updated_after is not None:
        query_2["updated_after"] = datetimes.encode(filters.updated_after)
    if filters.created_after is not None:
        query_2["created_after"] = datetimes.encode(filters.created_after)
    if filters.label is not None:
        query_2["labels"] = input_validation.at_least(filters.label, 1, "label", "GitLab")
    if filters.type is not None:
        query_2["issue_type"] = input_validation.at_least(filters.type, 1, "type", "GitLab")
    if filters.text is not None:
        query_2["search"] = input_validation.at_least(filters.text, 1, "text", "GitLab")
    if filters.sort in ORDER_BY_WRITE:
        query_2["order_by"] = ORDER_BY_WRITE[filters.sort]
    if filters.sort is not None:
        query_2["sort"] = input_validation.enum_value(SORT_WRITE, filters.sort, "sort", "GitLab", SORT_UNSUPPORTED)
    query_2 = input_validation.merge(query_2, ctx.extra, "GitLab")
    response_2, raw = yield from fetch(
        GET_API_V4_ISSUES,
        query=pagination.page_query(query_2, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.APIEntitiesIssue],
    )
    records = [read_task(each, raw.at(index)) for index, each in enumerate(response_2)]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
    if filters.due_after is not None:
        records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
    if filters.due_before is not None:
        records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
    return Page(records, cursor=pagination.link_header(raw))


def read_task(r: types.APIEntitiesIssue, raw: Raw) -> Task:
    """Read a unified Task from an API_Entities_Issue of GitLab."""
    milestone = r.milestone or types.TasksAPIEntitiesMilestone()
    author = r.author or types.TasksAPIEntitiesUser()
    values: TaskValues = {
        "id": responses.required(
            f"{r.project_id}#{r.iid}" if r.project_id is not None and r.iid is not None else None, "id", "GitLab"
        ),
        "title": r.title,
        "description": r.description,
        "status": STATUS_READ.get(r.state),
        "status_label": None,
        "priority": None,
        "priority_label": None,
        "type": r.issue_type,
        "project_id": str(r.project_id) if r.project_id is not None else None,
        "parent_id": None,
        "column_id": None,
        "sprint_id": str(milestone.id) if milestone.id is not None else None,
        "assignee_ids": [str(each) for each in [each.id for each in r.assignees or () if each.id is not None]],
        "creator_id": str(author.id) if author.id is not None else None,
        "requester_id": None,
        "labels": r.labels or [],
        "start_date": None,
        "due_date": dates.decode(r.due_date) if r.due_date is not None else None,
        "recurring": None,
        "completed_at": datetimes.decode(r.closed_at) if r.closed_at is not None else None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
        "url": r.web_url,
    }
    return make_task(values, raw)
