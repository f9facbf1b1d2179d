"""Pipedrive pipelines, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.pipelines import Pipeline, PipelineFilters, PipelineValues

GET_PIPELINES = Endpoint("getPipelines", "GET", "/pipelines", Retry.SAFE)

make_pipeline = record_factory(Pipeline, "pipedrive")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: PipelineFilters) -> Steps[Page[Pipeline]]:
    """List the pipelines of deals: GET /pipelines."""
    query: dict[str, Any] = {"limit": input_validation.page_size(ctx.limit, 500)}
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Pipedrive")
    response, raw = yield from fetch(GET_PIPELINES, query=query, schema=types.GetPipelinesResponse)
    items = response.data or []
    records = [read_pipeline(each, raw.at("data", index)) for index, each in enumerate(items) if _is_pipeline(each)]
    additional_data = response.additional_data or types.GetPipelinesResponseAdditionalData()
    return Page(records, cursor=pagination.token(additional_data.next_cursor))


def read_pipeline(r: types.Pipeline, raw: Raw) -> Pipeline:
    """Read a unified Pipeline from a Pipeline of Pipedrive."""
    values: PipelineValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Pipedrive"),
        "name": r.name,
    }
    return make_pipeline(values, raw)


def _is_pipeline(r: types.Pipeline) -> bool:
    return not r.is_deleted
