"""Literals of Google's filters, in which conditions such as `space.name = "spaces/AAAA"` are joined by AND.

A string is in double quotes. A `*` in it may match anything, and APIs differ in how they escape a quote: such characters are not written.
Source: https://google.aip.dev/160
"""

from __future__ import annotations

import re
from datetime import datetime

from unified_runtime.adapter_api.query import literals
from unified_runtime.adapter_api.query.errors import UnwritableValue

_SIGNS = re.compile(r'[\s"\\*]+')


def text(value: str) -> str:
    """Return a string, for comparisons.

    Raises:
        UnwritableValue: it has a quote, a backslash, an asterisk or a control character.
    """
    literals.refuse_control(value, "Google")
    if found := re.search(r'["\\*]', value):
        raise UnwritableValue(f"a Google filter cannot hold the character {found[0]}")
    return f'"{value}"'


def contains(value: str) -> str:
    """Return a phrase that is searched for, without the characters that a string cannot hold.

    Raises:
        UnwritableValue: it has no letter or digit to search for, or has a control character other than white space.
    """
    phrase = _SIGNS.sub(" ", value).strip()
    if not any(map(str.isalnum, phrase)):
        raise UnwritableValue("Google cannot search for a text without a letter or digit")
    return text(phrase)


def date_time(value: datetime) -> str:
    """Return a timestamp in UTC.

    Raises:
        UnwritableValue: it is naive.
    """
    return f'"{literals.rfc3339(value, "Google")}"'
