"""ClickUp task_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified.models.task_fields import Choice, TaskField, TaskFieldFilters, TaskFieldValues
from unified.vendors.clickup import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker

GET_ACCESSIBLE_CUSTOM_FIELDS = Endpoint("GetAccessibleCustomFields", "GET", "/v2/list/{list_id}/field", Retry.SAFE)

CUSTOM_READ: dict[Any, bool] = {}
make_task_field = maker(TaskField, "clickup", absent=("required",))
LIST_GAPS = {"type": "the fields of a list hold for all its tasks"}

FIELDS: dict[str, str] = {"list_id": "project_id"}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: TaskFieldFilters) -> Steps[Page[TaskField]]:
    """List fields: GET /v2/list/{list_id}/field."""
    inputs.refuse(filters, LIST_GAPS, "ClickUp")
    project_id = inputs.require("project_id", filters.project_id, "ClickUp")
    answer, raw = yield from fetch(
        GET_ACCESSIBLE_CUSTOM_FIELDS,
        path=(inputs.matching(project_id, "(?a)^\\d+\\Z", "project_id", "ClickUp"),),
        headers={"Content-Type": "application/json"},
        reads=types.GetAccessibleCustomFieldsAnswer,
    )
    items = answer.fields or []
    records = [read_task_field(each, raw.at("fields", index)) for index, each in enumerate(items)]
    return Page(records)


def _read_choice(r: types.FieldTypeConfigOptions) -> Choice:
    return Choice(id=r.id, name=r.name, value=r.id)


def read_task_field(r: types.Field, raw: Raw) -> TaskField:
    """Read a unified TaskField from a Field of ClickUp."""
    type_config = r.type_config or types.FieldTypeConfig()
    values: TaskFieldValues = {
        "id": answers.present(r.id, "id", "ClickUp"),
        "name": r.name,
        "required": None,
        "custom": CUSTOM_READ.get(r.type, True),
        "kind": r.type,
        "choices": [_read_choice(each) for each in type_config.options or ()],
    }
    return make_task_field(values, raw)
