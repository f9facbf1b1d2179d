"""Validation of a value against a schema of a document. Objects are closed: a property that the schema does not declare is a fault."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple

from unified_openapi.schemas.patterns import matches
from unified_openapi.schemas.shapes import Schemas, Shape

Known = Callable[[str], bool]
"""Return true for a text that no pattern is compared with, such as an id that an emulator has made up."""


class Fault(NamedTuple):
    """Part of a value that a schema does not allow: its path, such as `fields.labels[0]`, and the reason."""

    at: str
    reason: str

    def __str__(self) -> str:
        return f"`{self.at}` {self.reason}"


def faults(schemas: Schemas, shape: Shape, value: Any, at: str, known: Known = lambda text: False) -> Iterator[Fault]:
    """Yield the faults of a value; `at` is its path in messages."""
    if value is None:
        if not shape.takes_null and not shape.free:
            yield Fault(at, "must not be null")
        return
    if shape.enum is not None:
        # A document may list values of another type than it declares: the list is more specific.
        if value not in shape.enum:
            yield Fault(at, f"must be one of {', '.join(map(str, shape.enum[:8]))}, not {value!r}")
        return
    if shape.arms and not any(not list(faults(schemas, arm, value, at, known)) for arm in shape.arms):
        yield Fault(at, "has none of the declared forms")
        return
    if shape.types and not shape.types & kinds(value):
        yield Fault(at, f"must be {shape.description}, not {type(value).__name__}")
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


def _object(schemas: Schemas, shape: Shape, value: dict[str, Any], at: str, known_text: Known) -> Iterator[Fault]:
    known = dict(shape.properties)
    for arm in shape.arms:
        known |= dict(arm.properties)
    for name in sorted(shape.required - value.keys()):
        if not schemas.shape(shape.properties[name]).read_only if name in shape.properties else True:
            yield Fault(f"{at}.{name}", "is required")
    for name, inner in value.items():
        if name in shape.properties:
            yield from faults(schemas, schemas.shape(shape.properties[name]), inner, f"{at}.{name}", known_text)
        elif name not in known and known and shape.additional is None and not shape.patterns:
            near = get_close_matches(name, known, 1)
            yield Fault(f"{at}.{name}", f"is not declared; did you mean {near[0]}?" if near else "is not declared")


def _list(schemas: Schemas, shape: Shape, value: list[Any], at: str, known: Known) -> Iterator[Fault]:
    if shape.bounds.min_items is not None and len(value) < shape.bounds.min_items:
        yield Fault(at, f"has {len(value)} items; at least {shape.bounds.min_items} are needed")
    if shape.bounds.max_items is not None and len(value) > shape.bounds.max_items:
        yield Fault(at, f"has {len(value)} items; at most {shape.bounds.max_items} are allowed")
    if shape.items is not None:
        for number, item in enumerate(value):
            yield from faults(schemas, schemas.shape(shape.items), item, f"{at}[{number}]", known)


def _text(shape: Shape, value: str, at: str) -> Iterator[Fault]:
    bounds = shape.bounds
    if bounds.max_length is not None and len(value) > bounds.max_length:
        yield Fault(at, f"has {len(value)} characters; at most {bounds.max_length} are allowed")
    if bounds.min_length is not None and len(value) < bounds.min_length:
        yield Fault(at, f"has {len(value)} characters; at least {bounds.min_length} are needed")
    if bounds.pattern is not None and matches(bounds.pattern, value) is False:
        yield Fault(at, f"does not match {bounds.pattern}")


def _number(shape: Shape, value: float, at: str) -> Iterator[Fault]:
    bounds = shape.bounds
    if bounds.minimum is not None and value < bounds.minimum:
        yield Fault(at, f"must be at least {bounds.minimum}, not {value}")
    elif bounds.above is not None and value <= bounds.above:
        yield Fault(at, f"must be greater than {bounds.above}, not {value}")
    if bounds.maximum is not None and value > bounds.maximum:
        yield Fault(at, f"must be at most {bounds.maximum}, not {value}")
    elif bounds.below is not None and value >= bounds.below:
        yield Fault(at, f"must be less than {bounds.below}, not {value}")
