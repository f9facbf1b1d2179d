"""Salesforce notes, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import hidden_fields, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.adapter_api.query import soql
from . import types
from ...models.notes import Note, NoteCreate, NoteFilters, NoteUpdate, NoteValues

GET_SOBJECTS_NOTE_ID = Endpoint("GET /sobjects/Note/{id}", "GET", "/sobjects/Note/{id}", Retry.SAFE)
DELETE_SOBJECTS_NOTE_ID = Endpoint("DELETE /sobjects/Note/{id}", "DELETE", "/sobjects/Note/{id}", Retry.IDEMPOTENT)
POST_SOBJECTS_NOTE = Endpoint("POST /sobjects/Note", "POST", "/sobjects/Note", Retry.NEVER)
PATCH_SOBJECTS_NOTE_ID = Endpoint("PATCH /sobjects/Note/{id}", "PATCH", "/sobjects/Note/{id}", Retry.NEVER)
GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)

PATTERN_N006_KEY = re.compile("006(?P<key>[^/]+)")
PATTERN_N003_KEY = re.compile("003(?P<key>[^/]+)")
PATTERN_N001_KEY = re.compile("001(?P<key>[^/]+)")
make_note = record_factory(Note, "salesforce")
SELECT = "Id,Body,ParentId,CreatedById,CreatedDate,LastModifiedDate"
CREATE_GET_SOBJECTS_NOTE_ID_UNSUPPORTED = {
    "deal_id": "Salesforce notes refer to one record; set only one of these fields",
    "company_id": "Salesforce notes refer to one record; set only one of these fields",
}
CREATE_GET_SOBJECTS_NOTE_ID_UNSUPPORTED_2 = {
    "deal_id": "Salesforce notes refer to one record; set only one of these fields"
}
UPDATE_NEVER_CLEARED = ("body",)
PATCH_SOBJECTS_NOTE_ID_SENDS = frozenset(("body",))

FIELDS: dict[str, str] = {"id": "id", "ParentId": "contact_id", "Body": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Note]:
    """Read a note: GET /sobjects/Note/{id}."""
    response, raw = yield from hidden_fields.or_unselected(
        fetch(GET_SOBJECTS_NOTE_ID, path=(id,), query={"fields": SELECT}, schema=types.NoteSObject),
        "fields",
        "INVALID_FIELD",
    )
    return read_note(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a note: DELETE /sobjects/Note/{id}."""
    yield from call(DELETE_SOBJECTS_NOTE_ID, path=(id,))


def create(ctx: Context, note: NoteCreate) -> Steps[Note]:
    """Log a note on a deal, a contact or a company.

    One of:
        POST /sobjects/Note, then GET /sobjects/Note/{id}
        POST /sobjects/Note, then GET /sobjects/Note/{id}
        POST /sobjects/Note, then GET /sobjects/Note/{id}
    """
    if note.contact_id is not None:
        input_validation.reject_unsupported(note, CREATE_GET_SOBJECTS_NOTE_ID_UNSUPPORTED, "Salesforce")
        body: dict[str, Any] = {"ParentId": note.contact_id, "Body": note.body}
        body = input_validation.merge(body, ctx.extra, "Salesforce")
        body = input_validation.default(body, {"Title": "Note"})
        saved = yield from call(POST_SOBJECTS_NOTE, json=body, schema=types.SaveResult, save_as="saved")
        yield CreatedRecord(saved.id)
        response, raw = yield from hidden_fields.or_unselected(
            fetch(GET_SOBJECTS_NOTE_ID, path=(saved.id,), query={"fields": SELECT}, schema=types.NoteSObject),
            "fields",
            "INVALID_FIELD",
        )
        return read_note(response, raw)
    if note.company_id is not None:
        input_validation.reject_unsupported(note, CREATE_GET_SOBJECTS_NOTE_ID_UNSUPPORTED_2, "Salesforce")
        body_2: dict[str, Any] = {"ParentId": note.company_id, "Body": note.body}
        body_2 = input_validation.merge(body_2, ctx.extra, "Salesforce")
        body_2 = input_validation.default(body_2, {"Title": "Note"})
        saved_2 = yield from call(POST_SOBJECTS_NOTE, json=body_2, schema=types.SaveResult, save_as="saved")
        yield CreatedRecord(saved_2.id)
        response_2, raw = yield from hidden_fields.or_unselected(
            fetch(GET_SOBJECTS_NOTE_ID, path=(saved_2.id,), query={"fields": SELECT}, schema=types.NoteSObject),
            "fields",
            "INVALID_FIELD",
        )
        return read_note(response_2, raw)
    deal_id = input_validation.require("deal_id", note.deal_id, "Salesforce")
    body_3: dict[str, Any] = {"ParentId": deal_id, "Body": note.body}
    body_3 = input_validation.merge(body_3, ctx.extra, "Salesforce")
    body_3 = input_validation.default(body_3, {"Title": "Note"})
    saved_3 = yield from call(POST_SOBJECTS_NOTE, json=body_3, schema=types.SaveResult, save_as="saved")
    yield CreatedRecord(saved_3.id)
    response_3, raw = yield from hidden_fields.or_unselected(
        fetch(GET_SOBJECTS_NOTE_ID, path=(saved_3.id,), query={"fields": SELECT}, schema=types.NoteSObject),
        "fields",
        "INVALID_FIELD",
    )
    return read_note(response_3, raw)


def update(ctx: Context, id: str, note: NoteUpdate) -> Steps[Note]:
    """Change the text of a note.

    In turn:
        PATCH /sobjects/Note/{id}, if needed
        GET /sobjects/Note/{id}
    """
    given = input_validation.changes(note, ctx.extra, "Salesforce")
    input_validation.reject_clearing(note, given, UPDATE_NEVER_CLEARED, "Salesforce")
    if given & PATCH_SOBJECTS_NOTE_ID_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if note.body is not None:
            body["Body"] = note.body
        body = input_validation.merge(body, ctx.extra, "Salesforce")
        yield from call(PATCH_SOBJECTS_NOTE_ID, path=(id,), json=body)
    response, raw = yield from hidden_fields.or_unselected(
        fetch(GET_SOBJECTS_NOTE_ID, path=(id,), query={"fields": SELECT}, schema=types.NoteSObject),
        "fields",
        "INVALID_FIELD",
    )
    return read_note(response, raw)


def list_(ctx: Context, filters: NoteFilters) -> Steps[Page[Note]]:
    """List notes: GET /query."""
    clauses: list[str] = []
    if filters.deal_id is not None:
        clauses.append(f"ParentId = {soql.text(filters.deal_id)}")
    if filters.contact_id is not None:
        clauses.append(f"ParentId = {soql.text(filters.contact_id)}")
    if filters.company_id is not None:
        clauses.append(f"ParentId = {soql.text(filters.company_id)}")
    if filters.updated_after is not None:
        clauses.append(f"LastModifiedDate >= {soql.date_time(filters.updated_after)}")
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": "SELECT FIELDS(STANDARD) FROM Note"
            + (" WHERE " + " AND ".join(clauses) if clauses else "")
            + " ORDER BY Id"
        },
        url=pagination.next_page_url(ctx.cursor, allow_subpaths=True),
        schema=types.NotesQueryResult,
    )
    items = response.records or []
    records = [read_note(each, raw.at("records", index)) for index, each in enumerate(items)]
    return Page(records, cursor=None if response.done else pagination.token(response.next_records_url))


def read_note(r: types.NoteSObject, raw: Raw) -> Note:
    """Read a unified Note from a NoteSObject of Salesforce."""
    key = PATTERN_N006_KEY.fullmatch(r.parent_id or "")
    key_2 = PATTERN_N003_KEY.fullmatch(r.parent_id or "")
    key_3 = PATTERN_N001_KEY.fullmatch(r.parent_id or "")
    values: NoteValues = {
        "id": responses.required(r.id, "id", "Salesforce"),
        "body": r.body,
        "deal_id": f"006{(key and key['key'])}" if (key and key["key"]) is not None else None,
        "contact_id": f"003{(key_2 and key_2['key'])}" if (key_2 and key_2["key"]) is not None else None,
        "company_id": f"001{(key_3 and key_3['key'])}" if (key_3 and key_3["key"]) is not None else None,
        "author_id": r.created_by_id,
        "created_at": datetimes.decode(r.created_date) if r.created_date is not None else None,
        "updated_at": datetimes.decode(r.last_modified_date) if r.last_modified_date is not None else None,
    }
    return make_note(values, raw)
