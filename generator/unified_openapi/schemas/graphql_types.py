"""GraphQL types, and entire schemas, in the schema language, from the schemas that they were converted to (`graphql_schema`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from unified_openapi.source.pointers import tokens

_BUILT_IN = {"string": "String", "integer": "Int", "number": "Float", "boolean": "Boolean"}
NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*\Z")
"""Names of GraphQL (https://spec.graphql.org/September2025/#Name)."""


def type_text(schema: Mapping[str, Any]) -> str:
    """Return the type of a value as the schema language writes it: `[ID!]!`.

    Raises:
        ValueError: the schema is not that of a type of GraphQL, because an overlay has changed it.
    """
    arms = [arm for arm in schema.get("anyOf", ()) if arm != {"type": "null"}]
    kinds = schema.get("type", ())
    listed = kinds if isinstance(kinds, list) else [kinds]
    nullable = "null" in listed or len(arms) < len(schema.get("anyOf", ()))
    named = arms[0] if len(arms) == 1 else schema
    kind = next((kind for kind in listed if kind != "null"), None)
    if "$ref" in named:  # beside it an overlay may state more
        text = tokens(named["$ref"].removeprefix("#"))[-1]
    elif kind == "array":
        text = f"[{type_text(schema['items'])}]"
    elif kind in _BUILT_IN:
        text = _BUILT_IN[kind]
    else:
        raise ValueError(f"{dict(schema)!r} is not a type of GraphQL")
    return text if nullable else f"{text}!"


def is_typed(schema: Any) -> bool:
    """Return true if a schema is that of a type of GraphQL."""
    try:
        return isinstance(schema, Mapping) and bool(type_text(schema))
    except (ValueError, KeyError, AttributeError, IndexError):
        return False


def is_needed(argument: Mapping[str, Any]) -> bool:
    """Return true if an argument must be given."""
    return "default" not in argument and type_text(argument).endswith("!")


def schema_text(root: Mapping[str, Any]) -> str:
    """Return a document that was converted from a GraphQL schema as a schema again, in the schema language.

    Args:
        root: the document, its facts, or a slice: interfaces and arguments of inner fields whose types it lacks are left out.
    """
    schemas = root.get("components", {}).get("schemas", {})
    roots: dict[str, list[str]] = {"query": [], "mutation": []}
    for item in root.get("paths", {}).values():
        operation = item.get("post", {})
        if "x-graphql" in operation:
            field = operation["x-graphql"]
            roots[field["operation"]].append(_root_field(field["field"], operation, schemas))
    named = {schema["x-graphql"]["kind"]: name for name, schema in schemas.items() if "x-graphql" in schema}
    names = {kind: named.get(kind, kind.capitalize()) for kind, fields in roots.items() if fields}
    parts = ["schema {", *(f"  {kind}: {name}" for kind, name in names.items()), "}"]
    interfaces = {name: _interfaces(schemas.get(name, {}), schemas) for name in names.values()}
    parts += [_object("type", name, roots[kind], interfaces[name]) for kind, name in names.items()]
    return "\n".join([*parts, *(_named_type(name, schema, schemas) for name, schema in schemas.items() if "x-graphql" in schema)])


def _root_field(name: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    body = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]["variables"]
    value = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["data"]["properties"][name]
    arguments = [_input(each, schema, schemas) for each, schema in body["properties"].items()]
    return f"{name}{_listed(arguments)}: {type_text(value)}{_deprecated(operation)}"


def _listed(arguments: list[str]) -> str:
    return f"({', '.join(arguments)})" if arguments else ""


def _input(name: str, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    default = f" = {_literal(schema['default'], schema, schemas)}" if "default" in schema else ""
    return f"{name}: {type_text(schema)}{default}{_deprecated(schema)}"


def _deprecated(schema: Mapping[str, Any]) -> str:
    return " @deprecated" if schema.get("deprecated") else ""


def _literal(value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """Return a default as a literal of its type."""
    named = next((arm for arm in schema.get("anyOf", ()) if "$ref" in arm), schema)
    target = schemas.get(tokens(named["$ref"].removeprefix("#"))[-1], {}) if "$ref" in named else {}
    if isinstance(value, dict):
        inner = target.get("properties", {})
        return "{" + ", ".join(f"{name}: {_literal(each, inner.get(name, {}), schemas)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(each, schema.get("items", {}), schemas) for each in value) + "]"
    return value if isinstance(value, str) and "enum" in target else json.dumps(value)


def _object(keyword: str, name: str, fields: Iterable[str], interfaces: Iterable[str]) -> str:
    implements = f" implements {' & '.join(interfaces)}" if interfaces else ""
    listed = [f"  {field}" for field in fields]  # none of a type whose fields a slice lacks: empty braces are a syntax error
    return "\n".join([f"{keyword} {name}{implements} {{", *listed, "}"]) if listed else f"{keyword} {name}{implements}"


def _named_type(name: str, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    facts = schema["x-graphql"]
    properties = {each: inner for each, inner in schema.get("properties", {}).items() if not each.startswith("__")}
    match facts["kind"]:
        case "query" | "mutation":
            return ""
        case "scalar":
            return "" if name in ("ID", *_BUILT_IN.values()) else f"scalar {name}"
        case "enum":
            gone = facts.get("deprecated", ())
            return _object("enum", name, (f"{each} @deprecated" if each in gone else each for each in schema["enum"]), ())
        case "union":
            return f"union {name} = {' | '.join(schema['discriminator']['mapping'])}"
        case "input":
            one_of = " @oneOf" if schema.get("maxProperties") == 1 else ""
            return _object("input", name + one_of, (_input(each, inner, schemas) for each, inner in properties.items()), ())
    keyword = "interface" if facts["kind"] == "interface" else "type"
    return _object(keyword, name, (_field(each, inner, schemas) for each, inner in properties.items()), _interfaces(schema, schemas))


def _interfaces(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> list[str]:
    return [name for name in schema.get("x-graphql", {}).get("implements", ()) if name in schemas]


def _field(name: str, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    given = schema.get("x-graphql", {}).get("arguments", {})
    known = [_input(each, inner, schemas) for each, inner in given.items() if _named(type_text(inner)) in (*schemas, *_BUILT_IN.values())]
    return f"{name}{_listed(known)}: {type_text(schema)}{_deprecated(schema)}"


def _named(type: str) -> str:
    """Return the name in a type: `[ID!]!` is `ID`."""
    return type.strip("[]!")
