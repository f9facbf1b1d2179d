"""Todoist users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import responses
from . import types
from ...models.users import User, UserValues

GET_USER = Endpoint("getUser", "GET", "/user", Retry.SAFE)

make_user = record_factory(User, "todoist", absent=("active",))

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"list": "collaborators of a project come in another form than the user's own record"}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the acting user: GET /user."""
    response, raw = yield from fetch(GET_USER, schema=types.User)
    return read_user(response, raw)


def read_user(r: types.User, raw: Raw) -> User:
    """Read a unified User from a User of Todoist."""
    values: UserValues = {
        "id": responses.required(r.id, "id", "Todoist"),
        "name": r.full_name,
        "email": r.email,
        "active": None,
        "avatar_url": r.avatar_medium,
    }
    return make_user(values, raw)
