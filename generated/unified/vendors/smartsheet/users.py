"""Smartsheet users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_CURRENT_USER = Endpoint("get-current-user", "GET", "/users/me", Retry.SAFE)
GET_USER = Endpoint("get-user", "GET", "/users/{userId}", Retry.SAFE)
LIST_USERS = Endpoint("list-users", "GET", "/users", Retry.SAFE)

make_user = record_factory(User, "smartsheet", absent=("active", "kind", "avatar_url"))
LIST_UNSUPPORTED = {"project_id": "Smartsheet has no projects"}

FIELDS: dict[str, str] = {"userId": "id", "email": "email"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /users/me."""
    response, raw = yield from fetch(GET_CURRENT_USER, schema=types.UserProfile)
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /users/{userId}."""
    response, raw = yield from fetch(
        GET_USER, path=(input_validation.integer_id(id, "id", "Smartsheet"),), schema=types.UserProfile
    )
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /users."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Smartsheet")
    start = pagination.number(ctx.cursor, 1)
    query: dict[str, Any] = {"pageSize": input_validation.page_size(ctx.limit, 100)}
    if filters.email is not None:
        query["email"] = input_validation.at_least(filters.email, 1, "email", "Smartsheet")
    query["page"] = start
    query = input_validation.merge(query, ctx.extra, "Smartsheet")
    response, raw = yield from fetch(LIST_USERS, query=query, schema=types.UsersIndexResult)
    items = response.data or []
    records = [read_user(each, raw.at("data", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    return Page(
        records,
        cursor=pagination.after_page(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=response.total_count
        ),
    )


def read_user(r: types.UserProfile, raw: Raw) -> User:
    """Read a unified User from a UserProfile of Smartsheet."""
    values: UserValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Smartsheet"),
        "name": f"{r.first_name} {r.last_name}" if r.first_name is not None and r.last_name is not None else None,
        "email": r.email,
        "active": None,
        "kind": None,
        "avatar_url": None,
    }
    return make_user(values, raw)
