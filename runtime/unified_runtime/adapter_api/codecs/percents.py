"""Codec of fractions (0.25) as JSON numbers in percent (25).

Law: `decode(encode(x)) == x`. Only the decimal point moves, so nothing is rounded. `decode` also accepts a number as a string.
"""

from __future__ import annotations

from decimal import Decimal

from unified_runtime.adapter_api.codecs import decimals

LOSSES: tuple[str, ...] = ()


def encode(value: Decimal) -> Decimal:
    """Return a fraction in percent.

    Raises:
        CodecError: it is infinite, not a number, or more than 400 digits long.
    """
    return decimals.encode(_shifted(decimals.encode(value), 2))


def decode(value: Decimal | float | str) -> Decimal:
    """Return a percentage as a fraction.

    Raises:
        CodecError: it is not a finite number.
    """
    return _shifted(decimals.decode(value), -2)


def _shifted(value: Decimal, shift: int) -> Decimal:
    """Return the value with its decimal point moved. Unlike arithmetic, this does not round to the precision of the decimal context."""
    sign, digits, exponent = value.as_tuple()
    return Decimal((sign, digits, int(exponent) + shift))
