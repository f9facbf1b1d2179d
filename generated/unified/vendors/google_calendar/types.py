"""Responses of Google Calendar, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class CalendarListEntry(Struct, frozen=True, gc=False):
    id: str | None = None
    summary: str | None = None
    description: str | None = None
    time_zone: str | None = field(name="timeZone", default=None)
    primary: bool | None = None
    access_role: str | None = field(name="accessRole", default=None)
    data_owner: str | None = field(name="dataOwner", default=None)


class Calendar(Struct, frozen=True, gc=False):
    id: str | None = None


class CalendarList(Struct, frozen=True, gc=False):
    items: list[CalendarListEntry] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class EventDateTime(Struct, frozen=True, gc=False):
    date: str | None = None
    date_time: str | None = field(name="dateTime", default=None)
    time_zone: str | None = field(name="timeZone", default=None)


class EventsEventDateTime(Struct, frozen=True, gc=False):
    date: str | None = None
    date_time: str | None = field(name="dateTime", default=None)


class EventAttendee(Struct, frozen=True, gc=False):
    email: str | None = None
    display_name: str | None = field(name="displayName", default=None)
    optional: bool | None = None
    response_status: str | None = field(name="responseStatus", default=None)


class EventOrganizer(Struct, frozen=True, gc=False):
    email: str | None = None
    display_name: str | None = field(name="displayName", default=None)


class EventAttachment(Struct, frozen=True, gc=False):
    title: str | None = None
    mime_type: str | None = field(name="mimeType", default=None)
    file_url: str | None = field(name="fileUrl", default=None)


class EntryPoint(Struct, frozen=True, gc=False):
    uri: str | None = None
    entry_point_type: str | None = field(name="entryPointType", default=None)


class ConferenceData(Struct, frozen=True, gc=False):
    entry_points: list[EntryPoint] | None = field(name="entryPoints", default=None)


class Event(Struct, frozen=True, gc=False):
    id: str | None = None
    summary: str | None = None
    description: str | None = None
    location: str | None = None
    start: EventDateTime | None = None
    end: EventsEventDateTime | None = None
    attendees: list[EventAttendee] | None = None
    organizer: EventOrganizer | None = None
    recurrence: list[str] | None = None
    recurring_event_id: str | None = field(name="recurringEventId", default=None)
    status: str | None = None
    visibility: str | None = None
    transparency: str | None = None
    event_type: str | None = field(name="eventType", default=None)
    reminders: dict[str, Any] | None = None
    attachments: list[EventAttachment] | None = None
    conference_data: ConferenceData | None = field(name="conferenceData", default=None)
    html_link: str | None = field(name="htmlLink", default=None)
    created: str | None = None
    updated: str | None = None


class EventsEvent(Struct, frozen=True, gc=False):
    attendees_omitted: bool | None = field(name="attendeesOmitted", default=None)
    etag: str | None = None
    attendees: list[dict[str, Any]] | None = None


class Events(Struct, frozen=True, gc=False):
    items: list[Event] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class EventsEventAttendee(Struct, frozen=True, gc=False):
    email: str | None = None
    self: bool | None = None


class EventsEvent2(Struct, frozen=True, gc=False):
    attendees: list[EventsEventAttendee] | None = None


class EventsEvents(Struct, frozen=True, gc=False):
    items: list[Event] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)
    next_sync_token: str | None = field(name="nextSyncToken", default=None)


class TimePeriod(Struct, frozen=True, gc=False):
    start: str | None = None
    end: str | None = None


class Error(Struct, frozen=True, gc=False):
    reason: str | None = None


class FreeBusyCalendar(Struct, frozen=True, gc=False):
    busy: list[TimePeriod] | None = None
    errors: list[Error] | None = None


class FreeBusyResponse(Struct, frozen=True, gc=False):
    calendars: dict[str, FreeBusyCalendar] | None = None
