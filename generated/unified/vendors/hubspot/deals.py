"""HubSpot deals, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import date_in_datetime, decimals, decimals_text, hubspot_datetime
from unified_runtime.adapter_api.query import hubspot
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import batches, types
from ...models.deals import Deal, DealAddContact, DealCreate, DealFilters, DealRemoveContact, DealUpdate, DealValues

GET_CRM_V3_OBJECTS_0_3_DEAL_ID_GET_BY_ID = Endpoint(
    "get-/crm/v3/objects/0-3/{dealId}_getById", "GET", "/crm/v3/objects/0-3/{dealId}", Retry.SAFE
)
DELETE_CRM_V3_OBJECTS_0_3_DEAL_ID_ARCHIVE = Endpoint(
    "delete-/crm/v3/objects/0-3/{dealId}_archive",
    "DELETE",
    "/crm/v3/objects/0-3/{dealId}",
    Retry.IDEMPOTENT,
    batch=batches.POST_CRM_V3_OBJECTS_0_3_BATCH_ARCHIVE_ARCHIVE_IDEMPOTENT,
)
POST_CRM_V3_OBJECTS_0_3_CREATE = Endpoint(
    "post-/crm/v3/objects/0-3_create",
    "POST",
    "/crm/v3/objects/0-3",
    Retry.NEVER,
    batch=batches.POST_CRM_V3_OBJECTS_0_3_BATCH_CREATE_CREATE_NEVER,
)
PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE = Endpoint(
    "put-/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}_create",
    "PUT",
    "/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}",
    Retry.IDEMPOTENT,
    batch=batches.POST_CRM_V4_ASSOCIATIONS_FROM_OBJECT_TYPE_TO_OBJECT_TYPE_BATCH_CREATE_CREATE_IDEMPOTENT,
)
PATCH_CRM_V3_OBJECTS_0_3_DEAL_ID_UPDATE = Endpoint(
    "patch-/crm/v3/objects/0-3/{dealId}_update",
    "PATCH",
    "/crm/v3/objects/0-3/{dealId}",
    Retry.NEVER,
    batch=batches.POST_CRM_V3_OBJECTS_0_3_BATCH_UPDATE_UPDATE_NEVER,
)
DELETE_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_ARCHIVE = Endpoint(
    "delete-/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}_archive",
    "DELETE",
    "/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}",
    Retry.IDEMPOTENT,
)
POST_CRM_V3_OBJECTS_0_3_SEARCH_DO_SEARCH = Endpoint(
    "post-/crm/v3/objects/0-3/search_doSearch", "POST", "/crm/v3/objects/0-3/search", Retry.SAFE
)
GET_CRM_V3_OBJECTS_0_3_GET_PAGE = Endpoint("get-/crm/v3/objects/0-3_getPage", "GET", "/crm/v3/objects/0-3", Retry.SAFE)

make_deal = record_factory(Deal, "hubspot", absent=("closed_at",))
SELECT = "dealname,amount,deal_currency_code,hs_is_closed_won,hs_is_closed,dealstage,pipeline,hs_deal_stage_probability,closedate,hs_primary_associated_company,hubspot_owner_id,description,hs_analytics_source,closed_lost_reason"
CREATE_UNSUPPORTED = {
    "status": "HubSpot deals are won or lost by their stage; set `stage_id`",
    "probability": "HubSpot derives the probability from the stage of the deal",
    "contact_ids": "HubSpot links contacts to deals by associations; use `add_contact`, `remove_contact` or `add_contact_many`",
    "lead_source": "HubSpot sets the lead source from the contacts of the deal",
}
UPDATE_UNSUPPORTED = {
    "status": "HubSpot deals are won or lost by their stage; set `stage_id`",
    "probability": "HubSpot derives the probability from the stage of the deal",
    "contact_ids": "HubSpot links contacts to deals by associations; use `add_contact`, `remove_contact` or `add_contact_many`",
    "lead_source": "HubSpot sets the lead source from the contacts of the deal",
}
UPDATE_NEVER_CLEARED = ("name", "stage_id", "pipeline_id", "company_id")
PATCH_CRM_V3_OBJECTS_0_3_DEAL_ID_UPDATE_SENDS = frozenset(
    ("amount", "close_date", "currency", "description", "lost_reason", "name", "owner_id", "pipeline_id", "stage_id")
)
SELECT_2 = (
    "dealname",
    "amount",
    "deal_currency_code",
    "hs_is_closed_won",
    "hs_is_closed",
    "dealstage",
    "pipeline",
    "hs_deal_stage_probability",
    "closedate",
    "hs_primary_associated_company",
    "hubspot_owner_id",
    "description",
    "hs_analytics_source",
    "closed_lost_reason",
)

FIELDS: dict[str, str] = {
    "dealId": "id",
    "dealname": "name",
    "amount": "amount",
    "deal_currency_code": "currency",
    "dealstage": "stage_id",
    "pipeline": "pipeline_id",
    "closedate": "close_date",
    "hubspot_owner_id": "owner_id",
    "description": "description",
    "closed_lost_reason": "lost_reason",
    "toObjectId": "company_id",
    "objectId": "id",
    "query": "text",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(
    path=("properties",),
    pattern="(?!createdate$|hs_object_id$|(hs_)?lastmodifieddate$)[a-z][a-z0-9_]*",
    mapped_names=(
        "amount",
        "closed_lost_reason",
        "closedate",
        "deal_currency_code",
        "dealname",
        "dealstage",
        "description",
        "hs_analytics_source",
        "hs_deal_stage_probability",
        "hs_is_closed",
        "hs_is_closed_won",
        "hs_primary_associated_company",
        "hubspot_owner_id",
        "pipeline",
    ),
    as_text=True,
    separator=";",
)
"""Location of custom fields in records."""

BATCHES: dict[str, int] = {"delete": 100, "create": 100, "update": 100, "add_contact": 100}
"""Operations that can be batched, with the largest batch."""

REPEATABLE: tuple[str, ...] = ("delete", "add_contact", "remove_contact")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Deal]:
    """Read a deal: GET /crm/v3/objects/0-3/{dealId}."""
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_0_3_DEAL_ID_GET_BY_ID,
        path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
        query={"associations": ["contacts"], "properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Deal,
    )
    return read_deal(ctx, response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a deal: DELETE /crm/v3/objects/0-3/{dealId}."""
    yield from call(
        DELETE_CRM_V3_OBJECTS_0_3_DEAL_ID_ARCHIVE, path=(input_validation.matching(id, ".+", "id", "HubSpot"),)
    )


def create(ctx: Context, deal: DealCreate) -> Steps[Deal]:
    """Create a deal.

    In turn:
        POST /crm/v3/objects/0-3
        PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}, if needed
        GET /crm/v3/objects/0-3/{dealId}
    """
    input_validation.reject_unsupported(deal, CREATE_UNSUPPORTED, "HubSpot")
    stage_id = input_validation.require("stage_id", deal.stage_id, "HubSpot")
    properties: dict[str, Any] = {"dealname": deal.name, "dealstage": stage_id}
    if deal.amount is not None:
        properties["amount"] = input_validation.matching(
            decimals_text.encode(deal.amount), "^(-?[0-9]+([.][0-9]+)?)?$", "amount", "HubSpot"
        )
    if deal.currency is not None:
        properties["deal_currency_code"] = deal.currency
    if deal.pipeline_id is not None:
        properties["pipeline"] = deal.pipeline_id
    if deal.close_date is not None:
        properties["closedate"] = date_in_datetime.encode(deal.close_date)
    if deal.owner_id is not None:
        properties["hubspot_owner_id"] = deal.owner_id
    if deal.description is not None:
        properties["description"] = deal.description
    if deal.lost_reason is not None:
        properties["closed_lost_reason"] = deal.lost_reason
    body: dict[str, Any] = {"properties": properties}
    body = input_validation.merge(body, ctx.extra, "HubSpot")
    created = yield from call(POST_CRM_V3_OBJECTS_0_3_CREATE, json=body, schema=types.DealsDeal, save_as="created")
    yield CreatedRecord(created.id)
    if deal.company_id is not None:
        first_element: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}
        body_2: list[Any] = [first_element]
        yield from call(
            PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE,
            path=("deals", created.id, "companies", deal.company_id),
            json=body_2,
        )
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_0_3_DEAL_ID_GET_BY_ID,
        path=(created.id,),
        query={"associations": ["contacts"], "properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Deal,
    )
    return read_deal(ctx, response, raw)


def update(ctx: Context, id: str, deal: DealUpdate) -> Steps[Deal]:
    """Change a deal.

    In turn:
        PATCH /crm/v3/objects/0-3/{dealId}, if needed
        PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}, if needed
        GET /crm/v3/objects/0-3/{dealId}
    """
    input_validation.reject_unsupported(deal, UPDATE_UNSUPPORTED, "HubSpot", clears=True)
    given = input_validation.changes(deal, ctx.extra, "HubSpot")
    input_validation.reject_clearing(deal, given, UPDATE_NEVER_CLEARED, "HubSpot")
    if given & PATCH_CRM_V3_OBJECTS_0_3_DEAL_ID_UPDATE_SENDS or ctx.extra:
        properties: dict[str, Any] = {}
        if deal.name is not None:
            properties["dealname"] = deal.name
        if "amount" in given:
            properties["amount"] = (
                ""
                if deal.amount is None
                else input_validation.matching(
                    decimals_text.encode(deal.amount), "^(-?[0-9]+([.][0-9]+)?)?$", "amount", "HubSpot"
                )
            )
        if "currency" in given:
            properties["deal_currency_code"] = "" if deal.currency is None else deal.currency
        if deal.stage_id is not None:
            properties["dealstage"] = deal.stage_id
        if deal.pipeline_id is not None:
            properties["pipeline"] = deal.pipeline_id
        if "close_date" in given:
            properties["closedate"] = "" if deal.close_date is None else date_in_datetime.encode(deal.close_date)
        if "owner_id" in given:
            properties["hubspot_owner_id"] = "" if deal.owner_id is None else deal.owner_id
        if "description" in given:
            properties["description"] = "" if deal.description is None else deal.description
        if "lost_reason" in given:
            properties["closed_lost_reason"] = "" if deal.lost_reason is None else deal.lost_reason
        body: dict[str, Any] = {}
        if properties:
            body["properties"] = properties
        body = input_validation.merge(body, ctx.extra, "HubSpot")
        yield from call(
            PATCH_CRM_V3_OBJECTS_0_3_DEAL_ID_UPDATE,
            path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
            json=body,
        )
    if deal.company_id is not None:
        first_element: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}
        body_2: list[Any] = [first_element]
        yield from call(
            PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE,
            path=("deals", id, "companies", deal.company_id),
            json=body_2,
        )
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_0_3_DEAL_ID_GET_BY_ID,
        path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
        query={"associations": ["contacts"], "properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Deal,
    )
    return read_deal(ctx, response, raw)


def add_contact(ctx: Context, id: str, contact_id: str, deal: DealAddContact) -> Steps[Deal]:
    """Link a person to a deal.

    In turn:
        PUT /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}
        GET /crm/v3/objects/0-3/{dealId}
    """
    first_element: dict[str, Any] = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}
    body: list[Any] = [first_element]
    yield from call(
        PUT_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_CREATE,
        path=("deals", id, "contacts", contact_id),
        json=body,
    )
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_0_3_DEAL_ID_GET_BY_ID,
        path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
        query={"associations": ["contacts"], "properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Deal,
    )
    return read_deal(ctx, response, raw)


def remove_contact(ctx: Context, id: str, contact_id: str, deal: DealRemoveContact) -> Steps[Deal]:
    """Take a person off a deal.

    In turn:
        DELETE /crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}
        GET /crm/v3/objects/0-3/{dealId}
    """
    yield from call(
        DELETE_CRM_V4_OBJECTS_OBJECT_TYPE_OBJECT_ID_ASSOCIATIONS_TO_OBJECT_TYPE_TO_OBJECT_ID_ARCHIVE,
        path=("deals", id, "contacts", contact_id),
    )
    response, raw = yield from fetch(
        GET_CRM_V3_OBJECTS_0_3_DEAL_ID_GET_BY_ID,
        path=(input_validation.matching(id, ".+", "id", "HubSpot"),),
        query={"associations": ["contacts"], "properties": SELECT + input_validation.columns(ctx.custom_fields)},
        schema=types.Deal,
    )
    return read_deal(ctx, response, raw)


def list_(ctx: Context, filters: DealFilters) -> Steps[Page[Deal]]:
    """Find deals.

    One of:
        POST /crm/v3/objects/0-3/search
        GET /crm/v3/objects/0-3
    """
    if (
        filters.company_id is not None
        or filters.contact_id is not None
        or filters.owner_id is not None
        or filters.stage_id is not None
        or filters.created_after is not None
        or filters.updated_after is not None
        or filters.text is not None
        or ctx.field_filters is not None
    ):
        clauses: list[Any] = []
        if filters.company_id is not None:
            clauses.append({"propertyName": "associations.company", "operator": "EQ", "value": filters.company_id})
        if filters.contact_id is not None:
            clauses.append({"propertyName": "associations.contact", "operator": "EQ", "value": filters.contact_id})
        if filters.owner_id is not None:
            clauses.append({"propertyName": "hubspot_owner_id", "operator": "EQ", "value": filters.owner_id})
        if filters.stage_id is not None:
            clauses.append({"propertyName": "dealstage", "operator": "EQ", "value": filters.stage_id})
        if filters.created_after is not None:
            clauses.append(
                {
                    "propertyName": "createdate",
                    "operator": "GTE",
                    "value": hubspot_datetime.encode(filters.created_after),
                }
            )
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
        if ctx.field_filters is not None:
            clauses.extend(hubspot.custom_field_conditions(ctx.field_filters))
        body: dict[str, Any] = {
            "sorts": ["hs_object_id"],
            "properties": [*SELECT_2, *ctx.custom_fields],
            "limit": input_validation.page_size(ctx.limit, 100),
        }
        if filters.text is not None:
            body["query"] = filters.text
        if clauses:
            body["filterGroups"] = [{"filters": clauses}]
        response, raw = yield from fetch(
            POST_CRM_V3_OBJECTS_0_3_SEARCH_DO_SEARCH, json=body, schema=types.DealSearchPage
        )
        items = response.results or []
        records = [read_deal(ctx, each, raw.at("results", index)) for index, each in enumerate(items)]
        if filters.status is not None:
            records = [each for each in records if each.status == filters.status]
        return Page(
            records,
            cursor=pagination.after_last(pagination.token(items[-1].id) if items else None, len(items), response.total),
        )
    query: dict[str, Any] = {
        "associations": ["contacts"],
        "properties": SELECT + input_validation.columns(ctx.custom_fields),
        "limit": input_validation.page_size(ctx.limit, 100),
    }
    if ctx.cursor is not None:
        query["after"] = ctx.cursor
    response_2, raw = yield from fetch(GET_CRM_V3_OBJECTS_0_3_GET_PAGE, query=query, schema=types.DealPage)
    items_2 = response_2.results or []
    records = [read_deal(ctx, each, raw.at("results", index)) for index, each in enumerate(items_2)]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    paging = response_2.paging or types.ForwardPaging()
    next_ = paging.next or types.NextPage()
    return Page(records, cursor=pagination.token(next_.after))


def _read_status(hs_is_closed_won: Any, hs_is_closed: Any) -> Literal["open", "won", "lost"] | None:
    if hs_is_closed_won == "true":
        return "won"
    if hs_is_closed == "true":
        return "lost"
    if hs_is_closed == "false":
        return "open"
    return None


def read_deal(ctx: Context, r: types.Deal, raw: Raw) -> Deal:
    """Read a unified Deal from a Deal of HubSpot."""
    properties = r.properties or types.DealProperties()
    associations = r.associations or types.DealAssociations()
    contacts = associations.contacts or types.AssociatedContacts()
    values: DealValues = {
        "id": responses.required(r.id or None, "id", "HubSpot"),
        "name": properties.dealname or None,
        "amount": decimals.decode(properties.amount) if properties.amount else None,
        "currency": properties.deal_currency_code or None,
        "status": _read_status(properties.hs_is_closed_won, properties.hs_is_closed),
        "stage_id": properties.dealstage or None,
        "pipeline_id": properties.pipeline or None,
        "probability": decimals.decode(properties.hs_deal_stage_probability)
        if properties.hs_deal_stage_probability
        else None,
        "close_date": date_in_datetime.decode(properties.closedate) if properties.closedate else None,
        "closed_at": None,
        "company_id": properties.hs_primary_associated_company or None,
        "contact_ids": [
            each.id for each in contacts.results or () if each.type == "deal_to_contact" and each.id is not None
        ],
        "owner_id": properties.hubspot_owner_id or None,
        "description": properties.description or None,
        "lead_source": properties.hs_analytics_source or None,
        "lost_reason": properties.closed_lost_reason or None,
        "url": f"https://app.hubspot.com/contacts/{ctx.connection.get('portal_id')}/record/0-3/{r.id}"
        if r.id is not None and ctx.connection.get("portal_id") is not None
        else None,
        "created_at": hubspot_datetime.decode(r.created_at) if r.created_at else None,
        "updated_at": hubspot_datetime.decode(r.updated_at) if r.updated_at else None,
    }
    return make_deal(values, raw)
