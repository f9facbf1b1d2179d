"""Linear comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentUpdate, CommentValues

COMMENT = Endpoint("comment", "POST", "/#comment", Retry.SAFE)
COMMENT_DELETE = Endpoint("commentDelete", "POST", "/#commentDelete", Retry.NEVER)
COMMENT_CREATE = Endpoint("commentCreate", "POST", "/#commentCreate", Retry.NEVER)
COMMENT_UPDATE = Endpoint("commentUpdate", "POST", "/#commentUpdate", Retry.NEVER)
COMMENTS = Endpoint("comments", "POST", "/#comments", Retry.SAFE)

make_comment = record_factory(Comment, "linear", absent=("internal",))
COMMENT_FIELDS = (
    "\nfragment CommentFields on Comment {\n"
    "  id\n"
    "  issue {\n"
    "    id\n"
    "  }\n"
    "  body\n"
    "  user {\n"
    "    id\n"
    "    displayName\n"
    "  }\n"
    "  externalUser {\n"
    "    displayName\n"
    "  }\n"
    "  botActor {\n"
    "    userDisplayName\n"
    "  }\n"
    "  createdAt\n"
    "  updatedAt\n"
    "}"
)
COMMENT_QUERY = ("query comment($id: String) {\n  comment(id: $id) {\n    ...CommentFields\n  }\n}") + COMMENT_FIELDS
COMMENT_DELETE_QUERY = "mutation commentDelete($id: String!) {\n  commentDelete(id: $id) {\n    success\n  }\n}"
CREATE_UNSUPPORTED = {"internal": "Linear comments are visible to everyone with access to the issue"}
COMMENT_CREATE_QUERY = (
    "mutation commentCreate($input: CommentCreateInput!) {\n"
    "  commentCreate(input: $input) {\n"
    "    comment {\n"
    "      ...CommentFields\n"
    "    }\n"
    "    success\n"
    "  }\n"
    "}"
) + COMMENT_FIELDS
UPDATE_NEVER_CLEARED = ("body",)
COMMENT_UPDATE_QUERY = (
    "mutation commentUpdate($id: String!, $input: CommentUpdateInput!, $skipEditedAt: Boolean) {\n"
    "  commentUpdate(id: $id, input: $input, skipEditedAt: $skipEditedAt) {\n"
    "    comment {\n"
    "      ...CommentFields\n"
    "    }\n"
    "    success\n"
    "  }\n"
    "}"
) + COMMENT_FIELDS
COMMENTS_QUERY = (
    "query comments($after: String, $filter: CommentFilter, $first: Int, $includeArchived: Boolean, $orderBy: PaginationOrderBy) {\n"
    "  comments(after: $after, filter: $filter, first: $first, includeArchived: $includeArchived, orderBy: $orderBy) {\n"
    "    nodes {\n"
    "      ...CommentFields\n"
    "    }\n"
    "    pageInfo {\n"
    "      hasNextPage\n"
    "      endCursor\n"
    "    }\n"
    "  }\n"
    "}"
) + COMMENT_FIELDS

FIELDS: dict[str, str] = {
    "id": "id",
    "input.issueId": "task_id",
    "input.body": "body",
    "filter.issue.id.eq": "task_id",
    "filter": "task_id",
    "issueId": "task_id",
    "body": "body",
    "eq": "task_id",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: POST /#comment."""
    response, raw = yield from fetch(
        COMMENT, json={"query": COMMENT_QUERY, "variables": {"id": id}}, schema=types.CommentResponse
    )
    data = response.data or types.CommentResponseData()
    record = responses.required(data.comment, "data.comment", "Linear")
    return read_comment(record, raw.at("data", "comment"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment for good: POST /#commentDelete."""
    yield from call(COMMENT_DELETE, json={"query": COMMENT_DELETE_QUERY, "variables": {"id": id}})


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task: POST /#commentCreate."""
    input_validation.reject_unsupported(comment, CREATE_UNSUPPORTED, "Linear")
    input_: dict[str, Any] = {"issueId": comment.task_id, "body": comment.body}
    body: dict[str, Any] = {"input": input_}
    body = input_validation.merge(body, ctx.extra, "Linear")
    response, raw = yield from fetch(
        COMMENT_CREATE, json={"query": COMMENT_CREATE_QUERY, "variables": body}, schema=types.CommentCreateResponse
    )
    data = response.data or types.CommentCreateResponseData()
    comment_create = data.comment_create or types.CommentPayload()
    record = responses.required(comment_create.comment, "data.commentCreate.comment", "Linear")
    return read_comment(record, raw.at("data", "commentCreate", "comment"))


def update(ctx: Context, id: str, comment: CommentUpdate) -> Steps[Comment]:
    """Change the text of a comment: POST /#commentUpdate."""
    given = input_validation.changes(comment, ctx.extra, "Linear")
    input_validation.reject_clearing(comment, given, UPDATE_NEVER_CLEARED, "Linear")
    body: dict[str, Any] = {"id": id}
    if comment.body is not None:
        body["input"] = {"body": comment.body}
    body = input_validation.merge(body, ctx.extra, "Linear")
    response, raw = yield from fetch(
        COMMENT_UPDATE, json={"query": COMMENT_UPDATE_QUERY, "variables": body}, schema=types.CommentUpdateResponse
    )
    data = response.data or types.CommentUpdateResponseData()
    comment_update = data.comment_update or types.CommentPayload()
    record = responses.required(comment_update.comment, "data.commentUpdate.comment", "Linear")
    return read_comment(record, raw.at("data", "commentUpdate", "comment"))


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: POST /#comments."""
    body: dict[str, Any] = {
        "filter": {"issue": {"id": {"eq": filters.task_id}}},
        "first": input_validation.page_size(ctx.limit, 250),
    }
    if ctx.cursor is not None:
        body["after"] = ctx.cursor
    body = input_validation.merge(body, ctx.extra, "Linear")
    response, raw = yield from fetch(
        COMMENTS, json={"query": COMMENTS_QUERY, "variables": body}, schema=types.CommentsResponse
    )
    data = response.data or types.CommentsResponseData()
    comments = data.comments or types.CommentConnection()
    items = comments.nodes or []
    records = [read_comment(each, raw.at("data", "comments", "nodes", index)) for index, each in enumerate(items)]
    data_2 = response.data or types.CommentsResponseData()
    comments_2 = data_2.comments or types.CommentConnection()
    page_info = comments_2.page_info or types.PageInfo()
    return Page(records, cursor=pagination.token(page_info.end_cursor) if page_info.has_next_page else None)


def read_comment(r: types.Comment, raw: Raw) -> Comment:
    """Read a unified Comment from a Comment of Linear."""
    issue = r.issue or types.Issue()
    user = r.user or types.User()
    external_user = r.external_user or types.ExternalUser()
    bot_actor = r.bot_actor or types.ActorBot()
    values: CommentValues = {
        "id": responses.required(r.id, "id", "Linear"),
        "task_id": issue.id,
        "body": r.body,
        "internal": None,
        "author_id": user.id,
        "author_name": user.display_name or external_user.display_name or bot_actor.user_display_name,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
    }
    return make_comment(values, raw)
