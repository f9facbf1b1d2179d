"""ClickUp task_types, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified.models.task_types import TaskType, TaskTypeFilters, TaskTypeValues
from unified.vendors.clickup import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker

GET_CUSTOM_ITEMS = Endpoint("GetCustomItems", "GET", "/v2/team/{team_id}/custom_item", Retry.SAFE)

make_task_type = maker(TaskType, "clickup", absent=("statuses",))
LIST_GAPS = {"project_id": "the types of tasks are those of the Workspace"}

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: TaskTypeFilters) -> Steps[Page[TaskType]]:
    """List the types of tasks: GET /v2/team/{team_id}/custom_item."""
    inputs.refuse(filters, LIST_GAPS, "ClickUp")
    answer, raw = yield from fetch(
        GET_CUSTOM_ITEMS, path=(ctx.connection["workspace"],), reads=types.GetCustomItemsAnswer
    )
    items = answer.custom_items or []
    records = [read_task_type(each, raw.at("custom_items", index)) for index, each in enumerate(items)]
    return Page(records)


def read_task_type(r: types.CustomItem, raw: Raw) -> TaskType:
    """Read a unified TaskType from a CustomItem of ClickUp."""
    values: TaskTypeValues = {
        "id": answers.present(str(r.id) if r.id is not None else None, "id", "ClickUp"),
        "name": r.name,
        "statuses": [],
    }
    return make_task_type(values, raw)
