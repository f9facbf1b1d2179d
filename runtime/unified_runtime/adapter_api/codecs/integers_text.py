"""Codec of integers as JSON strings.

Law: `decode(encode(x)) == x`. `decode` also accepts a JSON number; `25.0` is an integer, too.
"""

from __future__ import annotations

from decimal import Decimal

from unified_runtime.adapter_api.codecs import decimals
from unified_runtime.adapter_api.codecs.errors import unreadable
from unified_runtime.core.json_limits import digits

LOSSES: tuple[str, ...] = ()


def encode(value: int) -> str:
    """Return the digits of a number.

    Raises:
        InvalidInput: it has more than 400 digits.
    """
    return digits(value)


def decode(value: Decimal | float | str) -> int:
    """Return the number.

    Raises:
        CodecError: it is not an integer, or has more than 400 digits.
    """
    number = decimals.decode(value)
    if number.adjusted() >= 400 or number != number.to_integral_value():
        raise unreadable(value, "a whole number")
    return int(number)
