"""Salesforce deals, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import dates, datetimes, decimals, percents
from unified_runtime.adapter_api.query import soql
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import batches, types
from ...models.deals import Deal, DealAddContact, DealCreate, DealFilters, DealRemoveContact, DealUpdate, DealValues

GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)
DELETE_SOBJECTS_OPPORTUNITY_ID = Endpoint(
    "DELETE /sobjects/Opportunity/{id}",
    "DELETE",
    "/sobjects/Opportunity/{id}",
    Retry.IDEMPOTENT,
    batch=batches.DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT_3,
)
POST_SOBJECTS_OPPORTUNITY = Endpoint(
    "POST /sobjects/Opportunity",
    "POST",
    "/sobjects/Opportunity",
    Retry.NEVER,
    batch=batches.POST_COMPOSITE_SOBJECTS_NEVER_4,
)
PATCH_SOBJECTS_OPPORTUNITY_ID = Endpoint(
    "PATCH /sobjects/Opportunity/{id}",
    "PATCH",
    "/sobjects/Opportunity/{id}",
    Retry.NEVER,
    batch=batches.PATCH_COMPOSITE_SOBJECTS_NEVER_4,
)
POST_SOBJECTS_OPPORTUNITY_CONTACT_ROLE = Endpoint(
    "POST /sobjects/OpportunityContactRole",
    "POST",
    "/sobjects/OpportunityContactRole",
    Retry.NEVER,
    batch=batches.POST_COMPOSITE_SOBJECTS_NEVER_5,
)
DELETE_SOBJECTS_OPPORTUNITY_CONTACT_ROLE_ID = Endpoint(
    "DELETE /sobjects/OpportunityContactRole/{id}",
    "DELETE",
    "/sobjects/OpportunityContactRole/{id}",
    Retry.IDEMPOTENT,
    batch=batches.DELETE_COMPOSITE_SOBJECTS_IDEMPOTENT_4,
)

make_deal = record_factory(Deal, "salesforce", absent=("pipeline_id", "closed_at", "lost_reason"))
CREATE_UNSUPPORTED = {
    "status": "Salesforce deals are won or lost by their stage; set `stage_id`",
    "pipeline_id": "Salesforce returns the stages of an organization as one list, without their record types",
    "contact_ids": "Salesforce links contacts to deals by separate records; use `add_contact`, `remove_contact` or `add_contact_many`",
    "lost_reason": "Salesforce has this field only after an organization adds it; get its name from `describe` and pass it in `extra`",
}
UPDATE_UNSUPPORTED = {
    "status": "Salesforce deals are won or lost by their stage; set `stage_id`",
    "pipeline_id": "Salesforce returns the stages of an organization as one list, without their record types",
    "contact_ids": "Salesforce links contacts to deals by separate records; use `add_contact`, `remove_contact` or `add_contact_many`",
    "lost_reason": "Salesforce has this field only after an organization adds it; get its name from `describe` and pass it in `extra`",
}
UPDATE_NEVER_CLEARED = ("name", "currency", "stage_id", "probability", "close_date", "owner_id")
PATCH_SOBJECTS_OPPORTUNITY_ID_SENDS = frozenset(
    (
        "amount",
        "close_date",
        "company_id",
        "currency",
        "description",
        "lead_source",
        "name",
        "owner_id",
        "probability",
        "stage_id",
    )
)

FIELDS: dict[str, str] = {
    "id": "id",
    "Name": "name",
    "Amount": "amount",
    "CurrencyIsoCode": "currency",
    "StageName": "stage_id",
    "Probability": "probability",
    "CloseDate": "close_date",
    "AccountId": "company_id",
    "OwnerId": "owner_id",
    "Description": "description",
    "LeadSource": "lead_source",
    "OpportunityId": "id",
    "ContactId": "contact_id",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(path=(), pattern="[A-Za-z][A-Za-z0-9_]*__c", separator=";")
"""Location of custom fields in records."""

BATCHES: dict[str, int] = {"delete": 200, "create": 200, "update": 200, "add_contact": 200, "remove_contact": 200}
"""Operations that can be batched, with the largest batch."""

REPEATABLE: tuple[str, ...] = ("delete", "remove_contact")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Deal]:
    """Read a deal: GET /query."""
    clauses = [f"Id = {soql.text(id)}"]
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": f"SELECT FIELDS(STANDARD),(SELECT ContactId FROM OpportunityContactRoles){input_validation.columns(ctx.custom_fields)} FROM Opportunity WHERE "
            + " AND ".join(clauses)
        },
        schema=types.DealsQueryResult,
    )
    record = responses.one((response.records or (None,))[0], "Deal", "Salesforce")
    return read_deal(ctx, record, raw.at("records", 0))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a deal: DELETE /sobjects/Opportunity/{id}."""
    yield from call(DELETE_SOBJECTS_OPPORTUNITY_ID, path=(id,))


def create(ctx: Context, deal: DealCreate) -> Steps[Deal]:
    """Create a deal.

    In turn:
        POST /sobjects/Opportunity
        GET /query
    """
    input_validation.reject_unsupported(deal, CREATE_UNSUPPORTED, "Salesforce")
    stage_id = input_validation.require("stage_id", deal.stage_id, "Salesforce")
    close_date = input_validation.require("close_date", deal.close_date, "Salesforce")
    body: dict[str, Any] = {"Name": deal.name, "StageName": stage_id, "CloseDate": dates.encode(close_date)}
    if deal.amount is not None:
        body["Amount"] = decimals.encode(deal.amount)
    if deal.currency is not None:
        body["CurrencyIsoCode"] = deal.currency
    if deal.probability is not None:
        body["Probability"] = percents.encode(deal.probability)
    if deal.company_id is not None:
        body["AccountId"] = deal.company_id
    if deal.owner_id is not None:
        body["OwnerId"] = deal.owner_id
    if deal.description is not None:
        body["Description"] = deal.description
    if deal.lead_source is not None:
        body["LeadSource"] = deal.lead_source
    body = input_validation.merge(body, ctx.extra, "Salesforce")
    saved = yield from call(POST_SOBJECTS_OPPORTUNITY, json=body, schema=types.SaveResult, save_as="saved")
    yield CreatedRecord(saved.id)
    clauses: list[str] = []
    if saved.id is not None:
        clauses.append(f"Id = {soql.text(str(saved.id))}")
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": f"SELECT FIELDS(STANDARD),(SELECT ContactId FROM OpportunityContactRoles){input_validation.columns(ctx.custom_fields)} FROM Opportunity"
            + (" WHERE " + " AND ".join(clauses) if clauses else "")
        },
        schema=types.DealsQueryResult,
    )
    record = responses.one((response.records or (None,))[0], "Deal", "Salesforce")
    return read_deal(ctx, record, raw.at("records", 0))


def update(ctx: Context, id: str, deal: DealUpdate) -> Steps[Deal]:
    """Change a deal.

    In turn:
        PATCH /sobjects/Opportunity/{id}, if needed
        GET /query
    """
    input_validation.reject_unsupported(deal, UPDATE_UNSUPPORTED, "Salesforce", clears=True)
    given = input_validation.changes(deal, ctx.extra, "Salesforce")
    input_validation.reject_clearing(deal, given, UPDATE_NEVER_CLEARED, "Salesforce")
    if given & PATCH_SOBJECTS_OPPORTUNITY_ID_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if deal.name is not None:
            body["Name"] = deal.name
        if "amount" in given:
            body["Amount"] = None if deal.amount is None else decimals.encode(deal.amount)
        if deal.currency is not None:
            body["CurrencyIsoCode"] = deal.currency
        if deal.stage_id is not None:
            body["StageName"] = deal.stage_id
        if deal.probability is not None:
            body["Probability"] = percents.encode(deal.probability)
        if deal.close_date is not None:
            body["CloseDate"] = dates.encode(deal.close_date)
        if "company_id" in given:
            body["AccountId"] = deal.company_id
        if deal.owner_id is not None:
            body["OwnerId"] = deal.owner_id
        if "description" in given:
            body["Description"] = deal.description
        if "lead_source" in given:
            body["LeadSource"] = deal.lead_source
        body = input_validation.merge(body, ctx.extra, "Salesforce")
        yield from call(PATCH_SOBJECTS_OPPORTUNITY_ID, path=(id,), json=body)
    clauses = [f"Id = {soql.text(id)}"]
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": f"SELECT FIELDS(STANDARD),(SELECT ContactId FROM OpportunityContactRoles){input_validation.columns(ctx.custom_fields)} FROM Opportunity WHERE "
            + " AND ".join(clauses)
        },
        schema=types.DealsQueryResult,
    )
    record = responses.one((response.records or (None,))[0], "Deal", "Salesforce")
    return read_deal(ctx, record, raw.at("records", 0))


def add_contact(ctx: Context, id: str, contact_id: str, deal: DealAddContact) -> Steps[Deal]:
    """Link a person to a deal.

    In turn:
        POST /sobjects/OpportunityContactRole
        GET /query
    """
    body: dict[str, Any] = {"OpportunityId": id, "ContactId": contact_id}
    yield from call(POST_SOBJECTS_OPPORTUNITY_CONTACT_ROLE, json=body)
    clauses = [f"Id = {soql.text(id)}"]
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": f"SELECT FIELDS(STANDARD),(SELECT ContactId FROM OpportunityContactRoles){input_validation.columns(ctx.custom_fields)} FROM Opportunity WHERE "
            + " AND ".join(clauses)
        },
        schema=types.DealsQueryResult,
    )
    record = responses.one((response.records or (None,))[0], "Deal", "Salesforce")
    return read_deal(ctx, record, raw.at("records", 0))


def remove_contact(ctx: Context, id: str, contact_id: str, deal: DealRemoveContact) -> Steps[Deal]:
    """Take a person off a deal.

    In turn:
        GET /query
        DELETE /sobjects/OpportunityContactRole/{id}
        GET /query
    """
    clauses = [f"OpportunityId = {soql.text(id)}", f"ContactId = {soql.text(contact_id)}"]
    role_response = yield from call(
        GET_QUERY,
        query={"q": "SELECT Id FROM OpportunityContactRole WHERE " + " AND ".join(clauses)},
        schema=types.DealsQueryResult2,
        save_as="role",
    )
    role = responses.found(
        (role_response.records or (None,))[0], f"contact {contact_id} is not part of deal {id}", "Conflict"
    )
    yield from call(DELETE_SOBJECTS_OPPORTUNITY_CONTACT_ROLE_ID, path=(role.id,))
    clauses_2 = [f"Id = {soql.text(id)}"]
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": f"SELECT FIELDS(STANDARD),(SELECT ContactId FROM OpportunityContactRoles){input_validation.columns(ctx.custom_fields)} FROM Opportunity WHERE "
            + " AND ".join(clauses_2)
        },
        schema=types.DealsQueryResult,
    )
    record = responses.one((response.records or (None,))[0], "Deal", "Salesforce")
    return read_deal(ctx, record, raw.at("records", 0))


def list_(ctx: Context, filters: DealFilters) -> Steps[Page[Deal]]:
    """Find deals: GET /query."""
    clauses: list[str] = []
    if filters.company_id is not None:
        clauses.append(f"AccountId = {soql.text(filters.company_id)}")
    if filters.contact_id is not None:
        clauses.append(
            f"Id IN (SELECT OpportunityId FROM OpportunityContactRole WHERE ContactId = {soql.text(filters.contact_id)})"
        )
    if filters.owner_id is not None:
        clauses.append(f"OwnerId = {soql.text(filters.owner_id)}")
    if filters.stage_id is not None:
        clauses.append(f"StageName = {soql.text(filters.stage_id)}")
    if filters.created_after is not None:
        clauses.append(f"CreatedDate >= {soql.date_time(filters.created_after)}")
    if filters.updated_after is not None:
        clauses.append(f"LastModifiedDate >= {soql.date_time(filters.updated_after)}")
    if filters.text is not None:
        clauses.append(f"Name LIKE {soql.contains(filters.text)}")
    if ctx.field_filters is not None:
        clauses.extend(soql.custom_field_conditions(ctx.field_filters))
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": f"SELECT FIELDS(STANDARD),(SELECT ContactId FROM OpportunityContactRoles){input_validation.columns(ctx.custom_fields)} FROM Opportunity"
            + (" WHERE " + " AND ".join(clauses) if clauses else "")
            + " ORDER BY Id"
        },
        url=pagination.next_page_url(ctx.cursor, allow_subpaths=True),
        schema=types.DealsQueryResult3,
    )
    items = response.records or []
    records = [read_deal(ctx, each, raw.at("records", index)) for index, each in enumerate(items)]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    return Page(records, cursor=None if response.done else pagination.token(response.next_records_url))


def _read_status(is_won: Any, is_closed: Any) -> Literal["open", "won", "lost"] | None:
    if is_won is True:
        return "won"
    if is_closed is True:
        return "lost"
    if is_closed is False:
        return "open"
    return None


def read_deal(ctx: Context, r: types.OpportunitySObject, raw: Raw) -> Deal:
    """Read a unified Deal from an OpportunitySObject of Salesforce."""
    opportunity_contact_roles = r.opportunity_contact_roles or types.OpportunitySObjectOpportunityContactRoles()
    values: DealValues = {
        "id": responses.required(r.id, "id", "Salesforce"),
        "name": r.name,
        "amount": decimals.decode(r.amount) if r.amount is not None else None,
        "currency": r.currency_iso_code,
        "status": _read_status(r.is_won, r.is_closed),
        "stage_id": r.stage_name,
        "pipeline_id": None,
        "probability": percents.decode(r.probability) if r.probability is not None else None,
        "close_date": dates.decode(r.close_date) if r.close_date is not None else None,
        "closed_at": None,
        "company_id": r.account_id,
        "contact_ids": [
            each.contact_id for each in opportunity_contact_roles.records or () if each.contact_id is not None
        ],
        "owner_id": r.owner_id,
        "description": r.description,
        "lead_source": r.lead_source,
        "lost_reason": None,
        "url": f"{ctx.connection['instance_url']}/{r.id}" if r.id is not None else None,
        "created_at": datetimes.decode(r.created_date) if r.created_date is not None else None,
        "updated_at": datetimes.decode(r.last_modified_date) if r.last_modified_date is not None else None,
    }
    return make_deal(values, raw)
