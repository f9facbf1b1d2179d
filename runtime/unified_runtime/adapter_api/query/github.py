"""Literals of GitHub's search: qualifiers and words in the `q` of `search/issues` and similar operations.

A qualifier is `name:value`; values and words are bare, or in double quotes if they have other characters. Quotes cannot be escaped inside
quotes: a value with a quotation mark cannot be written. In a text to search for, the mark has no meaning, since GitHub ignores
punctuation; there it becomes a space, like control characters.
Source: https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax;
https://docs.github.com/en/rest/search/search (queries have at most 256 characters, operators and qualifiers not counted).
"""

from __future__ import annotations

import re
from datetime import date as date_
from datetime import datetime
from decimal import Decimal

from unified_runtime.adapter_api.query import literals
from unified_runtime.adapter_api.query.errors import UnwritableValue

_BARE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")
_NOTHING = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029]')
_LONGEST = 256


def text(value: str) -> str:
    """Return the value of a qualifier.

    Raises:
        UnwritableValue: it is blank, or has a quotation mark, a backslash or a control character.
    """
    literals.refuse_control(value, "GitHub")
    if '"' in value or "\\" in value:
        raise UnwritableValue('a GitHub query cannot hold the characters " and \\ in a value')
    if not value.strip():
        raise UnwritableValue("a GitHub query needs a value that is not blank")
    return value if _BARE.fullmatch(value) else f'"{value}"'


def contains(value: str) -> str:
    """Return a text to search for as a phrase, always in quotes, so that no word of it is an operator or a qualifier.

    Raises:
        UnwritableValue: it has no letter or digit to search for, more than 256 characters, or half a surrogate pair.
    """
    words = " ".join(_NOTHING.sub(" ", value).split())
    literals.refuse_control(words, "GitHub")
    if not any(map(str.isalnum, value)):
        raise UnwritableValue("GitHub cannot search for a text without a letter or digit")
    if len(words) > _LONGEST:
        raise UnwritableValue(f"GitHub searches for at most {_LONGEST} characters; these are {len(words)}")
    return f'"{words}"'


def date(value: date_) -> str:
    """Return `YYYY-MM-DD`, a date in UTC."""
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def date_time(value: datetime) -> str:
    """Return `YYYY-MM-DDThh:mm:ssZ`, truncated to seconds.

    Raises:
        UnwritableValue: it is naive.
    """
    return literals.in_utc(value, "GitHub").isoformat(timespec="seconds") + "Z"


def number(value: int | float | Decimal) -> str:
    """Return a number.

    Raises:
        UnwritableValue: it is not finite.
    """
    return literals.number(value, "GitHub")


def boolean(value: bool) -> str:
    """Return `true` or `false`."""
    return literals.boolean(value, "GitHub")
