"""Asana users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_USER = Endpoint("getUser", "GET", "/users/{user_gid}", Retry.SAFE)
GET_USERS = Endpoint("getUsers", "GET", "/users", Retry.SAFE)

make_user = record_factory(User, "asana", absent=("active", "kind"))
SELECT = "gid,name,email,photo.image_128x128"
LIST_UNSUPPORTED = {
    "project_id": "Asana lists the members of a project without email addresses; list the users of the workspace"
}

FIELDS: dict[str, str] = {"user_gid": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /users/{user_gid}."""
    response, raw = yield from fetch(GET_USER, path=("me",), query={"opt_fields": SELECT}, schema=types.GetUserResponse)
    record = responses.required(response.data, "data", "Asana")
    return read_user(record, raw.at("data"))


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /users/{user_gid}."""
    response, raw = yield from fetch(GET_USER, path=(id,), query={"opt_fields": SELECT}, schema=types.GetUserResponse)
    record = responses.required(response.data, "data", "Asana")
    return read_user(record, raw.at("data"))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /users."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Asana")
    query: dict[str, Any] = {
        "workspace": ctx.connection["workspace"],
        "opt_fields": SELECT,
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["offset"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Asana")
    response, raw = yield from fetch(GET_USERS, query=query, schema=types.GetUsersResponse)
    items = response.data or []
    records = [read_user(each, raw.at("data", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    if filters.email is not None:
        records = [each for each in records if each.email == filters.email]
    next_page = response.next_page or types.NextPage()
    return Page(records, cursor=pagination.token(next_page.offset))


def read_user(r: types.UsersUserCompact, raw: Raw) -> User:
    """Read a unified User from a UserResponse of Asana."""
    photo = r.photo or types.UserCompactPhoto()
    values: UserValues = {
        "id": responses.required(r.gid, "id", "Asana"),
        "name": r.name,
        "email": r.email,
        "active": None,
        "kind": None,
        "avatar_url": photo.image_128x128,
    }
    return make_user(values, raw)
