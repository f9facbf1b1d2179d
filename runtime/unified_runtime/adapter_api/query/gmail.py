"""Literals of Gmail's search: values of operators, such as `from:ada@example.com` and `after:1893456000`, and phrases in double quotes.

Quotes cannot be escaped inside quotes. In a text to search for they become spaces, like control characters: punctuation has no meaning.
Times are seconds since 1970; a date without time would be one of Pacific Standard Time.
Source: https://support.google.com/mail/answer/7190; https://developers.google.com/workspace/gmail/api/guides/filtering
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from unified_runtime.adapter_api.query import literals
from unified_runtime.adapter_api.query.errors import UnwritableValue

_BARE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+@'/-]*")
_NOTHING = re.compile('["“”\x00-\x1f\x7f-\x9f\u2028\u2029]')


def text(value: str) -> str:
    """Return the value of an operator: an address, a label, a word.

    Raises:
        UnwritableValue: it has other characters than those of addresses and words, which could become syntax.
    """
    if _BARE.fullmatch(value) is None:
        raise UnwritableValue("Gmail searches by addresses and words of letters, digits and . _ + @ ' / -")
    return value


def contains(value: str) -> str:
    """Return a text to search for as a phrase, always in quotes, so that no word of it is an operator.

    Raises:
        UnwritableValue: it has no letter or digit to search for, or half a surrogate pair.
    """
    words = " ".join(_NOTHING.sub(" ", value).split())
    literals.refuse_control(words, "Gmail")
    if not any(map(str.isalnum, words)):
        raise UnwritableValue("Gmail cannot search for a text without a letter or digit")
    return f'"{words}"'


def date_time(value: datetime) -> str:
    """Return seconds since 1970, truncated.

    Raises:
        UnwritableValue: it is naive.
    """
    return str(int(literals.in_utc(value, "Gmail").replace(tzinfo=UTC).timestamp()))
