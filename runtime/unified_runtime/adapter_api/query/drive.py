"""Literals of the `q` of Google Drive's `files.list`.

Source: https://developers.google.com/workspace/drive/api/guides/ref-search-terms: strings are in single quotes, in which `'` and `\\` are
escaped by `\\`; dates are RFC 3339 in such quotes.
"""

from __future__ import annotations

from datetime import date as date_
from datetime import datetime
from decimal import Decimal

from unified_runtime.adapter_api.query import literals


def text(value: str) -> str:
    """Return a string in single quotes.

    Raises:
        UnwritableValue: it has a control character.
    """
    literals.refuse_control(value, "Drive")
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def date(value: date_) -> str:
    """Return midnight UTC of a date: Drive compares timestamps."""
    return f"'{value.year:04}-{value.month:02}-{value.day:02}T00:00:00Z'"


def date_time(value: datetime) -> str:
    """Return a timestamp in UTC.

    Raises:
        UnwritableValue: it is naive.
    """
    return f"'{literals.rfc3339(value, 'Drive')}'"


def number(value: int | float | Decimal) -> str:
    """Return a number.

    Raises:
        UnwritableValue: it is not finite.
    """
    return literals.number(value, "Drive")


def boolean(value: bool) -> str:
    """Return `true` or `false`."""
    return literals.boolean(value, "Drive")
