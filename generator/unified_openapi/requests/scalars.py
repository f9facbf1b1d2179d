"""Values as text: numbers, `true` and `false`, JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from unified_openapi.requests.digits import digits
from unified_openapi.requests.faults import RequestFault

_JSON_ENCODER = msgspec.json.Encoder(decimal_format="number")
"""Writes a decimal number with all its digits: conversion to a double would change some amounts of money."""


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
