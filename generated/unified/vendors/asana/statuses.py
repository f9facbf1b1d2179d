"""Asana statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.statuses import Status, StatusFilters, StatusValues

GET_SECTIONS_FOR_PROJECT = Endpoint("getSectionsForProject", "GET", "/projects/{project_gid}/sections", Retry.SAFE)

make_status = record_factory(Status, "asana", absent=("status",))
SELECT = "gid,name"

FIELDS: dict[str, str] = {"project_gid": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /projects/{project_gid}/sections."""
    project_id = input_validation.require("project_id", filters.project_id, "Asana")
    query: dict[str, Any] = {"opt_fields": SELECT, "limit": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["offset"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Asana")
    response, raw = yield from fetch(
        GET_SECTIONS_FOR_PROJECT, path=(project_id,), query=query, schema=types.GetSectionsForProjectResponse
    )
    items = response.data or []
    records = [read_status(each, raw.at("data", index)) for index, each in enumerate(items)]
    next_page = response.next_page or types.NextPage()
    return Page(records, cursor=pagination.token(next_page.offset))


def read_status(r: types.SectionCompact, raw: Raw) -> Status:
    """Read a unified Status from a SectionCompact of Asana."""
    values: StatusValues = {
        "id": responses.required(r.gid, "id", "Asana"),
        "name": r.name,
        "status": None,
    }
    return make_status(values, raw)
