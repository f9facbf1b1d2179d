"""HubSpot pipelines, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import responses
from . import types
from ...models.pipelines import Pipeline, PipelineFilters, PipelineValues

GET_CRM_V3_PIPELINES_OBJECT_TYPE_GET_ALL = Endpoint(
    "get-/crm/v3/pipelines/{objectType}_getAll", "GET", "/crm/v3/pipelines/{objectType}", Retry.SAFE
)

make_pipeline = record_factory(Pipeline, "hubspot")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: PipelineFilters) -> Steps[Page[Pipeline]]:
    """List the pipelines of deals: GET /crm/v3/pipelines/{objectType}."""
    response, raw = yield from fetch(
        GET_CRM_V3_PIPELINES_OBJECT_TYPE_GET_ALL,
        path=("deals",),
        schema=types.PipelinesCollectionResponsePipelineNoPaging,
    )
    items = response.results or []
    records = [read_pipeline(each, raw.at("results", index)) for index, each in enumerate(items)]
    return Page(records)


def read_pipeline(r: types.PipelinesPipeline, raw: Raw) -> Pipeline:
    """Read a unified Pipeline from a Pipeline of HubSpot."""
    values: PipelineValues = {
        "id": responses.required(r.id or None, "id", "HubSpot"),
        "name": r.label or None,
    }
    return make_pipeline(values, raw)
