"""Jira statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.statuses import Status, StatusFilters, StatusValues

GET_STATUSES = Endpoint("getStatuses", "GET", "/rest/api/3/status", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "new": "open",
    "undefined": "open",
    "indeterminate": "in_progress",
    "done": "done",
}
make_status = record_factory(Status, "jira")
LIST_UNSUPPORTED = {"project_id": "Jira lists the statuses of a project per task type; use `task_types.list`"}

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /rest/api/3/status."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Jira")
    response, raw = yield from fetch(GET_STATUSES, schema=list[types.StatusDetails])
    records = [read_status(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records)


def read_status(r: types.StatusDetails, raw: Raw) -> Status:
    """Read a unified Status from a StatusDetails of Jira."""
    status_category = r.status_category or types.StatusCategory()
    values: StatusValues = {
        "id": responses.required(r.id, "id", "Jira"),
        "name": r.name,
        "status": STATUS_READ.get(status_category.key),
    }
    return make_status(values, raw)
