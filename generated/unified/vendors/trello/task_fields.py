"""Trello task_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.task_fields import Choice, TaskField, TaskFieldFilters, TaskFieldValues

GET_BOARDS_ID_CUSTOMFIELDS = Endpoint("get-boards-id-customfields", "GET", "/boards/{id}/customFields", Retry.SAFE)

CUSTOM_READ: dict[Any, bool] = {}
make_task_field = record_factory(TaskField, "trello", absent=("required",))
LIST_UNSUPPORTED = {"type": "Trello cards have no type"}

FIELDS: dict[str, str] = {"id": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskFieldFilters) -> Steps[Page[TaskField]]:
    """List fields: GET /boards/{id}/customFields."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Trello")
    project_id = input_validation.require("project_id", filters.project_id, "Trello")
    response, raw = yield from fetch(
        GET_BOARDS_ID_CUSTOMFIELDS,
        path=(input_validation.matching(project_id, "^[0-9a-fA-F]{24}$", "project_id", "Trello"),),
        schema=list[types.CustomField],
    )
    records = [read_task_field(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records)


def _read_choice(r: types.CustomFieldOptions) -> Choice:
    value = r.value or types.CustomFieldOptionsValue()
    return Choice(id=r.id, name=value.text, value=r.id)


def read_task_field(r: types.CustomField, raw: Raw) -> TaskField:
    """Read a unified TaskField from a CustomField of Trello."""
    values: TaskFieldValues = {
        "id": responses.required(r.id, "id", "Trello"),
        "name": r.name,
        "required": None,
        "custom": CUSTOM_READ.get(r.model_type, True),
        "kind": r.type,
        "choices": [_read_choice(each) for each in r.options or ()],
    }
    return make_task_field(values, raw)
