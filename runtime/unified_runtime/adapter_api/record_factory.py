"""Construction of records from values that an adapter has read, without the validation of values whose type is proven.

The type of a value follows from the decoder, a codec or an enum table, and the compiler has compared it with the field's type (see
docs/explanation/decisions/025-made-records.md). Pydantic validates only values whose type the vendor's document does not declare.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from msgspec import Raw as Unparsed
from pydantic import BaseModel, create_model

from unified_runtime.core import lazy_fields
from unified_runtime.core.lazy_fields import OBJECT_OR_NULL, LazyField
from unified_runtime.core.raw import Raw
from unified_runtime.core.records import Record, set_undecoded, set_values

__all__ = ["LazyField", "record_factory"]

R = TypeVar("R", bound=Record)
R_co = TypeVar("R_co", bound=Record, covariant=True)

_set_names = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_set_extra = BaseModel.__dict__["__pydantic_extra__"].__set__
_set_private = BaseModel.__dict__["__pydantic_private__"].__set__


class Make(Protocol[R_co]):
    """Function that creates a record from the values of its fields, except the lazy ones; `rest` has the values these are decoded from."""

    def __call__(self, values: Any, raw: Raw, *rest: Any) -> R_co: ...


def record_factory(
    model: type[R], vendor: str, *, absent: Sequence[str] = (), unproven: Sequence[str] = (), lazy: lazy_fields.Fields | None = None
) -> Make[R]:
    """Return the function with which one adapter creates its records.

    Args:
        model: the class of the records.
        vendor: the vendor's name.
        absent: fields that the vendor does not have. They have their defaults, and are not among `model_fields_set`.
        unproven: fields whose values are validated.
        later: fields that are decoded on first access.
    """
    fields = lazy or {}
    names = frozenset(model.__pydantic_fields__).difference(absent)
    validated = functools.cache(lambda: _part(model, unproven))
    new = object.__new__

    def make(values: dict[str, Any], raw: Raw, *rest: Any) -> R:
        if unproven:
            values.update(validated().model_validate({name: values[name] for name in unproven}).__dict__)
        record = new(model)
        set_values(record, values)
        _set_names(record, {*names})
        _set_extra(record, None)
        _set_private(record, {"vendor": vendor, "raw": raw})
        if rest:
            for value in rest:
                if type(value) is Unparsed and memoryview(value)[0] not in OBJECT_OR_NULL:
                    raise lazy_fields.mistyped((fields, rest), value, vendor, raw)
            set_undecoded(record, (fields, rest))
        return record

    return make


def _part(model: type[Record], names: Sequence[str]) -> type[BaseModel]:
    """Return a model with some of the fields of a model, under its name."""
    fields: Any = {name: (field.annotation, field) for name in names for field in (model.__pydantic_fields__[name],)}
    part: type[BaseModel] = create_model(model.__name__, **fields)
    return part
