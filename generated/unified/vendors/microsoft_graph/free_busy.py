"""Microsoft Graph free_busy, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from unified_runtime.adapter_api.codecs import graph_time
from . import types
from ...models.free_busy import Busy, FreeBusy, FreeBusyFilters, FreeBusyValues

USERS_CALENDAR_GET_SCHEDULE = Endpoint(
    "users_calendar_getSchedule", "POST", "/users/{user-id}/calendar/getSchedule", Retry.SAFE
)

make_free_busy = record_factory(FreeBusy, "microsoft-graph")

FIELDS: dict[str, str] = {"schedules": "ids", "startTime": "start", "endTime": "end"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: FreeBusyFilters) -> Steps[Page[FreeBusy]]:
    """Find when calendars or people are busy: POST /users/{user-id}/calendar/getSchedule."""
    body: dict[str, Any] = {
        "schedules": [input_validation.at_least(each, 1, "ids", "Microsoft Graph") for each in filters.ids],
        "startTime": graph_time.encode(filters.start),
        "endTime": graph_time.encode(filters.end),
    }
    response, raw = yield from fetch(
        USERS_CALENDAR_GET_SCHEDULE, path=(ctx.connection["principal"],), json=body, schema=types.ScheduleAnswer
    )
    items = response.value or []
    records = [read_free_busy(each, raw.at("value", index)) for index, each in enumerate(items)]
    return Page(records)


def _read_busy(r: types.ScheduleInformationScheduleItems) -> Busy:
    return Busy(
        start=graph_time.decode(r.start) if r.start is not None else None,
        end=graph_time.decode(r.end) if r.end is not None else None,
    )


def _is_busy(r: types.ScheduleInformationScheduleItems) -> bool:
    return not ((r.status == "free") or (r.status == "workingElsewhere"))


def read_free_busy(r: types.ScheduleInformation, raw: Raw) -> FreeBusy:
    """Read a unified FreeBusy from a ScheduleInformation of Microsoft Graph."""
    error = r.error or types.ScheduleInformationError()
    values: FreeBusyValues = {
        "id": responses.required(r.schedule_id, "id", "Microsoft Graph"),
        "busy": [_read_busy(each) for each in r.schedule_items or () if _is_busy(each)],
        "error": error.response_code,
    }
    return make_free_busy(values, raw)
