"""Trello comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentValues

POST_CARDS_ID_ACTIONS_COMMENTS = Endpoint(
    "post-cards-id-actions-comments", "POST", "/cards/{id}/actions/comments", Retry.NEVER
)
GET_CARDS_ID_ACTIONS = Endpoint("get-cards-id-actions", "GET", "/cards/{id}/actions", Retry.SAFE)

make_comment = record_factory(Comment, "trello", absent=("updated_at",))

FIELDS: dict[str, str] = {"id": "task_id", "text": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task: POST /cards/{id}/actions/comments."""
    query: dict[str, Any] = {"text": input_validation.at_least(comment.body, 1, "body", "Trello")}
    query = input_validation.merge(query, ctx.extra, "Trello")
    response, raw = yield from fetch(
        POST_CARDS_ID_ACTIONS_COMMENTS,
        path=(input_validation.matching(comment.task_id, "^[0-9a-fA-F]{24}$", "task_id", "Trello"),),
        query=query,
        schema=types.Action,
    )
    return read_comment(response, raw)


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /cards/{id}/actions."""
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {"filter": "commentCard"}
    query["page"] = start
    response, raw = yield from fetch(
        GET_CARDS_ID_ACTIONS,
        path=(input_validation.matching(filters.task_id, "^[0-9a-fA-F]{24}$", "task_id", "Trello"),),
        query=query,
        schema=list[types.Action],
    )
    records = [read_comment(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.after_page(start, len(response), size=None))


def read_comment(r: types.Action, raw: Raw) -> Comment:
    """Read a unified Comment from an Action of Trello."""
    data = r.data or types.ActionData()
    card = data.card or types.ActionDataCard()
    values: CommentValues = {
        "id": responses.required(r.id, "id", "Trello"),
        "task_id": card.id,
        "body": data.text,
        "author_id": r.id_member_creator,
        "created_at": datetimes.decode(r.date) if r.date is not None else None,
        "updated_at": None,
    }
    return make_comment(values, raw)
