"""HubSpot crm_records, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified.models.crm_records import CrmRecord, CrmRecordCreate, CrmRecordFilters, CrmRecordUpdate, CrmRecordValues
from unified.vendors.hubspot import types
from unified_runtime import (
    Context,
    Endpoint,
    Made,
    Page,
    Raw,
    Retry,
    Steps,
    answers,
    call,
    fetch,
    inputs,
    maker,
    paging,
)
from unified_runtime.codecs import datetimes, hubspot_datetime
from unified_runtime.query import hubspot

GET_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_GET_BY_ID = Endpoint(
    "get-/crm/v3/objects/{objectType}/{objectId}_getById", "GET", "/crm/v3/objects/{objectType}/{objectId}", Retry.SAFE
)
DELETE_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_ARCHIVE = Endpoint(
    "delete-/crm/v3/objects/{objectType}/{objectId}_archive",
    "DELETE",
    "/crm/v3/objects/{objectType}/{objectId}",
    Retry.IDEMPOTENT,
)
POST_CRM_V3_OBJECTS_OBJECT_TYPE_CREATE = Endpoint(
    "post-/crm/v3/objects/{objectType}_create", "POST", "/crm/v3/objects/{objectType}", Retry.NEVER
)
PATCH_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_UPDATE = Endpoint(
    "patch-/crm/v3/objects/{objectType}/{objectId}_update",
    "PATCH",
    "/crm/v3/objects/{objectType}/{objectId}",
    Retry.NEVER,
)
POST_CRM_V3_OBJECTS_OBJECT_TYPE_SEARCH_DO_SEARCH = Endpoint(
    "post-/crm/v3/objects/{objectType}/search_doSearch", "POST", "/crm/v3/objects/{objectType}/search", Retry.SAFE
)
GET_CRM_V3_OBJECTS_OBJECT_TYPE_GET_PAGE = Endpoint(
    "get-/crm/v3/objects/{objectType}_getPage", "GET", "/crm/v3/objects/{objectType}", Retry.SAFE
)

make_crm_record = maker(CrmRecord, "hubspot", absent=("name", "url"))
PATTERN_OBJECT_TYPE_OBJECT_ID = re.compile("([^/]+)/(.+)")
SELECT = "hubspot_owner_id"
CREATE_GAPS = {
    "name": "an object says itself which of its properties is the name; describe tells them, and custom_fields reads and writes them"
}
UPDATE_GAPS = {
    "name": "an object says itself which of its properties is the name; describe tells them, and custom_fields reads and writes them"
}
SELECT_2 = ("hubspot_owner_id",)

FIELDS: dict[str, str] = {"objectType": "type"}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""

CUSTOM: tuple[tuple[str, ...], str, tuple[str, ...], bool, str | None] = (
    ("properties",),
    "(?!hs_createdate$|hs_object_id$|hs_lastmodifieddate$|hubspot_owner_id$)[a-z][a-z0-9_]*",
    (),
    True,
    ";",
)
"""Where records hold the fields that an account has added; see `unified_runtime.custom.Custom`."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes of which every request may be sent again without doing anything twice."""


def get(ctx: Context, id: str) -> Steps[CrmRecord]:
    """Read a custom object's record: GET /crm/v3/objects/{objectType}/{objectId}."""
    object_type, object_id = inputs.parts(PATTERN_OBJECT_TYPE_OBJECT_ID, id, "id")
    answer, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_GET_BY_ID,
        path=(
            inputs.matching(object_type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)\\Z", "id", "HubSpot"),
            inputs.matching(object_id, "^[0-9]+\\Z", "id", "HubSpot"),
        ),
        query={"properties": SELECT + inputs.columns(ctx.custom_fields)},
        reads=types.CustomObject,
    )
    return read_crm_record(answer, raw, object_type=object_type)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a custom object's record: DELETE /crm/v3/objects/{objectType}/{objectId}."""
    object_type, object_id = inputs.parts(PATTERN_OBJECT_TYPE_OBJECT_ID, id, "id")
    yield from call(
        DELETE_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_ARCHIVE,
        path=(
            inputs.matching(object_type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)\\Z", "id", "HubSpot"),
            inputs.matching(object_id, "^[0-9]+\\Z", "id", "HubSpot"),
        ),
    )


def create(ctx: Context, crm_record: CrmRecordCreate) -> Steps[CrmRecord]:
    """Create a custom object's record.

    In turn:
        POST /crm/v3/objects/{objectType}
        GET /crm/v3/objects/{objectType}/{objectId}
    """
    inputs.refuse(crm_record, CREATE_GAPS, "HubSpot")
    body: dict[str, Any] = {}
    body = inputs.merge(body, ctx.extra, "HubSpot")
    body = inputs.default(body, {"properties": {}})
    created = yield from call(
        POST_CRM_V3_OBJECTS_OBJECT_TYPE_CREATE,
        path=(inputs.matching(crm_record.type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)\\Z", "type", "HubSpot"),),
        json=body,
        reads=types.CrmRecordsCustomObject,
        keep="created",
    )
    yield Made(crm_record.type, "/", created.id)
    answer, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_GET_BY_ID,
        path=(
            inputs.matching(crm_record.type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)\\Z", "type", "HubSpot"),
            created.id,
        ),
        query={"properties": SELECT + inputs.columns(ctx.custom_fields)},
        reads=types.CustomObject,
    )
    return read_crm_record(answer, raw, object_type=crm_record.type)


def update(ctx: Context, id: str, crm_record: CrmRecordUpdate) -> Steps[CrmRecord]:
    """Change a custom object's record.

    In turn:
        PATCH /crm/v3/objects/{objectType}/{objectId}, if needed
        GET /crm/v3/objects/{objectType}/{objectId}
    """
    inputs.refuse(crm_record, UPDATE_GAPS, "HubSpot", clears=True)
    inputs.changes(crm_record, ctx.extra, "HubSpot")
    object_type, object_id = inputs.parts(PATTERN_OBJECT_TYPE_OBJECT_ID, id, "id")
    if ctx.extra:
        body: dict[str, Any] = {}
        body = inputs.merge(body, ctx.extra, "HubSpot")
        body = inputs.default(body, {"properties": {}})
        yield from call(
            PATCH_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_UPDATE,
            path=(
                inputs.matching(object_type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)\\Z", "id", "HubSpot"),
                inputs.matching(object_id, "^[0-9]+\\Z", "id", "HubSpot"),
            ),
            json=body,
        )
    answer, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_GET_BY_ID,
        path=(
            inputs.matching(object_type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)\\Z", "id", "HubSpot"),
            inputs.matching(object_id, "^[0-9]+\\Z", "id", "HubSpot"),
        ),
        query={"properties": SELECT + inputs.columns(ctx.custom_fields)},
        reads=types.CustomObject,
    )
    return read_crm_record(answer, raw, object_type=object_type)


def list_(ctx: Context, filters: CrmRecordFilters) -> Steps[Page[CrmRecord]]:
    """Find a custom object's records.

    One of:
        POST /crm/v3/objects/{objectType}/search
        GET /crm/v3/objects/{objectType}
    """
    if ctx.sought is not None:
        clauses = hubspot.sought(ctx.sought)
        paging.check_within(ctx.cursor, 10000, "HubSpot")
        body: dict[str, Any] = {
            "filterGroups": [{"filters": clauses}],
            "properties": [*SELECT_2, *ctx.custom_fields],
            "limit": inputs.page_size_within(ctx.limit, 100, ctx.cursor, 10000),
        }
        if ctx.cursor is not None:
            body["after"] = ctx.cursor
        answer, raw = yield from fetch(
            POST_CRM_V3_OBJECTS_OBJECT_TYPE_SEARCH_DO_SEARCH,
            path=(inputs.matching(filters.type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)\\Z", "type", "HubSpot"),),
            json=body,
            reads=types.CustomObjectSearchPage,
        )
        items = answer.results or []
        records = [
            read_crm_record(each, raw.at("results", index), object_type=filters.type)
            for index, each in enumerate(items)
        ]
        paging_2 = answer.paging or types.ForwardPaging()
        next_ = paging_2.next or types.NextPage()
        return Page(records, cursor=paging.cut_off(paging.token(next_.after), answer.total, 10000))
    query: dict[str, Any] = {
        "properties": SELECT + inputs.columns(ctx.custom_fields),
        "limit": inputs.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["after"] = ctx.cursor
    answer_2, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_OBJECT_TYPE_GET_PAGE,
        path=(inputs.matching(filters.type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)\\Z", "type", "HubSpot"),),
        query=query,
        reads=types.CustomObjectPage,
    )
    items_2 = answer_2.results or []
    records = [
        read_crm_record(each, raw.at("results", index), object_type=filters.type) for index, each in enumerate(items_2)
    ]
    paging_3 = answer_2.paging or types.ForwardPaging()
    next__2 = paging_3.next or types.NextPage()
    return Page(records, cursor=paging.token(next__2.after))


def read_crm_record(r: types.CustomObject, raw: Raw, *, object_type: str) -> CrmRecord:
    """Read a unified CrmRecord from a CustomObject of HubSpot."""
    properties = r.properties or types.CustomObjectProperties()
    values: CrmRecordValues = {
        "id": answers.present(f"{object_type}/{r.id}" if r.id is not None else None, "id", "HubSpot"),
        "type": object_type,
        "name": None,
        "owner_id": properties.hubspot_owner_id or None,
        "url": None,
        "created_at": datetimes.decode(r.created_at) if r.created_at else None,
        "updated_at": hubspot_datetime.decode(r.updated_at) if r.updated_at else None,
    }
    return make_crm_record(values, raw)
