"""Zendesk users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.query import zendesk
from . import types
from ...models.users import User, UserFilters, UserValues

SHOW_CURRENT_USER = Endpoint("ShowCurrentUser", "GET", "/api/v2/users/me", Retry.SAFE)
SHOW_USER = Endpoint("ShowUser", "GET", "/api/v2/users/{user_id}", Retry.SAFE)
GET_API_V2_GROUPS_GROUP_ID_USERS = Endpoint(
    "GET /api/v2/groups/{group_id}/users", "GET", "/api/v2/groups/{group_id}/users", Retry.SAFE
)
SEARCH_USERS = Endpoint("SearchUsers", "GET", "/api/v2/users/search", Retry.SAFE)
LIST_USERS = Endpoint("ListUsers", "GET", "/api/v2/users", Retry.SAFE)

KIND_READ: dict[Any, Literal["person", "app", "guest"]] = {"agent": "person", "admin": "person", "end-user": "guest"}
make_user = record_factory(User, "zendesk")

FIELDS: dict[str, str] = {"user_id": "id", "group_id": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /api/v2/users/me."""
    response, raw = yield from fetch(SHOW_CURRENT_USER, schema=types.CurrentUserResponse)
    record = responses.required(response.user, "user", "Zendesk")
    return read_user(record, raw.at("user"))


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /api/v2/users/{user_id}."""
    response, raw = yield from fetch(
        SHOW_USER, path=(input_validation.integer_id(id, "id", "Zendesk"),), schema=types.UserResponse
    )
    record = responses.required(response.user, "user", "Zendesk")
    return read_user(record, raw.at("user"))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users.

    One of:
        GET /api/v2/groups/{group_id}/users
        GET /api/v2/users/search
        GET /api/v2/users
    """
    if filters.project_id is not None:
        query: dict[str, Any] = {"page[size]": input_validation.page_size(ctx.limit, 100)}
        if ctx.cursor is not None:
            query["page[after]"] = ctx.cursor
        response, raw = yield from fetch(
            GET_API_V2_GROUPS_GROUP_ID_USERS,
            path=(input_validation.integer_id(filters.project_id, "project_id", "Zendesk"),),
            query=query,
            schema=types.UsersResponse,
        )
        items = response.users or []
        records = [read_user(each, raw.at("users", index)) for index, each in enumerate(items) if _is_listed(each)]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
        if filters.email is not None:
            records = [each for each in records if each.email == filters.email]
        meta = response.meta or types.UsersResponseMeta()
        return Page(records, cursor=pagination.token(meta.after_cursor) if meta.has_more else None)
    if filters.text is not None or filters.email is not None:
        clauses = ["role:agent", "role:admin"]
        if filters.text is not None:
            clauses.append(f"{zendesk.contains(filters.text)}")
        if filters.email is not None:
            clauses.append(f"email:{zendesk.text(filters.email)}")
        start = pagination.number(ctx.cursor, 1)
        query_2: dict[str, Any] = {"query": " ".join(clauses), "per_page": input_validation.page_size(ctx.limit, 100)}
        query_2["page"] = start
        response_2, raw = yield from fetch(SEARCH_USERS, query=query_2, schema=types.UsersUsersResponse)
        items_2 = response_2.users or []
        records = [read_user(each, raw.at("users", index)) for index, each in enumerate(items_2) if _is_listed(each)]
        return Page(
            records,
            cursor=pagination.after_page(
                start, len(items_2), size=input_validation.page_size(ctx.limit, 100), total=response_2.count
            ),
        )
    query_3: dict[str, Any] = {"role[]": ["agent", "admin"], "page[size]": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query_3["page[after]"] = ctx.cursor
    response_3, raw = yield from fetch(LIST_USERS, query=query_3, schema=types.UsersResponse)
    items_3 = response_3.users or []
    records = [read_user(each, raw.at("users", index)) for index, each in enumerate(items_3) if _is_listed(each)]
    meta_2 = response_3.meta or types.UsersResponseMeta()
    return Page(records, cursor=pagination.token(meta_2.after_cursor) if meta_2.has_more else None)


def read_user(r: types.UserForAdmin, raw: Raw) -> User:
    """Read a unified User from a UserForAdmin of Zendesk."""
    photo = r.photo or types.UserForAdminPhoto()
    values: UserValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Zendesk"),
        "name": r.name,
        "email": r.email,
        "active": r.active,
        "kind": KIND_READ.get(r.role),
        "avatar_url": photo.content_url,
    }
    return make_user(values, raw)


def _is_listed(r: types.UserForAdmin) -> bool:
    return r.role != "end-user"
