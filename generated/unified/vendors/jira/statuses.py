"""Jira statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified.models.statuses import Status, StatusFilters, StatusValues
from unified.vendors.jira import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker

GET_STATUSES = Endpoint("getStatuses", "GET", "/rest/api/3/status", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "new": "open",
    "undefined": "open",
    "indeterminate": "in_progress",
    "done": "done",
}
make_status = maker(Status, "jira")
LIST_GAPS = {"project_id": "Jira lists the statuses of a project by type of task; list task_types"}

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /rest/api/3/status."""
    inputs.refuse(filters, LIST_GAPS, "Jira")
    answer, raw = yield from fetch(GET_STATUSES, reads=list[types.StatusDetails])
    records = [read_status(each, raw.at(index)) for index, each in enumerate(answer)]
    return Page(records)


def read_status(r: types.StatusDetails, raw: Raw) -> Status:
    """Read a unified Status from a StatusDetails of Jira."""
    status_category = r.status_category or types.StatusCategory()
    values: StatusValues = {
        "id": answers.present(r.id, "id", "Jira"),
        "name": r.name,
        "status": STATUS_READ.get(status_category.key),
    }
    return make_status(values, raw)
