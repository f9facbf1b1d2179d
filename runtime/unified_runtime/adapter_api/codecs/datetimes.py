"""Codec of timestamps as RFC 3339 strings.

Law: `decode(encode(x)) == x` for timestamps with whole milliseconds. `encode` writes UTC (`Z`), with milliseconds if they are not 0.
`decode` accepts the variants that vendors send: `Z`, `+0000`, `+00:00` or ` UTC`, a space for the `T`, fractions of any length (truncated
to microseconds), a leap second (read as the second after it); a string without an offset is read as UTC. It returns UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from unified_runtime.adapter_api.codecs.errors import CodecError, unreadable

LOSSES: tuple[str, ...] = (
    "encode: what is finer than a millisecond is cut off",
    "encode: the offset is lost, the time is written in UTC",
    "decode: the offset is lost, the time is read as UTC",
)

_ODD = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}):(\d{2})([.,]\d+)? ?(?:(UTC|GMT|[Zz])|([+-]\d{2}:?\d{2}))?", re.ASCII)


def encode(value: datetime) -> str:
    """Return a timestamp as RFC 3339 in UTC.

    Raises:
        CodecError: it is naive, and therefore ambiguous.
    """
    instant = in_utc(value)
    text = instant.replace(tzinfo=None).isoformat(timespec="milliseconds" if instant.microsecond >= 1000 else "seconds")
    return text + "Z"


def decode(value: str) -> datetime:
    """Return the timestamp of a string, in UTC.

    Raises:
        CodecError: it is not a timestamp.
    """
    try:
        instant = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return _decode_odd(value)
    if instant.tzinfo is UTC:
        return instant
    try:
        return instant.astimezone(UTC) if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
    except OverflowError:
        raise unreadable(value, "a time in the years 1 to 9999") from None


def _decode_odd(value: object) -> datetime:
    """Decode the variants that `fromisoformat` does not accept."""
    found = _ODD.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise unreadable(value, "a date-time (RFC 3339)")
    day, minute, second, fraction, _, offset = found.groups()
    leap = second == "60"
    text = f"{day}T{minute}:{'59' if leap else second}{(fraction or '') if not leap else ''}{offset or '+00:00'}"
    try:
        instant = datetime.fromisoformat(text).astimezone(UTC)
        return instant + timedelta(seconds=1) if leap else instant
    except (ValueError, OverflowError):
        raise unreadable(value, "a date-time (RFC 3339)") from None


def in_utc(value: datetime) -> datetime:
    """Return the same time in UTC.

    Raises:
        CodecError: it is naive, or outside the years 1 to 9999 in UTC.
    """
    if value.tzinfo is None or value.utcoffset() is None:
        raise CodecError("a date-time without a UTC offset is ambiguous: add a time zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise CodecError("this date-time lies beyond the years 1 to 9999 in UTC") from None
