"""A moment of HubSpot: ISO 8601 in its answers, milliseconds since the epoch as text in what its search compares with.

Law: `decode(encode(x)) == x` for whole milliseconds.

Source: https://developers.hubspot.com/docs/api-reference/search/guide.
"""

from __future__ import annotations

from datetime import datetime

from unified_runtime.codecs import datetimes, epoch_ms_text

LOSSES: tuple[str, ...] = epoch_ms_text.LOSSES


def encode(value: datetime) -> str:
    """Milliseconds since the epoch; negative before it.

    Raises:
        CodecError: the moment is naive.
    """
    return epoch_ms_text.encode(value)


def decode(value: str) -> datetime:
    """The moment, in UTC.

    Raises:
        CodecError: it is neither a date-time nor a whole number of milliseconds.
    """
    digits = isinstance(value, str) and value.removeprefix("-").isdigit()
    return epoch_ms_text.decode(value) if digits else datetimes.decode(value)
