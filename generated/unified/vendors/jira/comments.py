"""Jira comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import adf, datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentValues

ADD_COMMENT = Endpoint("addComment", "POST", "/rest/api/3/issue/{issueIdOrKey}/comment", Retry.NEVER)
GET_COMMENTS = Endpoint("getComments", "GET", "/rest/api/3/issue/{issueIdOrKey}/comment", Retry.SAFE)

make_comment = record_factory(Comment, "jira", lazy={"body": LazyField(adf.decode, "body")})

FIELDS: dict[str, str] = {"issueIdOrKey": "task_id", "body": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task: POST /rest/api/3/issue/{issueIdOrKey}/comment."""
    body: dict[str, Any] = {"body": adf.encode(comment.body)}
    body = input_validation.merge(body, ctx.extra, "Jira")
    response, raw = yield from fetch(ADD_COMMENT, path=(comment.task_id,), json=body, schema=types.Comment)
    return read_comment(response, raw, issue_id_or_key=comment.task_id)


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /rest/api/3/issue/{issueIdOrKey}/comment."""
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {"maxResults": input_validation.page_size(ctx.limit, 100)}
    query["startAt"] = start
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
    author = r.author or types.UserDetails()
    values: CommentValues = {
        "id": responses.required(f"{issue_id_or_key}:{r.id}" if r.id is not None else None, "id", "Jira"),
        "task_id": issue_id_or_key,
        "author_id": author.account_id,
        "created_at": datetimes.decode(r.created) if r.created is not None else None,
        "updated_at": datetimes.decode(r.updated) if r.updated is not None else None,
    }
    return make_comment(values, raw, r.body)
