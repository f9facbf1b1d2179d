"""The base classes of the generated models, and what an operation hands back beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from unified_runtime import unread
from unified_runtime.raw import Document, Raw

__all__ = ["Document", "Input", "Page", "Raw", "Record", "attach"]

T = TypeVar("T")


class Record(BaseModel):
    """A unified record as read from a vendor: frozen, and lenient towards what it does not know.

    `vendor` names where it came from and `raw` holds the vendor's own object; neither takes part in comparing or dumping. Rich text is
    read when it is first looked at (see `unified_runtime.unread`), by whatever looks: an attribute, a comparison, a dump, a copy.
    """

    __slots__ = ("_unread",)

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    if not TYPE_CHECKING:  # to a type checker these are what they are of any model

        @property
        def __dict__(self) -> dict[str, Any]:
            # Pydantic finds a model's values here, in Python as in Rust, whether it compares, dumps, copies or pickles it, and so does
            # `vars`. Only an attribute that is there already is found without.
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
            if rest is not None:  # pydantic would tell what cannot be read as an error of its own
                _complete(self, rest)
            return super().model_dump_json(**options)

    @property
    def vendor(self) -> str | None:
        """Name of the vendor this record was read from; None for a record made by hand."""
        origin = self.__pydantic_private__
        return None if origin is None else origin["vendor"]

    @property
    def raw(self) -> Any:
        """The vendor's own object as parsed JSON; None for a record made by hand."""
        origin = self.__pydantic_private__
        return None if origin is None else origin["raw"].value

    @property
    def custom_fields(self) -> Mapping[str, Any]:
        """The fields that this account has added to the vendor's records, by the names that `describe` tells.

        Values are JSON as the vendor writes it, fractions as `Decimal`. What a vendor sends only on request is here only if the call
        asked for it, by `custom_fields`. Like `raw`, it is read when it is looked at, and takes no part in comparing or dumping.
        """
        origin = self.__pydantic_private__
        if origin is None:
            return {}
        from unified_runtime.custom import of_record  # seldom needed

        return of_record(type(self), origin["vendor"], origin["raw"])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return type(self) is type(other) and self.__dict__ == other.__dict__


_values = BaseModel.__dict__["__dict__"].__get__
set_values = BaseModel.__dict__["__dict__"].__set__
"""Where the values of a model really are."""

_unread = Record.__dict__["_unread"].__get__
set_unread = Record.__dict__["_unread"].__set__


def _rest(record: Record) -> unread.Unread | None:
    """What a record has not read yet."""
    try:
        rest: unread.Unread | None = _unread(record)
    except AttributeError:  # nothing was ever put there
        return None
    return rest


def _complete(record: Record, rest: unread.Unread) -> dict[str, Any]:
    """The values of a record, with those that it had not read yet, in the order of its fields.

    Threads may come here at once: each makes the same values, and none sees a part of them.
    """
    origin = record.__pydantic_private__
    assert origin is not None
    read = unread.read(rest, origin["vendor"], origin["raw"])
    known = _values(record)
    values = {**dict.fromkeys(type(record).__pydantic_fields__), **known, **read}
    set_values(record, values)
    set_unread(record, None)
    return values


class Input(BaseModel):
    """The checked input of an operation. An unknown field is an error; a field not given is not in `model_fields_set`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


R = TypeVar("R", bound=Record)


_set = object.__setattr__


def attach(record: R, vendor: str, raw: Raw) -> R:
    """Tell a record where it came from; returns it."""
    # Pydantic's own place for what is no field: it is copied and pickled with the record. Declared as private attributes,
    # these two would cost each record of a list more than all its fields.
    _set(record, "__pydantic_private__", {"vendor": vendor, "raw": raw})
    return record


def alone(record: R) -> R:
    """Let a record hold nothing of what else its answer held; returns it."""
    origin = record.__pydantic_private__
    return record if origin is None else attach(record, origin["vendor"], origin["raw"].alone())


class Page(Generic[T]):
    """One page of a list: its records, and the cursor that asks for the next page (None on the last).

    A page of changes has the ids of records that are `removed` too, and the last one the `sync` cursor: what changes from now on is asked
    for with it.
    """

    __slots__ = ("cursor", "items", "removed", "sync")

    def __init__(self, items: list[T], cursor: str | None = None, *, removed: list[str] | None = None, sync: str | None = None) -> None:
        self.items = items
        self.cursor = cursor
        self.removed = removed or []
        self.sync = sync

    def holding(self, items: list[T]) -> Page[T]:
        """The page with these of its records alone."""
        return Page(items, self.cursor, removed=self.removed, sync=self.sync)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"Page({len(self.items)} items, cursor={self.cursor!r})"
