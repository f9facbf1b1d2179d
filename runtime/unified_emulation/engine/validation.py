"""Validation of what a request sends against the document's schemas, as a vendor that enforces its document would do it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from unified_openapi.schemas.patterns import matches
from unified_openapi.schemas.shapes import Schemas, Shape

Known = Callable[[str], bool]
"""Return true for a text that the emulator has made up itself, as an id: no pattern is held against it."""


def faults(schemas: Schemas, shape: Shape, value: Any, at: str, known: Known = lambda text: False) -> Iterator[str]:
    """Yield what a schema does not allow in a value; `at` is its path in words."""
    if value is None:
        if not shape.takes_null and not shape.free:
            yield f"`{at}` must not be null"
        return
    if shape.enum is not None and value not in shape.enum:
        yield f"`{at}` must be one of {', '.join(map(str, shape.enum[:8]))}, not {value!r}"
        return
    if shape.arms and not any(not list(faults(schemas, arm, value, at, known)) for arm in shape.arms):
        yield f"`{at}` has none of the declared forms"
        return
    if shape.types and not shape.types & kinds(value):
        yield f"`{at}` must be {shape.description}, not {type(value).__name__}"
        return
    if isinstance(value, dict):
        yield from _object(schemas, shape, value, at, known)
    elif isinstance(value, list):
        yield from _list(schemas, shape, value, at, known)
    elif isinstance(value, str):
        if not known(value):
            yield from _text(shape, value, at)
    elif not isinstance(value, bool):
        yield from _number(shape, value, at)


def kinds(value: Any) -> set[str]:
    """Return the JSON types that a value has."""
    match value:
        case bool():
            return {"boolean"}
        case int():
            return {"integer", "number"}
        case float():
            return {"number", "integer"} if math.isfinite(value) and value == int(value) else {"number"}
        case str():
            return {"string"}
        case list():
            return {"array"}
        case dict():
            return {"object"}
        case _:
            return set()


def _object(schemas: Schemas, shape: Shape, value: dict[str, Any], at: str, known_text: Known) -> Iterator[str]:
    known = dict(shape.properties)
    for arm in shape.arms:
        known |= dict(arm.properties)
    for name in sorted(shape.required - value.keys()):
        if not schemas.shape(shape.properties[name]).read_only if name in shape.properties else True:
            yield f"`{at}.{name}` is required"
    for name, inner in value.items():
        if name in shape.properties:
            yield from faults(schemas, schemas.shape(shape.properties[name]), inner, f"{at}.{name}", known_text)
        elif name not in known and known and shape.additional is None and not shape.patterns:
            yield f"`{at}.{name}` is not declared"


def _list(schemas: Schemas, shape: Shape, value: list[Any], at: str, known: Known) -> Iterator[str]:
    if shape.bounds.min_items is not None and len(value) < shape.bounds.min_items:
        yield f"`{at}` needs {shape.bounds.min_items} items"
    if shape.bounds.max_items is not None and len(value) > shape.bounds.max_items:
        yield f"`{at}` has more than {shape.bounds.max_items} items"
    if shape.items is not None:
        for number, item in enumerate(value):
            yield from faults(schemas, schemas.shape(shape.items), item, f"{at}[{number}]", known)


def _text(shape: Shape, value: str, at: str) -> Iterator[str]:
    bounds = shape.bounds
    if bounds.max_length is not None and len(value) > bounds.max_length:
        yield f"`{at}` is longer than {bounds.max_length}"
    if bounds.min_length is not None and len(value) < bounds.min_length:
        yield f"`{at}` is shorter than {bounds.min_length}"
    if bounds.pattern is not None and matches(bounds.pattern, value) is False:
        yield f"`{at}` does not match {bounds.pattern}"


def _number(shape: Shape, value: float, at: str) -> Iterator[str]:
    bounds = shape.bounds
    low, high = bounds.minimum, bounds.maximum
    if (low is not None and value < low) or (bounds.above is not None and value <= bounds.above):
        yield f"`{at}` is less than the minimum"
    if (high is not None and value > high) or (bounds.below is not None and value >= bounds.below):
        yield f"`{at}` is more than the maximum"
