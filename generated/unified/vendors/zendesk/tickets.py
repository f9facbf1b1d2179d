"""Zendesk tickets, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import current_values, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.adapter_api.query import zendesk
from unified_runtime.core.custom_field_location import CustomFieldLocation, ListedCustomFields, WrittenCustomFields
from . import types
from ...models.tickets import Ticket, TicketCreate, TicketFilters, TicketUpdate, TicketValues

SHOW_TICKET = Endpoint("ShowTicket", "GET", "/api/v2/tickets/{ticket_id}", Retry.SAFE)
DELETE_TICKET = Endpoint("DeleteTicket", "DELETE", "/api/v2/tickets/{ticket_id}", Retry.IDEMPOTENT)
CREATE_TICKET = Endpoint("CreateTicket", "POST", "/api/v2/tickets", Retry.KEYED)
UPDATE_TICKET = Endpoint("UpdateTicket", "PUT", "/api/v2/tickets/{ticket_id}", Retry.IDEMPOTENT)
EXPORT_SEARCH_RESULTS = Endpoint("ExportSearchResults", "GET", "/api/v2/search/export", Retry.SAFE)

STATUS_READ: dict[Any, Literal["new", "open", "pending", "on_hold", "solved", "closed"]] = {
    "new": "new",
    "open": "open",
    "pending": "pending",
    "hold": "on_hold",
    "solved": "solved",
    "closed": "closed",
}
PRIORITY_READ: dict[Any, Literal["low", "normal", "high", "urgent"]] = {
    "low": "low",
    "normal": "normal",
    "high": "high",
    "urgent": "urgent",
}
make_ticket = record_factory(Ticket, "zendesk")
STATUS_WRITE: dict[Any, Any] = {
    "new": "new",
    "open": "open",
    "pending": "pending",
    "on_hold": "hold",
    "solved": "solved",
    "closed": "closed",
}
PRIORITY_WRITE: dict[Any, Any] = {"low": "low", "normal": "normal", "high": "high", "urgent": "urgent"}
UPDATE_UNSUPPORTED = {
    "description": "Zendesk stores the description as the first comment, which cannot be changed; use `ticket_replies.create`"
}
UPDATE_NEVER_CLEARED = ("subject", "status", "priority", "requester_id", "assignee_id", "team_id")
UPDATE_TICKET_SENDS = frozenset(("assignee_id", "priority", "requester_id", "status", "subject", "tags", "team_id"))
STATUS_WORDS: dict[Any, tuple[str, ...]] = {
    "new": ("new",),
    "open": ("open",),
    "pending": ("pending",),
    "on_hold": ("hold",),
    "solved": ("solved",),
    "closed": ("closed",),
}
STATUS_UNSUPPORTED = {"status.new": "Zendesk tickets that have been opened cannot be new again"}
UNASSIGNED_WRITE: dict[Any, Any] = {True: "none", False: "*"}
PRIORITY_WORDS: dict[Any, tuple[str, ...]] = {
    "low": ("low",),
    "normal": ("normal",),
    "high": ("high",),
    "urgent": ("urgent",),
}

FIELDS: dict[str, str] = {
    "ticket_id": "id",
    "requester.email": "requester_email",
    "subject": "subject",
    "comment.body": "description",
    "status": "status",
    "priority": "priority",
    "requester_id": "requester_id",
    "assignee_id": "assignee_id",
    "group_id": "team_id",
    "tags": "tags",
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


def get(ctx: Context, id: str) -> Steps[Ticket]:
    """Read a ticket: GET /api/v2/tickets/{ticket_id}."""
    response, raw = yield from fetch(
        SHOW_TICKET, path=(input_validation.integer_id(id, "id", "Zendesk"),), schema=types.TicketsTicketResponse
    )
    record = responses.required(response.ticket, "ticket", "Zendesk")
    return read_ticket(ctx, record, raw.at("ticket"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a ticket: DELETE /api/v2/tickets/{ticket_id}."""
    yield from call(DELETE_TICKET, path=(input_validation.integer_id(id, "id", "Zendesk"),))


def create(ctx: Context, ticket: TicketCreate) -> Steps[Ticket]:
    """Create a ticket for a customer: POST /api/v2/tickets."""
    ticket_2: dict[str, Any] = {"subject": ticket.subject, "comment": {"body": ticket.description}}
    if ticket.requester_email is not None:
        ticket_2["requester"] = {"email": ticket.requester_email}
    if ticket.status is not None:
        ticket_2["status"] = STATUS_WRITE[ticket.status]
    if ticket.priority is not None:
        ticket_2["priority"] = PRIORITY_WRITE[ticket.priority]
    if ticket.requester_id is not None:
        ticket_2["requester_id"] = input_validation.integer_id(ticket.requester_id, "requester_id", "Zendesk")
    if ticket.assignee_id is not None:
        ticket_2["assignee_id"] = input_validation.integer_id(ticket.assignee_id, "assignee_id", "Zendesk")
    if ticket.team_id is not None:
        ticket_2["group_id"] = input_validation.integer_id(ticket.team_id, "team_id", "Zendesk")
    if ticket.tags is not None:
        ticket_2["tags"] = [
            input_validation.bounded(each, "tags", "Zendesk", min_length=1, pattern="^[^\\s!-,.;-@\\[-^`{-~]+$")
            for each in ticket.tags
        ]
    body: dict[str, Any] = {"ticket": ticket_2}
    body = input_validation.merge(body, ctx.extra, "Zendesk")
    response, raw = yield from fetch(
        CREATE_TICKET, headers={"Idempotency-Key": ctx.key_as("uuid")}, json=body, schema=types.TicketsTicketResponse
    )
    record = responses.required(response.ticket, "ticket", "Zendesk")
    return read_ticket(ctx, record, raw.at("ticket"))


def update(ctx: Context, id: str, ticket: TicketUpdate) -> Steps[Ticket]:
    """Change a ticket.

    In turn:
        GET /api/v2/tickets/{ticket_id}
        PUT /api/v2/tickets/{ticket_id}, if needed
    """
    input_validation.reject_unsupported(ticket, UPDATE_UNSUPPORTED, "Zendesk", clears=True)
    input_validation.reject_values(
        "status", ticket.status, {"new": "Zendesk tickets that have been opened cannot be new again"}, "Zendesk"
    )
    given = input_validation.changes(ticket, ctx.extra, "Zendesk")
    input_validation.reject_clearing(ticket, given, UPDATE_NEVER_CLEARED, "Zendesk")
    found: tuple[types.TicketsTicketObject, Raw] | None = None
    before_response = yield from call(
        SHOW_TICKET,
        path=(input_validation.integer_id(id, "id", "Zendesk"),),
        schema=types.TicketsTicketResponse2,
        save_as="before",
    )
    before = before_response.ticket or types.TicketsTicketObject2()
    ticket = current_values.complete_list(
        ticket,
        "tags",
        before.tags,
        "Zendesk",
        [each.value for each in before.custom_fields or () if each.value is not None],
    )
    given = ticket.model_fields_set
    if given & UPDATE_TICKET_SENDS or ctx.extra:
        ticket_2: dict[str, Any] = {"safe_update": True}
        if before.updated_at is not None:
            ticket_2["updated_stamp"] = before.updated_at
        if ticket.subject is not None:
            ticket_2["subject"] = ticket.subject
        if ticket.status is not None:
            ticket_2["status"] = STATUS_WRITE[ticket.status]
        if ticket.priority is not None:
            ticket_2["priority"] = PRIORITY_WRITE[ticket.priority]
        if ticket.requester_id is not None:
            ticket_2["requester_id"] = input_validation.integer_id(ticket.requester_id, "requester_id", "Zendesk")
        if ticket.assignee_id is not None:
            ticket_2["assignee_id"] = input_validation.integer_id(ticket.assignee_id, "assignee_id", "Zendesk")
        if ticket.team_id is not None:
            ticket_2["group_id"] = input_validation.integer_id(ticket.team_id, "team_id", "Zendesk")
        if "tags" in given:
            ticket_2["tags"] = (
                []
                if ticket.tags is None
                else [
                    input_validation.bounded(each, "tags", "Zendesk", min_length=1, pattern="^[^\\s!-,.;-@\\[-^`{-~]+$")
                    for each in ticket.tags
                ]
            )
        body: dict[str, Any] = {"ticket": ticket_2}
        body = input_validation.merge(body, ctx.extra, "Zendesk")
        response, raw = yield from fetch(
            UPDATE_TICKET,
            path=(input_validation.integer_id(id, "id", "Zendesk"),),
            json=body,
            schema=types.TicketsTicketUpdateResponse,
        )
        found = responses.required(response.ticket, "ticket", "Zendesk"), raw.at("ticket")
    record, raw = responses.last_response(found, "Zendesk")
    return read_ticket(ctx, record, raw)


def list_(ctx: Context, filters: TicketFilters) -> Steps[Page[Ticket]]:
    """Find tickets: GET /api/v2/search/export."""
    clauses = ["created>=1970-01-01"]
    if filters.text is not None:
        clauses.append(f"{zendesk.contains(filters.text)}")
    if filters.team_id is not None:
        clauses.append(f"group:{zendesk.text(filters.team_id)}")
    if filters.status is not None:
        clauses.append(
            f"status:{zendesk.among(input_validation.enum_value(STATUS_WORDS, filters.status, 'status', 'Zendesk', STATUS_UNSUPPORTED), 'status:')}"
        )
    if filters.requester_id is not None:
        clauses.append(f"requester:{zendesk.text(filters.requester_id)}")
    if filters.assignee_id is not None:
        clauses.append(f"assignee:{zendesk.text(filters.assignee_id)}")
    if filters.unassigned is not None:
        clauses.append(f"assignee:{UNASSIGNED_WRITE[filters.unassigned]}")
    if filters.updated_after is not None:
        clauses.append(f"updated>={zendesk.date_time(filters.updated_after)}")
    if filters.created_after is not None:
        clauses.append(f"created>={zendesk.date_time(filters.created_after)}")
    if filters.tag is not None:
        clauses.append(f"tags:{zendesk.text(filters.tag)}")
    if filters.priority is not None:
        clauses.append(
            f"priority:{zendesk.among(input_validation.enum_value(PRIORITY_WORDS, filters.priority, 'priority', 'Zendesk'), 'priority:')}"
        )
    query: dict[str, Any] = {
        "filter[type]": "ticket",
        "query": " ".join(clauses),
        "page[size]": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["page[after]"] = ctx.cursor
    response, raw = yield from fetch(EXPORT_SEARCH_RESULTS, query=query, schema=types.TicketsSearchExportResponse)
    items = response.results or []
    records = [read_ticket(ctx, each, raw.at("results", index)) for index, each in enumerate(items)]
    if filters.assignee_id is not None:
        records = [each for each in records if each.assignee_id == filters.assignee_id]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_id) == filters.unassigned]
    meta = response.meta or types.SearchExportResponseMeta()
    return Page(records, cursor=pagination.token(meta.after_cursor) if meta.has_more else None)


def read_ticket(ctx: Context, r: types.TicketsTicketObject, raw: Raw) -> Ticket:
    """Read a unified Ticket from a TicketObject of Zendesk."""
    values: TicketValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Zendesk"),
        "subject": r.subject,
        "description": r.description,
        "status": STATUS_READ.get(r.status),
        "status_label": r.status,
        "priority": PRIORITY_READ.get(r.priority),
        "priority_label": r.priority,
        "requester_id": str(r.requester_id) if r.requester_id is not None else None,
        "assignee_id": str(r.assignee_id) if r.assignee_id is not None else None,
        "team_id": str(r.group_id) if r.group_id is not None else None,
        "tags": r.tags or [],
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
        "url": f"https://{ctx.connection['subdomain']}.zendesk.com/agent/tickets/{r.id}" if r.id is not None else None,
    }
    return make_ticket(values, raw)
