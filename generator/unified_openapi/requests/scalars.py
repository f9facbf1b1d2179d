"""Values as text: numbers with all digits, `true` and `false`, JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from unified_openapi.requests.faults import RequestFault, TooManyDigits

MOST_DIGITS = 400
"""Maximum digits of a number before or after its point. Written out, `1E+100000000` has 100 million."""

_BEYOND = 10**MOST_DIGITS
_JSON_ENCODER = msgspec.json.Encoder(decimal_format="number")
"""Writes a decimal number with all its digits: conversion to a double would change some amounts of money."""


def check_digits(value: Decimal | int, name: str = "a number") -> None:
    """Check the size of a number without writing it out.

    Raises:
        RequestFault: it is not finite.
        TooManyDigits: it has more than 400 digits before or after its point.
    """
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise RequestFault(f"{name} is {value}, which is not a number that can be sent")
        exponent = value.as_tuple().exponent
        fits = isinstance(exponent, int) and -MOST_DIGITS <= exponent < MOST_DIGITS and value.adjusted() < MOST_DIGITS
    else:
        fits = -_BEYOND < value < _BEYOND
    if not fits:
        raise TooManyDigits(f"{name} has more than {MOST_DIGITS} digits; use a shorter number")


def digits(value: Decimal | int, name: str = "a number") -> str:
    """Return all digits of a number, without an exponent.

    Raises:
        RequestFault: it is not finite.
        TooManyDigits: it has more than 400 digits before or after its point.
    """
    check_digits(value, name)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def json_bytes(value: Any) -> bytes:
    """Return the value as JSON.

    Raises:
        RequestFault: it contains a value that JSON cannot represent.
    """
    try:
        return _JSON_ENCODER.encode(value)
    except (TypeError, ValueError, RecursionError) as error:
        reason = str(error)
    raise RequestFault(f"the request's body cannot be written as JSON: {reason}")


def text(value: Any) -> str:
    """Return a value as the text of a parameter or form field; an object or a list is JSON.

    Raises:
        RequestFault: it is not finite, or JSON cannot represent it.
    """
    if type(value) is str:
        return value
    if isinstance(value, (int, Decimal)):
        return ("true" if value else "false") if isinstance(value, bool) else digits(value)
    if isinstance(value, (dict, list, tuple, Mapping)):  # in this order: the check of an abstract class is slow
        return json_bytes(value).decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        raise RequestFault(f"a number is {value}, which is not a number that can be sent")
    return str(value)
