"""Roundup users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_USER = Endpoint("getUser", "GET", "/rest/data/user/{user_id}", Retry.SAFE)
LIST_USERS = Endpoint("listUsers", "GET", "/rest/data/user", Retry.SAFE)

make_user = record_factory(User, "roundup", absent=("active", "kind", "avatar_url"))
SELECT = "id,realname,address,username"
LIST_UNSUPPORTED = {"project_id": "each Roundup tracker is one project; list all users"}

FIELDS: dict[str, str] = {"user_id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /rest/data/user/{user_id}."""
    response, raw = yield from fetch(
        GET_USER, path=(ctx.connection["username"],), query={"@fields": SELECT}, schema=types.GetUserResponse
    )
    data = response.data or types.UsersItem()
    record = responses.required(data.attributes, "data.attributes", "Roundup")
    if not _is_user(record):
        raise responses.wrong_resource("User", "Roundup")
    return read_user(record, raw.at("data", "attributes"))


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /rest/data/user/{user_id}."""
    response, raw = yield from fetch(GET_USER, path=(id,), query={"@fields": SELECT}, schema=types.GetUserResponse)
    data = response.data or types.UsersItem()
    record = responses.required(data.attributes, "data.attributes", "Roundup")
    if not _is_user(record):
        raise responses.wrong_resource("User", "Roundup")
    return read_user(record, raw.at("data", "attributes"))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /rest/data/user."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Roundup")
    start = pagination.number(ctx.cursor, 1)
    query: dict[str, Any] = {"@fields": SELECT, "@page_size": input_validation.page_size(ctx.limit, 100)}
    query["@page_index"] = start
    query = input_validation.merge(query, ctx.extra, "Roundup")
    response, raw = yield from fetch(LIST_USERS, query=query, schema=types.ListUsersResponse)
    data = response.data or types.UsersCollection()
    items = data.collection or []
    records = [
        read_user(each, raw.at("data", "collection", index)) for index, each in enumerate(items) if _is_user(each)
    ]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    if filters.email is not None:
        records = [each for each in records if each.email == filters.email]
    data_2 = response.data or types.UsersCollection()
    return Page(
        records,
        cursor=pagination.after_page(
            start, len(items), size=input_validation.page_size(ctx.limit, 100), total=data_2.total_size
        ),
    )


def read_user(r: types.User, raw: Raw) -> User:
    """Read a unified User from a User of Roundup."""
    values: UserValues = {
        "id": responses.required(r.id, "id", "Roundup"),
        "name": r.realname,
        "email": r.address,
        "active": None,
        "kind": None,
        "avatar_url": None,
    }
    return make_user(values, raw)


def _is_user(r: types.User) -> bool:
    return r.username != "anonymous"
