"""Literals of the Jira Query Language.

A string stands in double quotes; in it, `\\` escapes `"`, `\\`, and `t`, `n`, `r` name white space. Quoted, no word is reserved
and nothing is a function or a keyword.
Source: https://support.atlassian.com/jira-software-cloud/docs/what-is-advanced-search-in-jira-cloud/ (reserved characters and
words), https://support.atlassian.com/jira-software-cloud/docs/search-syntax-for-text-fields/ (the operator `~`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date as date_
from datetime import datetime, timedelta
from decimal import Decimal

from unified_runtime.query import literals
from unified_runtime.query.errors import UnwritableValue

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_TERMS = re.compile(r'[-+&|!(){}\[\]^~*?:\\"/]')
_EPOCH = datetime(1970, 1, 1)  # as `literals.moment` has it, in UTC and without saying so
_OPERATORS = re.compile(r"\b(?:AND|OR|NOT)\b")


def text(value: str) -> str:
    """A string, for `=`, `!=`, `in`.

    Raises:
        UnwritableValue: it holds a control character other than tab and line ends.
    """
    literals.refuse_control(value, "JQL", allowed="\t\n\r")
    return f'"{value.translate(_ESCAPES)}"'


def contains(value: str) -> str:
    """A string for `~`: the words are searched for as they are, without wildcards and operators.

    The text of such a string is a query of its own, so what would steer it is escaped before the string is quoted.

    Raises:
        UnwritableValue: it has no letter or digit to search for, or holds a control character other than tab and line ends.
    """
    if not any(map(str.isalnum, value)):
        raise UnwritableValue("Jira cannot search for a text without a letter or digit")
    terms = _TERMS.sub(r"\\\g<0>", value)
    return text(_OPERATORS.sub(lambda found: found[0].lower(), terms))


def among(values: Iterable[str]) -> str:
    """A list of strings, for `in`.

    Raises:
        UnwritableValue: as `text`.
    """
    return f"({', '.join(map(text, values))})"


def date(value: date_) -> str:
    """A day, `"yyyy/MM/dd"`; compared with a date-time it is midnight in the zone of whoever asks."""
    return f'"{value.year:04}/{value.month:02}/{value.day:02}"'


def date_time(value: datetime) -> str:
    """A moment, as milliseconds since 1970 in UTC and without quotes.

    The quoted form, `"yyyy/MM/dd HH:mm"`, is read in the time zone of the account that asks, which is not known here; a number means
    the same everywhere.

    Raises:
        UnwritableValue: it is naive.
    """
    return str((literals.moment(value, "JQL") - _EPOCH) // timedelta(milliseconds=1))


def number(value: int | float | Decimal) -> str:
    """A number.

    Raises:
        UnwritableValue: it is not finite.
    """
    return literals.number(value, "JQL")


def boolean(value: bool) -> str:
    """`"true"` or `"false"`: JQL has no truth values, custom fields that hold them compare with these words."""
    return f'"{literals.boolean(value, "JQL")}"'
