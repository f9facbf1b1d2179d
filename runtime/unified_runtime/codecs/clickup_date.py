"""A whole day in ClickUp, which keeps it as a moment: 4 in the morning of whoever set it, in milliseconds since 1970-01-01T00:00:00Z.

Law: `decode(encode(x)) == x`. That moment lies between 15:00 UTC of the day before (UTC+13) and 14:00 UTC (UTC-10), so nine hours later
it is that day in UTC, whoever set it. A date is written as 10:00 UTC, which is that day in all of these zones; ClickUp moves it to 4 in
the morning.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from unified_runtime.codecs import epoch_ms
from unified_runtime.codecs.errors import unreadable

LOSSES: tuple[str, ...] = (
    "decode: the time of day is not kept",
    "decode: a moment with a time of day is read as the day that it is in UTC+9",
)

_LATER = timedelta(hours=9)
_WRITTEN = time(10, tzinfo=UTC)


def encode(value: date) -> int:
    """10:00 UTC of that date, in milliseconds since the epoch."""
    return epoch_ms.encode(datetime.combine(value, _WRITTEN))


def decode(value: int | str) -> date:
    """The day that the moment stands for.

    Raises:
        CodecError: it is no whole number, or beyond the years 1 to 9999.
    """
    moment = epoch_ms.decode(value)
    try:
        return (moment + _LATER).date()
    except OverflowError:
        raise unreadable(value, "a date of the years 1 to 9999") from None
