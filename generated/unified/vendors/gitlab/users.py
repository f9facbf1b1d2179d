"""GitLab users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_API_V4_USER = Endpoint("getApiV4User", "GET", "/api/v4/user", Retry.SAFE)
GET_API_V4_USERS_ID = Endpoint("getApiV4UsersId", "GET", "/api/v4/users/{id}", Retry.SAFE)
GET_API_V4_PROJECTS_ID_USERS = Endpoint("getApiV4ProjectsIdUsers", "GET", "/api/v4/projects/{id}/users", Retry.SAFE)
GET_API_V4_USERS = Endpoint("getApiV4Users", "GET", "/api/v4/users", Retry.SAFE)

ACTIVE_READ: dict[Any, bool] = {"active": True}
KIND_READ: dict[Any, Literal["person", "app", "guest"]] = {True: "app", False: "person"}
make_user = record_factory(User, "gitlab")

FIELDS: dict[str, str] = {"id": "id", "search": "text"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /api/v4/user."""
    response, raw = yield from fetch(GET_API_V4_USER, schema=types.UsersAPIEntitiesUser)
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /api/v4/users/{id}."""
    response, raw = yield from fetch(
        GET_API_V4_USERS_ID, path=(input_validation.integer_id(id, "id", "GitLab"),), schema=types.UsersAPIEntitiesUser
    )
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users.

    One of:
        GET /api/v4/projects/{id}/users
        GET /api/v4/users
        GET /api/v4/users
    """
    if filters.project_id is not None:
        query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
        if filters.text is not None:
            query["search"] = input_validation.at_least(filters.text, 1, "text", "GitLab")
        response, raw = yield from fetch(
            GET_API_V4_PROJECTS_ID_USERS,
            path=(input_validation.integer_id(filters.project_id, "project_id", "GitLab"),),
            query=pagination.page_query(query, ctx.cursor, "per_page"),
            url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
            schema=list[types.UsersAPIEntitiesUser],
        )
        records = [read_user(each, raw.at(index)) for index, each in enumerate(response)]
        if filters.email is not None:
            records = [each for each in records if each.email == filters.email]
        return Page(records, cursor=pagination.link_header(raw))
    if filters.email is not None:
        response_2, raw = yield from fetch(
            GET_API_V4_USERS,
            query=pagination.page_query(
                {
                    "search": input_validation.at_least(filters.email, 1, "email", "GitLab"),
                    "per_page": input_validation.page_size(ctx.limit, 100),
                },
                ctx.cursor,
                "per_page",
            ),
            url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
            schema=list[types.UsersAPIEntitiesUser],
        )
        records = [read_user(each, raw.at(index)) for index, each in enumerate(response_2)]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
        records = [each for each in records if each.email == filters.email]
        return Page(records, cursor=pagination.link_header(raw))
    query_3: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    if filters.text is not None:
        query_3["search"] = input_validation.at_least(filters.text, 1, "text", "GitLab")
    response_3, raw = yield from fetch(
        GET_API_V4_USERS,
        query=pagination.page_query(query_3, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.UsersAPIEntitiesUser],
    )
    records = [read_user(each, raw.at(index)) for index, each in enumerate(response_3)]
    return Page(records, cursor=pagination.link_header(raw))


def read_user(r: types.UsersAPIEntitiesUser, raw: Raw) -> User:
    """Read a unified User from an API_Entities_User of GitLab."""
    values: UserValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "GitLab"),
        "name": r.name,
        "email": r.public_email or r.email,
        "active": ACTIVE_READ.get(r.state, False),
        "kind": KIND_READ.get(r.bot),
        "avatar_url": r.avatar_url,
    }
    return make_user(values, raw)
