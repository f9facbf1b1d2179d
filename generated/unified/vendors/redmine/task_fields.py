"""Redmine task_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.task_fields import Choice, TaskField, TaskFieldFilters, TaskFieldValues

GET_CUSTOM_FIELDS = Endpoint("getCustomFields", "GET", "/custom_fields.{format}", Retry.SAFE)

CUSTOM_READ: dict[Any, bool] = {}
make_task_field = record_factory(TaskField, "redmine")
LIST_UNSUPPORTED = {
    "project_id": "Redmine lists the fields of all projects together, only for administrators",
    "type": "Redmine lists the fields of all trackers together, only for administrators",
}

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskFieldFilters) -> Steps[Page[TaskField]]:
    """List fields: GET /custom_fields.{format}."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Redmine")
    response, raw = yield from fetch(GET_CUSTOM_FIELDS, path=("json",), schema=types.GetCustomFieldsResponse)
    items = response.custom_fields or []
    records = [
        read_task_field(each, raw.at("custom_fields", index))
        for index, each in enumerate(items)
        if _is_task_field(each)
    ]
    return Page(records)


def _read_choice(r: types.CustomFieldPossibleValues) -> Choice:
    return Choice(name=r.label, value=r.value)


def read_task_field(r: types.CustomField, raw: Raw) -> TaskField:
    """Read a unified TaskField from a custom_field of Redmine."""
    values: TaskFieldValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "name": r.name,
        "required": r.is_required,
        "custom": CUSTOM_READ.get(r.customized_type, True),
        "kind": r.field_format,
        "choices": [_read_choice(each) for each in r.possible_values or ()],
    }
    return make_task_field(values, raw)


def _is_task_field(r: types.CustomField) -> bool:
    return r.customized_type == "issue"
