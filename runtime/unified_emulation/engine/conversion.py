"""Bodies of responses as the document declares them.

The schemas of a record differ between operations, and a record may hold what only a request declares. What a response's schema does not
allow is converted or left out; what it requires is added.
"""

from __future__ import annotations

from typing import Any

from unified_emulation.engine.account import key_of
from unified_emulation.engine.samples import Samples
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.schemas.validation import kinds

_MOST = 200
"""Properties that are added to one body, or one element of a list in it: some schemas require each other without an end."""


class Unfit(Exception):
    """Value that a schema does not allow, and that cannot be converted."""


class Conversion:
    """Converts bodies to the schemas of one document. `samples` makes what they require."""

    def __init__(self, schemas: Schemas, samples: Samples) -> None:
        self._schemas = schemas
        self._samples = samples
        self._left = _MOST
        self._adding = False

    def converted(self, pointer: str, value: Any) -> Any:
        """Return a value as the schema at a pointer allows it; the value itself if it cannot be converted."""
        self._left = _MOST
        return self._possible(pointer, value)

    def _possible(self, pointer: str, value: Any) -> Any:
        try:
            return self._value(self._schemas.shape(pointer), value)
        except Unfit:
            return value

    def _value(self, shape: Shape, value: Any) -> Any:
        if value is None:
            if shape.takes_null or shape.free:
                return None
            raise Unfit
        if shape.enum is not None:
            if value in shape.enum:
                return value
            raise Unfit
        if shape.arms and not shape.properties:
            return self._arm(shape, value)
        found = kinds(value)
        if shape.types and not shape.types & found:
            return _plain(shape, value)
        if "object" in found:
            return self._object(shape, value)
        if "array" in found and shape.items is not None:
            return self._list(self._schemas.shape(shape.items), value)
        return value

    def _arm(self, shape: Shape, value: Any) -> Any:
        """Return a value as the alternative that needs no change, else as the first that is possible."""
        first: list[Any] = []
        for arm in shape.arms:
            try:
                made = self._value(arm, value)
            except Unfit:
                continue
            if made == value:
                return value
            first.append(made)
        if not first:
            raise Unfit
        return first[0]

    def _list(self, shape: Shape, value: list[Any]) -> list[Any]:
        made = []
        for each in value:
            if not self._adding:
                self._left = _MOST
            try:
                made.append(self._value(shape, each))
            except Unfit:
                continue
        return made

    def _object(self, shape: Shape, value: dict[str, Any]) -> dict[str, Any]:
        made = {}
        for name, each in value.items():
            pointer = shape.properties.get(name, shape.additional)
            if pointer is None:
                made[name] = each
                continue
            inner = self._schemas.shape(pointer if each is not None else self._schemas.target(pointer))
            if inner.write_only:
                continue
            try:
                made[name] = self._value(inner, each)
            except Unfit:
                continue
        for name in sorted(shape.required - made.keys()):
            if self._left > 0 and name in shape.properties and not self._schemas.shape(shape.properties[name]).write_only:
                made[name] = self._missing(shape.properties[name], name)
        return made

    def _missing(self, pointer: str, name: str) -> Any:
        if self._schemas.shape(self._schemas.target(pointer)).takes_null:
            return None
        self._left -= 1
        outer, self._adding = self._adding, True
        try:
            return self._possible(pointer, self._samples.value(pointer, 1, name, 1, required_only=True))
        finally:
            self._adding = outer


def _plain(shape: Shape, value: Any) -> Any:
    """Return a plain value as one of another type; an object that represents a record as its id."""
    if isinstance(value, dict) and (key := key_of(value)) is not None:
        value = key
    if isinstance(value, dict | list | bool):
        raise Unfit
    if "string" in shape.types:
        return str(value)
    try:
        if "integer" in shape.types:
            return int(value)
        if "number" in shape.types:
            return float(value)
    except ValueError:
        pass
    raise Unfit
