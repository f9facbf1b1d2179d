"""Zendesk comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, reconciliation, responses
from unified_runtime.adapter_api.codecs import datetimes, html
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentValues

LIST_TICKET_COMMENTS = Endpoint("ListTicketComments", "GET", "/api/v2/tickets/{ticket_id}/comments", Retry.SAFE)
UPDATE_TICKET = Endpoint("UpdateTicket", "PUT", "/api/v2/tickets/{ticket_id}", Retry.NEVER)

INTERNAL_READ: dict[Any, bool] = {False: True, True: False}
make_comment = record_factory(
    Comment, "zendesk", absent=("author_name", "updated_at"), lazy={"body": LazyField(html.decode, "html_body")}
)
PATTERN_TICKET_ID_ID = re.compile("([^:]+):(.+)")
INTERNAL_WRITE: dict[Any, Any] = {True: False, False: True}

FIELDS: dict[str, str] = {
    "ticket_id": "task_id",
    "comment.html_body": "body",
    "comment.public": "internal",
    "html_body": "body",
    "public": "internal",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {
    "update": "Zendesk comments cannot be changed; create another comment",
    "delete": "Zendesk comments can be redacted in Zendesk, but not deleted",
}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: GET /api/v2/tickets/{ticket_id}/comments."""
    ticket_id, id_ = input_validation.parts(PATTERN_TICKET_ID_ID, id, "id")
    response, raw = yield from fetch(
        LIST_TICKET_COMMENTS,
        path=(input_validation.integer_id(ticket_id, "id", "Zendesk"),),
        query={"sort": "-created_at", "page[size]": 100},
        schema=types.TicketCommentsResponse,
    )
    place = reconciliation.index_of(raw.at("comments").value, ((("id",), id_),), 0)
    record = responses.one(responses.item(response.comments, place), "Comment", "Zendesk")
    return read_comment(record, raw.at("comments", place), ticket_id=ticket_id)


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task.

    In turn:
        PUT /api/v2/tickets/{ticket_id}
        GET /api/v2/tickets/{ticket_id}/comments
    """
    comment_2: dict[str, Any] = {"html_body": html.encode(comment.body)}
    if comment.internal is not None:
        comment_2["public"] = INTERNAL_WRITE[comment.internal]
    ticket: dict[str, Any] = {"comment": comment_2}
    body: dict[str, Any] = {"ticket": ticket}
    body = input_validation.merge(body, ctx.extra, "Zendesk")
    body = input_validation.default(body, {"ticket": {"comment": {"public": False}}})
    audit_response = yield from call(
        UPDATE_TICKET,
        path=(input_validation.integer_id(comment.task_id, "task_id", "Zendesk"),),
        json=body,
        schema=types.TicketUpdateResponse,
        save_as="audit",
    )
    audit = audit_response.audit or types.AuditObject()
    response, raw = yield from fetch(
        LIST_TICKET_COMMENTS,
        path=(input_validation.integer_id(comment.task_id, "task_id", "Zendesk"),),
        query={"sort": "-created_at", "page[size]": 100},
        schema=types.TicketCommentsResponse,
    )
    place = reconciliation.index_of(raw.at("comments").value, ((("audit_id",), audit.id),), 0)
    record = responses.one(responses.item(response.comments, place), "Comment", "Zendesk")
    return read_comment(record, raw.at("comments", place), ticket_id=comment.task_id)


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /api/v2/tickets/{ticket_id}/comments."""
    query: dict[str, Any] = {"page[size]": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["page[after]"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Zendesk")
    response, raw = yield from fetch(
        LIST_TICKET_COMMENTS,
        path=(input_validation.integer_id(filters.task_id, "task_id", "Zendesk"),),
        query=query,
        schema=types.CommentsTicketCommentsResponse,
    )
    items = response.comments or []
    records = [
        read_comment(each, raw.at("comments", index), ticket_id=filters.task_id) for index, each in enumerate(items)
    ]
    meta = response.meta or types.TicketCommentsResponseMeta()
    return Page(records, cursor=pagination.token(meta.after_cursor) if meta.has_more else None)


def read_comment(r: types.TicketCommentObject, raw: Raw, *, ticket_id: str) -> Comment:
    """Read a unified Comment from a TicketCommentObject of Zendesk."""
    values: CommentValues = {
        "id": responses.required(f"{ticket_id}:{r.id}" if r.id is not None else None, "id", "Zendesk"),
        "task_id": ticket_id,
        "internal": INTERNAL_READ.get(r.public),
        "author_id": str(r.author_id) if r.author_id is not None else None,
        "author_name": None,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": None,
    }
    return make_comment(values, raw, r.html_body)
