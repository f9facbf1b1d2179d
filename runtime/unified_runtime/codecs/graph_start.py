"""When an event of Microsoft Graph begins: `start`, a text without an offset beside a time zone, and `isAllDay`.

Law: `decode(y["start"], y["isAllDay"]) == x` for `y = encode(x, zone, end)`, for days, and for moments on a whole second.

Source: https://learn.microsoft.com/graph/api/resources/event, https://learn.microsoft.com/graph/api/resources/datetimetimezone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from unified_runtime.codecs import datetimes, zones
from unified_runtime.codecs.errors import CodecError, unreadable

LOSSES: tuple[str, ...] = (
    "encode: what is finer than a second is cut off",
    "encode: a moment in an hour that the clock shows twice is written in UTC if it is the second one",
)


def encode(value: date | datetime, time_zone: str | None, end: date | datetime | None) -> dict[str, Any]:
    """The properties of an event that say it; a moment is written as the clock in `time_zone` shows it, without one in UTC.

    Raises:
        CodecError: the moment is naive, there is no such zone, or start and end are not both days or both moments.
    """
    both(value, end)
    return {"start": written(value, time_zone), "isAllDay": not isinstance(value, datetime)}


def decode(value: Mapping[str, Any], all_day: bool | None) -> date | datetime:
    """The day or the moment, in UTC.

    Raises:
        CodecError: it is none.
    """
    return _shown(value)[0].date() if all_day else moment(value)


def moment(value: Mapping[str, Any]) -> datetime:
    """The moment of a `dateTimeTimeZone`, in UTC.

    Raises:
        CodecError: it is none.
    """
    shown, zone = _shown(value)
    return shown.replace(tzinfo=zones.zone(zone) or UTC).astimezone(UTC)


def _shown(value: Mapping[str, Any]) -> tuple[datetime, str]:
    """What the clock shows, and the name of its zone."""
    text, name = value.get("dateTime"), value.get("timeZone") or "UTC"
    if not isinstance(text, str) or not isinstance(name, str):
        raise unreadable(text, "a time of Graph")
    return datetimes.decode(text), name


def both(start: date | datetime | None, end: date | datetime | None) -> None:
    """An event keeps once, for both its ends, whether it lasts whole days: one of them alone would change what the other means.

    Raises:
        CodecError: one is not given, or one is a day and the other a moment.
    """
    if start is None or end is None:
        raise CodecError("give start and end: Microsoft Graph keeps for both together whether an event lasts whole days")
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise CodecError("start and end are both days or both date-times")


def written(value: date | datetime, time_zone: str | None) -> dict[str, Any]:
    """A time as Graph's `dateTimeTimeZone`."""
    name = "UTC" if time_zone is None else zones.windows(time_zone)
    if not isinstance(value, datetime):
        return {"dateTime": f"{value.isoformat()}T00:00:00", "timeZone": name}
    moment = datetimes.in_utc(value).replace(microsecond=0)
    shown = moment if time_zone is None else moment.astimezone(zones.rules(time_zone))
    if shown.replace(fold=0).astimezone(UTC) != moment:
        shown, name = moment, "UTC"
    return {"dateTime": shown.replace(tzinfo=None).isoformat(), "timeZone": name}
