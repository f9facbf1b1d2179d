"""Pipedrive leads, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes, decimals
from . import types
from ...models.leads import Lead, LeadCreate, LeadFilters, LeadUpdate, LeadValues

GET_LEAD = Endpoint("getLead", "GET", "/leads/{id}", Retry.SAFE, "v1")
DELETE_LEAD = Endpoint("deleteLead", "DELETE", "/leads/{id}", Retry.IDEMPOTENT, "v1")
ADD_LEAD = Endpoint("addLead", "POST", "/leads", Retry.NEVER, "v1")
UPDATE_LEAD = Endpoint("updateLead", "PATCH", "/leads/{id}", Retry.NEVER, "v1")
GET_LEADS = Endpoint("getLeads", "GET", "/leads", Retry.SAFE, "v1")

make_lead = record_factory(
    Lead,
    "pipedrive",
    absent=("first_name", "last_name", "email", "phone", "company_name", "job_title", "status", "url"),
)
CREATE_UNSUPPORTED = {
    "first_name": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "last_name": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "email": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "phone": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "company_name": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "job_title": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "amount": "Pipedrive accepts amount and currency only together; pass `value` with `amount` and `currency` in `extra`",
    "currency": "Pipedrive accepts amount and currency only together; pass `value` with `amount` and `currency` in `extra`",
    "status": "Pipedrive leads have labels instead of a status",
    "source": "Pipedrive sets the source when the lead is created",
}
UPDATE_UNSUPPORTED = {
    "first_name": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "last_name": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "email": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "phone": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "company_name": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "job_title": "Pipedrive leads refer to a contact and a company; set `contact_id` and `company_id`",
    "amount": "Pipedrive accepts amount and currency only together; pass `value` with `amount` and `currency` in `extra`",
    "currency": "Pipedrive accepts amount and currency only together; pass `value` with `amount` and `currency` in `extra`",
    "status": "Pipedrive leads have labels instead of a status",
    "source": "Pipedrive sets the source when the lead is created",
}
UPDATE_NEVER_CLEARED = ("name", "contact_id", "company_id", "owner_id")
LIST_UNSUPPORTED = {"email": "Pipedrive leads have no email address"}

FIELDS: dict[str, str] = {
    "id": "id",
    "title": "name",
    "person_id": "contact_id",
    "organization_id": "company_id",
    "owner_id": "owner_id",
    "updated_since": "updated_after",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Lead]:
    """Read a lead: GET /leads/{id}."""
    response, raw = yield from fetch(
        GET_LEAD,
        path=(
            input_validation.matching(
                id, "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", "id", "Pipedrive"
            ),
        ),
        schema=types.GetLeadResponse,
    )
    record = responses.required(response.data, "data", "Pipedrive")
    return read_lead(record, raw.at("data"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a lead: DELETE /leads/{id}."""
    yield from call(
        DELETE_LEAD,
        path=(
            input_validation.matching(
                id, "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", "id", "Pipedrive"
            ),
        ),
    )


def create(ctx: Context, lead: LeadCreate) -> Steps[Lead]:
    """Create a lead: POST /leads."""
    input_validation.reject_unsupported(lead, CREATE_UNSUPPORTED, "Pipedrive")
    name = input_validation.require("name", lead.name, "Pipedrive")
    body: dict[str, Any] = {"title": name}
    if lead.contact_id is not None:
        body["person_id"] = input_validation.integer_id(lead.contact_id, "contact_id", "Pipedrive")
    if lead.company_id is not None:
        body["organization_id"] = input_validation.integer_id(lead.company_id, "company_id", "Pipedrive")
    if lead.owner_id is not None:
        body["owner_id"] = input_validation.integer_id(lead.owner_id, "owner_id", "Pipedrive")
    body = input_validation.merge(body, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(ADD_LEAD, json=body, schema=types.AddLeadResponse)
    record = responses.required(response.data, "data", "Pipedrive")
    return read_lead(record, raw.at("data"))


def update(ctx: Context, id: str, lead: LeadUpdate) -> Steps[Lead]:
    """Change a lead: PATCH /leads/{id}."""
    input_validation.reject_unsupported(lead, UPDATE_UNSUPPORTED, "Pipedrive", clears=True)
    given = input_validation.changes(lead, ctx.extra, "Pipedrive")
    input_validation.reject_clearing(lead, given, UPDATE_NEVER_CLEARED, "Pipedrive")
    body: dict[str, Any] = {}
    if lead.name is not None:
        body["title"] = lead.name
    if lead.contact_id is not None:
        body["person_id"] = input_validation.integer_id(lead.contact_id, "contact_id", "Pipedrive")
    if lead.company_id is not None:
        body["organization_id"] = input_validation.integer_id(lead.company_id, "company_id", "Pipedrive")
    if lead.owner_id is not None:
        body["owner_id"] = input_validation.integer_id(lead.owner_id, "owner_id", "Pipedrive")
    body = input_validation.merge(body, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(
        UPDATE_LEAD,
        path=(
            input_validation.matching(
                id, "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", "id", "Pipedrive"
            ),
        ),
        json=body,
        schema=types.UpdateLeadResponse,
    )
    record = responses.required(response.data, "data", "Pipedrive")
    return read_lead(record, raw.at("data"))


def list_(ctx: Context, filters: LeadFilters) -> Steps[Page[Lead]]:
    """Find leads: GET /leads."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Pipedrive")
    start = pagination.number(ctx.cursor, 0)
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 500)}
    if filters.owner_id is not None:
        query["owner_id"] = input_validation.integer_id(filters.owner_id, "owner_id", "Pipedrive")
    if filters.updated_after is not None:
        query["updated_since"] = datetimes.encode(filters.updated_after)
    query["start"] = start
    query = input_validation.merge(query, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(GET_LEADS, query=query, schema=types.GetLeadsResponse)
    items = response.data or []
    records = [read_lead(each, raw.at("data", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''}".casefold()]
    additional_data = response.additional_data or types.GetLeadsResponseAdditionalData()
    return Page(
        records,
        cursor=pagination.after_offset(start, len(items), size=input_validation.page_size(ctx.limit, 500))
        if additional_data.more_items_in_collection
        else None,
    )


def read_lead(r: types.GetLeadData, raw: Raw) -> Lead:
    """Read a unified Lead from a getLead.data of Pipedrive."""
    value = r.value or types.GetLeadDataValue()
    values: LeadValues = {
        "id": responses.required(r.id, "id", "Pipedrive"),
        "name": r.title,
        "first_name": None,
        "last_name": None,
        "email": None,
        "phone": None,
        "company_name": None,
        "job_title": None,
        "contact_id": str(r.person_id) if r.person_id is not None else None,
        "company_id": str(r.organization_id) if r.organization_id is not None else None,
        "amount": decimals.decode(value.amount) if value.amount is not None else None,
        "currency": value.currency,
        "status": None,
        "source": r.source_name,
        "owner_id": str(r.owner_id) if r.owner_id is not None else None,
        "converted": r.is_archived,
        "url": None,
        "created_at": datetimes.decode(r.add_time) if r.add_time is not None else None,
        "updated_at": datetimes.decode(r.update_time) if r.update_time is not None else None,
    }
    return make_lead(values, raw)
