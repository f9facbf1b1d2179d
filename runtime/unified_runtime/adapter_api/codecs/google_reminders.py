"""Codec of the reminder of an event in Google Calendar: minutes before its start. None: those of the calendar are used.

Law: `decode(encode(x)) == x`.

Source: https://developers.google.com/workspace/calendar/api/concepts/reminders
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LOSSES: tuple[str, ...] = (
    "encode: the reminder pops up and replaces the others, also those by mail",
    "decode: of several reminders, the one that is nearest to the start; whether it is a mail",
)


def encode(value: int) -> dict[str, Any]:
    """Return one reminder that pops up so many minutes before the start."""
    return {"useDefault": False, "overrides": [{"method": "popup", "minutes": value}]}


def decode(value: Mapping[str, Any]) -> int | None:
    """Return the minutes before the start; None if the event has no reminders of its own."""
    overrides = value.get("overrides")
    found = [each.get("minutes") for each in overrides if isinstance(each, Mapping)] if isinstance(overrides, list) else []
    return min((each for each in found if isinstance(each, int) and not isinstance(each, bool)), default=None)
