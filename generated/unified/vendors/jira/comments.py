"""Jira comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import adf, datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentUpdate, CommentValues

GET_COMMENT = Endpoint("getComment", "GET", "/rest/api/3/issue/{issueIdOrKey}/comment/{id}", Retry.SAFE)
ADD_COMMENT = Endpoint("addComment", "POST", "/rest/api/3/issue/{issueIdOrKey}/comment", Retry.NEVER)
UPDATE_COMMENT = Endpoint("updateComment", "PUT", "/rest/api/3/issue/{issueIdOrKey}/comment/{id}", Retry.IDEMPOTENT)
DELETE_COMMENT = Endpoint("deleteComment", "DELETE", "/rest/api/3/issue/{issueIdOrKey}/comment/{id}", Retry.IDEMPOTENT)
GET_COMMENTS = Endpoint("getComments", "GET", "/rest/api/3/issue/{issueIdOrKey}/comment", Retry.SAFE)

INTERNAL_READ: dict[Any, bool] = {False: True, True: False}
make_comment = record_factory(Comment, "jira", lazy={"body": LazyField(adf.decode, "body")})
PATTERN_ISSUE_ID_OR_KEY_ID = re.compile("([^:]+):(.+)")
UPDATE_NEVER_CLEARED = ("body",)

FIELDS: dict[str, str] = {"issueIdOrKey": "task_id", "body": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: GET /rest/api/3/issue/{issueIdOrKey}/comment/{id}."""
    issue_id_or_key, id_ = input_validation.parts(PATTERN_ISSUE_ID_OR_KEY_ID, id, "id")
    response, raw = yield from fetch(GET_COMMENT, path=(issue_id_or_key, id_), schema=types.Comment)
    return read_comment(response, raw, issue_id_or_key=issue_id_or_key)


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task.

    One of:
        POST /rest/api/3/issue/{issueIdOrKey}/comment
        POST /rest/api/3/issue/{issueIdOrKey}/comment
    """
    if comment.internal is False:
        body: dict[str, Any] = {
            "properties": [{"key": "sd.public.comment", "value": {"internal": False}}],
            "body": adf.encode(comment.body),
        }
        body = input_validation.merge(body, ctx.extra, "Jira")
        response, raw = yield from fetch(ADD_COMMENT, path=(comment.task_id,), json=body, schema=types.Comment)
        return read_comment(response, raw, issue_id_or_key=comment.task_id)
    if comment.internal is None or comment.internal is True:
        body_2: dict[str, Any] = {
            "properties": [{"key": "sd.public.comment", "value": {"internal": True}}],
            "body": adf.encode(comment.body),
        }
        body_2 = input_validation.merge(body_2, ctx.extra, "Jira")
        response_2, raw = yield from fetch(ADD_COMMENT, path=(comment.task_id,), json=body_2, schema=types.Comment)
        return read_comment(response_2, raw, issue_id_or_key=comment.task_id)
    raise input_validation.needs("internal", "Jira")


def update(ctx: Context, id: str, comment: CommentUpdate) -> Steps[Comment]:
    """Change the text of a comment: PUT /rest/api/3/issue/{issueIdOrKey}/comment/{id}."""
    given = input_validation.changes(comment, ctx.extra, "Jira")
    input_validation.reject_clearing(comment, given, UPDATE_NEVER_CLEARED, "Jira")
    issue_id_or_key, id_ = input_validation.parts(PATTERN_ISSUE_ID_OR_KEY_ID, id, "id")
    body: dict[str, Any] = {}
    if comment.body is not None:
        body["body"] = adf.encode(comment.body)
    body = input_validation.merge(body, ctx.extra, "Jira")
    response, raw = yield from fetch(UPDATE_COMMENT, path=(issue_id_or_key, id_), json=body, schema=types.Comment)
    return read_comment(response, raw, issue_id_or_key=issue_id_or_key)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment for good: DELETE /rest/api/3/issue/{issueIdOrKey}/comment/{id}."""
    issue_id_or_key, id_ = input_validation.parts(PATTERN_ISSUE_ID_OR_KEY_ID, id, "id")
    yield from call(DELETE_COMMENT, path=(issue_id_or_key, id_))


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /rest/api/3/issue/{issueIdOrKey}/comment."""
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {"maxResults": input_validation.page_size(ctx.limit, 100)}
    query["startAt"] = start
    query = input_validation.merge(query, ctx.extra, "Jira")
    response, raw = yield from fetch(GET_COMMENTS, path=(filters.task_id,), query=query, schema=types.PageOfComments)
    items = response.comments or []
    records = [
        read_comment(each, raw.at("comments", index), issue_id_or_key=filters.task_id)
        for index, each in enumerate(items)
    ]
    return Page(
        records,
        cursor=pagination.after_offset(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=response.total
        ),
    )


def read_comment(r: types.Comment, raw: Raw, *, issue_id_or_key: str) -> Comment:
    """Read a unified Comment from a Comment of Jira."""
    author = r.author or types.CommentsUserDetails()
    values: CommentValues = {
        "id": responses.required(f"{issue_id_or_key}:{r.id}" if r.id is not None else None, "id", "Jira"),
        "task_id": issue_id_or_key,
        "internal": INTERNAL_READ.get(r.jsd_public),
        "author_id": author.account_id,
        "author_name": author.display_name,
        "created_at": datetimes.decode(r.created) if r.created is not None else None,
        "updated_at": datetimes.decode(r.updated) if r.updated is not None else None,
    }
    return make_comment(values, raw, r.body)
