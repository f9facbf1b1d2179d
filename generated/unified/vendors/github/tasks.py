"""GitHub tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import (
    current_values,
    dropped_fields,
    input_validation,
    local_order,
    pagination,
    reconciliation,
    responses,
)
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.adapter_api.query import github
from unified_runtime.core.custom_field_location import CustomFieldLocation, ListedCustomFields, WrittenCustomFields
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

ISSUES_GET = Endpoint("issues/get", "GET", "/repos/{owner}/{repo}/issues/{issue_number}", Retry.SAFE)
ISSUES_CREATE = Endpoint("issues/create", "POST", "/repos/{owner}/{repo}/issues", Retry.NEVER)
ISSUES_LIST_FOR_REPO = Endpoint("issues/list-for-repo", "GET", "/repos/{owner}/{repo}/issues", Retry.SAFE)
ISSUES_ADD_SUB_ISSUE = Endpoint(
    "issues/add-sub-issue", "POST", "/repos/{owner}/{repo}/issues/{issue_number}/sub_issues", Retry.NEVER
)
ISSUES_UPDATE = Endpoint("issues/update", "PATCH", "/repos/{owner}/{repo}/issues/{issue_number}", Retry.NEVER)
ISSUES_LIST_SUB_ISSUES = Endpoint(
    "issues/list-sub-issues", "GET", "/repos/{owner}/{repo}/issues/{issue_number}/sub_issues", Retry.SAFE
)
SEARCH_ISSUES_AND_PULL_REQUESTS = Endpoint("search/issues-and-pull-requests", "GET", "/search/issues", Retry.SAFE)
ISSUES_LIST = Endpoint("issues/list", "GET", "/issues", Retry.SAFE)

PATTERN_REPOS_OWNER_REPO = re.compile(".*/repos/(?P<owner>[^/]+)/(?P<repo>[^/]+)")
PATTERN_REPOS_OWNER_REPO_ISSUES_ISSUE_NUMBER = re.compile(
    ".*/repos/(?P<owner>[^/]+)/(?P<repo>[^/]+)/issues/(?P<issue_number>[^/]+)"
)
make_task = record_factory(
    Task,
    "github",
    absent=("priority", "priority_label", "column_id", "requester_id", "start_date", "due_date", "recurring"),
)
PATTERN_OWNER_REPO_ISSUE_NUMBER = re.compile("([^/]+)/([^\\#]+)\\#(.+)")
CREATE_UNSUPPORTED = {
    "requester_email": "GitHub issues have an author and no separate requester",
    "priority": "GitHub organizations add issue fields for it, each with its own number; read them in `raw`, set them with `extra`",
    "column_id": "board columns of GitHub belong to organization projects, which are not in its REST API",
    "requester_id": "GitHub issues have an author and no separate requester",
    "start_date": "GitHub organizations add issue fields for it, each with its own number; read them in `raw`, set them with `extra`",
    "due_date": "GitHub issues have no due date; read issue fields that an organization has added in `raw`, or use the due date of a milestone",
}
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")
STATUS_WRITE: dict[Any, dict[str, Any]] = {
    "open": {"state": "open"},
    "done": {"state": "closed", "state_reason": "completed"},
    "canceled": {"state": "closed", "state_reason": "not_planned"},
}
STATUS_UNSUPPORTED = {"status.in_progress": "GitHub issues are open or closed; use labels or boards for progress"}
UPDATE_UNSUPPORTED = {
    "status_name": "statuses have no custom names; set `status`",
    "priority": "GitHub organizations add issue fields for it, each with its own number; read them in `raw`, set them with `extra`",
    "project_id": "the GitHub REST API cannot move issues to another repository; transfer the issue on GitHub",
    "column_id": "board columns of GitHub belong to organization projects, which are not in its REST API",
    "requester_id": "GitHub issues have an author and no separate requester",
    "start_date": "GitHub organizations add issue fields for it, each with its own number; read them in `raw`, set them with `extra`",
    "due_date": "GitHub issues have no due date; read issue fields that an organization has added in `raw`, or use the due date of a milestone",
}
UPDATE_NEVER_CLEARED = ("title", "status", "parent_id")
ISSUES_UPDATE_SENDS = frozenset(("assignee_ids", "description", "labels", "sprint_id", "status", "title", "type"))
LIST_UNSUPPORTED = {
    "due_after": "GitHub issues have no due date",
    "due_before": "GitHub issues have no due date",
    "priority": "",
}
SORT_WRITE: dict[Any, Any] = {
    "created": "created",
    "created_desc": "created",
    "updated": "updated",
    "updated_desc": "updated",
}
SORT_UNSUPPORTED = {
    "sort.due": "GitHub issues have no due date",
    "sort.due_desc": "GitHub issues have no due date",
    "sort.priority": "GitHub issues have no priority",
}
ORDER_WRITE: dict[Any, Any] = {
    "created": "asc",
    "created_desc": "desc",
    "updated": "asc",
    "updated_desc": "desc",
    "due": "asc",
    "due_desc": "desc",
    "priority": "desc",
}
UNASSIGNED_WRITE: dict[Any, Any] = {True: "no:assignee", False: "-no:assignee"}
STATUS_WRITE_2: dict[Any, Any] = {"open": "open", "done": "closed", "canceled": "closed"}
UNASSIGNED_WRITE_2: dict[Any, Any] = {True: "none", False: "*"}
DIRECTION_WRITE: dict[Any, Any] = {
    "created": "asc",
    "created_desc": "desc",
    "updated": "asc",
    "updated_desc": "desc",
    "due": "asc",
    "due_desc": "desc",
    "priority": "desc",
}

FIELDS: dict[str, str] = {
    "title": "title",
    "body": "description",
    "type": "type",
    "milestone": "sprint_id",
    "assignees": "assignee_ids",
    "labels": "labels",
    "state": "status",
    "state_reason": "status",
    "sort": "sort",
    "order": "sort",
    "assignee": "unassigned",
    "since": "updated_after",
    "direction": "sort",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"delete": "the GitHub REST API cannot delete issues; set `status` to `canceled`"}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(
    path=("issue_field_values",),
    pattern="\\d+",
    listed=ListedCustomFields(
        ("issue_field_values",),
        ("issue_field_id",),
        (("multi_select_options", "[]", "name"), ("single_select_option", "name"), ("value",)),
    ),
    written=WrittenCustomFields(key="field_id", value="value", integer_keys=True),
)
"""Location of custom fields in records."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /repos/{owner}/{repo}/issues/{issue_number}."""
    owner, repo, issue_number = input_validation.parts(PATTERN_OWNER_REPO_ISSUE_NUMBER, id, "id")
    response, raw = yield from fetch(
        ISSUES_GET,
        path=(owner, repo, input_validation.integer_id(issue_number, "id", "GitHub")),
        schema=types.TasksIssue,
    )
    if not _is_task(response):
        raise responses.wrong_resource("Task", "GitHub")
    return read_task(response, raw)


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        POST /repos/{owner}/{repo}/issues
        POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues, if needed
        PATCH /repos/{owner}/{repo}/issues/{issue_number}, if needed
        GET /repos/{owner}/{repo}/issues/{issue_number}, if needed
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "GitHub")
    input_validation.reject_values(
        "status",
        task.status,
        {"in_progress": "GitHub issues are open or closed; use labels or boards for progress"},
        "GitHub",
    )
    project_id = input_validation.require("project_id", task.project_id, "GitHub")
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, project_id, "project_id")
    owner_2, repo_2, issue_number = input_validation.optional_parts(
        PATTERN_OWNER_REPO_ISSUE_NUMBER, task.parent_id, "parent_id"
    )
    found: tuple[types.TasksIssue, Raw] | None = None
    body: dict[str, Any] = {"title": task.title}
    if task.description is not None:
        body["body"] = task.description
    if task.type is not None:
        body["type"] = task.type
    if task.sprint_id is not None:
        body["milestone"] = task.sprint_id
    if task.assignee_ids is not None:
        body["assignees"] = task.assignee_ids
    if task.labels is not None:
        body["labels"] = task.labels
    body = input_validation.merge(body, ctx.extra, "GitHub")

    def look() -> Steps[reconciliation.Found]:
        query: dict[str, Any] = {"state": "all", "sort": "created", "direction": "desc", "per_page": 100}
        return (yield from reconciliation.look_up(ISSUES_LIST_FOR_REPO, path=(owner, repo), query=query))

    response, raw = yield from reconciliation.send_once(
        fetch(ISSUES_CREATE, path=(owner, repo), json=body, schema=types.TasksIssue, save_as="created"),
        look,
        schema=types.TasksIssue,
        raw=True,
        items=(),
        where=((("title",), task.title), (("body",), task.description)),
        created_at=("created_at",),
        id=lambda created: (owner, "/", repo, "#", created.number),
        executes_within=10,
        pagination=("link", "", ("page", "after", "before"), 100),
    )
    created = response
    yield CreatedRecord(owner, "/", repo, "#", created.number)
    found = response, raw
    if task.parent_id is not None:
        body_2: dict[str, Any] = {}
        if created.id is not None:
            body_2["sub_issue_id"] = created.id
        yield from call(
            ISSUES_ADD_SUB_ISSUE,
            path=(owner_2, repo_2, input_validation.integer_id(issue_number, "parent_id", "GitHub")),
            json=body_2,
        )
    if task.status is not None and task.status != "open":
        body_3: dict[str, Any] = {}
        body_3.update(input_validation.enum_value(STATUS_WRITE, task.status, "status", "GitHub", STATUS_UNSUPPORTED))
        response_2, raw = yield from fetch(
            ISSUES_UPDATE, path=(owner, repo, created.number), json=body_3, schema=types.TasksIssue
        )
        found = response_2, raw
    if task.parent_id is not None:
        response_3, raw = yield from fetch(ISSUES_GET, path=(owner, repo, created.number), schema=types.TasksIssue)
        found = response_3, raw
    record, raw = responses.last_response(found, "GitHub")
    if not _is_task(record):
        raise responses.wrong_resource("Task", "GitHub")
    return dropped_fields.check(read_task(record, raw), task, ("labels", "assignee_ids", "type"), "GitHub")


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /repos/{owner}/{repo}/issues/{issue_number}
        POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues, if needed
        PATCH /repos/{owner}/{repo}/issues/{issue_number}, if needed
        GET /repos/{owner}/{repo}/issues/{issue_number}, if needed
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "GitHub", clears=True)
    input_validation.reject_values(
        "status",
        task.status,
        {"in_progress": "GitHub issues are open or closed; use labels or boards for progress"},
        "GitHub",
    )
    given = input_validation.changes(task, ctx.extra, "GitHub")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "GitHub")
    owner, repo, issue_number = input_validation.parts(PATTERN_OWNER_REPO_ISSUE_NUMBER, id, "id")
    owner_2, repo_2, issue_number_2 = input_validation.optional_parts(
        PATTERN_OWNER_REPO_ISSUE_NUMBER, task.parent_id, "parent_id"
    )
    found: tuple[types.TasksIssue, Raw] | None = None
    issue = yield from call(
        ISSUES_GET,
        path=(owner, repo, input_validation.integer_id(issue_number, "id", "GitHub")),
        schema=types.TasksIssue2,
        save_as="issue",
    )
    responses.check_resource(issue, _may_change_task, "Task", "GitHub")
    task = current_values.complete_list(
        task, "labels", [each.name for each in issue.labels or () if each.name is not None], "GitHub"
    )
    task = current_values.complete_list(
        task, "assignee_ids", [each.login for each in issue.assignees or () if each.login is not None], "GitHub"
    )
    task = current_values.text(task, "description", issue.body, "GitHub")
    given = task.model_fields_set
    if task.parent_id is not None:
        body: dict[str, Any] = {"replace_parent": True}
        if issue.id is not None:
            body["sub_issue_id"] = issue.id
        yield from call(
            ISSUES_ADD_SUB_ISSUE,
            path=(owner_2, repo_2, input_validation.integer_id(issue_number_2, "parent_id", "GitHub")),
            json=body,
        )
    if given & ISSUES_UPDATE_SENDS or ctx.extra:
        body_2: dict[str, Any] = {}
        if task.title is not None:
            body_2["title"] = task.title
        if "description" in given:
            body_2["body"] = task.description
        if "type" in given:
            body_2["type"] = task.type
        if "sprint_id" in given:
            body_2["milestone"] = task.sprint_id
        if "assignee_ids" in given:
            body_2["assignees"] = [] if task.assignee_ids is None else task.assignee_ids
        if "labels" in given:
            body_2["labels"] = [] if task.labels is None else task.labels
        if task.status is not None:
            body_2.update(
                input_validation.enum_value(STATUS_WRITE, task.status, "status", "GitHub", STATUS_UNSUPPORTED)
            )
        body_2 = input_validation.merge(body_2, ctx.extra, "GitHub")
        response, raw = yield from fetch(
            ISSUES_UPDATE,
            path=(owner, repo, input_validation.integer_id(issue_number, "id", "GitHub")),
            json=body_2,
            schema=types.TasksIssue,
        )
        found = response, raw
    if task.parent_id is not None:
        response_2, raw = yield from fetch(
            ISSUES_GET,
            path=(owner, repo, input_validation.integer_id(issue_number, "id", "GitHub")),
            schema=types.TasksIssue,
        )
        found = response_2, raw
    record, raw = responses.last_response(found, "GitHub")
    if not _is_task(record):
        raise responses.wrong_resource("Task", "GitHub")
    return dropped_fields.check(read_task(record, raw), task, ("labels", "assignee_ids", "type"), "GitHub")


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks.

    One of:
        GET /repos/{owner}/{repo}/issues/{issue_number}/sub_issues
        GET /search/issues
        GET /search/issues
        GET /repos/{owner}/{repo}/issues
        GET /repos/{owner}/{repo}/issues
        GET /issues
    """
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "GitHub")
    owner, repo, issue_number = input_validation.optional_parts(
        PATTERN_OWNER_REPO_ISSUE_NUMBER, filters.parent_id, "parent_id"
    )
    owner_2, repo_2 = input_validation.optional_parts(PATTERN_OWNER_REPO, filters.project_id, "project_id")
    if filters.parent_id is not None:
        response, raw = yield from fetch(
            ISSUES_LIST_SUB_ISSUES,
            path=(owner, repo, input_validation.integer_id(issue_number, "parent_id", "GitHub")),
            query={"per_page": 100},
            schema=list[types.TasksIssue],
        )
        records = [read_task(each, raw.at(index)) for index, each in enumerate(response) if _is_task(each)]
        if filters.sort is not None:
            records = local_order.ordered(
                records,
                filters.sort,
                {
                    "due": "GitHub issues have no due date",
                    "due_desc": "GitHub issues have no due date",
                    "priority": "GitHub issues have no priority",
                },
            )
        if filters.project_id is not None:
            records = [each for each in records if each.project_id == filters.project_id]
        if filters.assignee_id is not None:
            records = [each for each in records if filters.assignee_id in each.assignee_ids]
        if filters.unassigned is not None:
            records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
        if filters.status is not None:
            records = [each for each in records if each.status == filters.status]
        if filters.updated_after is not None:
            records = [
                each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after
            ]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        if filters.label is not None:
            records = [each for each in records if filters.label in each.labels]
        if filters.type is not None:
            records = [each for each in records if each.type == filters.type]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.title or ''} {each.description or ''}".casefold()]
        return Page(records)
    if filters.text is not None and filters.project_id is not None:
        clauses = [
            "is:issue",
            f"{github.contains(filters.text)} in:title,body",
            f"repo:{github.text(filters.project_id)}",
        ]
        if filters.assignee_id is not None:
            clauses.append(f"assignee:{github.text(filters.assignee_id)}")
        if filters.unassigned is not None:
            clauses.append(f"{UNASSIGNED_WRITE[filters.unassigned]}")
        if filters.updated_after is not None:
            clauses.append(f"updated:>={github.date_time(filters.updated_after)}")
        if filters.status is not None:
            clauses.append(
                f"state:{github.text(input_validation.enum_value(STATUS_WRITE_2, filters.status, 'status', 'GitHub', STATUS_UNSUPPORTED))}"
            )
        query_2: dict[str, Any] = {
            "q": " ".join(clauses),
            "per_page": input_validation.page_size_within(ctx.limit, 100, ctx.cursor, 1000),
        }
        if filters.sort is not None:
            query_2["sort"] = input_validation.enum_value(SORT_WRITE, filters.sort, "sort", "GitHub", SORT_UNSUPPORTED)
        if filters.sort is not None:
            query_2["order"] = ORDER_WRITE[filters.sort]
        pagination.check_within(ctx.cursor, 1000, "GitHub")
        response_2, raw = yield from fetch(
            SEARCH_ISSUES_AND_PULL_REQUESTS,
            query=pagination.page_query(query_2, ctx.cursor, "per_page"),
            url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
            schema=types.SearchIssuesAndPullRequestsResponse,
        )
        responses.check_not_partial(response_2.incomplete_results, "GitHub")
        items = response_2.items or []
        records = [read_task(each, raw.at("items", index)) for index, each in enumerate(items) if _is_task(each)]
        if filters.status is not None:
            records = [each for each in records if each.status == filters.status]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        if filters.label is not None:
            records = [each for each in records if filters.label in each.labels]
        if filters.type is not None:
            records = [each for each in records if each.type == filters.type]
        return Page(records, cursor=pagination.truncated(pagination.link_header(raw), response_2.total_count, 1000))
    if filters.text is not None:
        clauses_2 = ["is:issue", "involves:@me", f"{github.contains(filters.text)} in:title,body"]
        if filters.assignee_id is not None:
            clauses_2.append(f"assignee:{github.text(filters.assignee_id)}")
        if filters.unassigned is not None:
            clauses_2.append(f"{UNASSIGNED_WRITE[filters.unassigned]}")
        if filters.updated_after is not None:
            clauses_2.append(f"updated:>={github.date_time(filters.updated_after)}")
        if filters.status is not None:
            clauses_2.append(
                f"state:{github.text(input_validation.enum_value(STATUS_WRITE_2, filters.status, 'status', 'GitHub', STATUS_UNSUPPORTED))}"
            )
        query_3: dict[str, Any] = {
            "q": " ".join(clauses_2),
            "per_page": input_validation.page_size_within(ctx.limit, 100, ctx.cursor, 1000),
        }
        if filters.sort is not None:
            query_3["sort"] = input_validation.enum_value(SORT_WRITE, filters.sort, "sort", "GitHub", SORT_UNSUPPORTED)
        if filters.sort is not None:
            query_3["order"] = ORDER_WRITE[filters.sort]
        pagination.check_within(ctx.cursor, 1000, "GitHub")
        response_3, raw = yield from fetch(
            SEARCH_ISSUES_AND_PULL_REQUESTS,
            query=pagination.page_query(query_3, ctx.cursor, "per_page"),
            url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
            schema=types.SearchIssuesAndPullRequestsResponse,
        )
        responses.check_not_partial(response_3.incomplete_results, "GitHub")
        items_2 = response_3.items or []
        records = [read_task(each, raw.at("items", index)) for index, each in enumerate(items_2) if _is_task(each)]
        if filters.status is not None:
            records = [each for each in records if each.status == filters.status]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        if filters.label is not None:
            records = [each for each in records if filters.label in each.labels]
        if filters.type is not None:
            records = [each for each in records if each.type == filters.type]
        return Page(records, cursor=pagination.truncated(pagination.link_header(raw), response_3.total_count, 1000))
    if filters.project_id is not None and filters.unassigned is not None:
        query_4: dict[str, Any] = {
            "assignee": UNASSIGNED_WRITE_2[filters.unassigned],
            "state": input_validation.enum_value(STATUS_WRITE_2, filters.status, "status", "GitHub", STATUS_UNSUPPORTED)
            if filters.status is not None
            else "all",
            "per_page": input_validation.page_size(ctx.limit, 100),
        }
        if filters.updated_after is not None:
            query_4["since"] = datetimes.encode(filters.updated_after)
        if filters.sort is not None:
            query_4["sort"] = input_validation.enum_value(SORT_WRITE, filters.sort, "sort", "GitHub", SORT_UNSUPPORTED)
        if filters.sort is not None:
            query_4["direction"] = DIRECTION_WRITE[filters.sort]
        response_4, raw = yield from fetch(
            ISSUES_LIST_FOR_REPO,
            path=(owner_2, repo_2),
            query=pagination.page_query(query_4, ctx.cursor, "per_page"),
            url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
            schema=list[types.TasksIssue],
        )
        records = [read_task(each, raw.at(index)) for index, each in enumerate(response_4) if _is_task(each)]
        if filters.assignee_id is not None:
            records = [each for each in records if filters.assignee_id in each.assignee_ids]
        if filters.status is not None:
            records = [each for each in records if each.status == filters.status]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        if filters.label is not None:
            records = [each for each in records if filters.label in each.labels]
        if filters.type is not None:
            records = [each for each in records if each.type == filters.type]
        return Page(records, cursor=pagination.link_header(raw))
    if filters.project_id is not None:
        query_5: dict[str, Any] = {
            "state": input_validation.enum_value(STATUS_WRITE_2, filters.status, "status", "GitHub", STATUS_UNSUPPORTED)
            if filters.status is not None
            else "all",
            "per_page": input_validation.page_size(ctx.limit, 100),
        }
        if filters.assignee_id is not None:
            query_5["assignee"] = filters.assignee_id
        if filters.updated_after is not None:
            query_5["since"] = datetimes.encode(filters.updated_after)
        if filters.sort is not None:
            query_5["sort"] = input_validation.enum_value(SORT_WRITE, filters.sort, "sort", "GitHub", SORT_UNSUPPORTED)
        if filters.sort is not None:
            query_5["direction"] = DIRECTION_WRITE[filters.sort]
        response_5, raw = yield from fetch(
            ISSUES_LIST_FOR_REPO,
            path=(owner_2, repo_2),
            query=pagination.page_query(query_5, ctx.cursor, "per_page"),
            url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
            schema=list[types.TasksIssue],
        )
        records = [read_task(each, raw.at(index)) for index, each in enumerate(response_5) if _is_task(each)]
        if filters.status is not None:
            records = [each for each in records if each.status == filters.status]
        if filters.created_after is not None:
            records = [
                each for each in records if each.created_at is not None and each.created_at >= filters.created_after
            ]
        if filters.label is not None:
            records = [each for each in records if filters.label in each.labels]
        if filters.type is not None:
            records = [each for each in records if each.type == filters.type]
        return Page(records, cursor=pagination.link_header(raw))
    query_6: dict[str, Any] = {
        "state": input_validation.enum_value(STATUS_WRITE_2, filters.status, "status", "GitHub", STATUS_UNSUPPORTED)
        if filters.status is not None
        else "all",
        "filter": "all",
        "per_page": input_validation.page_size(ctx.limit, 100),
    }
    if filters.updated_after is not None:
        query_6["since"] = datetimes.encode(filters.updated_after)
    if filters.sort is not None:
        query_6["sort"] = input_validation.enum_value(SORT_WRITE, filters.sort, "sort", "GitHub", SORT_UNSUPPORTED)
    if filters.sort is not None:
        query_6["direction"] = DIRECTION_WRITE[filters.sort]
    response_6, raw = yield from fetch(
        ISSUES_LIST,
        query=pagination.page_query(query_6, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.TasksIssue],
    )
    records = [read_task(each, raw.at(index)) for index, each in enumerate(response_6) if _is_task(each)]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    if filters.assignee_id is not None:
        records = [each for each in records if filters.assignee_id in each.assignee_ids]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    if filters.label is not None:
        records = [each for each in records if filters.label in each.labels]
    if filters.type is not None:
        records = [each for each in records if each.type == filters.type]
    return Page(records, cursor=pagination.link_header(raw))


def _read_status(state: Any, state_reason: Any) -> Literal["open", "in_progress", "done", "canceled"] | None:
    if state == "open":
        return "open"
    if state == "closed" and state_reason in ("completed", "reopened", None):
        return "done"
    if state == "closed" and state_reason in ("not_planned", "duplicate"):
        return "canceled"
    return None


def read_task(r: types.TasksIssue, raw: Raw) -> Task:
    """Read a unified Task from an issue of GitHub."""
    owner_repo = PATTERN_REPOS_OWNER_REPO.fullmatch(r.repository_url or "")
    type_ = r.type or types.TasksIssueType()
    owner_repo_2 = PATTERN_REPOS_OWNER_REPO.fullmatch(r.repository_url or "")
    owner_repo_issue_number = PATTERN_REPOS_OWNER_REPO_ISSUES_ISSUE_NUMBER.fullmatch(r.parent_issue_url or "")
    milestone = r.milestone or types.NullableMilestone()
    user = r.user or types.NullableSimpleUser()
    values: TaskValues = {
        "id": responses.required(
            f"{(owner_repo and owner_repo['owner'])}/{(owner_repo and owner_repo['repo'])}#{r.number}"
            if (owner_repo and owner_repo["owner"]) is not None
            and (owner_repo and owner_repo["repo"]) is not None
            and r.number is not None
            else None,
            "id",
            "GitHub",
        ),
        "title": r.title,
        "description": r.body,
        "status": _read_status(r.state, r.state_reason),
        "status_label": r.state,
        "priority": None,
        "priority_label": None,
        "type": type_.name,
        "project_id": f"{(owner_repo_2 and owner_repo_2['owner'])}/{(owner_repo_2 and owner_repo_2['repo'])}"
        if (owner_repo_2 and owner_repo_2["owner"]) is not None and (owner_repo_2 and owner_repo_2["repo"]) is not None
        else None,
        "parent_id": f"{(owner_repo_issue_number and owner_repo_issue_number['owner'])}/{(owner_repo_issue_number and owner_repo_issue_number['repo'])}#{(owner_repo_issue_number and owner_repo_issue_number['issue_number'])}"
        if (owner_repo_issue_number and owner_repo_issue_number["owner"]) is not None
        and (owner_repo_issue_number and owner_repo_issue_number["repo"]) is not None
        and (owner_repo_issue_number and owner_repo_issue_number["issue_number"]) is not None
        else None,
        "column_id": None,
        "sprint_id": str(milestone.number) if milestone.number is not None else None,
        "assignee_ids": [each.login for each in r.assignees or () if each.login is not None],
        "creator_id": user.login,
        "requester_id": None,
        "labels": [each.name for each in r.labels or () if each.name is not None],
        "start_date": None,
        "due_date": None,
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
