"""Codec of the recurrence of an event in Microsoft Graph: a pattern and a range, for one rule of RFC 5545.

Law: `decode(encode([rule], start, zone), all_day, zone) == normalize([rule], start, zone)`, which recurs on the same dates; and rules that
were decoded from Graph's objects encode to the same objects again.

Source: https://learn.microsoft.com/graph/api/resources/patternedrecurrence, recurrencepattern, recurrencerange; RFC 5545 section 3.3.10.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from unified_runtime.adapter_api.codecs import rrule, zones
from unified_runtime.adapter_api.codecs.errors import CodecError

LOSSES: tuple[str, ...] = (
    "encode: what a rule leaves to the start (its weekday, its day of the month) is written out",
    "encode: an UNTIL becomes the date of the last occurrence; it is read as the end of that date",
    "encode: on the 29th, 30th and 31st, Graph uses the last day of shorter months, and RFC 5545 leaves them out",
    "decode: a kind of pattern that is not known leaves the event without a rule",
)
NAMES = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_DAY = dict(zip(rrule.DAYS, NAMES, strict=True))
_SHORT = {name: short for short, name in _DAY.items()}
_INDEX = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
_ORDINAL = {name: number for number, name in _INDEX.items()}
_TAKES = {
    "DAILY": frozenset[str](),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS"}),
    "YEARLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"}),
}
_ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})


def encode(value: list[str], start: date | datetime | None, time_zone: str | None) -> dict[str, Any] | None:
    """Return the pattern and its range; None without a rule.

    Raises:
        CodecError: there are several rules, the rule is not valid, Graph cannot represent it, or the event's start is not given.
    """
    if not value:
        return None
    if len(value) > 1 or not value[0].strip().upper().startswith(("RRULE:", "FREQ=")):
        raise rrule.wrong(
            ", ".join(value), "Microsoft Graph keeps one RRULE and no other lines; change or delete single occurrences instead"
        )
    if start is None:
        raise CodecError("recurrence needs the start beside it: Microsoft Graph writes down from which day on a rule holds")
    line, parts = value[0], rrule.parse(value[0])
    shown = start if not isinstance(start, datetime) else start.astimezone(zones.rules(time_zone) if time_zone else UTC)
    frequency = parts["FREQ"]
    beyond = parts.keys() - _ALWAYS - _TAKES.get(frequency, frozenset())
    if frequency not in _TAKES or beyond:
        raise rrule.wrong(line, f"Microsoft Graph cannot repeat by {', '.join(sorted(beyond)) or frequency}")
    pattern = {"interval": int(parts.get("INTERVAL", "1"))} | _pattern(line, parts, shown)
    name = "UTC" if time_zone is None else zones.windows(time_zone)
    return {"pattern": pattern, "range": _range(parts, shown, name)}


def _pattern(line: str, parts: Mapping[str, str], start: date | datetime) -> dict[str, Any]:
    frequency = parts["FREQ"]
    if frequency == "DAILY":
        return {"type": "daily"}
    days = parts.get("BYDAY", "").split(",") if "BYDAY" in parts else []
    if frequency == "WEEKLY":
        if any(len(day) > 2 for day in days):
            raise rrule.wrong(line, "the days of a week have no number")
        own = [_DAY[day] for day in days] or [NAMES[start.isoweekday() % 7]]
        return {"type": "weekly", "daysOfWeek": own, "firstDayOfWeek": _DAY[parts.get("WKST", "MO")]}
    reach = "Monthly" if frequency == "MONTHLY" else "Yearly"
    month = {} if frequency == "MONTHLY" else {"month": _one(line, parts, "BYMONTH", start.month, 12)}
    if not days:
        if "BYSETPOS" in parts:
            raise rrule.wrong(line, "BYSETPOS needs BYDAY")
        return {"type": f"absolute{reach}", "dayOfMonth": _one(line, parts, "BYMONTHDAY", start.day, 31)} | month
    if "BYMONTHDAY" in parts:
        raise rrule.wrong(line, "Microsoft Graph accepts BYDAY or BYMONTHDAY")
    ordinals = {day[:-2].removeprefix("+") for day in days}
    if len(days) == 1 and ordinals != {""} and "BYSETPOS" not in parts:
        number = ordinals.pop()
    elif ordinals == {""} and "BYSETPOS" in parts:
        number = parts["BYSETPOS"].removeprefix("+")
    else:
        raise rrule.wrong(line, "Microsoft Graph accepts one day with its number (BYDAY=-1FR), or days beside one BYSETPOS")
    if number not in _INDEX:
        raise rrule.wrong(line, "Microsoft Graph knows the first to fourth day of a month, and the last")
    return {"type": f"relative{reach}", "daysOfWeek": [_DAY[day[-2:]] for day in days], "index": _INDEX[number]} | month


def _one(line: str, parts: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = parts.get(name, str(default))
    if not text.removeprefix("+").isdigit() or not 1 <= int(text) <= most:
        raise rrule.wrong(line, f"Microsoft Graph accepts one {name} from 1 to {most}")
    return int(text)


def _range(parts: Mapping[str, str], start: date | datetime, name: str) -> dict[str, Any]:
    first = start.date() if isinstance(start, datetime) else start
    made: dict[str, Any] = {"startDate": first.isoformat(), "recurrenceTimeZone": name}
    if "COUNT" in parts:
        return made | {"type": "numbered", "numberOfOccurrences": int(parts["COUNT"])}
    if "UNTIL" not in parts:
        return made | {"type": "noEnd"}
    return made | {"type": "endDate", "endDate": max(first, _last_day(parts["UNTIL"], start)).isoformat()}


def _last_day(until: str, start: date | datetime) -> date:
    """Return the last date on which an occurrence may begin."""
    try:
        day = date(int(until[:4]), int(until[4:6]), int(until[6:8]))
        at = time(int(until[9:11]), int(until[11:13]), min(int(until[13:15]), 59)) if len(until) > 8 else None
    except ValueError:
        raise CodecError(f"recurrence: UNTIL={until} is not a date") from None
    if at is None or not isinstance(start, datetime):
        return day
    ends = datetime.combine(day, at, UTC).astimezone(start.tzinfo) if until.endswith("Z") else datetime.combine(day, at)
    return ends.date() if ends.time() >= start.time().replace(microsecond=0) else ends.date() - timedelta(days=1)


def decode(value: Mapping[str, Any], all_day: bool | None, time_zone: str | None) -> list[str]:
    """Return the rule, as a list of one; an empty list without one."""
    pattern, span = value.get("pattern"), value.get("range")
    if not isinstance(pattern, Mapping) or not isinstance(span, Mapping):
        return []
    kind, days, index = pattern.get("type"), pattern.get("daysOfWeek") or [], pattern.get("index")
    listed = ",".join(_SHORT[day] for day in days if day in _SHORT)
    frequency = {"daily": "DAILY", "weekly": "WEEKLY"}.get(str(kind), str(kind)[len("absolute") :].upper())
    parts = [f"FREQ={frequency}"]
    if (interval := pattern.get("interval")) not in (None, 0, 1):
        parts.append(f"INTERVAL={interval}")
    if kind in ("absoluteYearly", "relativeYearly"):
        parts.append(f"BYMONTH={pattern.get('month')}")
    if kind == "weekly":
        parts.append(f"BYDAY={listed}")
    elif kind in ("absoluteMonthly", "absoluteYearly"):
        parts.append(f"BYMONTHDAY={pattern.get('dayOfMonth')}")
    elif kind in ("relativeMonthly", "relativeYearly"):
        number = _ORDINAL.get(str(index), "1")
        parts += [f"BYDAY={number}{listed}"] if len(days) == 1 else [f"BYDAY={listed}", f"BYSETPOS={number}"]
    elif kind != "daily":
        return []
    if span.get("type") == "numbered":
        parts.append(f"COUNT={span.get('numberOfOccurrences')}")
    elif span.get("type") == "endDate":
        parts.append(f"UNTIL={_until(str(span.get('endDate')), span.get('recurrenceTimeZone') or time_zone, all_day)}")
    if kind == "weekly" and (first := pattern.get("firstDayOfWeek", "sunday")) != "monday":
        parts.append(f"WKST={_SHORT.get(first, 'SU')}")
    return ["RRULE:" + ";".join(parts)]


def _until(day: str, name: str | None, all_day: bool | None) -> str:
    if all_day:
        return day.replace("-", "")
    ends = datetime.combine(date.fromisoformat(day), time(23, 59, 59), zones.zone(name or "UTC") or UTC)
    return f"{ends.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def normalize(value: list[str], start: date | datetime, time_zone: str | None) -> list[str]:
    """Return a rule as it is after writing it and reading it back."""
    made = encode(value, start, time_zone)
    return [] if made is None else decode(made, not isinstance(start, datetime), time_zone)
