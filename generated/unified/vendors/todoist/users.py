"""Todoist users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified.models.users import User, UserValues
from unified.vendors.todoist import types
from unified_runtime import Context, Endpoint, Raw, Retry, Steps, answers, fetch, maker

GET_USER = Endpoint("getUser", "GET", "/user", Retry.SAFE)

make_user = maker(User, "todoist", absent=("active",))

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {"list": "collaborators of a project come in another form than the user's own record"}
"""Operations this vendor does not offer, and why."""


def me(ctx: Context) -> Steps[User]:
    """Read the acting user: GET /user."""
    answer, raw = yield from fetch(GET_USER, reads=types.User)
    return read_user(answer, raw)


def read_user(r: types.User, raw: Raw) -> User:
    """Read a unified User from a User of Todoist."""
    values: UserValues = {
        "id": answers.present(r.id, "id", "Todoist"),
        "name": r.full_name,
        "email": r.email,
        "active": None,
        "avatar_url": r.avatar_medium,
    }
    return make_user(values, raw)
