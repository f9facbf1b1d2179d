"""Clauses of Zendesk's search, the `query` of `/api/v2/search/export` and its siblings.

A clause is a property, an operator and a value (`status:open`, `updated>=2026-01-31`); values and words stand bare, or in double quotes
where they hold anything else. Inside the quotes nothing escapes them: a value with a quotation mark cannot be written. In a text that is
searched for the mark means nothing and becomes a blank, as control characters do.
Source: https://support.zendesk.com/hc/en-us/articles/4408886879258 (Zendesk Support search reference).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date as date_
from datetime import datetime
from decimal import Decimal

from unified_runtime.query import literals
from unified_runtime.query.errors import UnwritableValue

_BARE = re.compile(r"[A-Za-z0-9_]+")
_NOTHING = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029]')


def text(value: str) -> str:
    """The value of a property.

    Raises:
        UnwritableValue: it is blank, or holds a quotation mark, a backslash or a control character.
    """
    literals.refuse_control(value, "Zendesk")
    if '"' in value or "\\" in value:
        raise UnwritableValue('a Zendesk query cannot hold the characters " and \\ in a value')
    if not value.strip():
        raise UnwritableValue("a Zendesk query needs a value that is not blank")
    return value if _BARE.fullmatch(value) else f'"{value}"'


def contains(value: str) -> str:
    """A text to search for, its words next to each other; always in quotes, so that none of them is an operator or a property.

    Raises:
        UnwritableValue: it has no letter or digit to search for, or holds half a surrogate pair.
    """
    words = " ".join(_NOTHING.sub(" ", value).split())
    literals.refuse_control(words, "Zendesk")
    if not any(map(str.isalnum, words)):
        raise UnwritableValue("Zendesk cannot search for a text without a letter or digit")
    return f'"{words}"'


def among(values: Iterable[str], clause: str) -> str:
    """One of several values: what stands before the first, such as `status:`, stands before each of the others again.

    Raises:
        UnwritableValue: as `text`.
    """
    return f" {clause}".join(map(text, values))


def date(value: date_) -> str:
    """`YYYY-MM-DD`: a day of the account's time zone."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def date_time(value: datetime) -> str:
    """`YYYY-MM-DDThh:mm:ssZ`; what is finer is cut off.

    Raises:
        UnwritableValue: it is naive.
    """
    return literals.moment(value, "Zendesk").isoformat(timespec="seconds") + "Z"


def number(value: int | float | Decimal) -> str:
    """A number.

    Raises:
        UnwritableValue: it is not finite.
    """
    return literals.number(value, "Zendesk")


def boolean(value: bool) -> str:
    """`true` or `false`."""
    return literals.boolean(value, "Zendesk")
