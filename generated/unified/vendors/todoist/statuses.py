"""Todoist statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.statuses import Status, StatusFilters, StatusValues

LIST_SECTIONS = Endpoint("listSections", "GET", "/sections", Retry.SAFE)

make_status = record_factory(Status, "todoist", absent=("status",))

FIELDS: dict[str, str] = {"project_id": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /sections."""
    project_id = input_validation.require("project_id", filters.project_id, "Todoist")
    query: dict[str, Any] = {"project_id": project_id, "limit": input_validation.page_size(ctx.limit, 200)}
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    response, raw = yield from fetch(LIST_SECTIONS, query=query, schema=types.ListSectionsResponse)
    items = response.results or []
    records = [read_status(each, raw.at("results", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.next_cursor))


def read_status(r: types.Section, raw: Raw) -> Status:
    """Read a unified Status from a Section of Todoist."""
    values: StatusValues = {
        "id": responses.required(r.id, "id", "Todoist"),
        "name": r.name,
        "status": None,
    }
    return make_status(values, raw)
