"""Codec of the end of an event in Microsoft Graph (`end`), like `graph_start`; of an all-day event, the date after the last.

Law: `decode(encode(x, zone, start)["end"], all_day) == x`, for dates, and for timestamps with whole seconds.

Source: https://learn.microsoft.com/graph/api/resources/event.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from unified_runtime.adapter_api.codecs import graph_start

LOSSES: tuple[str, ...] = graph_start.LOSSES


def encode(value: date | datetime, time_zone: str | None, start: date | datetime | None) -> dict[str, Any]:
    """Return the event's property for its end.

    Raises:
        CodecError: the timestamp is naive, the time zone does not exist, or start and end are not both dates or both timestamps.
    """
    graph_start.both(start, value)
    return {"end": graph_start.written(value, time_zone)}


def decode(value: Mapping[str, Any], all_day: bool | None) -> date | datetime:
    """Return the date, or the timestamp in UTC.

    Raises:
        CodecError: the value is not valid.
    """
    return graph_start.decode(value, all_day)
