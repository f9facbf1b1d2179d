"""ClickUp task_types, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.task_types import TaskType, TaskTypeFilters, TaskTypeValues

GET_CUSTOM_ITEMS = Endpoint("GetCustomItems", "GET", "/v2/team/{team_id}/custom_item", Retry.SAFE)

make_task_type = record_factory(TaskType, "clickup", absent=("statuses",))
LIST_UNSUPPORTED = {"project_id": "ClickUp task types belong to the Workspace, not to a list"}

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskTypeFilters) -> Steps[Page[TaskType]]:
    """List the types of tasks: GET /v2/team/{team_id}/custom_item."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "ClickUp")
    response, raw = yield from fetch(
        GET_CUSTOM_ITEMS, path=(ctx.connection["workspace"],), schema=types.GetCustomItemsResponse
    )
    items = response.custom_items or []
    records = [read_task_type(each, raw.at("custom_items", index)) for index, each in enumerate(items)]
    return Page(records)


def read_task_type(r: types.CustomItem, raw: Raw) -> TaskType:
    """Read a unified TaskType from a CustomItem of ClickUp."""
    values: TaskTypeValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "ClickUp"),
        "name": r.name,
        "statuses": [],
    }
    return make_task_type(values, raw)
