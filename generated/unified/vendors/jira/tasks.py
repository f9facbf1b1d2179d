"""Jira tasks, compiled from its mapping. Written by `gen build`; do not edit."""

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
from unified_runtime.adapter_api import (
    choices,
    current_values,
    extra_objects,
    input_validation,
    pagination,
    reconciliation,
    request_sequences,
    responses,
)
from unified_runtime.adapter_api.codecs import adf, dates, datetimes
from unified_runtime.adapter_api.query import jql
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import batches, types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

GET_ISSUE = Endpoint(
    "getIssue", "GET", "/rest/api/3/issue/{issueIdOrKey}", Retry.SAFE, batch=batches.BULK_FETCH_ISSUES_SAFE
)
DELETE_ISSUE = Endpoint("deleteIssue", "DELETE", "/rest/api/3/issue/{issueIdOrKey}", Retry.IDEMPOTENT)
CREATE_ISSUE = Endpoint("createIssue", "POST", "/rest/api/3/issue", Retry.NEVER, batch=batches.CREATE_ISSUES_NEVER)
GET_CREATE_ISSUE_META_ISSUE_TYPES = Endpoint(
    "getCreateIssueMetaIssueTypes", "GET", "/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes", Retry.SAFE
)
SEARCH_AND_RECONSILE_ISSUES_USING_JQL = Endpoint(
    "searchAndReconsileIssuesUsingJql", "GET", "/rest/api/3/search/jql", Retry.SAFE
)
GET_TRANSITIONS = Endpoint("getTransitions", "GET", "/rest/api/3/issue/{issueIdOrKey}/transitions", Retry.SAFE)
DO_TRANSITION = Endpoint("doTransition", "POST", "/rest/api/3/issue/{issueIdOrKey}/transitions", Retry.NEVER)
EDIT_ISSUE = Endpoint("editIssue", "PUT", "/rest/api/3/issue/{issueIdOrKey}", Retry.IDEMPOTENT)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "new": "open",
    "undefined": "open",
    "indeterminate": "in_progress",
    "done": "done",
}
PRIORITY_READ: dict[Any, Literal["low", "medium", "high", "urgent"]] = {
    "Low": "low",
    "Lowest": "low",
    "Medium": "medium",
    "High": "high",
    "Highest": "urgent",
}
make_task = record_factory(
    Task,
    "jira",
    absent=("column_id", "sprint_id", "start_date", "recurring"),
    lazy={"description": LazyField(adf.decode, "fields.description")},
)
SELECT = "summary,description,status,priority,issuetype,project,parent,assignee,creator,reporter,labels,duedate,resolutiondate,created,updated"
CREATE_UNSUPPORTED = {
    "requester_email": "Jira identifies customers by id; find the id with `users.list`",
    "status": "Jira issues start in the first status of their workflow; use `update` to change it",
    "column_id": "columns of Jira boards are statuses; set `status_name`",
    "sprint_id": "Jira stores the sprint in a custom field whose number differs between sites; use `custom_fields`",
    "start_date": "Jira stores the start date in a custom field whose number differs between sites; read it in `raw`, set it with `extra`",
}
PRIORITY_WRITE: dict[Any, Any] = {"low": "Low", "medium": "Medium", "high": "High", "urgent": "Highest"}
UPDATE_UNSUPPORTED = {
    "add_assignee_ids": "Jira issues have one assignee; set `assignee_ids`",
    "remove_assignee_ids": "Jira issues have one assignee; set `assignee_ids`",
    "project_id": "the Jira API cannot move issues to another project; move the issue in Jira",
    "column_id": "columns of Jira boards are statuses; set `status_name`",
    "sprint_id": "Jira stores the sprint in a custom field whose number differs between sites; use `custom_fields`",
    "start_date": "Jira stores the start date in a custom field whose number differs between sites; read it in `raw`, set it with `extra`",
}
UPDATE_NEVER_CLEARED = ("title", "status", "priority", "type", "parent_id")
EDIT_ISSUE_SENDS = frozenset(
    ("assignee_ids", "description", "due_date", "labels", "parent_id", "priority", "requester_id", "title", "type")
)
STATUS_WORDS: dict[Any, tuple[str, ...]] = {
    "open": ("new", "undefined"),
    "in_progress": ("indeterminate",),
    "done": ("done",),
}
STATUS_UNSUPPORTED = {"status.canceled": "Jira statuses are in one of three categories; none of them means canceled"}
UNASSIGNED_WRITE: dict[Any, Any] = {True: "EMPTY", False: "NOT EMPTY"}
PRIORITY_WORDS: dict[Any, tuple[str, ...]] = {
    "low": ("Low", "Lowest"),
    "medium": ("Medium",),
    "high": ("High",),
    "urgent": ("Highest",),
}
SORT_WRITE: dict[Any, Any] = {
    "created": "created ASC",
    "created_desc": "created DESC",
    "updated": "updated ASC",
    "updated_desc": "updated DESC",
    "due": "duedate ASC",
    "due_desc": "duedate DESC",
    "priority": "priority DESC",
}

FIELDS: dict[str, str] = {
    "issueIdOrKey": "id",
    "summary": "title",
    "description": "description",
    "priority.name": "priority",
    "issuetype.name": "type",
    "project.key": "project_id",
    "parent.key": "parent_id",
    "assignee.accountId": "assignee_ids",
    "reporter.accountId": "requester_id",
    "labels": "labels",
    "duedate": "due_date",
    "priority": "priority",
    "issuetype": "type",
    "project": "project_id",
    "parent": "parent_id",
    "assignee": "assignee_ids",
    "reporter": "requester_id",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(path=("fields",), pattern="customfield_\\d+")
"""Location of custom fields in records."""

BATCHES: dict[str, int] = {"create": 50}
"""Operations that can be batched, with the largest batch."""

MOVES = True
"""A moved record is returned under an id with another prefix."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /rest/api/3/issue/{issueIdOrKey}."""
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(id,),
        query={"fields": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.TasksIssueBean,
    )
    return read_task(ctx, response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: DELETE /rest/api/3/issue/{issueIdOrKey}."""
    yield from call(DELETE_ISSUE, path=(id,), query=ctx.extra or None)


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        POST /rest/api/3/issue
        GET /rest/api/3/issue/{issueIdOrKey}
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "Jira")
    project_id = input_validation.require("project_id", task.project_id, "Jira")
    fields: dict[str, Any] = {
        "summary": input_validation.bounded(task.title, "title", "Jira", min_length=1, max_length=255),
        "project": {"key": project_id},
    }
    if task.description is not None:
        fields["description"] = adf.encode(task.description)
    if task.priority is not None:
        fields["priority"] = {"name": PRIORITY_WRITE[task.priority]}
    if task.type is not None:
        fields["issuetype"] = {"name": task.type}
    if task.parent_id is not None:
        fields["parent"] = {"key": task.parent_id}
    if task.assignee_ids:
        fields["assignee"] = {
            "accountId": input_validation.at_most(
                input_validation.only(task.assignee_ids, "assignee_ids", "Jira"), 128, "assignee_ids", "Jira"
            )
        }
    if task.requester_id is not None:
        fields["reporter"] = {"accountId": input_validation.at_most(task.requester_id, 128, "requester_id", "Jira")}
    if task.labels is not None:
        fields["labels"] = [
            input_validation.bounded(each, "labels", "Jira", min_length=1, max_length=255, pattern="^\\S+$")
            for each in task.labels
        ]
    if task.due_date is not None:
        fields["duedate"] = dates.encode(task.due_date)
    body: dict[str, Any] = {"fields": fields}
    body = input_validation.merge(body, ctx.extra, "Jira")
    body = input_validation.default(body, {"fields": {"issuetype": {"name": "Task"}}})

    def look() -> Steps[reconciliation.Found]:
        clauses = [f"project = {jql.text(project_id)}"]
        return (
            yield from reconciliation.look_up(
                SEARCH_AND_RECONSILE_ISSUES_USING_JQL,
                query={
                    "fields": ["summary", "created"],
                    "maxResults": 100,
                    "jql": " AND ".join(clauses) + " AND creator = currentUser() ORDER BY created DESC",
                },
            )
        )

    created = yield from reconciliation.send_once(
        request_sequences.jira_issue_type(
            CREATE_ISSUE,
            json=body,
            schema=types.CreatedIssue,
            save_as="created",
            project=project_id,
            given=task.type,
            types=GET_CREATE_ISSUE_META_ISSUE_TYPES,
        ),
        look,
        schema=types.CreatedIssue,
        items=("issues",),
        where=((("fields", "summary"), task.title),),
        created_at=("fields", "created"),
        id=lambda created: (created.key,),
        pagination=("token", "nextPageToken", ("nextPageToken",), 100),
        by_account=True,
    )
    yield CreatedRecord(created.key)
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(created.key,),
        query={"fields": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.TasksIssueBean,
    )
    return read_task(ctx, response, raw)


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /rest/api/3/issue/{issueIdOrKey}, if needed
        GET /rest/api/3/issue/{issueIdOrKey}/transitions, if needed
        GET /rest/api/3/issue/{issueIdOrKey}, if needed
        POST /rest/api/3/issue/{issueIdOrKey}/transitions, if needed
        PUT /rest/api/3/issue/{issueIdOrKey}, if needed
        GET /rest/api/3/issue/{issueIdOrKey}
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "Jira", clears=True)
    input_validation.reject_values(
        "status",
        task.status,
        {"canceled": "Jira statuses are in one of three categories; none of them means canceled"},
        "Jira",
    )
    given = input_validation.changes(task, ctx.extra, "Jira")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "Jira")
    fields_extra: dict[str, Any] = {}
    reached: Any = None
    transition: types.IssueTransition | None = None
    present: types.TasksIssueFields3 | None = None
    if task.status is not None or task.status_name is not None:
        reached_response = yield from call(
            GET_ISSUE, path=(id,), query={"fields": ["status"]}, schema=types.TasksIssueBean2, save_as="reached"
        )
        fields = reached_response.fields or types.TasksIssueFields2()
        reached = responses.if_matching(
            fields.status,
            lambda each: (
                (task.status is None or STATUS_READ.get(responses.at(each, "statusCategory", "key")) == task.status)
                and (task.status_name is None or responses.at(each, "name") == task.status_name)
            ),
            "reached",
        )
    if (task.status is not None and responses.missing(reached)) or (
        task.status_name is not None and responses.missing(reached)
    ):
        transition_response = yield from call(
            GET_TRANSITIONS,
            path=(id,),
            query={"expand": "transitions.fields"},
            schema=types.Transitions,
            save_as="transition",
        )
        transition = choices.choose(
            transition_response.transitions,
            lambda each: (
                task.status is None
                or STATUS_READ.get(
                    ((each.to or types.TasksStatusDetails()).status_category or types.StatusCategory()).key
                )
                == task.status
            ),
            lambda each: (each.to or types.TasksStatusDetails()).name,
            "transition",
            "Jira has no transition from the present status to the requested one",
            named=task.status_name,
            usual=("Done", "Resolved", "Closed", "Complete", "Completed", "In Progress", "To Do", "Open", "Backlog"),
        )
        fields_extra, ctx = extra_objects.split(ctx, "fields", (transition or types.IssueTransition()).fields)
    if (
        task.add_labels is not None
        or task.remove_labels is not None
        or task.append_description is not None
        or task.description is not None
        or task.overwrite is not None
    ):
        present_response = yield from call(
            GET_ISSUE,
            path=(id,),
            query={"fields": ["labels", "description"]},
            schema=types.TasksIssueBean3,
            save_as="present",
        )
        present = present_response.fields or types.TasksIssueFields3()
        task = current_values.complete_list(task, "labels", (present or types.TasksIssueFields3()).labels, "Jira")
        task = current_values.text(
            task, "description", (present or types.TasksIssueFields3()).description, "Jira", adf.extend, adf.lost
        )
        given = task.model_fields_set
    if transition is not None:
        body: dict[str, Any] = {}
        if transition.id is not None:
            body["transition"] = {"id": transition.id}
        body = input_validation.merge(body, {"fields": fields_extra} if fields_extra else {}, "Jira")
        yield from call(DO_TRANSITION, path=(id,), json=body)
    if given & EDIT_ISSUE_SENDS or ctx.extra:
        fields_2: dict[str, Any] = {}
        if task.title is not None:
            fields_2["summary"] = input_validation.bounded(task.title, "title", "Jira", min_length=1, max_length=255)
        if "description" in given:
            fields_2["description"] = None if task.description is None else adf.encode(task.description)
        if task.priority is not None:
            fields_2["priority"] = {"name": PRIORITY_WRITE[task.priority]}
        if task.type is not None:
            fields_2["issuetype"] = {"name": task.type}
        if task.parent_id is not None:
            fields_2["parent"] = {"key": task.parent_id}
        if "assignee_ids" in given:
            fields_2["assignee"] = (
                None
                if not task.assignee_ids
                else {
                    "accountId": input_validation.at_most(
                        input_validation.only(task.assignee_ids, "assignee_ids", "Jira"), 128, "assignee_ids", "Jira"
                    )
                }
            )
        if "requester_id" in given:
            fields_2["reporter"] = (
                None
                if task.requester_id is None
                else {"accountId": input_validation.at_most(task.requester_id, 128, "requester_id", "Jira")}
            )
        if "labels" in given:
            fields_2["labels"] = (
                []
                if task.labels is None
                else [
                    input_validation.bounded(each, "labels", "Jira", min_length=1, max_length=255, pattern="^\\S+$")
                    for each in task.labels
                ]
            )
        if "due_date" in given:
            fields_2["duedate"] = None if task.due_date is None else dates.encode(task.due_date)
        body_2: dict[str, Any] = {}
        if fields_2:
            body_2["fields"] = fields_2
        body_2 = input_validation.merge(body_2, ctx.extra, "Jira")
        yield from call(EDIT_ISSUE, path=(id,), json=body_2)
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(id,),
        query={"fields": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.TasksIssueBean,
    )
    return read_task(ctx, response, raw)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks.

    One of:
        GET /rest/api/3/search/jql
        GET /rest/api/3/search/jql
    """
    if filters.sort is not None:
        clauses = ['created >= "1970-01-01"']
        if filters.project_id is not None:
            clauses.append(f"project = {jql.text(filters.project_id)}")
        if filters.status is not None:
            clauses.append(
                f"statusCategory in {jql.among(input_validation.enum_value(STATUS_WORDS, filters.status, 'status', 'Jira', STATUS_UNSUPPORTED))}"
            )
        if filters.assignee_id is not None:
            clauses.append(f"assignee = {jql.text(filters.assignee_id)}")
        if filters.unassigned is not None:
            clauses.append(f"assignee is {UNASSIGNED_WRITE[filters.unassigned]}")
        if filters.updated_after is not None:
            clauses.append(f"updated >= {jql.date_time(filters.updated_after)}")
        if filters.created_after is not None:
            clauses.append(f"created >= {jql.date_time(filters.created_after)}")
        if filters.due_after is not None:
            clauses.append(f"duedate >= {jql.date(filters.due_after)}")
        if filters.due_before is not None:
            clauses.append(f"duedate < {jql.date(filters.due_before)}")
        if filters.label is not None:
            clauses.append(f"labels = {jql.text(filters.label)}")
        if filters.priority is not None:
            clauses.append(
                f"priority in {jql.among(input_validation.enum_value(PRIORITY_WORDS, filters.priority, 'priority', 'Jira'))}"
            )
        if filters.type is not None:
            clauses.append(f"issuetype = {jql.text(filters.type)}")
        if filters.parent_id is not None:
            clauses.append(f"parent = {jql.text(filters.parent_id)}")
        if filters.text is not None:
            clauses.append(f"text ~ {jql.contains(filters.text)}")
        query: dict[str, Any] = {
            "jql": " AND ".join(clauses) + f" ORDER BY {SORT_WRITE[filters.sort]}",
            "fields": SELECT + input_validation.columns(ctx.custom_fields),
            "maxResults": input_validation.page_size(ctx.limit, 100),
        }
        if ctx.cursor is not None:
            query["nextPageToken"] = ctx.cursor
        query = input_validation.merge(query, ctx.extra, "Jira")
        response, raw = yield from fetch(
            SEARCH_AND_RECONSILE_ISSUES_USING_JQL, query=query, schema=types.SearchAndReconcileResults
        )
        items = response.issues or []
        records = [read_task(ctx, each, raw.at("issues", index)) for index, each in enumerate(items)]
        return Page(records, cursor=pagination.token(response.next_page_token))
    clauses_2 = ['created >= "1970-01-01"']
    if filters.project_id is not None:
        clauses_2.append(f"project = {jql.text(filters.project_id)}")
    if filters.status is not None:
        clauses_2.append(
            f"statusCategory in {jql.among(input_validation.enum_value(STATUS_WORDS, filters.status, 'status', 'Jira', STATUS_UNSUPPORTED))}"
        )
    if filters.assignee_id is not None:
        clauses_2.append(f"assignee = {jql.text(filters.assignee_id)}")
    if filters.unassigned is not None:
        clauses_2.append(f"assignee is {UNASSIGNED_WRITE[filters.unassigned]}")
    if filters.updated_after is not None:
        clauses_2.append(f"updated >= {jql.date_time(filters.updated_after)}")
    if filters.created_after is not None:
        clauses_2.append(f"created >= {jql.date_time(filters.created_after)}")
    if filters.due_after is not None:
        clauses_2.append(f"duedate >= {jql.date(filters.due_after)}")
    if filters.due_before is not None:
        clauses_2.append(f"duedate < {jql.date(filters.due_before)}")
    if filters.label is not None:
        clauses_2.append(f"labels = {jql.text(filters.label)}")
    if filters.priority is not None:
        clauses_2.append(
            f"priority in {jql.among(input_validation.enum_value(PRIORITY_WORDS, filters.priority, 'priority', 'Jira'))}"
        )
    if filters.type is not None:
        clauses_2.append(f"issuetype = {jql.text(filters.type)}")
    if filters.parent_id is not None:
        clauses_2.append(f"parent = {jql.text(filters.parent_id)}")
    if filters.text is not None:
        clauses_2.append(f"text ~ {jql.contains(filters.text)}")
    query_2: dict[str, Any] = {
        "jql": " AND ".join(clauses_2) + " ORDER BY created DESC",
        "fields": SELECT + input_validation.columns(ctx.custom_fields),
        "maxResults": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query_2["nextPageToken"] = ctx.cursor
    query_2 = input_validation.merge(query_2, ctx.extra, "Jira")
    response_2, raw = yield from fetch(
        SEARCH_AND_RECONSILE_ISSUES_USING_JQL, query=query_2, schema=types.SearchAndReconcileResults
    )
    items_2 = response_2.issues or []
    records = [read_task(ctx, each, raw.at("issues", index)) for index, each in enumerate(items_2)]
    return Page(records, cursor=pagination.token(response_2.next_page_token))


def read_task(ctx: Context, r: types.TasksIssueBean, raw: Raw) -> Task:
    """Read a unified Task from an IssueBean of Jira."""
    fields = r.fields or types.TasksIssueFields()
    status = fields.status or types.TasksStatusDetails()
    status_category = status.status_category or types.StatusCategory()
    priority = fields.priority or types.IssueFieldsPriority()
    issuetype = fields.issuetype or types.IssueFieldsIssuetype()
    project = fields.project or types.IssueFieldsProject()
    parent = fields.parent or types.IssueFieldsParent()
    assignee = fields.assignee or types.IssueFieldsAssignee()
    creator = fields.creator or types.IssueFieldsCreator()
    reporter = fields.reporter or types.IssueFieldsReporter()
    values: TaskValues = {
        "id": responses.required(r.key, "id", "Jira"),
        "title": fields.summary,
        "status": STATUS_READ.get(status_category.key),
        "status_label": status.name,
        "priority": PRIORITY_READ.get(priority.name),
        "priority_label": priority.name,
        "type": issuetype.name,
        "project_id": project.key,
        "parent_id": parent.key,
        "column_id": None,
        "sprint_id": None,
        "assignee_ids": [assignee.account_id] if assignee.account_id is not None else [],
        "creator_id": creator.account_id,
        "requester_id": reporter.account_id,
        "labels": fields.labels or [],
        "start_date": None,
        "due_date": dates.decode(fields.duedate) if fields.duedate is not None else None,
        "recurring": None,
        "completed_at": datetimes.decode(fields.resolutiondate) if fields.resolutiondate is not None else None,
        "created_at": datetimes.decode(fields.created) if fields.created is not None else None,
        "updated_at": datetimes.decode(fields.updated) if fields.updated is not None else None,
        "url": f"https://{ctx.connection['site']}.atlassian.net/browse/{r.key}" if r.key is not None else None,
    }
    return make_task(values, raw, fields.description)
