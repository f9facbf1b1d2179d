"""Pipedrive deals, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import dates, datetimes, decimals, percents
from unified_runtime.core.custom_field_location import CustomFieldLocation
from . import types
from ...models.deals import Deal, DealCreate, DealFilters, DealUpdate, DealValues

GET_DEAL = Endpoint("getDeal", "GET", "/deals/{id}", Retry.SAFE)
DELETE_DEAL = Endpoint("deleteDeal", "DELETE", "/deals/{id}", Retry.IDEMPOTENT)
ADD_DEAL = Endpoint("addDeal", "POST", "/deals", Retry.NEVER)
UPDATE_DEAL = Endpoint("updateDeal", "PATCH", "/deals/{id}", Retry.NEVER)
GET_DEALS = Endpoint("getDeals", "GET", "/deals", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "won", "lost"]] = {"open": "open", "won": "won", "lost": "lost"}
make_deal = record_factory(Deal, "pipedrive", absent=("description", "lead_source"))
CREATE_UNSUPPORTED = {
    "description": "Pipedrive deals have no description; use `notes`",
    "lead_source": "Pipedrive has sources only of leads; those of deals are custom fields",
}
STATUS_WRITE: dict[Any, Any] = {"open": "open", "won": "won", "lost": "lost"}
UPDATE_UNSUPPORTED = {
    "description": "Pipedrive deals have no description; use `notes`",
    "lead_source": "Pipedrive has sources only of leads; those of deals are custom fields",
}
UPDATE_NEVER_CLEARED = (
    "name",
    "amount",
    "currency",
    "status",
    "stage_id",
    "pipeline_id",
    "close_date",
    "company_id",
    "owner_id",
    "contact_ids",
)

FIELDS: dict[str, str] = {
    "id": "id",
    "title": "name",
    "value": "amount",
    "currency": "currency",
    "status": "status",
    "stage_id": "stage_id",
    "pipeline_id": "pipeline_id",
    "probability": "probability",
    "expected_close_date": "close_date",
    "org_id": "company_id",
    "owner_id": "owner_id",
    "lost_reason": "lost_reason",
    "person_id": "contact_ids",
    "updated_since": "updated_after",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {
    "add_contact": "Pipedrive deals have one person; set `contact_ids`",
    "remove_contact": "Pipedrive deals have one person; set `contact_ids`",
}
"""Operations that this vendor does not support, with reasons."""

CUSTOM = CustomFieldLocation(path=("custom_fields",), pattern="[0-9a-f]{40}")
"""Location of custom fields in records."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Deal]:
    """Read a deal: GET /deals/{id}."""
    response, raw = yield from fetch(
        GET_DEAL, path=(input_validation.integer_id(id, "id", "Pipedrive"),), schema=types.GetDealResponse
    )
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_deal(record):
        raise responses.wrong_resource("Deal", "Pipedrive")
    return read_deal(ctx, record, raw.at("data"))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a deal: DELETE /deals/{id}."""
    yield from call(DELETE_DEAL, path=(input_validation.integer_id(id, "id", "Pipedrive"),))


def create(ctx: Context, deal: DealCreate) -> Steps[Deal]:
    """Create a deal: POST /deals."""
    input_validation.reject_unsupported(deal, CREATE_UNSUPPORTED, "Pipedrive")
    body: dict[str, Any] = {"title": deal.name}
    if deal.amount is not None:
        body["value"] = decimals.encode(deal.amount)
    if deal.currency is not None:
        body["currency"] = deal.currency
    if deal.status is not None:
        body["status"] = STATUS_WRITE[deal.status]
    if deal.stage_id is not None:
        body["stage_id"] = input_validation.integer_id(deal.stage_id, "stage_id", "Pipedrive")
    if deal.pipeline_id is not None:
        body["pipeline_id"] = input_validation.integer_id(deal.pipeline_id, "pipeline_id", "Pipedrive")
    if deal.probability is not None:
        body["probability"] = percents.encode(deal.probability)
    if deal.close_date is not None:
        body["expected_close_date"] = dates.encode(deal.close_date)
    if deal.company_id is not None:
        body["org_id"] = input_validation.integer_id(deal.company_id, "company_id", "Pipedrive")
    if deal.owner_id is not None:
        body["owner_id"] = input_validation.integer_id(deal.owner_id, "owner_id", "Pipedrive")
    if deal.lost_reason is not None:
        body["lost_reason"] = deal.lost_reason
    if deal.contact_ids:
        body["person_id"] = input_validation.integer_id(
            input_validation.only(deal.contact_ids, "contact_ids", "Pipedrive"), "contact_ids", "Pipedrive"
        )
    body = input_validation.merge(body, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(ADD_DEAL, json=body, schema=types.AddDealResponse)
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_deal(record):
        raise responses.wrong_resource("Deal", "Pipedrive")
    return read_deal(ctx, record, raw.at("data"))


def update(ctx: Context, id: str, deal: DealUpdate) -> Steps[Deal]:
    """Change a deal: PATCH /deals/{id}."""
    input_validation.reject_unsupported(deal, UPDATE_UNSUPPORTED, "Pipedrive", clears=True)
    given = input_validation.changes(deal, ctx.extra, "Pipedrive")
    input_validation.reject_clearing(deal, given, UPDATE_NEVER_CLEARED, "Pipedrive")
    body: dict[str, Any] = {}
    if deal.name is not None:
        body["title"] = deal.name
    if deal.amount is not None:
        body["value"] = decimals.encode(deal.amount)
    if deal.currency is not None:
        body["currency"] = deal.currency
    if deal.status is not None:
        body["status"] = STATUS_WRITE[deal.status]
    if deal.stage_id is not None:
        body["stage_id"] = input_validation.integer_id(deal.stage_id, "stage_id", "Pipedrive")
    if deal.pipeline_id is not None:
        body["pipeline_id"] = input_validation.integer_id(deal.pipeline_id, "pipeline_id", "Pipedrive")
    if "probability" in given:
        body["probability"] = None if deal.probability is None else percents.encode(deal.probability)
    if deal.close_date is not None:
        body["expected_close_date"] = dates.encode(deal.close_date)
    if deal.company_id is not None:
        body["org_id"] = input_validation.integer_id(deal.company_id, "company_id", "Pipedrive")
    if deal.owner_id is not None:
        body["owner_id"] = input_validation.integer_id(deal.owner_id, "owner_id", "Pipedrive")
    if "lost_reason" in given:
        body["lost_reason"] = deal.lost_reason
    if deal.contact_ids:
        body["person_id"] = input_validation.integer_id(
            input_validation.only(deal.contact_ids, "contact_ids", "Pipedrive"), "contact_ids", "Pipedrive"
        )
    body = input_validation.merge(body, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(
        UPDATE_DEAL,
        path=(input_validation.integer_id(id, "id", "Pipedrive"),),
        json=body,
        schema=types.UpdateDealResponse,
    )
    record = responses.required(response.data, "data", "Pipedrive")
    if not _is_deal(record):
        raise responses.wrong_resource("Deal", "Pipedrive")
    return read_deal(ctx, record, raw.at("data"))


def list_(ctx: Context, filters: DealFilters) -> Steps[Page[Deal]]:
    """Find deals: GET /deals."""
    input_validation.reject_input(
        "custom_fields", ctx.field_filters, "Pipedrive cannot filter lists by custom fields", "Pipedrive"
    )
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 500)}
    if filters.company_id is not None:
        query["org_id"] = input_validation.integer_id(filters.company_id, "company_id", "Pipedrive")
    if filters.contact_id is not None:
        query["person_id"] = input_validation.integer_id(filters.contact_id, "contact_id", "Pipedrive")
    if filters.owner_id is not None:
        query["owner_id"] = input_validation.integer_id(filters.owner_id, "owner_id", "Pipedrive")
    if filters.status is not None:
        query["status"] = STATUS_WRITE[filters.status]
    if filters.stage_id is not None:
        query["stage_id"] = input_validation.integer_id(filters.stage_id, "stage_id", "Pipedrive")
    if filters.updated_after is not None:
        query["updated_since"] = datetimes.encode(filters.updated_after)
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(GET_DEALS, query=query, schema=types.GetDealsResponse)
    items = response.data or []
    records = [read_deal(ctx, each, raw.at("data", index)) for index, each in enumerate(items) if _is_deal(each)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''}".casefold()]
    if filters.created_after is not None:
        records = [each for each in records if each.created_at is not None and each.created_at >= filters.created_after]
    additional_data = response.additional_data or types.GetDealsResponseAdditionalData()
    return Page(records, cursor=pagination.token(additional_data.next_cursor))


def read_deal(ctx: Context, r: types.Deal, raw: Raw) -> Deal:
    """Read a unified Deal from a Deal of Pipedrive."""
    values: DealValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Pipedrive"),
        "name": r.title,
        "amount": decimals.decode(r.value) if r.value is not None else None,
        "currency": r.currency,
        "status": STATUS_READ.get(r.status),
        "stage_id": str(r.stage_id) if r.stage_id is not None else None,
        "pipeline_id": str(r.pipeline_id) if r.pipeline_id is not None else None,
        "probability": percents.decode(r.probability) if r.probability is not None else None,
        "close_date": dates.decode(r.expected_close_date) if r.expected_close_date is not None else None,
        "closed_at": datetimes.decode(r.close_time) if r.close_time is not None else None,
        "company_id": str(r.org_id) if r.org_id is not None else None,
        "contact_ids": [str(r.person_id)] if r.person_id is not None else [],
        "owner_id": str(r.owner_id) if r.owner_id is not None else None,
        "description": None,
        "lead_source": None,
        "lost_reason": r.lost_reason,
        "url": f"https://{ctx.connection.get('company')}.pipedrive.com/deal/{r.id}"
        if r.id is not None and ctx.connection.get("company") is not None
        else None,
        "created_at": datetimes.decode(r.add_time) if r.add_time is not None else None,
        "updated_at": datetimes.decode(r.update_time) if r.update_time is not None else None,
    }
    return make_deal(values, raw)


def _is_deal(r: types.Deal) -> bool:
    return not r.is_deleted
