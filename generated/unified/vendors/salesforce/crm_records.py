"""Salesforce crm_records, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.adapter_api.query import soql
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import batches, types
from ...models.crm_records import CrmRecord, CrmRecordCreate, CrmRecordFilters, CrmRecordUpdate, CrmRecordValues

GET_SOBJECTS_S_OBJECT_ID = Endpoint("GET /sobjects/{sObject}/{id}", "GET", "/sobjects/{sObject}/{id}", Retry.SAFE)
DELETE_SOBJECTS_S_OBJECT_ID = Endpoint(
    "DELETE /sobjects/{sObject}/{id}", "DELETE", "/sobjects/{sObject}/{id}", Retry.IDEMPOTENT
)
POST_SOBJECTS_S_OBJECT = Endpoint(
    "POST /sobjects/{sObject}",
    "POST",
    "/sobjects/{sObject}",
    Retry.NEVER,
    batch=batches.POST_COMPOSITE_SOBJECTS_NEVER_3,
)
PATCH_SOBJECTS_S_OBJECT_ID = Endpoint(
    "PATCH /sobjects/{sObject}/{id}",
    "PATCH",
    "/sobjects/{sObject}/{id}",
    Retry.NEVER,
    batch=batches.PATCH_COMPOSITE_SOBJECTS_NEVER_3,
)
GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)

make_crm_record = record_factory(CrmRecord, "salesforce")
PATTERN_S_OBJECT_ID = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("name",)
PATCH_SOBJECTS_S_OBJECT_ID_SENDS = frozenset(("name",))

FIELDS: dict[str, str] = {"sObject": "type", "Name": "name"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(path=(), pattern="[A-Za-z][A-Za-z0-9_]*__c", separator=";")
"""Location of custom fields in records."""

BATCHES: dict[str, int] = {"create": 200, "update": 200}
"""Operations that can be batched, with the largest batch."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[CrmRecord]:
    """Read a custom object's record: GET /sobjects/{sObject}/{id}."""
    s_object, id_ = input_validation.parts(PATTERN_S_OBJECT_ID, id, "id")
    response, raw = yield from fetch(
        GET_SOBJECTS_S_OBJECT_ID,
        path=(
            input_validation.matching(
                s_object, "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c$", "id", "Salesforce"
            ),
            input_validation.matching(id_, "^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$", "id", "Salesforce"),
        ),
        schema=types.CustomSObject,
    )
    return read_crm_record(ctx, response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a custom object's record: DELETE /sobjects/{sObject}/{id}."""
    s_object, id_ = input_validation.parts(PATTERN_S_OBJECT_ID, id, "id")
    yield from call(
        DELETE_SOBJECTS_S_OBJECT_ID,
        path=(
            input_validation.matching(
                s_object, "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c$", "id", "Salesforce"
            ),
            input_validation.matching(id_, "^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$", "id", "Salesforce"),
        ),
    )


def create(ctx: Context, crm_record: CrmRecordCreate) -> Steps[CrmRecord]:
    """Create a custom object's record.

    In turn:
        POST /sobjects/{sObject}
        GET /sobjects/{sObject}/{id}
    """
    body: dict[str, Any] = {}
    if crm_record.name is not None:
        body["Name"] = crm_record.name
    body = input_validation.merge(body, ctx.extra, "Salesforce")
    saved = yield from call(
        POST_SOBJECTS_S_OBJECT,
        path=(
            input_validation.matching(
                crm_record.type,
                "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c$",
                "type",
                "Salesforce",
            ),
        ),
        json=body,
        schema=types.SavedResponse,
        save_as="saved",
    )
    yield CreatedRecord(crm_record.type, "/", saved.id)
    response, raw = yield from fetch(
        GET_SOBJECTS_S_OBJECT_ID,
        path=(
            input_validation.matching(
                crm_record.type,
                "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c$",
                "type",
                "Salesforce",
            ),
            saved.id,
        ),
        schema=types.CustomSObject,
    )
    return read_crm_record(ctx, response, raw)


def update(ctx: Context, id: str, crm_record: CrmRecordUpdate) -> Steps[CrmRecord]:
    """Change a custom object's record.

    In turn:
        PATCH /sobjects/{sObject}/{id}, if needed
        GET /sobjects/{sObject}/{id}
    """
    given = input_validation.changes(crm_record, ctx.extra, "Salesforce")
    input_validation.reject_clearing(crm_record, given, UPDATE_NEVER_CLEARED, "Salesforce")
    s_object, id_ = input_validation.parts(PATTERN_S_OBJECT_ID, id, "id")
    if given & PATCH_SOBJECTS_S_OBJECT_ID_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if crm_record.name is not None:
            body["Name"] = crm_record.name
        body = input_validation.merge(body, ctx.extra, "Salesforce")
        yield from call(
            PATCH_SOBJECTS_S_OBJECT_ID,
            path=(
                input_validation.matching(
                    s_object, "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c$", "id", "Salesforce"
                ),
                input_validation.matching(id_, "^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$", "id", "Salesforce"),
            ),
            json=body,
        )
    response, raw = yield from fetch(
        GET_SOBJECTS_S_OBJECT_ID,
        path=(
            input_validation.matching(
                s_object, "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c$", "id", "Salesforce"
            ),
            input_validation.matching(id_, "^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$", "id", "Salesforce"),
        ),
        schema=types.CustomSObject,
    )
    return read_crm_record(ctx, response, raw)


def list_(ctx: Context, filters: CrmRecordFilters) -> Steps[Page[CrmRecord]]:
    """Find a custom object's records: GET /query."""
    named_type = soql.identifier(
        input_validation.matching(
            filters.type, "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c$", "type", "Salesforce"
        )
    )
    clauses: list[str] = []
    if ctx.field_filters is not None:
        clauses.extend(soql.custom_field_conditions(ctx.field_filters))
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": f"SELECT FIELDS(STANDARD){input_validation.columns(ctx.custom_fields)} FROM {named_type}"
            + (" WHERE " + " AND ".join(clauses) if clauses else "")
            + " ORDER BY Id"
        },
        url=pagination.next_page_url(ctx.cursor, allow_subpaths=True),
        schema=types.CrmRecordsQueryResult,
    )
    items = response.records or []
    records = [read_crm_record(ctx, each, raw.at("records", index)) for index, each in enumerate(items)]
    return Page(records, cursor=None if response.done else pagination.token(response.next_records_url))


def read_crm_record(ctx: Context, r: types.CustomSObject, raw: Raw) -> CrmRecord:
    """Read a unified CrmRecord from a CustomSObject of Salesforce."""
    attributes = r.attributes or types.CustomSObjectAttributes()
    values: CrmRecordValues = {
        "id": responses.required(
            f"{attributes.type}/{r.id}" if attributes.type is not None and r.id is not None else None,
            "id",
            "Salesforce",
        ),
        "type": attributes.type,
        "name": r.name,
        "owner_id": r.owner_id,
        "url": f"{ctx.connection['instance_url']}/{r.id}" if r.id is not None else None,
        "created_at": datetimes.decode(r.created_date) if r.created_date is not None else None,
        "updated_at": datetimes.decode(r.last_modified_date) if r.last_modified_date is not None else None,
    }
    return make_crm_record(values, raw)
