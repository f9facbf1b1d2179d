"""Todoist comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentValues

CREATE_COMMENT = Endpoint("createComment", "POST", "/comments", Retry.NEVER)
LIST_COMMENTS = Endpoint("listComments", "GET", "/comments", Retry.SAFE)

make_comment = record_factory(Comment, "todoist", absent=("updated_at",))

FIELDS: dict[str, str] = {"task_id": "task_id", "content": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task: POST /comments."""
    body: dict[str, Any] = {"task_id": comment.task_id, "content": comment.body}
    body = input_validation.merge(body, ctx.extra, "Todoist")
    response, raw = yield from fetch(CREATE_COMMENT, json=body, schema=types.Comment)
    return read_comment(response, raw)


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
        "author_id": r.posted_uid,
        "created_at": datetimes.decode(r.posted_at) if r.posted_at is not None else None,
        "updated_at": None,
    }
    return make_comment(values, raw)
