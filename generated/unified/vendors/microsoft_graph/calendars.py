"""Microsoft Graph calendars, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_openapi.requests import styles
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.calendars import Calendar, CalendarCreate, CalendarFilters, CalendarValues

USERS_CREATE_CALENDARS = Endpoint("users_CreateCalendars", "POST", "/users/{user-id}/calendars", Retry.NEVER)
USERS_GET_CALENDARS = Endpoint("users_GetCalendars", "GET", "/users/{user-id}/calendars/{calendar-id}", Retry.SAFE)
USERS_LIST_CALENDARS = Endpoint(
    "users_ListCalendars", "GET", "/users/{user-id}/calendars", Retry.SAFE, query={"$orderby": styles.COMMAS}
)

PRIMARY_READ: dict[Any, bool] = {True: True, False: False, None: False}
make_calendar = record_factory(Calendar, "microsoft-graph", absent=("description", "time_zone"))
CREATE_UNSUPPORTED = {
    "description": "Microsoft Graph calendars have no description",
    "time_zone": "Microsoft Graph stores the time zone of the mailbox, not of a calendar",
}
SELECT = "id,name,isDefaultCalendar,canEdit,owner"

FIELDS: dict[str, str] = {"name": "name", "calendar-id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, calendar: CalendarCreate) -> Steps[Calendar]:
    """Create a calendar: POST /users/{user-id}/calendars."""
    input_validation.reject_unsupported(calendar, CREATE_UNSUPPORTED, "Microsoft Graph")
    body: dict[str, Any] = {"name": calendar.name}
    body = input_validation.merge(body, ctx.extra, "Microsoft Graph")
    response, raw = yield from fetch(
        USERS_CREATE_CALENDARS, path=(ctx.connection["principal"],), json=body, schema=types.MicrosoftGraphEntity
    )
    return read_calendar(response, raw)


def get(ctx: Context, id: str) -> Steps[Calendar]:
    """Read a calendar: GET /users/{user-id}/calendars/{calendar-id}."""
    response, raw = yield from fetch(
        USERS_GET_CALENDARS,
        path=(ctx.connection["principal"], id),
        query={"$select": SELECT},
        schema=types.MicrosoftGraphEntity,
    )
    return read_calendar(response, raw)


def list_(ctx: Context, filters: CalendarFilters) -> Steps[Page[Calendar]]:
    """List the calendars that one can see: GET /users/{user-id}/calendars."""
    query: dict[str, Any] = {"$select": SELECT, "$top": input_validation.page_size(ctx.limit, 1000)}
    query = input_validation.merge(query, ctx.extra, "Microsoft Graph")
    response, raw = yield from fetch(
        USERS_LIST_CALENDARS,
        path=(ctx.connection["principal"],),
        query=pagination.page_query(query, ctx.cursor, "$top"),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.UsersListCalendarsResponse,
    )
    items = response.value or []
    records = [read_calendar(each, raw.at("value", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.odata_next_link))


def read_calendar(r: types.MicrosoftGraphEntity, raw: Raw) -> Calendar:
    """Read a unified Calendar from a microsoft.graph.calendar of Microsoft Graph."""
    owner = r.owner or types.MicrosoftGraphEmailAddress()
    values: CalendarValues = {
        "id": responses.required(r.id, "id", "Microsoft Graph"),
        "name": r.name,
        "description": None,
        "time_zone": None,
        "primary": PRIMARY_READ.get(r.is_default_calendar),
        "writable": r.can_edit,
        "owner_email": owner.address,
    }
    return make_calendar(values, raw)
