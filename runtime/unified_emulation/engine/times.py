"""Times of requests and records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def time_of(value: Any) -> datetime | None:
    """Return the time that a text in ISO 8601 or a number of seconds or milliseconds represents; without a zone it is in UTC."""
    if isinstance(value, str) and not value.isdigit():
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            return None
        return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        number = float(value)
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    return None
