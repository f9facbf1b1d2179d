"""Names around the values of requests and responses: those of the vendor's `envelope`, or those that GraphQL puts around every value."""

from __future__ import annotations

from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.shapes import Schemas, Shape


def around_response(schemas: Schemas, facts: OperationFacts, shape: Shape, envelope: str | None) -> tuple[str, ...]:
    """Return the names around the value in an operation's response.

    Args:
        schemas: the vendor's schemas.
        facts: the operation.
        shape: the schema of the entire response.
        envelope: the vendor's envelope; None if it has none, or the step reads beside it.
    """
    if facts.graphql is not None:
        return _described(schemas, shape, facts.graphql.value_at)
    return (envelope,) if envelope is not None and envelope in shape.properties else ()


def around_request(schemas: Schemas, facts: OperationFacts, shape: Shape, envelope: str | None) -> tuple[str, ...]:
    """Return the names around the inputs in an operation's body, as `around_response` does."""
    if facts.graphql is not None:
        return _described(schemas, shape, facts.graphql.arguments_at)
    return (envelope,) if envelope is not None and envelope in shape.properties else ()


def _described(schemas: Schemas, shape: Shape, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names if the schema has all of them; none if the document was changed: what is below them is then reported as missing."""
    for name in names:
        if name not in shape.properties:
            return ()
        shape = schemas.shape(shape.properties[name])
    return names


def entered(schemas: Schemas, shape: Shape, names: tuple[str, ...]) -> Shape:
    """Return the schema below these names."""
    for name in names:
        shape = schemas.shape(shape.properties[name])
    return shape
