"""Microsoft Graph: the calendars of one mailbox, recurring events, responses in the zone of `Prefer`, pages by URL.

Comments cite facts that the document does not state; see https://learn.microsoft.com/graph/api/resources/event and /calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from dateutil import rrule
from tzlocal.windows_tz import win_tz

from tests.support.emulated import EmulatedStore
from tests.support.store import Call, Clock, Document, Handler, Record, Refused, Store, counter
from tests.support.stores import microsoft_files

ME = "ada@example.com"
CALENDARS = ("AAMkAGI2own", "AAMkAGI2team")
INVITED = "AAMkAGI2seeded"
"""An event of another person, who invited one to it."""
SERVER = "https://graph.microsoft.com/v1.0"
_FREQUENCIES = {"daily": rrule.DAILY, "weekly": rrule.WEEKLY}
_WEEKDAYS = {
    name: getattr(rrule, name[:2].upper()) for name in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}
_NUMBERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_CLAUSES = (
    ("since", re.compile(r"lastModifiedDateTime ge (\S+)")),
    ("text", re.compile(r"contains\(subject,'((?:[^']|'')*)'\)")),
)


def refused(status: int, code: str, message: str = "no") -> Refused:
    return Refused(status, {"error": {"code": code, "message": message}})


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(win_tz.get(name, name))
    except (ValueError, OSError):
        raise refused(400, "TimeZoneNotSupportedException", f"time zone {name} is not supported") from None


class Mailbox:
    """`version` counts changes, `gone` holds deletions by version, `forgotten` is the version up to which delta links are too old."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.ids = counter(1)
        self.version = self.forgotten = 0
        self.events: dict[str, Record] = {}
        self.calendars: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.gone: dict[str, int] = {}
        self.own: dict[str, str] = {}
        """Names of calendars that were created, by id."""
        invited = {
            "subject": "Seeded", "isAllDay": False, "start": {"dateTime": "2030-05-06T09:00:00", "timeZone": "UTC"},
            "end": {"dateTime": "2030-05-06T10:00:00", "timeZone": "UTC"},
            "attendees": [{"emailAddress": {"address": ME}, "type": "required"}],
        }  # fmt: skip
        event = self.new(INVITED, CALENDARS[0], invited)
        bob = {"emailAddress": {"address": "bob@example.com", "name": "Bob"}}
        event |= {"organizer": bob, "onlineMeeting": {"joinUrl": "https://meet.example/abc"}}
        event["attendees"] = [
            {**bob, "type": "required", "status": {"response": "accepted"}},
            {**event["attendees"][0], "status": {"response": "notResponded"}},
        ]  # fmt: skip

    def handlers(self) -> dict[str, Handler]:
        return {
            "users_CreateEvents": lambda call: self.create(call, CALENDARS[0]),
            "users.calendars_CreateEvents": lambda call: self.create(call, self.calendar(call.path["calendar-id"])["id"]),
            "users_GetEvents": lambda call: self.selected(call, self.shown(call, self.event(call))),
            "users_UpdateEvents": self.update,
            "users_DeleteEvents": self.delete,
            "users_events_cancel": self.cancel,
            "users_ListEvents": lambda call: self.page(call, self.filtered(call, None)),
            "users.calendars_ListEvents": lambda call: self.page(call, self.filtered(call, self.calendar(call.path["calendar-id"])["id"])),
            "users_ListCalendarView": lambda call: self.page(call, self.view(call, CALENDARS[0])),
            "users.calendars_ListCalendarView": lambda call: self.page(
                call, self.view(call, self.calendar(call.path["calendar-id"])["id"])
            ),
            "users.events_ListInstances": self.series,
            "users_CreateCalendars": self.new_calendar,
            **{f"users_events_{name}": self.answer for name in ("accept", "decline", "tentativelyAccept")},
            "users_calendarView_delta": lambda call: self.delta(call, CALENDARS[0]),
            "users_calendars_calendarView_delta": lambda call: self.delta(call, self.calendar(call.path["calendar-id"])["id"]),
            "users_calendar_getSchedule": self.schedules,
            "users_ListCalendars": lambda call: self.page(call, [self.calendar(id) for id in (*CALENDARS, *self.own)]),
            "users_GetCalendars": lambda call: self.selected(call, self.calendar(call.path["calendar-id"])),
        }

    # ------------------------------------------------------------------------------------- events
    def event(self, call: Call) -> Record:
        found = self.events.get(call.path["event-id"])
        if found is None:
            raise refused(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        return found

    def new(self, id: str, calendar: str, body: Record) -> Record:
        now = self.clock.tick()
        record: Record = {
            "id": id, "subject": "", "body": {"contentType": "html", "content": ""}, "location": {"displayName": ""}, "attendees": [],
            "organizer": {"emailAddress": {"address": ME, "name": "Ada"}}, "isCancelled": False, "isAllDay": False, "sensitivity": "normal",
            "isReminderOn": True, "reminderMinutesBeforeStart": 15, "type": "singleInstance", "createdDateTime": now, "webLink": f"https://outlook.office365.com/owa/?itemid={id}",
        }  # fmt: skip
        self.events[id] = self.write(record, body)
        self.calendars[id] = calendar
        return record

    def create(self, call: Call, calendar: str) -> Any:
        id = f"AAMkAGI2{next(self.ids):08d}="
        if not {"start", "end"} <= {*call.body}:
            raise refused(400, "ErrorPropertyValidationFailure", "At least one property failed validation.")
        return self.shown(call, self.new(id, calendar, call.body))

    def update(self, call: Call) -> None:
        self.write(self.event(call), call.body)

    def write(self, record: Record, body: Record) -> Record:
        """Return the record with the values of a request, if it is a valid event."""
        event = {**record, **body}
        if "location" in body:
            event["location"] = {**(record.get("location") or {}), **body["location"]}
        begins, ends = (datetime.fromisoformat(event[name]["dateTime"]) for name in ("start", "end"))
        zones = [zone(event[name]["timeZone"]) for name in ("start", "end")]
        if begins.tzinfo is not None or ends.tzinfo is not None:
            raise refused(400, "ErrorInvalidRequest", "a time has no offset")
        midnight = begins.time() == ends.time() == datetime.min.time()
        if event["isAllDay"] and not (midnight and zones[0] == zones[1] and begins < ends):
            raise refused(
                400, "ErrorPropertyValidationFailure", "The Event.Start property for an all-day event needs to be set to midnight."
            )
        if ends.replace(tzinfo=zones[1]) < begins.replace(tzinfo=zones[0]):
            raise refused(400, "ErrorPropertyValidationFailure", "The end is before the start.")
        if recurrence := event.get("recurrence"):
            self.check(recurrence, begins)
        event["attendees"] = [self.guest(each) for each in event["attendees"]]
        if "start" in body:
            event |= {"originalStartTimeZone": event["start"]["timeZone"], "originalEndTimeZone": event["end"]["timeZone"]}
        event["type"] = "seriesMaster" if recurrence else "singleInstance"
        record.clear()
        self.document.write(record, event, reads=self.document.schema("#/components/schemas/microsoft.graph.event"), becomes={})
        record["lastModifiedDateTime"] = self.clock.tick()
        self.version += 1
        self.versions[record["id"]] = self.version
        return record

    @staticmethod
    def guest(reported: Record) -> Record:
        return {"type": "required", "status": {"response": "none"}, **reported}

    @staticmethod
    def check(recurrence: Record, begins: datetime) -> None:
        pattern, span = recurrence["pattern"], recurrence["range"]
        needed = {
            "weekly": ("daysOfWeek",), "absoluteMonthly": ("dayOfMonth",), "relativeMonthly": ("daysOfWeek",),
            "absoluteYearly": ("dayOfMonth", "month"), "relativeYearly": ("daysOfWeek", "month"),
        }.get(pattern["type"], ())  # fmt: skip
        if pattern.get("interval", 0) < 1 or any(not pattern.get(name) for name in needed):
            raise refused(400, "ErrorInvalidRecurrencePattern")
        if {"numbered": "numberOfOccurrences", "endDate": "endDate"}.get(span["type"], "type") not in span:
            raise refused(400, "ErrorInvalidRecurrenceRange")
        if span["startDate"] != begins.date().isoformat():
            raise refused(400, "ErrorPropertyValidationFailure", "startDate is not the date of the start")

    def delete(self, call: Call) -> None:
        id = self.event(call)["id"]
        del self.events[id]
        self.version += 1
        self.gone[id] = self.version

    def cancel(self, call: Call) -> None:
        """Delete an event of one's own, with a mail to its guests (https://learn.microsoft.com/graph/api/event-cancel)."""
        if self.event(call)["organizer"]["emailAddress"]["address"] != ME:
            raise refused(400, "ErrorInvalidRequest", "Your request can't be completed. You need to be an organizer to cancel a meeting.")
        self.delete(call)

    def answer(self, call: Call) -> None:
        """Accept, decline, or accept tentatively; users that are not invited cannot (https://learn.microsoft.com/graph/api/event-accept)."""
        event = self.event(call)
        mine = [each for each in event["attendees"] if each["emailAddress"]["address"] == ME]
        if not mine or event["organizer"]["emailAddress"]["address"] == ME:
            raise refused(400, "ErrorInvalidRequest", "Your request can't be completed. The meeting organizer doesn't need to respond.")
        word = {"accept": "accepted", "decline": "declined", "tentativelyAccept": "tentativelyAccepted"}[
            call.request.path.rpartition("/")[2]
        ]
        mine[0]["status"] = {"response": word}

    # ------------------------------------------------------------------------------------- lists
    def delta(self, call: Call, calendar: str) -> Record:
        """Return the changes in a window of time since a token, three at a time (https://learn.microsoft.com/graph/api/event-delta)."""
        since, start, now = -1, 0, self.version
        if token := call.query.get("$deltatoken"):
            since = int(token)
        elif token := call.query.get("$skiptoken"):
            since, start, now = map(int, token.split("."))
        if since != -1 and since < self.forgotten:
            raise refused(410, "syncStateNotFound", "Resync required.")
        here = [id for id, held in self.calendars.items() if held == calendar]
        window = (self.moment(call.query["startDateTime"]), self.moment(call.query["endDateTime"]))
        found: list[Record] = [
            self.shown(call, each)
            for id in here
            if id in self.events and self.versions[id] > since
            for each in self.instances(self.events[id])
            if self.at(each, "end") > window[0] and self.at(each, "start") < window[1]
        ]
        if since != -1:
            found += [{"id": id, "@removed": {"reason": "deleted"}} for id in here if self.gone.get(id, -1) > since]
        made: Record = {"value": found[start : start + 3]}
        saved = {name: call.query[name] for name in ("startDateTime", "endDateTime")}
        ended = start + 3 >= len(found)
        rest = {**saved, **({"$deltatoken": now} if ended else {"$skiptoken": f"{since}.{start + 3}.{now}"})}
        made["@odata.deltaLink" if ended else "@odata.nextLink"] = f"{SERVER}{call.request.path}?{urlencode(rest)}"
        return made

    def forget(self) -> None:
        """Expire every delta link issued so far."""
        self.version += 1
        self.forgotten = self.version

    def filtered(self, call: Call, calendar: str | None) -> list[Record]:
        wanted: dict[str, str] = {}
        for clause in filter(None, (call.query.get("$filter") or "").split(" and ")):
            name, found = next((name, found) for name, pattern in _CLAUSES if (found := pattern.fullmatch(clause)))
            wanted[name] = found[1].replace("''", "'")
        found = [event for id, event in self.events.items() if calendar in (None, self.calendars[id])]
        if "since" in wanted:
            since = datetime.fromisoformat(wanted["since"])
            found = [event for event in found if datetime.fromisoformat(event["lastModifiedDateTime"]) >= since]
        if "text" in wanted:
            found = [event for event in found if wanted["text"].casefold() in event["subject"].casefold()]
        return [self.shown(call, event) for event in found]

    def view(self, call: Call, calendar: str) -> list[Record]:
        """Return the occurrences that overlap a window of time, by their start."""
        after, before = (self.moment(call.query[name]) for name in ("startDateTime", "endDateTime"))
        if before <= after:
            raise refused(400, "ErrorInvalidParameter")
        found = [
            each
            for id, event in self.events.items()
            if self.calendars[id] == calendar
            for each in self.instances(event)
            if self.at(each, "end") > after and self.at(each, "start") < before
        ]
        found.sort(key=lambda each: self.at(each, "start"))
        return [self.shown(call, each) for each in found]

    def series(self, call: Call) -> Record:
        """Return the occurrences of a series in a range of time; none of any other event."""
        event = self.event(call)
        after, before = (self.moment(call.query[name]) for name in ("startDateTime", "endDateTime"))
        found = [
            self.shown(call, each)
            for each in (self.instances(event) if event.get("recurrence") else ())
            if self.at(each, "end") > after and self.at(each, "start") < before
        ]
        return self.page(call, found)

    def schedules(self, call: Call) -> Record:
        """Return the busy times of people (https://learn.microsoft.com/graph/api/calendar-getschedule); an optional item is busy too."""
        after, before = (self.instant_in_zone(call.body[name]) for name in ("startTime", "endTime"))
        if before <= after:
            raise refused(400, "ErrorInvalidRequest")
        result: list[Record] = []
        for address in call.body["schedules"]:
            if address != ME:
                unknown = {"message": "Unable to resolve e-mail address", "responseCode": "ErrorMailRecipientNotFound"}
                result.append({"scheduleId": address, "availabilityView": "", "scheduleItems": [], "error": unknown})
                continue
            found = [(event, each) for event in self.events.values() if self.calendars[event["id"]] == CALENDARS[0]
                     for each in self.instances(event) if self.at(each, "end") > after and self.at(each, "start") < before]  # fmt: skip
            found.sort(key=lambda pair: self.at(pair[1], "start"))
            entire = {"start": call.body["startTime"], "end": call.body["endTime"]}
            items: list[Record] = [{"status": word, **entire} for word in ("free", "workingElsewhere")]
            for number, (_, each) in enumerate(found):
                shown = self.shown(call, each)
                word = ("busy", "tentative", "oof", "unknown")[number % 4]
                items.append({"status": word, "isPrivate": False, "subject": each["subject"], "start": shown["start"], "end": shown["end"]})
            result.append({"scheduleId": address, "availabilityView": "", "scheduleItems": items})
        return {"value": result}

    @staticmethod
    def instant_in_zone(reported: Record) -> datetime:
        """Time with the name of its zone in another field, and so without an offset."""
        at = datetime.fromisoformat(reported["dateTime"])
        if at.tzinfo is not None:
            raise refused(400, "ErrorInvalidRequest", "a time has no offset")
        return at.replace(tzinfo=zone(reported["timeZone"]))

    @staticmethod
    def moment(text: str) -> datetime:
        read = datetime.fromisoformat(text)
        return read if read.tzinfo is not None else read.replace(tzinfo=UTC)

    @staticmethod
    def at(event: Record, name: str) -> datetime:
        return datetime.fromisoformat(event[name]["dateTime"]).replace(tzinfo=zone(event[name]["timeZone"]))

    def instances(self, event: Record) -> Iterator[Record]:
        """Return the occurrences of a series, a few hundred at most; any other event itself."""
        recurrence = event.get("recurrence")
        if not recurrence:
            yield event
            return
        begins, ends = (datetime.fromisoformat(event[name]["dateTime"]) for name in ("start", "end"))
        for number, day in zip(range(300), occurrences(recurrence, begins), strict=False):
            shown = {name: value for name, value in event.items() if name != "recurrence"}
            shown |= {"id": f"{event['id']}.{number}", "seriesMasterId": event["id"], "type": "occurrence"}
            shown["start"] = {**event["start"], "dateTime": day.isoformat()}
            shown["end"] = {**event["end"], "dateTime": (day + (ends - begins)).isoformat()}
            yield shown

    def shown(self, call: Call, event: Record) -> Record:
        """Return an event as in a response: in the zone that the request prefers; all-day events stay dates."""
        prefer = call.request.header("Prefer") or ""
        found = re.search(r'outlook\.timezone="([^"]+)"', prefer)
        wanted = found[1] if found else "UTC"
        made = dict(event)
        for name in ("start", "end"):
            at = datetime.fromisoformat(event[name]["dateTime"])
            if not event["isAllDay"]:
                at = at.replace(tzinfo=zone(event[name]["timeZone"])).astimezone(zone(wanted)).replace(tzinfo=None)
            made[name] = {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": wanted}
        return made

    # ------------------------------------------------------------------------------------- the rest
    def new_calendar(self, call: Call) -> Record:
        id = f"AAMkAGI3{next(self.ids):08d}="
        self.own[id] = call.body["name"]
        return self.calendar(id)

    def calendar(self, id: str) -> Record:
        if id in self.own:
            owner = {"address": ME, "name": "Ada"}
            return {"id": id, "name": self.own[id], "isDefaultCalendar": False, "canEdit": True, "owner": owner}
        if id not in CALENDARS:
            raise refused(404, "ErrorItemNotFound")
        own = id == CALENDARS[0]
        return {"id": id, "name": "Calendar" if own else "Team", "isDefaultCalendar": own, "canEdit": own,
                "owner": {"address": ME if own else "bob@example.com", "name": "Ada" if own else "Bob"}}  # fmt: skip

    def page(self, call: Call, found: Sequence[Record]) -> Record:
        start, size = int(call.query.get("$skip") or 0), call.query.get("$top") or 10
        made: Record = {"value": [self.selected(call, each) for each in found[start : start + size]]}
        if start + size < len(found):
            rest = {name: ",".join(value) if isinstance(value, list) else value for name, value in call.query.items()}
            made["@odata.nextLink"] = f"{SERVER}{call.request.path}?{urlencode({**rest, '$skip': start + size})}"
        return made

    @staticmethod
    def selected(call: Call, record: Record) -> Record:
        names = call.query.get("$select")
        return {name: value for name, value in record.items() if not names or name in names or name == "id"}


def occurrences(recurrence: Record, begins: datetime) -> Iterator[datetime]:
    """Return the starts of a series, by Graph's format of recurrence."""
    pattern, span = recurrence["pattern"], recurrence["range"]
    kind = pattern["type"]
    days = [_WEEKDAYS[name] for name in pattern.get("daysOfWeek") or ()]
    given: dict[str, Any] = {"interval": pattern["interval"], "wkst": _WEEKDAYS[pattern.get("firstDayOfWeek", "sunday")]}
    if kind == "weekly":
        given["byweekday"] = days
    if kind.startswith("relative"):
        given |= {"byweekday": days, "bysetpos": _NUMBERS[pattern.get("index", "first")]}
    if kind.startswith("absolute"):
        given["bymonthday"] = pattern["dayOfMonth"]
    if kind.endswith("Yearly"):
        given["bymonth"] = pattern["month"]
    if span["type"] == "numbered":
        given["count"] = span["numberOfOccurrences"]
    if span["type"] == "endDate":
        given["until"] = datetime.combine(date.fromisoformat(span["endDate"]), datetime.max.time())
    frequency = _FREQUENCIES.get(kind, rrule.MONTHLY if kind.endswith("Monthly") else rrule.YEARLY)
    yield from rrule.rrule(frequency, dtstart=begins, **given)


def store(document: Document) -> Store:
    """Return a store of calendars and files; mail is that of the vendor's emulator."""
    mailbox, mail = Mailbox(document), EmulatedStore("microsoft-graph", document)
    return Store(
        document,
        {**mailbox.handlers(), **microsoft_files.seeded(document).handlers()},
        forget=mailbox.forget,
        otherwise=mail.respond,
    )
