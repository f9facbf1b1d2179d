"""Structure of an OpenAPI document: the facts and parts of each kind of object; everything else is prose.

The table follows OpenAPI 3.0.4, 3.1.1 and 3.2.0 (https://spec.openapis.org/oas/) and JSON Schema 2020-12, read together: a field
that only one of them knows is harmless in the others. A walk by this table never mistakes a property that happens to be named
`description` or `example` for a keyword.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct, field

Holds: TypeAlias = Literal["one", "list", "map"]
Route: TypeAlias = "tuple[Route, str | int] | None"
"""The way from the root, last step first; cheaper than a pointer for each of a million nodes."""


class PartKind(Struct, frozen=True):
    """One kind of object. `facts` are copied as they are, `parts` are objects of a kind themselves."""

    name: str
    facts: frozenset[str] = frozenset()
    parts: Mapping[str, tuple[str, Holds]] = field(default_factory=dict)
    unused: Mapping[str, tuple[str, Holds]] = field(default_factory=dict)
    """Parts that no mapping can use; they are walked for faults and left out of slices."""


METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SCHEMA_MAPS = _words("properties patternProperties dependentSchemas $defs definitions")
_SCHEMA_LISTS = _words("allOf anyOf oneOf prefixItems")
_SCHEMA_ONES = _words(
    "items additionalProperties unevaluatedProperties unevaluatedItems contains propertyNames not if then else contentSchema"
)

KINDS: Mapping[str, PartKind] = {
    kind.name: kind
    for kind in (
        PartKind(
            "document",
            _words("openapi security jsonSchemaDialect"),
            {"info": ("info", "one"), "servers": ("server", "list"), "paths": ("path item", "map"), "components": ("components", "one")},
            {"webhooks": ("path item", "map")},
        ),
        PartKind("info", _words("title version")),
        PartKind("server", _words("url"), {"variables": ("server variable", "map")}),
        PartKind("server variable", _words("enum default")),
        PartKind(
            "path item",
            frozenset(),
            {
                **dict.fromkeys(METHODS, ("operation", "one")),
                "additionalOperations": ("operation", "map"),
                "parameters": ("parameter", "list"),
                "servers": ("server", "list"),
            },
        ),
        PartKind(
            "operation",
            _words("operationId deprecated security x-graphql"),
            {
                "parameters": ("parameter", "list"),
                "requestBody": ("request body", "one"),
                "responses": ("response", "map"),
                "servers": ("server", "list"),
            },
            {"callbacks": ("callback", "map")},
        ),
        PartKind("callback"),
        PartKind(
            "parameter",
            _words("name in required deprecated allowEmptyValue style explode allowReserved"),
            {"schema": ("schema", "one"), "content": ("media type", "map")},
        ),
        PartKind("header", _words("required deprecated style explode"), {"schema": ("schema", "one"), "content": ("media type", "map")}),
        PartKind("request body", _words("required"), {"content": ("media type", "map")}),
        PartKind(
            "media type", frozenset(), {"schema": ("schema", "one"), "itemSchema": ("schema", "one"), "encoding": ("encoding", "map")}
        ),
        PartKind("encoding", _words("contentType style explode allowReserved"), {"headers": ("header", "map")}),
        PartKind("response", frozenset(), {"content": ("media type", "map"), "headers": ("header", "map")}),
        PartKind(
            "components",
            frozenset(),
            {
                "schemas": ("schema", "map"),
                "responses": ("response", "map"),
                "parameters": ("parameter", "map"),
                "requestBodies": ("request body", "map"),
                "headers": ("header", "map"),
                "securitySchemes": ("security scheme", "map"),
            },
            {"pathItems": ("path item", "map")},
        ),
        PartKind("security scheme", _words("type name in scheme bearerFormat openIdConnectUrl"), {"flows": ("flows", "one")}),
        PartKind(
            "flows",
            frozenset(),
            dict.fromkeys(("implicit", "password", "clientCredentials", "authorizationCode", "deviceAuthorization"), ("flow", "one")),
        ),
        PartKind("flow", _words("authorizationUrl tokenUrl refreshUrl deviceAuthorizationUrl scopes")),
        PartKind(
            "schema",
            _words(
                "type enum const format default nullable readOnly writeOnly deprecated required dependentRequired multipleOf"
                " maximum minimum exclusiveMaximum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems"
                " maxContains minContains maxProperties minProperties contentEncoding contentMediaType x-graphql"
            ),
            {
                **dict.fromkeys(_SCHEMA_MAPS, ("schema", "map")),
                **dict.fromkeys(_SCHEMA_LISTS, ("schema", "list")),
                **dict.fromkeys(_SCHEMA_ONES, ("schema", "one")),
                "discriminator": ("discriminator", "one"),
            },
        ),
        PartKind("discriminator", _words("propertyName mapping defaultMapping")),
    )
}


class Part(Struct, frozen=True):
    """One object of a document, met on a walk."""

    kind: str
    value: dict[str, Any]
    route: Route

    @property
    def pointer(self) -> str:
        return pointer_of(self.route)


def pointer_of(route: Route) -> str:
    """Return a route, written as a JSON pointer."""
    names: list[str] = []
    while route is not None:
        route, name = route
        names.append("/" + str(name).replace("~", "~0").replace("/", "~1"))
    return "".join(reversed(names))


def walk(root: Any, kind: str = "document", route: Route = None) -> Iterator[Part]:
    """Yield every object of a tree in the order of the file, as far as it has the form OpenAPI gives it. References are not followed.

    A value of another type in the location of an object (a list of schemas under `items`, a text under `paths`) is skipped.
    """
    stack: list[tuple[str, Any, Route]] = [(kind, root, route)] if isinstance(root, dict) else []
    while stack:
        name, value, way = stack.pop()
        yield Part(name, value, way)
        below = _children(name, value, way)
        below.reverse()
        stack += below


_PARTS: Mapping[str, Mapping[str, tuple[str, Holds]]] = {kind.name: {**kind.unused, **kind.parts} for kind in KINDS.values()}


def _children(kind: str, value: dict[str, Any], route: Route) -> list[tuple[str, Any, Route]]:
    """Return the parts of one object that are objects: (kind, value, route)."""
    parts = _PARTS[kind]
    found: list[tuple[str, Any, Route]] = []
    for key, part in value.items():
        if isinstance(part, list):
            inner, holds = parts.get(key) or _OTHER
            if holds == "list":
                found += [(inner, each, ((route, key), number)) for number, each in enumerate(part) if isinstance(each, dict)]
        elif isinstance(part, dict):
            inner, holds = parts.get(key) or _OTHER
            if holds == "one":
                found.append((inner, part, (route, key)))
            elif holds == "map":
                way = (route, key)
                free = inner in ("path item", "response")  # which may have extensions beside them
                found += [
                    (inner, each, (way, name)) for name, each in part.items() if isinstance(each, dict) and not (free and name[:2] == "x-")
                ]
            elif kind == "callback" and not key.startswith("x-"):
                found.append(("path item", part, (route, key)))
    return found


_OTHER: tuple[str, str] = ("", "")
