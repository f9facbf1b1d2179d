"""Values that a caller of a list looks for in fields that an account has added.

`{"Paid__c": True}` finds what holds this value, `None` what holds none, `{"Total__c": {"at_least": 10, "below": 20}}` what lies within
these bounds, and `{}` asks for nothing: the field is only read. Several fields must all hold. Names are checked by `custom.asked`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args

from unified_runtime.errors import InvalidInput
from unified_runtime.suggest import did_you_mean, shortened

if TYPE_CHECKING:
    from unified_runtime.described.descriptions import Field

Value: TypeAlias = str | bool | int | Decimal | date | datetime | None
Operator = Literal["is", "at_least", "at_most", "above", "below"]

_BOUNDS: tuple[str, ...] = get_args(Operator)[1:]


class Sought(NamedTuple):
    """What one field shall hold: a value, or one on this side of it. None is no value, and only `is`."""

    name: str
    operator: Operator
    value: Value


def sought(values: Mapping[str, Any], fields: Sequence[Field] | None, operation: str) -> tuple[Sought, ...]:
    """What a caller looks for, in turn. `fields` are those the account was described to have: a text is then read as what the field
    holds, and one of a pick list must be in it.

    Raises:
        InvalidInput: a value cannot be looked for, a bound is none, or a choice is none of the field's.
    """
    described = {field.id: field for field in fields or ()}
    return tuple(one for name, value in values.items() for one in _of_field(name, value, described.get(name), operation))


def _of_field(name: str, value: Any, field: Field | None, operation: str) -> Iterator[Sought]:
    if not isinstance(value, Mapping):
        yield Sought(name, "is", _value(value, name, field, operation))
        return
    for bound, limit in value.items():
        if bound not in _BOUNDS:
            raise _wrong(f"{name!r} has bounds {', '.join(_BOUNDS)}, not {shortened(bound)}{did_you_mean(str(bound), _BOUNDS)}", operation)
        found = _value(limit, name, field, operation)
        if found is None or isinstance(found, bool):
            raise _wrong(f"{name!r}: nothing is {bound.replace('_', ' ')} {limit}", operation)
        yield Sought(name, bound, found)


def _value(value: Any, name: str, field: Field | None, operation: str) -> Value:
    if isinstance(value, float):
        value = Decimal(repr(value))
    if value == "":
        raise _wrong(f"{name!r} is empty; None finds records without a value", operation)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise _wrong(f"{name!r} is a moment without a time zone", operation)
    if isinstance(value, Decimal) and not value.is_finite():
        raise _wrong(f"{name!r} is {value}, which is no number", operation)
    if value is not None and not isinstance(value, str | bool | int | Decimal | date):
        told = "it is looked for by a text, number, truth, day or moment, by None, or by bounds such as {'at_least': 10}"
        raise _wrong(f"{name!r} is a {type(value).__name__}; {told}", operation)
    if field is None or value is None:
        return value
    from unified_runtime.custom import typed  # only who was told an account's fields pays for it
    from unified_runtime.described.descriptions import check_choice

    if field.choices:
        check_choice(field, value, f"custom_fields[{name!r}]", operation)
        return value
    read: Value = typed(value, field) if isinstance(value, str) else value
    return read


def _wrong(told: str, operation: str) -> InvalidInput:
    return InvalidInput(f"custom_fields: {told}", operation=operation, fields={"custom_fields": told})
