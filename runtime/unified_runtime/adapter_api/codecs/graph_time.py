"""Codec of timestamps as Microsoft Graph's `dateTimeTimeZone`: a local time without an offset, and its time zone.

Law: `decode(encode(x)) == x`, for timestamps with whole seconds.

Source: https://learn.microsoft.com/graph/api/resources/datetimetimezone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from unified_runtime.adapter_api.codecs import graph_start

LOSSES: tuple[str, ...] = (
    "encode: what is finer than a second is cut off",
    "encode: the offset is lost, the time is written in UTC",
)


def encode(value: datetime) -> dict[str, Any]:
    """Return the timestamp in UTC as a `dateTimeTimeZone`.

    Raises:
        CodecError: it is naive.
    """
    return graph_start.written(value, None)


def decode(value: Mapping[str, Any]) -> datetime:
    """Return the timestamp, in UTC.

    Raises:
        CodecError: the value is not valid.
    """
    return graph_start.instant(value)
