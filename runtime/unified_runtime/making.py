"""Records of what an adapter has read, made without validating what needs no validation.

A value has its type from the decoder, a codec or a table, and the compiler has compared that with its field's (see docs/decisions/025).
Only where the compiler cannot tell, since a vendor's document does not, pydantic looks.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from msgspec import Raw as Unparsed
from pydantic import BaseModel, create_model

from unified_runtime import unread
from unified_runtime.raw import Raw
from unified_runtime.records import Record, set_unread, set_values
from unified_runtime.unread import OBJECT_OR_NULL, Later

__all__ = ["Later", "maker"]

R = TypeVar("R", bound=Record)
R_co = TypeVar("R_co", bound=Record, covariant=True)

_set_names = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_set_extra = BaseModel.__dict__["__pydantic_extra__"].__set__
_set_private = BaseModel.__dict__["__pydantic_private__"].__set__


class Make(Protocol[R_co]):
    """Makes a record of the values of its fields, all but those that are read later; `rest` is what these are read from."""

    def __call__(self, values: Any, raw: Raw, *rest: Any) -> R_co: ...


def maker(
    model: type[R], vendor: str, *, absent: Sequence[str] = (), unproven: Sequence[str] = (), later: unread.Fields | None = None
) -> Make[R]:
    """How one adapter makes its records.

    Args:
        model: the class.
        vendor: the vendor's name.
        absent: fields that the vendor does not have. They have their defaults, and are not among `model_fields_set`.
        unproven: fields whose values are validated.
        later: fields that are read when they are first looked at.
    """
    fields = later or {}
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
                    raise unread.mistyped((fields, rest), value, vendor, raw)
            set_unread(record, (fields, rest))
        return record

    return make


def _part(model: type[Record], names: Sequence[str]) -> type[BaseModel]:
    """A model of some fields of a model, under its name."""
    fields: Any = {name: (field.annotation, field) for name in names for field in (model.__pydantic_fields__[name],)}
    part: type[BaseModel] = create_model(model.__name__, **fields)
    return part
