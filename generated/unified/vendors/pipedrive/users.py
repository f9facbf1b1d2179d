"""Pipedrive users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_CURRENT_USER = Endpoint("getCurrentUser", "GET", "/users/me", Retry.SAFE, "v1")
GET_USER = Endpoint("getUser", "GET", "/users/{id}", Retry.SAFE, "v1")
GET_USERS = Endpoint("getUsers", "GET", "/users", Retry.SAFE, "v1")

make_user = record_factory(User, "pipedrive", absent=("kind",))
LIST_UNSUPPORTED = {"project_id": "the Pipedrive API does not return who has access to what"}

FIELDS: dict[str, str] = {"id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user: GET /users/me."""
    response, raw = yield from fetch(GET_CURRENT_USER, schema=types.GetCurrentUserResponse)
    record = responses.required(response.data, "data", "Pipedrive")
    return read_user(record, raw.at("data"))


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /users/{id}."""
    response, raw = yield from fetch(
        GET_USER, path=(input_validation.integer_id(id, "id", "Pipedrive"),), schema=types.GetUserResponse
    )
    record = responses.required(response.data, "data", "Pipedrive")
    return read_user(record, raw.at("data"))


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /users."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Pipedrive")
    response, raw = yield from fetch(GET_USERS, schema=types.GetUsersResponse)
    items = response.data or []
    records = [read_user(each, raw.at("data", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    if filters.email is not None:
        records = [each for each in records if each.email == filters.email]
    return Page(records)


def read_user(r: types.User, raw: Raw) -> User:
    """Read a unified User from a User of Pipedrive."""
    values: UserValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Pipedrive"),
        "name": r.name,
        "email": r.email,
        "active": r.active_flag,
        "kind": None,
        "avatar_url": r.icon_url,
    }
    return make_user(values, raw)
