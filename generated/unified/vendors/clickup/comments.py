"""ClickUp comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, reconciliation, responses
from unified_runtime.adapter_api.codecs import clickup_comment, epoch_ms_text
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentUpdate, CommentValues

GET_TASK_COMMENTS = Endpoint("GetTaskComments", "GET", "/v2/task/{task_id}/comment", Retry.SAFE)
CREATE_TASK_COMMENT = Endpoint("CreateTaskComment", "POST", "/v2/task/{task_id}/comment", Retry.NEVER)
UPDATE_COMMENT = Endpoint("UpdateComment", "PUT", "/v2/comment/{comment_id}", Retry.IDEMPOTENT)
DELETE_COMMENT = Endpoint("DeleteComment", "DELETE", "/v2/comment/{comment_id}", Retry.IDEMPOTENT)

make_comment = record_factory(
    Comment, "clickup", absent=("internal", "updated_at"), lazy={"body": LazyField(clickup_comment.decode)}
)
PATTERN_TASK_ID_ID = re.compile("([^:]+):(.+)")
CREATE_UNSUPPORTED = {"internal": "ClickUp comments are visible to everyone with access to the task"}
UPDATE_NEVER_CLEARED = ("body",)
UPDATE_COMMENT_SENDS = frozenset(("body",))

FIELDS: dict[str, str] = {"task_id": "task_id", "comment": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: GET /v2/task/{task_id}/comment."""
    task_id, id_ = input_validation.parts(PATTERN_TASK_ID_ID, id, "id")
    response, raw = yield from fetch(GET_TASK_COMMENTS, path=(task_id,), schema=types.GetTaskCommentsResponse)
    place = reconciliation.index_of(raw.at("comments").value, ((("id",), id_),), 0)
    record = responses.one(responses.item(response.comments, place), "Comment", "ClickUp")
    return read_comment(record, raw.at("comments", place), task_id=task_id)


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task.

    In turn:
        POST /v2/task/{task_id}/comment
        GET /v2/task/{task_id}/comment
    """
    input_validation.reject_unsupported(comment, CREATE_UNSUPPORTED, "ClickUp")
    body: dict[str, Any] = {"notify_all": False, "comment": clickup_comment.encode(comment.body)}
    body = input_validation.merge(body, ctx.extra, "ClickUp")
    created = yield from call(
        CREATE_TASK_COMMENT, path=(comment.task_id,), json=body, schema=types.CreatedResponse, save_as="created"
    )
    response, raw = yield from fetch(GET_TASK_COMMENTS, path=(comment.task_id,), schema=types.GetTaskCommentsResponse)
    place = reconciliation.index_of(raw.at("comments").value, ((("id",), created.id),), 0)
    record = responses.one(responses.item(response.comments, place), "Comment", "ClickUp")
    return read_comment(record, raw.at("comments", place), task_id=comment.task_id)


def update(ctx: Context, id: str, comment: CommentUpdate) -> Steps[Comment]:
    """Change the text of a comment.

    In turn:
        GET /v2/task/{task_id}/comment
        PUT /v2/comment/{comment_id}, if needed
        GET /v2/task/{task_id}/comment
    """
    given = input_validation.changes(comment, ctx.extra, "ClickUp")
    input_validation.reject_clearing(comment, given, UPDATE_NEVER_CLEARED, "ClickUp")
    task_id, id_ = input_validation.parts(PATTERN_TASK_ID_ID, id, "id")
    comment_response = yield from call(
        GET_TASK_COMMENTS, path=(task_id,), schema=types.CommentResponse, save_as="comment"
    )
    comment_2 = responses.found(
        responses.first(comment_response.comments, lambda each: each.id == id_, "comment"),
        "not one of the 25 newest comments of the task; ClickUp cannot read older ones by id",
        "Conflict",
    )
    if given & UPDATE_COMMENT_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if comment.body is not None:
            body["comment"] = clickup_comment.encode(comment.body)
        body = input_validation.merge(body, ctx.extra, "ClickUp")
        yield from call(UPDATE_COMMENT, path=(comment_2.id,), json=body)
    response, raw = yield from fetch(GET_TASK_COMMENTS, path=(task_id,), schema=types.GetTaskCommentsResponse)
    place = reconciliation.index_of(raw.at("comments").value, ((("id",), id_),), 0)
    record = responses.one(responses.item(response.comments, place), "Comment", "ClickUp")
    return read_comment(record, raw.at("comments", place), task_id=task_id)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment for good: DELETE /v2/comment/{comment_id}."""
    _task_id, id_ = input_validation.parts(PATTERN_TASK_ID_ID, id, "id")
    yield from call(DELETE_COMMENT, path=(input_validation.matching(id_, "^[0-9]+$", "id", "ClickUp"),))


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /v2/task/{task_id}/comment."""
    query: dict[str, Any] = {}
    if ctx.cursor is not None:
        query["start"] = pagination.part(ctx.cursor, 0, 2)
    if ctx.cursor is not None:
        query["start_id"] = pagination.part(ctx.cursor, 1, 2)
    query = input_validation.merge(query, ctx.extra, "ClickUp")
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
        "id": responses.required(f"{task_id}:{r.id}" if r.id is not None else None, "id", "ClickUp"),
        "task_id": task_id,
        "internal": None,
        "author_id": str(user.id) if user.id is not None else None,
        "author_name": user.username,
        "created_at": epoch_ms_text.decode(r.date) if r.date is not None else None,
        "updated_at": None,
    }
    return make_comment(values, raw, raw)
