"""Dates and date-times as inputs: one unambiguous format each; errors name the right format."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime

from unified_runtime import InvalidInput
from unified_runtime.core.records import Input
from unified_runtime.execution.validation import validate


class Span(Input):
    start: date | AwareDatetime | None = None
    after: AwareDatetime | None = None
    day: date | None = None
    days: list[date] | None = None


def made(**values: Any) -> Any:
    return validate(Span, values, "events.create")


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=11))])))
def test_a_moment_as_text_is_the_moment(instant: datetime) -> None:
    """Includes midnight in UTC, which is not a date."""
    text = instant.isoformat()
    assert made(start=text).start == instant
    assert isinstance(made(start=text).start, datetime)
    assert made(after=text.replace("+00:00", "Z")).after == instant


@given(st.dates())
def test_a_day_as_text_is_the_day(day: date) -> None:
    assert made(start=day.isoformat()).start == day
    assert made(day=day.isoformat(), days=[day]).day == day
    assert not isinstance(made(start=day.isoformat()).start, datetime)


def test_midnight_is_a_moment() -> None:
    assert made(start="2030-05-06T00:00:00Z").start == datetime(2030, 5, 6, tzinfo=UTC)
    assert made(start="2030-05-06t00:00z").start == datetime(2030, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "tomorrow",
        "06/05/2030",
        "20300506",
        "2030-5-6",
        "1904288400",
        1904288400,
        19.5,
        True,
        "2030-05-06T09:00:00",
        "2030-13-06",
        "",
        "2030-05-06T25:00Z",
    ],
)
def test_other_values_are_rejected_with_the_right_format(value: Any) -> None:
    with pytest.raises(InvalidInput, match=r"\d{4}-\d{2}-\d{2}T09:00:00Z") as refused:
        made(start=value, after=value)
    assert refused.value.fields.keys() == {"start", "after"}


def test_date_instead_of_an_instant_is_rejected_with_an_example() -> None:
    for value in ("2030-05-06", date(2030, 5, 6)):
        with pytest.raises(InvalidInput, match="2030-05-06T09:00:00Z or 2030-05-06T09:00:00\\+01:00, not only a date"):
            made(after=value)
    with pytest.raises(InvalidInput, match="so set tzinfo"):
        made(start=datetime(2030, 5, 6, 9))
    with pytest.raises(InvalidInput, match="must be a date, such as 2026-01-31, not 'soon'"):
        made(day="soon")
