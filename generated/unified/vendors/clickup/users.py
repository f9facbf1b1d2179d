"""ClickUp users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_AUTHORIZED_USER = Endpoint("GetAuthorizedUser", "GET", "/v2/user", Retry.SAFE)
GET_USER = Endpoint("GetUser", "GET", "/v2/team/{team_id}/user/{user_id}", Retry.SAFE)
GET_LIST_MEMBERS = Endpoint("GetListMembers", "GET", "/v2/list/{list_id}/member", Retry.SAFE)

make_user = record_factory(User, "clickup", absent=("active", "kind"))

FIELDS: dict[str, str] = {"user_id": "id", "list_id": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /v2/user."""
    response, raw = yield from fetch(GET_AUTHORIZED_USER, schema=types.GetAuthorizedUserResponse)
    record = responses.required(response.user, "user", "ClickUp")
    return read_user(record, raw.at("user"))


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /v2/team/{team_id}/user/{user_id}."""
    response, raw = yield from fetch(
        GET_USER,
        path=(ctx.connection["workspace"], input_validation.matching(id, "^[0-9]+$", "id", "ClickUp")),
        schema=types.GetUserResponse,
    )
    member = response.member or types.GetUserResponseMember()
    record = responses.required(member.user, "member.user", "ClickUp")
    return read_user(record, raw.at("member", "user"))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /v2/list/{list_id}/member."""
    project_id = input_validation.require("project_id", filters.project_id, "ClickUp")
    response, raw = yield from fetch(
        GET_LIST_MEMBERS,
        path=(input_validation.matching(project_id, "^[0-9]+$", "project_id", "ClickUp"),),
        schema=types.GetListMembersResponse,
    )
    items = response.members or []
    records = [read_user(each, raw.at("members", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    if filters.email is not None:
        records = [each for each in records if each.email == filters.email]
    return Page(records)


def read_user(r: types.User, raw: Raw) -> User:
    """Read a unified User from a User of ClickUp."""
    values: UserValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "ClickUp"),
        "name": r.username,
        "email": r.email,
        "active": None,
        "kind": None,
        "avatar_url": r.profile_picture,
    }
    return make_user(values, raw)
