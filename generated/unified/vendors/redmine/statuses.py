"""Redmine statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified.models.statuses import Status, StatusFilters, StatusValues
from unified.vendors.redmine import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker

GET_ISSUE_STATUSES = Endpoint("getIssueStatuses", "GET", "/issue_statuses.{format}", Retry.SAFE)

make_status = maker(Status, "redmine")
LIST_GAPS = {"project_id": "a workflow belongs to trackers and roles, not to a project"}

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /issue_statuses.{format}."""
    inputs.refuse(filters, LIST_GAPS, "Redmine")
    answer, raw = yield from fetch(GET_ISSUE_STATUSES, path=("json",), reads=types.GetIssueStatusesAnswer)
    items = answer.issue_statuses or []
    records = [read_status(each, raw.at("issue_statuses", index)) for index, each in enumerate(items)]
    return Page(records)


def _read_status(name: Any, is_closed: Any) -> Literal["open", "in_progress", "done", "canceled"] | None:
    if name == "Rejected" and is_closed is True:
        return "canceled"
    if name == "In Progress" and is_closed is False:
        return "in_progress"
    if is_closed is True:
        return "done"
    if is_closed is False:
        return "open"
    return None


def read_status(r: types.IssueStatus, raw: Raw) -> Status:
    """Read a unified Status from a issue_status of Redmine."""
    values: StatusValues = {
        "id": answers.present(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "name": r.name,
        "status": _read_status(r.name, r.is_closed),
    }
    return make_status(values, raw)
