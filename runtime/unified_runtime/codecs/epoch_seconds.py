"""A moment, as seconds since 1970-01-01T00:00:00Z with a fraction (a Slack message's `ts`), reading only.

Reads text (`1503435956.000247`) and numbers; digits finer than a microsecond are cut off.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from unified_runtime.codecs.errors import unreadable

LOSSES: tuple[str, ...] = ("decode: what is finer than a microsecond is cut off",)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS = re.compile(r"-?\d{1,12}(?:\.\d{1,30})?", re.ASCII)


def decode(value: int | float | str) -> datetime:
    """The moment, in UTC.

    Raises:
        CodecError: it is no plain number, or beyond the years 1 to 9999.
    """
    text = value if isinstance(value, str) else repr(value)
    if isinstance(value, bool) or not _SECONDS.fullmatch(text):
        raise unreadable(value, "a number of seconds")
    try:
        return _EPOCH + timedelta(microseconds=int(Decimal(text) * 1_000_000))
    except OverflowError:
        raise unreadable(value, "a moment of the years 1 to 9999") from None
