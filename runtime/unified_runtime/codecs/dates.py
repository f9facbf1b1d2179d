"""A date, as `YYYY-MM-DD` text (RFC 3339 section 5.6 `full-date`).

Law: `decode(encode(x)) == x`. `decode` also reads a date-time and takes its date as written, in whatever zone that was.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from unified_runtime.codecs.errors import unreadable

LOSSES: tuple[str, ...] = ()

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[Tt ].*)?", re.ASCII | re.DOTALL)


def encode(value: date) -> str:
    """`YYYY-MM-DD`."""
    return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()


def decode(value: str) -> date:
    """The date of a text that is one, or begins with one.

    Raises:
        CodecError: it is neither.
    """
    if type(value) is str and len(value) == 10 and value[4] == "-" == value[7]:  # most are, and need no pattern
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # told below
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise unreadable(value, "a date (YYYY-MM-DD)") from None
