"""Codec of dates in ClickUp, which stores 4:00 in the time zone of the user that set the date, in milliseconds since 1970-01-01T00:00:00Z.

Law: `decode(encode(x)) == x`. That time is between 15:00 UTC of the previous date (UTC+13) and 14:00 UTC (UTC-10), so nine hours later it
is that date in UTC, in any of these zones. A date is written as 10:00 UTC, which is that date in all of these zones; ClickUp changes it to
4:00.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from unified_runtime.adapter_api.codecs import epoch_ms
from unified_runtime.adapter_api.codecs.errors import unreadable

LOSSES: tuple[str, ...] = (
    "decode: the time of day is lost",
    "decode: a time is read as its date in UTC+9",
)

_LATER = timedelta(hours=9)
_WRITTEN = time(10, tzinfo=UTC)


def encode(value: date) -> int:
    """Return 10:00 UTC of a date, in milliseconds since the epoch."""
    return epoch_ms.encode(datetime.combine(value, _WRITTEN))


def decode(value: int | str) -> date:
    """Return the date of a ClickUp timestamp.

    Raises:
        CodecError: it is not an integer, or outside the years 1 to 9999.
    """
    instant = epoch_ms.decode(value)
    try:
        return (instant + _LATER).date()
    except OverflowError:
        raise unreadable(value, "a date of the years 1 to 9999") from None
