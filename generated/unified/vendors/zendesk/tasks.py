"""Zendesk tasks, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import choices, current_values, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import date_in_datetime, datetimes
from unified_runtime.adapter_api.query import zendesk
from unified_runtime.core.custom_field_location import CustomFieldLocation, ListedCustomFields, WrittenCustomFields
from . import types
from ...models.tasks import Task, TaskCreate, TaskFilters, TaskUpdate, TaskValues

SHOW_TICKET = Endpoint("ShowTicket", "GET", "/api/v2/tickets/{ticket_id}", Retry.SAFE)
DELETE_TICKET = Endpoint("DeleteTicket", "DELETE", "/api/v2/tickets/{ticket_id}", Retry.IDEMPOTENT)
CREATE_TICKET = Endpoint("CreateTicket", "POST", "/api/v2/tickets", Retry.KEYED)
LIST_CUSTOM_STATUSES = Endpoint("ListCustomStatuses", "GET", "/api/v2/custom_statuses", Retry.SAFE)
UPDATE_TICKET = Endpoint("UpdateTicket", "PUT", "/api/v2/tickets/{ticket_id}", Retry.IDEMPOTENT)
EXPORT_SEARCH_RESULTS = Endpoint("ExportSearchResults", "GET", "/api/v2/search/export", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "open": "open",
    "new": "open",
    "pending": "in_progress",
    "hold": "in_progress",
    "solved": "done",
    "closed": "done",
}
PRIORITY_READ: dict[Any, Literal["low", "medium", "high", "urgent"]] = {
    "low": "low",
    "normal": "medium",
    "high": "high",
    "urgent": "urgent",
}
make_task = record_factory(
    Task, "zendesk", absent=("parent_id", "column_id", "sprint_id", "start_date", "recurring", "completed_at")
)
CREATE_UNSUPPORTED = {
    "type": "Zendesk tickets are created as tasks, the only type with a due date; set another type in `extra`",
    "parent_id": "Zendesk links incidents to problems, but tickets have no parent",
    "column_id": "Zendesk tickets do not have columns or sprints",
    "sprint_id": "Zendesk tickets do not have columns or sprints",
    "start_date": "Zendesk tickets have no start date",
}
STATUS_WRITE: dict[Any, Any] = {"open": "open", "in_progress": "pending", "done": "solved"}
STATUS_UNSUPPORTED = {
    "status.canceled": "Zendesk has no canceled status; tickets are solved or deleted",
    "status.in_progress": "Zendesk has the statuses pending and on hold, and pending may notify the customer; set one of them in `extra`",
}
PRIORITY_WRITE: dict[Any, Any] = {"low": "low", "medium": "normal", "high": "high", "urgent": "urgent"}
UPDATE_UNSUPPORTED = {
    "add_assignee_ids": "Zendesk tickets have one assignee; set `assignee_ids`",
    "remove_assignee_ids": "Zendesk tickets have one assignee; set `assignee_ids`",
    "append_description": "Zendesk stores the description as the first comment, which cannot be changed; use `comments.create`",
    "overwrite": "Zendesk stores the description as the first comment, which cannot be changed; use `comments.create`",
    "description": "Zendesk stores the description as the first comment, which cannot be changed; use `comments.create`",
    "type": "Zendesk tickets are created as tasks, the only type with a due date; set another type in `extra`",
    "parent_id": "Zendesk links incidents to problems, but tickets have no parent",
    "column_id": "Zendesk tickets do not have columns or sprints",
    "sprint_id": "Zendesk tickets do not have columns or sprints",
    "start_date": "Zendesk tickets have no start date",
}
UPDATE_NEVER_CLEARED = ("title", "status", "priority", "project_id", "assignee_ids", "requester_id")
UPDATE_TICKET_SENDS = frozenset(
    ("assignee_ids", "due_date", "labels", "priority", "project_id", "requester_id", "status", "status_name", "title")
)
LIST_UNSUPPORTED = {"parent_id": "", "sort": "Zendesk returns complete searches in order of creation"}
STATUS_WORDS: dict[Any, tuple[str, ...]] = {
    "open": ("open", "new"),
    "in_progress": ("pending", "hold"),
    "done": ("solved", "closed"),
}
UNASSIGNED_WRITE: dict[Any, Any] = {True: "none", False: "*"}
PRIORITY_WORDS: dict[Any, tuple[str, ...]] = {
    "low": ("low",),
    "medium": ("normal",),
    "high": ("high",),
    "urgent": ("urgent",),
}

FIELDS: dict[str, str] = {
    "ticket_id": "id",
    "requester.email": "requester_email",
    "subject": "title",
    "comment.body": "description",
    "status": "status",
    "priority": "priority",
    "group_id": "project_id",
    "assignee_id": "assignee_ids",
    "requester_id": "requester_id",
    "tags": "labels",
    "due_at": "due_date",
    "requester": "requester_email",
    "comment": "description",
    "email": "requester_email",
    "body": "description",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(
    path=("ticket", "custom_fields"),
    pattern="\\d+",
    listed=ListedCustomFields(("custom_fields",), ("id",), (("value",),)),
    written=WrittenCustomFields(key="id", value="value", integer_keys=True),
)
"""Location of custom fields in records."""

REPEATABLE: tuple[str, ...] = ("delete", "create", "update")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Task]:
    """Read a task: GET /api/v2/tickets/{ticket_id}."""
    response, raw = yield from fetch(
        SHOW_TICKET, path=(input_validation.integer_id(id, "id", "Zendesk"),), schema=types.TicketResponse
    )
    record = responses.required(response.ticket, "ticket", "Zendesk")
    return read_task(ctx, record, raw.at("ticket"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a task: DELETE /api/v2/tickets/{ticket_id}."""
    yield from call(DELETE_TICKET, path=(input_validation.integer_id(id, "id", "Zendesk"),))


def create(ctx: Context, task: TaskCreate) -> Steps[Task]:
    """Create a task.

    One of:
        POST /api/v2/tickets
        POST /api/v2/tickets
    """
    input_validation.reject_unsupported(task, CREATE_UNSUPPORTED, "Zendesk")
    input_validation.reject_values(
        "status",
        task.status,
        {
            "in_progress": "Zendesk has the statuses pending and on hold, and pending may notify the customer; set one of them in `extra`"
        },
        "Zendesk",
    )
    if task.description is not None:
        ticket: dict[str, Any] = {"subject": task.title, "comment": {"body": task.description}}
        if task.requester_email is not None:
            ticket["requester"] = {"email": task.requester_email}
        if task.status is not None:
            ticket["status"] = input_validation.enum_value(
                STATUS_WRITE, task.status, "status", "Zendesk", STATUS_UNSUPPORTED
            )
        if task.priority is not None:
            ticket["priority"] = PRIORITY_WRITE[task.priority]
        if task.project_id is not None:
            ticket["group_id"] = input_validation.integer_id(task.project_id, "project_id", "Zendesk")
        if task.assignee_ids:
            ticket["assignee_id"] = input_validation.integer_id(
                input_validation.only(task.assignee_ids, "assignee_ids", "Zendesk"), "assignee_ids", "Zendesk"
            )
        if task.requester_id is not None:
            ticket["requester_id"] = input_validation.integer_id(task.requester_id, "requester_id", "Zendesk")
        if task.labels is not None:
            ticket["tags"] = [
                input_validation.bounded(each, "labels", "Zendesk", min_length=1, pattern="^[^\\s!-,.;-@\\[-^`{-~]+$")
                for each in task.labels
            ]
        if task.due_date is not None:
            ticket["due_at"] = date_in_datetime.encode(task.due_date)
        body: dict[str, Any] = {"ticket": ticket}
        body = input_validation.merge(body, ctx.extra, "Zendesk")
        body = input_validation.default(body, {"ticket": {"type": "task"}})
        response, raw = yield from fetch(
            CREATE_TICKET, headers={"Idempotency-Key": ctx.key_as("uuid")}, json=body, schema=types.TicketResponse
        )
        record = responses.required(response.ticket, "ticket", "Zendesk")
        return read_task(ctx, record, raw.at("ticket"))
    ticket_2: dict[str, Any] = {"comment": {"body": task.title}, "subject": task.title}
    if task.requester_email is not None:
        ticket_2["requester"] = {"email": task.requester_email}
    if task.status is not None:
        ticket_2["status"] = input_validation.enum_value(
            STATUS_WRITE, task.status, "status", "Zendesk", STATUS_UNSUPPORTED
        )
    if task.priority is not None:
        ticket_2["priority"] = PRIORITY_WRITE[task.priority]
    if task.project_id is not None:
        ticket_2["group_id"] = input_validation.integer_id(task.project_id, "project_id", "Zendesk")
    if task.assignee_ids:
        ticket_2["assignee_id"] = input_validation.integer_id(
            input_validation.only(task.assignee_ids, "assignee_ids", "Zendesk"), "assignee_ids", "Zendesk"
        )
    if task.requester_id is not None:
        ticket_2["requester_id"] = input_validation.integer_id(task.requester_id, "requester_id", "Zendesk")
    if task.labels is not None:
        ticket_2["tags"] = [
            input_validation.bounded(each, "labels", "Zendesk", min_length=1, pattern="^[^\\s!-,.;-@\\[-^`{-~]+$")
            for each in task.labels
        ]
    if task.due_date is not None:
        ticket_2["due_at"] = date_in_datetime.encode(task.due_date)
    body_2: dict[str, Any] = {"ticket": ticket_2}
    body_2 = input_validation.merge(body_2, ctx.extra, "Zendesk")
    body_2 = input_validation.default(body_2, {"ticket": {"type": "task"}})
    response_2, raw = yield from fetch(
        CREATE_TICKET, headers={"Idempotency-Key": ctx.key_as("uuid")}, json=body_2, schema=types.TicketResponse
    )
    record = responses.required(response_2.ticket, "ticket", "Zendesk")
    return read_task(ctx, record, raw.at("ticket"))


def update(ctx: Context, id: str, task: TaskUpdate) -> Steps[Task]:
    """Change a task.

    In turn:
        GET /api/v2/tickets/{ticket_id}
        GET /api/v2/custom_statuses, if needed
        PUT /api/v2/tickets/{ticket_id}, if needed
    """
    input_validation.reject_unsupported(task, UPDATE_UNSUPPORTED, "Zendesk", clears=True)
    input_validation.reject_values(
        "status",
        task.status,
        {
            "in_progress": "Zendesk has the statuses pending and on hold, and pending may notify the customer; set one of them in `extra`"
        },
        "Zendesk",
    )
    given = input_validation.changes(task, ctx.extra, "Zendesk")
    input_validation.reject_clearing(task, given, UPDATE_NEVER_CLEARED, "Zendesk")
    state: types.TasksCustomStatusObject | None = None
    found: tuple[types.TicketObject, Raw] | None = None
    before_response = yield from call(
        SHOW_TICKET,
        path=(input_validation.integer_id(id, "id", "Zendesk"),),
        schema=types.TasksTicketResponse,
        save_as="before",
    )
    before = before_response.ticket or types.TasksTicketObject()
    task = current_values.complete_list(
        task,
        "labels",
        before.tags,
        "Zendesk",
        [each.value for each in before.custom_fields or () if each.value is not None],
    )
    given = task.model_fields_set
    if task.status_name is not None:
        state_response = yield from call(
            LIST_CUSTOM_STATUSES, query={"active": True}, schema=types.TasksCustomStatusesResponse, save_as="state"
        )
        state = choices.choose(
            state_response.custom_statuses,
            lambda each: each.active is True,
            lambda each: each.agent_label,
            "state",
            "this account has no status with this name",
            named=task.status_name,
        )
    if given & UPDATE_TICKET_SENDS or ctx.extra:
        ticket: dict[str, Any] = {}
        if state is not None and state.id is not None:
            ticket["custom_status_id"] = state.id
        if task.title is not None:
            ticket["subject"] = task.title
        if task.status is not None:
            ticket["status"] = input_validation.enum_value(
                STATUS_WRITE, task.status, "status", "Zendesk", STATUS_UNSUPPORTED
            )
        if task.priority is not None:
            ticket["priority"] = PRIORITY_WRITE[task.priority]
        if task.project_id is not None:
            ticket["group_id"] = input_validation.integer_id(task.project_id, "project_id", "Zendesk")
        if task.assignee_ids:
            ticket["assignee_id"] = input_validation.integer_id(
                input_validation.only(task.assignee_ids, "assignee_ids", "Zendesk"), "assignee_ids", "Zendesk"
            )
        if task.requester_id is not None:
            ticket["requester_id"] = input_validation.integer_id(task.requester_id, "requester_id", "Zendesk")
        if "labels" in given:
            ticket["tags"] = (
                []
                if task.labels is None
                else [
                    input_validation.bounded(
                        each, "labels", "Zendesk", min_length=1, pattern="^[^\\s!-,.;-@\\[-^`{-~]+$"
                    )
                    for each in task.labels
                ]
            )
        if "due_date" in given:
            ticket["due_at"] = None if task.due_date is None else date_in_datetime.encode(task.due_date)
        body: dict[str, Any] = {}
        if ticket:
            body["ticket"] = ticket
        body = input_validation.merge(body, ctx.extra, "Zendesk")
        response, raw = yield from fetch(
            UPDATE_TICKET,
            path=(input_validation.integer_id(id, "id", "Zendesk"),),
            json=body,
            schema=types.TasksTicketUpdateResponse,
        )
        found = responses.required(response.ticket, "ticket", "Zendesk"), raw.at("ticket")
    record, raw = responses.last_response(found, "Zendesk")
    return read_task(ctx, record, raw)


def list_(ctx: Context, filters: TaskFilters) -> Steps[Page[Task]]:
    """List tasks: GET /api/v2/search/export."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Zendesk")
    clauses = ["created>=1970-01-01"]
    if filters.text is not None:
        clauses.append(f"{zendesk.contains(filters.text)}")
    if filters.project_id is not None:
        clauses.append(f"group:{zendesk.text(filters.project_id)}")
    if filters.status is not None:
        clauses.append(
            f"status:{zendesk.among(input_validation.enum_value(STATUS_WORDS, filters.status, 'status', 'Zendesk', STATUS_UNSUPPORTED), 'status:')}"
        )
    if filters.assignee_id is not None:
        clauses.append(f"assignee:{zendesk.text(filters.assignee_id)}")
    if filters.unassigned is not None:
        clauses.append(f"assignee:{UNASSIGNED_WRITE[filters.unassigned]}")
    if filters.updated_after is not None:
        clauses.append(f"updated>={zendesk.date_time(filters.updated_after)}")
    if filters.created_after is not None:
        clauses.append(f"created>={zendesk.date_time(filters.created_after)}")
    if filters.due_after is not None:
        clauses.append(f"due_date>={zendesk.date(filters.due_after)}")
    if filters.due_before is not None:
        clauses.append(f"due_date<{zendesk.date(filters.due_before)}")
    if filters.label is not None:
        clauses.append(f"tags:{zendesk.text(filters.label)}")
    if filters.priority is not None:
        clauses.append(
            f"priority:{zendesk.among(input_validation.enum_value(PRIORITY_WORDS, filters.priority, 'priority', 'Zendesk'), 'priority:')}"
        )
    if filters.type is not None:
        clauses.append(f"ticket_type:{zendesk.text(filters.type)}")
    query: dict[str, Any] = {
        "filter[type]": "ticket",
        "query": " ".join(clauses),
        "page[size]": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["page[after]"] = ctx.cursor
    response, raw = yield from fetch(EXPORT_SEARCH_RESULTS, query=query, schema=types.SearchExportResponse)
    items = response.results or []
    records = [read_task(ctx, each, raw.at("results", index)) for index, each in enumerate(items)]
    if filters.assignee_id is not None:
        records = [each for each in records if filters.assignee_id in each.assignee_ids]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_ids) == filters.unassigned]
    meta = response.meta or types.SearchExportResponseMeta()
    return Page(records, cursor=pagination.token(meta.after_cursor) if meta.has_more else None)


def read_task(ctx: Context, r: types.TicketObject, raw: Raw) -> Task:
    """Read a unified Task from a TicketObject of Zendesk."""
    values: TaskValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Zendesk"),
        "title": r.subject,
        "description": r.description,
        "status": STATUS_READ.get(r.status),
        "status_label": r.status,
        "priority": PRIORITY_READ.get(r.priority),
        "priority_label": r.priority,
        "type": r.type,
        "project_id": str(r.group_id) if r.group_id is not None else None,
        "parent_id": None,
        "column_id": None,
        "sprint_id": None,
        "assignee_ids": [str(r.assignee_id)] if r.assignee_id is not None else [],
        "creator_id": str(r.submitter_id) if r.submitter_id is not None else None,
        "requester_id": str(r.requester_id) if r.requester_id is not None else None,
        "labels": r.tags or [],
        "start_date": None,
        "due_date": date_in_datetime.decode(r.due_at) if r.due_at is not None else None,
        "recurring": None,
        "completed_at": None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
        "url": f"https://{ctx.connection['subdomain']}.zendesk.com/agent/tickets/{r.id}" if r.id is not None else None,
    }
    return make_task(values, raw)
