"""Codec of dates as `YYYY-MM-DD` strings (RFC 3339 section 5.6 `full-date`).

Law: `decode(encode(x)) == x`. `decode` also accepts a date-time and returns its date as written, in any time zone.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from unified_runtime.adapter_api.codecs.errors import unreadable

LOSSES: tuple[str, ...] = ()

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[Tt ].*)?", re.ASCII | re.DOTALL)


def encode(value: date) -> str:
    """Return the date as `YYYY-MM-DD`."""
    return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()


def decode(value: str) -> date:
    """Return the date of a string that is a date, or begins with one.

    Raises:
        CodecError: it is neither.
    """
    if type(value) is str and len(value) == 10 and value[4] == "-" == value[7]:  # most values, which need no pattern
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # raised below
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise unreadable(value, "a date (YYYY-MM-DD)") from None
