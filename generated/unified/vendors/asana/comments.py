"""Asana comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import asana_html_comment, datetimes
from . import batches, types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentUpdate, CommentValues

GET_STORY = Endpoint("getStory", "GET", "/stories/{story_gid}", Retry.SAFE)
CREATE_STORY_FOR_TASK = Endpoint(
    "createStoryForTask", "POST", "/tasks/{task_gid}/stories", Retry.NEVER, batch=batches.CREATE_BATCH_REQUEST_NEVER
)
UPDATE_STORY = Endpoint("updateStory", "PUT", "/stories/{story_gid}", Retry.IDEMPOTENT)
DELETE_STORY = Endpoint("deleteStory", "DELETE", "/stories/{story_gid}", Retry.IDEMPOTENT)
GET_STORIES_FOR_TASK = Endpoint("getStoriesForTask", "GET", "/tasks/{task_gid}/stories", Retry.SAFE)

make_comment = record_factory(
    Comment,
    "asana",
    absent=("internal", "updated_at"),
    lazy={"body": LazyField(asana_html_comment.decode, "html_text")},
)
SELECT = "gid,target,html_text,created_by,created_by.name,created_at,type"
CREATE_UNSUPPORTED = {"internal": "Asana comments are visible to everyone with access to the task"}
UPDATE_NEVER_CLEARED = ("body",)

FIELDS: dict[str, str] = {"story_gid": "id", "task_gid": "task_id", "html_text": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

BATCHES: dict[str, int] = {"create": 10}
"""Operations that can be batched, with the largest batch."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: GET /stories/{story_gid}."""
    response, raw = yield from fetch(GET_STORY, path=(id,), query={"opt_fields": SELECT}, schema=types.GetStoryResponse)
    record = responses.required(response.data, "data", "Asana")
    if not _is_comment(record):
        raise responses.wrong_resource("Comment", "Asana")
    return read_comment(record, raw.at("data"))


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task: POST /tasks/{task_gid}/stories."""
    input_validation.reject_unsupported(comment, CREATE_UNSUPPORTED, "Asana")
    body: dict[str, Any] = {"html_text": asana_html_comment.encode(comment.body)}
    body = input_validation.merge(body, ctx.extra, "Asana")
    response, raw = yield from fetch(
        CREATE_STORY_FOR_TASK,
        path=(comment.task_id,),
        query={"opt_fields": SELECT},
        json={"data": body},
        schema=types.CreateStoryForTaskResponse,
    )
    record = responses.required(response.data, "data", "Asana")
    if not _is_comment(record):
        raise responses.wrong_resource("Comment", "Asana")
    return read_comment(record, raw.at("data"))


def update(ctx: Context, id: str, comment: CommentUpdate) -> Steps[Comment]:
    """Change the text of a comment: PUT /stories/{story_gid}."""
    given = input_validation.changes(comment, ctx.extra, "Asana")
    input_validation.reject_clearing(comment, given, UPDATE_NEVER_CLEARED, "Asana")
    body: dict[str, Any] = {}
    if comment.body is not None:
        body["html_text"] = asana_html_comment.encode(comment.body)
    body = input_validation.merge(body, ctx.extra, "Asana")
    response, raw = yield from fetch(
        UPDATE_STORY, path=(id,), query={"opt_fields": SELECT}, json={"data": body}, schema=types.UpdateStoryResponse
    )
    record = responses.required(response.data, "data", "Asana")
    if not _is_comment(record):
        raise responses.wrong_resource("Comment", "Asana")
    return read_comment(record, raw.at("data"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment for good: DELETE /stories/{story_gid}."""
    yield from call(DELETE_STORY, path=(id,), query=ctx.extra or None)


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /tasks/{task_gid}/stories."""
    query: dict[str, Any] = {"opt_fields": SELECT, "limit": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["offset"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Asana")
    response, raw = yield from fetch(
        GET_STORIES_FOR_TASK, path=(filters.task_id,), query=query, schema=types.GetStoriesForTaskResponse
    )
    items = response.data or []
    records = [read_comment(each, raw.at("data", index)) for index, each in enumerate(items) if _is_comment(each)]
    next_page = response.next_page or types.NextPage()
    return Page(records, cursor=pagination.token(next_page.offset))


def read_comment(r: types.StoryBase, raw: Raw) -> Comment:
    """Read a unified Comment from a StoryResponse of Asana."""
    target = r.target or types.TaskCompact()
    created_by = r.created_by or types.UserCompact()
    values: CommentValues = {
        "id": responses.required(r.gid, "id", "Asana"),
        "task_id": target.gid,
        "internal": None,
        "author_id": created_by.gid,
        "author_name": created_by.name,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": None,
    }
    return make_comment(values, raw, r.html_text)


def _is_comment(r: types.StoryBase) -> bool:
    return r.type != "system"
