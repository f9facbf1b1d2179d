"""Asana task_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.task_fields import Choice, TaskField, TaskFieldFilters, TaskFieldValues

GET_CUSTOM_FIELD_SETTINGS_FOR_PROJECT = Endpoint(
    "getCustomFieldSettingsForProject", "GET", "/projects/{project_gid}/custom_field_settings", Retry.SAFE
)

CUSTOM_READ: dict[Any, bool] = {}
make_task_field = record_factory(TaskField, "asana", absent=("required",))
LIST_UNSUPPORTED = {"type": "the custom fields of an Asana project apply to all its tasks"}
SELECT = "custom_field,custom_field.name,custom_field.resource_subtype,custom_field.enum_options,custom_field.enum_options.name"

FIELDS: dict[str, str] = {"project_gid": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskFieldFilters) -> Steps[Page[TaskField]]:
    """List fields: GET /projects/{project_gid}/custom_field_settings."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Asana")
    project_id = input_validation.require("project_id", filters.project_id, "Asana")
    query: dict[str, Any] = {"opt_fields": SELECT, "limit": input_validation.page_size(ctx.limit, 100)}
    if ctx.cursor is not None:
        query["offset"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Asana")
    response, raw = yield from fetch(
        GET_CUSTOM_FIELD_SETTINGS_FOR_PROJECT,
        path=(project_id,),
        query=query,
        schema=types.GetCustomFieldSettingsForProjectResponse,
    )
    items = response.data or []
    records = [read_task_field(each, raw.at("data", index)) for index, each in enumerate(items)]
    next_page = response.next_page or types.NextPage()
    return Page(records, cursor=pagination.token(next_page.offset))


def _read_choice(r: types.EnumOption) -> Choice:
    return Choice(id=r.gid, name=r.name, value=r.gid)


def read_task_field(r: types.CustomFieldSettingCompact, raw: Raw) -> TaskField:
    """Read a unified TaskField from a CustomFieldSettingResponse of Asana."""
    custom_field = r.custom_field or types.CustomFieldCompact()
    values: TaskFieldValues = {
        "id": responses.required(custom_field.gid, "id", "Asana"),
        "name": custom_field.name,
        "required": None,
        "custom": CUSTOM_READ.get(custom_field.gid, True),
        "kind": custom_field.resource_subtype,
        "choices": [_read_choice(each) for each in custom_field.enum_options or ()],
    }
    return make_task_field(values, raw)
