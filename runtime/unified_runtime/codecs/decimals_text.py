"""A decimal number, as JSON text.

Law: `decode(encode(x)) == x`. `decode` reads text, or the same as a number.
"""

from __future__ import annotations

from decimal import Decimal

from unified_runtime.codecs import decimals

LOSSES: tuple[str, ...] = ()


def encode(value: Decimal) -> str:
    """All digits, without an exponent.

    Raises:
        CodecError: it is infinite, not a number, or more than 400 digits long.
    """
    return decimals.plain(value)


def decode(value: Decimal | float | str) -> Decimal:
    """The number.

    Raises:
        CodecError: it is no finite number.
    """
    return decimals.decode(value)
