"""Todoist comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentUpdate, CommentValues

GET_COMMENT = Endpoint("getComment", "GET", "/comments/{id}", Retry.SAFE)
CREATE_COMMENT = Endpoint("createComment", "POST", "/comments", Retry.NEVER)
UPDATE_COMMENT = Endpoint("updateComment", "POST", "/comments/{id}", Retry.NEVER)
DELETE_COMMENT = Endpoint("deleteComment", "DELETE", "/comments/{id}", Retry.IDEMPOTENT)
LIST_COMMENTS = Endpoint("listComments", "GET", "/comments", Retry.SAFE)

make_comment = record_factory(Comment, "todoist", absent=("internal", "author_name", "updated_at"))
CREATE_UNSUPPORTED = {"internal": "Todoist comments are visible to everyone with access to the project"}
UPDATE_NEVER_CLEARED = ("body",)

FIELDS: dict[str, str] = {"id": "id", "task_id": "task_id", "content": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: GET /comments/{id}."""
    response, raw = yield from fetch(GET_COMMENT, path=(id,), schema=types.Comment)
    return read_comment(response, raw)


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task: POST /comments."""
    input_validation.reject_unsupported(comment, CREATE_UNSUPPORTED, "Todoist")
    body: dict[str, Any] = {"task_id": comment.task_id, "content": comment.body}
    body = input_validation.merge(body, ctx.extra, "Todoist")
    response, raw = yield from fetch(CREATE_COMMENT, json=body, schema=types.Comment)
    return read_comment(response, raw)


def update(ctx: Context, id: str, comment: CommentUpdate) -> Steps[Comment]:
    """Change the text of a comment: POST /comments/{id}."""
    given = input_validation.changes(comment, ctx.extra, "Todoist")
    input_validation.reject_clearing(comment, given, UPDATE_NEVER_CLEARED, "Todoist")
    body: dict[str, Any] = {}
    if comment.body is not None:
        body["content"] = comment.body
    body = input_validation.merge(body, ctx.extra, "Todoist")
    response, raw = yield from fetch(UPDATE_COMMENT, path=(id,), json=body, schema=types.Comment)
    return read_comment(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment for good: DELETE /comments/{id}."""
    yield from call(DELETE_COMMENT, path=(id,))


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /comments."""
    query: dict[str, Any] = {"task_id": filters.task_id, "limit": input_validation.page_size(ctx.limit, 200)}
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    response, raw = yield from fetch(LIST_COMMENTS, query=query, schema=types.ListCommentsResponse)
    items = response.results or []
    records = [read_comment(each, raw.at("results", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.next_cursor))


def read_comment(r: types.Comment, raw: Raw) -> Comment:
    """Read a unified Comment from a Comment of Todoist."""
    values: CommentValues = {
        "id": responses.required(r.id, "id", "Todoist"),
        "task_id": r.item_id,
        "body": r.content,
        "internal": None,
        "author_id": r.posted_uid,
        "author_name": None,
        "created_at": datetimes.decode(r.posted_at) if r.posted_at is not None else None,
        "updated_at": None,
    }
    return make_comment(values, raw)
