"""Freshdesk tickets, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import current_values, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes, html
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import types
from ...models.tickets import Ticket, TicketCreate, TicketFilters, TicketUpdate, TicketValues

CREATE_TICKET = Endpoint("createTicket", "POST", "/tickets", Retry.NEVER)
GET_TICKET = Endpoint("getTicket", "GET", "/tickets/{ticket_id}", Retry.SAFE)
LIST_TICKETS = Endpoint("listTickets", "GET", "/tickets", Retry.SAFE)
UPDATE_TICKET = Endpoint("updateTicket", "PUT", "/tickets/{ticket_id}", Retry.IDEMPOTENT)
DELETE_TICKET = Endpoint("deleteTicket", "DELETE", "/tickets/{ticket_id}", Retry.IDEMPOTENT)

STATUS_READ: dict[Any, Literal["new", "open", "pending", "on_hold", "solved", "closed"]] = {
    2: "open",
    3: "pending",
    4: "solved",
    5: "closed",
}
PRIORITY_READ: dict[Any, Literal["low", "normal", "high", "urgent"]] = {1: "low", 2: "normal", 3: "high", 4: "urgent"}
make_ticket = record_factory(
    Ticket,
    "freshdesk",
    absent=("status_label", "priority_label"),
    lazy={"description": LazyField(html.decode, "description")},
)
STATUS_WRITE: dict[Any, Any] = {"open": 2, "pending": 3, "solved": 4, "closed": 5}
STATUS_UNSUPPORTED = {
    "status.new": "a new ticket of Freshdesk is open",
    "status.on_hold": "Freshdesk's statuses are open, pending, resolved and closed; an account can add others, which are numbers",
}
PRIORITY_WRITE: dict[Any, Any] = {"low": 1, "normal": 2, "high": 3, "urgent": 4}
UPDATE_NEVER_CLEARED = ("subject", "description", "status", "priority", "requester_id")
UPDATE_TICKET_SENDS = frozenset(
    ("assignee_id", "description", "priority", "requester_id", "status", "subject", "tags", "team_id")
)

FIELDS: dict[str, str] = {
    "email": "requester_email",
    "subject": "subject",
    "description": "description",
    "status": "status",
    "priority": "priority",
    "requester_id": "requester_id",
    "responder_id": "assignee_id",
    "group_id": "team_id",
    "tags": "tags",
    "ticket_id": "id",
    "updated_since": "updated_after",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(path=("custom_fields",), pattern="cf_\\w+")
"""Location of custom fields in records."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def create(ctx: Context, ticket: TicketCreate) -> Steps[Ticket]:
    """Create a ticket for a customer: POST /tickets."""
    body: dict[str, Any] = {"subject": ticket.subject, "description": html.encode(ticket.description)}
    if ticket.requester_email is not None:
        body["email"] = ticket.requester_email
    if ticket.status is not None:
        body["status"] = input_validation.enum_value(
            STATUS_WRITE, ticket.status, "status", "Freshdesk", STATUS_UNSUPPORTED
        )
    if ticket.priority is not None:
        body["priority"] = PRIORITY_WRITE[ticket.priority]
    if ticket.requester_id is not None:
        body["requester_id"] = input_validation.integer_id(ticket.requester_id, "requester_id", "Freshdesk")
    if ticket.assignee_id is not None:
        body["responder_id"] = input_validation.integer_id(ticket.assignee_id, "assignee_id", "Freshdesk")
    if ticket.team_id is not None:
        body["group_id"] = input_validation.integer_id(ticket.team_id, "team_id", "Freshdesk")
    if ticket.tags is not None:
        body["tags"] = ticket.tags
    body = input_validation.merge(body, ctx.extra, "Freshdesk")
    body = input_validation.default(body, {"status": 2})
    body = input_validation.default(body, {"priority": 1})
    response, raw = yield from fetch(CREATE_TICKET, json=body, schema=types.Ticket)
    if not _is_ticket(response):
        raise responses.wrong_resource("Ticket", "Freshdesk")
    return read_ticket(ctx, response, raw)


def get(ctx: Context, id: str) -> Steps[Ticket]:
    """Read a ticket: GET /tickets/{ticket_id}."""
    response, raw = yield from fetch(
        GET_TICKET, path=(input_validation.integer_id(id, "id", "Freshdesk"),), schema=types.Ticket
    )
    if not _is_ticket(response):
        raise responses.wrong_resource("Ticket", "Freshdesk")
    return read_ticket(ctx, response, raw)


def list_(ctx: Context, filters: TicketFilters) -> Steps[Page[Ticket]]:
    """Find tickets: GET /tickets."""
    query: dict[str, Any] = {
        "updated_since": datetimes.encode(filters.updated_after)
        if filters.updated_after is not None
        else "2010-01-01T00:00:00Z",
        "include": "description",
        "per_page": input_validation.page_size(ctx.limit, 100),
    }
    if filters.requester_id is not None:
        query["requester_id"] = input_validation.integer_id(filters.requester_id, "requester_id", "Freshdesk")
    query = input_validation.merge(query, ctx.extra, "Freshdesk")
    response, raw = yield from fetch(
        LIST_TICKETS,
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.Ticket],
    )
    records = [read_ticket(ctx, each, raw.at(index)) for index, each in enumerate(response) if _is_ticket(each)]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    if filters.priority is not None:
        records = [each for each in records if each.priority == filters.priority]
    if filters.assignee_id is not None:
        records = [each for each in records if each.assignee_id == filters.assignee_id]
    if filters.unassigned is not None:
        records = [each for each in records if (not each.assignee_id) == filters.unassigned]
    if filters.team_id is not None:
        records = [each for each in records if each.team_id == filters.team_id]
    if filters.tag is not None:
        records = [each for each in records if filters.tag in each.tags]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.subject or ''} {each.description or ''}".casefold()]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    return Page(records, cursor=pagination.link_header(raw))


def update(ctx: Context, id: str, ticket: TicketUpdate) -> Steps[Ticket]:
    """Change a ticket.

    In turn:
        GET /tickets/{ticket_id}, if needed
        PUT /tickets/{ticket_id}, if needed
    """
    given = input_validation.changes(ticket, ctx.extra, "Freshdesk")
    input_validation.reject_clearing(ticket, given, UPDATE_NEVER_CLEARED, "Freshdesk")
    before: types.TicketsTicket | None = None
    found: tuple[types.Ticket, Raw] | None = None
    if ticket.add_tags is not None or ticket.remove_tags is not None:
        before = yield from call(
            GET_TICKET,
            path=(input_validation.integer_id(id, "id", "Freshdesk"),),
            schema=types.TicketsTicket,
            save_as="before",
        )
        responses.check_resource(before, _may_change_ticket, "Ticket", "Freshdesk")
        ticket = current_values.complete_list(ticket, "tags", (before or types.TicketsTicket()).tags, "Freshdesk")
        given = ticket.model_fields_set
    if given & UPDATE_TICKET_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if ticket.subject is not None:
            body["subject"] = ticket.subject
        if ticket.description is not None:
            body["description"] = html.encode(ticket.description)
        if ticket.status is not None:
            body["status"] = input_validation.enum_value(
                STATUS_WRITE, ticket.status, "status", "Freshdesk", STATUS_UNSUPPORTED
            )
        if ticket.priority is not None:
            body["priority"] = PRIORITY_WRITE[ticket.priority]
        if ticket.requester_id is not None:
            body["requester_id"] = input_validation.integer_id(ticket.requester_id, "requester_id", "Freshdesk")
        if "assignee_id" in given:
            body["responder_id"] = (
                None
                if ticket.assignee_id is None
                else input_validation.integer_id(ticket.assignee_id, "assignee_id", "Freshdesk")
            )
        if "team_id" in given:
            body["group_id"] = (
                None if ticket.team_id is None else input_validation.integer_id(ticket.team_id, "team_id", "Freshdesk")
            )
        if "tags" in given:
            body["tags"] = [] if ticket.tags is None else ticket.tags
        body = input_validation.merge(body, ctx.extra, "Freshdesk")
        response, raw = yield from fetch(
            UPDATE_TICKET, path=(input_validation.integer_id(id, "id", "Freshdesk"),), json=body, schema=types.Ticket
        )
        found = response, raw
    record, raw = responses.last_response(found, "Freshdesk")
    if not _is_ticket(record):
        raise responses.wrong_resource("Ticket", "Freshdesk")
    return read_ticket(ctx, record, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a ticket: DELETE /tickets/{ticket_id}."""
    yield from call(DELETE_TICKET, path=(input_validation.integer_id(id, "id", "Freshdesk"),))


def read_ticket(ctx: Context, r: types.Ticket, raw: Raw) -> Ticket:
    """Read a unified Ticket from a Ticket of Freshdesk."""
    values: TicketValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Freshdesk"),
        "subject": r.subject,
        "status": STATUS_READ.get(r.status),
        "status_label": None,
        "priority": PRIORITY_READ.get(r.priority),
        "priority_label": None,
        "requester_id": str(r.requester_id) if r.requester_id is not None else None,
        "assignee_id": str(r.responder_id) if r.responder_id is not None else None,
        "team_id": str(r.group_id) if r.group_id is not None else None,
        "tags": r.tags or [],
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
        "url": f"https://{ctx.connection['domain']}.freshdesk.com/a/tickets/{r.id}" if r.id is not None else None,
    }
    return make_ticket(values, raw, r.description)


def _is_ticket(r: types.Ticket) -> bool:
    return not r.deleted


def _may_change_ticket(r: types.TicketsTicket) -> bool:
    return not r.deleted
