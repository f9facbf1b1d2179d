"""Filters of HubSpot's search: objects of a property, an operator and a value, which is always a string.

Source: https://developers.hubspot.com/docs/api-reference/search/guide (operators; timestamps in milliseconds since the epoch, dates as
their midnight UTC).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from unified_runtime.adapter_api.codecs import hubspot_datetime
from unified_runtime.adapter_api.query import literals
from unified_runtime.core.field_filters import FieldFilter, Operator, Value

_OPERATORS: dict[Operator, str] = {"is": "EQ", "at_least": "GTE", "at_most": "LTE", "above": "GT", "below": "LT"}


def custom_field_conditions(conditions: Iterable[FieldFilter]) -> list[dict[str, Any]]:
    """Return filters by custom fields (properties that an account has added).

    Raises:
        UnwritableValue: a number is not finite.
    """
    return [
        {"propertyName": one.name, "operator": "NOT_HAS_PROPERTY"}
        if one.value is None
        else {"propertyName": one.name, "operator": _OPERATORS[one.operator], "value": _text(one.value)}
        for one in conditions
    ]


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return literals.boolean(value, "HubSpot")
    if isinstance(value, datetime):
        return hubspot_datetime.encode(value)
    if isinstance(value, date):
        return hubspot_datetime.encode(datetime(value.year, value.month, value.day, tzinfo=UTC))
    return literals.number(value, "HubSpot") if isinstance(value, int | Decimal) else str(value)
