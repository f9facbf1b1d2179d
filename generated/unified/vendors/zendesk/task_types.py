"""Zendesk task_types, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified.models.task_types import TaskType, TaskTypeFilters, TaskTypeValues
from unified.vendors.zendesk import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker

LIST_TICKET_FIELDS = Endpoint("ListTicketFields", "GET", "/api/v2/ticket_fields", Retry.SAFE)

make_task_type = maker(TaskType, "zendesk", absent=("statuses",))
LIST_GAPS = {"project_id": "the types of an account hold for all its groups"}

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: TaskTypeFilters) -> Steps[Page[TaskType]]:
    """List the types of tasks: GET /api/v2/ticket_fields."""
    inputs.refuse(filters, LIST_GAPS, "Zendesk")
    answer, raw = yield from fetch(LIST_TICKET_FIELDS, reads=types.TaskTypesTicketFieldsResponse)
    first_ticket_fields = (
        next((each for each in answer.ticket_fields or () if each.type == "tickettype"), None)
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
        "id": answers.present(r.value, "id", "Zendesk"),
        "name": r.value,
        "statuses": [],
    }
    return make_task_type(values, raw)
