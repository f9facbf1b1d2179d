"""Filters of a list by values of custom fields.

`{"Paid__c": True}` matches records with this value, None those without a value, `{"Total__c": {"at_least": 10, "below": 20}}` those with a
value within these bounds, and `{}` does not filter: the field is only read. With several fields, all must match. Names are checked by
`custom_fields.requested`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.field_filters import FieldFilter, Operator, Value
from unified_runtime.core.suggestions import did_you_mean, shortened

if TYPE_CHECKING:
    from unified_runtime.core.custom_fields import Field


_BOUNDS: tuple[str, ...] = get_args(Operator)[1:]


def parse_filters(values: Mapping[str, Any], fields: Sequence[Field] | None, operation: str) -> tuple[FieldFilter, ...]:
    """Return a caller's filters, in order. `fields` are those of the account's description: with them, strings are converted to the type
    of the field, and values of a pick list are checked.

    Raises:
        InvalidInput: a value is not valid in a filter, a bound is not valid, or a choice is not in the field's pick list.
    """
    described = {field.id: field for field in fields or ()}
    return tuple(one for name, value in values.items() for one in _of_field(name, value, described.get(name), operation))


def _of_field(name: str, value: Any, field: Field | None, operation: str) -> Iterator[FieldFilter]:
    if not isinstance(value, Mapping):
        yield FieldFilter(name, "is", _value(value, name, field, operation))
        return
    for bound, limit in value.items():
        if bound not in _BOUNDS:
            raise _wrong(f"{name!r} has bounds {', '.join(_BOUNDS)}, not {shortened(bound)}{did_you_mean(str(bound), _BOUNDS)}", operation)
        found = _value(limit, name, field, operation)
        if found is None or isinstance(found, bool):
            raise _wrong(f"{name!r}: nothing is {bound.replace('_', ' ')} {limit}", operation)
        yield FieldFilter(name, bound, found)


def _value(value: Any, name: str, field: Field | None, operation: str) -> Value:
    if isinstance(value, float):
        value = Decimal(repr(value))
    if value == "":
        raise _wrong(f"{name!r} is empty; None finds records without a value", operation)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise _wrong(f"{name!r} is a date-time without a time zone", operation)
    if isinstance(value, Decimal) and not value.is_finite():
        raise _wrong(f"{name!r} is {value}, which is not a number", operation)
    if value is not None and not isinstance(value, str | bool | int | Decimal | date):
        requirement = "filter by a string, number, boolean, date or date-time, by None, or by bounds such as {'at_least': 10}"
        raise _wrong(f"{name!r} is a {type(value).__name__}; {requirement}", operation)
    if field is None or value is None:
        return value
    from unified_runtime.core.custom_fields import typed  # only needed if the account's fields are known
    from unified_runtime.core.descriptions import check_choice

    if field.choices:
        check_choice(field, value, f"custom_fields[{name!r}]", operation)
        return value
    read: Value = typed(value, field) if isinstance(value, str) else value
    return read


def _wrong(requirement: str, operation: str) -> InvalidInput:
    return InvalidInput(f"custom_fields: {requirement}", operation=operation, fields={"custom_fields": requirement})
