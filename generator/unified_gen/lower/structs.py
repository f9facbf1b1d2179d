"""Narrow structs: for each response, just the locations that are read, so that decoding costs what is used.

A struct's fields are all optional: a response that lacks one is read as None, never refused (lenient reading).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import TypeAlias

from msgspec import Struct

from unified_gen.lower.python import attribute, lit, pascal, unique
from unified_openapi.schemas.paths import Name, Segment
from unified_openapi.schemas.shapes import Schemas, Shape, matches, union
from unified_openapi.source.pointers import unescape

_ANNOTATING = frozenset({"Decimal", "bool", "dict", "field", "float", "int", "list", "str"})
_OBJECT = "dict[str, Any]"
UNPARSED = "Raw"
"""The type of an object that is saved as its bytes; msgspec has no union of it and None."""

_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


class StructField(Struct, frozen=True):
    """One field: its Python name, its name on the wire, and its type without `| None`."""

    name: str
    wire: str
    type: str
    struct: StructDef | None = None
    """The struct it holds, or whose list it holds."""
    listed: bool = False


class StructDef(Struct, frozen=True):
    """A struct. `source` is the vendor's schema it is cut from, for the docstring."""

    name: str
    fields: tuple[StructField, ...]
    source: str

    def field(self, wire: str) -> StructField:
        return next(found for found in self.fields if found.wire == wire)

    def render(self) -> str:
        """Return the class, as it is in types.py."""
        lines = [f"class {self.name}(Struct, frozen=True, gc=False):"]
        if not self.fields:
            lines.append("    pass")
        for field in self.fields:
            blank = 'Raw(b"null")' if field.type == UNPARSED else "None"
            default = blank if field.name == field.wire else f"field(name={lit(field.wire)}, default={blank})"
            type = field.type if field.type in ("Any", UNPARSED) else f"{field.type} | None"
            lines.append(f"    {field.name}: {type} = {default}")
        return "\n".join(lines)


Embedded: TypeAlias = Mapping[tuple[Segment, ...], StructDef | None]
"""Locations whose struct exists already, such as the record inside a page; None is for an object that is saved as its bytes."""


class Structs:
    """The structs of one vendor. Equal ones are shared; if a name is in use by another struct, the resource's name is put before it."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        self.defined: dict[str, StructDef] = {}

    def build(
        self,
        name: str,
        shape: Shape,
        paths: Iterable[tuple[Segment, ...]],
        *,
        prefix: str,
        embed: Embedded | None = None,
    ) -> StructDef:
        """Return the struct that holds the given paths of a schema.

        Args:
            name: its name, if the schema has none of its own.
            shape: the schema at its root.
            paths: what is read, from the root.
            prefix: put before a name that another struct has.
            embed: locations that are not built anew.
        """
        return self._struct(name, shape, tuple(dict.fromkeys(paths)), prefix, dict(embed or {}))

    def _struct(self, name: str, shape: Shape, paths: tuple[tuple[Segment, ...], ...], prefix: str, embed: Embedded) -> StructDef:
        own = schema_name(shape) or pascal(name)
        fields: list[StructField] = []
        for wire in dict.fromkeys(path[0].name for path in paths if path and isinstance(path[0], Name)):
            rests = tuple(path[1:] for path in paths if path and path[0] == Name(wire))
            inner_embed = {path[1:]: struct for path, struct in embed.items() if path and path[0] == Name(wire)}
            name_ = unique(_member(wire), [field.name for field in fields])
            type, struct, listed = self._type(f"{own} {wire}", self._property(shape, wire), rests, prefix, inner_embed)
            fields.append(StructField(name_, wire, type, struct, listed))
        return self._define(StructDef(own, tuple(fields), shape.pointer), prefix)

    def _type(
        self,
        name: str,
        shape: Shape | None,
        rests: tuple[tuple[Segment, ...], ...],
        prefix: str,
        embed: Embedded,
    ) -> tuple[str, StructDef | None, bool]:
        if (known := embed.get(())) is not None:
            return known.name, known, False
        deeper = tuple(rest for rest in rests if rest)
        if not deeper:
            type = leaf_type(self.schemas, shape) if shape is not None else "Any"
            return (UNPARSED if type == _OBJECT and () in embed else type), None, False
        if len(deeper) != len(rests) or shape is None:
            return "Any", None, False
        keyed = not isinstance(deeper[0][0], Name) and shape.additional is not None and _all_of_a_kind(shape, "object")
        if not keyed and not _all_of_a_kind(shape, "object" if isinstance(deeper[0][0], Name) else "array"):
            return "Any", None, False
        if keyed:  # the values of an object, under any names
            inner_embed = {path[1:]: struct for path, struct in embed.items() if path}
            value = self.schemas.shape(shape.additional) if shape.additional is not None else None
            type, struct, _ = self._type(name, value, tuple(rest[1:] for rest in deeper), prefix, inner_embed)
            return f"dict[str, {type}]", struct, True
        if all(not isinstance(rest[0], Name) for rest in deeper):
            element = self._items(shape)
            inner_embed = {path[1:]: struct for path, struct in embed.items() if path}
            type, struct, _ = self._type(name, element, tuple(rest[1:] for rest in deeper), prefix, inner_embed)
            return f"list[{type}]", struct, True
        struct = self._struct(name, shape, deeper, prefix, embed)
        return struct.name, struct, False

    def _property(self, shape: Shape, wire: str) -> Shape | None:
        found = [self.schemas.shape(variant.properties[wire]) for variant in (shape, *shape.variants()) if wire in variant.properties]
        for variant in (shape, *shape.variants()):
            found += [self.schemas.shape(pointer) for pattern, pointer in variant.patterns if not found and matches(pattern, wire)]
            if not found and variant.additional is not None:
                found.append(self.schemas.shape(variant.additional))
        return union(list({shape.pointer: shape for shape in found}.values())) if found else None

    def _items(self, shape: Shape) -> Shape | None:
        found = [self.schemas.shape(variant.items) for variant in shape.variants() if variant.items is not None]
        return union(found) if found else None

    def _define(self, struct: StructDef, prefix: str) -> StructDef:
        for candidate in _names(struct.name, pascal(prefix)):
            named = StructDef(candidate, struct.fields, struct.source)
            known = self.defined.get(candidate)
            if known is None or known.fields == named.fields:
                self.defined.setdefault(candidate, named)
                return self.defined[candidate]
        raise AssertionError("a struct finds no name")


def _member(wire: str) -> str:
    """Return a property's name as a struct's attribute, changed if it would hide a name that the class's annotations and defaults use."""
    name = attribute(wire)
    return name + "_" if name in _ANNOTATING else name


def _all_of_a_kind(shape: Shape, kind: str) -> bool:
    """Return true if each alternative of a location is of one JSON type, so that a struct or a list can be for it.

    Another alternative (a name beside an object), or one that has no description, would make decoding refuse the entire response.
    """
    return all(variant.kinds == {kind} for variant in shape.variants())


def _names(name: str, prefix: str) -> Iterator[str]:
    """Yield names for a struct, the plainest first; none that the module of structs uses itself."""
    if name not in ("Struct", UNPARSED):
        yield name
    yield prefix + name
    for number in count(2):
        yield f"{prefix}{name}{number}"


def schema_name(shape: Shape) -> str | None:
    """Return the name of a schema under `components`, as a class name."""
    for origin in (shape.pointer, *shape.origins):
        tokens = origin.split("/")
        if tokens[:3] == ["", "components", "schemas"] and len(tokens) == 4:
            return pascal(unescape(tokens[3]))
    return None


def leaf_type(schemas: Schemas, shape: Shape) -> str:
    """Return the Python type of a value that is read as a unit."""
    kinds = shape.kinds
    if "number" in kinds and kinds <= {"integer", "number"}:
        return "Decimal"  # with the digits that were sent; msgspec has no union of it and text
    if kinds and kinds <= set(_SCALARS):
        names = [_SCALARS[kind] for kind in sorted(kinds, key=list(_SCALARS).index)]
        return " | ".join(name for name in names if not (name == "int" and "float" in names))
    if kinds == {"array"}:
        items = [variant.items for variant in shape.variants() if variant.items is not None]
        return f"list[{leaf_type(schemas, schemas.shape(items[0]))}]" if items else "list[Any]"
    if kinds == {"object"}:
        return _OBJECT
    return "Any"
