"""A decimal number, as a JSON number.

Law: `decode(encode(x)) == x`. Neither direction goes through a double: a `Decimal` is written with its own digits (`wire.json_bytes`),
and answers are read into `Decimal` from their bytes. `decode` reads a number, or the same as text.
"""

from __future__ import annotations

import re
from decimal import Decimal

from unified_runtime.codecs.errors import CodecError, unreadable

LOSSES: tuple[str, ...] = ()

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_LONGEST = 400
"""Digits before or after the point that are written out."""


def encode(value: Decimal) -> Decimal:
    """The same number, with all its digits written out.

    Raises:
        CodecError: it is infinite, not a number, or more than 400 digits long.
    """
    return Decimal(plain(value))


def decode(value: Decimal | float | str) -> Decimal:
    """The number, with the digits the vendor sent.

    Raises:
        CodecError: it is no finite number.
    """
    text = value if isinstance(value, str) else str(value) if isinstance(value, Decimal) else repr(value)
    if isinstance(value, bool) or len(text) > 2 * _LONGEST + 10 or not _NUMBER.fullmatch(text):
        raise unreadable(value, "a number")
    return Decimal(text)


def plain(value: Decimal) -> str:
    """All digits, without an exponent.

    Raises:
        CodecError: it is infinite, not a number, or more than 400 digits long.
    """
    if not value.is_finite():
        raise CodecError("infinity and NaN are no numbers a vendor takes")
    if value.adjusted() >= _LONGEST or int(value.as_tuple().exponent) < -_LONGEST:
        raise CodecError("this number has more than 400 digits")
    return format(value, "f")
