"""ClickUp task_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.task_fields import Choice, TaskField, TaskFieldFilters, TaskFieldValues

GET_ACCESSIBLE_CUSTOM_FIELDS = Endpoint("GetAccessibleCustomFields", "GET", "/v2/list/{list_id}/field", Retry.SAFE)

CUSTOM_READ: dict[Any, bool] = {}
make_task_field = record_factory(TaskField, "clickup", absent=("required",))
LIST_UNSUPPORTED = {"type": "the custom fields of a ClickUp list apply to all its tasks"}

FIELDS: dict[str, str] = {"list_id": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskFieldFilters) -> Steps[Page[TaskField]]:
    """List fields: GET /v2/list/{list_id}/field."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "ClickUp")
    project_id = input_validation.require("project_id", filters.project_id, "ClickUp")
    response, raw = yield from fetch(
        GET_ACCESSIBLE_CUSTOM_FIELDS,
        path=(input_validation.matching(project_id, "^[0-9]+$", "project_id", "ClickUp"),),
        query=ctx.extra or None,
        headers={"Content-Type": "application/json"},
        schema=types.GetAccessibleCustomFieldsResponse,
    )
    items = response.fields or []
    records = [read_task_field(each, raw.at("fields", index)) for index, each in enumerate(items)]
    return Page(records)


def _read_choice(r: types.FieldTypeConfigOptions) -> Choice:
    return Choice(id=r.id, name=r.name, value=r.id)


def read_task_field(r: types.Field, raw: Raw) -> TaskField:
    """Read a unified TaskField from a Field of ClickUp."""
    type_config = r.type_config or types.FieldTypeConfig()
    values: TaskFieldValues = {
        "id": responses.required(r.id, "id", "ClickUp"),
        "name": r.name,
        "required": None,
        "custom": CUSTOM_READ.get(r.type, True),
        "kind": r.type,
        "choices": [_read_choice(each) for each in type_config.options or ()],
    }
    return make_task_field(values, raw)
