"""Salesforce deal_stages, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import percents
from . import types
from ...models.deal_stages import DealStage, DealStageFilters, DealStageValues

GET_QUERY = Endpoint("GET /query", "GET", "/query", Retry.SAFE)

make_deal_stage = record_factory(DealStage, "salesforce", absent=("pipeline_id",))
LIST_UNSUPPORTED = {"pipeline_id": ""}

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: DealStageFilters) -> Steps[Page[DealStage]]:
    """List stages: GET /query."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Salesforce")
    clauses = ["IsActive = true"]
    response, raw = yield from fetch(
        GET_QUERY,
        query={
            "q": "SELECT ApiName,MasterLabel,IsWon,IsClosed,DefaultProbability FROM OpportunityStage WHERE "
            + " AND ".join(clauses)
            + " ORDER BY SortOrder"
        },
        url=pagination.next_page_url(ctx.cursor, allow_subpaths=True),
        schema=types.DealStagesQueryResult,
    )
    items = response.records or []
    records = [read_deal_stage(each, raw.at("records", index)) for index, each in enumerate(items)]
    return Page(records, cursor=None if response.done else pagination.token(response.next_records_url))


def _read_status(is_won: Any, is_closed: Any) -> Literal["open", "won", "lost"] | None:
    if is_won is True:
        return "won"
    if is_closed is True:
        return "lost"
    if is_closed is False:
        return "open"
    return None


def read_deal_stage(r: types.OpportunityStageSObject, raw: Raw) -> DealStage:
    """Read a unified DealStage from an OpportunityStageSObject of Salesforce."""
    values: DealStageValues = {
        "id": responses.required(r.api_name, "id", "Salesforce"),
        "name": r.master_label,
        "pipeline_id": None,
        "status": _read_status(r.is_won, r.is_closed),
        "probability": percents.decode(r.default_probability) if r.default_probability is not None else None,
    }
    return make_deal_stage(values, raw)
