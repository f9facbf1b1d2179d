"""Round trips of events, with the vendor's complete document and a store that is independent of mappings.

A field that loses information has a law that describes the loss. Times have no such law: times and dates are exact.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.inputs import inputs_of, write_all
from tests.conformance.test_requests import EXAMPLES
from tests.conformance.test_round_trips import _fields, _reported
from tests.support.accounts import account_of, client, offers, required
from tests.support.complete_documents import VENDORS as DOCUMENTED
from tests.support.complete_documents import CompleteDocument
from tests.support.stores import store_of, stored
from unified import calendars, events, free_busy
from unified_runtime import Client, Conflict, InvalidInput, NotFound, Rejected, StaleCursor, VendorProtocolError, using
from unified_runtime.adapter_api.codecs import graph_recurrence, graph_zone, html
from unified_runtime.core.operations import UNSET

VENDORS = stored((vendor for vendor in events.create.vendors if vendor in DOCUMENTED), __name__)
EXACT = {"start", "end", "all_day"}
NINE = datetime(2030, 5, 6, 9, tzinfo=UTC)


def _people(values: Any, _: Any) -> Any:
    """Guests are required by default, and guests without a response have yet to respond."""
    return [each.model_copy(update={"optional": bool(each.optional), "response": each.response or "pending"}) for each in values]


def _unanswered(values: Any, _: Any) -> Any:
    """Graph: only guests can set their response."""
    return [each.model_copy(update={"optional": bool(each.optional), "response": "pending"}) for each in values]


def _rule(value: Any, written: dict[str, Any]) -> Any:
    """Graph: a rule is written out, beginning with its start."""
    return graph_recurrence.normalize(value, written["start"], written["time_zone"])


LAWS: dict[tuple[str, str], Callable[[Any, dict[str, Any]], Any]] = {
    ("google-calendar", "attendees"): _people,
    ("google-calendar", "location"): lambda value, _: value or None,
    **{(vendor, "description"): lambda value, _: html.normalize(value) for vendor in ("google-calendar", "microsoft-graph")},
    ("microsoft-graph", "attendees"): _unanswered,
    ("microsoft-graph", "recurrence"): _rule,
    ("microsoft-graph", "time_zone"): lambda value, _: graph_zone.normalize(value),
}
FOLLOWS: dict[str, frozenset[str]] = {"microsoft-graph": frozenset({"time_zone"})}
"""Fields that a vendor derives from others: Graph stores the zone of an event with its start."""
assert not EXACT & {name for _, name in LAWS}, "no law may excuse a time"


def _check(vendor: str, written: dict[str, Any], read: Any, fields: frozenset[str]) -> None:
    for name in written.keys() & fields:
        value = written[name]
        if name == "visibility" and value is None:
            assert read.visibility == "default"
        elif value is None or value == []:
            assert not getattr(read, name), name
        elif value is not UNSET:
            law = LAWS.get((vendor, name))
            stored = value if law is None else law(value, written)
            assert getattr(read, name) == stored or (stored == "" and getattr(read, name) is None), (name, value, getattr(read, name))


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_created_record_reads_as_it_was_written(vendor: str, document: CompleteDocument) -> None:
    fields = _fields(vendor, "events", "create")
    stores = [store_of(vendor, document.served)]
    made, _ = client(vendor, lambda request: stores[-1].respond(request))
    seen: set[str] = set()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs_of(events.create, account_of(vendor), [], required(vendor, events.create), wild=False))
    def any_event(values: dict[str, Any]) -> None:
        stores[:] = [store_of(vendor, document.served)]
        with using(made):
            created, written = _reported(made, events.create, values)
            assert stores[-1].refused == []
            if created is None:
                return
            given = {name: value for name, value in written.items() if value is not None}  # on create None is "not given"
            _check(vendor, given, created, fields)
            assert created.all_day == (not isinstance(given["start"], datetime))
            assert events.get(created.id) == created
        seen.update(name for name, value in given.items() if value is not UNSET)

    write_all(any_event, fields, seen, enough=EXAMPLES >= 100)


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_updated_record_reads_as_it_was_written_and_the_rest_stays(vendor: str, document: CompleteDocument) -> None:
    fields = _fields(vendor, "events", "update")
    stores = [store_of(vendor, document.served)]
    made, _ = client(vendor, lambda request: stores[-1].respond(request))
    changes = 0

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        inputs_of(events.create, account_of(vendor), [], required(vendor, events.create), wild=False),
        inputs_of(events.update, account_of(vendor), [], frozenset(), wild=False),
    )
    def any_change(first: dict[str, Any], values: dict[str, Any]) -> None:
        nonlocal changes
        stores[:] = [store_of(vendor, document.served)]
        with using(made):
            before, _ = _reported(made, events.create, first)
            if before is None or before.status == "canceled":
                return
            after, written = _reported(made, events.update, values | {"id": before.id})
            assert stores[-1].refused == []
            if after is None:
                return
            changed = {name for name, value in written.items() if value is not UNSET}
            added, removed = ({each.casefold() for each in written.get(name) or ()} for name in ("add_attendees", "remove_attendees"))
            if added | removed:
                guests = {each.email.casefold(): each for each in before.attendees}
                left = {each.email.casefold(): each for each in after.attendees}
                assert left.keys() == (guests.keys() | added) - removed
                assert all(left[email] == guest for email, guest in guests.items() if email in left)
                changed.add("attendees")
            _check(vendor, written, after, fields)
            for name in type(before).model_fields:
                if name not in changed | {"updated_at", "all_day"} | FOLLOWS.get(vendor, frozenset()):
                    assert getattr(after, name) == getattr(before, name), name
            assert after.all_day == (not isinstance(after.start, datetime))
            assert events.get(before.id) == after
            changes += 1

    any_change()
    assert changes >= EXAMPLES // 8, "too few changes are taken"


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_event_is_moved_from_a_time_to_a_day_and_back(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    with using(made):
        id = events.create(title="Lunch", start=NINE, end=NINE + timedelta(hours=1)).id
        day = date(2030, 5, 6)
        complete = events.update(id, start=day, end=day + timedelta(days=1))
        assert (complete.start, complete.end, complete.all_day) == (day, day + timedelta(days=1), True)
        timed = events.update(id, start=NINE, end=NINE + timedelta(hours=1))
        assert (timed.start, timed.end, timed.all_day) == (NINE, NINE + timedelta(hours=1), False)
    assert store.refused == []


def _summer(made: Client, zone: str) -> str:
    """Create an event at nine in Paris, every day over the change from summer to winter time; return its id."""
    with using(made):
        start = datetime(2030, 10, 25, 7, tzinfo=UTC)
        return events.create(title="Stand-up", start=start, end=start + timedelta(minutes=15), time_zone=zone,
                             recurrence=["RRULE:FREQ=DAILY;COUNT=5"]).id  # fmt: skip


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_recurring_event_keeps_its_local_time(vendor: str, document: CompleteDocument) -> None:
    """Nine o'clock stays nine o'clock when the clocks change, in the zone of the event."""
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    id = _summer(made, "Europe/Paris")
    with using(made):
        found = list(events.list(starts_after=NINE, starts_before=datetime(2030, 12, 1, tzinfo=UTC)))[1:]
        assert [each.start.hour for each in found if isinstance(each.start, datetime)] == [7, 7, 8, 8, 8]
        assert {each.series_id for each in found} == {id}
        assert {each.time_zone for each in found} == {"Europe/Paris"}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_window_of_time_and_a_text_narrow_the_list(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    calendar = account_of(vendor).known["calendars"][1]
    with using(made):
        for number in range(5):
            start = NINE + timedelta(days=number)
            events.create(
                title=f"Day {number}", description="with *tea*", start=start, end=start + timedelta(hours=1), calendar_id=calendar
            )
        days: dict[str, Any] = {"starts_after": NINE + timedelta(days=1), "starts_before": NINE + timedelta(days=3)}
        assert [each.title for each in events.list(calendar_id=calendar, **days)] == ["Day 1", "Day 2"]
        assert [
            each.title for each in events.list(calendar_id=calendar, text="day 4", **{**days, "starts_before": NINE + timedelta(days=9)})
        ] == ["Day 4"]
        result = {each.calendar_id for each in events.list(calendar_id=calendar, **days)}
        assert result == {calendar} or (result == {None} and "calendar_id" not in _fields(vendor, "events", "create"))
        assert [each.title for each in events.list(**{**days, "starts_after": NINE - timedelta(days=1)})] == ["Seeded"]
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=st.integers(0, 120))
def test_a_list_gives_every_event_once(vendor: str, number: int, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    calendar = account_of(vendor).known["calendars"][1]
    window: dict[str, Any] = {"starts_after": NINE, "starts_before": NINE + timedelta(days=2)}
    with using(made):
        created = [
            events.create(
                title=f"Event {n}", start=NINE + timedelta(minutes=n), end=NINE + timedelta(minutes=n + 1), calendar_id=calendar
            ).id
            for n in range(number)
        ]
        for limit in (None, 7):
            assert [one.id for one in events.list(limit=limit, calendar_id=calendar, **window)] == created
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_deleted_record_is_gone(vendor: str, document: CompleteDocument) -> None:
    """Google's `get` still returns deleted events, as canceled ones."""
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    (id,) = account_of(vendor).known["events"]
    window: dict[str, Any] = {"starts_after": NINE - timedelta(days=1), "starts_before": NINE + timedelta(days=1)}
    with using(made):
        assert [one.id for one in events.list(**window, calendar_id=account_of(vendor).known["calendars"][0])] == [id]
        events.delete(id)
        try:
            assert events.get(id).status == "canceled"
        except NotFound:
            assert vendor != "google-calendar"
        assert list(events.list(**window)) == []
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_canceled_event_is_gone_and_only_its_organizer_cancels_it(vendor: str, document: CompleteDocument) -> None:
    """Google lets a guest delete their own copy."""
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    (invited,) = account_of(vendor).known["events"]
    window: dict[str, Any] = {"starts_after": NINE + timedelta(days=2), "starts_before": NINE + timedelta(days=4)}
    with using(made):
        start = NINE + timedelta(days=3)
        id = events.create(title="Review", start=start, end=start + timedelta(hours=1)).id
        assert [one.id for one in events.list(**window)] == [id]
        events.cancel(id)
        assert list(events.list(**window)) == []
        if vendor == "microsoft-graph":
            with pytest.raises(Rejected, match="organizer"):
                events.cancel(invited)
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("start", ["tomorrow at 9", "2030-05-06T09:00:00", "06/05/2030", "20300506", 1904288400, "2030-13-06"])
def test_a_time_that_is_none_is_refused_with_the_right_form(vendor: str, start: Any, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    with using(made), pytest.raises(InvalidInput, match=r"\d{4}-\d{2}-\d{2}T09:00:00([+-]\d{2}:\d{2}|Z)") as refused:
        events.create(title="Lunch", start=start, end=NINE)
    assert refused.value.fields.keys() == {"start"}
    with using(made), pytest.raises(InvalidInput, match=r"2030-05-06T09:00:00Z or 2030-05-06T09:00:00\+01:00, not only a date"):
        list(events.list(starts_after="2030-05-06"))  # type: ignore[arg-type]
    assert wire.sent == []


RESPONDING = [vendor for vendor in VENDORS if offers(vendor, events.respond)]
CHANGING = [vendor for vendor in VENDORS if offers(vendor, events.changes)]


@pytest.mark.parametrize("vendor", RESPONDING)
@pytest.mark.parametrize("response", ["accepted", "tentative", "declined"])
def test_a_response_to_an_invitation_changes_no_other_guest(vendor: str, response: Any, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    (id,) = account_of(vendor).known["events"]
    with using(made):
        before = {each.email: each.response for each in events.get(id).attendees}
        assert sorted(before.values(), key=str) == ["accepted", "pending"]
        responses = events.respond(id, response=response, comment="See you")
        after = {each.email: each.response for each in responses.attendees}
        (mine,) = {email for email, result in before.items() if result == "pending"}
        assert after == {**before, mine: response}
    assert store.refused == []


@pytest.mark.parametrize("vendor", RESPONDING)
def test_a_user_that_is_not_invited_cannot_respond(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    with using(made):
        id = events.create(title="Alone", start=NINE, end=NINE + timedelta(hours=1)).id
        with pytest.raises((Conflict, Rejected)):
            events.respond(id, response="accepted")


def _followed(cursor: str | None, limit: int, **inputs: Any) -> tuple[set[str], set[str], str]:
    """Return the ids that changed, those that were deleted, and the cursor of later changes; over all pages."""
    there: set[str] = set()
    gone: set[str] = set()
    sync = None
    for page in events.changes(cursor=cursor, limit=limit, **inputs).pages():
        assert sync is None, "only the last page has the cursor for later changes"
        there |= {one.id for one in page.items}
        gone |= {*page.removed}
        sync = page.sync
    assert sync is not None
    return there, gone, sync


@pytest.mark.parametrize("vendor", CHANGING)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), limit=st.integers(1, 9))
def test_a_cursor_returns_the_changes(vendor: str, data: st.DataObject, limit: int, document: CompleteDocument) -> None:
    """A copy that follows the cursor equals the calendar, for any changes in between."""
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    inputs = {name: {"starts_after": NINE - timedelta(days=1), "starts_before": NINE + timedelta(days=9)}[name]
              for name in required(vendor, events.changes)}  # fmt: skip
    with using(made):
        start, _, cursor = _followed(None, limit, **inputs)
        copy, real = set(start), set(start)
        for _ in range(data.draw(st.integers(1, 3))):
            made_now = {
                events.create(title=f"New {n}", start=NINE, end=NINE + timedelta(hours=1)).id for n in range(data.draw(st.integers(0, 12)))
            }
            lost = set(data.draw(st.lists(st.sampled_from(sorted(real)), max_size=4, unique=True))) if real else set()
            for id in lost:
                events.delete(id)
            changed = set(data.draw(st.lists(st.sampled_from(sorted(real - lost)), max_size=3, unique=True))) if real - lost else set()
            for id in changed:
                events.update(id, title="Changed")
            real = (real | made_now) - lost
            there, gone, cursor = _followed(cursor, limit, **inputs)
            assert (there, gone) == (made_now | changed, lost)
            copy = (copy | there) - gone
            assert copy == real
        assert _followed(cursor, limit, **inputs)[:2] == (set(), set())


@pytest.mark.parametrize("vendor", CHANGING)
def test_an_expired_cursor_requires_a_new_start(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    inputs = {name: {"starts_after": NINE - timedelta(days=1), "starts_before": NINE + timedelta(days=9)}[name]
              for name in required(vendor, events.changes)}  # fmt: skip
    with using(made):
        all_there, _, cursor = _followed(None, 50, **inputs)
        store.forget()
        with pytest.raises(StaleCursor, match="start over without one") as stale:
            list(events.changes(cursor=cursor, **inputs))
        assert stale.value.status == 410
        assert stale.value.vendor == vendor
        assert not stale.value.retry_safe
        assert _followed(None, 50, **inputs)[0] == all_there
        wire.sent.clear()
        with pytest.raises((InvalidInput, VendorProtocolError)):
            list(events.changes(cursor="no such cursor", **inputs))
        assert wire.sent == []


FREE_BUSY = [vendor for vendor in free_busy.list.vendors if vendor in DOCUMENTED]


@pytest.mark.parametrize("vendor", FREE_BUSY)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(spans=st.lists(st.tuples(st.integers(0, 2000), st.integers(5, 300)), max_size=6))
def test_busy_times_are_those_of_events(vendor: str, spans: list[tuple[int, int]], document: CompleteDocument) -> None:
    """Each minute of two days is busy if an event covers it, and free otherwise."""
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    account = account_of(vendor)
    requested = NINE + timedelta(days=10)
    with using(made):
        for start, length in spans:
            begins = requested + timedelta(minutes=start)
            events.create(title="Taken", start=begins, end=begins + timedelta(minutes=length))
        mine = account.known["users"][0]
        result = {
            one.id: one for one in free_busy.list(ids=[mine, "nobody@example.net"], start=requested, end=requested + timedelta(days=2))
        }
        assert set(result) == {mine, "nobody@example.net"}
        assert result["nobody@example.net"].error
        assert result[mine].error is None
        taken = {requested + timedelta(minutes=n) for start, length in spans for n in range(start, start + length)}
        found = {
            busy.start + timedelta(minutes=n) for busy in result[mine].busy if busy.start and busy.end
            for n in range((busy.end - busy.start) // timedelta(minutes=1))
        }  # fmt: skip
        assert found == {minute for minute in taken if minute < requested + timedelta(days=2)}
        starts = [busy.start for busy in result[mine].busy]
        assert starts == sorted(starts, key=lambda at: at or NINE)
    assert store.refused == []


@pytest.mark.parametrize("vendor", [vendor for vendor in calendars.list.vendors if vendor in DOCUMENTED])
def test_calendars_are_listed_and_read(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    with using(made):
        found = list(calendars.list(limit=1))
        assert [one.id for one in found] == list(account_of(vendor).known["calendars"][:2])
        assert [(one.primary, one.writable) for one in found] == [(True, True), (False, False)]
        assert [calendars.get(one.id) for one in found] == found
        with pytest.raises(NotFound):
            calendars.get("nobody@example.net")
    assert store.refused == []
