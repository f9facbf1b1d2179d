"""What an OpenAPI document is made of: for each kind of object its facts, its parts, and so by exclusion its prose.

The table follows OpenAPI 3.0.4, 3.1.1 and 3.2.0 (https://spec.openapis.org/oas/) and JSON Schema 2020-12, read together: a field
that only one of them knows is harmless in the others. A walk by this table never takes a property that happens to be named
`description` or `example` for a keyword.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct, field

Holds: TypeAlias = Literal["one", "list", "map"]
Trail: TypeAlias = "tuple[Trail, str | int] | None"
"""The way from the root, last step first; cheaper than a pointer for each of a million nodes."""


class Kind(Struct, frozen=True):
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

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "document",
            _words("openapi security jsonSchemaDialect"),
            {"info": ("info", "one"), "servers": ("server", "list"), "paths": ("path item", "map"), "components": ("components", "one")},
            {"webhooks": ("path item", "map")},
        ),
        Kind("info", _words("title version")),
        Kind("server", _words("url"), {"variables": ("server variable", "map")}),
        Kind("server variable", _words("enum default")),
        Kind(
            "path item",
            frozenset(),
            {
                **dict.fromkeys(METHODS, ("operation", "one")),
                "additionalOperations": ("operation", "map"),
                "parameters": ("parameter", "list"),
                "servers": ("server", "list"),
            },
        ),
        Kind(
            "operation",
            _words("operationId deprecated security"),
            {
                "parameters": ("parameter", "list"),
                "requestBody": ("request body", "one"),
                "responses": ("response", "map"),
                "servers": ("server", "list"),
            },
            {"callbacks": ("callback", "map")},
        ),
        Kind("callback"),
        Kind(
            "parameter",
            _words("name in required deprecated allowEmptyValue style explode allowReserved"),
            {"schema": ("schema", "one"), "content": ("media type", "map")},
        ),
        Kind("header", _words("required deprecated style explode"), {"schema": ("schema", "one"), "content": ("media type", "map")}),
        Kind("request body", _words("required"), {"content": ("media type", "map")}),
        Kind("media type", frozenset(), {"schema": ("schema", "one"), "itemSchema": ("schema", "one"), "encoding": ("encoding", "map")}),
        Kind("encoding", _words("contentType style explode allowReserved"), {"headers": ("header", "map")}),
        Kind("response", frozenset(), {"content": ("media type", "map"), "headers": ("header", "map")}),
        Kind(
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
        Kind("security scheme", _words("type name in scheme bearerFormat openIdConnectUrl"), {"flows": ("flows", "one")}),
        Kind(
            "flows",
            frozenset(),
            dict.fromkeys(("implicit", "password", "clientCredentials", "authorizationCode", "deviceAuthorization"), ("flow", "one")),
        ),
        Kind("flow", _words("authorizationUrl tokenUrl refreshUrl deviceAuthorizationUrl scopes")),
        Kind(
            "schema",
            _words(
                "type enum const format default nullable readOnly writeOnly deprecated required dependentRequired multipleOf"
                " maximum minimum exclusiveMaximum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems"
                " maxContains minContains maxProperties minProperties contentEncoding contentMediaType"
            ),
            {
                **dict.fromkeys(_SCHEMA_MAPS, ("schema", "map")),
                **dict.fromkeys(_SCHEMA_LISTS, ("schema", "list")),
                **dict.fromkeys(_SCHEMA_ONES, ("schema", "one")),
                "discriminator": ("discriminator", "one"),
            },
        ),
        Kind("discriminator", _words("propertyName mapping defaultMapping")),
    )
}


class Place(Struct, frozen=True):
    """One object of a document, met on a walk."""

    kind: str
    value: dict[str, Any]
    trail: Trail

    @property
    def pointer(self) -> str:
        return pointer_of(self.trail)


def pointer_of(trail: Trail) -> str:
    """A trail, written as a JSON pointer."""
    names: list[str] = []
    while trail is not None:
        trail, name = trail
        names.append("/" + str(name).replace("~", "~0").replace("/", "~1"))
    return "".join(reversed(names))


def walk(root: Any, kind: str = "document", trail: Trail = None) -> Iterator[Place]:
    """Every object of a tree in the order of the file, as far as it has the form OpenAPI gives it. References are not followed.

    What stands where an object should and is none (a list of schemas under `items`, a text under `paths`) is passed over.
    """
    stack: list[tuple[str, Any, Trail]] = [(kind, root, trail)] if isinstance(root, dict) else []
    while stack:
        name, value, way = stack.pop()
        yield Place(name, value, way)
        below = _children(name, value, way)
        below.reverse()
        stack += below


_PARTS: Mapping[str, Mapping[str, tuple[str, Holds]]] = {kind.name: {**kind.unused, **kind.parts} for kind in KINDS.values()}


def _children(kind: str, value: dict[str, Any], trail: Trail) -> list[tuple[str, Any, Trail]]:
    """The parts of one object that are objects: (kind, value, trail)."""
    parts = _PARTS[kind]
    found: list[tuple[str, Any, Trail]] = []
    for key, part in value.items():
        if isinstance(part, list):
            inner, holds = parts.get(key) or _OTHER
            if holds == "list":
                found += [(inner, each, ((trail, key), number)) for number, each in enumerate(part) if isinstance(each, dict)]
        elif isinstance(part, dict):
            inner, holds = parts.get(key) or _OTHER
            if holds == "one":
                found.append((inner, part, (trail, key)))
            elif holds == "map":
                way = (trail, key)
                free = inner in ("path item", "response")  # beside which extensions may stand
                found += [
                    (inner, each, (way, name)) for name, each in part.items() if isinstance(each, dict) and not (free and name[:2] == "x-")
                ]
            elif kind == "callback" and not key.startswith("x-"):
                found.append(("path item", part, (trail, key)))
    return found


_OTHER: tuple[str, str] = ("", "")
