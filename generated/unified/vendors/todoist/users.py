"""Todoist users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, reconciliation, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_USER = Endpoint("getUser", "GET", "/user", Retry.SAFE)
SYNC = Endpoint("sync", "POST", "/sync", Retry.SAFE)
LIST_PROJECT_COLLABORATORS = Endpoint("listProjectCollaborators", "GET", "/projects/{id}/collaborators", Retry.SAFE)

make_user = record_factory(User, "todoist", absent=("active", "kind"))

FIELDS: dict[str, str] = {"id": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /user."""
    response, raw = yield from fetch(GET_USER, schema=types.User)
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: POST /sync."""
    body: dict[str, Any] = {"sync_token": "*", "resource_types": '["collaborators"]'}
    response, raw = yield from fetch(SYNC, form=body, schema=types.SyncResponse)
    place = reconciliation.index_of(raw.at("collaborators").value, ((("id",), id),), 0)
    record = responses.one(responses.item(response.collaborators, place), "User", "Todoist")
    return read_user(record, raw.at("collaborators", place))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /projects/{id}/collaborators."""
    project_id = input_validation.require("project_id", filters.project_id, "Todoist")
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 200)}
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    response, raw = yield from fetch(
        LIST_PROJECT_COLLABORATORS, path=(project_id,), query=query, schema=types.ListProjectCollaboratorsResponse
    )
    items = response.results or []
    records = [read_user(each, raw.at("results", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    if filters.email is not None:
        records = [each for each in records if each.email == filters.email]
    return Page(records, cursor=pagination.token(response.next_cursor))


def read_user(r: types.User, raw: Raw) -> User:
    """Read a unified User from a User of Todoist."""
    values: UserValues = {
        "id": responses.required(r.id, "id", "Todoist"),
        "name": r.full_name or r.name,
        "email": r.email,
        "active": None,
        "kind": None,
        "avatar_url": r.avatar_medium,
    }
    return make_user(values, raw)
