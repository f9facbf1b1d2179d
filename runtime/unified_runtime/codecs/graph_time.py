"""A moment as Microsoft Graph's `dateTimeTimeZone`: a clock's time without an offset, and the zone whose clock it is.

Law: `decode(encode(x)) == x`, for moments on a whole second.

Source: https://learn.microsoft.com/graph/api/resources/datetimetimezone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from unified_runtime.codecs import graph_start

LOSSES: tuple[str, ...] = (
    "encode: what is finer than a second is cut off",
    "encode: the offset is not kept, the moment is written in UTC",
)


def encode(value: datetime) -> dict[str, Any]:
    """The moment by the clock of UTC.

    Raises:
        CodecError: it is naive.
    """
    return graph_start.written(value, None)


def decode(value: Mapping[str, Any]) -> datetime:
    """The moment, in UTC.

    Raises:
        CodecError: it is none.
    """
    return graph_start.moment(value)
