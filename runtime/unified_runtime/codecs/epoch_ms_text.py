"""A moment, as whole milliseconds since 1970-01-01T00:00:00Z in a JSON string (ClickUp, Gmail).

Law: `decode(encode(x)) == x` for moments on a whole millisecond. `decode` reads text, or the same as an integer.
"""

from __future__ import annotations

from datetime import datetime

from unified_runtime.codecs import epoch_ms

LOSSES: tuple[str, ...] = epoch_ms.LOSSES


def encode(value: datetime) -> str:
    """Milliseconds since the epoch, in decimal digits.

    Raises:
        CodecError: the moment is naive.
    """
    return str(epoch_ms.encode(value))


def decode(value: int | str) -> datetime:
    """The moment, in UTC.

    Raises:
        CodecError: it is no whole number, or beyond the years 1 to 9999.
    """
    return epoch_ms.decode(value)
