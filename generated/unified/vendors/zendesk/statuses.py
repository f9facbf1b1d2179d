"""Zendesk statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.statuses import Status, StatusFilters, StatusValues

LIST_CUSTOM_STATUSES = Endpoint("ListCustomStatuses", "GET", "/api/v2/custom_statuses", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "open": "open",
    "new": "open",
    "pending": "in_progress",
    "hold": "in_progress",
    "solved": "done",
}
make_status = record_factory(Status, "zendesk")
LIST_UNSUPPORTED = {"project_id": "Zendesk statuses apply to all groups of the account"}

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /api/v2/custom_statuses."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Zendesk")
    query: dict[str, Any] = {"active": True}
    query = input_validation.merge(query, ctx.extra, "Zendesk")
    response, raw = yield from fetch(LIST_CUSTOM_STATUSES, query=query, schema=types.CustomStatusesResponse)
    items = response.custom_statuses or []
    records = [read_status(each, raw.at("custom_statuses", index)) for index, each in enumerate(items)]
    return Page(records)


def read_status(r: types.CustomStatusObject, raw: Raw) -> Status:
    """Read a unified Status from a CustomStatusObject of Zendesk."""
    values: StatusValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Zendesk"),
        "name": r.agent_label,
        "status": STATUS_READ.get(r.status_category),
    }
    return make_status(values, raw)
