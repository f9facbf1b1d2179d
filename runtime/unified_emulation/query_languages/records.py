"""Values of a record by the names that queries use, and their comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

Record = Mapping[str, Any]
Read = Callable[[Record, str], tuple[Any, ...]]
"""Return the values that a record has under a name of a query; none if it has no value.

Raises:
    UnknownName: the name is not known.
"""


class UnknownName(Exception):
    """A name in a query of which it is not known what it is compared with."""


class QueryFault(ValueError):
    """A query that is not valid, or not of the part of the language that is known here."""


def has_value(record: Record, name: str, read: Read) -> bool:
    """Return true if a record has a value under a name; a record without the property has none."""
    try:
        return any(read(record, name))
    except UnknownName:
        return False


def compared(found: Any, operator: str, wanted: str) -> bool:
    """Return true if a value compares with the text of a query: as times, else as numbers, else as texts without case.

    Raises:
        QueryFault: the operator is not known.
    """
    one, other = _pair(found, wanted)
    match operator:
        case "=":
            return bool(one == other)
        case ">=":
            return bool(one >= other)
        case "<=":
            return bool(one <= other)
        case ">":
            return bool(one > other)
        case "<":
            return bool(one < other)
    raise QueryFault(f"operator {operator!r} is not known")


def _pair(found: Any, wanted: str) -> tuple[Any, Any]:
    for reader in (_time, _number):
        one, other = reader(found), reader(wanted)
        if one is not None and other is not None:
            return one, other
    return str(found).casefold(), wanted.casefold()


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _time(value: Any) -> datetime | None:
    """Return the time of a text in ISO 8601."""
    if not isinstance(value, str) or len(value) < len("2030-01-01") or "-" not in value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def contains(values: tuple[Any, ...], text: str) -> bool:
    """Return true if each word of a text is in one of the values."""
    texts = [str(each).casefold() for each in values]
    return all(any(word in each for each in texts) for word in text.casefold().split())
