"""HubSpot's search filters: groups joined by OR, filters of a group joined by AND.

Source: https://developers.hubspot.com/docs/api-reference/search/guide
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from unified_emulation.query_languages.records import QueryFault, Read, Record, compared

_OPERATORS = {"EQ": "=", "GT": ">", "GTE": ">=", "LT": "<", "LTE": "<="}
_SYSTEM = {"hs_object_id": "id"}
"""Properties of every object that a record has beside its properties."""


def predicate(groups: Any, read: Read) -> Callable[[Record], bool]:
    """Return the condition of `filterGroups`.

    Raises:
        QueryFault: they do not have this form, or an operator is not known.
    """
    if not isinstance(groups, list):
        raise QueryFault("`filterGroups` is a list")
    made = [[_filter(each, read) for each in group.get("filters", ())] for group in groups]
    return lambda record: not made or any(all(holds(record) for holds in filters) for filters in made)


def _filter(given: Mapping[str, Any], read: Read) -> Callable[[Record], bool]:
    name, operator, value = given.get("propertyName"), given.get("operator"), given.get("value")
    if not isinstance(name, str):
        raise QueryFault("a filter has a `propertyName`")
    name = _SYSTEM.get(name, name)
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return lambda record: bool(read(record, name)) is (operator == "HAS_PROPERTY")
    if operator in ("IN", "NOT_IN"):
        values = [str(each).casefold() for each in given.get("values", ())]
        return lambda record: any(str(each).casefold() in values for each in read(record, name)) is (operator == "IN")
    if value is None:
        raise QueryFault(f"the filter of `{name}` has no value")
    if operator == "NEQ":
        return lambda record: not any(_compared(each, "=", str(value)) for each in read(record, name))
    if operator not in _OPERATORS:
        raise QueryFault(f"operator {operator!r} is not known")
    return lambda record: any(_compared(each, _OPERATORS[operator], str(value)) for each in read(record, name))


def _compared(found: Any, operator: str, wanted: str) -> bool:
    """Compare times with milliseconds since 1970, as filters have them."""
    if isinstance(found, str) and "T" in found and wanted.lstrip("-").isdigit():
        try:
            found = datetime.fromisoformat(found).timestamp() * 1000
        except ValueError:
            return False
    return compared(found, operator, wanted)
