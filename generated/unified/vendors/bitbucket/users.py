"""Bitbucket users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_USER = Endpoint("GET /user", "GET", "/user", Retry.SAFE)
GET_USERS_SELECTED_USER = Endpoint("GET /users/{selected_user}", "GET", "/users/{selected_user}", Retry.SAFE)
GET_WORKSPACES_WORKSPACE_MEMBERS = Endpoint(
    "GET /workspaces/{workspace}/members", "GET", "/workspaces/{workspace}/members", Retry.SAFE
)

KIND_READ: dict[Any, Literal["person", "app", "guest"]] = {"user": "person", "app_user": "app", "team": "app"}
make_user = record_factory(User, "bitbucket", absent=("email", "active"))
LIST_UNSUPPORTED = {
    "email": "Bitbucket shows the addresses of others only to administrators",
    "project_id": "Bitbucket has no tasks",
}

FIELDS: dict[str, str] = {"selected_user": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /user."""
    response, raw = yield from fetch(GET_USER, schema=types.UsersObject)
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /users/{selected_user}."""
    response, raw = yield from fetch(GET_USERS_SELECTED_USER, path=(id,), schema=types.UsersObject)
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /workspaces/{workspace}/members."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Bitbucket")
    response, raw = yield from fetch(
        GET_WORKSPACES_WORKSPACE_MEMBERS,
        path=(ctx.connection["workspace_id"],),
        query=pagination.page_query({"pagelen": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "pagelen"),
        url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
        schema=types.PaginatedWorkspaceMemberships,
    )
    items = response.values or []
    records = [
        read_user(inner, raw.at("values", index, "user"))
        for index, each in enumerate(items)
        for inner in (each.user,)
        if inner is not None
    ]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    return Page(records, cursor=pagination.token(response.next))


def read_user(r: types.UsersObject, raw: Raw) -> User:
    """Read a unified User from an account of Bitbucket."""
    links = r.links or types.AccountLinks()
    avatar = links.avatar or types.Link()
    values: UserValues = {
        "id": responses.required(r.uuid, "id", "Bitbucket"),
        "name": r.display_name,
        "email": None,
        "active": None,
        "kind": KIND_READ.get(r.type),
        "avatar_url": avatar.href,
    }
    return make_user(values, raw)
