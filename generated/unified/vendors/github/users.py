"""GitHub users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.query import github
from . import types
from ...models.users import User, UserFilters, UserValues

USERS_GET_AUTHENTICATED = Endpoint("users/get-authenticated", "GET", "/user", Retry.SAFE)
USERS_GET_BY_USERNAME = Endpoint("users/get-by-username", "GET", "/users/{username}", Retry.SAFE)
ISSUES_LIST_ASSIGNEES = Endpoint("issues/list-assignees", "GET", "/repos/{owner}/{repo}/assignees", Retry.SAFE)
SEARCH_USERS = Endpoint("search/users", "GET", "/search/users", Retry.SAFE)

KIND_READ: dict[Any, Literal["person", "app", "guest"]] = {"User": "person", "Bot": "app"}
make_user = record_factory(User, "github", absent=("active",))
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")
LIST_ISSUES_LIST_ASSIGNEES_UNSUPPORTED = {
    "email": "GitHub lists the assignable users of a repository without email addresses"
}

FIELDS: dict[str, str] = {"username": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /user."""
    response, raw = yield from fetch(USERS_GET_AUTHENTICATED, schema=types.UsersSimpleUser)
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /users/{username}."""
    response, raw = yield from fetch(USERS_GET_BY_USERNAME, path=(id,), schema=types.UsersSimpleUser)
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users.

    One of:
        GET /repos/{owner}/{repo}/assignees
        GET /search/users
        GET /search/users
    """
    owner, repo = input_validation.optional_parts(PATTERN_OWNER_REPO, filters.project_id, "project_id")
    if filters.project_id is not None:
        input_validation.reject_unsupported(filters, LIST_ISSUES_LIST_ASSIGNEES_UNSUPPORTED, "GitHub")
        response, raw = yield from fetch(
            ISSUES_LIST_ASSIGNEES,
            path=(owner, repo),
            query=pagination.page_query(
                {"per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"
            ),
            url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
            schema=list[types.UsersSimpleUser],
        )
        records = [read_user(each, raw.at(index)) for index, each in enumerate(response)]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
        return Page(records, cursor=pagination.link_header(raw))
    if filters.email is not None:
        clauses = ["type:user", f"{github.contains(filters.email)} in:email"]
        if filters.text is not None:
            clauses.append(f"{github.contains(filters.text)} in:login,name,email")
        response_2, raw = yield from fetch(
            SEARCH_USERS,
            query=pagination.page_query(
                {"q": " ".join(clauses), "per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"
            ),
            url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
            schema=types.SearchUsersResponse,
        )
        responses.check_not_partial(response_2.incomplete_results, "GitHub")
        items = response_2.items or []
        records = [read_user(each, raw.at("items", index)) for index, each in enumerate(items)]
        return Page(records, cursor=pagination.link_header(raw))
    text = input_validation.require("text", filters.text, "GitHub")
    clauses_2 = ["type:user", f"{github.contains(text)} in:login,name,email"]
    response_3, raw = yield from fetch(
        SEARCH_USERS,
        query=pagination.page_query(
            {"q": " ".join(clauses_2), "per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"
        ),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=types.SearchUsersResponse,
    )
    responses.check_not_partial(response_3.incomplete_results, "GitHub")
    items_2 = response_3.items or []
    records = [read_user(each, raw.at("items", index)) for index, each in enumerate(items_2)]
    return Page(records, cursor=pagination.link_header(raw))


def read_user(r: types.UsersSimpleUser, raw: Raw) -> User:
    """Read a unified User from a simple-user of GitHub."""
    values: UserValues = {
        "id": responses.required(r.login, "id", "GitHub"),
        "name": r.name,
        "email": r.email,
        "active": None,
        "kind": KIND_READ.get(r.type),
        "avatar_url": r.avatar_url,
    }
    return make_user(values, raw)
