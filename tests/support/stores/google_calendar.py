"""Google Calendar: calendars of one person, recurring events, responses of guests, free and busy times, sync tokens that expire.

Comments cite facts that the document states only in prose. Its guides:
https://developers.google.com/workspace/calendar/api/guides/recurringevents, /sync, /performance#patch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from tests.support.google_masks import masked, parsed
from tests.support.store import Call, Clock, Document, Handler, Record, Refused, Store, counter

ME = "ada@example.com"
CALENDARS = (ME, "team-0123456789@group.calendar.google.com")
ZONE = "Europe/Berlin"
EMPTY = ("description", "location", "recurrence", "attendees", "visibility")
"""Fields that a response omits if they are empty."""
UNKNOWN = "nobody@example.net"
"""A calendar that may not be read."""
INVITED = "seeded00000000000000000001"
"""An event of another person, who invited one to it."""


def refused(status: int, reason: str, message: str = "no") -> Refused:
    return Refused(status, {"error": {"code": status, "message": message, "errors": [{"domain": "calendar", "reason": reason}]}})


def moment(time: Record) -> datetime:
    """Return the start of a time; a date begins in the zone of the calendar."""
    if "dateTime" in time:
        read = datetime.fromisoformat(time["dateTime"])
        return read if read.tzinfo is not None else read.replace(tzinfo=ZoneInfo(time["timeZone"]))
    return datetime.combine(date.fromisoformat(time["date"]), datetime.min.time(), ZoneInfo(ZONE))


class Calendars:
    """`version` counts changes; `forgotten` is the version up to which sync tokens are too old."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.ids = counter(1)
        self.version = 0
        self.forgotten = 0
        self.events: dict[str, dict[str, Record]] = {name: {} for name in CALENDARS}
        self.versions: dict[str, int] = {}
        self.own: dict[str, Record] = {}
        """Calendars that were created."""
        self.write(
            self.events[ME].setdefault(INVITED, {
                "kind": "calendar#event", "id": INVITED, "status": "confirmed", "created": self.clock.tick(),
                "htmlLink": f"https://www.google.com/calendar/event?eid={INVITED}",
                "organizer": {"email": "bob@example.com", "displayName": "Bob"}, "creator": {"email": "bob@example.com"},
                "conferenceData": {"entryPoints": [
                    {"entryPointType": "phone", "uri": "tel:+1-555-0100"}, {"entryPointType": "video", "uri": "https://meet.example/abc"},
                ]},
            }),
            {
                "summary": "Seeded", "start": {"dateTime": "2030-05-06T09:00:00Z"}, "end": {"dateTime": "2030-05-06T10:00:00Z"},
                "attendees": [{"email": "bob@example.com", "responseStatus": "accepted", "organizer": True}, {"email": ME}],
            },
        )  # fmt: skip

    def handlers(self) -> dict[str, Handler]:
        return {
            "calendar.events.insert": self.insert,
            "calendar.events.get": lambda call: self.answer(call, self.event(call)),
            "calendar.events.patch": self.patch,
            "calendar.events.delete": self.delete,
            "calendar.events.list": self.list,
            "calendar.events.instances": self.series,
            "calendar.events.move": self.move,
            "calendar.calendars.insert": self.new_calendar,
            "calendar.calendarList.list": lambda call: self.answer(
                call, self.page(call, [self.calendar(each) for each in (*CALENDARS, *self.own)])
            ),
            "calendar.calendarList.get": lambda call: self.answer(call, self.calendar(call.path["calendarId"])),
            "calendar.freebusy.query": self.busy,
        }

    def forget(self) -> None:
        """Expire every sync token issued so far."""
        self.version += 1
        self.forgotten = self.version

    # ------------------------------------------------------------------------------------- events
    def of(self, call: Call) -> dict[str, Record]:
        """Return the events of the calendar named; `primary` is the user's own."""
        found = self.events.get(ME if call.path["calendarId"] == "primary" else call.path["calendarId"])
        if found is None:
            raise refused(404, "notFound")
        return found

    def event(self, call: Call) -> Record:
        found = self.of(call).get(call.path["eventId"])
        if found is None:
            raise refused(404, "notFound")
        return found

    def insert(self, call: Call) -> Any:
        id = call.body.get("id") or f"{next(self.ids):026d}"
        if id in self.of(call):
            raise refused(409, "duplicate", "The requested identifier already exists.")
        now = self.clock.tick()
        record: Record = {
            "kind": "calendar#event", "id": id, "status": "confirmed", "created": now, "htmlLink": f"https://www.google.com/calendar/event?eid={id}",
            "organizer": {"email": ME, "displayName": "Ada", "self": True}, "creator": {"email": ME, "self": True},
        }  # fmt: skip
        self.of(call)[id] = self.write(record, call.body)
        return self.answer(call, record)

    def patch(self, call: Call) -> Any:
        record, changes = self.event(call), dict(call.body)
        if record["status"] == "cancelled":
            raise refused(403, "forbidden")
        if changes.pop("attendeesOmitted", False):  # only the response of one person is changed
            (own,) = changes.pop("attendees")
            known = next(each for each in record["attendees"] if each["email"] == own["email"])
            changes["attendees"] = [{**each, **own} if each is known else each for each in record["attendees"]]
        return self.answer(call, self.write(record, merged(record, changes)))

    def write(self, record: Record, body: Record) -> Record:
        """Return the record with the values of a request, if it is a valid event."""
        event = {**record, **body}
        kinds = []
        for name in ("start", "end"):
            time = {key: value for key, value in event[name].items() if value is not None}
            if ("date" in time) == ("dateTime" in time):
                raise refused(400, "invalid", "either date or dateTime")
            if "timeZone" in time and not zone(time["timeZone"]):
                raise refused(400, "invalid", "Invalid time zone definition")
            if event.get("recurrence") and "dateTime" in time and "timeZone" not in time:
                raise refused(400, "required", "Missing time zone definition for start time.")
            kinds.append("date" in time)
            event[name] = time
        if kinds[0] != kinds[1]:
            raise refused(400, "invalid", "Start and end times must either both be date or both be dateTime.")
        if moment(event["end"]) < moment(event["start"]) or (kinds[0] and event["end"]["date"] == event["start"]["date"]):
            raise refused(400, "timeRangeEmpty", "The specified time range is empty.")
        for each in event.get("attendees") or ():
            if not each.get("email"):
                raise refused(400, "required", "Missing attendee email.")
            each.setdefault("responseStatus", "needsAction")
            if each["email"] == ME:
                each["self"] = True
        for name in event.get("recurrence") or ():
            self.rule(name)
        record.clear()
        written = {name: value for name, value in event.items() if value is not None and not (name in EMPTY and not value)}
        self.document.write(record, written, reads=self.document.schema("#/components/schemas/Event"), becomes={})
        record["updated"] = self.clock.tick()
        self.version += 1
        self.versions[record["id"]] = self.version
        return record

    @staticmethod
    def rule(line: str) -> None:
        name, _, value = line.partition(":")
        if name.partition(";")[0] not in ("RRULE", "EXRULE", "RDATE", "EXDATE") or not value:
            raise refused(400, "invalid", "Invalid recurrence rule.")
        if name == "RRULE":
            try:
                rrulestr(value, dtstart=datetime(2026, 1, 1, tzinfo=UTC) if "Z" in value else datetime(2026, 1, 1))
            except ValueError:
                raise refused(400, "invalid", "Invalid recurrence rule.") from None

    def delete(self, call: Call) -> None:
        record = self.event(call)
        if record["status"] == "cancelled":
            raise refused(410, "deleted", "Resource has been deleted")
        self.version += 1
        self.versions[record["id"]] = self.version
        record |= {"status": "cancelled", "updated": self.clock.tick()}

    def list(self, call: Call) -> Any:
        query = call.query
        known = self.of(call)
        if token := query.get("syncToken"):
            if {"orderBy", "q", "timeMin", "timeMax", "updatedMin", "iCalUID"} & {*query}:
                raise refused(400, "invalid", "not with syncToken")
            if int(token) < self.forgotten:
                raise refused(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.")
            found = [event for event in known.values() if self.versions[event["id"]] > int(token)]
            return self.answer(call, self.page(call, found, sync=True))
        after, before = (datetime.fromisoformat(query[name]) if name in query else None for name in ("timeMin", "timeMax"))
        since = datetime.fromisoformat(query["updatedMin"]) if "updatedMin" in query else None
        found = []
        for event in known.values():
            gone = event["status"] == "cancelled"
            if gone and since is None and not query.get("showDeleted"):
                continue
            if since is not None and datetime.fromisoformat(event["updated"]) < since:
                continue
            if (words := query.get("q")) and not self.holds(event, words):
                continue
            found += self.instances(event) if query.get("singleEvents") else [event]
        found = [
            each for each in found if (after is None or moment(each["end"]) > after) and (before is None or moment(each["start"]) < before)
        ]
        if query.get("orderBy") == "startTime":
            if not query.get("singleEvents"):
                raise refused(400, "badRequest", "The requested ordering is not available for the particular query.")
            found.sort(key=lambda each: moment(each["start"]))
        return self.answer(call, self.page(call, found, sync="orderBy" not in query))

    def series(self, call: Call) -> Any:
        """Return the occurrences of a recurring event; none of any other event."""
        event = self.event(call)
        after, before = (datetime.fromisoformat(call.query[name]) if name in call.query else None for name in ("timeMin", "timeMax"))
        found = [
            each
            for each in (self.instances(event) if event.get("recurrence") else ())
            if (after is None or moment(each["end"]) > after) and (before is None or moment(each["start"]) < before)
        ]
        return self.answer(call, self.page(call, found))

    def move(self, call: Call) -> Any:
        """Move an event; it keeps its id."""
        event, there = self.event(call), self.events.get(ME if call.query["destination"] == "primary" else call.query["destination"])
        if there is None:
            raise refused(404, "notFound")
        del self.of(call)[event["id"]]
        there[event["id"]] = event
        return self.answer(call, event)

    @staticmethod
    def holds(event: Record, words: str) -> bool:
        people = [*(event.get("attendees") or ()), event["organizer"]]
        texts = [event.get(name) or "" for name in ("summary", "description", "location")]
        texts += [each.get(name) or "" for each in people for name in ("displayName", "email")]
        return all(any(word in text.casefold() for text in texts) for word in words.casefold().split())

    @staticmethod
    def instances(event: Record) -> Iterator[Record]:
        """Return a recurring event's occurrences, a few hundred at most; any other event itself."""
        rules = [line for line in event.get("recurrence") or () if line.startswith("RRULE:")]
        if not rules:
            yield event
            return
        start, end = moment(event["start"]), moment(event["end"])
        local = start.astimezone(ZoneInfo(event["start"].get("timeZone", ZONE)))
        recurs = rrulestr(rules[0], dtstart=local.replace(tzinfo=None), ignoretz=True)
        for _, day in zip(range(300), recurs, strict=False):
            begins = day.replace(tzinfo=local.tzinfo)
            shown = {name: value for name, value in event.items() if name != "recurrence"}
            shown["id"], shown["recurringEventId"] = f"{event['id']}_{begins.astimezone(UTC):%Y%m%dT%H%M%SZ}", event["id"]
            if "date" in event["start"]:
                days = date.fromisoformat(event["end"]["date"]) - date.fromisoformat(event["start"]["date"])
                shown["start"], shown["end"] = {"date": day.date().isoformat()}, {"date": (day.date() + days).isoformat()}
            else:
                zone = event["start"]["timeZone"]
                ends = begins.astimezone(UTC) + (end - start)
                shown["start"] = {"dateTime": begins.isoformat(), "timeZone": zone}
                shown["end"] = {"dateTime": ends.astimezone(ZoneInfo(zone)).isoformat(), "timeZone": zone}
            yield shown

    # ------------------------------------------------------------------------------------- the rest
    def new_calendar(self, call: Call) -> Any:
        id = f"c{next(self.ids):026d}@group.calendar.google.com"
        self.own[id] = {"timeZone": ZONE, **call.body, "id": id}
        self.events[id] = {}
        return self.answer(call, {"kind": "calendar#calendar", **self.own[id]})

    def calendar(self, id: str) -> Record:
        if id in self.own:
            return {"kind": "calendar#calendarListEntry", "accessRole": "owner", **self.own[id]}
        if id not in (*CALENDARS, "primary"):
            raise refused(404, "notFound")
        own = id in (ME, "primary")
        more = {"primary": True} if own else {"description": "What the team does"}
        role = "owner" if own else "reader"
        return {"kind": "calendar#calendarListEntry", "id": ME if own else id, "summary": "Ada" if own else "Team", "timeZone": ZONE,
                "accessRole": role, **more}  # fmt: skip

    def busy(self, call: Call) -> Any:
        after, before = (datetime.fromisoformat(call.body[name]) for name in ("timeMin", "timeMax"))
        if before <= after:
            raise refused(400, "timeRangeEmpty")
        result: dict[str, Any] = {}
        for requested in call.body["items"]:
            id = requested["id"]
            known = self.events.get(ME if id == "primary" else id)
            if known is None:
                result[id] = {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
                continue
            times = [
                (max(moment(each["start"]), after), min(moment(each["end"]), before))
                for event in known.values()
                if event["status"] != "cancelled" and event.get("transparency") != "transparent"
                for each in self.instances(event)
            ]
            spans = sorted((a, b) for a, b in times if a < b)
            result[id] = {
                "busy": [{"start": a.astimezone(UTC).isoformat(), "end": b.astimezone(UTC).isoformat()} for a, b in joined(spans)]
            }
        response = {"kind": "calendar#freeBusy", "timeMin": call.body["timeMin"], "timeMax": call.body["timeMax"], "calendars": result}
        return self.answer(call, response)

    def page(self, call: Call, found: Sequence[Record], *, sync: bool = False) -> Record:
        start, size = int(call.query.get("pageToken") or 0), call.query.get("maxResults") or 250
        made: Record = {"kind": "calendar#events" if sync else "calendar#calendarList", "items": [*found][start : start + size]}
        if start + size < len(found):
            made["nextPageToken"] = str(start + size)
        elif sync:
            made["nextSyncToken"] = str(self.version)
        return made

    def answer(self, call: Call, value: Any) -> Any:
        mask = call.query.get("fields")
        return masked(value, parsed(mask)) if mask else value


def zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError):
        return False
    return True


def merged(record: Any, changes: Any) -> Any:
    """Merge JSON: objects by property, anything else replaced; null removes a property."""
    if not isinstance(changes, dict):
        return changes
    known = record if isinstance(record, dict) else {}
    return {**known, **{name: merged(known.get(name), value) for name, value in changes.items()}}


def joined(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Merge spans that overlap or touch."""
    made: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return made


def store(document: Document) -> Store:
    calendars = Calendars(document)
    return Store(document, calendars.handlers(), forget=calendars.forget)
