"""Codec of the start of an event in Microsoft Graph: `start`, a date-time without an offset and a time zone, and `isAllDay`.

Law: `decode(y["start"], y["isAllDay"]) == x` for `y = encode(x, zone, end)`, for dates, and for timestamps with whole seconds.

Source: https://learn.microsoft.com/graph/api/resources/event, https://learn.microsoft.com/graph/api/resources/datetimetimezone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from unified_runtime.adapter_api.codecs import datetimes, zones
from unified_runtime.adapter_api.codecs.errors import CodecError, unreadable

LOSSES: tuple[str, ...] = (
    "encode: what is finer than a second is cut off",
    "encode: a time in the repeated hour of a clock change is written in UTC if it is the second one",
)


def encode(value: date | datetime, time_zone: str | None, end: date | datetime | None) -> dict[str, Any]:
    """Return the event's properties for its start; a timestamp is written as local time in `time_zone`, or in UTC without one.

    Raises:
        CodecError: the timestamp is naive, the time zone does not exist, or start and end are not both dates or both timestamps.
    """
    both(value, end)
    return {"start": written(value, time_zone), "isAllDay": not isinstance(value, datetime)}


def decode(value: Mapping[str, Any], all_day: bool | None) -> date | datetime:
    """Return the date, or the timestamp in UTC.

    Raises:
        CodecError: the value is not valid.
    """
    return _shown(value)[0].date() if all_day else instant(value)


def instant(value: Mapping[str, Any]) -> datetime:
    """Return the timestamp of a `dateTimeTimeZone`, in UTC.

    Raises:
        CodecError: the value is not valid.
    """
    shown, zone = _shown(value)
    return shown.replace(tzinfo=zones.zone(zone) or UTC).astimezone(UTC)


def _shown(value: Mapping[str, Any]) -> tuple[datetime, str]:
    """Return the local time, and the name of its time zone."""
    text, name = value.get("dateTime"), value.get("timeZone") or "UTC"
    if not isinstance(text, str) or not isinstance(name, str):
        raise unreadable(text, "a time of Graph")
    return datetimes.decode(text), name


def both(start: date | datetime | None, end: date | datetime | None) -> None:
    """Check that start and end are given together: `isAllDay` applies to both, so changing only one could change the meaning of the other.

    Raises:
        CodecError: one is not given, or one is a date and the other a timestamp.
    """
    if start is None or end is None:
        raise CodecError("give start and end: Microsoft Graph keeps for both together whether an event lasts whole days")
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise CodecError("start and end must be both dates or both date-times")


def written(value: date | datetime, time_zone: str | None) -> dict[str, Any]:
    """Return a date or timestamp as Graph's `dateTimeTimeZone`."""
    name = "UTC" if time_zone is None else zones.windows(time_zone)
    if not isinstance(value, datetime):
        return {"dateTime": f"{value.isoformat()}T00:00:00", "timeZone": name}
    instant = datetimes.in_utc(value).replace(microsecond=0)
    shown = instant if time_zone is None else instant.astimezone(zones.rules(time_zone))
    if shown.replace(fold=0).astimezone(UTC) != instant:
        shown, name = instant, "UTC"
    return {"dateTime": shown.replace(tzinfo=None).isoformat(), "timeZone": name}
