"""Jira users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_CURRENT_USER = Endpoint("getCurrentUser", "GET", "/rest/api/3/myself", Retry.SAFE)
GET_USER = Endpoint("getUser", "GET", "/rest/api/3/user", Retry.SAFE)
FIND_ASSIGNABLE_USERS = Endpoint("findAssignableUsers", "GET", "/rest/api/3/user/assignable/search", Retry.SAFE)
FIND_USERS = Endpoint("findUsers", "GET", "/rest/api/3/user/search", Retry.SAFE)
GET_ALL_USERS = Endpoint("getAllUsers", "GET", "/rest/api/3/users/search", Retry.SAFE)

KIND_READ: dict[Any, Literal["person", "app", "guest"]] = {"atlassian": "person", "app": "app", "customer": "guest"}
make_user = record_factory(User, "jira")

FIELDS: dict[str, str] = {"accountId": "id", "project": "project_id", "query": "email"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /rest/api/3/myself."""
    response, raw = yield from fetch(GET_CURRENT_USER, schema=types.UsersUser)
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /rest/api/3/user."""
    response, raw = yield from fetch(
        GET_USER, query={"accountId": input_validation.at_most(id, 128, "id", "Jira")}, schema=types.UsersUser
    )
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users.

    One of:
        GET /rest/api/3/user/assignable/search
        GET /rest/api/3/user/assignable/search
        GET /rest/api/3/user/search
        GET /rest/api/3/user/search
        GET /rest/api/3/users/search
    """
    if filters.project_id is not None and filters.email is not None:
        response, raw = yield from fetch(
            FIND_ASSIGNABLE_USERS,
            query={
                "project": filters.project_id,
                "query": input_validation.at_least(filters.email, 1, "email", "Jira"),
                "maxResults": 1000,
            },
            schema=list[types.UsersUser],
        )
        records = [read_user(each, raw.at(index)) for index, each in enumerate(response) if _is_listed(each)]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
        return Page(records)
    if filters.project_id is not None:
        query_2: dict[str, Any] = {"project": filters.project_id, "maxResults": 1000}
        if filters.text is not None:
            query_2["query"] = input_validation.at_least(filters.text, 1, "text", "Jira")
        response_2, raw = yield from fetch(FIND_ASSIGNABLE_USERS, query=query_2, schema=list[types.UsersUser])
        records = [read_user(each, raw.at(index)) for index, each in enumerate(response_2) if _is_listed(each)]
        return Page(records)
    if filters.email is not None:
        response_3, raw = yield from fetch(
            FIND_USERS,
            query={"query": input_validation.at_least(filters.email, 1, "email", "Jira"), "maxResults": 1000},
            schema=list[types.UsersUser],
        )
        records = [read_user(each, raw.at(index)) for index, each in enumerate(response_3) if _is_listed(each)]
        if filters.text is not None:
            words_2 = filters.text.casefold()
            records = [each for each in records if words_2 in f"{each.name or ''} {each.email or ''}".casefold()]
        return Page(records)
    if filters.text is not None:
        response_4, raw = yield from fetch(
            FIND_USERS,
            query={"query": input_validation.at_least(filters.text, 1, "text", "Jira"), "maxResults": 1000},
            schema=list[types.UsersUser],
        )
        records = [read_user(each, raw.at(index)) for index, each in enumerate(response_4) if _is_listed(each)]
        return Page(records)
    start = pagination.number(ctx.cursor, 0)
    query_5: dict[str, Any] = {"maxResults": input_validation.page_size(ctx.limit, 1000)}
    query_5["startAt"] = start
    response_5, raw = yield from fetch(GET_ALL_USERS, query=query_5, schema=list[types.UsersUser])
    records = [read_user(each, raw.at(index)) for index, each in enumerate(response_5) if _is_listed(each)]
    return Page(
        records,
        cursor=pagination.after_offset(start, len(response_5), size=input_validation.page_size(ctx.limit, 1000)),
    )


def read_user(r: types.UsersUser, raw: Raw) -> User:
    """Read a unified User from a User of Jira."""
    avatar_urls = r.avatar_urls or types.AvatarUrlsBean()
    values: UserValues = {
        "id": responses.required(r.account_id, "id", "Jira"),
        "name": r.display_name,
        "email": r.email_address,
        "active": r.active,
        "kind": KIND_READ.get(r.account_type),
        "avatar_url": avatar_urls.n48x48,
    }
    return make_user(values, raw)


def _is_listed(r: types.UsersUser) -> bool:
    return not (((r.account_type) and (r.account_type != "atlassian")) or (r.active is False))
