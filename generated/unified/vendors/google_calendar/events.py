"""Google Calendar events, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Literal

from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import (
    change_cursors,
    input_validation,
    list_members,
    pagination,
    reconciliation,
    responses,
)
from unified_runtime.adapter_api.codecs import dates, datetimes, google_reminders, html
from . import types
from ...models.events import (
    Attendee,
    Event,
    EventAttachment,
    EventCancel,
    EventChanges,
    EventCreate,
    EventFilters,
    EventInstances,
    EventMove,
    EventRespond,
    EventUpdate,
    EventValues,
    Organizer,
)

CALENDAR_EVENTS_GET = Endpoint("calendar.events.get", "GET", "/calendars/{calendarId}/events/{eventId}", Retry.SAFE)
CALENDAR_EVENTS_INSERT = Endpoint("calendar.events.insert", "POST", "/calendars/{calendarId}/events", Retry.KEYED)
CALENDAR_EVENTS_PATCH = Endpoint(
    "calendar.events.patch", "PATCH", "/calendars/{calendarId}/events/{eventId}", Retry.NEVER
)
CALENDAR_EVENTS_DELETE = Endpoint(
    "calendar.events.delete", "DELETE", "/calendars/{calendarId}/events/{eventId}", Retry.IDEMPOTENT
)
CALENDAR_EVENTS_LIST = Endpoint("calendar.events.list", "GET", "/calendars/{calendarId}/events", Retry.SAFE)
CALENDAR_EVENTS_INSTANCES = Endpoint(
    "calendar.events.instances", "GET", "/calendars/{calendarId}/events/{eventId}/instances", Retry.SAFE
)
CALENDAR_EVENTS_MOVE = Endpoint(
    "calendar.events.move", "POST", "/calendars/{calendarId}/events/{eventId}/move", Retry.NEVER
)

ALL_DAY_READ: dict[Any, bool] = {None: False}
OPTIONAL_READ: dict[Any, bool] = {True: True, False: False, None: False}
RESPONSE_READ: dict[Any, Literal["pending", "accepted", "tentative", "declined"]] = {
    "needsAction": "pending",
    "declined": "declined",
    "tentative": "tentative",
    "accepted": "accepted",
}
STATUS_READ: dict[Any, Literal["confirmed", "tentative", "canceled"]] = {
    "confirmed": "confirmed",
    None: "confirmed",
    "tentative": "tentative",
    "cancelled": "canceled",
}
VISIBILITY_READ: dict[Any, Literal["default", "public", "private"]] = {
    "default": "default",
    None: "default",
    "public": "public",
    "private": "private",
    "confidential": "private",
}
BUSY_READ: dict[Any, bool] = {"opaque": True, None: True, "transparent": False}
TYPE_READ: dict[Any, Literal["event", "out_of_office", "focus_time", "working_location", "birthday", "from_mail"]] = {
    "default": "event",
    None: "event",
    "outOfOffice": "out_of_office",
    "focusTime": "focus_time",
    "workingLocation": "working_location",
    "birthday": "birthday",
    "fromGmail": "from_mail",
}
make_event = record_factory(Event, "google-calendar", lazy={"description": LazyField(html.decode, "description")})
PATTERN_CALENDAR_ID_EVENT_ID = re.compile("([^/]+)/(.+)")
SELECT = "id,summary,description,location,start(date,dateTime,timeZone),end(date,dateTime),attendees(email,displayName,optional,responseStatus),organizer(email,displayName),recurrence,recurringEventId,status,visibility,transparency,eventType,reminders,attachments(title,mimeType,fileUrl),conferenceData(entryPoints(uri,entryPointType)),htmlLink,created,updated"
NOTIFY_WRITE: dict[Any, Any] = {True: "all", False: "none"}
ONLINE_WRITE: dict[Any, Any] = {True: 1, False: 0}
OPTIONAL_WRITE: dict[Any, Any] = {True: True, False: False}
RESPONSE_WRITE: dict[Any, Any] = {
    "pending": "needsAction",
    "declined": "declined",
    "tentative": "tentative",
    "accepted": "accepted",
}
STATUS_WRITE: dict[Any, Any] = {"confirmed": "confirmed", "tentative": "tentative", "canceled": "cancelled"}
VISIBILITY_WRITE: dict[Any, Any] = {"default": "default", "public": "public", "private": "private"}
BUSY_WRITE: dict[Any, Any] = {True: "opaque", False: "transparent"}
UPDATE_NEVER_CLEARED = ("title", "start", "end", "status", "busy")
CALENDAR_EVENTS_PATCH_SENDS = frozenset(
    (
        "add_attendees",
        "attendees",
        "busy",
        "description",
        "end",
        "location",
        "recurrence",
        "reminder_minutes",
        "remove_attendees",
        "start",
        "status",
        "time_zone",
        "title",
        "visibility",
    )
)
SELECT_2 = "attendeesOmitted,etag,attendees"
CANCEL_UNSUPPORTED = {"comment": "Google Calendar sends its own cancellation email, without a custom text"}
SELECT_3 = "items(id,summary,description,location,start(date,dateTime,timeZone),end(date,dateTime),attendees(email,displayName,optional,responseStatus),organizer(email,displayName),recurrence,recurringEventId,status,visibility,transparency,eventType,reminders,attachments(title,mimeType,fileUrl),conferenceData(entryPoints(uri,entryPointType)),htmlLink,created,updated),nextPageToken"
SELECT_4 = "attendees(email,self)"
CHANGES_UNSUPPORTED = {
    "starts_after": "Google Calendar reports changes per calendar, without a time range",
    "starts_before": "Google Calendar reports changes per calendar, without a time range",
}
SELECT_5 = "items(id,summary,description,location,start(date,dateTime,timeZone),end(date,dateTime),attendees(email,displayName,optional,responseStatus),organizer(email,displayName),recurrence,recurringEventId,status,visibility,transparency,eventType,reminders,attachments(title,mimeType,fileUrl),conferenceData(entryPoints(uri,entryPointType)),htmlLink,created,updated),nextPageToken,nextSyncToken"

FIELDS: dict[str, str] = {
    "calendarId": "calendar_id",
    "sendUpdates": "notify",
    "conferenceDataVersion": "online",
    "summary": "title",
    "description": "description",
    "location": "location",
    "start.date": "start",
    "start.dateTime": "start",
    "end.date": "end",
    "end.dateTime": "end",
    "start.timeZone": "time_zone",
    "end.timeZone": "time_zone",
    "attendees": "attendees",
    "recurrence": "recurrence",
    "status": "status",
    "visibility": "visibility",
    "transparency": "busy",
    "reminders": "reminder_minutes",
    "reminders.useDefault": "reminder_minutes",
    "reminders.overrides": "reminder_minutes",
    "timeMin": "starts_after",
    "timeMax": "starts_before",
    "updatedMin": "updated_after",
    "q": "text",
    "destination": "calendar_id",
    "attendees.responseStatus": "response",
    "attendees.comment": "comment",
    "timeZone": "time_zone",
    "useDefault": "reminder_minutes",
    "overrides": "reminder_minutes",
    "responseStatus": "response",
    "comment": "comment",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("create", "delete", "cancel")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Event]:
    """Read an event: GET /calendars/{calendarId}/events/{eventId}."""
    calendar_id, event_id = input_validation.parts(PATTERN_CALENDAR_ID_EVENT_ID, id, "id")
    response, raw = yield from fetch(
        CALENDAR_EVENTS_GET, path=(calendar_id, event_id), query={"fields": SELECT}, schema=types.Event
    )
    return read_event(response, raw, calendar_id=calendar_id)


def create(ctx: Context, event: EventCreate) -> Steps[Event]:
    """Create an event.

    One of:
        POST /calendars/{calendarId}/events
        POST /calendars/{calendarId}/events
    """
    if event.online is True:
        create_request: dict[str, Any] = {
            "requestId": ctx.key_as("short"),
            "conferenceSolutionKey": {"type": "hangoutsMeet"},
        }
        conference_data: dict[str, Any] = {"createRequest": create_request}
        start: dict[str, Any] = {}
        if not isinstance(event.start, datetime):
            start["date"] = dates.encode(event.start)
        if isinstance(event.start, datetime):
            start["dateTime"] = datetimes.encode(event.start)
        if event.time_zone is not None:
            start["timeZone"] = event.time_zone
        end: dict[str, Any] = {}
        if not isinstance(event.end, datetime):
            end["date"] = dates.encode(event.end)
        if isinstance(event.end, datetime):
            end["dateTime"] = datetimes.encode(event.end)
        if event.time_zone is not None:
            end["timeZone"] = event.time_zone
        body: dict[str, Any] = {"id": ctx.key_as("short"), "summary": event.title, "conferenceData": conference_data}
        if event.description is not None:
            body["description"] = html.encode(event.description)
        if event.location is not None:
            body["location"] = event.location
        if event.attendees is not None:
            body["attendees"] = [_write_attendee(each) for each in event.attendees]
        if event.recurrence is not None:
            body["recurrence"] = event.recurrence
        if event.status is not None:
            body["status"] = STATUS_WRITE[event.status]
        if event.visibility is not None:
            body["visibility"] = VISIBILITY_WRITE[event.visibility]
        if event.busy is not None:
            body["transparency"] = BUSY_WRITE[event.busy]
        if event.reminder_minutes is not None:
            body["reminders"] = google_reminders.encode(event.reminder_minutes)
        if start:
            body["start"] = start
        if end:
            body["end"] = end
        body = input_validation.merge(body, ctx.extra, "Google Calendar")

        def look() -> Steps[reconciliation.Found]:
            return (
                yield from reconciliation.look_up(
                    CALENDAR_EVENTS_GET,
                    path=(event.calendar_id if event.calendar_id is not None else "primary", ctx.key_as("short")),
                )
            )

        response, raw = yield from reconciliation.send_once(
            fetch(
                CALENDAR_EVENTS_INSERT,
                path=(event.calendar_id if event.calendar_id is not None else "primary",),
                query={
                    "sendUpdates": NOTIFY_WRITE[event.notify] if event.notify is not None else "none",
                    "conferenceDataVersion": ONLINE_WRITE[event.online],
                    "fields": SELECT,
                },
                json=body,
                schema=types.Event,
            ),
            look,
            schema=types.Event,
            raw=True,
            has_mark=True,
            conflict_on_duplicate=True,
        )
        return read_event(response, raw, calendar_id=event.calendar_id or "primary")
    query_2: dict[str, Any] = {
        "sendUpdates": NOTIFY_WRITE[event.notify] if event.notify is not None else "none",
        "fields": SELECT,
    }
    if event.online is not None:
        query_2["conferenceDataVersion"] = ONLINE_WRITE[event.online]
    start_2: dict[str, Any] = {}
    if not isinstance(event.start, datetime):
        start_2["date"] = dates.encode(event.start)
    if isinstance(event.start, datetime):
        start_2["dateTime"] = datetimes.encode(event.start)
    if event.time_zone is not None:
        start_2["timeZone"] = event.time_zone
    end_2: dict[str, Any] = {}
    if not isinstance(event.end, datetime):
        end_2["date"] = dates.encode(event.end)
    if isinstance(event.end, datetime):
        end_2["dateTime"] = datetimes.encode(event.end)
    if event.time_zone is not None:
        end_2["timeZone"] = event.time_zone
    body_2: dict[str, Any] = {"id": ctx.key_as("short"), "summary": event.title}
    if event.description is not None:
        body_2["description"] = html.encode(event.description)
    if event.location is not None:
        body_2["location"] = event.location
    if event.attendees is not None:
        body_2["attendees"] = [_write_attendee(each) for each in event.attendees]
    if event.recurrence is not None:
        body_2["recurrence"] = event.recurrence
    if event.status is not None:
        body_2["status"] = STATUS_WRITE[event.status]
    if event.visibility is not None:
        body_2["visibility"] = VISIBILITY_WRITE[event.visibility]
    if event.busy is not None:
        body_2["transparency"] = BUSY_WRITE[event.busy]
    if event.reminder_minutes is not None:
        body_2["reminders"] = google_reminders.encode(event.reminder_minutes)
    if start_2:
        body_2["start"] = start_2
    if end_2:
        body_2["end"] = end_2
    body_2 = input_validation.merge(body_2, ctx.extra, "Google Calendar")

    def look_2() -> Steps[reconciliation.Found]:
        return (
            yield from reconciliation.look_up(
                CALENDAR_EVENTS_GET,
                path=(event.calendar_id if event.calendar_id is not None else "primary", ctx.key_as("short")),
            )
        )

    response_2, raw = yield from reconciliation.send_once(
        fetch(
            CALENDAR_EVENTS_INSERT,
            path=(event.calendar_id if event.calendar_id is not None else "primary",),
            query=query_2,
            json=body_2,
            schema=types.Event,
        ),
        look_2,
        schema=types.Event,
        raw=True,
        has_mark=True,
        conflict_on_duplicate=True,
    )
    return read_event(response_2, raw, calendar_id=event.calendar_id or "primary")


def update(ctx: Context, id: str, event: EventUpdate) -> Steps[Event]:
    """Change an event.

    In turn:
        GET /calendars/{calendarId}/events/{eventId}, if needed
        PATCH /calendars/{calendarId}/events/{eventId}, if needed
    """
    given = input_validation.changes(event, ctx.extra, "Google Calendar")
    input_validation.reject_clearing(event, given, UPDATE_NEVER_CLEARED, "Google Calendar")
    calendar_id, event_id = input_validation.parts(PATTERN_CALENDAR_ID_EVENT_ID, id, "id")
    before: types.EventsEvent | None = None
    found: tuple[types.Event, Raw] | None = None
    if event.add_attendees is not None or event.remove_attendees is not None:
        before = yield from call(
            CALENDAR_EVENTS_GET,
            path=(calendar_id, event_id),
            query={"fields": SELECT_2},
            schema=types.EventsEvent,
            save_as="before",
        )
        responses.check_complete(before.attendees_omitted, "Google Calendar")
    if given & CALENDAR_EVENTS_PATCH_SENDS or ctx.extra:
        start: dict[str, Any] = {}
        if "start" in given:
            start["date"] = (
                dates.encode(event.start)
                if isinstance(event.start, date) and not isinstance(event.start, datetime)
                else None
            )
        if "start" in given:
            start["dateTime"] = datetimes.encode(event.start) if isinstance(event.start, datetime) else None
        if "time_zone" in given:
            start["timeZone"] = event.time_zone
        end: dict[str, Any] = {}
        if "end" in given:
            end["date"] = (
                dates.encode(event.end) if isinstance(event.end, date) and not isinstance(event.end, datetime) else None
            )
        if "end" in given:
            end["dateTime"] = datetimes.encode(event.end) if isinstance(event.end, datetime) else None
        if "time_zone" in given:
            end["timeZone"] = event.time_zone
        reminders: dict[str, Any] = {}
        if "reminder_minutes" in given and event.reminder_minutes is None:
            reminders["useDefault"] = True
        if "reminder_minutes" in given and event.reminder_minutes is None:
            reminders["overrides"] = []
        body: dict[str, Any] = {}
        if event.title is not None:
            body["summary"] = event.title
        if "description" in given:
            body["description"] = None if event.description is None else html.encode(event.description)
        if "location" in given:
            body["location"] = event.location
        if "attendees" in given:
            body["attendees"] = [] if event.attendees is None else [_write_attendee(each) for each in event.attendees]
        if "recurrence" in given:
            body["recurrence"] = [] if event.recurrence is None else event.recurrence
        if event.status is not None:
            body["status"] = STATUS_WRITE[event.status]
        if "visibility" in given:
            body["visibility"] = "default" if event.visibility is None else VISIBILITY_WRITE[event.visibility]
        if event.busy is not None:
            body["transparency"] = BUSY_WRITE[event.busy]
        if event.reminder_minutes is not None:
            body["reminders"] = google_reminders.encode(event.reminder_minutes)
        if start:
            body["start"] = start
        if end:
            body["end"] = end
        if reminders:
            body["reminders"] = reminders
        headers: dict[str, Any] = {}
        if before is not None:
            headers["If-Match"] = before.etag
        body = list_members.change(
            body,
            ("attendees",),
            (before or types.EventsEvent()).attendees,
            ("email",),
            event.add_attendees,
            event.remove_attendees,
        )
        body = input_validation.merge(body, ctx.extra, "Google Calendar")
        response, raw = yield from fetch(
            CALENDAR_EVENTS_PATCH,
            path=(calendar_id, event_id),
            query={"sendUpdates": NOTIFY_WRITE[event.notify] if event.notify is not None else "none", "fields": SELECT},
            headers=headers,
            json=body,
            schema=types.Event,
        )
        found = response, raw
    record, raw = responses.last_response(found, "Google Calendar")
    return read_event(record, raw, calendar_id=calendar_id)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete an event; guests get no mail: DELETE /calendars/{calendarId}/events/{eventId}."""
    calendar_id, event_id = input_validation.parts(PATTERN_CALENDAR_ID_EVENT_ID, id, "id")
    query: dict[str, Any] = {"sendUpdates": "none"}
    query = input_validation.merge(query, ctx.extra, "Google Calendar")
    yield from call(CALENDAR_EVENTS_DELETE, path=(calendar_id, event_id), query=query)


def cancel(ctx: Context, id: str, event: EventCancel) -> Steps[None]:
    """Cancel a meeting; guests get mail: DELETE /calendars/{calendarId}/events/{eventId}."""
    input_validation.reject_unsupported(event, CANCEL_UNSUPPORTED, "Google Calendar", clears=True)
    calendar_id, event_id = input_validation.parts(PATTERN_CALENDAR_ID_EVENT_ID, id, "id")
    yield from call(CALENDAR_EVENTS_DELETE, path=(calendar_id, event_id), query={"sendUpdates": "all"})


def list_(ctx: Context, filters: EventFilters) -> Steps[Page[Event]]:
    """List or search events: GET /calendars/{calendarId}/events."""
    query: dict[str, Any] = {
        "singleEvents": True,
        "orderBy": "startTime",
        "eventTypes": ["default", "outOfOffice", "focusTime"],
        "fields": SELECT_3,
        "maxResults": input_validation.page_size(ctx.limit, 250),
    }
    if filters.starts_after is not None:
        query["timeMin"] = datetimes.encode(filters.starts_after)
    if filters.starts_before is not None:
        query["timeMax"] = datetimes.encode(filters.starts_before)
    if filters.updated_after is not None:
        query["updatedMin"] = datetimes.encode(filters.updated_after)
    if filters.text is not None:
        query["q"] = input_validation.at_least(filters.text, 1, "text", "Google Calendar")
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Google Calendar")
    response, raw = yield from fetch(
        CALENDAR_EVENTS_LIST,
        path=(filters.calendar_id if filters.calendar_id is not None else "primary",),
        query=query,
        schema=types.Events,
    )
    items = response.items or []
    records = [
        read_event(each, raw.at("items", index), calendar_id=filters.calendar_id or "primary")
        for index, each in enumerate(items)
        if _is_listed(each)
    ]
    return Page(records, cursor=pagination.token(response.next_page_token))


def instances(ctx: Context, filters: EventInstances) -> Steps[Page[Event]]:
    """List the occurrences of a recurring event: GET /calendars/{calendarId}/events/{eventId}/instances."""
    calendar_id, event_id = input_validation.parts(PATTERN_CALENDAR_ID_EVENT_ID, filters.id, "id")
    query: dict[str, Any] = {"fields": SELECT_3, "maxResults": input_validation.page_size(ctx.limit, 250)}
    if filters.starts_after is not None:
        query["timeMin"] = datetimes.encode(filters.starts_after)
    if filters.starts_before is not None:
        query["timeMax"] = datetimes.encode(filters.starts_before)
    if ctx.cursor is not None:
        query["pageToken"] = ctx.cursor
    query = input_validation.merge(query, ctx.extra, "Google Calendar")
    response, raw = yield from fetch(
        CALENDAR_EVENTS_INSTANCES, path=(calendar_id, event_id), query=query, schema=types.Events
    )
    items = response.items or []
    records = [
        read_event(each, raw.at("items", index), calendar_id=calendar_id)
        for index, each in enumerate(items)
        if _is_listed(each)
    ]
    return Page(records, cursor=pagination.token(response.next_page_token))


def move(ctx: Context, id: str, calendar_id: str, event: EventMove) -> Steps[Event]:
    """Move an event to another calendar.

    In turn:
        POST /calendars/{calendarId}/events/{eventId}/move
        GET /calendars/{calendarId}/events/{eventId}
    """
    calendar_id_2, event_id = input_validation.parts(PATTERN_CALENDAR_ID_EVENT_ID, id, "id")
    yield from call(
        CALENDAR_EVENTS_MOVE, path=(calendar_id_2, event_id), query={"destination": calendar_id, "sendUpdates": "none"}
    )
    response, raw = yield from fetch(
        CALENDAR_EVENTS_GET, path=(calendar_id, event_id), query={"fields": SELECT}, schema=types.Event
    )
    return read_event(response, raw, calendar_id=calendar_id)


def respond(ctx: Context, id: str, event: EventRespond) -> Steps[Event]:
    """Respond to an invitation.

    In turn:
        GET /calendars/{calendarId}/events/{eventId}
        PATCH /calendars/{calendarId}/events/{eventId}
    """
    calendar_id, event_id = input_validation.parts(PATTERN_CALENDAR_ID_EVENT_ID, id, "id")
    me_response = yield from call(
        CALENDAR_EVENTS_GET,
        path=(calendar_id, event_id),
        query={"fields": SELECT_4},
        schema=types.EventsEvent2,
        save_as="me",
    )
    me = responses.found(
        next((each for each in me_response.attendees or () if each.self is True), None),
        "you are not invited to this event",
        "Conflict",
    )
    first_attendees: dict[str, Any] = {"responseStatus": event.response}
    if me.email is not None:
        first_attendees["email"] = me.email
    if event.comment is not None:
        first_attendees["comment"] = event.comment
    attendees: list[Any] = [first_attendees]
    body: dict[str, Any] = {"attendeesOmitted": True, "attendees": attendees}
    response, raw = yield from fetch(
        CALENDAR_EVENTS_PATCH,
        path=(calendar_id, event_id),
        query={"sendUpdates": "all", "fields": SELECT},
        json=body,
        schema=types.Event,
    )
    return read_event(response, raw, calendar_id=calendar_id)


def changes(ctx: Context, filters: EventChanges) -> Steps[Page[Event]]:
    """List changes since a cursor, or all: GET /calendars/{calendarId}/events."""
    input_validation.reject_unsupported(filters, CHANGES_UNSUPPORTED, "Google Calendar")
    sync, page = change_cursors.parse(ctx.cursor)
    query: dict[str, Any] = {
        "showDeleted": True,
        "fields": SELECT_5,
        "maxResults": input_validation.page_size(ctx.limit, 250),
    }
    if page is not None:
        query["pageToken"] = page
    if sync is not None:
        query["syncToken"] = sync
    response, raw = yield from change_cursors.detect_stale(
        fetch(
            CALENDAR_EVENTS_LIST,
            path=(filters.calendar_id if filters.calendar_id is not None else "primary",),
            query=query,
            schema=types.EventsEvents,
        ),
        ctx.cursor,
        410,
    )
    items = response.items or []
    records = [
        read_event(each, raw.at("items", index), calendar_id=filters.calendar_id or "primary")
        for index, each in enumerate(items)
        if not _is_removed(each)
    ]
    removed = [
        read_event(each, raw.at("items", index), calendar_id=filters.calendar_id or "primary").id
        for index, each in enumerate(items)
        if _is_removed(each)
    ]
    return Page(
        records,
        cursor=change_cursors.page_cursor(sync, pagination.token(response.next_page_token)),
        removed=removed,
        sync=change_cursors.sync_cursor(pagination.token(response.next_sync_token)),
    )


def _read_attendee(r: types.EventAttendee) -> Attendee:
    return Attendee(
        email=r.email,
        name=r.display_name,
        optional=OPTIONAL_READ.get(r.optional),
        response=RESPONSE_READ.get(r.response_status),
    )


def _read_event_attachment(r: types.EventAttachment) -> EventAttachment:
    return EventAttachment(name=r.title, mime_type=r.mime_type, url=r.file_url)


def read_event(r: types.Event, raw: Raw, *, calendar_id: str) -> Event:
    """Read a unified Event from an Event of Google Calendar."""
    start = r.start or types.EventDateTime()
    end = r.end or types.EventsEventDateTime()
    organizer = r.organizer or types.EventOrganizer()
    conference_data = r.conference_data or types.ConferenceData()
    first_entry_points = (
        next((each for each in conference_data.entry_points or () if each.entry_point_type == "video"), None)
        or types.EntryPoint()
    )
    values: EventValues = {
        "id": responses.required(f"{calendar_id}/{r.id}" if r.id is not None else None, "id", "Google Calendar"),
        "calendar_id": calendar_id,
        "title": r.summary,
        "location": r.location,
        "start": dates.decode(start.date)
        if start.date is not None
        else datetimes.decode(start.date_time)
        if start.date_time is not None
        else None,
        "end": dates.decode(end.date)
        if end.date is not None
        else datetimes.decode(end.date_time)
        if end.date_time is not None
        else None,
        "all_day": ALL_DAY_READ.get(start.date, True),
        "time_zone": start.time_zone,
        "attendees": [_read_attendee(each) for each in r.attendees or ()],
        "organizer": Organizer(email=organizer.email, name=organizer.display_name)
        if organizer.email is not None or organizer.display_name is not None
        else None,
        "recurrence": r.recurrence or [],
        "series_id": f"{calendar_id}/{r.recurring_event_id}" if r.recurring_event_id is not None else None,
        "status": STATUS_READ.get(r.status),
        "visibility": VISIBILITY_READ.get(r.visibility),
        "busy": BUSY_READ.get(r.transparency),
        "type": TYPE_READ.get(r.event_type),
        "reminder_minutes": google_reminders.decode(r.reminders) if r.reminders is not None else None,
        "attachments": [_read_event_attachment(each) for each in r.attachments or ()],
        "conference_url": first_entry_points.uri,
        "url": r.html_link,
        "created_at": datetimes.decode(r.created) if r.created is not None else None,
        "updated_at": datetimes.decode(r.updated) if r.updated is not None else None,
    }
    return make_event(values, raw, r.description)


def _write_attendee(r: Attendee) -> dict[str, Any]:
    body: dict[str, Any] = {"email": input_validation.require("attendees.email", r.email, "Google Calendar")}
    if r.name is not None:
        body["displayName"] = r.name
    if r.optional is not None:
        body["optional"] = OPTIONAL_WRITE[r.optional]
    if r.response is not None:
        body["responseStatus"] = RESPONSE_WRITE[r.response]
    return body


def _is_listed(r: types.Event) -> bool:
    return r.status != "cancelled"


def _is_removed(r: types.Event) -> bool:
    return r.status == "cancelled"
