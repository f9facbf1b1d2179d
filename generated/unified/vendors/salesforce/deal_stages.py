"""Salesforce deal_stages, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified.models.deal_stages import DealStage, DealStageFilters, DealStageValues
from unified.vendors.salesforce import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker, paging
from unified_runtime.codecs import percents

GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)

make_deal_stage = maker(DealStage, "salesforce", absent=("pipeline_id",))
LIST_GAPS = {"pipeline_id": ""}

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: DealStageFilters) -> Steps[Page[DealStage]]:
    """List stages: GET /query."""
    inputs.refuse(filters, LIST_GAPS, "Salesforce")
    clauses = ["IsActive = true"]
    answer, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": "SELECT ApiName,MasterLabel,IsWon,IsClosed,DefaultProbability FROM OpportunityStage WHERE "
            + " AND ".join(clauses)
            + " ORDER BY SortOrder"
        },
        url=ctx.cursor,
        reads=types.DealStagesQueryResult,
    )
    items = answer.records or []
    records = [read_deal_stage(each, raw.at("records", index)) for index, each in enumerate(items)]
    return Page(records, cursor=None if answer.done else paging.token(answer.next_records_url))


def _read_status(is_won: Any, is_closed: Any) -> Literal["open", "won", "lost"] | None:
    if is_won is True:
        return "won"
    if is_closed is True:
        return "lost"
    if is_closed is False:
        return "open"
    return None


def read_deal_stage(r: types.OpportunityStageSObject, raw: Raw) -> DealStage:
    """Read a unified DealStage from a OpportunityStageSObject of Salesforce."""
    values: DealStageValues = {
        "id": answers.present(r.api_name, "id", "Salesforce"),
        "name": r.master_label,
        "pipeline_id": None,
        "status": _read_status(r.is_won, r.is_closed),
        "probability": percents.decode(r.default_probability) if r.default_probability is not None else None,
    }
    return make_deal_stage(values, raw)
