"""Gitea tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import (
    current_values,
    dropped_fields,
    input_validation,
    pagination,
    reconciliation,
    responses,
)
from unified_runtime.adapter_api.codecs import date_in_datetime, datetimes
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

ISSUE_GET_ISSUE = Endpoint("issueGetIssue", "GET", "/repos/{owner}/{repo}/issues/{index}", Retry.SAFE)
ISSUE_CREATE_ISSUE = Endpoint("issueCreateIssue", "POST", "/repos/{owner}/{repo}/issues", Retry.NEVER)
ISSUE_LIST_ISSUES = Endpoint("issueListIssues", "GET", "/repos/{owner}/{repo}/issues", Retry.SAFE)
ISSUE_REPLACE_LABELS = Endpoint(
    "issueReplaceLabels", "PUT", "/repos/{owner}/{repo}/issues/{index}/labels", Retry.IDEMPOTENT
)
ISSUE_EDIT_ISSUE = Endpoint("issueEditIssue", "PATCH", "/repos/{owner}/{repo}/issues/{index}", Retry.NEVER)
ISSUE_DELETE = Endpoint("issueDelete", "DELETE", "/repos/{owner}/{repo}/issues/{index}", Retry.IDEMPOTENT)
ISSUE_SEARCH_ISSUES = Endpoint("issueSearchIssues", "GET", "/repos/issues/search", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {"open": "open", "closed": "done"}
make_task = record_factory(
    Task,
    "gitea",
    absent=(
        "status_label",
        "priority",
        "priority_label",
        "type",
        "parent_id",
        "column_id",
        "requester_id",
        "start_date",
        "recurring",
    ),
)
PATTERN_OWNER_REPO_INDEX = re.compile("([^/]+)/([^\\#]+)\\#(.+)")
CREATE_UNSUPPORTED = {
    "requester_email": "Gitea issues have an author and no separate requester",
    "priority": "Gitea issues do not have this field",
    "type": "Gitea issues have no type; use `labels`",
    "parent_id": "Gitea issues do not have this field",
    "column_id": "the Gitea API does not return the columns of boards",
    "requester_id": "Gitea issues have an author and no separate requester",
    "start_date": "Gitea issues do not have this field",
}
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")
STATUS_WRITE: dict[Any, Any] = {"open": "open", "done": "closed"}
STATUS_UNSUPPORTED = {
    "status.in_progress": "Gitea issues are open or closed; use labels or boards for progress",
    "status.canceled": "Gitea does not store why an issue was closed",
}
UPDATE_UNSUPPORTED = {
    "status_name": "statuses have no custom names; set `status`",
    "priority": "Gitea issues do not have this field",
    "type": "Gitea issues have no type; use `labels`",
    "project_id": "Gitea issues cannot be moved to another repository",
    "parent_id": "Gitea issues do not have this field",
    "column_id": "the Gitea API does not return the columns of boards",
    "requester_id": "Gitea issues have an author and no separate requester",
    "start_date": "Gitea issues do not have this field",
}
UPDATE_NEVER_CLEARED = ("title", "status")
ISSUE_EDIT_ISSUE_SENDS = frozenset(("assignee_ids", "description", "due_date", "sprint_id", "status", "title"))
ISSUE_REPLACE_LABELS_SENDS = frozenset(("labels",))
LIST_UNSUPPORTED = {
    "priority": "Gitea issues do not have this field",
    "type": "Gitea issues do not have this field",
    "parent_id": "Gitea issues do not have this field",
    "sort": "Gitea lists issues newest first",
}

FIELDS: dict[str, str] = {
    "title": "title",
    "body": "description",
    "milestone": "sprint_id",
    "assignees": "assignee_ids",
    "due_date": "due_date",
    "labels": "labels",
    "state": "status",
    "unset_due_date": "due_date",
    "assigned_by": "assignee_id",
    "since": "updated_after",
    "q": "text",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /repos/{owner}/{repo}/issues/{index}."""
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, id, "id")
    response, raw = yield from fetch(
        ISSUE_GET_ISSUE,
        path=(owner, repo, input_validation.integer_id(index_2, "id", "Gitea")),
        schema=types.TasksIssue,
    )
    if not _is_task(response):
        raise responses.wrong_resource("Task", "Gitea")
    return read_task(response, raw)


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        POST /repos/{owner}/{repo}/issues
        PUT /repos/{owner}/{repo}/issues/{index}/labels, if needed
        PATCH /repos/{owner}/{repo}/issues/{index}, if needed
        GET /repos/{owner}/{repo}/issues/{index}, if needed
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "Gitea")
    input_validation.reject_values(
        "status",
        task.status,
        {
            "in_progress": "Gitea issues are open or closed; use labels or boards for progress",
            "canceled": "Gitea does not store why an issue was closed",
        },
        "Gitea",
    )
    project_id = input_validation.require("project_id", task.project_id, "Gitea")
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, project_id, "project_id")
    found: tuple[types.TasksIssue, Raw] | None = None
    body: dict[str, Any] = {"title": task.title}
    if task.description is not None:
        body["body"] = task.description
    if task.sprint_id is not None:
        body["milestone"] = input_validation.integer_id(task.sprint_id, "sprint_id", "Gitea")
    if task.assignee_ids is not None:
        body["assignees"] = task.assignee_ids
    if task.due_date is not None:
        body["due_date"] = date_in_datetime.encode(task.due_date)
    body = input_validation.merge(body, ctx.extra, "Gitea")

    def look() -> Steps[reconciliation.Found]:
        return (
            yield from reconciliation.look_up(
                ISSUE_LIST_ISSUES, path=(owner, repo), query={"state": "all", "type": "issues", "limit": 50}
            )
        )

    response, raw = yield from reconciliation.send_once(
        fetch(ISSUE_CREATE_ISSUE, path=(owner, repo), json=body, schema=types.TasksIssue, save_as="created"),
        look,
        schema=types.TasksIssue,
        raw=True,
        items=(),
        where=((("title",), task.title), (("body",), task.description)),
        created_at=("created_at",),
        id=lambda created: (owner, "/", repo, "#", created.number),
        pagination=("link", "", ("page",), 50),
    )
    created = response
    yield CreatedRecord(owner, "/", repo, "#", created.number)
    found = response, raw
    if task.labels is not None:
        body_2: dict[str, Any] = {"labels": task.labels}
        yield from call(ISSUE_REPLACE_LABELS, path=(owner, repo, created.number), json=body_2)
    if task.status == "done":
        body_3: dict[str, Any] = {
            "state": input_validation.enum_value(STATUS_WRITE, task.status, "status", "Gitea", STATUS_UNSUPPORTED)
        }
        response_2, raw = yield from fetch(
            ISSUE_EDIT_ISSUE, path=(owner, repo, created.number), json=body_3, schema=types.TasksIssue
        )
        found = response_2, raw
    if task.labels is not None:
        response_3, raw = yield from fetch(ISSUE_GET_ISSUE, path=(owner, repo, created.number), schema=types.TasksIssue)
        found = response_3, raw
    record, raw = responses.last_response(found, "Gitea")
    if not _is_task(record):
        raise responses.wrong_resource("Task", "Gitea")
    return dropped_fields.check(read_task(record, raw), task, ("labels", "assignee_ids", "due_date"), "Gitea")


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /repos/{owner}/{repo}/issues/{index}
        PATCH /repos/{owner}/{repo}/issues/{index}, if needed
        PUT /repos/{owner}/{repo}/issues/{index}/labels, if needed
        GET /repos/{owner}/{repo}/issues/{index}
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "Gitea", clears=True)
    given = input_validation.changes(task, ctx.extra, "Gitea")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "Gitea")
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, id, "id")
    issue = yield from call(
        ISSUE_GET_ISSUE,
        path=(owner, repo, input_validation.integer_id(index_2, "id", "Gitea")),
        schema=types.TasksIssue2,
        save_as="issue",
    )
    responses.check_resource(issue, _may_change_task, "Task", "Gitea")
    task = current_values.complete_list(
        task, "labels", [each.name for each in issue.labels or () if each.name is not None], "Gitea"
    )
    task = current_values.complete_list(
        task, "assignee_ids", [each.login for each in issue.assignees or () if each.login is not None], "Gitea"
    )
    task = current_values.text(task, "description", issue.body, "Gitea")
    given = task.model_fields_set
    if given & ISSUE_EDIT_ISSUE_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if task.title is not None:
            body["title"] = task.title
        if "description" in given:
            body["body"] = "" if task.description is None else task.description
        if task.status is not None:
            body["state"] = input_validation.enum_value(
                STATUS_WRITE, task.status, "status", "Gitea", STATUS_UNSUPPORTED
            )
        if "sprint_id" in given:
            body["milestone"] = (
                0 if task.sprint_id is None else input_validation.integer_id(task.sprint_id, "sprint_id", "Gitea")
            )
        if "assignee_ids" in given:
            body["assignees"] = [] if task.assignee_ids is None else task.assignee_ids
        if task.due_date is not None:
            body["due_date"] = date_in_datetime.encode(task.due_date)
        if "due_date" in given and task.due_date is None:
            body["unset_due_date"] = True
        body = input_validation.merge(body, ctx.extra, "Gitea")
        yield from call(
            ISSUE_EDIT_ISSUE, path=(owner, repo, input_validation.integer_id(index_2, "id", "Gitea")), json=body
        )
    if given & ISSUE_REPLACE_LABELS_SENDS:
        body_2: dict[str, Any] = {}
        if "labels" in given:
            body_2["labels"] = [] if task.labels is None else task.labels
        yield from call(
            ISSUE_REPLACE_LABELS, path=(owner, repo, input_validation.integer_id(index_2, "id", "Gitea")), json=body_2
        )
    response, raw = yield from fetch(
        ISSUE_GET_ISSUE,
        path=(owner, repo, input_validation.integer_id(index_2, "id", "Gitea")),
        schema=types.TasksIssue,
    )
    if not _is_task(response):
        raise responses.wrong_resource("Task", "Gitea")
    return dropped_fields.check(read_task(response, raw), task, ("labels", "assignee_ids", "due_date"), "Gitea")


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: DELETE /repos/{owner}/{repo}/issues/{index}."""
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, id, "id")
    yield from call(ISSUE_DELETE, path=(owner, repo, input_validation.integer_id(index_2, "id", "Gitea")))


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks.

    One of:
        GET /repos/{owner}/{repo}/issues
        GET /repos/issues/search
    """
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Gitea")
    owner, repo = input_validation.optional_parts(PATTERN_OWNER_REPO, filters.project_id, "project_id")
    if filters.project_id is not None:
        query: dict[str, Any] = {
            "state": input_validation.enum_value(STATUS_WRITE, filters.status, "status", "Gitea", STATUS_UNSUPPORTED)
            if filters.status is not None
            else "all",
            "type": "issues",
            "limit": input_validation.page_size(ctx.limit, 50),
        }
        if filters.assignee_id is not None:
            query["assigned_by"] = filters.assignee_id
        if filters.updated_after is not None:
            query["since"] = datetimes.encode(filters.updated_after)
        if filters.label is not None:
            query["labels"] = input_validation.at_least(filters.label, 1, "label", "Gitea")
        if filters.text is not None:
            query["q"] = input_validation.at_least(filters.text, 1, "text", "Gitea")
        query = input_validation.merge(query, ctx.extra, "Gitea")
        response, raw = yield from fetch(
            ISSUE_LIST_ISSUES,
            path=(owner, repo),
            query=pagination.page_query(query, ctx.cursor, "limit"),
            url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
            schema=list[types.TasksIssue],
        )
        records = [read_task(each, raw.at(index)) for index, each in enumerate(response) if _is_task(each)]
        if filters.unassigned is not None:
            records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
        if filters.due_after is not None:
            records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
        if filters.due_before is not None:
            records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        return Page(records, cursor=pagination.link_header(raw))
    query_2: dict[str, Any] = {
        "state": input_validation.enum_value(STATUS_WRITE, filters.status, "status", "Gitea", STATUS_UNSUPPORTED)
        if filters.status is not None
        else "all",
        "type": "issues",
        "limit": input_validation.page_size(ctx.limit, 50),
    }
    if filters.updated_after is not None:
        query_2["since"] = datetimes.encode(filters.updated_after)
    if filters.label is not None:
        query_2["labels"] = input_validation.at_least(filters.label, 1, "label", "Gitea")
    if filters.text is not None:
        query_2["q"] = input_validation.at_least(filters.text, 1, "text", "Gitea")
    query_2 = input_validation.merge(query_2, ctx.extra, "Gitea")
    response_2, raw = yield from fetch(
        ISSUE_SEARCH_ISSUES,
        query=pagination.page_query(query_2, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
        schema=list[types.TasksIssue],
    )
    records = [read_task(each, raw.at(index)) for index, each in enumerate(response_2) if _is_task(each)]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
    if filters.due_after is not None:
        records = [each for each in records if each.due_date is not None and each.due_date >= filters.due_after]
    if filters.due_before is not None:
        records = [each for each in records if each.due_date is not None and each.due_date < filters.due_before]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.assignee_id is not None:
        records = [each for each in records if filters.assignee_id in each.assignee_ids]
    return Page(records, cursor=pagination.link_header(raw))


def read_task(r: types.TasksIssue, raw: Raw) -> Task:
    """Read a unified Task from an Issue of Gitea."""
    repository = r.repository or types.RepositoryMeta()
    milestone = r.milestone or types.TasksMilestone()
    user = r.user or types.TasksUser()
    values: TaskValues = {
        "id": responses.required(
            f"{repository.owner}/{repository.name}#{r.number}"
            if repository.owner is not None and repository.name is not None and r.number is not None
            else None,
            "id",
            "Gitea",
        ),
        "title": r.title,
        "description": r.body,
        "status": STATUS_READ.get(r.state),
        "status_label": None,
        "priority": None,
        "priority_label": None,
        "type": None,
        "project_id": f"{repository.owner}/{repository.name}"
        if repository.owner is not None and repository.name is not None
        else None,
        "parent_id": None,
        "column_id": None,
        "sprint_id": str(milestone.id) if milestone.id is not None else None,
        "assignee_ids": [each.login for each in r.assignees or () if each.login is not None],
        "creator_id": user.login,
        "requester_id": None,
        "labels": [each.name for each in r.labels or () if each.name is not None],
        "start_date": None,
        "due_date": date_in_datetime.decode(r.due_date) if r.due_date is not None else None,
        "recurring": None,
        "completed_at": datetimes.decode(r.closed_at) if r.closed_at is not None else None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
        "url": r.html_url,
    }
    return make_task(values, raw)


def _is_task(r: types.TasksIssue) -> bool:
    return not r.pull_request


def _may_change_task(r: types.TasksIssue2) -> bool:
    return not r.pull_request
