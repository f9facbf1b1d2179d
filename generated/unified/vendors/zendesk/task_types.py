"""Zendesk task_types, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.task_types import TaskType, TaskTypeFilters, TaskTypeValues

LIST_TICKET_FIELDS = Endpoint("ListTicketFields", "GET", "/api/v2/ticket_fields", Retry.SAFE)

make_task_type = record_factory(TaskType, "zendesk", absent=("statuses",))
LIST_UNSUPPORTED = {"project_id": "Zendesk ticket types apply to all groups of the account"}

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskTypeFilters) -> Steps[Page[TaskType]]:
    """List the types of tasks: GET /api/v2/ticket_fields."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Zendesk")
    response, raw = yield from fetch(
        LIST_TICKET_FIELDS, query=ctx.extra or None, schema=types.TaskTypesTicketFieldsResponse
    )
    first_ticket_fields = (
        next((each for each in response.ticket_fields or () if each.type == "tickettype"), None)
        or types.TaskTypesTicketFieldObject()
    )
    items = first_ticket_fields.system_field_options or []
    records = [
        read_task_type(each, raw.at("ticket_fields", (("type",), "tickettype"), "system_field_options", index))
        for index, each in enumerate(items)
    ]
    return Page(records)


def read_task_type(r: types.SystemFieldOptionObject, raw: Raw) -> TaskType:
    """Read a unified TaskType from a SystemFieldOptionObject of Zendesk."""
    values: TaskTypeValues = {
        "id": responses.required(r.value, "id", "Zendesk"),
        "name": r.value,
        "statuses": [],
    }
    return make_task_type(values, raw)
