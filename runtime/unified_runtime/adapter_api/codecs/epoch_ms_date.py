"""Codec of dates for vendors that store milliseconds since 1970-01-01T00:00:00Z.

Law: `decode(encode(x)) == x`. A date is written as midnight UTC, and a timestamp is read as its date in UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from unified_runtime.adapter_api.codecs import epoch_ms

LOSSES: tuple[str, ...] = (
    "decode: the time of day is lost",
    "decode: a time that was chosen in another zone may be on the neighbouring date in UTC",
)


def encode(value: date) -> int:
    """Return midnight UTC of a date, in milliseconds since the epoch."""
    return epoch_ms.encode(datetime(value.year, value.month, value.day, tzinfo=UTC))


def decode(value: int | str) -> date:
    """Return the date in UTC of a timestamp.

    Raises:
        CodecError: it is not a number of milliseconds, or outside the years 1 to 9999.
    """
    return epoch_ms.decode(value).date()
