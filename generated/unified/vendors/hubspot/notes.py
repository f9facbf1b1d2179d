"""HubSpot notes, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import (
    Context,
    CreatedRecord,
    Endpoint,
    LazyField,
    Page,
    Raw,
    Retry,
    Steps,
    call,
    fetch,
    record_factory,
)
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import html, hubspot_datetime
from . import types
from ...models.notes import Note, NoteCreate, NoteFilters, NoteUpdate, NoteValues

GET_CRM_V3_OBJECTS_NOTES_NOTE_ID_GET_BY_ID = Endpoint(
    "get-/crm/v3/objects/notes/{noteId}_getById", "GET", "/crm/v3/objects/notes/{noteId}", Retry.SAFE
)
DELETE_CRM_V3_OBJECTS_NOTES_NOTE_ID_ARCHIVE = Endpoint(
    "delete-/crm/v3/objects/notes/{noteId}_archive", "DELETE", "/crm/v3/objects/notes/{noteId}", Retry.IDEMPOTENT
)
POST_CRM_V3_OBJECTS_NOTES_CREATE = Endpoint(
    "post-/crm/v3/objects/notes_create", "POST", "/crm/v3/objects/notes", Retry.NEVER
)
PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE = Endpoint(
    "put-/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}_create",
    "PUT",
    "/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}",
    Retry.IDEMPOTENT,
)
PATCH_CRM_V3_OBJECTS_NOTES_NOTE_ID_UPDATE = Endpoint(
    "patch-/crm/v3/objects/notes/{noteId}_update", "PATCH", "/crm/v3/objects/notes/{noteId}", Retry.NEVER
)
POST_CRM_V3_OBJECTS_NOTES_SEARCH_DO_SEARCH = Endpoint(
    "post-/crm/v3/objects/notes/search_doSearch", "POST", "/crm/v3/objects/notes/search", Retry.SAFE
)
GET_CRM_V3_OBJECTS_NOTES_GET_PAGE = Endpoint(
    "get-/crm/v3/objects/notes_getPage", "GET", "/crm/v3/objects/notes", Retry.SAFE
)

make_note = record_factory(Note, "hubspot", lazy={"body": LazyField(html.decode, "properties.hs_note_body")})
SELECT = "hs_note_body,hubspot_owner_id"
UPDATE_NEVER_CLEARED = ("body",)
PATCH_CRM_V3_OBJECTS_NOTES_NOTE_ID_UPDATE_SENDS = frozenset(("body",))
SELECT_2 = ("hs_note_body", "hubspot_owner_id")

FIELDS: dict[str, str] = {
    "noteId": "id",
    "associations.to.id": "contact_id",
    "hs_note_body": "body",
    "toObjectId": "company_id",
    "associations": "contact_id",
    "id": "contact_id",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Note]:
    """Read a note: GET /crm/v3/objects/notes/{noteId}."""
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_NOTES_NOTE_ID_GET_BY_ID,
        path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
        query={"associations": ["deals", "contacts", "companies"], "properties": SELECT},
        schema=types.Note,
    )
    return read_note(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a note: DELETE /crm/v3/objects/notes/{noteId}."""
    yield from call(
        DELETE_CRM_V3_OBJECTS_NOTES_NOTE_ID_ARCHIVE, path=(input_validation.matching(id, ".+", "id", "HubSpot"),)
    )


def create(ctx: Context, note: NoteCreate) -> Steps[Note]:
    """Log a note on a deal, a contact or a company.

    One of:
        POST /crm/v3/objects/notes, then PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}, if needed, then GET /crm/v3/objects/notes/{noteId}
        POST /crm/v3/objects/notes, then GET /crm/v3/objects/notes/{noteId}
        POST /crm/v3/objects/notes, then PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}, if needed, then PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}, if needed, then GET /crm/v3/objects/notes/{noteId}
    """
    if note.contact_id is not None and note.deal_id is None:
        first_types: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}
        types_2: list[Any] = [first_types]
        first_associations: dict[str, Any] = {"to": {"id": note.contact_id}, "types": types_2}
        properties: dict[str, Any] = {
            "hs_timestamp": ctx.time,
            "hs_note_body": input_validation.at_most(html.encode(note.body), 65536, "body", "HubSpot"),
        }
        associations: list[Any] = [first_associations]
        body: dict[str, Any] = {"properties": properties, "associations": associations}
        body = input_validation.merge(body, ctx.extra, "HubSpot")
        created = yield from call(
            POST_CRM_V3_OBJECTS_NOTES_CREATE, json=body, schema=types.NotesNote, save_as="created"
        )
        yield CreatedRecord(created.id)
        if note.company_id is not None:
            first_element: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 190}
            body_2: list[Any] = [first_element]
            yield from call(
                PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE,
                path=("notes", created.id, "companies", note.company_id),
                json=body_2,
            )
        response, raw = yield from fetch(
            GET_CRM_V3_OBJECTS_NOTES_NOTE_ID_GET_BY_ID,
            path=(created.id,),
            query={"associations": ["deals", "contacts", "companies"], "properties": SELECT},
            schema=types.Note,
        )
        return read_note(response, raw)
    if note.company_id is not None and note.deal_id is None:
        first_types_2: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 190}
        types_3: list[Any] = [first_types_2]
        first_associations_2: dict[str, Any] = {"to": {"id": note.company_id}, "types": types_3}
        properties_2: dict[str, Any] = {
            "hs_timestamp": ctx.time,
            "hs_note_body": input_validation.at_most(html.encode(note.body), 65536, "body", "HubSpot"),
        }
        associations_2: list[Any] = [first_associations_2]
        body_3: dict[str, Any] = {"properties": properties_2, "associations": associations_2}
        body_3 = input_validation.merge(body_3, ctx.extra, "HubSpot")
        created_2 = yield from call(
            POST_CRM_V3_OBJECTS_NOTES_CREATE, json=body_3, schema=types.NotesNote, save_as="created"
        )
        yield CreatedRecord(created_2.id)
        response_2, raw = yield from fetch(
            GET_CRM_V3_OBJECTS_NOTES_NOTE_ID_GET_BY_ID,
            path=(created_2.id,),
            query={"associations": ["deals", "contacts", "companies"], "properties": SELECT},
            schema=types.Note,
        )
        return read_note(response_2, raw)
    deal_id = input_validation.require("deal_id", note.deal_id, "HubSpot")
    first_types_3: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 214}
    types_4: list[Any] = [first_types_3]
    first_associations_3: dict[str, Any] = {"to": {"id": deal_id}, "types": types_4}
    properties_3: dict[str, Any] = {
        "hs_timestamp": ctx.time,
        "hs_note_body": input_validation.at_most(html.encode(note.body), 65536, "body", "HubSpot"),
    }
    associations_3: list[Any] = [first_associations_3]
    body_4: dict[str, Any] = {"properties": properties_3, "associations": associations_3}
    body_4 = input_validation.merge(body_4, ctx.extra, "HubSpot")
    created_3 = yield from call(
        POST_CRM_V3_OBJECTS_NOTES_CREATE, json=body_4, schema=types.NotesNote, save_as="created"
    )
    yield CreatedRecord(created_3.id)
    if note.contact_id is not None:
        first_element_2: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}
        body_5: list[Any] = [first_element_2]
        yield from call(
            PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE,
            path=("notes", created_3.id, "contacts", note.contact_id),
            json=body_5,
        )
    if note.company_id is not None:
        first_element_3: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 190}
        body_6: list[Any] = [first_element_3]
        yield from call(
            PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE,
            path=("notes", created_3.id, "companies", note.company_id),
            json=body_6,
        )
    response_3, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_NOTES_NOTE_ID_GET_BY_ID,
        path=(created_3.id,),
        query={"associations": ["deals", "contacts", "companies"], "properties": SELECT},
        schema=types.Note,
    )
    return read_note(response_3, raw)


def update(ctx: Context, id: str, note: NoteUpdate) -> Steps[Note]:
    """Change the text of a note.

    In turn:
        PATCH /crm/v3/objects/notes/{noteId}, if needed
        GET /crm/v3/objects/notes/{noteId}
    """
    given = input_validation.changes(note, ctx.extra, "HubSpot")
    input_validation.reject_clearing(note, given, UPDATE_NEVER_CLEARED, "HubSpot")
    if given & PATCH_CRM_V3_OBJECTS_NOTES_NOTE_ID_UPDATE_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if note.body is not None:
            body["properties"] = {
                "hs_note_body": input_validation.at_most(html.encode(note.body), 65536, "body", "HubSpot")
            }
        body = input_validation.merge(body, ctx.extra, "HubSpot")
        yield from call(
            PATCH_CRM_V3_OBJECTS_NOTES_NOTE_ID_UPDATE,
            path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
            json=body,
        )
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_NOTES_NOTE_ID_GET_BY_ID,
        path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
        query={"associations": ["deals", "contacts", "companies"], "properties": SELECT},
        schema=types.Note,
    )
    return read_note(response, raw)


def list_(ctx: Context, filters: NoteFilters) -> Steps[Page[Note]]:
    """List notes.

    One of:
        POST /crm/v3/objects/notes/search
        GET /crm/v3/objects/notes
    """
    if (
        filters.deal_id is not None
        or filters.contact_id is not None
        or filters.company_id is not None
        or filters.updated_after is not None
    ):
        clauses: list[Any] = []
        if filters.deal_id is not None:
            clauses.append({"propertyName": "associations.deal", "operator": "EQ", "value": filters.deal_id})
        if filters.contact_id is not None:
            clauses.append({"propertyName": "associations.contact", "operator": "EQ", "value": filters.contact_id})
        if filters.company_id is not None:
            clauses.append({"propertyName": "associations.company", "operator": "EQ", "value": filters.company_id})
        if filters.updated_after is not None:
            clauses.append(
                {
                    "propertyName": "hs_lastmodifieddate",
                    "operator": "GTE",
                    "value": hubspot_datetime.encode(filters.updated_after),
                }
            )
        if ctx.cursor is not None:
            clauses.append({"propertyName": "hs_object_id", "operator": "GT", "value": ctx.cursor})
        body: dict[str, Any] = {
            "sorts": ["hs_object_id"],
            "properties": SELECT_2,
            "limit": input_validation.page_size(ctx.limit, 100),
        }
        if clauses:
            body["filterGroups"] = [{"filters": clauses}]
        response, raw = yield from fetch(
            POST_CRM_V3_OBJECTS_NOTES_SEARCH_DO_SEARCH, json=body, schema=types.NoteSearchPage
        )
        items = response.results or []
        records = [read_note(each, raw.at("results", index)) for index, each in enumerate(items)]
        return Page(
            records,
            cursor=pagination.after_last(pagination.token(items[-1].id) if items else None, len(items), response.total),
        )
    query: dict[str, Any] = {
        "associations": ["deals", "contacts", "companies"],
        "properties": SELECT,
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["after"] = ctx.cursor
    response_2, raw = yield from fetch(GET_CRM_V3_OBJECTS_NOTES_GET_PAGE, query=query, schema=types.NotePage)
    items_2 = response_2.results or []
    records = [read_note(each, raw.at("results", index)) for index, each in enumerate(items_2)]
    paging = response_2.paging or types.ForwardPaging()
    next_ = paging.next or types.NextPage()
    return Page(records, cursor=pagination.token(next_.after))


def read_note(r: types.Note, raw: Raw) -> Note:
    """Read a unified Note from a Note of HubSpot."""
    properties = r.properties or types.NoteProperties()
    associations = r.associations or types.NoteAssociations()
    deals = associations.deals or types.AssociatedRecords()
    first_results = (deals.results or (None,))[0] or types.AssociatedRecordsResults()
    contacts = associations.contacts or types.AssociatedRecords()
    first_results_2 = (contacts.results or (None,))[0] or types.AssociatedRecordsResults()
    companies = associations.companies or types.AssociatedRecords()
    first_results_3 = (companies.results or (None,))[0] or types.AssociatedRecordsResults()
    values: NoteValues = {
        "id": responses.required(r.id or None, "id", "HubSpot"),
        "deal_id": first_results.id or None,
        "contact_id": first_results_2.id or None,
        "company_id": first_results_3.id or None,
        "author_id": properties.hubspot_owner_id or None,
        "created_at": hubspot_datetime.decode(r.created_at) if r.created_at else None,
        "updated_at": hubspot_datetime.decode(r.updated_at) if r.updated_at else None,
    }
    return make_note(values, raw, properties.hs_note_body)
