"""ClickUp statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.statuses import Status, StatusFilters, StatusValues

GET_LIST = Endpoint("GetList", "GET", "/v2/list/{list_id}", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "open": "open",
    "unstarted": "open",
    "custom": "in_progress",
    "closed": "done",
    "done": "done",
}
make_status = record_factory(Status, "clickup")

FIELDS: dict[str, str] = {"list_id": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /v2/list/{list_id}."""
    project_id = input_validation.require("project_id", filters.project_id, "ClickUp")
    response, raw = yield from fetch(
        GET_LIST,
        path=(input_validation.matching(project_id, "^[0-9]+$", "project_id", "ClickUp"),),
        schema=types.GetListResponse,
    )
    items = response.statuses or []
    records = [read_status(each, raw.at("statuses", index)) for index, each in enumerate(items)]
    return Page(records)


def read_status(r: types.Status3509a9, raw: Raw) -> Status:
    """Read a unified Status from a status_3509a9 of ClickUp."""
    values: StatusValues = {
        "id": responses.required(r.status, "id", "ClickUp"),
        "name": r.status,
        "status": STATUS_READ.get(r.type),
    }
    return make_status(values, raw)
