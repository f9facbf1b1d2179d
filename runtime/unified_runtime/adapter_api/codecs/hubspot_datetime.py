"""Codec of timestamps in HubSpot: ISO 8601 in responses, milliseconds since the epoch as a string in the filters of its search.

Law: `decode(encode(x)) == x` for timestamps with whole milliseconds.

Source: https://developers.hubspot.com/docs/api-reference/search/guide.
"""

from __future__ import annotations

from datetime import datetime

from unified_runtime.adapter_api.codecs import datetimes, epoch_ms_text

LOSSES: tuple[str, ...] = epoch_ms_text.LOSSES


def encode(value: datetime) -> str:
    """Return milliseconds since the epoch; negative before it.

    Raises:
        CodecError: the timestamp is naive.
    """
    return epoch_ms_text.encode(value)


def decode(value: str) -> datetime:
    """Return the timestamp, in UTC.

    Raises:
        CodecError: it is neither a date-time nor an integer number of milliseconds.
    """
    digits = isinstance(value, str) and value.removeprefix("-").isdigit()
    return epoch_ms_text.decode(value) if digits else datetimes.decode(value)
