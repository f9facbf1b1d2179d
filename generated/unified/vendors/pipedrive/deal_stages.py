"""Pipedrive deal_stages, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import percents
from . import types
from ...models.deal_stages import DealStage, DealStageFilters, DealStageValues

GET_STAGES = Endpoint("getStages", "GET", "/stages", Retry.SAFE)

make_deal_stage = record_factory(DealStage, "pipedrive", absent=("status",))

FIELDS: dict[str, str] = {"pipeline_id": "pipeline_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: DealStageFilters) -> Steps[Page[DealStage]]:
    """List stages: GET /stages."""
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 500)}
    if filters.pipeline_id is not None:
        query["pipeline_id"] = input_validation.integer_id(filters.pipeline_id, "pipeline_id", "Pipedrive")
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(GET_STAGES, query=query, schema=types.GetStagesResponse)
    items = response.data or []
    records = [read_deal_stage(each, raw.at("data", index)) for index, each in enumerate(items) if _is_deal_stage(each)]
    additional_data = response.additional_data or types.GetStagesResponseAdditionalData()
    return Page(records, cursor=pagination.token(additional_data.next_cursor))


def read_deal_stage(r: types.Stage, raw: Raw) -> DealStage:
    """Read a unified DealStage from a Stage of Pipedrive."""
    values: DealStageValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Pipedrive"),
        "name": r.name,
        "pipeline_id": str(r.pipeline_id) if r.pipeline_id is not None else None,
        "status": None,
        "probability": percents.decode(r.deal_probability) if r.deal_probability is not None else None,
    }
    return make_deal_stage(values, raw)


def _is_deal_stage(r: types.Stage) -> bool:
    return not r.is_deleted
