"""A whole number, as JSON text.

Law: `decode(encode(x)) == x`. `decode` reads text, or the same as a number; `25.0` is whole, too.
"""

from __future__ import annotations

from decimal import Decimal

from unified_runtime.codecs import decimals
from unified_runtime.codecs.errors import unreadable

LOSSES: tuple[str, ...] = ()


def encode(value: int) -> str:
    """Its digits."""
    return str(value)


def decode(value: Decimal | float | str) -> int:
    """The number.

    Raises:
        CodecError: it is no whole number, or has more than 400 digits.
    """
    number = decimals.decode(value)
    if number.adjusted() >= 400 or number != number.to_integral_value():
        raise unreadable(value, "a whole number")
    return int(number)
