"""Literals of Zendesk's search: values and words in the `query` of `/api/v2/search/export` and similar operations.

A clause is a property, an operator and a value (`status:open`, `updated>=2026-01-31`); values and words are bare, or in double quotes if
they have other characters. Quotes cannot be escaped inside quotes: a value with a quotation mark cannot be written. In a text to search
for, the mark has no meaning and becomes a space, like control characters.
Source: https://support.zendesk.com/hc/en-us/articles/4408886879258 (Zendesk Support search reference).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date as date_
from datetime import datetime
from decimal import Decimal

from unified_runtime.adapter_api.query import literals
from unified_runtime.adapter_api.query.errors import UnwritableValue

_BARE = re.compile(r"[A-Za-z0-9_]+")
_NOTHING = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029]')


def text(value: str) -> str:
    """Return the value of a property.

    Raises:
        UnwritableValue: it is blank, or has a quotation mark, a backslash or a control character.
    """
    literals.refuse_control(value, "Zendesk")
    if '"' in value or "\\" in value:
        raise UnwritableValue('a Zendesk query cannot hold the characters " and \\ in a value')
    if not value.strip():
        raise UnwritableValue("a Zendesk query needs a value that is not blank")
    return value if _BARE.fullmatch(value) else f'"{value}"'


def contains(value: str) -> str:
    """Return a text to search for as a phrase, always in quotes, so that no word of it is an operator or a property.

    Raises:
        UnwritableValue: it has no letter or digit to search for, or has half a surrogate pair.
    """
    words = " ".join(_NOTHING.sub(" ", value).split())
    literals.refuse_control(words, "Zendesk")
    if not any(map(str.isalnum, words)):
        raise UnwritableValue("Zendesk cannot search for a text without a letter or digit")
    return f'"{words}"'


def among(values: Iterable[str], clause: str) -> str:
    """Return a condition that matches any of several values, by repeating the prefix `clause`, such as `status:`, before all but the first.

    Raises:
        UnwritableValue: like `text`.
    """
    return f" {clause}".join(map(text, values))


def date(value: date_) -> str:
    """Return `YYYY-MM-DD`: a date in the account's time zone."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def date_time(value: datetime) -> str:
    """Return `YYYY-MM-DDThh:mm:ssZ`, truncated to seconds.

    Raises:
        UnwritableValue: it is naive.
    """
    return literals.in_utc(value, "Zendesk").isoformat(timespec="seconds") + "Z"


def number(value: int | float | Decimal) -> str:
    """Return a number.

    Raises:
        UnwritableValue: it is not finite.
    """
    return literals.number(value, "Zendesk")


def boolean(value: bool) -> str:
    """Return `true` or `false`."""
    return literals.boolean(value, "Zendesk")
