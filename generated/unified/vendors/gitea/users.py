"""Gitea users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

USER_GET_CURRENT = Endpoint("userGetCurrent", "GET", "/user", Retry.SAFE)
USER_GET = Endpoint("userGet", "GET", "/users/{username}", Retry.SAFE)
REPO_GET_ASSIGNEES = Endpoint("repoGetAssignees", "GET", "/repos/{owner}/{repo}/assignees", Retry.SAFE)
USER_SEARCH = Endpoint("userSearch", "GET", "/users/search", Retry.SAFE)

make_user = record_factory(User, "gitea", absent=("active", "kind"))
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"username": "id", "q": "email"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /user."""
    response, raw = yield from fetch(USER_GET_CURRENT, schema=types.UsersUser)
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /users/{username}."""
    response, raw = yield from fetch(USER_GET, path=(id,), schema=types.UsersUser)
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users.

    One of:
        GET /repos/{owner}/{repo}/assignees
        GET /users/search
        GET /users/search
    """
    owner, repo = input_validation.optional_parts(PATTERN_OWNER_REPO, filters.project_id, "project_id")
    if filters.project_id is not None:
        response, raw = yield from fetch(REPO_GET_ASSIGNEES, path=(owner, repo), schema=list[types.UsersUser])
        records = [read_user(each, raw.at(index)) for index, each in enumerate(response)]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
        if filters.email is not None:
            records = [each for each in records if each.email == filters.email]
        return Page(records)
    if filters.email is not None:
        response_2, raw = yield from fetch(
            USER_SEARCH,
            query=pagination.page_query(
                {
                    "q": input_validation.at_least(filters.email, 1, "email", "Gitea"),
                    "limit": input_validation.page_size(ctx.limit, 50),
                },
                ctx.cursor,
                "limit",
            ),
            url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
            schema=types.UserSearchResponse,
        )
        items = response_2.data or []
        records = [read_user(each, raw.at("data", index)) for index, each in enumerate(items)]
        if filters.text is not None:
            words_2 = filters.text.casefold()
            records = [each for each in records if words_2 in f"{each.name or ''} {each.email or ''}".casefold()]
        records = [each for each in records if each.email == filters.email]
        return Page(records, cursor=pagination.link_header(raw))
    query_2: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 50)}
    if filters.text is not None:
        query_2["q"] = input_validation.at_least(filters.text, 1, "text", "Gitea")
    response_3, raw = yield from fetch(
        USER_SEARCH,
        query=pagination.page_query(query_2, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
        schema=types.UserSearchResponse,
    )
    items_2 = response_3.data or []
    records = [read_user(each, raw.at("data", index)) for index, each in enumerate(items_2)]
    return Page(records, cursor=pagination.link_header(raw))


def read_user(r: types.UsersUser, raw: Raw) -> User:
    """Read a unified User from a User of Gitea."""
    values: UserValues = {
        "id": responses.required(r.login, "id", "Gitea"),
        "name": r.full_name or r.login,
        "email": r.email,
        "active": None,
        "kind": None,
        "avatar_url": r.avatar_url,
    }
    return make_user(values, raw)
