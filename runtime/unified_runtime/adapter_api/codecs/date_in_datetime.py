"""Codec of dates for vendors that only have a date-time (a Trello card's `due`).

Law: `decode(encode(x)) == x`. A date is written as midnight UTC, and a date-time is read as its date in UTC. Both use UTC because the
value does not have the time zone of the user.
"""

from __future__ import annotations

from datetime import date

from unified_runtime.adapter_api.codecs import dates, datetimes

LOSSES: tuple[str, ...] = (
    "decode: the time of day is lost",
    "decode: a time that was chosen in another zone may be on the neighbouring date in UTC",
)


def encode(value: date) -> str:
    """Return midnight UTC of a date, in RFC 3339."""
    return dates.encode(value) + "T00:00:00Z"


def decode(value: str) -> date:
    """Return the date in UTC of a date-time.

    Raises:
        CodecError: it is not a date-time.
    """
    return datetimes.decode(value).date()
