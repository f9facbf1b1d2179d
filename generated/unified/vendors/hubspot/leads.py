"""HubSpot leads, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import hubspot_datetime
from . import types
from ...models.leads import Lead, LeadCreate, LeadFilters, LeadUpdate, LeadValues

GET_CRM_V3_OBJECTS_LEADS_OBJECT_ID = Endpoint(
    "GET /crm/v3/objects/leads/{objectId}", "GET", "/crm/v3/objects/leads/{objectId}", Retry.SAFE
)
DELETE_CRM_V3_OBJECTS_LEADS_OBJECT_ID = Endpoint(
    "DELETE /crm/v3/objects/leads/{objectId}", "DELETE", "/crm/v3/objects/leads/{objectId}", Retry.IDEMPOTENT
)
POST_CRM_V3_OBJECTS_LEADS = Endpoint("POST /crm/v3/objects/leads", "POST", "/crm/v3/objects/leads", Retry.NEVER)
PATCH_CRM_V3_OBJECTS_LEADS_OBJECT_ID = Endpoint(
    "PATCH /crm/v3/objects/leads/{objectId}", "PATCH", "/crm/v3/objects/leads/{objectId}", Retry.NEVER
)
POST_CRM_V3_OBJECTS_LEADS_SEARCH = Endpoint(
    "POST /crm/v3/objects/leads/search", "POST", "/crm/v3/objects/leads/search", Retry.SAFE
)

make_lead = record_factory(
    Lead,
    "hubspot",
    absent=(
        "first_name",
        "last_name",
        "email",
        "phone",
        "company_name",
        "job_title",
        "amount",
        "currency",
        "source",
        "converted",
        "url",
    ),
)
SELECT = "hs_lead_name,hs_pipeline_stage,hubspot_owner_id"
CREATE_UNSUPPORTED = {
    "first_name": "HubSpot leads refer to a contact; set `contact_id`",
    "last_name": "HubSpot leads refer to a contact; set `contact_id`",
    "email": "HubSpot leads refer to a contact; set `contact_id`",
    "phone": "HubSpot leads refer to a contact; set `contact_id`",
    "company_name": "HubSpot leads refer to a contact; set `contact_id`",
    "job_title": "HubSpot leads refer to a contact; set `contact_id`",
    "company_id": "HubSpot links a lead to a single contact, only when the lead is created",
    "amount": "HubSpot leads have no amount; the deal that is created from a lead has one",
    "currency": "HubSpot leads have no amount; the deal that is created from a lead has one",
    "source": "HubSpot stores the source of the contact; use `lead_source` of the contact",
}
UPDATE_UNSUPPORTED = {
    "first_name": "HubSpot leads refer to a contact; set `contact_id`",
    "last_name": "HubSpot leads refer to a contact; set `contact_id`",
    "email": "HubSpot leads refer to a contact; set `contact_id`",
    "phone": "HubSpot leads refer to a contact; set `contact_id`",
    "company_name": "HubSpot leads refer to a contact; set `contact_id`",
    "job_title": "HubSpot leads refer to a contact; set `contact_id`",
    "contact_id": "HubSpot links a lead to a single contact, only when the lead is created",
    "company_id": "HubSpot links a lead to a single contact, only when the lead is created",
    "amount": "HubSpot leads have no amount; the deal that is created from a lead has one",
    "currency": "HubSpot leads have no amount; the deal that is created from a lead has one",
    "source": "HubSpot stores the source of the contact; use `lead_source` of the contact",
}
PATCH_CRM_V3_OBJECTS_LEADS_OBJECT_ID_SENDS = frozenset(("name", "owner_id", "status"))
LIST_UNSUPPORTED = {"email": "HubSpot leads have no email address"}
SELECT_2 = ("hs_lead_name", "hs_pipeline_stage", "hubspot_owner_id")

FIELDS: dict[str, str] = {
    "objectId": "id",
    "associations.to.id": "contact_id",
    "hs_lead_name": "name",
    "hs_pipeline_stage": "status",
    "hubspot_owner_id": "owner_id",
    "query": "text",
    "associations": "contact_id",
    "id": "contact_id",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Lead]:
    """Read a lead: GET /crm/v3/objects/leads/{objectId}."""
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_LEADS_OBJECT_ID,
        path=(id,),
        query={"associations": "contacts,companies", "properties": SELECT},
        schema=types.Lead,
    )
    return read_lead(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a lead: DELETE /crm/v3/objects/leads/{objectId}."""
    yield from call(DELETE_CRM_V3_OBJECTS_LEADS_OBJECT_ID, path=(id,))


def create(ctx: Context, lead: LeadCreate) -> Steps[Lead]:
    """Create a lead.

    In turn:
        POST /crm/v3/objects/leads
        GET /crm/v3/objects/leads/{objectId}
    """
    input_validation.reject_unsupported(lead, CREATE_UNSUPPORTED, "HubSpot")
    name = input_validation.require("name", lead.name, "HubSpot")
    contact_id = input_validation.require("contact_id", lead.contact_id, "HubSpot")
    first_types: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 578}
    types_2: list[Any] = [first_types]
    first_associations: dict[str, Any] = {"to": {"id": contact_id}, "types": types_2}
    associations: list[Any] = [first_associations]
    properties: dict[str, Any] = {"hs_lead_name": name}
    if lead.status is not None:
        properties["hs_pipeline_stage"] = lead.status
    if lead.owner_id is not None:
        properties["hubspot_owner_id"] = lead.owner_id
    body: dict[str, Any] = {"associations": associations, "properties": properties}
    body = input_validation.merge(body, ctx.extra, "HubSpot")
    created = yield from call(POST_CRM_V3_OBJECTS_LEADS, json=body, schema=types.LeadsLead, save_as="created")
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_LEADS_OBJECT_ID,
        path=(created.id,),
        query={"associations": "contacts,companies", "properties": SELECT},
        schema=types.Lead,
    )
    return read_lead(response, raw)


def update(ctx: Context, id: str, lead: LeadUpdate) -> Steps[Lead]:
    """Change a lead.

    In turn:
        PATCH /crm/v3/objects/leads/{objectId}, if needed
        GET /crm/v3/objects/leads/{objectId}
    """
    input_validation.reject_unsupported(lead, UPDATE_UNSUPPORTED, "HubSpot", clears=True)
    given = input_validation.changes(lead, ctx.extra, "HubSpot")
    if given & PATCH_CRM_V3_OBJECTS_LEADS_OBJECT_ID_SENDS or ctx.extra:
        properties: dict[str, Any] = {}
        if "name" in given:
            properties["hs_lead_name"] = "" if lead.name is None else lead.name
        if "status" in given:
            properties["hs_pipeline_stage"] = "" if lead.status is None else lead.status
        if "owner_id" in given:
            properties["hubspot_owner_id"] = "" if lead.owner_id is None else lead.owner_id
        body: dict[str, Any] = {}
        if properties:
            body["properties"] = properties
        body = input_validation.merge(body, ctx.extra, "HubSpot")
        yield from call(PATCH_CRM_V3_OBJECTS_LEADS_OBJECT_ID, path=(id,), json=body)
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_LEADS_OBJECT_ID,
        path=(id,),
        query={"associations": "contacts,companies", "properties": SELECT},
        schema=types.Lead,
    )
    return read_lead(response, raw)


def list_(ctx: Context, filters: LeadFilters) -> Steps[Page[Lead]]:
    """Find leads: POST /crm/v3/objects/leads/search."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "HubSpot")
    clauses: list[Any] = []
    if filters.owner_id is not None:
        clauses.append({"propertyName": "hubspot_owner_id", "operator": "EQ", "value": filters.owner_id})
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
    if filters.text is not None:
        body["query"] = filters.text
    if clauses:
        body["filterGroups"] = [{"filters": clauses}]
    response, raw = yield from fetch(POST_CRM_V3_OBJECTS_LEADS_SEARCH, json=body, schema=types.LeadSearchPage)
    items = response.results or []
    records = [read_lead(each, raw.at("results", index)) for index, each in enumerate(items)]
    return Page(
        records,
        cursor=pagination.after_last(pagination.token(items[-1].id) if items else None, len(items), response.total),
    )


def read_lead(r: types.Lead, raw: Raw) -> Lead:
    """Read a unified Lead from a Lead of HubSpot."""
    properties = r.properties or types.LeadProperties()
    associations = r.associations or types.LeadAssociations()
    contacts = associations.contacts or types.AssociatedRecords()
    first_results = (contacts.results or (None,))[0] or types.AssociatedRecordsResults()
    companies = associations.companies or types.AssociatedRecords()
    first_results_2 = (companies.results or (None,))[0] or types.AssociatedRecordsResults()
    values: LeadValues = {
        "id": responses.required(r.id or None, "id", "HubSpot"),
        "name": properties.hs_lead_name or None,
        "first_name": None,
        "last_name": None,
        "email": None,
        "phone": None,
        "company_name": None,
        "job_title": None,
        "contact_id": first_results.id or None,
        "company_id": first_results_2.id or None,
        "amount": None,
        "currency": None,
        "status": properties.hs_pipeline_stage or None,
        "source": None,
        "owner_id": properties.hubspot_owner_id or None,
        "converted": None,
        "url": None,
        "created_at": hubspot_datetime.decode(r.created_at) if r.created_at else None,
        "updated_at": hubspot_datetime.decode(r.updated_at) if r.updated_at else None,
    }
    return make_lead(values, raw)
