"""Microsoft Graph events, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_openapi.requests import styles
from unified_runtime import Context, Endpoint, LazyField, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import change_cursors, input_validation, list_members, pagination, responses
from unified_runtime.adapter_api.codecs import (
    datetimes,
    graph_body,
    graph_end,
    graph_recurrence,
    graph_reminder,
    graph_start,
    graph_zone,
)
from unified_runtime.adapter_api.query import odata
from . import batches, types
from ...models.events import (
    Attendee,
    Event,
    EventCancel,
    EventChanges,
    EventCreate,
    EventFilters,
    EventInstances,
    EventRespond,
    EventUpdate,
    EventValues,
    Organizer,
)

USERS_GET_EVENTS = Endpoint(
    "users_GetEvents", "GET", "/users/{user-id}/events/{event-id}", Retry.SAFE, batch=batches.POST_BATCH_SAFE
)
USERS_CALENDARS_CREATE_EVENTS = Endpoint(
    "users.calendars_CreateEvents",
    "POST",
    "/users/{user-id}/calendars/{calendar-id}/events",
    Retry.KEYED,
    batch=batches.POST_BATCH_KEYED,
)
USERS_CREATE_EVENTS = Endpoint(
    "users_CreateEvents", "POST", "/users/{user-id}/events", Retry.KEYED, batch=batches.POST_BATCH_KEYED
)
USERS_UPDATE_EVENTS = Endpoint(
    "users_UpdateEvents", "PATCH", "/users/{user-id}/events/{event-id}", Retry.NEVER, batch=batches.POST_BATCH_NEVER
)
USERS_DELETE_EVENTS = Endpoint(
    "users_DeleteEvents",
    "DELETE",
    "/users/{user-id}/events/{event-id}",
    Retry.IDEMPOTENT,
    batch=batches.POST_BATCH_IDEMPOTENT,
)
USERS_EVENTS_CANCEL = Endpoint("users_events_cancel", "POST", "/users/{user-id}/events/{event-id}/cancel", Retry.NEVER)
USERS_CALENDARS_LIST_CALENDAR_VIEW = Endpoint(
    "users.calendars_ListCalendarView", "GET", "/users/{user-id}/calendars/{calendar-id}/calendarView", Retry.SAFE
)
USERS_LIST_CALENDAR_VIEW = Endpoint("users_ListCalendarView", "GET", "/users/{user-id}/calendarView", Retry.SAFE)
USERS_CALENDARS_LIST_EVENTS = Endpoint(
    "users.calendars_ListEvents", "GET", "/users/{user-id}/calendars/{calendar-id}/events", Retry.SAFE
)
USERS_LIST_EVENTS = Endpoint("users_ListEvents", "GET", "/users/{user-id}/events", Retry.SAFE)
USERS_EVENTS_LIST_INSTANCES = Endpoint(
    "users.events_ListInstances",
    "GET",
    "/users/{user-id}/events/{event-id}/instances",
    Retry.SAFE,
    query={"$orderby": styles.COMMAS},
)
USERS_EVENTS_ACCEPT = Endpoint(
    "users_events_accept",
    "POST",
    "/users/{user-id}/events/{event-id}/accept",
    Retry.NEVER,
    batch=batches.POST_BATCH_NEVER,
)
USERS_EVENTS_TENTATIVELY_ACCEPT = Endpoint(
    "users_events_tentativelyAccept",
    "POST",
    "/users/{user-id}/events/{event-id}/tentativelyAccept",
    Retry.NEVER,
    batch=batches.POST_BATCH_NEVER,
)
USERS_EVENTS_DECLINE = Endpoint(
    "users_events_decline",
    "POST",
    "/users/{user-id}/events/{event-id}/decline",
    Retry.NEVER,
    batch=batches.POST_BATCH_NEVER,
)
USERS_CALENDARS_CALENDAR_VIEW_DELTA = Endpoint(
    "users_calendars_calendarView_delta",
    "GET",
    "/users/{user-id}/calendars/{calendar-id}/calendarView/delta",
    Retry.SAFE,
)
USERS_CALENDAR_VIEW_DELTA = Endpoint(
    "users_calendarView_delta", "GET", "/users/{user-id}/calendarView/delta", Retry.SAFE
)

ALL_DAY_READ: dict[Any, bool] = {True: True, False: False, None: False}
OPTIONAL_READ: dict[Any, bool] = {"optional": True, "required": False, "resource": False, None: False}
RESPONSE_READ: dict[Any, Literal["pending", "accepted", "tentative", "declined"]] = {
    "notResponded": "pending",
    "none": "pending",
    None: "pending",
    "accepted": "accepted",
    "organizer": "accepted",
    "tentativelyAccepted": "tentative",
    "declined": "declined",
}
STATUS_READ: dict[Any, Literal["confirmed", "tentative", "canceled"]] = {
    True: "canceled",
    False: "confirmed",
    None: "confirmed",
}
VISIBILITY_READ: dict[Any, Literal["default", "public", "private"]] = {
    "normal": "default",
    None: "default",
    "private": "private",
    "personal": "private",
    "confidential": "private",
}
BUSY_READ: dict[Any, bool] = {
    "busy": True,
    "tentative": True,
    "oof": True,
    "unknown": True,
    None: True,
    "free": False,
    "workingElsewhere": False,
}
TYPE_READ: dict[Any, Literal["event", "out_of_office", "focus_time", "working_location", "birthday", "from_mail"]] = {
    "oof": "out_of_office",
    "workingElsewhere": "working_location",
}
make_event = record_factory(
    Event,
    "microsoft-graph",
    absent=("calendar_id", "attachments"),
    lazy={"description": LazyField(graph_body.decode, "body")},
)
SELECT = "id,subject,body,location,start,isAllDay,end,originalStartTimeZone,attendees,organizer,recurrence,seriesMasterId,isCancelled,sensitivity,showAs,reminderMinutesBeforeStart,isReminderOn,onlineMeeting,webLink,createdDateTime,lastModifiedDateTime"
CREATE_UNSUPPORTED = {
    "notify": "Outlook always notifies the attendees of an event",
    "status": "Outlook cancels an event when it is deleted; use `cancel` or `delete`",
}
CREATE_INNER_UNSUPPORTED = {
    "attendees.response": "only attendees can set their response, by responding to the invitation"
}
OPTIONAL_WRITE: dict[Any, Any] = {True: "optional", False: "required"}
VISIBILITY_WRITE: dict[Any, Any] = {"default": "normal", "private": "private"}
VISIBILITY_UNSUPPORTED = {"visibility.public": "Microsoft Graph has no such visibility"}
BUSY_WRITE: dict[Any, Any] = {True: "busy", False: "free"}
UPDATE_UNSUPPORTED = {
    "notify": "Outlook always notifies the attendees of an event",
    "status": "Outlook cancels an event when it is deleted; use `cancel` or `delete`",
}
UPDATE_INNER_UNSUPPORTED = {
    "attendees.response": "only attendees can set their response, by responding to the invitation"
}
UPDATE_NEVER_CLEARED = ("title", "start", "end", "time_zone", "busy", "reminder_minutes")
SELECT_2 = "attendees"
USERS_UPDATE_EVENTS_SENDS = frozenset(
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
        "title",
        "visibility",
    )
)
LIST_USERS_CALENDARS_LIST_EVENTS_UNSUPPORTED = {
    "starts_after": "Microsoft Graph needs both ends of the time range; set `starts_before` too",
    "starts_before": "Microsoft Graph needs both ends of the time range; set `starts_after` too",
}
LIST_USERS_LIST_EVENTS_UNSUPPORTED = {
    "starts_after": "Microsoft Graph needs both ends of the time range; set `starts_before` too",
    "starts_before": "Microsoft Graph needs both ends of the time range; set `starts_after` too",
}

FIELDS: dict[str, str] = {
    "event-id": "id",
    "calendar-id": "calendar_id",
    "isOnlineMeeting": "online",
    "subject": "title",
    "body": "description",
    "location.displayName": "location",
    "attendees": "attendees",
    "recurrence": "recurrence",
    "sensitivity": "visibility",
    "showAs": "busy",
    "body.contentType": "description",
    "body.content": "description",
    "comment": "comment",
    "startDateTime": "starts_after",
    "endDateTime": "starts_before",
    "location": "location",
    "displayName": "location",
    "contentType": "description",
    "content": "description",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {"move": "Outlook cannot move an event to another calendar"}
"""Operations that this vendor does not support, with reasons."""

BATCHES: dict[str, int] = {"create": 20, "update": 20, "delete": 20, "respond": 20}
"""Operations that can be batched, with the largest batch."""

REPEATABLE: tuple[str, ...] = ("create", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Event]:
    """Read an event: GET /users/{user-id}/events/{event-id}."""
    response, raw = yield from fetch(
        USERS_GET_EVENTS,
        path=(ctx.connection["principal"], id),
        query={"$select": SELECT},
        schema=types.EventsMicrosoftGraphEntity,
    )
    return read_event(response, raw)


def create(ctx: Context, event: EventCreate) -> Steps[Event]:
    """Create an event.

    One of:
        POST /users/{user-id}/calendars/{calendar-id}/events
        POST /users/{user-id}/events
    """
    input_validation.reject_unsupported(event, CREATE_UNSUPPORTED, "Microsoft Graph")
    input_validation.reject_inner(event, CREATE_INNER_UNSUPPORTED, "Microsoft Graph")
    if event.calendar_id is not None:
        body: dict[str, Any] = {
            "transactionId": ctx.key_as("uuid"),
            "subject": event.title,
            **graph_start.encode(event.start, event.time_zone, event.end),
            **graph_end.encode(event.end, event.time_zone, event.start),
        }
        if event.online is not None:
            body["isOnlineMeeting"] = event.online
        if event.description is not None:
            body["body"] = graph_body.encode(event.description)
        if event.location is not None:
            body["location"] = {"displayName": event.location}
        if event.attendees is not None:
            body["attendees"] = [_write_attendee(each) for each in event.attendees]
        if event.recurrence:
            body["recurrence"] = graph_recurrence.encode(event.recurrence, event.start, event.time_zone)
        if event.visibility is not None:
            body["sensitivity"] = input_validation.enum_value(
                VISIBILITY_WRITE, event.visibility, "visibility", "Microsoft Graph", VISIBILITY_UNSUPPORTED
            )
        if event.busy is not None:
            body["showAs"] = BUSY_WRITE[event.busy]
        if event.reminder_minutes is not None:
            body.update(graph_reminder.encode(event.reminder_minutes))
        body = input_validation.merge(body, ctx.extra, "Microsoft Graph")
        response, raw = yield from fetch(
            USERS_CALENDARS_CREATE_EVENTS,
            path=(ctx.connection["principal"], event.calendar_id),
            json=body,
            schema=types.EventsMicrosoftGraphEntity,
        )
        return read_event(response, raw)
    body_2: dict[str, Any] = {
        "transactionId": ctx.key_as("uuid"),
        "subject": event.title,
        **graph_start.encode(event.start, event.time_zone, event.end),
        **graph_end.encode(event.end, event.time_zone, event.start),
    }
    if event.online is not None:
        body_2["isOnlineMeeting"] = event.online
    if event.description is not None:
        body_2["body"] = graph_body.encode(event.description)
    if event.location is not None:
        body_2["location"] = {"displayName": event.location}
    if event.attendees is not None:
        body_2["attendees"] = [_write_attendee(each) for each in event.attendees]
    if event.recurrence:
        body_2["recurrence"] = graph_recurrence.encode(event.recurrence, event.start, event.time_zone)
    if event.visibility is not None:
        body_2["sensitivity"] = input_validation.enum_value(
            VISIBILITY_WRITE, event.visibility, "visibility", "Microsoft Graph", VISIBILITY_UNSUPPORTED
        )
    if event.busy is not None:
        body_2["showAs"] = BUSY_WRITE[event.busy]
    if event.reminder_minutes is not None:
        body_2.update(graph_reminder.encode(event.reminder_minutes))
    body_2 = input_validation.merge(body_2, ctx.extra, "Microsoft Graph")
    response_2, raw = yield from fetch(
        USERS_CREATE_EVENTS, path=(ctx.connection["principal"],), json=body_2, schema=types.EventsMicrosoftGraphEntity
    )
    return read_event(response_2, raw)


def update(ctx: Context, id: str, event: EventUpdate) -> Steps[Event]:
    """Change an event.

    In turn:
        GET /users/{user-id}/events/{event-id}, if needed
        PATCH /users/{user-id}/events/{event-id}, if needed
        GET /users/{user-id}/events/{event-id}
    """
    input_validation.reject_unsupported(event, UPDATE_UNSUPPORTED, "Microsoft Graph", clears=True)
    input_validation.reject_inner(event, UPDATE_INNER_UNSUPPORTED, "Microsoft Graph")
    given = input_validation.changes(event, ctx.extra, "Microsoft Graph")
    input_validation.reject_clearing(event, given, UPDATE_NEVER_CLEARED, "Microsoft Graph")
    input_validation.require_together(event, "time_zone", ("start", "end", "recurrence"), "Microsoft Graph")
    before: types.EventsMicrosoftGraphEntity2 | None = None
    if event.add_attendees is not None or event.remove_attendees is not None:
        before = yield from call(
            USERS_GET_EVENTS,
            path=(ctx.connection["principal"], id),
            query={"$select": SELECT_2},
            schema=types.EventsMicrosoftGraphEntity2,
            save_as="before",
        )
    if given & USERS_UPDATE_EVENTS_SENDS or ctx.extra:
        body_2: dict[str, Any] = {}
        if "description" in given and event.description is None:
            body_2["contentType"] = "html"
        if "description" in given and event.description is None:
            body_2["content"] = ""
        body: dict[str, Any] = {}
        if event.title is not None:
            body["subject"] = event.title
        if event.description is not None:
            body["body"] = graph_body.encode(event.description)
        if "location" in given:
            body["location"] = {"displayName": "" if event.location is None else event.location}
        if event.start is not None:
            body.update(graph_start.encode(event.start, event.time_zone, event.end))
        if event.end is not None:
            body.update(graph_end.encode(event.end, event.time_zone, event.start))
        if "attendees" in given:
            body["attendees"] = [] if event.attendees is None else [_write_attendee(each) for each in event.attendees]
        if "recurrence" in given:
            body["recurrence"] = (
                None
                if not event.recurrence
                else graph_recurrence.encode(event.recurrence, event.start, event.time_zone)
            )
        if "visibility" in given:
            body["sensitivity"] = (
                "normal"
                if event.visibility is None
                else input_validation.enum_value(
                    VISIBILITY_WRITE, event.visibility, "visibility", "Microsoft Graph", VISIBILITY_UNSUPPORTED
                )
            )
        if event.busy is not None:
            body["showAs"] = BUSY_WRITE[event.busy]
        if event.reminder_minutes is not None:
            body.update(graph_reminder.encode(event.reminder_minutes))
        if body_2:
            body["body"] = body_2
        body = list_members.change(
            body,
            ("attendees",),
            (before or types.EventsMicrosoftGraphEntity2()).attendees,
            ("emailAddress", "address"),
            event.add_attendees,
            event.remove_attendees,
        )
        body = input_validation.merge(body, ctx.extra, "Microsoft Graph")
        yield from call(USERS_UPDATE_EVENTS, path=(ctx.connection["principal"], id), json=body)
    response, raw = yield from fetch(
        USERS_GET_EVENTS,
        path=(ctx.connection["principal"], id),
        query={"$select": SELECT},
        schema=types.EventsMicrosoftGraphEntity,
    )
    return read_event(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete an event; guests get no mail: DELETE /users/{user-id}/events/{event-id}."""
    yield from call(USERS_DELETE_EVENTS, path=(ctx.connection["principal"], id))


def cancel(ctx: Context, id: str, event: EventCancel) -> Steps[None]:
    """Cancel a meeting; guests get mail: POST /users/{user-id}/events/{event-id}/cancel."""
    body: dict[str, Any] = {}
    if event.comment is not None:
        body["comment"] = event.comment
    yield from call(USERS_EVENTS_CANCEL, path=(ctx.connection["principal"], id), json=body)


def list_(ctx: Context, filters: EventFilters) -> Steps[Page[Event]]:
    """List or search events.

    One of:
        GET /users/{user-id}/calendars/{calendar-id}/calendarView
        GET /users/{user-id}/calendarView
        GET /users/{user-id}/calendars/{calendar-id}/events
        GET /users/{user-id}/events
    """
    if filters.calendar_id is not None and filters.starts_after is not None and filters.starts_before is not None:
        query: dict[str, Any] = {
            "startDateTime": datetimes.encode(filters.starts_after),
            "endDateTime": datetimes.encode(filters.starts_before),
            "$orderby": "start/dateTime",
            "$select": SELECT,
            "$top": input_validation.page_size(ctx.limit, 1000),
        }
        response, raw = yield from fetch(
            USERS_CALENDARS_LIST_CALENDAR_VIEW,
            path=(ctx.connection["principal"], filters.calendar_id),
            query=pagination.page_query(query, ctx.cursor, "$top"),
            url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
            schema=types.UsersCalendarsListCalendarViewResponse,
        )
        items = response.value or []
        records = [read_event(each, raw.at("value", index)) for index, each in enumerate(items)]
        if filters.updated_after is not None:
            records = [
                each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after
            ]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.title or ''} {each.description or ''}".casefold()]
        return Page(records, cursor=pagination.token(response.odata_next_link))
    if filters.starts_after is not None and filters.starts_before is not None:
        query_2: dict[str, Any] = {
            "startDateTime": datetimes.encode(filters.starts_after),
            "endDateTime": datetimes.encode(filters.starts_before),
            "$orderby": "start/dateTime",
            "$select": SELECT,
            "$top": input_validation.page_size(ctx.limit, 1000),
        }
        response_2, raw = yield from fetch(
            USERS_LIST_CALENDAR_VIEW,
            path=(ctx.connection["principal"],),
            query=pagination.page_query(query_2, ctx.cursor, "$top"),
            url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
            schema=types.UsersListCalendarViewResponse,
        )
        items_2 = response_2.value or []
        records = [read_event(each, raw.at("value", index)) for index, each in enumerate(items_2)]
        if filters.updated_after is not None:
            records = [
                each for each in records if each.updated_at is not None and each.updated_at >= filters.updated_after
            ]
        if filters.text is not None:
            words_2 = filters.text.casefold()
            records = [each for each in records if words_2 in f"{each.title or ''} {each.description or ''}".casefold()]
        return Page(records, cursor=pagination.token(response_2.odata_next_link))
    if filters.calendar_id is not None:
        input_validation.reject_unsupported(filters, LIST_USERS_CALENDARS_LIST_EVENTS_UNSUPPORTED, "Microsoft Graph")
        clauses: list[str] = []
        if filters.updated_after is not None:
            clauses.append(f"lastModifiedDateTime ge {odata.date_time(filters.updated_after)}")
        if filters.text is not None:
            clauses.append(f"contains(subject,{odata.text(filters.text)})")
        query_3: dict[str, Any] = {"$select": SELECT, "$top": input_validation.page_size(ctx.limit, 1000)}
        if clauses:
            query_3["$filter"] = " and ".join(clauses)
        response_3, raw = yield from fetch(
            USERS_CALENDARS_LIST_EVENTS,
            path=(ctx.connection["principal"], filters.calendar_id),
            query=pagination.page_query(query_3, ctx.cursor, "$top"),
            url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
            schema=types.UsersCalendarsListEventsResponse,
        )
        items_3 = response_3.value or []
        records = [read_event(each, raw.at("value", index)) for index, each in enumerate(items_3)]
        return Page(records, cursor=pagination.token(response_3.odata_next_link))
    input_validation.reject_unsupported(filters, LIST_USERS_LIST_EVENTS_UNSUPPORTED, "Microsoft Graph")
    clauses_2: list[str] = []
    if filters.updated_after is not None:
        clauses_2.append(f"lastModifiedDateTime ge {odata.date_time(filters.updated_after)}")
    if filters.text is not None:
        clauses_2.append(f"contains(subject,{odata.text(filters.text)})")
    query_4: dict[str, Any] = {"$select": SELECT, "$top": input_validation.page_size(ctx.limit, 1000)}
    if clauses_2:
        query_4["$filter"] = " and ".join(clauses_2)
    response_4, raw = yield from fetch(
        USERS_LIST_EVENTS,
        path=(ctx.connection["principal"],),
        query=pagination.page_query(query_4, ctx.cursor, "$top"),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.UsersListEventsResponse,
    )
    items_4 = response_4.value or []
    records = [read_event(each, raw.at("value", index)) for index, each in enumerate(items_4)]
    return Page(records, cursor=pagination.token(response_4.odata_next_link))


def instances(ctx: Context, filters: EventInstances) -> Steps[Page[Event]]:
    """List the occurrences of a recurring event: GET /users/{user-id}/events/{event-id}/instances."""
    starts_after = input_validation.require("starts_after", filters.starts_after, "Microsoft Graph")
    starts_before = input_validation.require("starts_before", filters.starts_before, "Microsoft Graph")
    query: dict[str, Any] = {
        "startDateTime": datetimes.encode(starts_after),
        "endDateTime": datetimes.encode(starts_before),
        "$select": SELECT,
        "$top": input_validation.page_size(ctx.limit, 1000),
    }
    query = input_validation.merge(query, ctx.extra, "Microsoft Graph")
    response, raw = yield from fetch(
        USERS_EVENTS_LIST_INSTANCES,
        path=(ctx.connection["principal"], filters.id),
        query=pagination.page_query(query, ctx.cursor, "$top"),
        url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$skip", "$top")),
        schema=types.UsersEventsListInstancesResponse,
    )
    items = response.value or []
    records = [read_event(each, raw.at("value", index)) for index, each in enumerate(items)]
    return Page(records, cursor=pagination.token(response.odata_next_link))


def respond(ctx: Context, id: str, event: EventRespond) -> Steps[Event]:
    """Respond to an invitation.

    In turn:
        POST /users/{user-id}/events/{event-id}/accept, if needed
        POST /users/{user-id}/events/{event-id}/tentativelyAccept, if needed
        POST /users/{user-id}/events/{event-id}/decline, if needed
        GET /users/{user-id}/events/{event-id}
    """
    if event.response == "accepted":
        body: dict[str, Any] = {"sendResponse": True}
        if event.comment is not None:
            body["comment"] = event.comment
        yield from call(USERS_EVENTS_ACCEPT, path=(ctx.connection["principal"], id), json=body)
    if event.response == "tentative":
        body_2: dict[str, Any] = {"sendResponse": True}
        if event.comment is not None:
            body_2["comment"] = event.comment
        yield from call(USERS_EVENTS_TENTATIVELY_ACCEPT, path=(ctx.connection["principal"], id), json=body_2)
    if event.response == "declined":
        body_3: dict[str, Any] = {"sendResponse": True}
        if event.comment is not None:
            body_3["comment"] = event.comment
        yield from call(USERS_EVENTS_DECLINE, path=(ctx.connection["principal"], id), json=body_3)
    response, raw = yield from fetch(
        USERS_GET_EVENTS,
        path=(ctx.connection["principal"], id),
        query={"$select": SELECT},
        schema=types.EventsMicrosoftGraphEntity,
    )
    return read_event(response, raw)


def changes(ctx: Context, filters: EventChanges) -> Steps[Page[Event]]:
    """List changes since a cursor, or all.

    One of:
        GET /users/{user-id}/calendars/{calendar-id}/calendarView/delta
        GET /users/{user-id}/calendarView/delta
    """
    if filters.calendar_id is not None:
        starts_after = input_validation.require("starts_after", filters.starts_after, "Microsoft Graph")
        starts_before = input_validation.require("starts_before", filters.starts_before, "Microsoft Graph")
        response, raw = yield from change_cursors.detect_stale(
            fetch(
                USERS_CALENDARS_CALENDAR_VIEW_DELTA,
                path=(ctx.connection["principal"], filters.calendar_id),
                query={"startDateTime": datetimes.encode(starts_after), "endDateTime": datetimes.encode(starts_before)},
                url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$deltatoken")),
                schema=types.EventChanges,
            ),
            ctx.cursor,
            410,
        )
        items = response.value or []
        records = [
            read_event(each, raw.at("value", index)) for index, each in enumerate(items) if not _is_removed(each)
        ]
        removed = [read_event(each, raw.at("value", index)).id for index, each in enumerate(items) if _is_removed(each)]
        return Page(
            records,
            cursor=pagination.token(response.odata_next_link),
            removed=removed,
            sync=pagination.token(response.odata_delta_link),
        )
    starts_after_2 = input_validation.require("starts_after", filters.starts_after, "Microsoft Graph")
    starts_before_2 = input_validation.require("starts_before", filters.starts_before, "Microsoft Graph")
    response_2, raw = yield from change_cursors.detect_stale(
        fetch(
            USERS_CALENDAR_VIEW_DELTA,
            path=(ctx.connection["principal"],),
            query={"startDateTime": datetimes.encode(starts_after_2), "endDateTime": datetimes.encode(starts_before_2)},
            url=pagination.next_page_url(ctx.cursor, ("$skiptoken", "$deltatoken")),
            schema=types.EventChanges,
        ),
        ctx.cursor,
        410,
    )
    items_2 = response_2.value or []
    records = [read_event(each, raw.at("value", index)) for index, each in enumerate(items_2) if not _is_removed(each)]
    removed = [read_event(each, raw.at("value", index)).id for index, each in enumerate(items_2) if _is_removed(each)]
    return Page(
        records,
        cursor=pagination.token(response_2.odata_next_link),
        removed=removed,
        sync=pagination.token(response_2.odata_delta_link),
    )


def _read_attendee(r: types.EventsMicrosoftGraphRecipient) -> Attendee:
    email_address = r.email_address or types.EventsMicrosoftGraphEmailAddress()
    status = r.status or types.MicrosoftGraphResponseStatus()
    return Attendee(
        email=email_address.address,
        name=email_address.name,
        optional=OPTIONAL_READ.get(r.type),
        response=RESPONSE_READ.get(status.response),
    )


def read_event(r: types.EventsMicrosoftGraphEntity, raw: Raw) -> Event:
    """Read a unified Event from a microsoft.graph.event of Microsoft Graph."""
    location = r.location or types.MicrosoftGraphLocation()
    organizer = r.organizer or types.EventsMicrosoftGraphRecipient2()
    email_address = organizer.email_address or types.EventsMicrosoftGraphEmailAddress()
    online_meeting = r.online_meeting or types.MicrosoftGraphOnlineMeetingInfo()
    values: EventValues = {
        "id": responses.required(r.id, "id", "Microsoft Graph"),
        "calendar_id": None,
        "title": r.subject,
        "location": location.display_name,
        "start": graph_start.decode(r.start, r.is_all_day) if r.start is not None else None,
        "end": graph_end.decode(r.end, r.is_all_day) if r.end is not None else None,
        "all_day": ALL_DAY_READ.get(r.is_all_day),
        "time_zone": graph_zone.decode(r.original_start_time_zone) if r.original_start_time_zone is not None else None,
        "attendees": [_read_attendee(each) for each in r.attendees or ()],
        "organizer": Organizer(email=email_address.address, name=email_address.name)
        if email_address.address is not None or email_address.name is not None
        else None,
        "recurrence": graph_recurrence.decode(r.recurrence, r.is_all_day, r.original_start_time_zone)
        if r.recurrence is not None
        else [],
        "series_id": r.series_master_id,
        "status": STATUS_READ.get(r.is_cancelled),
        "visibility": VISIBILITY_READ.get(r.sensitivity),
        "busy": BUSY_READ.get(r.show_as),
        "type": TYPE_READ.get(r.show_as, "event"),
        "reminder_minutes": graph_reminder.decode(r.reminder_minutes_before_start, r.is_reminder_on)
        if r.reminder_minutes_before_start is not None
        else None,
        "attachments": [],
        "conference_url": online_meeting.join_url,
        "url": r.web_link,
        "created_at": datetimes.decode(r.created_date_time) if r.created_date_time is not None else None,
        "updated_at": datetimes.decode(r.last_modified_date_time) if r.last_modified_date_time is not None else None,
    }
    return make_event(values, raw, r.body)


def _write_attendee(r: Attendee) -> dict[str, Any]:
    email_address: dict[str, Any] = {"address": input_validation.require("attendees.email", r.email, "Microsoft Graph")}
    if r.name is not None:
        email_address["name"] = r.name
    body: dict[str, Any] = {"emailAddress": email_address}
    if r.optional is not None:
        body["type"] = OPTIONAL_WRITE[r.optional]
    return body


def _is_removed(r: types.EventsMicrosoftGraphEntity) -> bool:
    return bool(r.removed)
