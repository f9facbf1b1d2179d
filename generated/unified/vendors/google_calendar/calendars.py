"""Google Calendar calendars, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.calendars import Calendar, CalendarCreate, CalendarFilters, CalendarValues

CALENDAR_CALENDAR_LIST_GET = Endpoint(
    "calendar.calendarList.get", "GET", "/users/me/calendarList/{calendarId}", Retry.SAFE
)
CALENDAR_CALENDARS_INSERT = Endpoint("calendar.calendars.insert", "POST", "/calendars", Retry.NEVER)
CALENDAR_CALENDAR_LIST_LIST = Endpoint("calendar.calendarList.list", "GET", "/users/me/calendarList", Retry.SAFE)

PRIMARY_READ: dict[Any, bool] = {True: True, False: False, None: False}
WRITABLE_READ: dict[Any, bool] = {
    "owner": True,
    "writer": True,
    "writerWithoutPrivateAccess": True,
    "reader": False,
    "freeBusyReader": False,
}
make_calendar = record_factory(Calendar, "google-calendar")
SELECT = "id,summary,description,timeZone,primary,accessRole,dataOwner"
SELECT_2 = "id"
SELECT_3 = "items(id,summary,description,timeZone,primary,accessRole,dataOwner),nextPageToken"

FIELDS: dict[str, str] = {"calendarId": "id", "summary": "name", "description": "description", "timeZone": "time_zone"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Calendar]:
    """Read a calendar: GET /users/me/calendarList/{calendarId}."""
    response, raw = yield from fetch(
        CALENDAR_CALENDAR_LIST_GET, path=(id,), query={"fields": SELECT}, schema=types.CalendarListEntry
    )
    return read_calendar(response, raw)


def create(ctx: Context, calendar: CalendarCreate) -> Steps[Calendar]:
    """Create a calendar.

    In turn:
        POST /calendars
        GET /users/me/calendarList/{calendarId}
    """
    body: dict[str, Any] = {"summary": calendar.name}
    if calendar.description is not None:
        body["description"] = calendar.description
    if calendar.time_zone is not None:
        body["timeZone"] = calendar.time_zone
    body = input_validation.merge(body, ctx.extra, "Google Calendar")
    created = yield from call(
        CALENDAR_CALENDARS_INSERT, query={"fields": SELECT_2}, json=body, schema=types.Calendar, save_as="created"
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(
        CALENDAR_CALENDAR_LIST_GET, path=(created.id,), query={"fields": SELECT}, schema=types.CalendarListEntry
    )
    return read_calendar(response, raw)


def list_(ctx: Context, filters: CalendarFilters) -> Steps[Page[Calendar]]:
    """List the calendars that one can see: GET /users/me/calendarList."""
    query: dict[str, Any] = {"fields": SELECT_3, "maxResults": input_validation.page_size(ctx.limit, 250)}
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Google Calendar")
    response, raw = yield from fetch(CALENDAR_CALENDAR_LIST_LIST, query=query, schema=types.CalendarList)
    items = response.items or []
    records = [read_calendar(each, raw.at("items", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.next_page_token))


def read_calendar(r: types.CalendarListEntry, raw: Raw) -> Calendar:
    """Read a unified Calendar from a CalendarListEntry of Google Calendar."""
    values: CalendarValues = {
        "id": responses.required(r.id, "id", "Google Calendar"),
        "name": r.summary,
        "description": r.description,
        "time_zone": r.time_zone,
        "primary": PRIMARY_READ.get(r.primary),
        "writable": WRITABLE_READ.get(r.access_role),
        "owner_email": r.data_owner,
    }
    return make_calendar(values, raw)
