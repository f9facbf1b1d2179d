"""Query texts of GraphQL fields without a mapping: all arguments as variables, and a bounded selection of the value.

Selected are the plain values of a record, and of the records that it refers to those that identify or name them. Lists and pages of other
records in it are left out, and so are deprecated fields and those that need arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from unified_openapi.schemas.graphql_types import is_needed, type_text
from unified_openapi.source.pointers import tokens

Find = Callable[[str], Mapping[str, Any]]
"""Return the schema of a type by its name; an empty one if there is none."""
_RECORDS = ("nodes", "items")
"""Properties of a page that hold its records."""
_NAMES = ("id", "name", "title", "key", "identifier", "displayName", "email", "url", "type")
"""Fields that identify or name a record that another one refers to."""
_TYPE_NAME = "__typename"


def default_query(operation: Mapping[str, Any], find: Find) -> str:
    """Return the query text of an operation of a GraphQL schema.

    Args:
        operation: the operation in the document.
        find: looks up types.
    """
    facts = operation["x-graphql"]
    kind, name = facts["operation"], facts["field"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]["variables"]
    value = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["data"]["properties"][name]
    declared = {each: schema for each, schema in body["properties"].items() if not schema.get("deprecated")}
    variables = ", ".join(f"${each}: {_variable(schema)}" for each, schema in declared.items())
    given = ", ".join(f"{each}: ${each}" for each in declared)
    selected = " ".join(_value(value, find))
    arguments = (f"({variables})", f"({given})") if declared else ("", "")
    return f"{kind} {name}{arguments[0]} {{ {name}{arguments[1]}{f' {{ {selected} }}' if selected else ''} }}"


def _variable(schema: Mapping[str, Any]) -> str:
    """Return the type of a variable; an argument with a default may be left out."""
    text = type_text(schema)
    return text.removesuffix("!") if "default" in schema else text


def _value(schema: Mapping[str, Any], find: Find) -> Iterator[str]:
    """Yield the selection of a field's value: a record, a page of records, or the result of a mutation."""
    type = find(_type(schema))
    properties = type.get("properties", {})
    if not _is_object(type):
        return
    plain = dict(_fields(type, find))
    records = next((each for each in _RECORDS if each in plain), None) if "id" not in properties else None
    if records is not None:
        yield f"{records} {{ {' '.join(_record(find(_type(properties[records])), find))} }}"
    if records is not None or "id" not in properties:
        for name, inner in plain.items():
            target = find(_type(inner))
            if name == records or name == "edges":
                continue
            if not _is_object(target):
                yield name
            elif "id" in target.get("properties", {}):
                yield f"{name} {{ {' '.join(_record(target, find))} }}"
            else:
                yield f"{name} {{ {' '.join(_plain(target, find)) or _TYPE_NAME} }}"
        if not plain:
            yield _TYPE_NAME
        return
    yield from _record(type, find)


def _record(type: Mapping[str, Any], find: Find) -> Iterator[str]:
    """Yield the plain values of a record, and the names of those that it refers to."""
    found = list(_plain(type, find))
    yield from found or [_TYPE_NAME]
    for name, inner in _fields(type, find):
        target = find(_type(inner))
        if _is_object(target) and not _listed(inner) and "arguments" not in inner.get("x-graphql", {}):
            named = [each for each, _ in _fields(target, find) if each in _NAMES and each in _plain(target, find)]
            if named:
                yield f"{name} {{ {' '.join(named)} }}"


def _plain(type: Mapping[str, Any], find: Find) -> list[str]:
    return [name for name, inner in _fields(type, find) if not _is_object(find(_type(inner)))]


def _fields(type: Mapping[str, Any], find: Find) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, inner in type.get("properties", {}).items():
        needed = any(map(is_needed, inner.get("x-graphql", {}).get("arguments", {}).values()))
        if not name.startswith("__") and not inner.get("deprecated") and not needed:
            yield name, inner


def _type(schema: Mapping[str, Any]) -> str:
    """Return the name of the type of a value or of the elements of a list; empty if it is built in."""
    for each in (schema, *schema.get("anyOf", ())):
        if "$ref" in each:
            return tokens(each["$ref"].removeprefix("#"))[-1]
        if "items" in each:
            return _type(each["items"])
    return ""


def _listed(schema: Mapping[str, Any]) -> bool:
    return any("items" in each for each in (schema, *schema.get("anyOf", ())))


def _is_object(type: Mapping[str, Any]) -> bool:
    return type.get("x-graphql", {}).get("kind") in ("object", "interface", "union", "query", "mutation")
