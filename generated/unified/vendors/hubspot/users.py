"""HubSpot users, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified.models.users import User, UserFilters, UserValues
from unified.vendors.hubspot import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker, paging

GET_CRM_V3_OWNERS_CRM_V3_OWNERS = Endpoint("get-/crm/v3/owners_/crm/v3/owners", "GET", "/crm/v3/owners", Retry.SAFE)

ACTIVE_READ: dict[Any, bool] = {False: True, True: False}
make_user = maker(User, "hubspot", absent=("name", "avatar_url"))
LIST_GAPS = {"text": "owners are found by their whole address only", "project_id": "HubSpot has no projects"}

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {"me": "HubSpot does not say which of its owners a token belongs to"}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: UserFilters) -> Steps[Page[User]]:
    """List or search users: GET /crm/v3/owners."""
    inputs.refuse(filters, LIST_GAPS, "HubSpot")
    query: dict[str, Any] = {"limit": inputs.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["after"] = ctx.cursor
    answer, raw = yield from fetch(
        GET_CRM_V3_OWNERS_CRM_V3_OWNERS, query=query, reads=types.CollectionResponsePublicOwnerForwardPaging
    )
    items = answer.results or []
    records = [read_user(each, raw.at("results", index)) for index, each in enumerate(items)]
    paging_2 = answer.paging or types.ForwardPaging()
    next_ = paging_2.next or types.NextPage()
    return Page(records, cursor=paging.token(next_.after))


def read_user(r: types.PublicOwner, raw: Raw) -> User:
    """Read a unified User from a PublicOwner of HubSpot."""
    values: UserValues = {
        "id": answers.present(r.id or None, "id", "HubSpot"),
        "name": None,
        "email": r.email or None,
        "active": ACTIVE_READ.get(r.archived),
        "avatar_url": None,
    }
    return make_user(values, raw)
