"""Dates, instants and numbers: laws, formats of vendors, and rejected values."""

from __future__ import annotations

import contextlib
import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from unified_runtime.adapter_api.codecs import (
    clickup_date,
    date_in_datetime,
    dates,
    datetimes,
    decimals,
    decimals_text,
    epoch_date,
    epoch_ms,
    epoch_ms_date,
    epoch_ms_text,
    epoch_seconds,
    google_reminders,
    graph_reminder,
    hubspot_datetime,
    integers_text,
    objectid_time,
    percents,
    web_domain,
)
from unified_runtime.adapter_api.codecs.errors import CodecError
from unified_runtime.core.decoding import decode
from unified_runtime.core.responses import Response
from unified_runtime.core.serialization import json_bytes

LAW = settings(max_examples=200, deadline=None)
MODULES = [
    clickup_date, date_in_datetime, dates, datetimes, decimals, decimals_text, epoch_date, epoch_ms, epoch_ms_date, epoch_ms_text,
    epoch_seconds, hubspot_datetime, objectid_time, percents,
]  # fmt: skip
zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-11))])
instants = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=zones)
milliseconds = instants.map(lambda value: value.replace(microsecond=value.microsecond // 1000 * 1000))


def named(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


# ------------------------------------------------------------------ laws
@pytest.mark.parametrize("codec", [dates, date_in_datetime, clickup_date, epoch_date, epoch_ms_date], ids=named)
@LAW
@given(value=st.dates())
def test_dates_come_back(codec: ModuleType, value: date) -> None:
    assert codec.decode(codec.encode(value)) == value


@pytest.mark.parametrize("codec", [datetimes, epoch_ms, epoch_ms_text, hubspot_datetime], ids=named)
@LAW
@given(value=milliseconds)
def test_instants_come_back_to_the_millisecond(codec: ModuleType, value: datetime) -> None:
    read = codec.decode(codec.encode(value))
    assert read == value
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    ("codec", "finest"),
    [(datetimes, timedelta(milliseconds=1)), (epoch_ms, timedelta(milliseconds=1)), (epoch_seconds, timedelta(seconds=1))],
    ids=["datetimes", "epoch_ms", "epoch_seconds"],
)
@LAW
@given(value=instants)
def test_finer_precision_is_truncated(codec: ModuleType, finest: timedelta, value: datetime) -> None:
    assert timedelta() <= value - codec.decode(codec.encode(value)) < finest


@LAW
@given(st.integers(0, 2**32 - 1))
def test_an_object_id_knows_its_second(second: int) -> None:
    assert objectid_time.decode(f"{second:08x}" + "0123456789abcdef").timestamp() == second


@LAW
@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_decimals_come_back(value: Decimal) -> None:
    try:
        text = decimals_text.encode(value)
    except CodecError:
        assert abs(value.adjusted()) >= 300
        return
    assert decimals_text.decode(text) == value
    assert "e" not in text.lower()


class _Response(Struct):
    amount: Decimal | None = None


def _json_numbers() -> st.SearchStrategy[Decimal]:
    """Generate any amount: up to 60 digits, up to 40 of them after the point."""
    return st.builds(lambda digits, locations: Decimal((0 if digits >= 0 else 1, tuple(map(int, str(abs(digits)))), -locations)),
                     st.integers(-(10**60), 10**60), st.integers(0, 40))  # fmt: skip


@LAW
@given(st.integers())
def test_whole_numbers_as_text_come_back(value: int) -> None:
    try:
        assert integers_text.decode(integers_text.encode(value)) == value
    except CodecError:
        assert abs(value) >= 10**400


@LAW
@given(_json_numbers())
def test_a_decimal_crosses_the_wire_as_a_json_number_with_all_its_digits(value: Decimal) -> None:
    body = json_bytes({"amount": decimals.encode(value)})
    independent = json.loads(body, parse_float=Decimal, parse_int=Decimal)["amount"]  # another parser, which preserves digits
    assert independent == value
    read = decode(Response(200, (), body, ""), _Response).amount
    assert read is not None
    assert decimals.decode(read) == value


@LAW
@given(_json_numbers())
def test_a_share_is_exact_in_percent_and_back(value: Decimal) -> None:
    written = percents.encode(value)
    assert percents.decode(written) == value
    assert Fraction(written) == 100 * Fraction(value)  # exact rational arithmetic
    assert Fraction(percents.decode(value)) == Fraction(value) / 100


# ---------------------------------------------------------------- formats
@pytest.mark.parametrize(
    ("codec", "value", "written"),
    [
        (dates, date(2026, 1, 31), "2026-01-31"),
        (dates, datetime(2026, 1, 31, 23, tzinfo=UTC), "2026-01-31"),
        (date_in_datetime, date(2026, 1, 31), "2026-01-31T12:00:00Z"),
        (datetimes, datetime(2026, 1, 31, 9, tzinfo=timezone(timedelta(hours=2))), "2026-01-31T07:00:00Z"),
        (datetimes, datetime(2026, 1, 31, 9, 0, 0, 120_999, UTC), "2026-01-31T09:00:00.120Z"),
        (clickup_date, date(1970, 1, 2), 122_400_000),
        (epoch_ms, datetime(1970, 1, 1, 0, 0, 1, 5000, UTC), 1005),
        (epoch_ms_text, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), "-1000"),
        (epoch_seconds, datetime(1970, 1, 2, tzinfo=UTC), 86400),
        (epoch_date, date(1970, 1, 2), 86400),
        (epoch_ms_date, date(1969, 12, 31), -86_400_000),
        (decimals, Decimal("12.50"), Decimal("12.50")),
        (decimals, Decimal("1E+2"), Decimal(100)),
        (percents, Decimal("0.125"), Decimal("12.5")),
        (percents, Decimal(1), Decimal(100)),
        (decimals_text, Decimal("12.50"), "12.50"),
        (decimals_text, Decimal("1E+2"), "100"),
    ],
)
def test_forms(codec: ModuleType, value: Any, written: Any) -> None:
    assert codec.encode(value) == written
    assert type(codec.encode(value)) is type(written)


NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z", "2026-01-31T12:00:00.0000000Z", "2026-01-31T12:00:00.0000000009Z",
        "2026-01-31T14:00:00+0200", "2026-01-31T14:00:00+02:00", "2026-01-31T12:00:00", "2026-01-31 12:00:00", "2026-01-31 12:00:00 UTC",
        "2026-01-31 12:00:00 +0000", "2026-01-31t12:00:00z", "2026-01-31T12:00Z", "2026-01-31T12:00:00-00:00", "2026-01-31T11:59:60Z",
        "2026-01-31T12:00:00.000+0000",
    ],
)  # fmt: skip
def test_vendor_formats_of_an_instant(text: str) -> None:
    assert datetimes.decode(text) == NOON


@pytest.mark.parametrize(
    ("codec", "value", "read"),
    [
        (dates, "2026-01-31T23:30:00-11:00", date(2026, 1, 31)),
        (dates, "2026-01-31 00:00:00", date(2026, 1, 31)),
        (date_in_datetime, "2026-01-31T23:30:00-11:00", date(2026, 2, 1)),
        (date_in_datetime, "2026-01-31T00:00:00.000Z", date(2026, 1, 31)),
        (clickup_date, "122400000", date(1970, 1, 2)),
        (epoch_ms, "1769860800000", NOON),
        (epoch_ms_text, 1769860800000, NOON),
        (epoch_seconds, "1769860800.000247", NOON.replace(microsecond=247)),
        (epoch_seconds, 1769860800.5, NOON.replace(microsecond=500_000)),
        (epoch_seconds, 1769860800, NOON),
        (epoch_date, 1769860800, date(2026, 1, 31)),
        (epoch_date, "1769903999.9", date(2026, 1, 31)),
        (epoch_ms_date, "1769860800000", date(2026, 1, 31)),
        (epoch_ms_date, 1769904000000, date(2026, 2, 1)),
        (decimals, "12.50", Decimal("12.50")),
        (decimals, 0.1, Decimal("0.1")),
        (decimals, 1e22, Decimal("1e22")),
        (decimals_text, 7, Decimal(7)),
        (percents, 10, Decimal("0.1")),
        (integers_text, "25.0", 25),
        (integers_text, 25, 25),
        (hubspot_datetime, "2026-01-31T12:00:00.000Z", NOON),
        (hubspot_datetime, "1769860800000", NOON),
        (percents, "33.3", Decimal("0.333")),
        (percents, Decimal("1E+2"), Decimal(1)),
    ],
)
def test_other_accepted_formats(codec: ModuleType, value: Any, read: Any) -> None:
    assert codec.decode(value) == read


@pytest.mark.parametrize("offset", range(-10, 14))
def test_four_in_the_morning_is_that_day_wherever_it_was_set(offset: int) -> None:
    set_at = datetime(2026, 1, 31, 4, tzinfo=timezone(timedelta(hours=offset)))
    assert clickup_date.decode(epoch_ms_text.encode(set_at)) == date(2026, 1, 31)
    written = epoch_ms.decode(clickup_date.encode(date(2026, 1, 31)))
    assert written.astimezone(set_at.tzinfo).date() == date(2026, 1, 31)


# ----------------------------------------------------------- rejected values
@pytest.mark.parametrize("codec", MODULES, ids=named)
@LAW
@given(
    value=st.one_of(
        st.text(max_size=12),
        st.text("0123456789-:.TZ+ eE", max_size=24),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.lists(st.integers(), max_size=2),
    )
)
def test_a_value_of_the_vendor_is_read_or_refused_as_such(codec: ModuleType, value: Any) -> None:
    with contextlib.suppress(CodecError):
        assert isinstance(codec.decode(value), (date, Decimal, int))


@pytest.mark.parametrize("codec", MODULES, ids=named)
@pytest.mark.parametrize("value", ["", "soon", True, [], {"a": 1}, "2026-13-01", "9" * 5000, "٣", "2026-01-32T25:00:00Z", math.nan])
def test_rejected_values(codec: ModuleType, value: Any) -> None:
    with pytest.raises(CodecError) as raised:
        codec.decode(value)
    assert len(str(raised.value)) < 160


@pytest.mark.parametrize("value", ["2026-W05-6", "20260131", "2026-02-30", "2026-1-031", "٢٠٢٦-٠١-٣١"])
def test_invalid_dates_are_rejected(value: str) -> None:
    with pytest.raises(CodecError, match="YYYY-MM-DD"):
        dates.decode(value)


@pytest.mark.parametrize("value", ["25.5", "", "many", True, "1e999", Decimal("0.1")])
def test_invalid_integers_are_rejected(value: Any) -> None:
    with pytest.raises(CodecError):
        integers_text.decode(value)


@pytest.mark.parametrize("codec", [datetimes, epoch_ms, epoch_ms_text, epoch_seconds, hubspot_datetime], ids=named)
def test_a_naive_instant_is_refused(codec: ModuleType) -> None:
    with pytest.raises(CodecError, match="without a UTC offset"):
        codec.encode(datetime(2026, 1, 31))


@pytest.mark.parametrize("codec", [decimals, decimals_text, percents], ids=named)
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999999"])
def test_invalid_numbers_are_rejected(codec: ModuleType, value: str) -> None:
    with pytest.raises(CodecError):
        codec.encode(Decimal(value))


@pytest.mark.parametrize("codec", [datetimes, epoch_ms], ids=named)
def test_an_instant_before_time_is_refused(codec: ModuleType) -> None:
    with pytest.raises(CodecError, match="years 1 to 9999"):
        codec.encode(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=3))))


DOMAINS = st.from_regex(r"[a-z0-9]{1,10}(-[a-z0-9]{1,4})?(\.[a-z]{2,6}){1,3}", fullmatch=True).filter(
    lambda text: not text.startswith("www.")
)


@LAW
@given(DOMAINS)
def test_domains_come_back(domain: str) -> None:
    assert web_domain.decode(web_domain.encode(domain)) == domain
    for address in (f"https://{domain}", f"http://www.{domain}/a?b#c", f"HTTPS://me@{domain.upper()}:8080/", f" {domain}/x "):
        assert web_domain.decode(address) == domain


@LAW
@given(st.text(max_size=40))
def test_any_website_is_read_and_any_domain_written_or_refused(text: str) -> None:
    assert isinstance(web_domain.decode(text), str)
    with contextlib.suppress(CodecError):
        written = web_domain.encode(text)
        assert web_domain.decode(written) == written


@pytest.mark.parametrize(
    "value", ["", "localhost", "https://example.com", "example.com/x", "a b.org", "me@example.com", "a'b.org", "%.com", "x." * 200]
)
def test_invalid_domains_are_not_written(value: str) -> None:
    with pytest.raises(CodecError):
        web_domain.encode(value)


# ------------------------------------------------------------------ reminders
@given(st.integers(0, 40320))
def test_a_reminder_is_read_as_it_was_written(minutes: int) -> None:
    assert google_reminders.decode(google_reminders.encode(minutes)) == minutes
    written = graph_reminder.encode(minutes)
    assert graph_reminder.decode(written["reminderMinutesBeforeStart"], written["isReminderOn"]) == minutes


@pytest.mark.parametrize("value", [{}, {"useDefault": True}, {"overrides": None}, {"overrides": ["x", {"minutes": "5"}, {}]}])
def test_an_event_of_google_without_a_reminder_of_its_own(value: dict[str, Any]) -> None:
    assert google_reminders.decode(value) is None


@pytest.mark.parametrize("on", [False, None])
def test_a_reminder_of_outlook_that_is_switched_off(on: bool | None) -> None:
    assert graph_reminder.decode(15, on) is None
