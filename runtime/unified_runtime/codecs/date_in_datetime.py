"""A date, where the vendor only has a date-time (a Trello card's `due`).

Law: `decode(encode(x)) == x`. A date is written as midnight UTC, and a moment is read as its date in UTC. Both use UTC because
the zone of whoever looks at it is not in the value.
"""

from __future__ import annotations

from datetime import date

from unified_runtime.codecs import dates, datetimes

LOSSES: tuple[str, ...] = (
    "decode: the time of day is not kept",
    "decode: a moment that a person chose in another zone may lie on the neighbouring date in UTC",
)


def encode(value: date) -> str:
    """Midnight UTC of that date, in RFC 3339."""
    return dates.encode(value) + "T00:00:00Z"


def decode(value: str) -> date:
    """The date in UTC of the moment a text names.

    Raises:
        CodecError: it names none.
    """
    return datetimes.decode(value).date()
