"""Values of fields that an account has added, as Python holds them: read by what the account's description says of the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unified_runtime.descriptions import Choice, Field

_TRUE = {"true": True, "false": False}


def typed(value: Any, field: Field) -> Any:
    """The value of a field: a choice, or each of several, by the name that people see; a number as `Decimal`, a truth, a day or a moment as
    such. What is none of these, or not what the field is said to hold, stays as the vendor wrote it.
    """
    if value is None or value == "":
        return None
    if field.choices:
        return _chosen(value, field.choices)
    read = _READ.get((field.kind or "").lower())
    if read is None:
        return value
    try:
        return read(value)
    except (ValueError, InvalidOperation, KeyError):
        return value


def _chosen(value: Any, choices: Sequence[Choice]) -> Any:
    names: dict[str, str] = {}
    for choice in choices:
        word = choice.value if choice.value is not None else choice.id if choice.id is not None else choice.name
        if word is not None:
            names[word] = choice.name if choice.name is not None else word
    several = isinstance(value, (list, tuple)) or (isinstance(value, str) and ";" in value and value not in names)
    if not several:
        return names.get(_word(value), value)
    given = value if isinstance(value, (list, tuple)) else [word for word in value.split(";") if word]
    return [names.get(_word(each), each) for each in given]


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return value
    found = Decimal(value)
    if not found.is_finite():
        raise ValueError(value)
    return found


def _truth(value: Any) -> Any:
    return value if isinstance(value, bool) else _TRUE[str(value).lower()]


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(value)
    return found


_KINDS: Mapping[Callable[[Any], Any], tuple[str, ...]] = {
    _number: ("number", "double", "currency", "percent", "int", "integer", "long"),
    _truth: ("bool", "boolean"),
    _day: ("date",),
    _moment: ("datetime",),
}
"""What vendors call these kinds: HubSpot's `type`, Salesforce's `type`, Pipedrive's `field_type`."""

_READ = {word: read for read, words in _KINDS.items() for word in words}
