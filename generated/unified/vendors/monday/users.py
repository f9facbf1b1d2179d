"""monday users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, reconciliation, responses
from . import types
from ...models.users import User, UserFilters, UserValues

ME = Endpoint("me", "POST", "/#me", Retry.SAFE)
USERS = Endpoint("users", "POST", "/#users", Retry.SAFE)

ACTIVE_READ: dict[Any, bool] = {"ACTIVE": True, "INACTIVE": False, "PENDING": False}
KIND_READ: dict[Any, Literal["person", "app", "guest"]] = {"guest": "guest"}
make_user = record_factory(User, "monday")
USER_FIELDS = (
    "\nfragment UserFields on User {\n  id\n  name\n  email\n  status\n  photo_url {\n    original\n  }\n  kind\n}"
)
ME_QUERY = ("query me {\n  me {\n    ...UserFields\n  }\n}") + USER_FIELDS
USERS_QUERY = ("query users($ids: [ID!]) {\n  users(ids: $ids) {\n    ...UserFields\n  }\n}") + USER_FIELDS
LIST_UNSUPPORTED = {"project_id": "monday returns the subscribers of a board only with the board"}
USERS_QUERY_2 = (
    "query users($ids: [ID!], $name: String, $emails: [String!], $user_kind: UserKindFilterInput, $sort: [UsersSortInput!], $visibility: String, $status: [UserStatus!], $limit: Int, $page: Int, $kind: UserKind, $non_active: Boolean, $newest_first: Boolean) {\n"
    "  users(ids: $ids, name: $name, emails: $emails, user_kind: $user_kind, sort: $sort, visibility: $visibility, status: $status, limit: $limit, page: $page, kind: $kind, non_active: $non_active, newest_first: $newest_first) {\n"
    "    ...UserFields\n"
    "  }\n"
    "}"
) + USER_FIELDS

FIELDS: dict[str, str] = {"ids": "id", "emails": "email"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: POST /#me."""
    response, raw = yield from fetch(ME, json={"query": ME_QUERY, "variables": {}}, schema=types.MeResponse)
    data = response.data or types.MeResponseData()
    record = responses.required(data.me, "data.me", "monday")
    return read_user(record, raw.at("data", "me"))


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: POST /#users."""
    body: dict[str, Any] = {"ids": [id]}
    response, raw = yield from fetch(USERS, json={"query": USERS_QUERY, "variables": body}, schema=types.UsersResponse)
    data = response.data or types.UsersResponseData()
    place = reconciliation.index_of(raw.at("data", "users").value, ((("id",), id),), 0)
    record = responses.one(responses.item(data.users, place), "User", "monday")
    return read_user(record, raw.at("data", "users", place))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: POST /#users."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "monday")
    start = pagination.number(ctx.cursor, 1)
    body: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 100)}
    if filters.email is not None:
        body["emails"] = [filters.email]
    body["page"] = start
    body = input_validation.merge(body, ctx.extra, "monday")
    response, raw = yield from fetch(
        USERS, json={"query": USERS_QUERY_2, "variables": body}, schema=types.UsersResponse
    )
    data = response.data or types.UsersResponseData()
    items = data.users or []
    records = [read_user(each, raw.at("data", "users", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    return Page(
        records, cursor=pagination.after_page(start, len(items), size=input_validation.page_size(ctx.limit, 100))
    )


def read_user(r: types.UsersUser, raw: Raw) -> User:
    """Read a unified User from a User of monday."""
    photo_url = r.photo_url or types.PhotoUrl()
    values: UserValues = {
        "id": responses.required(r.id, "id", "monday"),
        "name": r.name,
        "email": r.email,
        "active": ACTIVE_READ.get(r.status),
        "kind": KIND_READ.get(r.kind, "person"),
        "avatar_url": photo_url.original,
    }
    return make_user(values, raw)
