"""Numbers written with all their digits, up to a limit. This module imports little: query writers need nothing else."""

from __future__ import annotations

from decimal import Decimal

from unified_openapi.requests.faults import RequestFault, TooManyDigits

MOST_DIGITS = 400
"""Maximum digits of a number before or after its point. Written out, `1E+100000000` has 100 million."""

_BEYOND = 10**MOST_DIGITS


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
