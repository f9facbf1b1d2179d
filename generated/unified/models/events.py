"""The unified events: An appointment in a calendar. Written by `gen build`; do not edit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Attendee(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    email: str | None = None
    """The address."""
    name: str | None = None
    """The name."""
    optional: bool | None = None
    """Whether it would work without them."""
    response: Literal["pending", "accepted", "tentative", "declined"] | None = None
    """Their response."""


class Event(Record):
    """An appointment in a calendar."""

    id: str
    """The event's id."""
    calendar_id: str | None = None
    """The calendar that holds it."""
    title: str | None = None
    """What it is."""
    description: str | None = None
    """Details."""
    location: str | None = None
    """Its location."""
    start: date | AwareDatetime | None = None
    """When it begins; a date if it lasts all day."""
    end: date | AwareDatetime | None = None
    """When it ends; if all day, the date after the last."""
    all_day: bool | None = None
    """Whether it lasts whole days."""
    time_zone: str | None = None
    """The IANA time zone it is planned in, such as Europe/Paris."""
    attendees: Annotated[list[Attendee], Field(validate_default=True)] = []
    """Who is invited."""
    organizer: Organizer | None = None
    """Who invites."""
    recurrence: list[str] = []
    """How it recurs; rules of RFC 5545."""
    series_id: str | None = None
    """The recurring event of which it is one occurrence."""
    status: Literal["confirmed", "tentative", "canceled"] | None = None
    """Whether it takes place."""
    visibility: Literal["default", "public", "private"] | None = None
    """Who sees what it is."""
    busy: bool | None = None
    """Whether its time counts as busy."""
    type: Literal["event", "out_of_office", "focus_time", "working_location", "birthday", "from_mail"] | None = None
    """What kind of entry it is."""
    reminder_minutes: int | None = None
    """How many minutes before its start one is reminded."""
    attachments: Annotated[list[EventAttachment], Field(validate_default=True)] = []
    """Files that came with it."""
    conference_url: str | None = None
    """Where to join it online."""
    url: str | None = None
    """Its page for people."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""


class EventAttachment(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: str | None = None
    """The file's name."""
    mime_type: str | None = None
    """Its media type."""
    url: str | None = None
    """Its URL."""


class EventCancel(Input):
    """Cancel a meeting; guests get mail."""

    model_config = ConfigDict(
        extra="forbid",
    )
    comment: str | None = None
    """A text for the guests."""


class EventChanges(Input):
    """List changes since a cursor, or all."""

    model_config = ConfigDict(
        extra="forbid",
    )
    calendar_id: Annotated[str | None, Field(min_length=1)] = None
    """Of this calendar."""
    starts_after: AwareDatetime | None = None
    """Ending after this time."""
    starts_before: AwareDatetime | None = None
    """Beginning before this time."""


class EventCreate(Input):
    """Create an event."""

    model_config = ConfigDict(
        extra="forbid",
    )
    calendar_id: Annotated[str | None, Field(min_length=1)] = None
    """The calendar that holds it."""
    title: Annotated[str, Field(min_length=1)]
    """What it is."""
    description: str | None = None
    """Details."""
    location: str | None = None
    """Its location."""
    start: date | AwareDatetime
    """When it begins; a date if it lasts all day."""
    end: date | AwareDatetime
    """When it ends; if all day, the date after the last."""
    time_zone: str | None = None
    """The IANA time zone it is planned in, such as Europe/Paris."""
    attendees: list[Attendee] | None = None
    """Who is invited."""
    recurrence: list[str] | None = None
    """How it recurs; rules of RFC 5545."""
    status: Literal["confirmed", "tentative", "canceled"] | None = None
    """Whether it takes place."""
    visibility: Literal["default", "public", "private"] | None = None
    """Who sees what it is."""
    busy: bool | None = None
    """Whether its time counts as busy."""
    reminder_minutes: Annotated[int | None, Field(ge=0)] = None
    """How many minutes before its start one is reminded."""
    online: bool | None = None
    """Add a video meeting to join."""
    notify: bool | None = None
    """Send mail to guests; by default none is sent."""


class EventFilters(Input):
    """List or search events."""

    model_config = ConfigDict(
        extra="forbid",
    )
    calendar_id: Annotated[str | None, Field(min_length=1)] = None
    """Of this calendar."""
    starts_after: AwareDatetime | None = None
    """Ending after this time."""
    starts_before: AwareDatetime | None = None
    """Beginning before this time."""
    updated_after: AwareDatetime | None = None
    """Changed since then."""
    text: str | None = None
    """Containing this text."""


class EventInstances(Input):
    """List the occurrences of a recurring event."""

    model_config = ConfigDict(
        extra="forbid",
    )
    id: Annotated[str, Field(min_length=1)]
    """The recurring event."""
    starts_after: AwareDatetime | None = None
    """Ending after this time."""
    starts_before: AwareDatetime | None = None
    """Beginning before this time."""


class EventMove(Input):
    """Move an event to another calendar."""

    model_config = ConfigDict(
        extra="forbid",
    )


class EventRespond(Input):
    """Respond to an invitation."""

    model_config = ConfigDict(
        extra="forbid",
    )
    response: Literal["accepted", "tentative", "declined"]
    """The response."""
    comment: str | None = None
    """A message to the organizer."""


class EventUpdate(Input):
    """Change an event."""

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str | None, Field(min_length=1)] = None
    """What it is."""
    description: str | None = None
    """Details."""
    location: str | None = None
    """Its location."""
    start: date | AwareDatetime | None = None
    """When it begins; a date if it lasts all day."""
    end: date | AwareDatetime | None = None
    """When it ends; if all day, the date after the last."""
    time_zone: str | None = None
    """The IANA time zone it is planned in, such as Europe/Paris."""
    attendees: list[Attendee] | None = None
    """Who is invited."""
    recurrence: list[str] | None = None
    """How it recurs; rules of RFC 5545."""
    status: Literal["confirmed", "tentative", "canceled"] | None = None
    """Whether it takes place."""
    visibility: Literal["default", "public", "private"] | None = None
    """Who sees what it is."""
    busy: bool | None = None
    """Whether its time counts as busy."""
    reminder_minutes: Annotated[int | None, Field(ge=0)] = None
    """How many minutes before its start one is reminded."""
    add_attendees: list[str] | None = None
    """Guests to invite; the others stay."""
    remove_attendees: list[str] | None = None
    """Guests to remove."""
    notify: bool | None = None
    """Send mail to guests; by default none is sent."""


class Organizer(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    email: str | None = None
    """The address."""
    name: str | None = None
    """The name."""


if TYPE_CHECKING:

    class EventValues(TypedDict):
        """Values of Event."""

        id: str
        calendar_id: str | None
        title: str | None
        description: NotRequired[str | None]
        location: str | None
        start: date | AwareDatetime | None
        end: date | AwareDatetime | None
        all_day: bool | None
        time_zone: str | None
        attendees: Annotated[list[Attendee], Field(validate_default=True)]
        organizer: Organizer | None
        recurrence: list[str]
        series_id: str | None
        status: Literal["confirmed", "tentative", "canceled"] | None
        visibility: Literal["default", "public", "private"] | None
        busy: bool | None
        type: Literal["event", "out_of_office", "focus_time", "working_location", "birthday", "from_mail"] | None
        reminder_minutes: int | None
        attachments: Annotated[list[EventAttachment], Field(validate_default=True)]
        conference_url: str | None
        url: str | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
else:
    EventValues = dict
