"""Jira task_types, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.task_types import TaskType, TaskTypeFilters, TaskTypeValues, TypeStatus

GET_ALL_STATUSES = Endpoint("getAllStatuses", "GET", "/rest/api/3/project/{projectIdOrKey}/statuses", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "new": "open",
    "undefined": "open",
    "indeterminate": "in_progress",
    "done": "done",
}
make_task_type = record_factory(TaskType, "jira")

FIELDS: dict[str, str] = {"projectIdOrKey": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskTypeFilters) -> Steps[Page[TaskType]]:
    """List the types of tasks: GET /rest/api/3/project/{projectIdOrKey}/statuses."""
    project_id = input_validation.require("project_id", filters.project_id, "Jira")
    response, raw = yield from fetch(GET_ALL_STATUSES, path=(project_id,), schema=list[types.IssueTypeWithStatus])
    records = [read_task_type(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records)


def _read_type_status(r: types.StatusDetails) -> TypeStatus:
    status_category = r.status_category or types.StatusCategory()
    return TypeStatus(id=r.id, name=r.name, status=STATUS_READ.get(status_category.key))


def read_task_type(r: types.IssueTypeWithStatus, raw: Raw) -> TaskType:
    """Read a unified TaskType from an IssueTypeWithStatus of Jira."""
    values: TaskTypeValues = {
        "id": responses.required(r.id, "id", "Jira"),
        "name": r.name,
        "statuses": [_read_type_status(each) for each in r.statuses or ()],
    }
    return make_task_type(values, raw)
