"""Salesforce crm_records, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified.models.crm_records import CrmRecord, CrmRecordCreate, CrmRecordFilters, CrmRecordUpdate, CrmRecordValues
from unified.vendors.salesforce import types
from unified_runtime import (
    Batch,
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
from unified_runtime.codecs import datetimes
from unified_runtime.query import soql

GET_SOBJECTS_S_OBJECT_ID = Endpoint("GET /sobjects/{sObject}/{id}", "GET", "/sobjects/{sObject}/{id}", Retry.SAFE)
DELETE_SOBJECTS_S_OBJECT_ID = Endpoint(
    "DELETE /sobjects/{sObject}/{id}", "DELETE", "/sobjects/{sObject}/{id}", Retry.IDEMPOTENT
)
POST_SOBJECTS_S_OBJECT = Endpoint(
    "POST /sobjects/{sObject}",
    "POST",
    "/sobjects/{sObject}",
    Retry.NEVER,
    batch=Batch(
        endpoint=Endpoint("POST /composite/sobjects", "POST", "/composite/sobjects", Retry.NEVER),
        most=200,
        items=("body", "records"),
        item=((("attributes", "type"), "sObject"),),
        set=((("body", "allOrNone"), False),),
        body=(),
        results=(),
        done=("success",),
        error=("errors",),
        alone=frozenset(["INVALID_TYPE"]),
    ),
)
PATCH_SOBJECTS_S_OBJECT_ID = Endpoint(
    "PATCH /sobjects/{sObject}/{id}",
    "PATCH",
    "/sobjects/{sObject}/{id}",
    Retry.NEVER,
    batch=Batch(
        endpoint=Endpoint("PATCH /composite/sobjects", "PATCH", "/composite/sobjects", Retry.NEVER),
        most=200,
        items=("body", "records"),
        item=((("attributes", "type"), "sObject"), (("id",), "id")),
        set=((("body", "allOrNone"), False),),
        body=(),
        results=(),
        done=("success",),
        error=("errors",),
        alone=frozenset(["INVALID_CROSS_REFERENCE_KEY", "INVALID_TYPE", "MALFORMED_ID"]),
    ),
)
GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)

make_crm_record = maker(CrmRecord, "salesforce")
PATTERN_S_OBJECT_ID = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("name",)
PATCH_SOBJECTS_S_OBJECT_ID_SENDS = frozenset(("name",))

FIELDS: dict[str, str] = {"sObject": "type", "Name": "name"}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""

CUSTOM: tuple[tuple[str, ...], str, tuple[str, ...], bool, str | None] = (
    (),
    "[A-Za-z][A-Za-z0-9_]*__c",
    (),
    False,
    ";",
)
"""Where records hold the fields that an account has added; see `unified_runtime.custom.Custom`."""

BATCHES: dict[str, int] = {"create": 200, "update": 200}
"""Operations of which the vendor takes so many at once."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes of which every request may be sent again without doing anything twice."""


def get(ctx: Context, id: str) -> Steps[CrmRecord]:
    """Read a custom object's record: GET /sobjects/{sObject}/{id}."""
    s_object, id_ = inputs.parts(PATTERN_S_OBJECT_ID, id, "id")
    answer, raw = yield from fetch(
        GET_SOBJECTS_S_OBJECT_ID,
        path=(
            inputs.matching(
                s_object, "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c\\Z", "id", "Salesforce"
            ),
            inputs.matching(id_, "^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?\\Z", "id", "Salesforce"),
        ),
        reads=types.CustomSObject,
    )
    return read_crm_record(ctx, answer, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a custom object's record: DELETE /sobjects/{sObject}/{id}."""
    s_object, id_ = inputs.parts(PATTERN_S_OBJECT_ID, id, "id")
    yield from call(
        DELETE_SOBJECTS_S_OBJECT_ID,
        path=(
            inputs.matching(
                s_object, "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c\\Z", "id", "Salesforce"
            ),
            inputs.matching(id_, "^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?\\Z", "id", "Salesforce"),
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
    body = inputs.merge(body, ctx.extra, "Salesforce")
    saved = yield from call(
        POST_SOBJECTS_S_OBJECT,
        path=(
            inputs.matching(
                crm_record.type,
                "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c\\Z",
                "type",
                "Salesforce",
            ),
        ),
        json=body,
        reads=types.SavedAnswer,
        keep="saved",
    )
    yield Made(crm_record.type, "/", saved.id)
    answer, raw = yield from fetch(
        GET_SOBJECTS_S_OBJECT_ID,
        path=(
            inputs.matching(
                crm_record.type,
                "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c\\Z",
                "type",
                "Salesforce",
            ),
            saved.id,
        ),
        reads=types.CustomSObject,
    )
    return read_crm_record(ctx, answer, raw)


def update(ctx: Context, id: str, crm_record: CrmRecordUpdate) -> Steps[CrmRecord]:
    """Change a custom object's record.

    In turn:
        PATCH /sobjects/{sObject}/{id}, if needed
        GET /sobjects/{sObject}/{id}
    """
    given = inputs.changes(crm_record, ctx.extra, "Salesforce")
    inputs.refuse_clearing(crm_record, given, UPDATE_NEVER_CLEARED, "Salesforce")
    s_object, id_ = inputs.parts(PATTERN_S_OBJECT_ID, id, "id")
    if given & PATCH_SOBJECTS_S_OBJECT_ID_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if crm_record.name is not None:
            body["Name"] = crm_record.name
        body = inputs.merge(body, ctx.extra, "Salesforce")
        yield from call(
            PATCH_SOBJECTS_S_OBJECT_ID,
            path=(
                inputs.matching(
                    s_object, "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c\\Z", "id", "Salesforce"
                ),
                inputs.matching(id_, "^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?\\Z", "id", "Salesforce"),
            ),
            json=body,
        )
    answer, raw = yield from fetch(
        GET_SOBJECTS_S_OBJECT_ID,
        path=(
            inputs.matching(
                s_object, "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c\\Z", "id", "Salesforce"
            ),
            inputs.matching(id_, "^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?\\Z", "id", "Salesforce"),
        ),
        reads=types.CustomSObject,
    )
    return read_crm_record(ctx, answer, raw)


def list_(ctx: Context, filters: CrmRecordFilters) -> Steps[Page[CrmRecord]]:
    """Find a custom object's records: GET /query."""
    named_type = soql.identifier(
        inputs.matching(
            filters.type, "^([A-Za-z][A-Za-z0-9]{0,14}__)?[A-Za-z](_?[A-Za-z0-9]){0,39}__c\\Z", "type", "Salesforce"
        )
    )
    clauses: list[str] = []
    if ctx.sought is not None:
        clauses.extend(soql.sought(ctx.sought))
    answer, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": f"SELECT FIELDS(STANDARD){inputs.columns(ctx.custom_fields)} FROM {named_type}"
            + (" WHERE " + " AND ".join(clauses) if clauses else "")
            + " ORDER BY Id"
        },
        url=ctx.cursor,
        reads=types.CrmRecordsQueryResult,
    )
    items = answer.records or []
    records = [read_crm_record(ctx, each, raw.at("records", index)) for index, each in enumerate(items)]
    return Page(records, cursor=None if answer.done else paging.token(answer.next_records_url))


def read_crm_record(ctx: Context, r: types.CustomSObject, raw: Raw) -> CrmRecord:
    """Read a unified CrmRecord from a CustomSObject of Salesforce."""
    attributes = r.attributes or types.CustomSObjectAttributes()
    values: CrmRecordValues = {
        "id": answers.present(
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
