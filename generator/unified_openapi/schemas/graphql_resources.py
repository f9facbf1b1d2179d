"""GraphQL fields as operations on resources: `issueUpdate(id, input)` is `PATCH /issue/{id}`, from which roles of operations are derived.

The names of fields and types decide: what a field creates, changes or deletes is the type that its name has beside the verb, or else the
type of its result. The resulting document is for emulators and first mappings; clients see only the GraphQL endpoint.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from unified_openapi.documents import Document, parse_document
from unified_openapi.documents.conversion import mapping
from unified_openapi.documents.words import CREATES, DELETES, UPDATES, identifies, noun, words
from unified_openapi.source.pointers import tokens

_ARCHIVES = frozenset({"archive", "trash"})
_USUAL_UPDATES = UPDATES - {"set"}
_CHANGES = UPDATES | {"change", "unarchive", "restore"}
_UNKNOWN = "OPTIONS"
"""Method of fields of which the schema does not state what they do; no role is derived from it."""
_VERBS = CREATES | _CHANGES | DELETES | _ARCHIVES
LISTS = ("nodes", "items")
"""Properties of a page that hold its records."""


@dataclass(frozen=True, slots=True)
class Route:
    """The operation that a field is: `id` is the argument in its path, `body` the one that is its body (None: all that are left).

    The id may be a property of an argument: `product.id`.
    """

    name: str
    method: str
    path: str
    id: str | None = None
    body: str | None = None


def is_graphql(document: Document) -> bool:
    """Return true if a document is a GraphQL schema."""
    return any("x-graphql" in mapping(item.get("post")) for item in document.root.get("paths", {}).values())


def resources(document: Document) -> tuple[Document, Mapping[tuple[str, str], Route]]:
    """Return a document of the resources behind a GraphQL schema, and the routes of its fields, by `query` or `mutation` and name."""
    schemas = document.root["components"]["schemas"]
    paths: dict[str, dict[str, Any]] = {}
    routes: dict[tuple[str, str], Route] = {}
    fields = [_Field(item["post"], schemas) for item in document.root["paths"].values()]
    for field in sorted(fields, key=lambda field: field.rank):  # of two lists, `issues` is the one of issues
        route = field.route()
        if route.method.lower() in paths.get(route.path, {}):
            route = Route(route.name, _UNKNOWN, f"/{route.name}")
        paths.setdefault(route.path, {})[route.method.lower()] = field.operation(route)
        routes[field.kind, field.name] = route
    records = {name: _stored(schema, schemas) for name, schema in schemas.items()}
    root = {**document.root, "paths": paths, "components": {**document.root["components"], "schemas": records}}
    return parse_document(json.dumps(root), f"{document.file}.json", document.name), routes


def page_items(type: str | None, schemas: Mapping[str, Any]) -> str | None:
    """Return the property with the records of a page; None if a type is not that of a page."""
    properties = mapping(schemas.get(type or "", {}).get("properties"))
    return next((each for each in LISTS if each in properties), None) if "id" not in properties else None


def _stored(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of a type as far as its values are stored: without lists and pages of other records.

    Only plain values are required: the others are resolved, or made up, when a query selects them.
    """
    if mapping(schema.get("x-graphql")).get("kind") != "object" or "id" not in mapping(schema.get("properties")):
        return schema
    properties = {name: inner for name, inner in schema["properties"].items() if not _leads_on(inner, schemas)}
    required = [name for name in schema.get("required", ()) if name in properties and not _is_object(properties[name], schemas)]
    return {**schema, "properties": properties, "required": required}


def _is_object(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> bool:
    return "properties" in mapping(schemas.get(type_of(schema) or "")) or "oneOf" in mapping(schemas.get(type_of(schema) or ""))


def _leads_on(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> bool:
    """Return true if a field has other records: a page of them, or a list of objects."""
    if "arguments" in mapping(schema.get("x-graphql")) and page_items(type_of(schema), schemas) is not None:
        return True
    return "items" in schema and _is_object(schema["items"], schemas)


def type_of(schema: Mapping[str, Any]) -> str | None:
    """Return the name of a value's type, if it is not built in."""
    for each in (schema, *schema.get("anyOf", ())):
        if "$ref" in each:
            return tokens(each["$ref"].removeprefix("#"))[-1]
    return None


class _Field:
    def __init__(self, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> None:
        self._operation = operation
        self._schemas = schemas
        self.kind: str = operation["x-graphql"]["operation"]
        self.name: str = operation["x-graphql"]["field"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]["variables"]
        self.arguments: Mapping[str, Any] = body["properties"]
        self.required: list[str] = body.get("required", [])
        data = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["data"]
        self.value: Mapping[str, Any] = data["properties"][self.name]

    def route(self) -> Route:
        name = self._operation["operationId"]
        if self.kind == "query":
            return self._query(name)
        plain = set(words(self.name)[:1] + words(self.name)[-1:])
        subject = self._subject()
        if subject is None:
            return Route(name, _UNKNOWN, f"/{name}")
        path, own = f"/{subject[:1].lower()}{subject[1:]}", self._id(subject)
        objects = [each for each in self.arguments if self._is_object(self.arguments[each])]
        usual = [each for each in objects if not self.arguments[each].get("deprecated")] or objects
        body = max(usual, key=lambda each: len(self._schemas[type_of(self.arguments[each]) or ""]["properties"]), default=None)
        if body is not None and body not in self.required and any(each not in (*objects, own) for each in self.required):
            body = None  # a further object beside the values themselves
        if own is None and body is not None and plain & (DELETES | _ARCHIVES | _CHANGES):
            inner = mapping(self._schemas[type_of(self.arguments[body]) or ""].get("properties"))
            own = next((f"{body}.{each}" for each in inner if identifies(each, strictly=True)), None)
        last = (own or "").rpartition(".")[2]
        if plain & CREATES:
            return Route(name, "POST", path, None, body)
        if own is not None and plain & (DELETES | _ARCHIVES):
            return Route(name, "DELETE", f"{path}/{{{last}}}", own, body)
        if own is not None and plain & _CHANGES:
            return Route(name, "PATCH", f"{path}/{{{last}}}", own, body)
        return Route(name, _UNKNOWN, f"/{name}")

    def _query(self, name: str) -> Route:
        item = self._items(self.value)
        if item is not None:
            return Route(name, "GET", f"/{item[:1].lower()}{item[1:]}")
        type = type_of(self.value)
        if type is None or "properties" not in self._schemas[type]:
            return Route(name, _UNKNOWN, f"/{name}")
        path, own = f"/{type[:1].lower()}{type[1:]}", self._id(type)
        if own is not None:
            return Route(name, "GET", f"{path}/{{{own}}}", own)
        return Route(name, "GET", f"{path}/me") if not self.required else Route(name, _UNKNOWN, f"/{name}")

    @property
    def rank(self) -> int:
        """0 if the name of the field is that of its type, with a verb in a mutation; else more."""
        if self.kind == "query":
            type = self._items(self.value) or type_of(self.value)
            return 0 if type is not None and noun(self.name) == noun(type) else 2
        subject, named = self._subject(), words(self.name)
        for position in (0, -1):
            if subject is not None and named[position] in _VERBS and (*named[:position], *named[position:][1:]) == words(subject):
                return 0 if named[position] in CREATES | _USUAL_UPDATES | DELETES else 1
        return 2

    def operation(self, route: Route) -> dict[str, Any]:
        """Return the field as an operation of the resource's document."""
        made: dict[str, Any] = {"operationId": route.name}
        left = {each: schema for each, schema in self.arguments.items() if each != route.id}
        parameters: list[Any] = []
        if route.id is not None:
            outer, _, last = route.id.rpartition(".")
            inside = self._schemas[type_of(self.arguments[outer]) or ""]["properties"] if outer else self.arguments
            parameters.append({"name": last, "in": "path", "required": True, "schema": inside[last]})
        if route.method in ("GET", "DELETE"):
            parameters += [{"name": each, "in": "query", "schema": schema} for each, schema in left.items()]
        elif left:
            schema = left[route.body] if route.body is not None else {"type": "object", "properties": left}
            made["requestBody"] = {"content": {"application/json": {"schema": schema}}}
        if parameters:
            made["parameters"] = parameters
        value = next((arm for arm in self.value.get("anyOf", ()) if "$ref" in arm), self.value)
        made["responses"] = {"200": {"description": "", "content": {"application/json": {"schema": value}}}}
        return made

    def _subject(self) -> str | None:
        """Return the type that a mutation is about."""
        rest = [word for word in words(self.name) if word not in CREATES | DELETES | _CHANGES | _ARCHIVES]
        wanted = "".join(rest)
        named = next((each for each in self._schemas if each.lower() == wanted and self._is_record(each)), None)
        return named or next(self._records(), None)

    def _records(self) -> Iterator[str]:
        """Yield the types of records in the result."""
        result = type_of(self.value)
        if result is not None and self._is_record(result):
            yield result
        for schema in mapping(self._schemas.get(result or "", {}).get("properties")).values():
            type = type_of(schema)
            if type is not None and self._is_record(type):
                yield type

    def _is_record(self, name: str) -> bool:
        return "id" in mapping(self._schemas[name].get("properties")) and self._schemas[name]["x-graphql"]["kind"] == "object"

    def _id(self, type: str) -> str | None:
        """Return the argument that identifies a record of a type."""
        own = "_".join(words(type))
        for each in self.arguments:
            plain = "_".join(words(each))
            if identifies(each, strictly=True) or plain == f"{own}_id":
                return each
        return None

    def _is_object(self, schema: Mapping[str, Any]) -> bool:
        type = type_of(schema)
        return type is not None and self._schemas[type].get("x-graphql", {}).get("kind") == "input"

    def _items(self, schema: Mapping[str, Any]) -> str | None:
        """Return the type of the records of a list, or of the list in a page."""
        for each in (schema, *(arm for arm in schema.get("anyOf", ()))):
            if each.get("type") == "array" or each.get("type") == ["array", "null"]:
                item = type_of(each["items"])
                return item if item is not None and "properties" in self._schemas[item] else None
        type = type_of(schema)
        listed = page_items(type, self._schemas)
        return self._items(self._schemas[type]["properties"][listed]) if type is not None and listed is not None else None
