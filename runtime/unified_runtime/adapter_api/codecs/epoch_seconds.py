"""Codec of timestamps as seconds since 1970-01-01T00:00:00Z (Stripe's `created`, a Slack message's `ts`).

Law: `decode(encode(x)) == x` for timestamps with whole seconds. `decode` also accepts fractions, and strings (`1503435956.000247`).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from unified_runtime.adapter_api.codecs.datetimes import in_utc
from unified_runtime.adapter_api.codecs.errors import unreadable

LOSSES: tuple[str, ...] = (
    "encode: what is finer than a second is cut off",
    "encode: the offset is lost, the time is written in UTC",
    "decode: what is finer than a microsecond is cut off",
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_SECONDS = re.compile(r"-?\d{1,12}(?:\.\d{1,30})?", re.ASCII)


def encode(value: datetime) -> int:
    """Return seconds since the epoch; negative before it.

    Raises:
        CodecError: the timestamp is naive.
    """
    return (in_utc(value) - _EPOCH) // _SECOND


def decode(value: int | float | str) -> datetime:
    """Return the timestamp, in UTC.

    Raises:
        CodecError: it is not a plain number, or outside the years 1 to 9999.
    """
    text = value if isinstance(value, str) else repr(value)
    if isinstance(value, bool) or not _SECONDS.fullmatch(text):
        raise unreadable(value, "a number of seconds")
    try:
        return _EPOCH + timedelta(microseconds=int(Decimal(text) * 1_000_000))
    except OverflowError:
        raise unreadable(value, "a time in the years 1 to 9999") from None
