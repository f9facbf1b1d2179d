"""Codec of the creation time in a MongoDB ObjectId (a Trello id), read-only.

The first four of an ObjectId's twelve bytes are the seconds since 1970-01-01T00:00:00Z (BSON specification).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from unified_runtime.adapter_api.codecs.errors import unreadable

LOSSES: tuple[str, ...] = ("decode: an ObjectId knows whole seconds only",)

_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")


def decode(value: str) -> datetime:
    """Return the timestamp, in UTC.

    Raises:
        CodecError: it is not 24 hexadecimal digits.
    """
    if not isinstance(value, str) or not _OBJECT_ID.fullmatch(value):
        raise unreadable(value, "an ObjectId (24 hexadecimal digits)")
    return datetime.fromtimestamp(int(value[:8], 16), UTC)
