"""Salesforce deals, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified.models.deals import Deal, DealCreate, DealFilters, DealUpdate
from unified.vendors.salesforce import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, attach, call, fetch, inputs, paging
from unified_runtime.codecs import dates, datetimes, decimals, percents
from unified_runtime.query import soql

GET_SOBJECTS_OPPORTUNITY_ID = Endpoint(
    "GET /sobjects/Opportunity/{id}", "GET", "/sobjects/Opportunity/{id}", Retry.SAFE
)
DELETE_SOBJECTS_OPPORTUNITY_ID = Endpoint(
    "DELETE /sobjects/Opportunity/{id}", "DELETE", "/sobjects/Opportunity/{id}", Retry.IDEMPOTENT
)
POST_SOBJECTS_OPPORTUNITY = Endpoint("POST /sobjects/Opportunity", "POST", "/sobjects/Opportunity", Retry.NEVER)
PATCH_SOBJECTS_OPPORTUNITY_ID = Endpoint(
    "PATCH /sobjects/Opportunity/{id}", "PATCH", "/sobjects/Opportunity/{id}", Retry.NEVER
)
GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)

SELECT = "Id,Name,Amount,IsWon,IsClosed,StageName,Probability,CloseDate,AccountId,OwnerId,Description,CreatedDate,LastModifiedDate"
CREATE_GAPS = {
    "currency": "only an organization with several currencies has a field for it, CurrencyIsoCode, which extra passes on",
    "status": "a deal is won or lost by moving it to such a stage; set stage_id",
    "pipeline_id": "the stages of an organization are one list; which of them a record type offers is not told with them",
    "contact_ids": "not looked at yet",
}
UPDATE_GAPS = {
    "currency": "only an organization with several currencies has a field for it, CurrencyIsoCode, which extra passes on",
    "status": "a deal is won or lost by moving it to such a stage; set stage_id",
    "pipeline_id": "the stages of an organization are one list; which of them a record type offers is not told with them",
    "contact_ids": "not looked at yet",
}
UPDATE_NEVER_CLEARED = ("name", "stage_id", "probability", "close_date", "owner_id")
PATCH_SOBJECTS_OPPORTUNITY_ID_SENDS = frozenset(
    ("amount", "close_date", "company_id", "description", "name", "owner_id", "probability", "stage_id")
)

FIELDS: dict[str, str] = {
    "id": "id",
    "Name": "name",
    "Amount": "amount",
    "StageName": "stage_id",
    "Probability": "probability",
    "CloseDate": "close_date",
    "AccountId": "company_id",
    "OwnerId": "owner_id",
    "Description": "description",
}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes of which every request may be sent again without doing anything twice."""


def get(ctx: Context, id: str) -> Steps[Deal]:
    """Read a deal: GET /sobjects/Opportunity/{id}."""
    answer, raw = yield from fetch(
        GET_SOBJECTS_OPPORTUNITY_ID, path=(id,), query={"fields": SELECT}, reads=types.OpportunitySObject
    )
    return read_deal(ctx, answer, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a deal: DELETE /sobjects/Opportunity/{id}."""
    yield from call(DELETE_SOBJECTS_OPPORTUNITY_ID, path=(id,))


def create(ctx: Context, deal: DealCreate) -> Steps[Deal]:
    """Create a deal.

    In turn:
        POST /sobjects/Opportunity
        GET /sobjects/Opportunity/{id}
    """
    inputs.refuse(deal, CREATE_GAPS, "Salesforce")
    stage_id = inputs.require("stage_id", deal.stage_id, "Salesforce")
    close_date = inputs.require("close_date", deal.close_date, "Salesforce")
    body: dict[str, Any] = {"Name": deal.name, "StageName": stage_id, "CloseDate": dates.encode(close_date)}
    if deal.amount is not None:
        body["Amount"] = decimals.encode(deal.amount)
    if deal.probability is not None:
        body["Probability"] = percents.encode(deal.probability)
    if deal.company_id is not None:
        body["AccountId"] = deal.company_id
    if deal.owner_id is not None:
        body["OwnerId"] = deal.owner_id
    if deal.description is not None:
        body["Description"] = deal.description
    body = inputs.merge(body, ctx.extra, "Salesforce")
    saved = yield from call(POST_SOBJECTS_OPPORTUNITY, json=body, reads=types.SaveResult, keep="saved")
    answer, raw = yield from fetch(
        GET_SOBJECTS_OPPORTUNITY_ID, path=(saved.id,), query={"fields": SELECT}, reads=types.OpportunitySObject
    )
    return read_deal(ctx, answer, raw)


def update(ctx: Context, id: str, deal: DealUpdate) -> Steps[Deal]:
    """Change the given fields of a deal.

    In turn:
        PATCH /sobjects/Opportunity/{id}, if needed
        GET /sobjects/Opportunity/{id}
    """
    inputs.refuse(deal, UPDATE_GAPS, "Salesforce", clears=True)
    given = inputs.changes(deal, ctx.extra, "Salesforce")
    inputs.refuse_clearing(deal, given, UPDATE_NEVER_CLEARED, "Salesforce")
    if given & PATCH_SOBJECTS_OPPORTUNITY_ID_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if deal.name is not None:
            body["Name"] = deal.name
        if "amount" in given:
            body["Amount"] = None if deal.amount is None else decimals.encode(deal.amount)
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
        body = inputs.merge(body, ctx.extra, "Salesforce")
        yield from call(PATCH_SOBJECTS_OPPORTUNITY_ID, path=(id,), json=body)
    answer, raw = yield from fetch(
        GET_SOBJECTS_OPPORTUNITY_ID, path=(id,), query={"fields": SELECT}, reads=types.OpportunitySObject
    )
    return read_deal(ctx, answer, raw)


def list_(ctx: Context, filters: DealFilters) -> Steps[Page[Deal]]:
    """List or search deals: GET /query."""
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
    if filters.updated_after is not None:
        clauses.append(f"LastModifiedDate >= {soql.date_time(filters.updated_after)}")
    answer, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": "SELECT Id,Name,Amount,IsWon,IsClosed,StageName,Probability,CloseDate,AccountId,OwnerId,Description,CreatedDate,LastModifiedDate FROM Opportunity"
            + (" WHERE " + " AND ".join(clauses) if clauses else "")
            + " ORDER BY Id"
        },
        url=ctx.cursor,
        reads=types.DealsQueryResult,
    )
    items = answer.records or []
    records = [read_deal(ctx, each, raw.at("records", index)) for index, each in enumerate(items)]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    return Page(records, cursor=None if answer.done else paging.token(answer.next_records_url))


def _read_status(is_won: Any, is_closed: Any) -> Literal["open", "won", "lost"] | None:
    if is_won is True:
        return "won"
    if is_closed is True:
        return "lost"
    if is_closed is False:
        return "open"
    return None


def read_deal(ctx: Context, r: types.OpportunitySObject, raw: Raw) -> Deal:
    """Read a unified Deal from a OpportunitySObject of Salesforce."""
    record = Deal(
        id=answers.present(r.id, "id", "Salesforce"),
        name=r.name,
        amount=decimals.decode(r.amount) if r.amount is not None else None,
        status=_read_status(r.is_won, r.is_closed),
        stage_id=r.stage_name,
        probability=percents.decode(r.probability) if r.probability is not None else None,
        close_date=dates.decode(r.close_date) if r.close_date is not None else None,
        company_id=r.account_id,
        owner_id=r.owner_id,
        description=r.description,
        url=f"{ctx.connection['instance_url']}/{r.id}" if r.id is not None else None,
        created_at=datetimes.decode(r.created_date) if r.created_date is not None else None,
        updated_at=datetimes.decode(r.last_modified_date) if r.last_modified_date is not None else None,
    )
    return attach(record, "salesforce", raw)
