"""Values of Redmine's short filters (`updated_on=>=2026-01-31`): an operator, then values that `|` sets apart.

There is no quoting: what would be read as more than one value cannot be written, and is refused.
Source: `Query#add_short_filter` and `Query#validate_query_filters` of Redmine.
"""

from __future__ import annotations

from datetime import date as date_
from datetime import datetime
from decimal import Decimal

from unified_runtime.query import literals
from unified_runtime.query.errors import UnwritableValue


def text(value: str) -> str:
    """One value.

    Raises:
        UnwritableValue: it is blank, or holds `|` or a control character.
    """
    literals.refuse_control(value, "Redmine")
    if "|" in value:
        raise UnwritableValue("a Redmine filter cannot hold the character |, which sets its values apart")
    if not value.strip():
        raise UnwritableValue("a Redmine filter needs a value that is not blank")
    return value


def date(value: date_) -> str:
    """`YYYY-MM-DD`: a day of the zone of whoever asks."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def date_time(value: datetime) -> str:
    """`YYYY-MM-DDThh:mm:ssZ`; what is finer is cut off, Redmine takes no fractions.

    Raises:
        UnwritableValue: it is naive.
    """
    return literals.moment(value, "Redmine").isoformat(timespec="seconds") + "Z"


def number(value: int | float | Decimal) -> str:
    """A number.

    Raises:
        UnwritableValue: it is not finite.
    """
    return literals.number(value, "Redmine")


def boolean(value: bool) -> str:
    """`1` or `0`."""
    return "1" if literals.boolean(value, "Redmine") == "true" else "0"
