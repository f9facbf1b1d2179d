"""What the writers of several languages share."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from decimal import Decimal

from unified_runtime.query.errors import UnwritableValue

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def refuse_control(text: str, language: str, *, allowed: str = "") -> None:
    """Raises:
    UnwritableValue: the text holds a control character (or half a surrogate pair) that is not allowed.
    """
    for found in _CONTROL.finditer(text):
        if found[0] not in allowed:
            raise UnwritableValue(f"a {language} query cannot hold the character U+{ord(found[0]):04X}")


def number(value: int | float | Decimal, language: str) -> str:
    """Plain decimal digits.

    Raises:
        UnwritableValue: it is no finite number, or has more than 400 digits.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise UnwritableValue(f"a {language} query takes a number here, not {type(value).__name__}")
    if isinstance(value, int):
        if value.bit_length() > 1300:
            raise UnwritableValue("this number has more than 400 digits")
        return str(value)
    if not (math.isfinite(value) if isinstance(value, float) else value.is_finite()):
        raise UnwritableValue("infinity and NaN are no numbers to search for")
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not -400 < int(exact.as_tuple().exponent) < 400 or exact.adjusted() > 400:
        raise UnwritableValue("this number has more than 400 digits")
    return format(exact, "f")


def boolean(value: bool, language: str) -> str:
    """`true` or `false`.

    Raises:
        UnwritableValue: it is no truth value.
    """
    if not isinstance(value, bool):
        raise UnwritableValue(f"a {language} query takes true or false here, not {type(value).__name__}")
    return "true" if value else "false"


def moment(value: datetime, language: str) -> datetime:
    """The same moment in UTC, without an offset.

    Raises:
        UnwritableValue: it is naive, or beyond the years 1 to 9999 in UTC.
    """
    if value.tzinfo is None or value.utcoffset() is None:
        raise UnwritableValue(f"a {language} query needs a moment, and a date-time without an offset names none")
    try:
        return value.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        raise UnwritableValue("this date-time lies beyond the years 1 to 9999 in UTC") from None


def rfc3339(value: datetime, language: str) -> str:
    """A moment in UTC, with milliseconds where it has any; what is finer is cut off.

    Raises:
        UnwritableValue: it is naive, or beyond the years 1 to 9999 in UTC.
    """
    utc = moment(value, language)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond >= 1000 else "seconds") + "Z"
