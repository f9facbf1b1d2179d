"""Codec of the reminder of an event in Microsoft Graph: minutes before its start, which remain if the reminder is switched off.

Law: `decode(**encode(x)) == x`.

Source: https://learn.microsoft.com/graph/api/resources/event
"""

from __future__ import annotations

from typing import Any

LOSSES: tuple[str, ...] = ()


def encode(value: int) -> dict[str, Any]:
    """Return the properties of an event that reminds so many minutes before its start."""
    return {"isReminderOn": True, "reminderMinutesBeforeStart": value}


def decode(value: int, on: bool | None) -> int | None:
    """Return the minutes before the start; None if the event does not remind."""
    return value if on else None
