"""A vendor's schema at one location, flattened: references followed, `allOf` merged, arms listed separately.

OpenAPI 3.0 and 3.1 are read alike. Flags beside a `$ref` count, although 3.0 requires to ignore them: vendors mean them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from unified_openapi.diagnostics.codes import TOO_LARGE
from unified_openapi.diagnostics.model import Diagnostic, finding
from unified_openapi.documents.conversion import sequence
from unified_openapi.documents.document import Document, UnresolvableReference
from unified_openapi.schemas import patterns
from unified_openapi.source.pointers import child, look_up

JSON_TYPES = ("string", "integer", "number", "boolean", "object", "array")


class Bounds(Struct, frozen=True):
    """Constraints of a value beyond its type. Lengths count characters, as JSON Schema does."""

    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    """It must be greater than this."""
    below: float | None = None
    min_items: int | None = None
    max_items: int | None = None

    def __bool__(self) -> bool:
        return self != NO_BOUNDS


NO_BOUNDS = Bounds()


class Shape(Struct, frozen=True):
    """A schema, flattened. `pointer` is the location of its own keywords; `origins` are all locations merged into it."""

    pointer: str
    origins: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()
    """JSON types it allows; empty if it names none."""
    nullable: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)
    """Name to the pointer of its schema."""
    required: frozenset[str] = frozenset()
    additional: str | None = None
    """Pointer to the schema of further properties."""
    patterns: tuple[tuple[str, str], ...] = ()
    closed: bool = False
    items: str | None = None
    arms: tuple[Shape, ...] = ()
    """Alternatives (`oneOf`, `anyOf`)."""
    size: int = 1
    """Number of alternatives, those of the arms included."""
    enum: tuple[Any, ...] | None = None
    known: tuple[Any, ...] = ()
    """Values of an open set that are known (`x-extensible-enum`)."""
    format: str | None = None
    bounds: Bounds = NO_BOUNDS
    read_only: bool = False
    write_only: bool = False
    deprecated: bool = False

    @property
    def kinds(self) -> frozenset[str]:
        """JSON types without null, those of the arms included; empty for a free-form location."""
        kinds = set(self.types)
        for arm in self.arms:
            kinds |= arm.kinds
        return frozenset(kinds)

    @property
    def free(self) -> bool:
        """True if the schema does not describe the value: anything is allowed, nothing can be checked."""
        return not self.kinds and self.enum is None

    @property
    def takes_null(self) -> bool:
        return self.nullable or any(arm.takes_null for arm in self.arms)

    @property
    def enum_values(self) -> tuple[Any, ...] | None:
        """The enumerators, those of all arms together; None if any value is allowed."""
        if self.enum is not None:
            return tuple(word for word in self.enum if word is not None)
        if not self.arms:
            return None
        found: list[Any] = []
        for arm in self.arms:
            if arm.enum_values is None:
                return None
            found.extend(word for word in arm.enum_values if word not in found)
        return tuple(found)

    @property
    def formats(self) -> frozenset[str]:
        """The formats of the shape, or of its alternatives."""
        return frozenset(variant.format for variant in self.variants() if variant.format is not None)

    @property
    def description(self) -> str:
        """The type in words, for messages."""
        return " or ".join(sorted(self.kinds) or ["anything"]) + (f" ({', '.join(sorted(self.formats))})" if self.formats else "")

    def variants(self) -> Iterator[Shape]:
        """Yield the shape itself, or each of its alternatives."""
        if self.arms:
            for arm in self.arms:
                yield from arm.variants()
        else:
            yield self


def matches(pattern: str, name: str) -> bool:
    """Return whether a name matches `patternProperties`. A pattern that is not enforced matches nothing."""
    return patterns.matches(pattern, name) is True


MOST_ALTERNATIVES = 2_000
"""Alternatives that one schema may have, with those of the schemas it consists of. In 230 vendor documents the most is 236."""
MOST_STEPS = 1_500
"""Schemas that may be combined for one shape; in 230 vendor documents the most is 508. One that is part of itself is combined again for
each way that leads to it."""
MOST_NESTED = 200
"""Schemas that one may consist of, each as a part of the one before."""


class _TooLarge(Exception):
    """A schema beyond one of these bounds. `path` has the schemas that are being combined."""

    def __init__(self, message: str, path: frozenset[str]) -> None:
        super().__init__(message)
        self.path = path


class Schemas:
    """The shapes of one document, each made once. `faults` are schemas that are too large to be combined."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults: list[Diagnostic] = []
        self._shapes: dict[str, Shape] = {}
        self._parts: dict[str, Shape] = {}
        """Shapes of schemas without a cycle: the same in all schemas that they are a part of."""
        self._cycles = 0
        self._steps = 0
        self._limit = MOST_STEPS

    def target(self, pointer: str) -> str:
        """Return the pointer at the end of a chain of bare references."""
        try:
            return self.document.follow(pointer)
        except UnresolvableReference:
            return pointer

    def shape(self, pointer: str) -> Shape:
        """Return the flattened schema at a pointer."""
        found = self._shapes.get(pointer)
        if found is None:
            self._steps = 0
            try:
                found = self._flatten(pointer, frozenset())
            except _TooLarge as fault:
                self.faults.append(finding(TOO_LARGE, f"{fault}; it is treated as one that allows anything", self.document.span(pointer)))
                if len(self.faults) > 5:  # a document of such schemas: no further one is worth the time
                    self._limit = MOST_STEPS // 10
                # All schemas on the way are parts of each other, or contain the one that is too large.
                self._shapes |= {part: Shape(part, (part,)) for part in fault.path}
                found = Shape(pointer, (pointer,))
            self._shapes[pointer] = found
        return found

    def ancestors(self, pointer: str) -> frozenset[str]:
        """Return the schemas that one is built from by `$ref` and `allOf`, itself included."""
        found: set[str] = set()
        queue = [pointer]
        while queue:
            here = queue.pop()
            if here in found:
                continue
            found.add(here)
            schema = self._at(here)
            if isinstance(schema, dict):
                if isinstance(schema.get("$ref"), str):
                    queue.append(self._follow(schema["$ref"], here))
                queue.extend(child(here, "allOf", str(i)) for i in range(len(sequence(schema.get("allOf")))))
        return frozenset(found)

    def _at(self, pointer: str) -> Any:
        return look_up(self.document.root, pointer)

    def _follow(self, reference: str, pointer: str) -> str:
        """Return the target of a reference; one without a target is a fault of the document, reported when it was loaded, and allows
        anything.
        """
        try:
            return self.document.pointer(reference)
        except UnresolvableReference:
            return pointer

    def _flatten(self, pointer: str, path: frozenset[str]) -> Shape:
        if pointer in path:  # a schema that is part of itself by allOf adds nothing
            self._cycles += 1
            return Shape(pointer, (pointer,))
        if (known := self._parts.get(pointer)) is not None:
            return known
        schema = self._at(pointer)
        if not isinstance(schema, dict):  # `true` and `{}` allow anything; `false` is treated alike: nothing to learn
            return Shape(pointer, (pointer,))
        path = path | {pointer}
        self._steps += 1
        if self._steps > self._limit:
            raise _TooLarge(f"this schema consists of more than {self._limit} schemas", path)
        if len(path) > MOST_NESTED:
            raise _TooLarge(f"this schema consists of more than {MOST_NESTED} nested schemas", path)
        cycles = self._cycles
        shape = self._own(pointer, schema)
        if isinstance(schema.get("$ref"), str):
            shape = _merge(self._flatten(self._follow(schema["$ref"], pointer), path), shape)
        for index in range(len(sequence(schema.get("allOf")))):
            shape = _merge(self._flatten(child(pointer, "allOf", str(index)), path), shape)
        shape = self._with_arms(shape, pointer, schema, path)
        if shape.size > MOST_ALTERNATIVES:
            raise _TooLarge(f"this schema has more than {MOST_ALTERNATIVES} alternatives", path)
        if self._cycles == cycles:
            self._parts[pointer] = shape
        return shape

    def _with_arms(self, shape: Shape, pointer: str, schema: dict[str, Any], path: frozenset[str]) -> Shape:
        for word in ("oneOf", "anyOf"):
            arms = []
            for index, arm in enumerate(sequence(schema.get(word))):
                if isinstance(arm, dict) and (arm.get("type") == "null" or arm.get("enum") == [None]):
                    shape = replace(shape, nullable=True)
                    continue
                arms.append(self._flatten(child(pointer, word, str(index)), path))
            if len(arms) == 1:
                shape = _merge(arms[0], shape)
            elif arms:
                shape = _with(shape, (*shape.arms, *arms))
        return shape

    @staticmethod
    def _own(pointer: str, schema: dict[str, Any]) -> Shape:
        declared = schema.get("type")
        listed = declared if isinstance(declared, list) else [declared] if isinstance(declared, str) else []
        types = {name for name in listed if name in JSON_TYPES}
        enum = schema.get("enum") if isinstance(schema.get("enum"), list) else None
        if "const" in schema:
            enum = [schema["const"]]
        if not types and "$ref" not in schema and "allOf" not in schema:
            types = _implied(schema, enum)
        properties = _mapping(schema.get("properties"))
        additional = schema.get("additionalProperties")
        patterns = _mapping(schema.get("patternProperties"))
        required = schema.get("required")
        return Shape(
            pointer=pointer,
            origins=(pointer,),
            types=frozenset(types),
            nullable="null" in listed
            or schema.get("nullable") is True
            or schema.get("x-nullable") is True
            or (enum is not None and None in enum),
            properties={name: child(pointer, "properties", name) for name in properties},
            required=frozenset(name for name in required if isinstance(name, str)) if isinstance(required, list) else frozenset(),
            additional=child(pointer, "additionalProperties") if isinstance(additional, dict) and additional else None,
            patterns=tuple((name, child(pointer, "patternProperties", name)) for name in patterns),
            closed=additional is False,
            items=child(pointer, "items") if isinstance(schema.get("items"), dict) else None,
            enum=tuple(enum) if enum is not None else None,
            known=tuple(one for one in known if not isinstance(one, dict | list))
            if isinstance(known := schema.get("x-extensible-enum"), list)
            else (),
            format=schema.get("format") if isinstance(schema.get("format"), str) else None,
            bounds=_bounds(schema),
            read_only=schema.get("readOnly") is True,
            write_only=schema.get("writeOnly") is True,
            deprecated=schema.get("deprecated") is True,
        )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _implied(schema: dict[str, Any], enum: list[Any] | None) -> set[str]:
    if schema.get("properties") or isinstance(schema.get("additionalProperties"), dict) or schema.get("patternProperties"):
        return {"object"}
    if isinstance(schema.get("items"), dict):
        return {"array"}
    names = {str: "string", bool: "boolean", int: "integer", float: "number"}
    return {names[type(word)] for word in enum or () if type(word) in names}


_BOUNDS = frozenset({
    "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems",
})  # fmt: skip


def _bounds(schema: dict[str, Any]) -> Bounds:
    if _BOUNDS.isdisjoint(schema):
        return NO_BOUNDS

    def number(word: str) -> float | None:
        value = schema.get(word)
        return value if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) else None

    def count(word: str) -> int | None:
        value = number(word)
        return int(value) if value is not None else None

    def exclusive(word: str, inclusive: str) -> float | None:
        """Return an exclusive bound: OpenAPI 3.0 has a flag beside the bound, 3.1 a keyword with the bound."""
        return number(inclusive) if schema.get(word) is True else number(word)

    above, below = exclusive("exclusiveMinimum", "minimum"), exclusive("exclusiveMaximum", "maximum")
    pattern = schema.get("pattern")
    return Bounds(
        min_length=count("minLength") or None,
        max_length=count("maxLength"),
        pattern=pattern if isinstance(pattern, str) else None,
        minimum=number("minimum") if schema.get("exclusiveMinimum") is not True else None,
        maximum=number("maximum") if schema.get("exclusiveMaximum") is not True else None,
        above=above,
        below=below,
        min_items=count("minItems") or None,
        max_items=count("maxItems"),
    )


def _tighter(a: Bounds, b: Bounds) -> Bounds:
    if not a or not b:
        return a or b

    def pick(choose: Any, x: Any, y: Any) -> Any:
        return y if x is None else x if y is None else choose(x, y)

    return Bounds(
        pick(max, a.min_length, b.min_length),
        pick(min, a.max_length, b.max_length),
        b.pattern or a.pattern,
        pick(max, a.minimum, b.minimum),
        pick(min, a.maximum, b.maximum),
        pick(max, a.above, b.above),
        pick(min, a.below, b.below),
        pick(max, a.min_items, b.min_items),
        pick(min, a.max_items, b.max_items),
    )


def _with(shape: Shape, arms: tuple[Shape, ...]) -> Shape:
    return replace(shape, arms=arms, size=sum(arm.size for arm in arms) or 1)


def _merge(base: Shape, own: Shape) -> Shape:
    """Return the shape for which both hold. `own` is nearer to the location and names it."""
    return Shape(
        pointer=base.pointer if not (own.types or own.properties or own.arms) else own.pointer,
        origins=tuple(dict.fromkeys((*own.origins, *base.origins))),
        types=own.types & base.types or own.types or base.types,
        nullable=own.nullable or base.nullable,
        properties={**base.properties, **own.properties},
        required=own.required | base.required,
        additional=own.additional or base.additional,
        patterns=(*base.patterns, *own.patterns),
        closed=own.closed or base.closed,
        items=own.items or base.items,
        arms=(*base.arms, *own.arms),
        size=(base.size if base.arms else 0) + (own.size if own.arms else 0) or 1,
        enum=own.enum if own.enum is not None else base.enum,
        known=own.known or base.known,
        format=own.format or base.format,
        bounds=_tighter(base.bounds, own.bounds),
        read_only=own.read_only or base.read_only,
        write_only=own.write_only or base.write_only,
        deprecated=own.deprecated or base.deprecated,
    )


def union(shapes: list[Shape]) -> Shape:
    """Return any of several shapes; one shape is itself."""
    if len(shapes) == 1:
        return shapes[0]
    return Shape(
        pointer=shapes[0].pointer,
        origins=tuple(origin for shape in shapes for origin in shape.origins),
        arms=tuple(shapes),
        size=sum(shape.size for shape in shapes),
        read_only=all(shape.read_only for shape in shapes),
    )
