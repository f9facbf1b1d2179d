"""Codec of dates for vendors that only have a date-time (a Trello card's `due`).

Law: `decode(encode(x)) == x`. A date is written as noon UTC, which is that date in every zone from UTC-12 to UTC+11, where a
vendor shows it in the zone of a user. A date-time is read as its date in UTC, because the value does not have that zone.
"""

from __future__ import annotations

from datetime import date

from unified_runtime.adapter_api.codecs import dates, datetimes

LOSSES: tuple[str, ...] = (
    "decode: the time of day is lost",
    "decode: a time that was chosen in another zone may be on the neighbouring date in UTC",
)


def encode(value: date) -> str:
    """Return noon UTC of a date, in RFC 3339."""
    return dates.encode(value) + "T12:00:00Z"


def decode(value: str) -> date:
    """Return the date in UTC of a date-time.

    Raises:
        CodecError: it is not a date-time.
    """
    return datetimes.decode(value).date()
