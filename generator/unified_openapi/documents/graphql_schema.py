"""Conversion of GraphQL schemas to OpenAPI 3.1: each field of the query and mutation types is an operation.

Source: https://spec.graphql.org/September2025/ and https://graphql.github.io/graphql-over-http/draft/. The result describes what is sent
over HTTP:

* The path of the field `issues` is `/#issues`: the endpoint itself, and a fragment that no request contains. The method is POST.
* The body is `query` and `variables`; the properties of `variables` are the arguments of the field, under their own names.
* The response has the value of the field in `data`, below the field's name, and `errors` beside it.
* A type is a component with its name. What the types of OpenAPI lose is in `x-graphql`, so that the schema can be built again
  (`unified_openapi.schemas.graphql_types`): the kind of a type, the interfaces of an object, the arguments of inner fields.
* A field or argument that may be null allows `null`; one that is not is required, unless an argument has a default or a field needs
  arguments. An object that is one of several types has `__typename`.
* Subscriptions are not requests and are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import graphql
from graphql.utilities import ast_from_value

from unified_openapi.diagnostics.codes import MALFORMED, NOT_A_DESCRIPTION
from unified_openapi.diagnostics.model import finding
from unified_openapi.documents.conversion import ConvertedDocument, Journal
from unified_openapi.documents.reading import DocumentFault, SourceText
from unified_openapi.source.pointers import child
from unified_openapi.source.spans import Span

ERROR = "GraphQLError"
_RECORDS = ("nodes", "items")
_BUILT_IN = {
    "String": {"type": "string"},
    "Int": {"type": "integer", "format": "int32"},
    "Float": {"type": "number", "format": "double"},
    "Boolean": {"type": "boolean"},
}
_DATE_TIME = {"type": "string", "format": "date-time"}
_DATE = {"type": "string", "format": "date"}
_URL = {"type": "string", "format": "uri"}
_TEXT = {"type": "string"}
SCALARS: Mapping[str, Mapping[str, Any]] = {
    "ID": _TEXT,
    "DateTime": _DATE_TIME,
    "ISO8601DateTime": _DATE_TIME,
    "PreciseDateTime": _DATE_TIME,
    "TimelessDate": _DATE,
    "Date": _DATE,
    "UUID": {"type": "string", "format": "uuid"},
    "URI": _URL,
    "URL": _URL,
    "HTML": _TEXT,
    "Color": _TEXT,
    "Decimal": _TEXT,
    "Money": _TEXT,
    "BigInt": {"type": ["string", "integer"]},
    "UnsignedInt64": {"type": ["string", "integer"]},
    "JSONObject": {"type": "object", "additionalProperties": True},
}
"""Values of scalars by their usual names. Of others, only an overlay can state more than that they may be anything."""


class SchemaPositions:
    """Locations of types, fields and arguments in the text of a schema."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._nodes: dict[str, graphql.Node] = {}

    def add(self, pointer: str, node: graphql.Node | None) -> None:
        if node is not None:
            self._nodes[pointer] = node

    def find(self, pointer: str) -> Span | None:
        node = self._nodes.get(pointer)
        named = getattr(node, "name", None) or node
        if named is None or named.loc is None:
            return None
        token = named.loc.start_token
        length = named.loc.end - named.loc.start
        return Span(self._file, token.line, token.column, token.line, token.column + length)


def read_sdl(text: str, file: str) -> tuple[ConvertedDocument, SourceText]:
    """Read a schema in GraphQL's schema definition language.

    Raises:
        DocumentFault: the text is malformed, or has no query type.
    """
    try:
        parsed = graphql.parse(text)
        schema = graphql.build_ast_schema(parsed, assume_valid_sdl=True)
    except graphql.GraphQLSyntaxError as error:
        line, column = error.locations[0] if error.locations else (1, 1)
        raise DocumentFault(
            finding(MALFORMED, f"this is not GraphQL: {error.message}", Span(file, line, column, line, column + 1))
        ) from None
    except (graphql.GraphQLError, TypeError) as error:
        raise DocumentFault(finding(MALFORMED, f"this is not a GraphQL schema: {error}", Span(file, 1, 1, 1, 1))) from None
    positions = SchemaPositions(file)
    converted = _Converter(_with_query(schema, file), positions).convert()
    return converted, SourceText(file, converted.root, "SDL", positions)


def convert_introspection(root: Mapping[str, Any], file: str) -> ConvertedDocument:
    """Convert the result of an introspection query.

    Raises:
        DocumentFault: it is not a complete result, or has no query type.
    """
    data: Any = root.get("data", root)
    try:
        schema = graphql.build_client_schema(data, assume_valid=True)
    except (TypeError, KeyError, graphql.GraphQLError) as error:
        raise DocumentFault(finding(MALFORMED, f"this is not the result of an introspection: {error}", Span(file, 1, 1, 1, 1))) from None
    return _Converter(_with_query(schema, file), SchemaPositions(file)).convert()


def _with_query(schema: graphql.GraphQLSchema, file: str) -> graphql.GraphQLSchema:
    if schema.query_type is None:
        raise DocumentFault(finding(NOT_A_DESCRIPTION, "this schema has no query type", Span(file, 1, 1, 1, 1)))
    return schema


class _Converter:
    def __init__(self, schema: graphql.GraphQLSchema, positions: SchemaPositions) -> None:
        self.schema = schema
        self.positions = positions
        self.journal = Journal()
        self.roots = {kind: type for kind, type in (("query", schema.query_type), ("mutation", schema.mutation_type)) if type is not None}
        inner = [type for type in schema.type_map.values() if isinstance(type, graphql.GraphQLUnionType | graphql.GraphQLInterfaceType)]
        self.members = {member.name for type in inner for member in schema.get_possible_types(type)}

    def convert(self) -> ConvertedDocument:
        if self.schema.subscription_type is not None:
            self.journal.note("", "subscriptions are not requests over HTTP")
        paths: dict[str, Any] = {}
        shared = set.intersection(*(set(type.fields) for type in self.roots.values())) if len(self.roots) > 1 else set()
        for kind, type in self.roots.items():
            for name, one in type.fields.items():
                operation = f"{kind}.{name}" if name in shared else name
                pointer = child("/paths", f"/#{operation}")
                self.positions.add(pointer, one.ast_node)
                paths[f"/#{operation}"] = {"post": self._operation(kind, name, operation, one, child(pointer, "post"))}
        skipped = {type.name for type in (*self.roots.values(), self.schema.subscription_type) if type is not None}
        used = {
            name: type for name, type in self.schema.type_map.items() if name not in skipped and name[:2] != "__" and name not in _BUILT_IN
        }
        schemas = {name: self._type(type) for name, type in sorted(used.items())}
        for kind, type in self.roots.items():  # some types have a field that leads back to all queries
            schemas[type.name] = {"type": "object", "x-graphql": {"kind": kind, **_implements(type)}}
        schemas[ERROR] = _error()
        root = {
            "openapi": "3.1.0",
            "info": {"title": "GraphQL", "version": ""},
            "servers": [{"url": "/"}],
            "paths": paths,
            "components": {"schemas": schemas},
        }
        return self.journal.conversion(root)

    # ---------------------------------------------------------------------------------- operations
    def _operation(self, kind: str, name: str, operation: str, one: graphql.GraphQLField, pointer: str) -> dict[str, Any]:
        inside = child(pointer, "requestBody", "content", "application/json", "schema", "properties", "variables")
        variables = self._inputs(one.args, inside)
        body: dict[str, Any] = {
            "type": "object",
            "properties": {"query": {"type": "string"}, "operationName": {"type": "string"}, "variables": variables},
            "required": ["query", "variables"] if variables.get("required") else ["query"],
            "additionalProperties": False,
        }
        data = {"type": ["object", "null"], "properties": {name: self._value(one.type)}}
        response = {"type": "object", "properties": {"data": data, "errors": {"type": "array", "items": _reference(ERROR)}}}
        made: dict[str, Any] = {"operationId": operation, "tags": [self._about(one.type)], "x-graphql": {"operation": kind, "field": name}}
        if one.deprecation_reason is not None:
            made["deprecated"] = True
        made["requestBody"] = {"content": {"application/json": {"schema": body}}, "required": True}
        made["responses"] = {"200": {"description": "", "content": {"application/json": {"schema": response}}}}
        return made

    def _about(self, type: graphql.GraphQLOutputType) -> str:
        """Return the type that an operation is about: that of the records of a page, or of the record in the result of a mutation."""
        named = graphql.get_named_type(type)
        fields = named.fields if isinstance(named, graphql.GraphQLObjectType) and "id" not in named.fields else {}
        inner = [fields[name] for name in _RECORDS if name in fields] or list(fields.values())
        for one in inner:
            record = graphql.get_named_type(one.type)
            if isinstance(record, graphql.GraphQLObjectType) and "id" in record.fields:
                return record.name
        return named.name.removesuffix("Payload").removesuffix("Connection")

    def _inputs(self, inputs: Mapping[str, graphql.GraphQLArgument | graphql.GraphQLInputField], pointer: str) -> dict[str, Any]:
        """Return the schema of arguments or of the fields of an input object."""
        properties: dict[str, Any] = {}
        for name, one in inputs.items():
            schema = self._value(one.type)
            if one.default is not None:
                schema = {**schema, "default": graphql.value_from_ast_untyped(_literal(one))}
            if one.deprecation_reason is not None:
                schema = {**schema, "deprecated": True}
            self.positions.add(child(pointer, "properties", name), one.ast_node)
            properties[name] = schema
        made: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [name for name, one in inputs.items() if _needed(one)]
        return {**made, "required": required} if required else made

    # ---------------------------------------------------------------------------------- types
    def _type(self, type: graphql.GraphQLNamedType) -> dict[str, Any]:
        pointer = child("/components/schemas", type.name)
        self.positions.add(pointer, type.ast_node)
        if isinstance(type, graphql.GraphQLScalarType):
            return {**SCALARS.get(type.name, {}), "x-graphql": {"kind": "scalar"}}
        if isinstance(type, graphql.GraphQLEnumType):
            deprecated = [name for name, value in type.values.items() if value.deprecation_reason is not None]
            kind = {"kind": "enum", "deprecated": deprecated} if deprecated else {"kind": "enum"}
            return {"type": "string", "enum": list(type.values), "x-graphql": kind}
        if isinstance(type, graphql.GraphQLInputObjectType):
            made = self._inputs(type.fields, pointer)
            bounds = {"minProperties": 1, "maxProperties": 1} if type.is_one_of else {}
            return {**made, **bounds, "x-graphql": {"kind": "input"}}
        if isinstance(type, graphql.GraphQLUnionType):
            return {**self._one_of(type), "x-graphql": {"kind": "union"}}
        assert isinstance(type, graphql.GraphQLObjectType | graphql.GraphQLInterfaceType)
        return self._object(type, pointer)

    def _object(self, type: graphql.GraphQLObjectType | graphql.GraphQLInterfaceType, pointer: str) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        for name, one in type.fields.items():
            schema = self._value(one.type)
            if one.args:
                inside = child(pointer, "properties", name, "x-graphql")
                schema["x-graphql"] = {"arguments": self._inputs(one.args, inside)["properties"]}
            if one.deprecation_reason is not None:
                schema["deprecated"] = True
            self.positions.add(child(pointer, "properties", name), one.ast_node)
            properties[name] = schema
        required = [
            name for name, one in type.fields.items() if graphql.is_non_null_type(one.type) and not any(map(_needed, one.args.values()))
        ]
        abstract = isinstance(type, graphql.GraphQLInterfaceType)
        if not abstract and type.name in self.members:
            properties["__typename"] = {"type": "string", "enum": [type.name]}
        kind = {"kind": "interface" if abstract else "object", **_implements(type)}
        made: dict[str, Any] = {"type": "object", "properties": properties}
        if required:
            made["required"] = required
        if isinstance(type, graphql.GraphQLInterfaceType) and self.schema.get_possible_types(type):
            made |= self._one_of(type)
        return {**made, "x-graphql": kind}

    def _one_of(self, type: graphql.GraphQLUnionType | graphql.GraphQLInterfaceType) -> dict[str, Any]:
        members = [member.name for member in self.schema.get_possible_types(type)]
        mapping = {name: child("#/components/schemas", name) for name in members}
        return {"oneOf": [_reference(name) for name in members], "discriminator": {"propertyName": "__typename", "mapping": mapping}}

    def _value(self, type: graphql.GraphQLType) -> dict[str, Any]:
        """Return the schema of a value of a type, which may be null unless the type excludes it."""
        if isinstance(type, graphql.GraphQLNonNull):
            return self._not_null(type.of_type)
        made = self._not_null(type)
        return {**made, "type": [made["type"], "null"]} if "type" in made else {"anyOf": [made, {"type": "null"}]}

    def _not_null(self, type: graphql.GraphQLType) -> dict[str, Any]:
        if isinstance(type, graphql.GraphQLList):
            return {"type": "array", "items": self._value(type.of_type)}
        assert isinstance(type, graphql.GraphQLNamedType)
        return dict(_BUILT_IN[type.name]) if type.name in _BUILT_IN else _reference(type.name)


def _implements(type: graphql.GraphQLObjectType | graphql.GraphQLInterfaceType) -> dict[str, Any]:
    return {"implements": [interface.name for interface in type.interfaces]} if type.interfaces else {}


def _needed(one: graphql.GraphQLArgument | graphql.GraphQLInputField) -> bool:
    return graphql.is_non_null_type(one.type) and one.default is None


def _literal(one: graphql.GraphQLArgument | graphql.GraphQLInputField) -> graphql.ValueNode:
    """Return the default of an argument that has one, as it is written."""
    assert one.default is not None
    node = one.default.literal
    if node is None:  # of an introspection
        node = ast_from_value(one.default.value, one.type)
    assert node is not None
    return node


def _error() -> dict[str, Any]:
    """Return the schema of an error (https://spec.graphql.org/September2025/#sec-Errors)."""
    location = {"type": "object", "properties": {"line": {"type": "integer"}, "column": {"type": "integer"}}}
    properties = {
        "message": {"type": "string"},
        "locations": {"type": "array", "items": location},
        "path": {"type": "array", "items": {"type": ["string", "integer"]}},
        "extensions": {"type": "object", "additionalProperties": True},
    }
    return {"type": "object", "properties": properties, "required": ["message"]}


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": child("#/components/schemas", name)}
