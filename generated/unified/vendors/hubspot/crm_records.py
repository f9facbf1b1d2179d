"""HubSpot crm_records, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import hubspot_datetime
from unified_runtime.adapter_api.query import hubspot
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import types
from ...models.crm_records import CrmRecord, CrmRecordCreate, CrmRecordFilters, CrmRecordUpdate, CrmRecordValues

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

make_crm_record = record_factory(CrmRecord, "hubspot", absent=("name", "url"))
PATTERN_OBJECT_TYPE_OBJECT_ID = re.compile("([^/]+)/(.+)")
SELECT = "hubspot_owner_id"
CREATE_UNSUPPORTED = {
    "name": "each HubSpot object has its own name property; get it from `describe`, and read and write it in `custom_fields`"
}
UPDATE_UNSUPPORTED = {
    "name": "each HubSpot object has its own name property; get it from `describe`, and read and write it in `custom_fields`"
}
SELECT_2 = ("hubspot_owner_id",)

FIELDS: dict[str, str] = {"objectType": "type"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(
    path=("properties",),
    pattern="(?!hs_createdate$|hs_object_id$|hs_lastmodifieddate$|hubspot_owner_id$)[a-z][a-z0-9_]*",
    as_text=True,
    separator=";",
)
"""Location of custom fields in records."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[CrmRecord]:
    """Read a custom object's record: GET /crm/v3/objects/{objectType}/{objectId}."""
    object_type, object_id = input_validation.parts(PATTERN_OBJECT_TYPE_OBJECT_ID, id, "id")
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_GET_BY_ID,
        path=(
            input_validation.matching(object_type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)$", "id", "HubSpot"),
            input_validation.matching(object_id, "^[0-9]+$", "id", "HubSpot"),
        ),
        query={"properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.CustomObject,
    )
    return read_crm_record(response, raw, object_type=object_type)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a custom object's record: DELETE /crm/v3/objects/{objectType}/{objectId}."""
    object_type, object_id = input_validation.parts(PATTERN_OBJECT_TYPE_OBJECT_ID, id, "id")
    yield from call(
        DELETE_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_ARCHIVE,
        path=(
            input_validation.matching(object_type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)$", "id", "HubSpot"),
            input_validation.matching(object_id, "^[0-9]+$", "id", "HubSpot"),
        ),
    )


def create(ctx: Context, crm_record: CrmRecordCreate) -> Steps[CrmRecord]:
    """Create a custom object's record.

    In turn:
        POST /crm/v3/objects/{objectType}
        GET /crm/v3/objects/{objectType}/{objectId}
    """
    input_validation.reject_unsupported(crm_record, CREATE_UNSUPPORTED, "HubSpot")
    body: dict[str, Any] = {}
    body = input_validation.merge(body, ctx.extra, "HubSpot")
    body = input_validation.default(body, {"properties": {}})
    created = yield from call(
        POST_CRM_V3_OBJECTS_OBJECT_TYPE_CREATE,
        path=(input_validation.matching(crm_record.type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)$", "type", "HubSpot"),),
        json=body,
        schema=types.CrmRecordsCustomObject,
        save_as="created",
    )
    yield CreatedRecord(crm_record.type, "/", created.id)
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_GET_BY_ID,
        path=(
            input_validation.matching(crm_record.type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)$", "type", "HubSpot"),
            created.id,
        ),
        query={"properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.CustomObject,
    )
    return read_crm_record(response, raw, object_type=crm_record.type)


def update(ctx: Context, id: str, crm_record: CrmRecordUpdate) -> Steps[CrmRecord]:
    """Change a custom object's record.

    In turn:
        PATCH /crm/v3/objects/{objectType}/{objectId}, if needed
        GET /crm/v3/objects/{objectType}/{objectId}
    """
    input_validation.reject_unsupported(crm_record, UPDATE_UNSUPPORTED, "HubSpot", clears=True)
    input_validation.changes(crm_record, ctx.extra, "HubSpot")
    object_type, object_id = input_validation.parts(PATTERN_OBJECT_TYPE_OBJECT_ID, id, "id")
    if ctx.extra:
        body: dict[str, Any] = {}
        body = input_validation.merge(body, ctx.extra, "HubSpot")
        body = input_validation.default(body, {"properties": {}})
        yield from call(
            PATCH_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_UPDATE,
            path=(
                input_validation.matching(object_type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)$", "id", "HubSpot"),
                input_validation.matching(object_id, "^[0-9]+$", "id", "HubSpot"),
            ),
            json=body,
        )
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_OBJECT_TYPE_OBJECT_ID_GET_BY_ID,
        path=(
            input_validation.matching(object_type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)$", "id", "HubSpot"),
            input_validation.matching(object_id, "^[0-9]+$", "id", "HubSpot"),
        ),
        query={"properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.CustomObject,
    )
    return read_crm_record(response, raw, object_type=object_type)


def list_(ctx: Context, filters: CrmRecordFilters) -> Steps[Page[CrmRecord]]:
    """Find a custom object's records.

    One of:
        POST /crm/v3/objects/{objectType}/search
        GET /crm/v3/objects/{objectType}
    """
    if ctx.field_filters is not None:
        clauses: list[Any] = []
        if ctx.cursor is not None:
            clauses.append({"propertyName": "hs_object_id", "operator": "GT", "value": ctx.cursor})
        clauses.extend(hubspot.custom_field_conditions(ctx.field_filters))
        body: dict[str, Any] = {
            "sorts": ["hs_object_id"],
            "properties": [*SELECT_2, *ctx.custom_fields],
            "limit": input_validation.page_size(ctx.limit, 100),
        }
        if clauses:
            body["filterGroups"] = [{"filters": clauses}]
        response, raw = yield from fetch(
            POST_CRM_V3_OBJECTS_OBJECT_TYPE_SEARCH_DO_SEARCH,
            path=(input_validation.matching(filters.type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)$", "type", "HubSpot"),),
            json=body,
            schema=types.CustomObjectSearchPage,
        )
        items = response.results or []
        records = [
            read_crm_record(each, raw.at("results", index), object_type=filters.type)
            for index, each in enumerate(items)
        ]
        return Page(
            records,
            cursor=pagination.after_last(pagination.token(items[-1].id) if items else None, len(items), response.total),
        )
    query: dict[str, Any] = {
        "properties": SELECT + input_validation.columns(ctx.custom_fields),
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["after"] = ctx.cursor
    response_2, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_OBJECT_TYPE_GET_PAGE,
        path=(input_validation.matching(filters.type, "^(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)$", "type", "HubSpot"),),
        query=query,
        schema=types.CustomObjectPage,
    )
    items_2 = response_2.results or []
    records = [
        read_crm_record(each, raw.at("results", index), object_type=filters.type) for index, each in enumerate(items_2)
    ]
    paging = response_2.paging or types.ForwardPaging()
    next_ = paging.next or types.NextPage()
    return Page(records, cursor=pagination.token(next_.after))


def read_crm_record(r: types.CustomObject, raw: Raw, *, object_type: str) -> CrmRecord:
    """Read a unified CrmRecord from a CustomObject of HubSpot."""
    properties = r.properties or types.CustomObjectProperties()
    values: CrmRecordValues = {
        "id": responses.required(f"{object_type}/{r.id}" if r.id is not None else None, "id", "HubSpot"),
        "type": object_type,
        "name": None,
        "owner_id": properties.hubspot_owner_id or None,
        "url": None,
        "created_at": hubspot_datetime.decode(r.created_at) if r.created_at else None,
        "updated_at": hubspot_datetime.decode(r.updated_at) if r.updated_at else None,
    }
    return make_crm_record(values, raw)
