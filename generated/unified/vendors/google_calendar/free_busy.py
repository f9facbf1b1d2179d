"""Google Calendar free_busy, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.free_busy import Busy, FreeBusy, FreeBusyFilters, FreeBusyValues

CALENDAR_FREEBUSY_QUERY = Endpoint("calendar.freebusy.query", "POST", "/freeBusy", Retry.SAFE)

make_free_busy = record_factory(FreeBusy, "google-calendar")
SELECT = "calendars"

FIELDS: dict[str, str] = {"items.id": "ids", "timeMin": "start", "timeMax": "end", "items": "ids", "id": "ids"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: FreeBusyFilters) -> Steps[Page[FreeBusy]]:
    """Find when calendars or people are busy: POST /freeBusy."""
    body: dict[str, Any] = {
        "items": [{"id": each} for each in filters.ids],
        "timeMin": datetimes.encode(filters.start),
        "timeMax": datetimes.encode(filters.end),
    }
    response, raw = yield from fetch(
        CALENDAR_FREEBUSY_QUERY, query={"fields": SELECT}, json=body, schema=types.FreeBusyResponse
    )
    items = response.calendars or {}
    records = [read_free_busy(each, raw.at("calendars", key), calendar=key) for key, each in items.items()]
    return Page(records)


def _read_busy(r: types.TimePeriod) -> Busy:
    return Busy(
        start=datetimes.decode(r.start) if r.start is not None else None,
        end=datetimes.decode(r.end) if r.end is not None else None,
    )


def read_free_busy(r: types.FreeBusyCalendar, raw: Raw, *, calendar: str) -> FreeBusy:
    """Read a unified FreeBusy from a FreeBusyCalendar of Google Calendar."""
    first_errors = (r.errors or (None,))[0] or types.Error()
    values: FreeBusyValues = {
        "id": calendar,
        "busy": [_read_busy(each) for each in r.busy or ()],
        "error": first_errors.reason,
    }
    return make_free_busy(values, raw)
