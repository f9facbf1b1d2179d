"""JSON and plain values as typed ones, from any thread.

msgspec (0.22) builds the decoder of a struct on first use, without a lock: if two threads do that at once, one of them decodes with an
incomplete decoder and the process crashes. Here each type is built once, under a lock.
"""

from __future__ import annotations

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

decoders: dict[Any, msgspec.json.Decoder[Any]] = {}
"""Complete decoders by type. Read it directly where each microsecond counts; `decoder` adds to it."""

_building = threading.Lock()


def decoder(schema: type[T]) -> msgspec.json.Decoder[T]:
    """Return the decoder of a type, which is built on first use."""
    found = decoders.get(schema)
    if found is None:
        with _building:
            found = decoders.get(schema)
            if found is None:
                found = decoders[schema] = msgspec.json.Decoder(schema)
    return found


def decode(data: bytes | str, schema: type[T]) -> T:
    """Decode JSON.

    Raises:
        msgspec.DecodeError: it is not JSON, or not of this type.
    """
    return decoder(schema).decode(data)


def convert(value: Any, schema: type[T]) -> T:
    """Convert plain values.

    Raises:
        msgspec.ValidationError: the value is not of this type.
    """
    decoder(schema)
    return msgspec.convert(value, schema)
