"""Placement of written properties in the record that is read: which property of the record a property of a request's body becomes.

The same name is the same property. If the types differ, a value that identifies a record (or a plain name) becomes the object that
represents it, an object becomes its id. What has no property in the record is reported, not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from unified_openapi.documents.words import IDENTIFIERS, referenced, words
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.schemas.validation import kinds

Find = Callable[[Any, str], Mapping[str, Any] | None]
"""Return the properties of the stored record that a plain value of a property identifies, or None."""
Report = Callable[[str, str], None]
"""Receives the path of a written property that has no property in the record, and the reason."""


class Unplaced(Exception):
    """A written value that has no counterpart in what is read."""


class Placement:
    """Writes the properties of requests into records."""

    def __init__(self, schemas: Schemas, find: Find, report: Report) -> None:
        self._schemas = schemas
        self._find = find
        self._report = report

    def write(self, record: dict[str, Any], given: Mapping[str, Any], properties: Mapping[str, str], at: str = "") -> None:
        """Write the properties of a body into a record with these properties."""
        for name, value in given.items():
            target = counterpart(name, properties)
            if target is None:
                self._report(f"{at}{name}", "the record has no property of this name")
                continue
            shape = self._schemas.shape(properties[target])
            try:
                if isinstance(value, dict) and "object" in shape.kinds and isinstance(record.get(target), dict) and _named(shape):
                    inner = dict(record[target])
                    self.write(inner, value, _properties(shape), f"{at}{name}.")
                    record[target] = self._completed(value, inner, shape, name)
                else:
                    changed = self.converted(value, shape, f"{at}{name}.")
                    if isinstance(value, dict) and isinstance(changed, dict) and isinstance(record.get(target), dict):
                        changed = {**record[target], **changed}  # a map without declared names keeps its other ones
                    record[target] = changed
            except Unplaced as reason:
                self._report(f"{at}{name}", str(reason))

    def _completed(self, given: Mapping[str, Any], merged: dict[str, Any], shape: Shape, at: str) -> dict[str, Any]:
        """Return the object that represents a record, if the given one holds its id."""
        found = self._reference(given, shape, at)
        return merged if found is None else found

    def converted(self, value: Any, shape: Shape, at: str = "") -> Any:
        """Return a written value as a value of the schema that is read.

        Raises:
            Unplaced: the document does not state how.
        """
        if value is None:
            return None
        allowed = shape.kinds
        if value == "" and "string" not in allowed and allowed & {"array", "object"}:
            return [] if "array" in allowed else None
        if isinstance(value, list):
            if "array" not in allowed:
                if len(value) == 1 and not allowed & {"object"}:
                    return self.converted(value[0], shape, at)
                raise Unplaced(f"a list is written, {shape.description} is read")
            items = next((variant.items for variant in (shape, *shape.variants()) if variant.items is not None), None)
            return value if items is None else [self._element(each, self._schemas.shape(items), at) for each in value]
        if "array" in allowed and not allowed & kinds(value):
            return self.converted([value], shape, at)
        if isinstance(value, dict):
            return self._object(value, shape, at)
        if not allowed or (allowed & kinds(value) and not ("object" in allowed and _named(shape))):
            return value
        if "object" in allowed:
            return self._expanded(value, shape, at)
        return _plain(value, allowed)

    def _element(self, value: Any, shape: Shape, at: str) -> Any:
        """Return an element of a list; an empty text is a name, it clears nothing."""
        return self._expanded(value, shape, at) if value == "" and shape.kinds == {"object"} else self.converted(value, shape, at)

    def _object(self, value: Mapping[str, Any], shape: Shape, at: str) -> Any:
        if "object" in shape.kinds or not shape.kinds:
            found = self._reference(value, shape, at)
            if found is not None:
                return found
            if not _named(shape):
                return dict(value)
            made: dict[str, Any] = {}
            self.write(made, value, _properties(shape), at)
            return made
        inner = [each for each in value.values() if not isinstance(each, dict | list)]
        if len(inner) == 1:
            return self.converted(inner[0], shape, at)
        raise Unplaced(f"an object is written, {shape.description} is read")

    def _reference(self, value: Mapping[str, Any], shape: Shape, at: str) -> dict[str, Any] | None:
        if len(value) != 1:
            return None
        ((name, key),) = value.items()
        if isinstance(key, dict | list) or (words(name)[-1:] and words(name)[-1] not in IDENTIFIERS):
            return None
        found = self._find(key, _last(at))
        properties = _properties(shape)
        return {each: found[each] for each in properties if each in found} if found is not None and name in found else None

    def _expanded(self, value: Any, shape: Shape, at: str) -> dict[str, Any]:
        properties = _properties(shape)
        found = self._find(value, _last(at))
        if found is not None and any(found.get(name) == value for name in properties):
            return {name: found[name] for name in properties if name in found}
        names = ("name", "value", "id", "gid", "key") if isinstance(value, str) and not value.isdigit() else ("id", "gid", "name", "value")
        for name in names:
            if name in properties:
                try:
                    return {name: self.converted(value, self._schemas.shape(properties[name]))}
                except Unplaced:
                    continue
        raise Unplaced(f"a plain value is written, {shape.description} is read")


def counterpart(name: str, properties: Mapping[str, str]) -> str | None:
    """Return the property of a record that a written name is read from: the same name, with or without `_id`."""
    if name in properties:
        return name
    by_words = {"_".join(words(each)): each for each in properties}
    plain = "_".join(words(name))
    candidates = [plain]
    if (target := referenced(name)) is not None:
        candidates += [target, f"{target}s"]
    candidates += [f"{plain}_id", f"{plain}_ids", f"{plain.removesuffix('s')}_ids", f"{plain.removesuffix('s')}_id"]
    return next((by_words[each] for each in candidates if each in by_words), None)


def _last(at: str) -> str:
    """Return the name of the property at a path."""
    return at.rstrip(".").rpartition(".")[2]


def _properties(shape: Shape) -> dict[str, str]:
    found: dict[str, str] = {}
    for variant in (shape, *shape.variants()):
        found = {**dict(variant.properties), **found}
    return found


def _named(shape: Shape) -> bool:
    return any(variant.properties for variant in (shape, *shape.variants()))


def _plain(value: Any, allowed: frozenset[str]) -> Any:
    if "string" in allowed:
        return str(value).lower() if isinstance(value, bool) else str(value)
    text = str(value)
    try:
        if "integer" in allowed:
            return int(text)
        if "number" in allowed:
            return float(text)
    except ValueError:
        pass
    if "boolean" in allowed and text in ("true", "false"):
        return text == "true"
    raise Unplaced(f"{type(value).__name__} is written, {' or '.join(sorted(allowed))} is read")
