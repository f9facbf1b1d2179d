"""Codec of decimal numbers as JSON numbers.

Law: `decode(encode(x)) == x`. Neither direction converts to a double: a `Decimal` is written with all its digits
(`serialization.json_bytes`), and responses are decoded to `Decimal` from their bytes. `decode` also accepts a number as a string.
"""

from __future__ import annotations

import re
from decimal import Decimal

from unified_runtime.adapter_api.codecs.errors import CodecError, unreadable
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.json_limits import MOST_DIGITS, digits

LOSSES: tuple[str, ...] = ()

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


def encode(value: Decimal) -> Decimal:
    """Return the same number, with all its digits written out.

    Raises:
        CodecError: it is infinite, not a number, or more than 400 digits long.
    """
    return Decimal(plain(value))


def decode(value: Decimal | float | str) -> Decimal:
    """Return the number, with the digits that the vendor sent.

    Raises:
        CodecError: it is not a finite number.
    """
    text = value if isinstance(value, str) else str(value) if isinstance(value, Decimal) else repr(value)
    if isinstance(value, bool) or len(text) > 2 * MOST_DIGITS + 10 or not _NUMBER.fullmatch(text):
        raise unreadable(value, "a number")
    return Decimal(text)


def plain(value: Decimal) -> str:
    """Return all digits of a number, without an exponent.

    Raises:
        CodecError: it is infinite, not a number, or more than 400 digits long.
    """
    if not value.is_finite():
        raise CodecError("infinity and NaN are not accepted by vendors")
    try:
        return digits(value, "this number")
    except InvalidInput as error:
        raise CodecError(error.message) from None
