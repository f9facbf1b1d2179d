"""Literals of the Jira Query Language.

A string is in double quotes; in it, `\\` escapes `"` and `\\`, and `\\t`, `\\n` and `\\r` are white space. In quotes, no word is reserved,
a function or a keyword.
Source: https://support.atlassian.com/jira-software-cloud/docs/what-is-advanced-search-in-jira-cloud/ (reserved characters and
words), https://support.atlassian.com/jira-software-cloud/docs/search-syntax-for-text-fields/ (the operator `~`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date as date_
from datetime import datetime, timedelta
from decimal import Decimal

from unified_runtime.adapter_api.query import literals
from unified_runtime.adapter_api.query.errors import UnwritableValue

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_TERMS = re.compile(r'[-+&|!(){}\[\]^~*?:\\"/]')
_EPOCH = datetime(1970, 1, 1)  # naive and in UTC, like the result of `literals.in_utc`
_OPERATORS = re.compile(r"\b(?:AND|OR|NOT)\b")


def text(value: str) -> str:
    """Return a string, for `=`, `!=`, `in`.

    Raises:
        UnwritableValue: it has a control character other than tab and line ends.
    """
    literals.refuse_control(value, "JQL", allowed="\t\n\r")
    return f'"{value.translate(_ESCAPES)}"'


def contains(value: str) -> str:
    """Return a string for `~`: the words are searched for literally, without wildcards and operators.

    The text of such a string is itself a query, so its special characters are escaped before the string is quoted.

    Raises:
        UnwritableValue: it has no letter or digit to search for, or has a control character other than tab and line ends.
    """
    if not any(map(str.isalnum, value)):
        raise UnwritableValue("Jira cannot search for a text without a letter or digit")
    terms = _TERMS.sub(r"\\\g<0>", value)
    return text(_OPERATORS.sub(lambda found: found[0].lower(), terms))


def among(values: Iterable[str]) -> str:
    """Return a list of strings, for `in`.

    Raises:
        UnwritableValue: like `text`.
    """
    return f"({', '.join(map(text, values))})"


def date(value: date_) -> str:
    """Return a date, `"yyyy/MM/dd"`; compared with a date-time it is midnight in the time zone of the account."""
    return f'"{value.year:04}/{value.month:02}/{value.day:02}"'


def date_time(value: datetime) -> str:
    """Return a timestamp, as milliseconds since 1970 in UTC and without quotes.

    The quoted format, `"yyyy/MM/dd HH:mm"`, is in the time zone of the account, which is not known here; a number is unambiguous.

    Raises:
        UnwritableValue: it is naive.
    """
    return str((literals.in_utc(value, "JQL") - _EPOCH) // timedelta(milliseconds=1))


def number(value: int | float | Decimal) -> str:
    """Return a number.

    Raises:
        UnwritableValue: it is not finite.
    """
    return literals.number(value, "JQL")


def boolean(value: bool) -> str:
    """Return `"true"` or `"false"`: JQL has no booleans, and compares boolean custom fields with these strings."""
    return f'"{literals.boolean(value, "JQL")}"'
