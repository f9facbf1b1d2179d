"""Query parameters whose value is an object or a document: `content: application/json` and `style: deepObject` of OpenAPI."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from unified_runtime.core.serialization import json_bytes


def encode(query: Mapping[str, Any], *, json: tuple[str, ...] = (), deep: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the query with these parameters encoded: as JSON text, or each property as a parameter of its own (`filter[status]`).

    Nested objects get further brackets and a list repeats its parameter: OpenAPI defines neither, and servers read both like this.
    """
    found: dict[str, Any] = {}
    for name, value in query.items():
        if name in json and value is not None:
            found[name] = json_bytes(value).decode("utf-8")
        elif name in deep:
            found.update(_deep(name, value))
        else:
            found[name] = value
    return found


def _deep(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, Mapping):
        yield name, value
        return
    for inner, item in value.items():
        yield from _deep(f"{name}[{inner}]", item)
