"""A share of one (0.25), as a JSON number of percent (25).

Law: `decode(encode(x)) == x`. Only the decimal point moves, so nothing is rounded. `decode` reads a number, or the same as text.
"""

from __future__ import annotations

from decimal import Decimal

from unified_runtime.codecs import decimals

LOSSES: tuple[str, ...] = ()


def encode(value: Decimal) -> Decimal:
    """The share in percent.

    Raises:
        CodecError: it is infinite, not a number, or more than 400 digits long.
    """
    return decimals.encode(_shifted(decimals.encode(value), 2))


def decode(value: Decimal | float | str) -> Decimal:
    """The share of one.

    Raises:
        CodecError: it is no finite number.
    """
    return _shifted(decimals.decode(value), -2)


def _shifted(value: Decimal, places: int) -> Decimal:
    """The value with its decimal point moved. A context's precision does not matter: arithmetic would round to it."""
    sign, digits, exponent = value.as_tuple()
    return Decimal((sign, digits, int(exponent) + places))
