"""HubSpot users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.users import User, UserFilters, UserValues

GET_CRM_V3_OWNERS_OWNER_ID_GET_BY_ID = Endpoint(
    "get-/crm/v3/owners/{ownerId}_getById", "GET", "/crm/v3/owners/{ownerId}", Retry.SAFE
)
GET_CRM_V3_OWNERS_CRM_V3_OWNERS = Endpoint("get-/crm/v3/owners_/crm/v3/owners", "GET", "/crm/v3/owners", Retry.SAFE)

ACTIVE_READ: dict[Any, bool] = {False: True, True: False}
KIND_READ: dict[Any, Literal["person", "app", "guest"]] = {"PERSON": "person"}
make_user = record_factory(User, "hubspot", absent=("avatar_url",))
LIST_UNSUPPORTED = {"project_id": "HubSpot has no projects"}

FIELDS: dict[str, str] = {"ownerId": "id", "email": "email"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"me": "HubSpot does not return which owner a token belongs to"}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[User]:
    """Read a user: GET /crm/v3/owners/{ownerId}."""
    response, raw = yield from fetch(
        GET_CRM_V3_OWNERS_OWNER_ID_GET_BY_ID,
        path=(input_validation.integer_id(id, "id", "HubSpot"),),
        schema=types.PublicOwner,
    )
    return read_user(response, raw)


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /crm/v3/owners."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "HubSpot")
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 100)}
    if filters.email is not None:
        query["email"] = input_validation.at_least(filters.email, 1, "email", "HubSpot")
    if ctx.cursor is not None:
        query["after"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "HubSpot")
    response, raw = yield from fetch(
        GET_CRM_V3_OWNERS_CRM_V3_OWNERS, query=query, schema=types.CollectionResponsePublicOwnerForwardPaging
    )
    items = response.results or []
    records = [read_user(each, raw.at("results", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.email or ''}".casefold()]
    paging = response.paging or types.ForwardPaging()
    next_ = paging.next or types.NextPage()
    return Page(records, cursor=pagination.token(next_.after))


def read_user(r: types.PublicOwner, raw: Raw) -> User:
    """Read a unified User from a PublicOwner of HubSpot."""
    values: UserValues = {
        "id": responses.required(r.id or None, "id", "HubSpot"),
        "name": f"{r.first_name} {r.last_name}" if r.first_name is not None and r.last_name is not None else None,
        "email": r.email or None,
        "active": ACTIVE_READ.get(r.archived),
        "kind": KIND_READ.get(r.type),
        "avatar_url": None,
    }
    return make_user(values, raw)
