"""Salesforce leads, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import hidden_fields, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.adapter_api.query import soql
from . import types
from ...models.leads import Lead, LeadCreate, LeadFilters, LeadUpdate, LeadValues

GET_SOBJECTS_LEAD_ID = Endpoint("GET /sobjects/Lead/{id}", "GET", "/sobjects/Lead/{id}", Retry.SAFE)
DELETE_SOBJECTS_LEAD_ID = Endpoint("DELETE /sobjects/Lead/{id}", "DELETE", "/sobjects/Lead/{id}", Retry.IDEMPOTENT)
POST_SOBJECTS_LEAD = Endpoint("POST /sobjects/Lead", "POST", "/sobjects/Lead", Retry.NEVER)
PATCH_SOBJECTS_LEAD_ID = Endpoint("PATCH /sobjects/Lead/{id}", "PATCH", "/sobjects/Lead/{id}", Retry.NEVER)
GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)

make_lead = record_factory(Lead, "salesforce", absent=("contact_id", "company_id", "amount", "currency"))
SELECT = "Id,Name,FirstName,LastName,Email,Phone,Company,Title,Status,LeadSource,OwnerId,IsConverted,CreatedDate,LastModifiedDate"
CREATE_UNSUPPORTED = {
    "name": "Salesforce composes the name from `first_name` and `last_name`",
    "contact_id": "Salesforce leads are people that are not contacts yet",
    "company_id": "Salesforce leads are people that are not contacts yet",
    "amount": "Salesforce leads have no amount; the deal that is created from a lead has one",
    "currency": "Salesforce leads have no amount; the deal that is created from a lead has one",
}
UPDATE_UNSUPPORTED = {
    "name": "Salesforce composes the name from `first_name` and `last_name`",
    "contact_id": "Salesforce leads are people that are not contacts yet",
    "company_id": "Salesforce leads are people that are not contacts yet",
    "amount": "Salesforce leads have no amount; the deal that is created from a lead has one",
    "currency": "Salesforce leads have no amount; the deal that is created from a lead has one",
}
UPDATE_NEVER_CLEARED = ("last_name", "company_name", "status", "owner_id")
PATCH_SOBJECTS_LEAD_ID_SENDS = frozenset(
    ("company_name", "email", "first_name", "job_title", "last_name", "owner_id", "phone", "source", "status")
)

FIELDS: dict[str, str] = {
    "id": "id",
    "FirstName": "first_name",
    "LastName": "last_name",
    "Email": "email",
    "Phone": "phone",
    "Company": "company_name",
    "Title": "job_title",
    "Status": "status",
    "LeadSource": "source",
    "OwnerId": "owner_id",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Lead]:
    """Read a lead: GET /sobjects/Lead/{id}."""
    response, raw = yield from hidden_fields.or_unselected(
        fetch(GET_SOBJECTS_LEAD_ID, path=(id,), query={"fields": SELECT}, schema=types.LeadSObject),
        "fields",
        "INVALID_FIELD",
    )
    return read_lead(ctx, response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a lead: DELETE /sobjects/Lead/{id}."""
    yield from call(DELETE_SOBJECTS_LEAD_ID, path=(id,))


def create(ctx: Context, lead: LeadCreate) -> Steps[Lead]:
    """Create a lead.

    In turn:
        POST /sobjects/Lead
        GET /sobjects/Lead/{id}
    """
    input_validation.reject_unsupported(lead, CREATE_UNSUPPORTED, "Salesforce")
    last_name = input_validation.require("last_name", lead.last_name, "Salesforce")
    company_name = input_validation.require("company_name", lead.company_name, "Salesforce")
    body: dict[str, Any] = {"LastName": last_name, "Company": company_name}
    if lead.first_name is not None:
        body["FirstName"] = lead.first_name
    if lead.email is not None:
        body["Email"] = lead.email
    if lead.phone is not None:
        body["Phone"] = lead.phone
    if lead.job_title is not None:
        body["Title"] = lead.job_title
    if lead.status is not None:
        body["Status"] = lead.status
    if lead.source is not None:
        body["LeadSource"] = lead.source
    if lead.owner_id is not None:
        body["OwnerId"] = lead.owner_id
    body = input_validation.merge(body, ctx.extra, "Salesforce")
    saved = yield from call(POST_SOBJECTS_LEAD, json=body, schema=types.SaveResult, save_as="saved")
    yield CreatedRecord(saved.id)
    response, raw = yield from hidden_fields.or_unselected(
        fetch(GET_SOBJECTS_LEAD_ID, path=(saved.id,), query={"fields": SELECT}, schema=types.LeadSObject),
        "fields",
        "INVALID_FIELD",
    )
    return read_lead(ctx, response, raw)


def update(ctx: Context, id: str, lead: LeadUpdate) -> Steps[Lead]:
    """Change a lead.

    In turn:
        PATCH /sobjects/Lead/{id}, if needed
        GET /sobjects/Lead/{id}
    """
    input_validation.reject_unsupported(lead, UPDATE_UNSUPPORTED, "Salesforce", clears=True)
    given = input_validation.changes(lead, ctx.extra, "Salesforce")
    input_validation.reject_clearing(lead, given, UPDATE_NEVER_CLEARED, "Salesforce")
    if given & PATCH_SOBJECTS_LEAD_ID_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if "first_name" in given:
            body["FirstName"] = lead.first_name
        if lead.last_name is not None:
            body["LastName"] = lead.last_name
        if "email" in given:
            body["Email"] = lead.email
        if "phone" in given:
            body["Phone"] = lead.phone
        if lead.company_name is not None:
            body["Company"] = lead.company_name
        if "job_title" in given:
            body["Title"] = lead.job_title
        if lead.status is not None:
            body["Status"] = lead.status
        if "source" in given:
            body["LeadSource"] = lead.source
        if lead.owner_id is not None:
            body["OwnerId"] = lead.owner_id
        body = input_validation.merge(body, ctx.extra, "Salesforce")
        yield from call(PATCH_SOBJECTS_LEAD_ID, path=(id,), json=body)
    response, raw = yield from hidden_fields.or_unselected(
        fetch(GET_SOBJECTS_LEAD_ID, path=(id,), query={"fields": SELECT}, schema=types.LeadSObject),
        "fields",
        "INVALID_FIELD",
    )
    return read_lead(ctx, response, raw)


def list_(ctx: Context, filters: LeadFilters) -> Steps[Page[Lead]]:
    """Find leads: GET /query."""
    clauses: list[str] = []
    if filters.text is not None:
        clauses.append(f"Name LIKE {soql.contains(filters.text)}")
    if filters.email is not None:
        clauses.append(f"Email = {soql.text(filters.email)}")
    if filters.owner_id is not None:
        clauses.append(f"OwnerId = {soql.text(filters.owner_id)}")
    if filters.updated_after is not None:
        clauses.append(f"LastModifiedDate >= {soql.date_time(filters.updated_after)}")
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": "SELECT FIELDS(STANDARD) FROM Lead"
            + (" WHERE " + " AND ".join(clauses) if clauses else "")
            + " ORDER BY Id"
        },
        url=pagination.next_page_url(ctx.cursor, allow_subpaths=True),
        schema=types.LeadsQueryResult,
    )
    items = response.records or []
    records = [read_lead(ctx, each, raw.at("records", index)) for index, each in enumerate(items)]
    return Page(records, cursor=None if response.done else pagination.token(response.next_records_url))


def read_lead(ctx: Context, r: types.LeadSObject, raw: Raw) -> Lead:
    """Read a unified Lead from a LeadSObject of Salesforce."""
    values: LeadValues = {
        "id": responses.required(r.id, "id", "Salesforce"),
        "name": r.name,
        "first_name": r.first_name,
        "last_name": r.last_name,
        "email": r.email,
        "phone": r.phone,
        "company_name": r.company,
        "job_title": r.title,
        "contact_id": None,
        "company_id": None,
        "amount": None,
        "currency": None,
        "status": r.status,
        "source": r.lead_source,
        "owner_id": r.owner_id,
        "converted": r.is_converted,
        "url": f"{ctx.connection['instance_url']}/{r.id}" if r.id is not None else None,
        "created_at": datetimes.decode(r.created_date) if r.created_date is not None else None,
        "updated_at": datetimes.decode(r.last_modified_date) if r.last_modified_date is not None else None,
    }
    return make_lead(values, raw)
