"""Microsoft Graph drives, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_openapi.requests import styles
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.drives import Drive, DriveFilters, DriveValues

USERS_LIST_DRIVES = Endpoint(
    "users_ListDrives",
    "GET",
    "/users/{user-id}/drives",
    Retry.SAFE,
    query={"$orderby": styles.COMMAS, "$expand": styles.COMMAS},
)

make_drive = record_factory(Drive, "microsoft-graph")
SELECT = "id,name,createdDateTime"

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: DriveFilters) -> Steps[Page[Drive]]:
    """List shared drives: GET /users/{user-id}/drives."""
    query: dict[str, Any] = {"$select": SELECT, "$top": input_validation.page_size(ctx.limit, 999)}
    query = input_validation.merge(query, ctx.extra, "Microsoft Graph")
    response, raw = yield from fetch(
        USERS_LIST_DRIVES,
        path=(ctx.connection["principal"],),
        query=pagination.page_query(query, ctx.cursor, "$top"),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.UsersListDrivesResponse,
    )
    items = response.value or []
    records = [read_drive(each, raw.at("value", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.odata_next_link))


def read_drive(r: types.DrivesMicrosoftGraphEntity, raw: Raw) -> Drive:
    """Read a unified Drive from a microsoft.graph.drive of Microsoft Graph."""
    values: DriveValues = {
        "id": responses.required(f"{r.id}/root" if r.id is not None else None, "id", "Microsoft Graph"),
        "name": r.name,
        "created_at": datetimes.decode(r.created_date_time) if r.created_date_time is not None else None,
    }
    return make_drive(values, raw)
