"""When an event of Microsoft Graph ends: `end`, as its start; of whole days the day after the last.

Law: `decode(encode(x, zone, start)["end"], all_day) == x`, for days, and for moments on a whole second.

Source: https://learn.microsoft.com/graph/api/resources/event.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from unified_runtime.codecs import graph_start

LOSSES: tuple[str, ...] = graph_start.LOSSES


def encode(value: date | datetime, time_zone: str | None, start: date | datetime | None) -> dict[str, Any]:
    """The property of an event that says it.

    Raises:
        CodecError: the moment is naive, there is no such zone, or start and end are not both days or both moments.
    """
    graph_start.both(start, value)
    return {"end": graph_start.written(value, time_zone)}


def decode(value: Mapping[str, Any], all_day: bool | None) -> date | datetime:
    """The day or the moment, in UTC.

    Raises:
        CodecError: it is none.
    """
    return graph_start.decode(value, all_day)
