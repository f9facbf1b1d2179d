"""What Google Calendar answers, as far as it is read: every field may be missing, unknown ones are passed over."""

from __future__ import annotations

from msgspec import Struct, field


class EventDateTime(Struct, frozen=True):
    date: str | None = None
    date_time: str | None = field(name="dateTime", default=None)
    time_zone: str | None = field(name="timeZone", default=None)


class EventsEventDateTime(Struct, frozen=True):
    date: str | None = None
    date_time: str | None = field(name="dateTime", default=None)


class EventAttendee(Struct, frozen=True):
    email: str | None = None
    display_name: str | None = field(name="displayName", default=None)
    optional: bool | None = None
    response_status: str | None = field(name="responseStatus", default=None)


class EventOrganizer(Struct, frozen=True):
    email: str | None = None
    display_name: str | None = field(name="displayName", default=None)


class EntryPoint(Struct, frozen=True):
    uri: str | None = None
    entry_point_type: str | None = field(name="entryPointType", default=None)


class ConferenceData(Struct, frozen=True):
    entry_points: list[EntryPoint] | None = field(name="entryPoints", default=None)


class Event(Struct, frozen=True):
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
    conference_data: ConferenceData | None = field(name="conferenceData", default=None)
    html_link: str | None = field(name="htmlLink", default=None)
    created: str | None = None
    updated: str | None = None


class Events(Struct, frozen=True):
    items: list[Event] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)
