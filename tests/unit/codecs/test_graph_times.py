"""Times of Microsoft Graph, over clock changes in both hemispheres; its recurrence, compared with dateutil's reading of RFC 5545."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.stores.microsoft_graph import occurrences
from unified_runtime.adapter_api.codecs import graph_end, graph_recurrence, graph_start, graph_time, graph_zone, rrule, zones
from unified_runtime.adapter_api.codecs.errors import CodecError

ZONES = (
    "Europe/Paris", "Europe/London", "America/New_York", "America/St_Johns", "Africa/Casablanca", "Asia/Kolkata", "UTC",
    "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "America/Santiago", "America/Asuncion", "Pacific/Chatham",
)  # fmt: skip
"""North and south; half hours; a clock that is set back by half an hour, and one that is set back in summer."""


@cache
def turns(name: str) -> tuple[datetime, ...]:
    """Return the hours of twelve years before which the clock is changed."""
    start, zone = datetime(2024, 1, 1, tzinfo=UTC), ZoneInfo(name)
    hours = (start + timedelta(hours=n) for n in range(24 * 366 * 12))
    return tuple(b for a, b in itertools.pairwise(hours) if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset())


@st.composite
def placed(draw: st.DrawFn) -> tuple[datetime, str]:
    """Generate an instant on a full second, mostly within hours of a clock change, and a zone."""
    name = draw(st.sampled_from(ZONES))
    if turns(name) and draw(st.integers(0, 3)):
        return draw(st.sampled_from(turns(name))) + timedelta(seconds=draw(st.integers(-4 * 3600, 4 * 3600))), name
    return draw(st.datetimes(datetime(1980, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))).replace(microsecond=0), name


def test_the_clocks_of_both_hemispheres_are_set_in_the_years_looked_at() -> None:
    assert {name for name in ZONES if not turns(name)} == {"Asia/Kolkata", "UTC"}
    months = {name: {step.month for step in turns(name)} for name in ("Europe/Paris", "Australia/Sydney")}
    assert months == {"Europe/Paris": {3, 10}, "Australia/Sydney": {3, 4, 9, 10}}


@settings(max_examples=500, deadline=None)
@given(placed(), st.sampled_from(ZONES))
def test_a_moment_survives_every_change_of_the_clock(at: tuple[datetime, str], responded: str) -> None:
    """Law of `graph_start` and `graph_end`, for any zone in Graph's response."""
    instant, name = at
    for written, read in ((graph_start.encode(instant, name, instant), "start"), (graph_end.encode(instant, name, instant), "end")):
        time = written[read]
        assert "Z" not in time["dateTime"]
        assert "+" not in time["dateTime"]
        assert graph_start.decode(time, False) == instant
        seen = graph_start.decode(time, None)
        assert isinstance(seen, datetime)
        elsewhere = seen.astimezone(ZoneInfo(responded))
        if elsewhere.replace(fold=0).astimezone(UTC) == instant:  # Graph cannot represent the second of an hour that occurs twice
            shown = {"dateTime": f"{elsewhere:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zones.windows(responded)}
            assert graph_end.decode(shown, False) == instant


@settings(max_examples=300, deadline=None)
@given(placed())
def test_a_moment_is_written_as_the_clock_shows_it(at: tuple[datetime, str]) -> None:
    instant, name = at
    time = graph_start.encode(instant, name, instant)["start"]
    shown = instant.astimezone(zones.rules(name))
    if shown.replace(fold=0).astimezone(UTC) == instant:
        assert (datetime.fromisoformat(time["dateTime"]), time["timeZone"]) == (shown.replace(tzinfo=None), zones.windows(name))
    else:  # the second of an hour that the clock shows twice
        assert time == {"dateTime": instant.replace(tzinfo=None).isoformat(), "timeZone": "UTC"}


@settings(max_examples=300, deadline=None)
@given(placed())
def test_a_single_instant_is_written_in_utc_and_read_in_any_zone(at: tuple[datetime, str]) -> None:
    """Law of `graph_time`."""
    instant, name = at
    written = graph_time.encode(instant.astimezone(ZoneInfo(name)))
    assert written == {"dateTime": instant.replace(tzinfo=None).isoformat(), "timeZone": "UTC"}
    assert graph_time.decode(written) == instant
    there = instant.astimezone(ZoneInfo(name))
    if there.replace(fold=0).astimezone(UTC) == instant:
        assert graph_time.decode({"dateTime": there.replace(tzinfo=None).isoformat(), "timeZone": zones.windows(name)}) == instant
    with pytest.raises(CodecError):
        graph_time.encode(instant.replace(tzinfo=None))
    with pytest.raises(CodecError):
        graph_time.decode({"timeZone": "UTC"})


@given(st.dates(date(1980, 1, 1), date(2100, 1, 1)), st.sampled_from(ZONES) | st.none())
def test_a_day_stays_a_day_in_every_zone(day: date, name: str | None) -> None:
    written = graph_start.encode(day, name, day)
    assert written["isAllDay"] is True
    assert graph_start.decode(written["start"], True) == day
    assert graph_end.decode(graph_end.encode(day, name, day)["end"], True) == day


def test_a_day_and_a_moment_do_not_make_an_event() -> None:
    with pytest.raises(CodecError, match="both dates or both date-times"):
        graph_end.encode(date(2030, 1, 2), None, datetime(2030, 1, 1, tzinfo=UTC))
    with pytest.raises(CodecError, match="give start and end"):
        graph_end.encode(date(2030, 1, 2), None, None)
    with pytest.raises(CodecError, match="Europe/Paris or America/New_York"):
        graph_start.encode(datetime(2030, 1, 1, tzinfo=UTC), "Paris", datetime(2030, 1, 1, tzinfo=UTC))


def test_every_zone_of_windows_has_its_own_iana_zone() -> None:
    for name in ZONES:
        assert graph_zone.normalize(graph_zone.normalize(name)) == graph_zone.normalize(name)
        instant = datetime(2026, 7, 1, tzinfo=UTC)
        assert instant.astimezone(ZoneInfo(name)).utcoffset() == instant.astimezone(zones.rules(name)).utcoffset()
    assert graph_zone.encode("Europe/Paris") == "Romance Standard Time"
    assert graph_zone.decode("tzone://Microsoft/Utc") == "UTC"
    assert graph_zone.decode("tzone://Microsoft/Custom") == "tzone://Microsoft/Custom"
    assert graph_start.decode({"dateTime": "2030-01-01T09:00:00", "timeZone": "tzone://Microsoft/Custom"}, False) == datetime(
        2030, 1, 1, 9, tzinfo=UTC
    )


# ------------------------------------------------------------------------------------------------------------ recurrence
_DAYS = st.lists(st.sampled_from(rrule.DAYS), min_size=1, max_size=4, unique=True)
_NUMBER = st.sampled_from(["1", "+2", "3", "4", "-1"])


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Generate a rule that Graph can store; no day that a month may lack, which Graph moves and RFC 5545 leaves out."""
    month = draw(st.sampled_from([f"BYMONTH={n}" for n in range(1, 13)]))
    days = ",".join(draw(_DAYS))
    by_day = draw(st.sampled_from([f"BYDAY={draw(_NUMBER)}{days[:2]}", f"BYDAY={days};BYSETPOS={draw(_NUMBER)}"]))
    kinds = [
        "DAILY", "WEEKLY", f"WEEKLY;BYDAY={days}", f"WEEKLY;BYDAY={days};WKST={draw(st.sampled_from(rrule.DAYS))}",
        f"MONTHLY;BYMONTHDAY={draw(st.integers(1, 28))}", f"MONTHLY;{by_day}", f"YEARLY;{month};BYMONTHDAY={draw(st.integers(1, 28))}",
        f"YEARLY;{month};{by_day}", "MONTHLY", "YEARLY",
    ]  # fmt: skip
    parts = [draw(st.sampled_from(kinds)), *([f"INTERVAL={draw(st.integers(1, 4))}"] if draw(st.booleans()) else [])]
    ends = draw(
        st.sampled_from(
            [
                "",
                f"COUNT={draw(st.integers(1, 40))}",
                f"UNTIL={draw(st.datetimes(datetime(2030, 6, 1), datetime(2036, 1, 1))):%Y%m%dT%H%M%SZ}",
            ]
        )
    )
    return "RRULE:FREQ=" + ";".join([*parts, *([ends] if ends else [])])


def expected(line: str, begins: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the local starts by dateutil: the rule is expanded by the clock of the zone (RFC 5545 section 3.3.10)."""
    return list(itertools.islice(rrulestr(line, dtstart=begins.replace(tzinfo=zone)), 60))


@settings(max_examples=400, deadline=None)
@given(rules(), st.datetimes(datetime(2030, 1, 1, 1), datetime(2030, 12, 27, 23)), st.sampled_from(ZONES))
def test_a_rule_recurs_as_rfc_5545_states(line: str, at: datetime, name: str) -> None:
    zone = zones.rules(name)
    begins = at.replace(day=min(at.day, 28), second=0, microsecond=0)
    start = begins.replace(tzinfo=zone)
    wanted = expected(line, begins, zone)
    if not wanted or wanted[0] != start or begins.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != begins:
        return  # a start that its rule does not include: RFC 5545 leaves the meaning open
    made = graph_recurrence.encode([line], start, name)
    assert made is not None
    assert list(itertools.islice((day.replace(tzinfo=zone) for day in occurrences(made, begins)), 60)) == wanted
    (again,) = graph_recurrence.decode(made, False, name)
    assert expected(again, begins, zone) == wanted
    assert graph_recurrence.encode([again], start, name) == made
    assert graph_recurrence.normalize([line], start, name) == [again]


@st.composite
def objects(draw: st.DrawFn) -> dict[str, Any]:
    """Return a recurrence as in Graph's responses."""
    days = draw(st.lists(st.sampled_from(graph_recurrence.NAMES), min_size=1, max_size=3, unique=True))
    kind = draw(st.sampled_from(["daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly"]))
    pattern: dict[str, Any] = {"type": kind, "interval": draw(st.integers(1, 99))}
    if kind == "weekly":
        pattern |= {"daysOfWeek": days, "firstDayOfWeek": draw(st.sampled_from(graph_recurrence.NAMES))}
    if kind.startswith("absolute"):
        pattern["dayOfMonth"] = draw(st.integers(1, 31))
    if kind.startswith("relative"):
        pattern |= {"daysOfWeek": days, "index": draw(st.sampled_from(["first", "second", "third", "fourth", "last"]))}
    if kind.endswith("Yearly"):
        pattern["month"] = draw(st.integers(1, 12))
    span: dict[str, Any] = {"startDate": "2030-01-31", "recurrenceTimeZone": "Romance Standard Time"}
    span |= draw(st.sampled_from([
        {"type": "noEnd"}, {"type": "numbered", "numberOfOccurrences": draw(st.integers(1, 999))},
        {"type": "endDate", "endDate": draw(st.dates(date(2030, 1, 31), date(2090, 1, 1))).isoformat()},
    ]))  # fmt: skip
    return {"pattern": pattern, "range": span}


@settings(max_examples=300, deadline=None)
@given(objects(), st.booleans())
def test_supported_recurrences_round_trip(returned: dict[str, Any], all_day: bool) -> None:
    start = date(2030, 1, 31) if all_day else datetime(2030, 1, 31, 9, tzinfo=ZoneInfo("Europe/Paris"))
    lines = graph_recurrence.decode(returned, all_day, "Romance Standard Time")
    assert graph_recurrence.encode(lines, start, "Europe/Paris") == returned
    assert rrulestr(lines[0], dtstart=datetime(2030, 1, 31) if all_day else start)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["RRULE:FREQ=HOURLY"], "cannot repeat by HOURLY"),
        (["RRULE:FREQ=DAILY;BYHOUR=9"], "cannot repeat by BYHOUR"),
        (["RRULE:FREQ=MONTHLY;BYDAY=5MO"], "first to fourth"),
        (["RRULE:FREQ=MONTHLY;BYDAY=MO"], "one day with its number"),
        (["RRULE:FREQ=MONTHLY;BYMONTHDAY=-1"], "one BYMONTHDAY from 1 to 31"),
        (["RRULE:FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=1"], "one BYMONTH from 1 to 12"),
        (["RRULE:FREQ=WEEKLY;BYDAY=1MO"], "have no number"),
        (["RRULE:FREQ=DAILY;COUNT=2;UNTIL=20300101"], "do not stand together"),
        (["RRULE:FREQ=WEEKLY;BYDAY=MONDAY"], "does not belong there"),
        (["every Monday"], "one RRULE and no other lines"),
        (["RRULE:FREQ=DAILY", "EXDATE:20300101T090000Z"], "one RRULE and no other lines"),
        (["RRULE:COUNT=3"], "FREQ is missing"),
    ],
)
def test_a_rule_that_graph_cannot_keep_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(CodecError, match=message):
        graph_recurrence.encode(lines, datetime(2030, 1, 1, 9, tzinfo=UTC), None)


def test_a_rule_needs_its_start() -> None:
    with pytest.raises(CodecError, match="needs the start"):
        graph_recurrence.encode(["RRULE:FREQ=DAILY"], None, None)
    assert graph_recurrence.encode([], None, None) is None
    assert graph_recurrence.decode({"pattern": {"type": "lunar"}, "range": {"type": "noEnd"}}, False, None) == []
