"""Linear users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

VIEWER = Endpoint("viewer", "POST", "/#viewer", Retry.SAFE)
USER = Endpoint("user", "POST", "/#user", Retry.SAFE)
USERS = Endpoint("users", "POST", "/#users", Retry.SAFE)

make_user = record_factory(User, "linear")
USER_FIELDS = (
    "\nfragment UserFields on User {\n  id\n  displayName\n  name\n  email\n  active\n  avatarUrl\n  app\n  guest\n}"
)
VIEWER_QUERY = ("query viewer {\n  viewer {\n    ...UserFields\n  }\n}") + USER_FIELDS
USER_QUERY = ("query user($id: String!) {\n  user(id: $id) {\n    ...UserFields\n  }\n}") + USER_FIELDS
LIST_UNSUPPORTED = {"project_id": "Linear users belong to teams, and a project can have several teams"}
USERS_QUERY = (
    "query users($after: String, $filter: UserFilter, $first: Int, $includeArchived: Boolean, $includeDisabled: Boolean, $orderBy: PaginationOrderBy, $sort: [UserSortInput!]) {\n"
    "  users(after: $after, filter: $filter, first: $first, includeArchived: $includeArchived, includeDisabled: $includeDisabled, orderBy: $orderBy, sort: $sort) {\n"
    "    nodes {\n"
    "      ...UserFields\n"
    "    }\n"
    "    pageInfo {\n"
    "      hasNextPage\n"
    "      endCursor\n"
    "    }\n"
    "  }\n"
    "}"
) + USER_FIELDS

FIELDS: dict[str, str] = {"id": "id", "filter.email.eqIgnoreCase": "email", "filter": "email", "eqIgnoreCase": "email"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: POST /#viewer."""
    response, raw = yield from fetch(VIEWER, json={"query": VIEWER_QUERY, "variables": {}}, schema=types.ViewerResponse)
    data = response.data or types.ViewerResponseData()
    record = responses.required(data.viewer, "data.viewer", "Linear")
    return read_user(record, raw.at("data", "viewer"))


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: POST /#user."""
    response, raw = yield from fetch(
        USER, json={"query": USER_QUERY, "variables": {"id": id}}, schema=types.UserResponse
    )
    data = response.data or types.UserResponseData()
    record = responses.required(data.user, "data.user", "Linear")
    return read_user(record, raw.at("data", "user"))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: POST /#users."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Linear")
    body: dict[str, Any] = {"first": input_validation.page_size(ctx.limit, 250)}
    if filters.email is not None:
        body["filter"] = {"email": {"eqIgnoreCase": filters.email}}
    if ctx.cursor is not None:
        body["after"] = ctx.cursor
    body = input_validation.merge(body, ctx.extra, "Linear")
    response, raw = yield from fetch(USERS, json={"query": USERS_QUERY, "variables": body}, schema=types.UsersResponse)
    data = response.data or types.UsersResponseData()
    users = data.users or types.UserConnection()
    items = users.nodes or []
    records = [read_user(each, raw.at("data", "users", "nodes", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    data_2 = response.data or types.UsersResponseData()
    users_2 = data_2.users or types.UserConnection()
    page_info = users_2.page_info or types.PageInfo()
    return Page(records, cursor=pagination.token(page_info.end_cursor) if page_info.has_next_page else None)


def _read_kind(app: Any, guest: Any) -> Literal["person", "app", "guest"] | None:
    if app is True:
        return "app"
    if guest is True:
        return "guest"
    if app is False:
        return "person"
    return None


def read_user(r: types.UsersUser, raw: Raw) -> User:
    """Read a unified User from a User of Linear."""
    values: UserValues = {
        "id": responses.required(r.id, "id", "Linear"),
        "name": r.display_name or r.name,
        "email": r.email,
        "active": r.active,
        "kind": _read_kind(r.app, r.guest),
        "avatar_url": r.avatar_url,
    }
    return make_user(values, raw)
