"""ClickUp comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, reconciliation, responses
from unified_runtime.adapter_api.codecs import epoch_ms_text
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentValues

CREATE_TASK_COMMENT = Endpoint("CreateTaskComment", "POST", "/v2/task/{task_id}/comment", Retry.NEVER)
GET_TASK_COMMENTS = Endpoint("GetTaskComments", "GET", "/v2/task/{task_id}/comment", Retry.SAFE)

make_comment = record_factory(Comment, "clickup", absent=("updated_at",))

FIELDS: dict[str, str] = {"task_id": "task_id", "comment_text": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task.

    In turn:
        POST /v2/task/{task_id}/comment
        GET /v2/task/{task_id}/comment
    """
    body: dict[str, Any] = {"notify_all": False, "comment_text": comment.body}
    body = input_validation.merge(body, ctx.extra, "ClickUp")
    created = yield from call(
        CREATE_TASK_COMMENT, path=(comment.task_id,), json=body, schema=types.CreatedResponse, save_as="created"
    )
    response, raw = yield from fetch(GET_TASK_COMMENTS, path=(comment.task_id,), schema=types.GetTaskCommentsResponse)
    place = reconciliation.index_of(raw.at("comments").value, ((("id",), created.id),), 0)
    record = responses.one(responses.item(response.comments, place), "Comment", "ClickUp")
    return read_comment(record, raw.at("comments", place), task_id=comment.task_id)


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /v2/task/{task_id}/comment."""
    query: dict[str, Any] = {}
    if ctx.cursor is not None:
        query["start"] = pagination.part(ctx.cursor, 0, 2)
    if ctx.cursor is not None:
        query["start_id"] = pagination.part(ctx.cursor, 1, 2)
    response, raw = yield from fetch(
        GET_TASK_COMMENTS, path=(filters.task_id,), query=query, schema=types.GetTaskCommentsResponse
    )
    items = response.comments or []
    records = [
        read_comment(each, raw.at("comments", index), task_id=filters.task_id) for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.parts(items[-1].date, items[-1].id) if items else None)


def read_comment(r: types.Comment, raw: Raw, *, task_id: str) -> Comment:
    """Read a unified Comment from a Comment of ClickUp."""
    user = r.user or types.User7d4c92()
    values: CommentValues = {
        "id": responses.required(r.id, "id", "ClickUp"),
        "task_id": task_id,
        "body": r.comment_text,
        "author_id": str(user.id) if user.id is not None else None,
        "created_at": epoch_ms_text.decode(r.date) if r.date is not None else None,
        "updated_at": None,
    }
    return make_comment(values, raw)
