"""ClickUp statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified.models.statuses import Status, StatusFilters, StatusValues
from unified.vendors.clickup import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker

GET_LIST = Endpoint("GetList", "GET", "/v2/list/{list_id}", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "open": "open",
    "unstarted": "open",
    "custom": "in_progress",
    "closed": "done",
    "done": "done",
}
make_status = maker(Status, "clickup")

FIELDS: dict[str, str] = {"list_id": "project_id"}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /v2/list/{list_id}."""
    project_id = inputs.require("project_id", filters.project_id, "ClickUp")
    answer, raw = yield from fetch(
        GET_LIST,
        path=(inputs.matching(project_id, "(?a)^\\d+\\Z", "project_id", "ClickUp"),),
        reads=types.GetListAnswer,
    )
    items = answer.statuses or []
    records = [read_status(each, raw.at("statuses", index)) for index, each in enumerate(items)]
    return Page(records)


def read_status(r: types.Status3509a9, raw: Raw) -> Status:
    """Read a unified Status from a status_3509a9 of ClickUp."""
    values: StatusValues = {
        "id": answers.present(r.status, "id", "ClickUp"),
        "name": r.status,
        "status": STATUS_READ.get(r.type),
    }
    return make_status(values, raw)
