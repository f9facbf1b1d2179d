"""A decimal number, as a JSON number.

Law: `decode(encode(x)) == x` for numbers of at most 15 significant digits. `decode` reads a number, or the same as text.
"""

from __future__ import annotations

import re
from decimal import Decimal

from unified_runtime.codecs.errors import CodecError, unreadable

LOSSES: tuple[str, ...] = ("encode: a fraction keeps 15 significant digits, as JSON numbers are read as doubles",)

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_LONGEST = 400
"""Digits of an integer that are written out; beyond it, no double holds the value."""


def encode(value: Decimal) -> int | float:
    """An integer where the value is whole, else a double.

    Raises:
        CodecError: it is infinite, not a number, or beyond what a double holds.
    """
    check(value)
    if value.adjusted() < _LONGEST and value == value.to_integral_value():
        return int(value)
    number = float(value)
    if number in (float("inf"), float("-inf")):
        raise CodecError("this number is beyond what a JSON number holds")
    return number


def decode(value: float | str) -> Decimal:
    """The number, with the digits the vendor sent.

    Raises:
        CodecError: it is no finite number.
    """
    text = value if isinstance(value, str) else repr(value)
    if isinstance(value, bool) or len(text) > 2 * _LONGEST + 10 or not _NUMBER.fullmatch(text):
        raise unreadable(value, "a number")
    return Decimal(text)


def check(value: Decimal) -> None:
    """Raises:
    CodecError: the value is infinite or not a number.
    """
    if not value.is_finite():
        raise CodecError("infinity and NaN are no numbers a vendor takes")
