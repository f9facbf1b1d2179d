"""Functions that the writers of several query languages share."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from decimal import Decimal

from unified_runtime.adapter_api.query.errors import UnwritableValue
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.json_limits import digits

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def refuse_control(text: str, language: str, *, allowed: str = "") -> None:
    """Reject control characters.

    Raises:
        UnwritableValue: the text has a control character (or half a surrogate pair) that is not allowed.
    """
    for found in _CONTROL.finditer(text):
        if found[0] not in allowed:
            raise UnwritableValue(f"a {language} query cannot hold the character U+{ord(found[0]):04X}")


def number(value: int | float | Decimal, language: str) -> str:
    """Return a number in plain decimal digits.

    Raises:
        UnwritableValue: it is not a finite number, or has more than 400 digits.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise UnwritableValue(f"a {language} query accepts a number here, not {type(value).__name__}")
    if not (math.isfinite(value) if isinstance(value, float) else Decimal(value).is_finite()):
        raise UnwritableValue("infinity and NaN cannot be searched for")
    try:
        return digits(Decimal(repr(value)) if isinstance(value, float) else value, "this number")
    except InvalidInput as error:
        raise UnwritableValue(error.message) from None


def boolean(value: bool, language: str) -> str:
    """Return `true` or `false`.

    Raises:
        UnwritableValue: it is not a boolean.
    """
    if not isinstance(value, bool):
        raise UnwritableValue(f"a {language} query accepts true or false here, not {type(value).__name__}")
    return "true" if value else "false"


def in_utc(value: datetime, language: str) -> datetime:
    """Return the same time in UTC, without an offset.

    Raises:
        UnwritableValue: it is naive, or beyond the years 1 to 9999 in UTC.
    """
    if value.tzinfo is None or value.utcoffset() is None:
        raise UnwritableValue(f"a {language} query needs a date-time with a UTC offset")
    try:
        return value.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise UnwritableValue("this date-time lies beyond the years 1 to 9999 in UTC") from None


def rfc3339(value: datetime, language: str) -> str:
    """Return a timestamp in UTC, truncated to milliseconds, which are omitted if they are 0.

    Raises:
        UnwritableValue: it is naive, or beyond the years 1 to 9999 in UTC.
    """
    utc = in_utc(value, language)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond >= 1000 else "seconds") + "Z"
