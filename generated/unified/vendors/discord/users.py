"""Discord users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_MY_USER = Endpoint("get_my_user", "GET", "/users/@me", Retry.SAFE)
GET_GUILD_MEMBER = Endpoint("get_guild_member", "GET", "/guilds/{guild_id}/members/{user_id}", Retry.SAFE)
SEARCH_GUILD_MEMBERS = Endpoint("search_guild_members", "GET", "/guilds/{guild_id}/members/search", Retry.SAFE)

KIND_READ: dict[Any, Literal["person", "app", "guest"]] = {True: "app", False: "person", None: "person"}
make_user = record_factory(User, "discord", absent=("email", "active", "avatar_url"))
LIST_UNSUPPORTED = {"email": "Discord does not return email addresses", "project_id": "Discord has no projects"}

FIELDS: dict[str, str] = {"user_id": "id", "query": "text"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user.

    In turn:
        GET /users/@me
        GET /guilds/{guild_id}/members/{user_id}
    """
    me = yield from call(GET_MY_USER, schema=types.UserPIIResponse, save_as="me")
    response, raw = yield from fetch(
        GET_GUILD_MEMBER, path=(ctx.connection["guild_id"], me.id), schema=types.UsersGuildMemberResponse
    )
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /guilds/{guild_id}/members/{user_id}."""
    response, raw = yield from fetch(
        GET_GUILD_MEMBER,
        path=(ctx.connection["guild_id"], input_validation.matching(id, "^(0|[1-9][0-9]*)$", "id", "Discord")),
        schema=types.UsersGuildMemberResponse,
    )
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /guilds/{guild_id}/members/search."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Discord")
    text = input_validation.require("text", filters.text, "Discord")
    response, raw = yield from fetch(
        SEARCH_GUILD_MEMBERS,
        path=(ctx.connection["guild_id"],),
        query={"query": input_validation.bounded(text, "text", "Discord", min_length=1, max_length=100), "limit": 1000},
        schema=list[types.UsersGuildMemberResponse],
    )
    records = [read_user(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records)


def read_user(r: types.UsersGuildMemberResponse, raw: Raw) -> User:
    """Read a unified User from a GuildMemberResponse of Discord."""
    user = r.user or types.UsersUserResponse()
    values: UserValues = {
        "id": responses.required(user.id, "id", "Discord"),
        "name": r.nick or user.global_name or user.username,
        "email": None,
        "active": None,
        "kind": KIND_READ.get(user.bot),
        "avatar_url": None,
    }
    return make_user(values, raw)
