"""JSON objects as text, such as the values of an item by the ids of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from unified_runtime.core.errors import Conflict


def encode(parts: Iterable[Mapping[str, Any]]) -> str:
    """Return one object that has the names of all parts, as JSON text. Values of earlier responses are shown by their paths in plans."""
    entire: dict[str, Any] = {}
    for part in parts:
        entire.update(part)
    return msgspec.json.encode(entire, enc_hook=str).decode()


def name(value: object, given: str, path: str, vendor: str) -> str:
    """Return a name that an earlier response has.

    Args:
        given: the inputs that are written under it.
        path: its path, as the mapping has it.

    Raises:
        Conflict: the response does not have it, so the inputs cannot be written.
    """
    if value is None:
        raise Conflict(f"{vendor} cannot store {given} here: there is no `{path}`")
    return str(value)
