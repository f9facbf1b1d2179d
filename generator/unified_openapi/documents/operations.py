"""Operations of a document, as facts with pointers: the operations that a mapping may call, with their inputs and responses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from unified_openapi.documents.conversion import mapping, sequence, words
from unified_openapi.documents.document import Document, UnresolvableReference
from unified_openapi.documents.structure import METHODS
from unified_openapi.source.pointers import child

_METHOD_AND_PATH = re.compile(r"([A-Za-z]+) +(/.*)", re.DOTALL)


class ParameterFacts(Struct, frozen=True):
    """One parameter, from the operation or its path item.

    `pointer` is its own location, behind any reference; `schema` points to its schema, or to the parameter if it has none
    (nothing is known of the value then). `location` is path, query, header or cookie. `style` and `explode` are those in force,
    defaults included; `media_type` is set if the value is written as that media type.
    """

    pointer: str
    name: str
    location: str
    required: bool
    schema: str
    style: str
    explode: bool
    media_type: str | None
    deprecated: bool


class GraphQLField(Struct, frozen=True):
    """Field of the query or mutation type that an operation is: its body has the field's arguments, its response the field's value."""

    operation: str
    """query or mutation."""
    field: str

    @property
    def reads(self) -> bool:
        return self.operation == "query"

    @property
    def arguments_at(self) -> tuple[str, ...]:
        """Path of the arguments in the body of a request."""
        return ("variables",)

    @property
    def value_at(self) -> tuple[str, ...]:
        """Path of the value in the body of a response."""
        return ("data", self.field)


class OperationFacts(Struct, frozen=True):
    """One operation.

    `name` is the name that a mapping calls it by: its operationId, or `METHOD /path` if it has none or shares it. `bodies` maps the media
    types of the request body to pointers of their schemas, `responses` statuses (`200`, `2XX`, `default`) to the same for the
    response; a response without a body has no media types, and a media type without a schema points to itself. `security` holds the
    alternatives, each a mapping of scheme to scopes; no alternative means that nothing is requested or nothing is known.
    """

    name: str
    operation_id: str | None
    method: str
    path: str
    pointer: str
    parameters: tuple[ParameterFacts, ...]
    bodies: Mapping[str, str]
    body: str | None
    """Pointer to the request body, behind any reference."""
    body_required: bool
    responses: Mapping[str, Mapping[str, str]]
    headers: Mapping[str, Mapping[str, str]]
    """Status to header name to pointer of the header."""
    deprecated: bool
    security: tuple[Mapping[str, tuple[str, ...]], ...]
    servers: tuple[str, ...]
    graphql: GraphQLField | None = None
    """Set if the document is a GraphQL schema."""

    @property
    def endpoint(self) -> str:
        """`METHOD /path`."""
        return f"{self.method} {self.path}"


class Operations(Mapping[str, OperationFacts]):
    """The operations of a document by name, in the order of the file, each read when first requested.

    A lookup accepts an operationId that is not shared, or `METHOD /path` for any operation. Iterating gives one name for each.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._made: dict[str, OperationFacts] = {}
        found = list(_endpoints(document.root))
        ids = [name if isinstance(name, str) else "" for name in (operation.get("operationId") for _, _, _, operation in found)]
        count = Counter(ids)
        self._endpoints: dict[str, tuple[str, str, str, dict[str, Any]]] = {}
        self._names: dict[str, str] = {}
        for entry, name in zip(found, ids, strict=True):
            endpoint = f"{entry[0]} {entry[1]}"
            self._endpoints[endpoint] = entry
            self._names[name if name and count[name] == 1 else endpoint] = endpoint

    def __getitem__(self, name: str) -> OperationFacts:
        endpoint = self._names.get(name) or _endpoint(name)
        if endpoint not in self._endpoints:
            raise KeyError(name)
        if endpoint not in self._made:
            self._made[endpoint] = self._read(endpoint)
        return self._made[endpoint]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _read(self, endpoint: str) -> OperationFacts:
        method, path, pointer, operation = self._endpoints[endpoint]
        document = self._document
        written = operation.get("operationId")
        body = _behind(document, child(pointer, "requestBody")) if "requestBody" in operation else None
        request = mapping(document.at(body)) if body is not None else {}
        responses_at = {status: _behind(document, child(pointer, "responses", status)) for status in mapping(operation.get("responses"))}
        responses = {status: at for status, at in responses_at.items() if at is not None and not status.startswith("x-")}
        return OperationFacts(
            name=written if isinstance(written, str) and self._names.get(written) == endpoint else endpoint,
            operation_id=written if isinstance(written, str) else None,
            method=method,
            path=path,
            pointer=pointer,
            parameters=tuple(_parameters(document, pointer)),
            bodies=_media(body, request) if body is not None else {},
            body=body,
            body_required=request.get("required") is True,
            responses={status: _media(at, mapping(document.at(at))) for status, at in responses.items()},
            headers={status: dict(_headers(document, at)) for status, at in responses.items()},
            deprecated=operation.get("deprecated") is True,
            security=_security(operation.get("security", document.root.get("security"))),
            servers=_servers(document, pointer, operation),
            graphql=_graphql(operation.get("x-graphql")),
        )


def operations(document: Document) -> Operations:
    """Return the operations of a document."""
    return Operations(document)


def _endpoint(name: str) -> str:
    found = _METHOD_AND_PATH.fullmatch(name)
    return f"{found[1].upper()} {found[2]}" if found is not None else name


def _endpoints(root: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield method, path, pointer and operation."""
    for path, item in mapping(root.get("paths")).items():
        pointer = child("/paths", path)
        if not isinstance(item, dict):
            continue
        for method, operation in item.items():
            if method in METHODS and isinstance(operation, dict):
                yield method.upper(), path, child(pointer, method), operation
        for method, operation in mapping(item.get("additionalOperations")).items():
            if isinstance(operation, dict):
                yield method.upper(), path, child(pointer, "additionalOperations", method), operation


def _behind(document: Document, pointer: str) -> str | None:
    """Return the pointer of a part behind its references; None if they have no target or it is not an object."""
    try:
        found = document.follow(pointer)
    except (UnresolvableReference, KeyError):
        return None
    return found if isinstance(document.at(found), dict) else None


def _parameters(document: Document, pointer: str) -> Iterator[ParameterFacts]:
    """Yield those of the path item that the operation does not declare anew, then its own."""
    item = pointer.rpartition("/")[0].removesuffix("/additionalOperations")
    merged: dict[tuple[str, str], ParameterFacts] = {}
    for around in (item, pointer):
        for number in range(len(sequence(mapping(document.at(around)).get("parameters")))):
            endpoint = _behind(document, child(around, "parameters", number))
            parameter = mapping(document.at(endpoint)) if endpoint is not None else {}
            name, location = parameter.get("name"), parameter.get("in")
            if endpoint is not None and isinstance(name, str) and isinstance(location, str):
                merged[location, name] = _parameter(endpoint, parameter, name, location)
    yield from merged.values()


def _parameter(pointer: str, parameter: dict[str, Any], name: str, location: str) -> ParameterFacts:
    content = mapping(parameter.get("content"))
    media_type = next(iter(content), None) if "schema" not in parameter else None
    schema = pointer
    if "schema" in parameter:
        schema = child(pointer, "schema")
    elif media_type is not None:
        at = child(pointer, "content", media_type)
        schema = child(at, "schema") if "schema" in mapping(content[media_type]) else at
    style = parameter.get("style")
    if not isinstance(style, str):
        style = "form" if location in ("query", "cookie") else "simple"
    explode = parameter.get("explode")
    return ParameterFacts(
        pointer=pointer,
        name=name,
        location=location,
        required=parameter.get("required") is True or location == "path",
        schema=schema,
        style=style,
        explode=explode if isinstance(explode, bool) else style == "form",
        media_type=media_type,
        deprecated=parameter.get("deprecated") is True,
    )


def _media(pointer: str, holder: dict[str, Any]) -> dict[str, str]:
    made = {}
    for media_type, value in mapping(holder.get("content")).items():
        at = child(pointer, "content", media_type)
        made[media_type] = child(at, "schema") if "schema" in mapping(value) else at
    return made


def _headers(document: Document, pointer: str) -> Iterator[tuple[str, str]]:
    for name in mapping(mapping(document.at(pointer)).get("headers")):
        endpoint = _behind(document, child(pointer, "headers", name))
        if endpoint is not None:
            yield name, endpoint


def _security(given: Any) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    return tuple({name: tuple(words(scopes)) for name, scopes in one.items()} for one in sequence(given) if isinstance(one, dict))


def _graphql(given: Any) -> GraphQLField | None:
    kind, name = mapping(given).get("operation"), mapping(given).get("field")
    return GraphQLField(kind, name) if kind in ("query", "mutation") and isinstance(name, str) else None


def _servers(document: Document, pointer: str, operation: dict[str, Any]) -> tuple[str, ...]:
    item = mapping(document.at(pointer.rpartition("/")[0].removesuffix("/additionalOperations")))
    listed = sequence(operation.get("servers")) or sequence(item.get("servers")) or sequence(document.root.get("servers"))
    return tuple(server["url"] for server in listed if isinstance(server, dict) and isinstance(server.get("url"), str))
