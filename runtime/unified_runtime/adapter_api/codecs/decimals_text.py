"""Codec of decimal numbers as JSON strings.

Law: `decode(encode(x)) == x`. `decode` also accepts a JSON number.
"""

from __future__ import annotations

from decimal import Decimal

from unified_runtime.adapter_api.codecs import decimals

LOSSES: tuple[str, ...] = ()


def encode(value: Decimal) -> str:
    """Return all digits of a number, without an exponent.

    Raises:
        CodecError: it is infinite, not a number, or more than 400 digits long.
    """
    return decimals.plain(value)


def decode(value: Decimal | float | str) -> Decimal:
    """Return the number.

    Raises:
        CodecError: it is not a finite number.
    """
    return decimals.decode(value)
