"""Salesforce users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import hidden_fields, input_validation, pagination, responses
from unified_runtime.adapter_api.query import soql
from . import types
from ...models.users import User, UserFilters, UserValues

GET_SERVICES_OAUTH2_USERINFO = Endpoint(
    "GET /services/oauth2/userinfo", "GET", "/services/oauth2/userinfo", Retry.SAFE, "identity"
)
GET_SOBJECTS_USER_ID = Endpoint("GET /sobjects/User/{id}", "GET", "/sobjects/User/{id}", Retry.SAFE)
GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)

KIND_READ: dict[Any, Literal["person", "app", "guest"]] = {
    "Standard": "person",
    "AutomatedProcess": "app",
    "CloudIntegrationUser": "app",
    "Guest": "guest",
    "PowerPartner": "guest",
    "PowerCustomerSuccess": "guest",
    "CustomerSuccess": "guest",
    "CspLitePortal": "guest",
    "SelfService": "guest",
    "CSNOnly": "guest",
}
make_user = record_factory(User, "salesforce")
SELECT = "Id,Name,Email,IsActive,UserType,FullPhotoUrl"
LIST_UNSUPPORTED = {"project_id": "Salesforce has no projects"}

FIELDS: dict[str, str] = {"id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def me(ctx: Context) -> Steps[User]:
    """Read the authenticated user.

    In turn:
        GET /services/oauth2/userinfo
        GET /sobjects/User/{id}
    """
    me = yield from call(GET_SERVICES_OAUTH2_USERINFO, schema=types.ActingUser, save_as="me")
    response, raw = yield from hidden_fields.or_unselected(
        fetch(GET_SOBJECTS_USER_ID, path=(me.user_id,), query={"fields": SELECT}, schema=types.UserSObject),
        "fields",
        "INVALID_FIELD",
    )
    return read_user(response, raw)


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /sobjects/User/{id}."""
    response, raw = yield from hidden_fields.or_unselected(
        fetch(GET_SOBJECTS_USER_ID, path=(id,), query={"fields": SELECT}, schema=types.UserSObject),
        "fields",
        "INVALID_FIELD",
    )
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /query."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Salesforce")
    clauses: list[str] = []
    if filters.text is not None:
        clauses.append(f"(Name LIKE {soql.contains(filters.text)} OR Email LIKE {soql.contains(filters.text)})")
    if filters.email is not None:
        clauses.append(f"Email = {soql.text(filters.email)}")
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": "SELECT FIELDS(STANDARD) FROM User"
            + (" WHERE " + " AND ".join(clauses) if clauses else "")
            + " ORDER BY Id"
        },
        url=pagination.next_page_url(ctx.cursor, allow_subpaths=True),
        schema=types.UsersQueryResult,
    )
    items = response.records or []
    records = [read_user(each, raw.at("records", index)) for index, each in enumerate(items)]
    return Page(records, cursor=None if response.done else pagination.token(response.next_records_url))


def read_user(r: types.UserSObject, raw: Raw) -> User:
    """Read a unified User from a UserSObject of Salesforce."""
    values: UserValues = {
        "id": responses.required(r.id, "id", "Salesforce"),
        "name": r.name,
        "email": r.email,
        "active": r.is_active,
        "kind": KIND_READ.get(r.user_type),
        "avatar_url": r.full_photo_url,
    }
    return make_user(values, raw)
