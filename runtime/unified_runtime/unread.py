"""Fields of a record that are read when they are first looked at: rich text, which costs more to read than all else of a record.

What such a field is read from is kept as the vendor sent it. Whether it is an object is seen when the record is made: an answer with text
where the vendor declares an object is refused as a whole, at once. What shows only when the object is parsed, such as bytes that are no
UTF-8, is told to whoever looks, by the same error; where that is pydantic writing JSON of a model around the record, inside an error of
pydantic's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec

from unified_runtime.errors import VendorProtocolError
from unified_runtime.raw import Raw
from unified_runtime.reading import UNREADABLE, unreadable

OBJECT_OR_NULL = b"{n"
"""What the JSON of an object, or of none, begins with."""

_KINDS = {ord("["): "array", ord('"'): "str", ord("t"): "bool", ord("f"): "bool"}


class Later(NamedTuple):
    """How one field is read."""

    decode: Callable[[Any], Any]
    """Takes what the vendor sent, parsed, and never fails."""
    place: str = ""
    """Where that stands in the vendor's record, as in `fields.description`."""


Fields: TypeAlias = Mapping[str, Later]
"""The fields of a record that are read later, by name."""

Unread: TypeAlias = tuple[Fields, Sequence[Any]]
"""The fields of one record that were not read yet, and for each what the vendor sent: None, text, an object as its bytes (`msgspec.Raw`),
or a place in the answer."""


def mistyped(unread: Unread, value: msgspec.Raw, vendor: str, raw: Raw) -> VendorProtocolError:
    """The error for a value that is neither an object nor null, as decoding it would have raised it."""
    place = next(later.place for later, other in zip(unread[0].values(), unread[1], strict=True) if other is value)
    reason = f"Expected `object | null`, got `{_KINDS.get(memoryview(value)[0], 'number')}` - at `{_path(raw, place)}`"
    return unreadable(raw.response, reason, mistyped=True, vendor=vendor)


def read(unread: Unread, vendor: str, raw: Raw) -> dict[str, Any]:
    """The fields that were not read yet.

    Raises:
        VendorProtocolError: an object cannot be parsed.
    """
    fields, values = unread
    found: dict[str, Any] = {}
    for (name, later), value in zip(fields.items(), values, strict=True):
        if isinstance(value, msgspec.Raw):
            value = _parsed(value, vendor, raw, later.place)
        elif isinstance(value, Raw):
            value = value.value
        found[name] = None if value is None else later.decode(value)
    return found


def _parsed(value: msgspec.Raw, vendor: str, raw: Raw, place: str) -> Any:
    try:
        return msgspec.json.decode(value)
    except UNREADABLE as error:
        reason = f"{error} - in `{_path(raw, place)}`"
        mistyped = isinstance(error, msgspec.ValidationError)
    raise unreadable(raw.response, reason, mistyped=mistyped, vendor=vendor)


def _path(raw: Raw, place: str) -> str:
    """A place of a vendor's record in the answer, as msgspec writes it."""
    return f"${''.join(f'[{key}]' if isinstance(key, int) else f'.{key}' for key in raw.path)}.{place}"
