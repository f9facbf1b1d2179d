"""Limits on JSON and numbers from callers, vendors and documents: digits of numbers, number of values, and depth."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from unified_openapi.requests import digits as all_digits
from unified_openapi.requests.digits import MOST_DIGITS as MOST_DIGITS
from unified_openapi.requests.faults import RequestFault, TooManyDigits
from unified_runtime.core.errors import InvalidInput


class BeyondBounds(InvalidInput):
    """An input is larger or nested deeper than the limits allow."""


DEEPEST = 64
"""Maximum nesting of lists and maps."""

MOST_VALUES = 20_000
"""Maximum number of values of one argument, at all levels."""

MOST_JSON_VALUES = 100_000
"""Maximum number of values of one request to the broker, at all levels. Commas in strings count too."""


def translated(fault: RequestFault) -> InvalidInput:
    """Return the runtime's error for a value that a request cannot contain."""
    return BeyondBounds(fault.message) if isinstance(fault, TooManyDigits) else InvalidInput(fault.message)


def digits(value: Decimal | int, name: str = "a number") -> str:
    """Return all digits of a number, without an exponent.

    Args:
        value: an integer or decimal number.
        name: name of the number in the error.

    Raises:
        InvalidInput: it is not finite, or has more than 400 digits before or after its point.
    """
    try:
        return all_digits.digits(value, name)
    except RequestFault as fault:
        raise translated(fault) from None


def check_digits(value: Decimal | int, name: str = "a number") -> None:
    """Check the size of a number without writing it out.

    Raises:
        InvalidInput: it is not finite, or has more than 400 digits before or after its point.
    """
    try:
        all_digits.check_digits(value, name)
    except RequestFault as fault:
        raise translated(fault) from None


def check_json(body: bytes, name: str, most: int = MOST_JSON_VALUES) -> None:
    """Check the number of values of a JSON text before it is decoded. Commas in its strings count too.

    Raises:
        BeyondBounds: it may have more than `most` values.
    """
    if len(body) > most and body.count(b",") + body.count(b"{") + body.count(b"[") > most:
        raise BeyondBounds(f"{name} has more than {most:,} JSON values")


def check(value: Any, argument: str, most: int = MOST_VALUES) -> None:
    """Check an argument that may be any JSON: its depth, its number of values, and the digits of its numbers.

    Raises:
        BeyondBounds: it exceeds a limit.
    """
    left = most
    waiting = [(value, 0)]
    while waiting:
        found, depth = waiting.pop()
        left -= 1
        problem = None
        if isinstance(found, (Mapping, list, tuple)):
            if depth >= DEEPEST:
                problem = f"is nested more than {DEEPEST} levels deep"
            elif len(found) > left:
                problem = f"has more than {most:,} values"
            else:
                waiting += [(each, depth + 1) for each in (found.values() if isinstance(found, Mapping) else found)]
        elif isinstance(found, (Decimal, int)):
            try:
                check_digits(found, "a number in it")
            except InvalidInput as error:
                problem = f": {error.message}"
        if left < 0:
            problem = f"has more than {most:,} values"
        if problem is not None:
            raise BeyondBounds(f"{argument} {problem}", fields={argument: problem.removeprefix(": ")})
