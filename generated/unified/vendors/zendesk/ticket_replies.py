"""Zendesk ticket_replies, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, reconciliation, responses
from unified_runtime.adapter_api.codecs import datetimes, html
from . import types
from ...models.ticket_replies import TicketReply, TicketReplyCreate, TicketReplyFilters, TicketReplyValues

UPDATE_TICKET = Endpoint("UpdateTicket", "PUT", "/api/v2/tickets/{ticket_id}", Retry.NEVER)
LIST_TICKET_COMMENTS = Endpoint("ListTicketComments", "GET", "/api/v2/tickets/{ticket_id}/comments", Retry.SAFE)

INTERNAL_READ: dict[Any, bool] = {False: True, True: False}
make_ticket_reply = record_factory(TicketReply, "zendesk", lazy={"body": LazyField(html.decode, "html_body")})
INTERNAL_WRITE: dict[Any, Any] = {True: False, False: True}

FIELDS: dict[str, str] = {
    "ticket_id": "ticket_id",
    "comment.html_body": "body",
    "comment.public": "internal",
    "html_body": "body",
    "public": "internal",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, ticket_reply: TicketReplyCreate) -> Steps[TicketReply]:
    """Add an internal note to a ticket, or a public reply.

    In turn:
        PUT /api/v2/tickets/{ticket_id}
        GET /api/v2/tickets/{ticket_id}/comments
    """
    comment: dict[str, Any] = {"html_body": html.encode(ticket_reply.body)}
    if ticket_reply.internal is not None:
        comment["public"] = INTERNAL_WRITE[ticket_reply.internal]
    ticket: dict[str, Any] = {"comment": comment}
    body: dict[str, Any] = {"ticket": ticket}
    body = input_validation.merge(body, ctx.extra, "Zendesk")
    body = input_validation.default(body, {"ticket": {"comment": {"public": False}}})
    audit_response = yield from call(
        UPDATE_TICKET,
        path=(input_validation.integer_id(ticket_reply.ticket_id, "ticket_id", "Zendesk"),),
        json=body,
        schema=types.TicketUpdateResponse,
        save_as="audit",
    )
    audit = audit_response.audit or types.AuditObject()
    response, raw = yield from fetch(
        LIST_TICKET_COMMENTS,
        path=(input_validation.integer_id(ticket_reply.ticket_id, "ticket_id", "Zendesk"),),
        query={"sort": "-created_at", "page[size]": 100},
        schema=types.TicketCommentsResponse,
    )
    place = reconciliation.index_of(raw.at("comments").value, ((("audit_id",), audit.id),), 0)
    record = responses.one(responses.item(response.comments, place), "TicketReply", "Zendesk")
    return read_ticket_reply(record, raw.at("comments", place), ticket_id=ticket_reply.ticket_id)


def list_(ctx: Context, filters: TicketReplyFilters) -> Steps[Page[TicketReply]]:
    """List the replies and notes on a ticket: GET /api/v2/tickets/{ticket_id}/comments."""
    query: dict[str, Any] = {"page[size]": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["page[after]"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Zendesk")
    response, raw = yield from fetch(
        LIST_TICKET_COMMENTS,
        path=(input_validation.integer_id(filters.ticket_id, "ticket_id", "Zendesk"),),
        query=query,
        schema=types.TicketRepliesTicketCommentsResponse,
    )
    items = response.comments or []
    records = [
        read_ticket_reply(each, raw.at("comments", index), ticket_id=filters.ticket_id)
        for index, each in enumerate(items)
    ]
    meta = response.meta or types.TicketCommentsResponseMeta()
    return Page(records, cursor=pagination.token(meta.after_cursor) if meta.has_more else None)


def read_ticket_reply(r: types.TicketCommentObject, raw: Raw, *, ticket_id: str) -> TicketReply:
    """Read a unified TicketReply from a TicketCommentObject of Zendesk."""
    values: TicketReplyValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Zendesk"),
        "ticket_id": ticket_id,
        "internal": INTERNAL_READ.get(r.public),
        "author_id": str(r.author_id) if r.author_id is not None else None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
    }
    return make_ticket_reply(values, raw, r.html_body)
