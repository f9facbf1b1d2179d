"""Fields of GraphQL types that a slice has: most types of a schema lead to all others.

Complete are the types of the values and the arguments of the operations, and the records in pages and results. Types that these refer to
have their plain fields, or all of them if they have none; of inputs also those that are comparators, and of pages their records. `keep`
replaces this for a type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from unified_openapi.documents.conversion import mapping
from unified_openapi.documents.document import Document
from unified_openapi.documents.operations import OperationFacts
from unified_openapi.documents.words import words
from unified_openapi.schemas.graphql_resources import page_items, type_of
from unified_openapi.source.pointers import child


def cuts(document: Document, operations: Iterable[OperationFacts]) -> Mapping[str, frozenset[str]]:
    """Return the properties that stay, by the pointer of a type; none for a document that is not a GraphQL schema."""
    chosen = [one for one in operations if one.graphql is not None]
    if not chosen:
        return {}
    schemas = mapping(mapping(document.root.get("components")).get("schemas"))
    complete = {type for one in chosen for type in _complete(document.at(one.pointer), schemas)}
    return {
        child("/components/schemas", name): frozenset(_selected(schema, schemas))
        for name, schema in schemas.items()
        if name not in complete and "properties" in mapping(schema) and "x-graphql" in schema
    }


def _complete(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    """Yield the types of an operation whose fields all stay."""
    body = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]["variables"]
    for schema in body["properties"].values():
        yield from _named(schema)
    name = operation["x-graphql"]["field"]
    value = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["data"]["properties"][name]
    for type in _named(value):
        yield type
        properties = mapping(schemas[type].get("properties"))
        if "id" in properties:
            continue
        records = page_items(type, schemas)
        for inner, schema in properties.items():  # a page, or the result of a mutation
            for record in _named(schema):
                if inner == records or set(words(record)) <= set(words(name)) or "id" not in mapping(schemas[record].get("properties")):
                    yield record


def _selected(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[str]:
    """Return the plain fields of a type, or all if it has none: the first of two amounts, one in each currency, may be the wrong one.

    Members of unions also have `__typename`, which a schema does not declare.
    """
    plain = list(_plain(schema, schemas))
    declared = [name for name in schema["properties"] if not name.startswith("__")]
    return plain if any(name in declared for name in plain) else [*plain, *declared]


def _plain(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    is_input = schema["x-graphql"]["kind"] == "input"
    records = page_items(next((name for name, each in schemas.items() if each is schema), None), schemas)
    for name, inner in schema["properties"].items():
        target: Mapping[str, Any] = next((schemas[type] for type in _named(inner)), {})
        leads_on = "properties" in target or "oneOf" in target
        if not leads_on or name == records or (is_input and not any(map(_leads_on, _targets(target, schemas)))):
            yield name


def _targets(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for inner in mapping(schema.get("properties")).values():
        yield from (schemas[type] for type in _named(inner))


def _leads_on(schema: Mapping[str, Any]) -> bool:
    return "properties" in schema


def _named(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the type of a value, or of the elements of a list."""
    for each in (schema, *schema.get("anyOf", ())):
        if "items" in each:
            yield from _named(each["items"])
    type = type_of(schema)
    if type is not None:
        yield type
