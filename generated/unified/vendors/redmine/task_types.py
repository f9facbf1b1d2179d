"""Redmine task_types, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.task_types import TaskType, TaskTypeFilters, TaskTypeValues

GET_PROJECT = Endpoint("getProject", "GET", "/projects/{project_id}.{format}", Retry.SAFE)
GET_TRACKERS = Endpoint("getTrackers", "GET", "/trackers.{format}", Retry.SAFE)

make_task_type = record_factory(TaskType, "redmine", absent=("statuses",))

FIELDS: dict[str, str] = {"project_id": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskTypeFilters) -> Steps[Page[TaskType]]:
    """List the types of tasks.

    One of:
        GET /projects/{project_id}.{format}
        GET /trackers.{format}
    """
    if filters.project_id is not None:
        response, raw = yield from fetch(
            GET_PROJECT,
            path=(input_validation.matching(filters.project_id, "^[a-z0-9_-]+$", "project_id", "Redmine"), "json"),
            query={"include": "trackers"},
            schema=types.TaskTypesGetProjectResponse,
        )
        project = response.project or types.TaskTypesProject()
        items = project.trackers or []
        records = [read_task_type(each, raw.at("project", "trackers", index)) for index, each in enumerate(items)]
        return Page(records)
    response_2, raw = yield from fetch(GET_TRACKERS, path=("json",), schema=types.GetTrackersResponse)
    items_2 = response_2.trackers or []
    records = [read_task_type(each, raw.at("trackers", index)) for index, each in enumerate(items_2)]
    return Page(records)


def read_task_type(r: types.TaskTypesIdName, raw: Raw) -> TaskType:
    """Read a unified TaskType from an id_name of Redmine."""
    values: TaskTypeValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "name": r.name,
        "statuses": [],
    }
    return make_task_type(values, raw)
