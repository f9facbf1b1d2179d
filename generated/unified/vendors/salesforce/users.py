"""Salesforce users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified.models.users import User, UserFilters, UserValues
from unified.vendors.salesforce import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, call, fetch, inputs, maker, paging
from unified_runtime.query import soql

GET_CHATTER_USERS_ME = Endpoint("GET /chatter/users/me", "GET", "/chatter/users/me", Retry.SAFE)
GET_SOBJECTS_USER_ID = Endpoint("GET /sobjects/User/{id}", "GET", "/sobjects/User/{id}", Retry.SAFE)
GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)

make_user = maker(User, "salesforce")
SELECT = "Id,Name,Email,IsActive,FullPhotoUrl"
LIST_GAPS = {"project_id": "Salesforce has no projects"}

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def me(ctx: Context) -> Steps[User]:
    """Read the acting user.

    In turn:
        GET /chatter/users/me
        GET /sobjects/User/{id}
    """
    me = yield from call(GET_CHATTER_USERS_ME, reads=types.ActingUser, keep="me")
    answer, raw = yield from fetch(
        GET_SOBJECTS_USER_ID, path=(me.id,), query={"fields": SELECT}, reads=types.UserSObject
    )
    return read_user(answer, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /query."""
    inputs.refuse(filters, LIST_GAPS, "Salesforce")
    clauses: list[str] = []
    if filters.text is not None:
        clauses.append(f"(Name LIKE {soql.contains(filters.text)} OR Email LIKE {soql.contains(filters.text)})")
    answer, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": "SELECT Id,Name,Email,IsActive,FullPhotoUrl FROM User"
            + (" WHERE " + " AND ".join(clauses) if clauses else "")
            + " ORDER BY Id"
        },
        url=ctx.cursor,
        reads=types.UsersQueryResult,
    )
    items = answer.records or []
    records = [read_user(each, raw.at("records", index)) for index, each in enumerate(items)]
    return Page(records, cursor=None if answer.done else paging.token(answer.next_records_url))


def read_user(r: types.UserSObject, raw: Raw) -> User:
    """Read a unified User from a UserSObject of Salesforce."""
    values: UserValues = {
        "id": answers.present(r.id, "id", "Salesforce"),
        "name": r.name,
        "email": r.email,
        "active": r.is_active,
        "avatar_url": r.full_photo_url,
    }
    return make_user(values, raw)
