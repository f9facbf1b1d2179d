"""Redmine users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_openapi.requests import styles
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_CURRENT_USER = Endpoint("getCurrentUser", "GET", "/users/current.{format}", Retry.SAFE)
GET_USER = Endpoint("getUser", "GET", "/users/{user_id}.{format}", Retry.SAFE)
GET_USERS = Endpoint("getUsers", "GET", "/users.{format}", Retry.SAFE, query={"include": styles.COMMAS})

ACTIVE_READ: dict[Any, bool] = {1: True, 2: False, 3: False}
make_user = record_factory(User, "redmine", absent=("kind",))
LIST_UNSUPPORTED = {"project_id": "Redmine lists the members of a project only by name; list all users"}

FIELDS: dict[str, str] = {"user_id": "id", "name": "email"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /users/current.{format}."""
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
    """List or search users.

    One of:
        GET /users.{format}
        GET /users.{format}
    """
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Redmine")
    if filters.email is not None:
        start = pagination.number(ctx.cursor, 0)
        query: dict[str, Any] = {
            "name": input_validation.at_least(filters.email, 1, "email", "Redmine"),
            "limit": input_validation.page_size(ctx.limit, 100),
        }
        query["offset"] = start
        query = input_validation.merge(query, ctx.extra, "Redmine")
        response, raw = yield from fetch(GET_USERS, path=("json",), query=query, schema=types.GetUsersResponse)
        items = response.users or []
        records = [read_user(each, raw.at("users", index)) for index, each in enumerate(items)]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
        records = [each for each in records if each.email == filters.email]
        return Page(
            records,
            cursor=pagination.after_offset(
                start, len(items), size=input_validation.page_size(ctx.limit, 100), total=response.total_count
            ),
        )
    start_2 = pagination.number(ctx.cursor, 0)
    query_2: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 100)}
    query_2["offset"] = start_2
    query_2 = input_validation.merge(query_2, ctx.extra, "Redmine")
    response_2, raw = yield from fetch(GET_USERS, path=("json",), query=query_2, schema=types.GetUsersResponse)
    items_2 = response_2.users or []
    records = [read_user(each, raw.at("users", index)) for index, each in enumerate(items_2)]
    if filters.text is not None:
        words_2 = filters.text.casefold()
        records = [each for each in records if words_2 in f"{each.name or ''} {each.email or ''}".casefold()]
    return Page(
        records,
        cursor=pagination.after_offset(
            start_2, len(items_2), size=input_validation.page_size(ctx.limit, 100), total=response_2.total_count
        ),
    )


def read_user(r: types.UsersUser, raw: Raw) -> User:
    """Read a unified User from a user of Redmine."""
    values: UserValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "name": f"{r.firstname} {r.lastname}" if r.firstname is not None and r.lastname is not None else None,
        "email": r.mail,
        "active": ACTIVE_READ.get(r.status),
        "kind": None,
        "avatar_url": r.avatar_url,
    }
    return make_user(values, raw)
