"""Arguments of fields inside the value of a GraphQL operation, by their path: `items_page.limit` of `boards`."""

from __future__ import annotations

from collections.abc import Iterator

from unified_gen.resolve.assignments import InnerArgument
from unified_openapi.documents.conversion import mapping
from unified_openapi.schemas.graphql_types import is_typed
from unified_openapi.schemas.paths import Name, Path, PathFault, parse_path
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.source.pointers import child


def inner_argument(schemas: Schemas, value: Shape, text: str) -> tuple[InnerArgument, Path] | None:
    """Return the argument that a path leads to, and the rest of the path in it; None if it leads to none.

    Args:
        schemas: the vendor's schemas.
        value: the value of the operation.
        text: names of fields, then that of an argument, then a path in its value.
    """
    try:
        path = parse_path(text)
    except PathFault:
        return None
    shapes, names = [value], list[str]()
    for index, segment in enumerate(path.segments[:-1]):
        following = path.segments[index + 1]
        if not isinstance(segment, Name) or not isinstance(following, Name):
            return None
        names.append(segment.name)
        properties = [pointer for shape in shapes for one in _objects(schemas, shape) if (pointer := one.properties.get(segment.name))]
        for pointer in properties:
            declared = mapping(mapping(mapping(schemas.document.at(pointer)).get("x-graphql")).get("arguments"))
            if is_typed(declared.get(following.name)):
                found = InnerArgument((*names, following.name), child(pointer, "x-graphql", "arguments", following.name))
                rest = path.segments[index + 2 :]
                return found, Path(text.split(f"{following.name}", 1)[1].lstrip(".") if rest else "@", rest)
        shapes = [schemas.shape(pointer) for pointer in properties]
    return None


def _objects(schemas: Schemas, shape: Shape) -> Iterator[Shape]:
    """Yield the objects that a value, or each element of a list, may be."""
    for one in (shape, *shape.variants()):
        if one.items is not None:
            yield from _objects(schemas, schemas.shape(one.items))
        elif one.properties:
            yield one
