"""Values of Redmine's short filters (`updated_on=>=2026-01-31`): an operator, then values separated by `|`.

There is no quoting: a value that would be read as more than one cannot be written, and is rejected.
Source: `Query#add_short_filter` and `Query#validate_query_filters` of Redmine.
"""

from __future__ import annotations

from datetime import date as date_
from datetime import datetime
from decimal import Decimal

from unified_runtime.adapter_api.query import literals
from unified_runtime.adapter_api.query.errors import UnwritableValue


def text(value: str) -> str:
    """Return one value.

    Raises:
        UnwritableValue: it is blank, or has `|` or a control character.
    """
    literals.refuse_control(value, "Redmine")
    if "|" in value:
        raise UnwritableValue("a Redmine filter cannot hold the character |, which separates its values")
    if not value.strip():
        raise UnwritableValue("a Redmine filter needs a value that is not blank")
    return value


def date(value: date_) -> str:
    """Return `YYYY-MM-DD`: a date in the time zone of the account."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def date_time(value: datetime) -> str:
    """Return `YYYY-MM-DDThh:mm:ssZ`, truncated to seconds: Redmine does not accept fractions.

    Raises:
        UnwritableValue: it is naive.
    """
    return literals.in_utc(value, "Redmine").isoformat(timespec="seconds") + "Z"


def number(value: int | float | Decimal) -> str:
    """Return a number.

    Raises:
        UnwritableValue: it is not finite.
    """
    return literals.number(value, "Redmine")


def boolean(value: bool) -> str:
    """Return `1` or `0`."""
    return "1" if literals.boolean(value, "Redmine") == "true" else "0"
