"""Filters of a list by custom fields."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

Value: TypeAlias = str | bool | int | Decimal | date | datetime | None


Operator = Literal["is", "at_least", "at_most", "above", "below"]


class FieldFilter(NamedTuple):
    """Condition on the value of one field. The value None means an empty field, and is valid only with `is`."""

    name: str
    operator: Operator
    value: Value
