"""HubSpot deal_stages, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import element_pages, responses
from unified_runtime.adapter_api.codecs import decimals
from . import types
from ...models.deal_stages import DealStage, DealStageFilters, DealStageValues

GET_CRM_V3_PIPELINES_OBJECT_TYPE_PIPELINE_ID_STAGES_GET_ALL = Endpoint(
    "get-/crm/v3/pipelines/{objectType}/{pipelineId}/stages_getAll",
    "GET",
    "/crm/v3/pipelines/{objectType}/{pipelineId}/stages",
    Retry.SAFE,
)
GET_CRM_V3_PIPELINES_OBJECT_TYPE_GET_ALL = Endpoint(
    "get-/crm/v3/pipelines/{objectType}_getAll", "GET", "/crm/v3/pipelines/{objectType}", Retry.SAFE
)

make_deal_stage = record_factory(DealStage, "hubspot")

FIELDS: dict[str, str] = {"pipelineId": "pipeline_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: DealStageFilters) -> Steps[Page[DealStage]]:
    """List stages.

    One of:
        GET /crm/v3/pipelines/{objectType}/{pipelineId}/stages
        GET /crm/v3/pipelines/{objectType}, then GET /crm/v3/pipelines/{objectType}/{pipelineId}/stages for each pipeline
    """
    elements, ctx = element_pages.enter(ctx)
    if filters.pipeline_id is not None:
        response, raw = yield from fetch(
            GET_CRM_V3_PIPELINES_OBJECT_TYPE_PIPELINE_ID_STAGES_GET_ALL,
            path=("deals", filters.pipeline_id),
            schema=types.CollectionResponsePipelineStageNoPaging,
        )
        items = response.results or []
        records = [
            read_deal_stage(each, raw.at("results", index), pipeline_id=filters.pipeline_id or "")
            for index, each in enumerate(items)
        ]
        return elements.page(Page(records))
    pipeline_response = yield from call(
        GET_CRM_V3_PIPELINES_OBJECT_TYPE_GET_ALL,
        path=("deals",),
        schema=types.CollectionResponsePipelineNoPaging,
        save_as="pipeline",
    )
    pipeline = elements.pick(pipeline_response.results, "pipeline")
    if pipeline is None:
        return elements.page(Page([]))
    response_2, raw = yield from fetch(
        GET_CRM_V3_PIPELINES_OBJECT_TYPE_PIPELINE_ID_STAGES_GET_ALL,
        path=("deals", pipeline.id),
        schema=types.CollectionResponsePipelineStageNoPaging,
    )
    items_2 = response_2.results or []
    records = [
        read_deal_stage(each, raw.at("results", index), pipeline_id=pipeline.id or "")
        for index, each in enumerate(items_2)
    ]
    return elements.page(Page(records))


def _read_status(is_closed: Any, probability: Any) -> Literal["open", "won", "lost"] | None:
    if is_closed == "true" and probability == "1.0":
        return "won"
    if is_closed == "true" and probability == "0.0":
        return "lost"
    if is_closed == "false":
        return "open"
    return None


def read_deal_stage(r: types.PipelineStage, raw: Raw, *, pipeline_id: str) -> DealStage:
    """Read a unified DealStage from a PipelineStage of HubSpot."""
    metadata = r.metadata or types.PipelineStageMetadata()
    values: DealStageValues = {
        "id": responses.required(r.id or None, "id", "HubSpot"),
        "name": r.label or None,
        "pipeline_id": pipeline_id,
        "status": _read_status(metadata.is_closed, metadata.probability),
        "probability": decimals.decode(metadata.probability) if metadata.probability else None,
    }
    return make_deal_stage(values, raw)
