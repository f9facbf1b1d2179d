"""Pipedrive notes, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes, html
from . import types
from ...models.notes import Note, NoteCreate, NoteFilters, NoteUpdate, NoteValues

GET_NOTE = Endpoint("getNote", "GET", "/notes/{id}", Retry.SAFE, "v1")
DELETE_NOTE = Endpoint("deleteNote", "DELETE", "/notes/{id}", Retry.IDEMPOTENT, "v1")
ADD_NOTE = Endpoint("addNote", "POST", "/notes", Retry.NEVER, "v1")
UPDATE_NOTE = Endpoint("updateNote", "PUT", "/notes/{id}", Retry.IDEMPOTENT, "v1")
GET_NOTES = Endpoint("getNotes", "GET", "/notes", Retry.SAFE, "v1")

make_note = record_factory(Note, "pipedrive", lazy={"body": LazyField(html.decode, "content")})
UPDATE_NEVER_CLEARED = ("body",)

FIELDS: dict[str, str] = {
    "id": "id",
    "content": "body",
    "deal_id": "deal_id",
    "person_id": "contact_id",
    "org_id": "company_id",
    "updated_since": "updated_after",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete", "update")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Note]:
    """Read a note: GET /notes/{id}."""
    response, raw = yield from fetch(
        GET_NOTE, path=(input_validation.integer_id(id, "id", "Pipedrive"),), schema=types.GetNoteResponse
    )
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_note(record):
        raise responses.wrong_resource("Note", "Pipedrive")
    return read_note(record, raw.at("data"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a note: DELETE /notes/{id}."""
    yield from call(DELETE_NOTE, path=(input_validation.integer_id(id, "id", "Pipedrive"),))


def create(ctx: Context, note: NoteCreate) -> Steps[Note]:
    """Log a note on a deal, a contact or a company: POST /notes."""
    body: dict[str, Any] = {"content": html.encode(note.body)}
    if note.deal_id is not None:
        body["deal_id"] = input_validation.integer_id(note.deal_id, "deal_id", "Pipedrive")
    if note.contact_id is not None:
        body["person_id"] = input_validation.integer_id(note.contact_id, "contact_id", "Pipedrive")
    if note.company_id is not None:
        body["org_id"] = input_validation.integer_id(note.company_id, "company_id", "Pipedrive")
    body = input_validation.merge(body, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(ADD_NOTE, json=body, schema=types.AddNoteResponse)
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_note(record):
        raise responses.wrong_resource("Note", "Pipedrive")
    return read_note(record, raw.at("data"))


def update(ctx: Context, id: str, note: NoteUpdate) -> Steps[Note]:
    """Change the text of a note: PUT /notes/{id}."""
    given = input_validation.changes(note, ctx.extra, "Pipedrive")
    input_validation.reject_clearing(note, given, UPDATE_NEVER_CLEARED, "Pipedrive")
    body: dict[str, Any] = {}
    if note.body is not None:
        body["content"] = html.encode(note.body)
    body = input_validation.merge(body, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(
        UPDATE_NOTE,
        path=(input_validation.integer_id(id, "id", "Pipedrive"),),
        json=body,
        schema=types.UpdateNoteResponse,
    )
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_note(record):
        raise responses.wrong_resource("Note", "Pipedrive")
    return read_note(record, raw.at("data"))


def list_(ctx: Context, filters: NoteFilters) -> Steps[Page[Note]]:
    """List notes: GET /notes."""
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 500)}
    if filters.deal_id is not None:
        query["deal_id"] = input_validation.integer_id(filters.deal_id, "deal_id", "Pipedrive")
    if filters.contact_id is not None:
        query["person_id"] = input_validation.integer_id(filters.contact_id, "contact_id", "Pipedrive")
    if filters.company_id is not None:
        query["org_id"] = input_validation.integer_id(filters.company_id, "company_id", "Pipedrive")
    if filters.updated_after is not None:
        query["updated_since"] = datetimes.encode(filters.updated_after)
    query["start"] = start
    query = input_validation.merge(query, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(GET_NOTES, query=query, schema=types.GetNotesResponse)
    items = response.data or []
    records = [read_note(each, raw.at("data", index)) for index, each in enumerate(items) if _is_note(each)]
    additional_data = response.additional_data or types.GetNotesResponseAdditionalData()
    pagination_2 = additional_data.pagination or types.GetNotesResponseAdditionalDataPagination()
    return Page(
        records,
        cursor=pagination.after_offset(start, len(items), size=input_validation.page_size(ctx.limit, 500))
        if pagination_2.more_items_in_collection
        else None,
    )


def read_note(r: types.Note, raw: Raw) -> Note:
    """Read a unified Note from a Note of Pipedrive."""
    values: NoteValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Pipedrive"),
        "deal_id": str(r.deal_id) if r.deal_id is not None else None,
        "contact_id": str(r.person_id) if r.person_id is not None else None,
        "company_id": str(r.org_id) if r.org_id is not None else None,
        "author_id": str(r.user_id) if r.user_id is not None else None,
        "created_at": datetimes.decode(r.add_time) if r.add_time is not None else None,
        "updated_at": datetimes.decode(r.update_time) if r.update_time is not None else None,
    }
    return make_note(values, raw, r.content)


def _is_note(r: types.Note) -> bool:
    return r.active_flag is not False
