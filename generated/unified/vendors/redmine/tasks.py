"""Redmine tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_openapi.requests import styles
from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import choices, current_values, input_validation, pagination, reconciliation, responses
from unified_runtime.adapter_api.codecs import dates, datetimes
from unified_runtime.adapter_api.query import redmine
from unified_runtime.core.custom_field_location import CustomFieldLocation, ListedCustomFields, WrittenCustomFields
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

GET_ISSUE = Endpoint("getIssue", "GET", "/issues/{issue_id}.{format}", Retry.SAFE)
DELETE_ISSUE = Endpoint("deleteIssue", "DELETE", "/issues/{issue_id}.{format}", Retry.IDEMPOTENT)
GET_ISSUE_PRIORITIES = Endpoint("getIssuePriorities", "GET", "/enumerations/issue_priorities.{format}", Retry.SAFE)
GET_TRACKERS = Endpoint("getTrackers", "GET", "/trackers.{format}", Retry.SAFE)
CREATE_ISSUE = Endpoint("createIssue", "POST", "/issues.{format}", Retry.NEVER)
GET_ISSUES = Endpoint("getIssues", "GET", "/issues.{format}", Retry.SAFE, query={"include": styles.COMMAS})
UPDATE_ISSUE = Endpoint("updateIssue", "PUT", "/issues/{issue_id}.{format}", Retry.IDEMPOTENT)

PRIORITY_READ: dict[Any, Literal["low", "medium", "high", "urgent"]] = {
    "Low": "low",
    "Niedrig": "low",
    "Bas": "low",
    "Baja": "low",
    "Bassa": "low",
    "Laag": "low",
    "Baixa": "low",
    "Normal": "medium",
    "Normale": "medium",
    "Normaal": "medium",
    "High": "high",
    "Hoch": "high",
    "Haut": "high",
    "Alta": "high",
    "Hoog": "high",
    "Urgent": "urgent",
    "Immediate": "urgent",
    "Dringend": "urgent",
    "Sofort": "urgent",
    "Immédiat": "urgent",
    "Urgente": "urgent",
    "Inmediata": "urgent",
    "Immediata": "urgent",
    "Onmiddellijk": "urgent",
    "Imediata": "urgent",
}
make_task = record_factory(Task, "redmine", absent=("column_id", "requester_id", "labels", "recurring"))
CREATE_UNSUPPORTED = {
    "requester_email": "Redmine issues have an author and no separate requester",
    "status": "Redmine issues always start in the first status of their workflow; use `update` to change it",
    "column_id": "Redmine projects have no columns",
    "requester_id": "Redmine issues have an author and no separate requester",
    "labels": "Redmine issues have no labels without a plugin",
}
UPDATE_UNSUPPORTED = {
    "add_labels": "Redmine issues have no labels without a plugin",
    "remove_labels": "Redmine issues have no labels without a plugin",
    "add_assignee_ids": "Redmine issues have one assignee; set `assignee_ids`",
    "remove_assignee_ids": "Redmine issues have one assignee; set `assignee_ids`",
    "column_id": "Redmine projects have no columns",
    "requester_id": "Redmine issues have an author and no separate requester",
    "labels": "Redmine issues have no labels without a plugin",
}
UPDATE_NEVER_CLEARED = ("title", "status", "priority", "type", "project_id")
UPDATE_ISSUE_SENDS = frozenset(
    (
        "assignee_ids",
        "description",
        "due_date",
        "parent_id",
        "priority",
        "project_id",
        "sprint_id",
        "start_date",
        "status",
        "status_name",
        "title",
        "type",
    )
)
LIST_UNSUPPORTED = {"label": "Redmine issues have no labels without a plugin"}
STATUS_WRITE: dict[Any, Any] = {"open": "open", "in_progress": "open", "done": "closed", "canceled": "closed"}
SORT_WRITE: dict[Any, Any] = {
    "created": "created_on",
    "created_desc": "created_on:desc",
    "updated": "updated_on",
    "updated_desc": "updated_on:desc",
    "due": "due_date",
    "due_desc": "due_date:desc",
    "priority": "priority:desc",
}

FIELDS: dict[str, str] = {
    "issue_id": "id",
    "issue.subject": "title",
    "issue.description": "description",
    "issue.project_id": "project_id",
    "issue.parent_issue_id": "parent_id",
    "issue.fixed_version_id": "sprint_id",
    "issue.assigned_to_id": "assignee_ids",
    "issue.start_date": "start_date",
    "issue.due_date": "due_date",
    "project_id": "project_id",
    "assigned_to_id": "assignee_id",
    "status_id": "status",
    "sort": "sort",
    "subject": "title",
    "description": "description",
    "parent_issue_id": "parent_id",
    "fixed_version_id": "sprint_id",
    "start_date": "start_date",
    "due_date": "due_date",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(
    path=("issue", "custom_fields"),
    pattern="\\d+",
    listed=ListedCustomFields(("custom_fields",), ("id",), (("value",),)),
    as_text=True,
    written=WrittenCustomFields(key="id", value="value", integer_keys=True, booleans=("0", "1")),
)
"""Location of custom fields in records."""

REPEATABLE: tuple[str, ...] = ("delete", "update")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /issues/{issue_id}.{format}."""
    response, raw = yield from fetch(
        GET_ISSUE, path=(input_validation.integer_id(id, "id", "Redmine"), "json"), schema=types.TasksGetIssueResponse
    )
    record = responses.required(response.issue, "issue", "Redmine")
    return read_task(ctx, record, raw.at("issue"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: DELETE /issues/{issue_id}.{format}."""
    yield from call(DELETE_ISSUE, path=(input_validation.integer_id(id, "id", "Redmine"), "json"))


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    In turn:
        GET /enumerations/issue_priorities.{format}, if needed
        GET /trackers.{format}, if needed
        POST /issues.{format}
        GET /issues/{issue_id}.{format}
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "Redmine")
    project_id = input_validation.require("project_id", task.project_id, "Redmine")
    level: types.IssuePriority | None = None
    tracker: types.Tracker | None = None
    if task.priority is not None:
        level_response = yield from call(
            GET_ISSUE_PRIORITIES, path=("json",), schema=types.LevelResponse, save_as="level"
        )
        level = responses.found(
            responses.first(
                level_response.issue_priorities, lambda each: PRIORITY_READ.get(each.name) == task.priority, "level"
            ),
            f"this Redmine has no priority for {task.priority}",
            "InvalidInput",
        )
    if task.type is not None:
        tracker_response = yield from call(
            GET_TRACKERS, path=("json",), schema=types.TrackerResponse, save_as="tracker"
        )
        tracker = responses.found(
            responses.first(tracker_response.trackers, lambda each: each.name == task.type, "tracker"),
            f"this Redmine has no tracker named {task.type}",
            "InvalidInput",
        )
    issue: dict[str, Any] = {
        "subject": input_validation.bounded(task.title, "title", "Redmine", min_length=1, max_length=255),
        "project_id": project_id,
    }
    if level is not None and level.id is not None:
        issue["priority_id"] = level.id
    if tracker is not None and tracker.id is not None:
        issue["tracker_id"] = tracker.id
    if task.description is not None:
        issue["description"] = task.description
    if task.parent_id is not None:
        issue["parent_issue_id"] = input_validation.integer_id(task.parent_id, "parent_id", "Redmine")
    if task.sprint_id is not None:
        issue["fixed_version_id"] = input_validation.integer_id(task.sprint_id, "sprint_id", "Redmine")
    if task.assignee_ids:
        issue["assigned_to_id"] = input_validation.integer_id(
            input_validation.only(task.assignee_ids, "assignee_ids", "Redmine"), "assignee_ids", "Redmine"
        )
    if task.start_date is not None:
        issue["start_date"] = dates.encode(task.start_date)
    if task.due_date is not None:
        issue["due_date"] = dates.encode(task.due_date)
    body: dict[str, Any] = {"issue": issue}
    body = input_validation.merge(body, ctx.extra, "Redmine")

    def look() -> Steps[reconciliation.Found]:
        query: dict[str, Any] = {
            "project_id": project_id,
            "author_id": "me",
            "status_id": "*",
            "sort": "id:desc",
            "limit": 100,
        }
        return (yield from reconciliation.look_up(GET_ISSUES, path=("json",), query=query))

    created = yield from reconciliation.send_once(
        call(CREATE_ISSUE, path=("json",), json=body, schema=types.CreatedResponse, save_as="created"),
        look,
        schema=types.CreatedResponse,
        items=("issues",),
        where=((("subject",), task.title), (("description",), task.description)),
        created_at=("created_on",),
        response_record=("issue",),
        id=lambda created: ((created.issue or types.IssueSummary()).id,),
        visible_within=5,
        executes_within=60,
        pagination=("offset", "offset", 0, 100),
        by_account=True,
    )
    yield CreatedRecord((created.issue or types.IssueSummary()).id)
    response, raw = yield from fetch(
        GET_ISSUE, path=((created.issue or types.IssueSummary()).id, "json"), schema=types.TasksGetIssueResponse
    )
    record = responses.required(response.issue, "issue", "Redmine")
    return read_task(ctx, record, raw.at("issue"))


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /issues/{issue_id}.{format}, if needed
        GET /issues/{issue_id}.{format}, if needed
        GET /enumerations/issue_priorities.{format}, if needed
        GET /trackers.{format}, if needed
        PUT /issues/{issue_id}.{format}, if needed
        GET /issues/{issue_id}.{format}
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "Redmine", clears=True)
    given = input_validation.changes(task, ctx.extra, "Redmine")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "Redmine")
    before: types.TasksIssue2 | None = None
    state: types.TasksIssueStatusSummary2 | None = None
    level: types.IssuePriority | None = None
    tracker: types.Tracker | None = None
    if task.status is not None or task.status_name is not None or task.append_description is not None:
        before_response = yield from call(
            GET_ISSUE,
            path=(input_validation.integer_id(id, "id", "Redmine"), "json"),
            schema=types.BeforeResponse,
            save_as="before",
        )
        before = before_response.issue or types.TasksIssue2()
        task = current_values.text(task, "description", (before or types.TasksIssue2()).description, "Redmine")
        given = task.model_fields_set
    if task.status is not None or task.status_name is not None:
        state_response = yield from call(
            GET_ISSUE,
            path=(input_validation.integer_id(id, "id", "Redmine"), "json"),
            query={"include": "allowed_statuses"},
            schema=types.StateResponse,
            save_as="state",
        )
        issue = state_response.issue or types.TasksIssue3()
        state = choices.choose(
            issue.allowed_statuses,
            lambda each: task.status is None or _read_status(each.name, each.is_closed) == task.status,
            lambda each: each.name,
            "state",
            "the Redmine workflow does not allow you to set this status",
            named=task.status_name,
            present=((before or types.TasksIssue2()).status or types.TasksIssueStatusSummary()).name,
            usual=("In Progress", "New", "Closed", "Resolved"),
        )
    if task.priority is not None:
        level_response = yield from call(
            GET_ISSUE_PRIORITIES, path=("json",), schema=types.LevelResponse, save_as="level"
        )
        level = responses.found(
            responses.first(
                level_response.issue_priorities, lambda each: PRIORITY_READ.get(each.name) == task.priority, "level"
            ),
            f"this Redmine has no priority for {task.priority}",
            "Conflict",
        )
    if task.type is not None:
        tracker_response = yield from call(
            GET_TRACKERS, path=("json",), schema=types.TrackerResponse, save_as="tracker"
        )
        tracker = responses.found(
            responses.first(tracker_response.trackers, lambda each: each.name == task.type, "tracker"),
            f"this Redmine has no tracker named {task.type}",
            "Conflict",
        )
    if given & UPDATE_ISSUE_SENDS or ctx.extra:
        issue_2: dict[str, Any] = {}
        if state is not None and state.id is not None:
            issue_2["status_id"] = state.id
        if level is not None and level.id is not None:
            issue_2["priority_id"] = level.id
        if tracker is not None and tracker.id is not None:
            issue_2["tracker_id"] = tracker.id
        if task.title is not None:
            issue_2["subject"] = input_validation.bounded(task.title, "title", "Redmine", min_length=1, max_length=255)
        if "description" in given:
            issue_2["description"] = task.description
        if task.project_id is not None:
            issue_2["project_id"] = task.project_id
        if "parent_id" in given:
            issue_2["parent_issue_id"] = (
                None if task.parent_id is None else input_validation.integer_id(task.parent_id, "parent_id", "Redmine")
            )
        if "sprint_id" in given:
            issue_2["fixed_version_id"] = (
                None if task.sprint_id is None else input_validation.integer_id(task.sprint_id, "sprint_id", "Redmine")
            )
        if "assignee_ids" in given:
            issue_2["assigned_to_id"] = (
                ""
                if not task.assignee_ids
                else input_validation.integer_id(
                    input_validation.only(task.assignee_ids, "assignee_ids", "Redmine"), "assignee_ids", "Redmine"
                )
            )
        if "start_date" in given:
            issue_2["start_date"] = None if task.start_date is None else dates.encode(task.start_date)
        if "due_date" in given:
            issue_2["due_date"] = None if task.due_date is None else dates.encode(task.due_date)
        body: dict[str, Any] = {}
        if issue_2:
            body["issue"] = issue_2
        body = input_validation.merge(body, ctx.extra, "Redmine")
        yield from call(UPDATE_ISSUE, path=(input_validation.integer_id(id, "id", "Redmine"), "json"), json=body)
    response, raw = yield from fetch(
        GET_ISSUE, path=(input_validation.integer_id(id, "id", "Redmine"), "json"), schema=types.TasksGetIssueResponse
    )
    record = responses.required(response.issue, "issue", "Redmine")
    return read_task(ctx, record, raw.at("issue"))


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks: GET /issues.{format}."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Redmine")
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {
        "status_id": STATUS_WRITE[filters.status] if filters.status is not None else "*",
        "sort": SORT_WRITE[filters.sort] if filters.sort is not None else "id:desc",
        "subproject_id": "!*",
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if filters.project_id is not None:
        query["project_id"] = filters.project_id
    if filters.assignee_id is not None:
        query["assigned_to_id"] = filters.assignee_id
    if filters.updated_after is not None:
        query["updated_on"] = f">={redmine.date_time(filters.updated_after)}"
    if filters.text is not None:
        query["any_searchable"] = f"~{redmine.text(filters.text)}"
    query["offset"] = start
    query = input_validation.merge(query, ctx.extra, "Redmine")
    response, raw = yield from fetch(GET_ISSUES, path=("json",), query=query, schema=types.GetIssuesResponse)
    items = response.issues or []
    records = [read_task(ctx, each, raw.at("issues", index)) for index, each in enumerate(items)]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
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
    if filters.type is not None:
        records = [each for each in records if each.type == filters.type]
    if filters.parent_id is not None:
        records = [each for each in records if each.parent_id == filters.parent_id]
    return Page(
        records,
        cursor=pagination.after_offset(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=response.total_count
        ),
    )


def _read_status(name: Any, is_closed: Any) -> Literal["open", "in_progress", "done", "canceled"] | None:
    if (
        name in ("Rejected", "Abgewiesen", "Rejeté", "Rechazada", "Rifiutato", "Afgewezen", "Rejeitada")
        and is_closed is True
    ):
        return "canceled"
    if (
        name
        in ("In Progress", "In Bearbeitung", "En cours", "En curso", "In lavorazione", "In uitvoering", "Em andamento")
        and is_closed is False
    ):
        return "in_progress"
    if is_closed is True:
        return "done"
    if is_closed is False:
        return "open"
    return None


def read_task(ctx: Context, r: types.TasksIssue, raw: Raw) -> Task:
    """Read a unified Task from an issue of Redmine."""
    status = r.status or types.IssueStatusSummary()
    priority = r.priority or types.TasksIdName()
    tracker = r.tracker or types.TasksIdName()
    project = r.project or types.IdName()
    parent = r.parent or types.IssueParent()
    fixed_version = r.fixed_version or types.IdName()
    assigned_to = r.assigned_to or types.IdName()
    author = r.author or types.IdName()
    values: TaskValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "title": r.subject,
        "description": r.description,
        "status": _read_status(status.name, status.is_closed),
        "status_label": status.name,
        "priority": PRIORITY_READ.get(priority.name),
        "priority_label": priority.name,
        "type": tracker.name,
        "project_id": str(project.id) if project.id is not None else None,
        "parent_id": str(parent.id) if parent.id is not None else None,
        "column_id": None,
        "sprint_id": str(fixed_version.id) if fixed_version.id is not None else None,
        "assignee_ids": [str(assigned_to.id)] if assigned_to.id is not None else [],
        "creator_id": str(author.id) if author.id is not None else None,
        "requester_id": None,
        "labels": [],
        "start_date": dates.decode(r.start_date) if r.start_date is not None else None,
        "due_date": dates.decode(r.due_date) if r.due_date is not None else None,
        "recurring": None,
        "completed_at": datetimes.decode(r.closed_on) if r.closed_on is not None else None,
        "created_at": datetimes.decode(r.created_on) if r.created_on is not None else None,
        "updated_at": datetimes.decode(r.updated_on) if r.updated_on is not None else None,
        "url": f"{ctx.connection['url']}/issues/{r.id}" if r.id is not None else None,
    }
    return make_task(values, raw)
