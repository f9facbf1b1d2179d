"""Freshdesk ticket_replies, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes, html
from . import types
from ...models.ticket_replies import TicketReply, TicketReplyCreate, TicketReplyFilters, TicketReplyValues

REPLY_TO_TICKET = Endpoint("replyToTicket", "POST", "/tickets/{ticket_id}/reply", Retry.NEVER)
CREATE_NOTE = Endpoint("createNote", "POST", "/tickets/{ticket_id}/notes", Retry.NEVER)
LIST_TICKET_CONVERSATIONS = Endpoint("listTicketConversations", "GET", "/tickets/{ticket_id}/conversations", Retry.SAFE)

INTERNAL_READ: dict[Any, bool] = {True: True, False: False, None: False}
make_ticket_reply = record_factory(TicketReply, "freshdesk", lazy={"body": LazyField(html.decode, "body")})
INTERNAL_WRITE: dict[Any, Any] = {True: True, False: False}

FIELDS: dict[str, str] = {"ticket_id": "ticket_id", "body": "body", "private": "internal"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, ticket_reply: TicketReplyCreate) -> Steps[TicketReply]:
    """Add an internal note to a ticket, or a public reply.

    One of:
        POST /tickets/{ticket_id}/reply
        POST /tickets/{ticket_id}/notes
    """
    if ticket_reply.internal is False:
        body: dict[str, Any] = {"body": html.encode(ticket_reply.body)}
        body = input_validation.merge(body, ctx.extra, "Freshdesk")
        response, raw = yield from fetch(
            REPLY_TO_TICKET,
            path=(input_validation.integer_id(ticket_reply.ticket_id, "ticket_id", "Freshdesk"),),
            json=body,
            schema=types.Conversation,
        )
        return read_ticket_reply(response, raw, ticket_id=ticket_reply.ticket_id)
    body_2: dict[str, Any] = {"body": html.encode(ticket_reply.body)}
    if ticket_reply.internal is not None:
        body_2["private"] = INTERNAL_WRITE[ticket_reply.internal]
    body_2 = input_validation.merge(body_2, ctx.extra, "Freshdesk")
    body_2 = input_validation.default(body_2, {"private": True})
    response_2, raw = yield from fetch(
        CREATE_NOTE,
        path=(input_validation.integer_id(ticket_reply.ticket_id, "ticket_id", "Freshdesk"),),
        json=body_2,
        schema=types.Conversation,
    )
    return read_ticket_reply(response_2, raw, ticket_id=ticket_reply.ticket_id)


def list_(ctx: Context, filters: TicketReplyFilters) -> Steps[Page[TicketReply]]:
    """List the replies and notes on a ticket: GET /tickets/{ticket_id}/conversations."""
    response, raw = yield from fetch(
        LIST_TICKET_CONVERSATIONS,
        path=(input_validation.integer_id(filters.ticket_id, "ticket_id", "Freshdesk"),),
        query=pagination.page_query({"per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.Conversation],
    )
    records = [
        read_ticket_reply(each, raw.at(index), ticket_id=filters.ticket_id) for index, each in enumerate(response)
    ]
    return Page(records, cursor=pagination.link_header(raw))


def read_ticket_reply(r: types.Conversation, raw: Raw, *, ticket_id: str) -> TicketReply:
    """Read a unified TicketReply from a Conversation of Freshdesk."""
    values: TicketReplyValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Freshdesk"),
        "ticket_id": ticket_id,
        "internal": INTERNAL_READ.get(r.private),
        "author_id": str(r.user_id) if r.user_id is not None else None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
    }
    return make_ticket_reply(values, raw, r.body)
