"""Lazy fields: fields of a record that are decoded on first access, such as rich text, which costs more than the rest of a record.

The value of such a field is stored as the vendor sent it. Its JSON type is checked when the record is created: a response with a string
where the vendor declares an object is rejected at once. Errors that only parsing can find, such as bytes that are not UTF-8, are raised on
access, as the same error; if pydantic is writing JSON of a model that contains the record, pydantic's own error wraps it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec

from unified_runtime.core.decoding import UNREADABLE, unreadable
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.raw import Raw

OBJECT_OR_NULL = b"{n"
"""First bytes of the JSON of an object or null."""

_KINDS = {ord("["): "array", ord('"'): "str", ord("t"): "bool", ord("f"): "bool"}


class LazyField(NamedTuple):
    """Decoder of one lazy field."""

    decode: Callable[[Any], Any]
    """Converts the parsed value of the vendor, and never raises."""
    path: str = ""
    """Path of the value in the vendor's record, such as `fields.description`."""


Fields: TypeAlias = Mapping[str, LazyField]
"""Lazy fields of a record, by name."""

UndecodedFields: TypeAlias = tuple[Fields, Sequence[Any]]
"""Lazy fields of one record that are not decoded yet, and the value of each: None, a string, an object as its bytes (`msgspec.Raw`), or a
path into the response (`Raw`)."""


def mistyped(undecoded: UndecodedFields, value: msgspec.Raw, vendor: str, raw: Raw) -> VendorProtocolError:
    """Return the error for a value that is neither an object nor null, equal to the one that decoding would raise."""
    path = next(later.path for later, other in zip(undecoded[0].values(), undecoded[1], strict=True) if other is value)
    reason = f"Expected `object | null`, got `{_KINDS.get(memoryview(value)[0], 'number')}` - at `{_path(raw, path)}`"
    return unreadable(raw.response, reason, mistyped=True, vendor=vendor)


def read(undecoded: UndecodedFields, vendor: str, raw: Raw) -> dict[str, Any]:
    """Decode the lazy fields that are not decoded yet, and return them by name.

    Raises:
        VendorProtocolError: an object cannot be parsed.
    """
    fields, values = undecoded
    found: dict[str, Any] = {}
    for (name, later), value in zip(fields.items(), values, strict=True):
        if isinstance(value, msgspec.Raw):
            value = _parsed(value, vendor, raw, later.path)
        elif isinstance(value, Raw):
            value = value.value
        found[name] = None if value is None else later.decode(value)
    return found


def _parsed(value: msgspec.Raw, vendor: str, raw: Raw, path: str) -> Any:
    try:
        return msgspec.json.decode(value)
    except UNREADABLE as error:
        reason = f"{error} - in `{_path(raw, path)}`"
        mistyped = isinstance(error, msgspec.ValidationError)
    raise unreadable(raw.response, reason, mistyped=mistyped, vendor=vendor)


def _path(raw: Raw, path: str) -> str:
    """Return the path of a value in the response, in the notation of msgspec."""
    return f"${''.join(f'[{key}]' if isinstance(key, int) else f'.{key}' for key in raw.path)}.{path}"
