"""An appointment in a calendar. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import date, datetime
    from typing import Literal

    from .models.events import Attendee, Event

VENDORS = VendorModules(__name__, ("google-calendar", "microsoft-graph"))
"""Module of each vendor's adapter, imported on first use."""


@operation("events", "create", VENDORS, effect="write")
def create(
    *,
    title: str,
    start: date | datetime,
    end: date | datetime,
    calendar_id: str | None | Unset = UNSET,
    description: str | None | Unset = UNSET,
    location: str | None | Unset = UNSET,
    time_zone: str | None | Unset = UNSET,
    attendees: Sequence[Attendee] | None | Unset = UNSET,
    recurrence: Sequence[str] | None | Unset = UNSET,
    status: Literal["confirmed", "tentative", "canceled"] | None | Unset = UNSET,
    visibility: Literal["default", "public", "private"] | None | Unset = UNSET,
    busy: bool | None | Unset = UNSET,
    reminder_minutes: int | None | Unset = UNSET,
    online: bool | None | Unset = UNSET,
    notify: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Event]:
    """Create an event.

    Args:
        title: What it is.
        start: When it begins; a date if it lasts all day.
        end: When it ends; if all day, the date after the last.
        calendar_id: The calendar that holds it.
        description: Details.
        location: Its location.
        time_zone: The IANA time zone it is planned in, such as Europe/Paris.
        attendees: Who is invited.
        recurrence: How it recurs; rules of RFC 5545.
        status: Whether it takes place.
        visibility: Who sees what it is.
        busy: Whether its time counts as busy.
        reminder_minutes: How many minutes before its start one is reminded.
        online: Add a video meeting to join.
        notify: Send mail to guests; by default none is sent.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.events import EventCreate

    return Invocation(
        model=EventCreate,
        given={
            "title": title,
            "start": start,
            "end": end,
            "calendar_id": calendar_id,
            "description": description,
            "location": location,
            "time_zone": time_zone,
            "attendees": attendees,
            "recurrence": recurrence,
            "status": status,
            "visibility": visibility,
            "busy": busy,
            "reminder_minutes": reminder_minutes,
            "online": online,
            "notify": notify,
        },
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("events", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Event]:
    """Read an event.

    Args:
        id: The event's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("events", "list", VENDORS)
def list(
    *,
    calendar_id: str | None | Unset = UNSET,
    starts_after: datetime | None | Unset = UNSET,
    starts_before: datetime | None | Unset = UNSET,
    updated_after: datetime | None | Unset = UNSET,
    text: str | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Event]:
    """List or search events.

    Args:
        calendar_id: Of this calendar.
        starts_after: Ending after this time.
        starts_before: Beginning before this time.
        updated_after: Changed since then.
        text: Containing this text.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.events import EventFilters

    return Invocation(
        model=EventFilters,
        given={
            "calendar_id": calendar_id,
            "starts_after": starts_after,
            "starts_before": starts_before,
            "updated_after": updated_after,
            "text": text,
        },
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@operation("events", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    title: str | Unset = UNSET,
    description: str | None | Unset = UNSET,
    location: str | None | Unset = UNSET,
    start: date | datetime | Unset = UNSET,
    end: date | datetime | Unset = UNSET,
    time_zone: str | None | Unset = UNSET,
    attendees: Sequence[Attendee] | None | Unset = UNSET,
    recurrence: Sequence[str] | None | Unset = UNSET,
    status: Literal["confirmed", "tentative", "canceled"] | None | Unset = UNSET,
    visibility: Literal["default", "public", "private"] | None | Unset = UNSET,
    busy: bool | None | Unset = UNSET,
    reminder_minutes: int | None | Unset = UNSET,
    add_attendees: Sequence[str] | None | Unset = UNSET,
    remove_attendees: Sequence[str] | None | Unset = UNSET,
    notify: bool | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Event]:
    """Change an event.

    Args:
        id: The event's id.
        title: What it is.
        description: Details.
        location: Its location.
        start: When it begins; a date if it lasts all day.
        end: When it ends; if all day, the date after the last.
        time_zone: The IANA time zone it is planned in, such as Europe/Paris.
        attendees: Who is invited.
        recurrence: How it recurs; rules of RFC 5545.
        status: Whether it takes place.
        visibility: Who sees what it is.
        busy: Whether its time counts as busy.
        reminder_minutes: How many minutes before its start one is reminded.
        add_attendees: Guests to invite; the others stay.
        remove_attendees: Guests to remove.
        notify: Send mail to guests; by default none is sent.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.events import EventUpdate

    return Invocation(
        model=EventUpdate,
        given={
            "title": title,
            "description": description,
            "location": location,
            "start": start,
            "end": end,
            "time_zone": time_zone,
            "attendees": attendees,
            "recurrence": recurrence,
            "status": status,
            "visibility": visibility,
            "busy": busy,
            "reminder_minutes": reminder_minutes,
            "add_attendees": UNSET if add_attendees is None else add_attendees,
            "remove_attendees": UNSET if remove_attendees is None else remove_attendees,
            "notify": UNSET if notify is None else notify,
        },
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@listing("events", "instances", VENDORS, like="list")
def instances(
    *,
    id: str,
    starts_after: datetime | None | Unset = UNSET,
    starts_before: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Event]:
    """List the occurrences of a recurring event.

    Args:
        id: The recurring event.
        starts_after: Ending after this time.
        starts_before: Beginning before this time.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.events import EventInstances

    return Invocation(
        model=EventInstances,
        given={"id": id, "starts_after": starts_after, "starts_before": starts_before},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@operation("events", "move", VENDORS, effect="write", like="update")
def move(
    id: str, calendar_id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[Event]:
    """Move an event to another calendar.

    Args:
        id: The event's id.
        calendar_id: The calendar to move it to.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.events import EventMove

    return Invocation(
        model=EventMove, given={}, ids={"id": id, "calendar_id": calendar_id}, via=via, extra=extra, key=idempotency_key
    )


@operation("events", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete an event; guests get no mail.

    Args:
        id: The event's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


@operation("events", "cancel", VENDORS, effect="write", like="update")
def cancel(
    id: str,
    *,
    comment: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[None]:
    """Cancel a meeting; guests get mail.

    Args:
        id: The event's id.
        comment: A text for the guests.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.events import EventCancel

    return Invocation(
        model=EventCancel,
        given={"comment": UNSET if comment is None else comment},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("events", "respond", VENDORS, effect="write", like="update")
def respond(
    id: str,
    *,
    response: Literal["accepted", "tentative", "declined"],
    comment: str | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Event]:
    """Respond to an invitation.

    Args:
        id: The event's id.
        response: The response.
        comment: A message to the organizer.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.events import EventRespond

    return Invocation(
        model=EventRespond,
        given={"response": response, "comment": UNSET if comment is None else comment},
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@listing("events", "changes", VENDORS)
def changes(
    *,
    calendar_id: str | None | Unset = UNSET,
    starts_after: datetime | None | Unset = UNSET,
    starts_before: datetime | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
) -> Invocation[Event]:
    """List changes since a cursor, or all.

    Args:
        calendar_id: Of this calendar.
        starts_after: Ending after this time.
        starts_before: Beginning before this time.
        cursor: Continue from this page's `cursor`, or from the `sync` of the last one; without it everything.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
    """
    from .models.events import EventChanges

    return Invocation(
        model=EventChanges,
        given={"calendar_id": calendar_id, "starts_after": starts_after, "starts_before": starts_before},
        cursor=cursor,
        limit=limit,
        via=via,
    )


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


move_many = many(move)
"""`move` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""


respond_many = many(respond)
"""`respond` for many inputs; see `unified_runtime.client.operations.Many`."""
