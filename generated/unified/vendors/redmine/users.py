"""Redmine users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_CURRENT_USER = Endpoint("getCurrentUser", "GET", "/users/current.{format}", Retry.SAFE)
GET_USER = Endpoint("getUser", "GET", "/users/{user_id}.{format}", Retry.SAFE)
GET_USERS = Endpoint("getUsers", "GET", "/users.{format}", Retry.SAFE)

ACTIVE_READ: dict[Any, bool] = {1: True, 2: False, 3: False}
make_user = record_factory(User, "redmine")
LIST_UNSUPPORTED = {"project_id": "a project lists its members by name only; list all users"}

FIELDS: dict[str, str] = {"user_id": "id", "name": "text"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the acting user: GET /users/current.{format}."""
    response, raw = yield from fetch(GET_CURRENT_USER, path=("json",), schema=types.GetCurrentUserResponse)
    record = responses.required(response.user, "user", "Redmine")
    return read_user(record, raw.at("user"))


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /users/{user_id}.{format}."""
    response, raw = yield from fetch(
        GET_USER, path=(input_validation.integer_id(id, "id", "Redmine"), "json"), schema=types.GetUserResponse
    )
    record = responses.required(response.user, "user", "Redmine")
    return read_user(record, raw.at("user"))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /users.{format}."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Redmine")
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 100)}
    if filters.text is not None:
        query["name"] = input_validation.at_least(filters.text, 1, "text", "Redmine")
    query["offset"] = start
    response, raw = yield from fetch(GET_USERS, path=("json",), query=query, schema=types.GetUsersResponse)
    items = response.users or []
    records = [read_user(each, raw.at("users", index)) for index, each in enumerate(items)]
    return Page(
        records,
        cursor=pagination.after_offset(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=response.total_count
        ),
    )


def read_user(r: types.UsersUser, raw: Raw) -> User:
    """Read a unified User from a user of Redmine."""
    values: UserValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "name": f"{r.firstname} {r.lastname}" if r.firstname is not None and r.lastname is not None else None,
        "email": r.mail,
        "active": ACTIVE_READ.get(r.status),
        "avatar_url": r.avatar_url,
    }
    return make_user(values, raw)
