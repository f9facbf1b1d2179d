"""Codec of timestamps as milliseconds since 1970-01-01T00:00:00Z in a JSON integer (HubSpot, ClickUp).

Law: `decode(encode(x)) == x` for timestamps with whole milliseconds. `decode` also accepts the integer as a string.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from unified_runtime.adapter_api.codecs.datetimes import in_utc
from unified_runtime.adapter_api.codecs.errors import unreadable

LOSSES: tuple[str, ...] = (
    "encode: what is finer than a millisecond is cut off",
    "encode: the offset is lost, the time is written in UTC",
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_INTEGER = re.compile(r"-?\d{1,15}", re.ASCII)


def encode(value: datetime) -> int:
    """Return milliseconds since the epoch; negative before it.

    Raises:
        CodecError: the timestamp is naive.
    """
    return (in_utc(value) - _EPOCH) // _MILLISECOND


def decode(value: int | str) -> datetime:
    """Return the timestamp, in UTC.

    Raises:
        CodecError: it is not an integer, or outside the years 1 to 9999.
    """
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise unreadable(value, "a whole number of milliseconds")
    try:
        return _EPOCH + _MILLISECOND * value
    except OverflowError:
        raise unreadable(value, "a time in the years 1 to 9999") from None
