"""Codec of timestamps as milliseconds since 1970-01-01T00:00:00Z in a JSON string (ClickUp, Gmail).

Law: `decode(encode(x)) == x` for timestamps with whole milliseconds. `decode` also accepts a JSON integer.
"""

from __future__ import annotations

from datetime import datetime

from unified_runtime.adapter_api.codecs import epoch_ms

LOSSES: tuple[str, ...] = epoch_ms.LOSSES


def encode(value: datetime) -> str:
    """Return milliseconds since the epoch, in decimal digits.

    Raises:
        CodecError: the timestamp is naive.
    """
    return str(epoch_ms.encode(value))


def decode(value: int | str) -> datetime:
    """Return the timestamp, in UTC.

    Raises:
        CodecError: it is not an integer, or outside the years 1 to 9999.
    """
    return epoch_ms.decode(value)
