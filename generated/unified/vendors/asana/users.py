"""Asana users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified.models.users import User, UserFilters, UserValues
from unified.vendors.asana import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker, paging

GET_USER = Endpoint("getUser", "GET", "/users/{user_gid}", Retry.SAFE)
GET_USERS = Endpoint("getUsers", "GET", "/users", Retry.SAFE)

make_user = maker(User, "asana", absent=("active",))
SELECT = "gid,name,email,photo.image_128x128"
LIST_GAPS = {"project_id": "a project names its members without their addresses; list those of the workspace"}

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def me(ctx: Context) -> Steps[User]:
    """Read the acting user: GET /users/{user_gid}."""
    answer, raw = yield from fetch(GET_USER, path=("me",), query={"opt_fields": SELECT}, reads=types.GetUserAnswer)
    record = answers.present(answer.data, "data", "Asana")
    return read_user(record, raw.at("data"))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /users."""
    inputs.refuse(filters, LIST_GAPS, "Asana")
    query: dict[str, Any] = {
        "workspace": ctx.connection["workspace"],
        "opt_fields": SELECT,
        "limit": inputs.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["offset"] = ctx.cursor
    answer, raw = yield from fetch(GET_USERS, query=query, reads=types.GetUsersAnswer)
    items = answer.data or []
    records = [read_user(each, raw.at("data", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    next_page = answer.next_page or types.NextPage()
    return Page(records, cursor=paging.token(next_page.offset))


def read_user(r: types.UsersUserCompact, raw: Raw) -> User:
    """Read a unified User from a UserResponse of Asana."""
    photo = r.photo or types.UserCompactPhoto()
    values: UserValues = {
        "id": answers.present(r.gid, "id", "Asana"),
        "name": r.name,
        "email": r.email,
        "active": None,
        "avatar_url": photo.image_128x128,
    }
    return make_user(values, raw)
