"""Literals of OData 4 (`$filter` of Microsoft Graph).

Source: OData Version 4.01, URL Conventions (section 5.1.1.14) and ABNF construction rules: a quote is doubled, nothing else is
special. The literal is percent-encoded afterwards with the entire query.
"""

from __future__ import annotations

from datetime import date as date_
from datetime import datetime
from decimal import Decimal

from unified_runtime.adapter_api.query import literals


def text(value: str) -> str:
    """Return an `Edm.String` in single quotes.

    Raises:
        UnwritableValue: it has a control character other than tab and line ends.
    """
    literals.refuse_control(value, "OData", allowed="\t\n\r")
    return "'" + value.replace("'", "''") + "'"


def date(value: date_) -> str:
    """Return an `Edm.Date`."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def date_time(value: datetime) -> str:
    """Return an `Edm.DateTimeOffset` in UTC.

    Raises:
        UnwritableValue: it is naive.
    """
    return literals.rfc3339(value, "OData")


def number(value: int | float | Decimal) -> str:
    """Return a number.

    Raises:
        UnwritableValue: it is not finite.
    """
    return literals.number(value, "OData")


def boolean(value: bool) -> str:
    """Return an `Edm.Boolean`."""
    return literals.boolean(value, "OData")
