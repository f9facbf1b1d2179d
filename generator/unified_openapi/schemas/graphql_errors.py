"""Errors in the values of GraphQL mutations, such as `userErrors`."""

from __future__ import annotations

from unified_openapi.documents.operations import OperationFacts
from unified_openapi.schemas.shapes import Schemas, Shape


def error_list(facts: OperationFacts, schemas: Schemas) -> str | None:
    """Return the property of a mutation's value that lists errors: its name ends with `errors`, and its elements have a `message`."""
    for media in facts.responses.values():
        for pointer in media.values():
            shape: Shape | None = schemas.shape(pointer)
            for name in facts.graphql.value_at if facts.graphql is not None else ():
                inner = shape.properties.get(name) if shape is not None else None
                shape = schemas.shape(inner) if inner is not None else None
            for name, at in sorted(shape.properties.items()) if shape is not None else ():
                items = schemas.shape(at).items
                if name.lower().endswith("errors") and items is not None and "message" in schemas.shape(items).properties:
                    return name
    return None
