"""Events of Google Calendar and Outlook: guests that are added and removed by name, and who gets mail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import unified.calendars
import unified.events
from tests.functional.shipped import shipped
from unified_runtime import InvalidInput, Unsupported
from unified_runtime.adapter_api import list_members

START = {"start": datetime(2031, 1, 2, 9, tzinfo=UTC), "end": datetime(2031, 1, 2, 10, tzinfo=UTC)}
GOOGLE = "primary/abc"
GUESTS = [
    {"email": "Ada@example.com", "responseStatus": "accepted", "comment": "by train", "additionalGuests": 2},
    {"email": "room-1@resource.calendar.google.com", "resource": True, "responseStatus": "accepted"},
    {"email": "bob@example.com", "responseStatus": "tentative", "optional": True},
]


def event(**more: Any) -> dict[str, Any]:
    times = {"start": {"dateTime": "2031-01-02T09:00:00Z"}, "end": {"dateTime": "2031-01-02T10:00:00Z"}}
    return {"id": "abc", "etag": '"7"', "summary": "Review", **times, **more}


# ------------------------------------------------------------------ guests
def test_a_guest_is_added_and_the_others_keep_their_responses() -> None:
    ran = shipped(
        unified.events.update,
        GOOGLE,
        add_attendees=["eve@example.com", "ADA@example.com"],
        remove_attendees=["bob@example.com"],
        via="google-calendar",
        responses=[event(attendees=GUESTS), event()],
    )
    line, body = ran.sent[1]
    assert body == {"attendees": [*GUESTS[:2], {"email": "eve@example.com"}]}
    assert "sendUpdates=none" in line
    assert ran.headers[1]["If-Match"] == '"7"'


def test_guests_of_an_event_without_any_and_without_a_version() -> None:
    first = {name: value for name, value in event().items() if name != "etag"}
    ran = shipped(unified.events.update, GOOGLE, add_attendees=["eve@example.com"], via="google-calendar", responses=[first, event()])
    assert ran.sent[1][1] == {"attendees": [{"email": "eve@example.com"}]}
    assert "If-Match" not in ran.headers[1]


def test_a_list_of_guests_that_is_not_complete_is_not_changed() -> None:
    with pytest.raises(Unsupported):
        shipped(
            unified.events.update, GOOGLE, add_attendees=["a@b.example"], via="google-calendar", responses=[event(attendeesOmitted=True)]
        )


def test_outlook_keeps_the_others_too() -> None:
    guests = [{"type": "required", "status": {"response": "accepted"}, "emailAddress": {"address": "ada@example.com", "name": "Ada"}}]
    outlook = {"id": "abc", "attendees": guests}
    ran = shipped(
        unified.events.update, "abc", add_attendees=["eve@example.com"], via="microsoft-graph", responses=[outlook, outlook, outlook]
    )
    assert ran.sent[1][1] == {"attendees": [*guests, {"emailAddress": {"address": "eve@example.com"}}]}


def test_a_list_and_its_members_are_not_both_given() -> None:
    with pytest.raises(InvalidInput, match="as a whole"):
        list_members.change({"labels": ["a"]}, ("labels",), ["a"], (), ["b"], None)
    with pytest.raises(InvalidInput, match="added and removed"):
        list_members.change({}, ("labels",), ["a"], (), ["b"], ["B"])
    assert list_members.change({"x": 1}, ("in", "labels"), ["a", "b"], (), ["c"], ["a"]) == {"x": 1, "in": {"labels": ["b", "c"]}}
    assert list_members.change({"x": 1}, ("labels",), ["a"], (), None, []) == {"x": 1}


# ------------------------------------------------------------------ mail
@pytest.mark.parametrize(("given", "sent"), [({}, "none"), ({"notify": False}, "none"), ({"notify": True}, "all")])
def test_guests_get_mail_only_if_requested(given: dict[str, Any], sent: str) -> None:
    ran = shipped(unified.events.create, title="Review", **START, via="google-calendar", responses=[event()], **given)
    assert f"sendUpdates={sent}" in ran.sent[0][0]
    ran = shipped(unified.events.update, GOOGLE, title="Review", via="google-calendar", responses=[event()], **given)
    assert f"sendUpdates={sent}" in ran.sent[0][0]


def test_deleting_sends_no_mail_and_canceling_does() -> None:
    assert "sendUpdates=none" in shipped(unified.events.delete, GOOGLE, via="google-calendar", responses=[204]).sent[0]
    assert "sendUpdates=all" in shipped(unified.events.cancel, GOOGLE, via="google-calendar", responses=[204]).sent[0]
    ran = shipped(unified.events.cancel, "abc", comment="No time", via="microsoft-graph", responses=[202])
    assert ran.sent == [("POST https://graph.microsoft.com/v1.0/users/ada%40example.com/events/abc/cancel", {"comment": "No time"})]


# ------------------------------------------------------------------ lists
def test_deleted_events_are_not_listed_among_the_changed_ones() -> None:
    gone = {"id": "old", "status": "cancelled"}
    ran = shipped(
        unified.events.list,
        updated_after=datetime(2031, 1, 1, tzinfo=UTC),
        via="google-calendar",
        responses=[{"items": [gone, event(transparency="transparent", eventType="outOfOffice")]}],
    )
    assert [(each.id, each.busy, each.type) for each in ran.value] == [(GOOGLE, False, "out_of_office")]
    assert "eventTypes=default&eventTypes=outOfOffice&eventTypes=focusTime" in ran.sent[0]
    assert (
        shipped(unified.events.get, "primary/old", via="google-calendar", responses=[event(status="cancelled")]).value.status == "canceled"
    )


def test_an_event_that_does_not_block_time() -> None:
    ran = shipped(unified.events.create, title="Lunch", **START, busy=False, via="google-calendar", responses=[event()])
    assert ran.sent[0][1]["transparency"] == "transparent"
    ran = shipped(
        unified.events.update, "abc", busy=False, via="microsoft-graph", responses=[{"id": "abc"}, {"id": "abc", "showAs": "free"}]
    )
    assert ran.sent[0][1] == {"showAs": "free"}
    assert ran.value.busy is False


# ------------------------------------------------------------------ video meetings
def test_a_meeting_online() -> None:
    ran = shipped(unified.events.create, title="Review", **START, online=True, via="google-calendar", responses=[event()])
    line, body = ran.sent[0]
    assert "conferenceDataVersion=1" in line
    request = body["conferenceData"]["createRequest"]
    assert request == {"requestId": body["id"], "conferenceSolutionKey": {"type": "hangoutsMeet"}}
    ran = shipped(unified.events.create, title="Review", **START, via="google-calendar", responses=[event()])
    assert "conferenceData" not in ran.sent[0][1]
    ran = shipped(unified.events.create, title="Review", **START, online=True, via="microsoft-graph", responses=[(201, {"id": "abc"})])
    assert ran.sent[0][1]["isOnlineMeeting"] is True


# ------------------------------------------------------------------ reminders, attachments, occurrences
def test_a_reminder_replaces_those_of_the_calendar() -> None:
    own = event(reminders={"useDefault": False, "overrides": [{"method": "email", "minutes": 1440}, {"method": "popup", "minutes": 10}]})
    ran = shipped(unified.events.create, title="Review", **START, reminder_minutes=30, via="google-calendar", responses=[own])
    assert ran.sent[0][1]["reminders"] == {"useDefault": False, "overrides": [{"method": "popup", "minutes": 30}]}
    assert ran.value.reminder_minutes == 10
    ran = shipped(
        unified.events.update, GOOGLE, reminder_minutes=None, via="google-calendar", responses=[event(reminders={"useDefault": True})]
    )
    assert ran.sent[0][1] == {"reminders": {"useDefault": True, "overrides": []}}
    assert ran.value.reminder_minutes is None
    with pytest.raises(InvalidInput):
        shipped(unified.events.update, GOOGLE, reminder_minutes=-5, via="google-calendar", responses=[])


def test_outlook_reminds_if_the_reminder_is_switched_on() -> None:
    times = {"start": {"dateTime": "2031-01-02T09:00:00", "timeZone": "UTC"}, "end": {"dateTime": "2031-01-02T10:00:00", "timeZone": "UTC"}}
    off = {"id": "AAMk1", "subject": "Review", "isAllDay": False, **times, "isReminderOn": False, "reminderMinutesBeforeStart": 15}
    ran = shipped(unified.events.create, title="Review", **START, reminder_minutes=30, via="microsoft-graph", responses=[off])
    assert {"isReminderOn": True, "reminderMinutesBeforeStart": 30}.items() <= ran.sent[0][1].items()
    assert ran.value.reminder_minutes is None
    assert (
        shipped(unified.events.get, "AAMk1", via="microsoft-graph", responses=[off | {"isReminderOn": True}]).value.reminder_minutes == 15
    )


def test_files_of_an_event_are_read() -> None:
    file = {"title": "Notes", "mimeType": "application/vnd.google-apps.document", "fileUrl": "https://docs.google.com/d/1", "fileId": "1"}
    (one,) = shipped(unified.events.get, GOOGLE, via="google-calendar", responses=[event(attachments=[file])]).value.attachments
    assert (one.name, one.mime_type, one.url) == ("Notes", "application/vnd.google-apps.document", "https://docs.google.com/d/1")


def test_occurrences_of_a_series_without_those_that_were_deleted() -> None:
    found = {"items": [event() | {"id": "abc_1", "recurringEventId": "abc"}, event(status="cancelled") | {"id": "abc_2"}]}
    ran = shipped(unified.events.instances, id=GOOGLE, starts_after=START["start"], via="google-calendar", responses=[found])
    assert [(each.id, each.series_id) for each in ran.value] == [("primary/abc_1", GOOGLE)]
    assert "/events/abc/instances" in ran.requests[0].url
    with pytest.raises(InvalidInput, match="starts_before"):
        shipped(unified.events.instances, id="AAMk1", starts_after=START["start"], via="microsoft-graph", responses=[])


def test_a_moved_event_is_of_the_other_calendar_and_guests_get_no_mail() -> None:
    ran = shipped(unified.events.move, GOOGLE, "team@group.calendar.google.com", via="google-calendar", responses=[event(), event()])
    assert "destination=team@group.calendar.google.com&sendUpdates=none" in ran.sent[0]
    assert (ran.value.id, ran.value.calendar_id) == ("team@group.calendar.google.com/abc", "team@group.calendar.google.com")


def test_a_calendar_is_created() -> None:
    entry = {"id": "c1@group.calendar.google.com", "summary": "Team", "timeZone": "Europe/Berlin", "accessRole": "owner"}
    ran = shipped(
        unified.calendars.create,
        name="Team",
        time_zone="Europe/Berlin",
        via="google-calendar",
        responses=[{"id": entry["id"]}, entry],
    )
    assert ran.sent[0][1] == {"summary": "Team", "timeZone": "Europe/Berlin"}
    assert (ran.value.name, ran.value.writable) == ("Team", True)
    ran = shipped(
        unified.calendars.create, name="Team", via="microsoft-graph", responses=[{"id": "AAMk2", "name": "Team", "canEdit": True}]
    )
    assert ran.sent == [("POST https://graph.microsoft.com/v1.0/users/ada%40example.com/calendars", {"name": "Team"})]
