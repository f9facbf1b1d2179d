"""Zendesk task_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified.models.task_fields import Choice, TaskField, TaskFieldFilters, TaskFieldValues
from unified.vendors.zendesk import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker

LIST_TICKET_FIELDS = Endpoint("ListTicketFields", "GET", "/api/v2/ticket_fields", Retry.SAFE)

make_task_field = maker(TaskField, "zendesk")
LIST_GAPS = {
    "project_id": "the fields of an account hold for all its groups",
    "type": "which fields a ticket has depends on its form, not on its type",
}

FIELDS: dict[str, str] = {}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: TaskFieldFilters) -> Steps[Page[TaskField]]:
    """List fields: GET /api/v2/ticket_fields."""
    inputs.refuse(filters, LIST_GAPS, "Zendesk")
    answer, raw = yield from fetch(LIST_TICKET_FIELDS, reads=types.TicketFieldsResponse)
    items = answer.ticket_fields or []
    records = [
        read_task_field(each, raw.at("ticket_fields", index))
        for index, each in enumerate(items)
        if _is_task_field(each)
    ]
    return Page(records)


def _read_choice(r: types.CustomFieldOptionObject) -> Choice:
    return Choice(id=str(r.id) if r.id is not None else None, name=r.name, value=r.value)


def read_task_field(r: types.TicketFieldObject, raw: Raw) -> TaskField:
    """Read a unified TaskField from a TicketFieldObject of Zendesk."""
    values: TaskFieldValues = {
        "id": answers.present(str(r.id) if r.id is not None else None, "id", "Zendesk"),
        "name": r.title,
        "required": r.required,
        "custom": r.removable,
        "kind": r.type,
        "choices": [_read_choice(each) for each in r.custom_field_options or ()],
    }
    return make_task_field(values, raw)


def _is_task_field(r: types.TicketFieldObject) -> bool:
    return bool(r.active)
