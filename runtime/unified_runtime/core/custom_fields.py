"""Custom fields (fields that an account has added): their values in a record, and their declared types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from importlib import import_module
from typing import Any, Protocol

from unified_runtime.core.custom_field_location import NONE, CustomFieldLocation
from unified_runtime.core.raw import Raw


def of_record(model: type, vendor: str, raw: Raw) -> Mapping[str, Any]:
    """Return the custom fields of a record of this generated model, read from this vendor."""
    package, _, resource = model.__module__.rpartition(".models.")
    if not package:
        return NONE
    adapter = import_module(f"{package}.{resource}").VENDORS.get(vendor)
    declared: CustomFieldLocation | None = getattr(import_module(adapter), "CUSTOM", None) if adapter is not None else None
    return NONE if declared is None else declared.read(raw)


# ---------------------------------------------------------------------------------------------------------------- values
_TRUE = {"true": True, "false": False, "1": True, "0": False}


def typed(value: Any, field: Field) -> Any:
    """Convert the value of a field: a choice (or each of several) to its display name, a number to `Decimal`, and booleans, dates and
    timestamps to their Python types. A value of another kind, or that does not match the field's type, is returned unchanged.
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
        key = choice.value if choice.value is not None else choice.id if choice.id is not None else choice.name
        if key is not None:
            names[key] = choice.name if choice.name is not None else key
    several = isinstance(value, (list, tuple)) or (isinstance(value, str) and ";" in value and value not in names)
    if not several:
        return names.get(_key(value), value)
    given = value if isinstance(value, (list, tuple)) else [key for key in value.split(";") if key]
    return [names.get(_key(each), each) for each in given]


def _key(value: Any) -> str:
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


def _date_time(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(value)
    return found


_KINDS: Mapping[Callable[[Any], Any], tuple[str, ...]] = {
    _number: ("number", "double", "currency", "percent", "int", "integer", "long", "float", "decimal"),
    _truth: ("bool", "boolean", "checkbox"),
    _day: ("date",),
    _date_time: ("datetime",),
}
"""Vendors' names of these types: HubSpot's, Salesforce's, Zendesk's, ClickUp's and Trello's `type`, Pipedrive's `field_type`, Redmine's
`field_format`, Asana's `resource_subtype`, GitHub's `data_type`."""


_READ = {word: read for read, words in _KINDS.items() for word in words}


class Choice(Protocol):
    """Entry of a pick list. Vendors set it by `id`, `name` or `value`, and have only those that they accept."""

    @property
    def id(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def value(self) -> str | None: ...


class Field(Protocol):
    """Field of the vendor: `id` is its name in requests, `kind` the vendor's name of its type, `choices` its pick list."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def required(self) -> bool | None: ...
    @property
    def custom(self) -> bool | None: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def choices(self) -> Sequence[Choice] | None: ...
