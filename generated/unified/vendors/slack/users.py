"""Slack users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

AUTH_TEST = Endpoint("auth_test", "GET", "/auth.test", Retry.SAFE)
USERS_INFO = Endpoint("users_info", "GET", "/users.info", Retry.SAFE)
USERS_LIST = Endpoint("users_list", "GET", "/users.list", Retry.SAFE)

ACTIVE_READ: dict[Any, bool] = {False: True, None: True, True: False}
make_user = record_factory(User, "slack")
LIST_UNSUPPORTED = {"project_id": "Slack has no projects"}

FIELDS: dict[str, str] = {"user": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user.

    In turn:
        GET /auth.test
        GET /users.info
    """
    me = yield from call(AUTH_TEST, schema=types.MeResponse, save_as="me")
    response, raw = yield from fetch(USERS_INFO, query={"user": me.user_id}, schema=types.UsersInfoResponse)
    record = responses.required(response.user, "user", "Slack")
    return read_user(record, raw.at("user"))


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /users.info."""
    response, raw = yield from fetch(USERS_INFO, query={"user": id}, schema=types.UsersInfoResponse)
    record = responses.required(response.user, "user", "Slack")
    return read_user(record, raw.at("user"))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /users.list."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Slack")
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 200)}
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Slack")
    response, raw = yield from fetch(USERS_LIST, query=query, schema=types.UsersUsersListResponse)
    items = response.members or []
    records = [read_user(each, raw.at("members", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    if filters.email is not None:
        records = [each for each in records if each.email == filters.email]
    response_metadata = response.response_metadata or types.ObjsResponseMetadata()
    return Page(records, cursor=pagination.token(response_metadata.next_cursor))


def _read_kind(is_bot: Any, is_restricted: Any) -> Literal["person", "app", "guest"] | None:
    if is_bot is True:
        return "app"
    if is_restricted is True:
        return "guest"
    if is_bot in (False, None):
        return "person"
    return None


def read_user(r: types.UsersObjsUser, raw: Raw) -> User:
    """Read a unified User from an objs_user of Slack."""
    profile = r.profile or types.ObjsUserProfile()
    values: UserValues = {
        "id": responses.required(r.id, "id", "Slack"),
        "name": r.real_name,
        "email": profile.email,
        "active": ACTIVE_READ.get(r.deleted),
        "kind": _read_kind(r.is_bot, r.is_restricted),
        "avatar_url": profile.image_192,
    }
    return make_user(values, raw)
