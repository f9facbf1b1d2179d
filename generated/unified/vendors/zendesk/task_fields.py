"""Zendesk task_fields, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.task_fields import Choice, TaskField, TaskFieldFilters, TaskFieldValues

LIST_TICKET_FIELDS = Endpoint("ListTicketFields", "GET", "/api/v2/ticket_fields", Retry.SAFE)

make_task_field = record_factory(TaskField, "zendesk")
LIST_UNSUPPORTED = {
    "project_id": "Zendesk ticket fields apply to all groups of the account",
    "type": "Zendesk ticket fields depend on the form of a ticket, not on its type",
}

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TaskFieldFilters) -> Steps[Page[TaskField]]:
    """List fields: GET /api/v2/ticket_fields."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Zendesk")
    response, raw = yield from fetch(LIST_TICKET_FIELDS, query=ctx.extra or None, schema=types.TicketFieldsResponse)
    items = response.ticket_fields or []
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
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Zendesk"),
        "name": r.title,
        "required": r.required,
        "custom": r.removable,
        "kind": r.type,
        "choices": [_read_choice(each) for each in r.custom_field_options or ()],
    }
    return make_task_field(values, raw)


def _is_task_field(r: types.TicketFieldObject) -> bool:
    return bool(r.active)
