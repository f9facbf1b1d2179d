"""Base classes of the generated models (`Record`, `Input`), and pages of records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from unified_runtime.core import lazy_fields
from unified_runtime.core.raw import Document, Raw
from unified_runtime.core.responses import Response
from unified_runtime.core.serialization import json_bytes

__all__ = ["Document", "Input", "Page", "Raw", "Record", "attach"]

T = TypeVar("T")


class Record(BaseModel):
    """Unified record as read from a vendor: immutable; unknown fields are ignored.

    `vendor` is the vendor's name and `raw` the vendor's own object; neither is part of comparisons or dumps. Rich text is decoded on first
    access (see `unified_runtime.core.lazy_fields`): by reading the attribute, or by a comparison, dump or copy of the record.
    """

    __slots__ = ("_undecoded",)

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    if not TYPE_CHECKING:  # type checkers use the declarations of BaseModel

        @property
        def __dict__(self) -> dict[str, Any]:
            # Pydantic (its Python and its Rust code) reads a model's values here to compare, dump, copy or pickle it, and so does
            # `vars`. Only the lookup of an attribute that is already set does not pass here.
            rest = _rest(self)
            return _values(self) if rest is None else _complete(self, rest)

        @__dict__.setter
        def __dict__(self, values: dict[str, Any]) -> None:
            set_values(self, values)

        def __getattr__(self, name: str) -> Any:
            rest = _rest(self)
            if rest is not None and name in rest[0]:
                return _complete(self, rest)[name]
            return super().__getattr__(name)

        def model_dump_json(self, **options: Any) -> str:
            rest = _rest(self)
            if rest is not None:  # pydantic would raise its own error for a value that cannot be decoded
                _complete(self, rest)
            return super().model_dump_json(**options)

    @property
    def vendor(self) -> str | None:
        """Name of the vendor this record was read from; None if the caller constructed it."""
        origin = self.__pydantic_private__
        return None if origin is None else origin["vendor"]

    @property
    def raw(self) -> Any:
        """The vendor's own object as parsed JSON; None if the caller constructed the record."""
        origin = self.__pydantic_private__
        return None if origin is None else origin["raw"].value

    @property
    def custom_fields(self) -> Mapping[str, Any]:
        """The fields that this account has added to the vendor's records, by the ids that `describe` returns.

        Values are JSON as the vendor writes it, fractions as `Decimal`. Fields that a vendor sends only on request are present only if the
        call requested them with `custom_fields`. Like `raw`, they are decoded on access, and are not part of comparisons or dumps.
        """
        origin = self.__pydantic_private__
        if origin is None:
            return {}
        from unified_runtime.core.custom_fields import of_record  # seldom needed

        return of_record(type(self), origin["vendor"], origin["raw"])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return type(self) is type(other) and self.__dict__ == other.__dict__


_values = BaseModel.__dict__["__dict__"].__get__
set_values = BaseModel.__dict__["__dict__"].__set__
"""Get and set a model's stored values, bypassing the property of `Record`."""

_undecoded = Record.__dict__["_undecoded"].__get__
set_undecoded = Record.__dict__["_undecoded"].__set__


def _rest(record: Record) -> lazy_fields.UndecodedFields | None:
    """Return the fields that a record has not decoded yet; None if there are none."""
    try:
        rest: lazy_fields.UndecodedFields | None = _undecoded(record)
    except AttributeError:  # the slot was never set
        return None
    return rest


def _complete(record: Record, rest: lazy_fields.UndecodedFields) -> dict[str, Any]:
    """Decode the lazy fields of a record, and return all its values in the order of its fields.

    Several threads may do this at once: each computes the same values, and none sees an incomplete set.
    """
    origin = record.__pydantic_private__
    assert origin is not None
    read = lazy_fields.read(rest, origin["vendor"], origin["raw"])
    known = _values(record)
    values = {**dict.fromkeys(type(record).__pydantic_fields__), **known, **read}
    set_values(record, values)
    set_undecoded(record, None)
    return values


class Input(BaseModel):
    """Validated input of an operation. An unknown field is an error; a field not given is not in `model_fields_set`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


R = TypeVar("R", bound=Record)


_set = object.__setattr__


def attach(record: R, vendor: str, raw: Raw) -> R:
    """Set the vendor and the vendor's own object of a record, and return the record."""
    # Pydantic's storage of private attributes: it is copied and pickled with the record. Declared as private attributes,
    # these two would cost each record of a list more than all its fields.
    _set(record, "__pydantic_private__", {"vendor": vendor, "raw": raw})
    return record


def detached(record: R) -> R:
    """Detach a record from the rest of the response it was read from, and return it."""
    origin = record.__pydantic_private__
    if origin is None:
        return record
    raw: Raw = origin["raw"]
    body, response = json_bytes(raw.exact), raw.response
    if response is not None:
        response = Response(response.status, response.pairs, body, response.url)
    return attach(record, origin["vendor"], Raw(Document(body, response)))


class Page(Generic[T]):
    """One page of a list: its records, and the cursor of the next page (None on the last).

    A page of changes also has the ids of `removed` records. Its last page has the `sync` cursor, which requests the changes made from
    then on.
    """

    __slots__ = ("cursor", "items", "removed", "sync")

    def __init__(self, items: list[T], cursor: str | None = None, *, removed: list[str] | None = None, sync: str | None = None) -> None:
        self.items = items
        self.cursor = cursor
        self.removed = removed or []
        self.sync = sync

    def holding(self, items: list[T]) -> Page[T]:
        """Return the page with only these of its records."""
        return Page(items, self.cursor, removed=self.removed, sync=self.sync)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"Page({len(self.items)} items, cursor={self.cursor!r})"
