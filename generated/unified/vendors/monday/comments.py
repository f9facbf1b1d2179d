"""monday comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, reconciliation, responses
from unified_runtime.adapter_api.codecs import datetimes, html
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentUpdate, CommentValues

UPDATES = Endpoint("updates", "POST", "/#updates", Retry.SAFE)
DELETE_UPDATE = Endpoint("delete_update", "POST", "/#delete_update", Retry.NEVER)
CREATE_UPDATE = Endpoint("create_update", "POST", "/#create_update", Retry.NEVER)
EDIT_UPDATE = Endpoint("edit_update", "POST", "/#edit_update", Retry.NEVER)
ITEMS = Endpoint("items", "POST", "/#items", Retry.SAFE)

make_comment = record_factory(Comment, "monday", absent=("internal",), lazy={"body": LazyField(html.decode, "body")})
UPDATE_FIELDS = (
    "\nfragment UpdateFields on Update {\n"
    "  id\n"
    "  item_id\n"
    "  body\n"
    "  creator_id\n"
    "  creator {\n"
    "    name\n"
    "  }\n"
    "  created_at\n"
    "  updated_at\n"
    "}"
)
UPDATES_QUERY = ("query updates($ids: [ID!]) {\n  updates(ids: $ids) {\n    ...UpdateFields\n  }\n}") + UPDATE_FIELDS
DELETE_UPDATE_QUERY = "mutation delete_update($id: ID!) {\n  delete_update(id: $id) {\n    __typename\n  }\n}"
CREATE_UNSUPPORTED = {"internal": "monday updates are visible to everyone with access to the board"}
CREATE_UPDATE_QUERY = (
    "mutation create_update($body: String!, $original_creation_date: String, $mentions_list: [UpdateMention], $item_id: ID, $parent_id: ID, $use_app_info: Boolean) {\n"
    "  create_update(body: $body, original_creation_date: $original_creation_date, mentions_list: $mentions_list, item_id: $item_id, parent_id: $parent_id, use_app_info: $use_app_info) {\n"
    "    ...UpdateFields\n"
    "  }\n"
    "}"
) + UPDATE_FIELDS
UPDATE_NEVER_CLEARED = ("body",)
EDIT_UPDATE_QUERY = (
    "mutation edit_update($id: ID!, $body: String!) {\n"
    "  edit_update(id: $id, body: $body) {\n"
    "    ...UpdateFields\n"
    "  }\n"
    "}"
) + UPDATE_FIELDS
ITEMS_QUERY = (
    "query items($exclude_nonactive: Boolean, $ids: [ID!], $newest_first: Boolean, $updates_page: Int, $updates_limit: Int) {\n"
    "  items(exclude_nonactive: $exclude_nonactive, ids: $ids, newest_first: $newest_first) {\n"
    "    updates(page: $updates_page, limit: $updates_limit) {\n"
    "      ...UpdateFields\n"
    "    }\n"
    "  }\n"
    "}"
) + UPDATE_FIELDS

FIELDS: dict[str, str] = {"ids": "id", "id": "id", "item_id": "task_id", "body": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: POST /#updates."""
    body: dict[str, Any] = {"ids": [id]}
    response, raw = yield from fetch(
        UPDATES, json={"query": UPDATES_QUERY, "variables": body}, schema=types.UpdatesResponse
    )
    data = response.data or types.UpdatesResponseData()
    place = reconciliation.index_of(raw.at("data", "updates").value, ((("id",), id),), 0)
    record = responses.one(responses.item(data.updates, place), "Comment", "monday")
    return read_comment(record, raw.at("data", "updates", place))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment for good: POST /#delete_update."""
    yield from call(DELETE_UPDATE, json={"query": DELETE_UPDATE_QUERY, "variables": {"id": id}})


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task: POST /#create_update."""
    input_validation.reject_unsupported(comment, CREATE_UNSUPPORTED, "monday")
    body: dict[str, Any] = {"item_id": comment.task_id, "body": html.encode(comment.body)}
    body = input_validation.merge(body, ctx.extra, "monday")
    response, raw = yield from fetch(
        CREATE_UPDATE, json={"query": CREATE_UPDATE_QUERY, "variables": body}, schema=types.CreateUpdateResponse
    )
    data = response.data or types.CreateUpdateResponseData()
    record = responses.required(data.create_update, "data.create_update", "monday")
    return read_comment(record, raw.at("data", "create_update"))


def update(ctx: Context, id: str, comment: CommentUpdate) -> Steps[Comment]:
    """Change the text of a comment: POST /#edit_update."""
    given = input_validation.changes(comment, ctx.extra, "monday")
    input_validation.reject_clearing(comment, given, UPDATE_NEVER_CLEARED, "monday")
    body: dict[str, Any] = {"id": id}
    if comment.body is not None:
        body["body"] = html.encode(comment.body)
    body = input_validation.merge(body, ctx.extra, "monday")
    response, raw = yield from fetch(
        EDIT_UPDATE, json={"query": EDIT_UPDATE_QUERY, "variables": body}, schema=types.EditUpdateResponse
    )
    data = response.data or types.EditUpdateResponseData()
    record = responses.required(data.edit_update, "data.edit_update", "monday")
    return read_comment(record, raw.at("data", "edit_update"))


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: POST /#items."""
    start = pagination.number(ctx.cursor, 1)
    body: dict[str, Any] = {"ids": [filters.task_id], "updates_limit": input_validation.page_size(ctx.limit, 100)}
    body["updates_page"] = start
    body = input_validation.merge(body, ctx.extra, "monday")
    response, raw = yield from fetch(ITEMS, json={"query": ITEMS_QUERY, "variables": body}, schema=types.ItemsResponse)
    data = response.data or types.ItemsResponseData()
    first_items = (data.items or (None,))[0] or types.Item()
    items = first_items.updates or []
    records = [read_comment(each, raw.at("data", "items", 0, "updates", index)) for index, each in enumerate(items)]
    return Page(
        records, cursor=pagination.after_page(start, len(items), size=input_validation.page_size(ctx.limit, 100))
    )


def read_comment(r: types.Update, raw: Raw) -> Comment:
    """Read a unified Comment from a Update of monday."""
    creator = r.creator or types.User()
    values: CommentValues = {
        "id": responses.required(r.id, "id", "monday"),
        "task_id": r.item_id,
        "internal": None,
        "author_id": r.creator_id,
        "author_name": creator.name,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
    }
    return make_comment(values, raw, r.body)
