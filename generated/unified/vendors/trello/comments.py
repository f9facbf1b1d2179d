"""Trello comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentUpdate, CommentValues

GET_ACTIONS_ID = Endpoint("get-actions-id", "GET", "/actions/{id}", Retry.SAFE)
POST_CARDS_ID_ACTIONS_COMMENTS = Endpoint(
    "post-cards-id-actions-comments", "POST", "/cards/{id}/actions/comments", Retry.NEVER
)
PUT_ACTIONS_ID = Endpoint("put-actions-id", "PUT", "/actions/{id}", Retry.IDEMPOTENT)
DELETE_ACTIONS_ID = Endpoint("delete-actions-id", "DELETE", "/actions/{id}", Retry.IDEMPOTENT)
GET_CARDS_ID_ACTIONS = Endpoint("get-cards-id-actions", "GET", "/cards/{id}/actions", Retry.SAFE)

make_comment = record_factory(Comment, "trello", absent=("internal", "updated_at"))
SELECT = "id,data,idMemberCreator,memberCreator,date"
CREATE_UNSUPPORTED = {"internal": "Trello comments are visible to everyone with access to the card"}
UPDATE_NEVER_CLEARED = ("body",)

FIELDS: dict[str, str] = {"id": "id", "text": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: GET /actions/{id}."""
    response, raw = yield from fetch(
        GET_ACTIONS_ID,
        path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
        query={"fields": SELECT},
        schema=types.Action,
    )
    return read_comment(response, raw)


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task: POST /cards/{id}/actions/comments."""
    input_validation.reject_unsupported(comment, CREATE_UNSUPPORTED, "Trello")
    query: dict[str, Any] = {"text": input_validation.at_least(comment.body, 1, "body", "Trello")}
    query = input_validation.merge(query, ctx.extra, "Trello")
    response, raw = yield from fetch(
        POST_CARDS_ID_ACTIONS_COMMENTS,
        path=(input_validation.matching(comment.task_id, "^[0-9a-fA-F]{24}$", "task_id", "Trello"),),
        query=query,
        schema=types.Action,
    )
    return read_comment(response, raw)


def update(ctx: Context, id: str, comment: CommentUpdate) -> Steps[Comment]:
    """Change the text of a comment: PUT /actions/{id}."""
    given = input_validation.changes(comment, ctx.extra, "Trello")
    input_validation.reject_clearing(comment, given, UPDATE_NEVER_CLEARED, "Trello")
    body = input_validation.require("body", comment.body, "Trello")
    query: dict[str, Any] = {}
    if comment.body is not None:
        query["text"] = input_validation.at_least(body, 1, "body", "Trello")
    query = input_validation.merge(query, ctx.extra, "Trello")
    response, raw = yield from fetch(
        PUT_ACTIONS_ID,
        path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
        query=query,
        schema=types.Action,
    )
    return read_comment(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment for good: DELETE /actions/{id}."""
    yield from call(DELETE_ACTIONS_ID, path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),))


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
    member_creator = r.member_creator or types.ActionMemberCreator()
    values: CommentValues = {
        "id": responses.required(r.id, "id", "Trello"),
        "task_id": card.id,
        "body": data.text,
        "internal": None,
        "author_id": r.id_member_creator,
        "author_name": member_creator.full_name,
        "created_at": datetimes.decode(r.date) if r.date is not None else None,
        "updated_at": None,
    }
    return make_comment(values, raw)
