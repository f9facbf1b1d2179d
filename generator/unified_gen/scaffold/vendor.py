"""Guesses for a vendor's declaration: servers, credentials, pagination, errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from unified_gen.scaffold import keys
from unified_gen.scaffold.operations import ENVELOPES, ResponseGuess, find_shape, join, json_schema
from unified_openapi.documents import Document, OperationFacts
from unified_openapi.documents.conversion import mapping, sequence
from unified_openapi.schemas.shapes import Schemas, Shape

_TOKENS: tuple[str, ...] = (
    *("page_token", "pageToken", "nextPageToken", "next_page_token", "cursor", "next_cursor", "after", "next_token", "continuation"),
    *("start_cursor", "marker", "page[cursor]", "starting_after", "offset"),
)
_OFFSETS = ("offset", "startAt", "start", "skip", "$skip", "start_at")
_PAGES = ("page", "page_number", "pageNumber", "p", "page[number]")
_SIZES = (
    "limit",
    "per_page",
    "perPage",
    "maxResults",
    "max_results",
    "page_size",
    "pageSize",
    "count",
    "$top",
    "top",
    "size",
    "page[size]",
    "first",
)
_NEXT = re.compile(r"(?i)^(next_?page_?token|next_?cursor|next_?token|next|cursor|after|continuation|next_marker|offset|end_?cursor)$")
_LAST_RECORDS = ("starting_after", "after", "after_id", "since_id")
"""Parameters of the id of the last record that was received."""
_MORE = ("has_more", "hasMore", "more")
_TOTALS = ("total", "total_count", "totalCount", "totalResults", "total_results")
_NAME = re.compile(r"[^a-z0-9_]+")


_PRIVATE = re.compile(
    r"(?i)(.*\.)?(localhost|example\.(com|org|net)|[^.]+\.(internal|local|localhost|lan|test|invalid|localdomain)|home\.arpa)"
    r"|(0|10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))(\.\d+)+|\[.*|[^.{}]*"
)
"""Hosts that are the author's own, or placeholders: special-use names (RFC 6761), private addresses (RFC 1918), names without a dot."""
_PLACEHOLDER = re.compile(
    r"(?i)<.*>|your([-_]?[a-z]+)*|my[-_]([-_]?[a-z]+)+|(sub[-_]?)?domain|tenant|instance|example|acme"
    r"|(company|account|tenant|subdomain|instance|site|workspace|organi[sz]ation|host)[-_]?(name|id|domain|here)"
)
"""Labels of a host that a reader has to replace: `your-domain`, `<tenant>`, `subdomain`."""
HOST = "The host of the vendor's API, such as api.vendor.com."


class Reach(Struct, frozen=True):
    """Guess of a vendor's addresses and credentials.

    `servers` maps a scheme (or `default`) to an address, `connection` maps the names in it to summaries.
    """

    servers: dict[str, str]
    connection: dict[str, str]
    auth: dict[str, str]
    """Schemes to declare, by name, as the document lacks them."""


def reach(document: Document, used: Iterable[OperationFacts]) -> Reach:
    """Return guesses for servers and credentials. A host that cannot be the vendor's becomes a value of the connection."""
    servers = [server for server in sequence(document.root.get("servers")) if isinstance(server, dict)]
    listed = [(server["url"], mapping(server.get("variables"))) for server in servers if isinstance(server.get("url"), str)]
    address, connection = next((found for url, variables in listed if (found := _public(url, variables)) is not None), ("", {}))
    if not address:
        path = next((_path(url, variables) for url, variables in listed), "")
        address, connection = f"https://{{{CONNECTION}.host}}" + path, {"host": HOST}
    schemes = {scheme for facts in used for alternative in facts.security for scheme in alternative}
    declared = mapping(document.root.get("components")).get("securitySchemes")
    return Reach({"default": address}, connection, {} if schemes or declared else {"token": "bearer"})


CONNECTION = "connection"
"""References to a connection's values begin so."""


def connection_name(name: str) -> str:
    """Return a name for a value of a connection: `xero-tenant-id` is xero_tenant_id."""
    plain = _NAME.sub("_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_") or "site"
    return plain if plain[0].isalpha() else "site_" + plain


_URL = re.compile(r"(?:([a-z]+|\{[^{}]*\}):)?//([^/?#]*)([^?#]*)", re.IGNORECASE)


def _public(url: str, variables: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
    """Return an address with the values of a connection that it needs; None if its host cannot be the vendor's."""
    match = _URL.fullmatch(url.strip())
    if match is None:
        return None
    host = match[2].rpartition("@")[2]
    bare = re.sub(r":(\d+|\{[^{}]*\})$", "", host)
    only = re.fullmatch(r"\{([^{}]*)\}", bare)
    if only is not None and "." in (default := str(mapping(variables.get(only[1])).get("default", ""))):
        return _public(f"https://{default}{match[3]}", variables)
    if only is None and _PRIVATE.fullmatch(re.sub(r"\{[^{}]*\}", "x", bare)):
        return None
    connection: dict[str, str] = {}

    def reference(name: str) -> str:
        plain = connection_name(name)
        connection[plain] = f"The part `{plain}` of the server's address."
        return f"{{{CONNECTION}.{plain}}}"

    first, dot, rest = bare.partition(".")
    if only is not None:
        return f"https://{{{CONNECTION}.host}}" + _path(url, variables), {"host": HOST}
    if _PLACEHOLDER.fullmatch(first):
        if "." not in rest:
            return None
        bare = reference("site") + dot + rest
    else:
        bare = re.sub(r"\{([^{}]*)\}", lambda found: reference(found[1]), bare)
    return "https://" + bare + _path(url, variables), connection


def _path(url: str, variables: Mapping[str, Any]) -> str:
    """Return the path of a server, with the variables' defaults; one without a default is left out."""
    match = _URL.fullmatch(url.strip())
    path = match[3] if match is not None else "/" + url.strip().lstrip("/") if "://" not in url else ""

    def value(found: re.Match[str]) -> str:
        return str(mapping(variables.get(found[1])).get("default", ""))

    return re.sub(r"/+", "/", re.sub(r"\{([^{}]*)\}", value, path)).rstrip("/")


class Pagination(Struct, frozen=True):
    """A guess at the pagination: the keys of a pagination strategy."""

    keys: tuple[tuple[str, Any], ...]

    @property
    def style(self) -> str:
        """token, last, offset, page or link."""
        return _STYLES[self.keys[0][0]]

    @property
    def param(self) -> str | None:
        """The parameter that requests a page; None if an address is followed."""
        return str(self.keys[0][1]) if self.style != "link" else None


_STYLES = {
    keys.TOKEN_PARAM: "token",
    keys.LAST_RECORD_PARAM: "last",
    keys.OFFSET_PARAM: "offset",
    keys.PAGE_PARAM: "page",
    keys.LINK_HEADER: "link",
}


def pagination(facts: OperationFacts, schemas: Schemas) -> Pagination | None:
    """Return the pagination of an operation's response, as far as its inputs and its response show it."""
    inputs = {parameter.name: parameter for parameter in facts.parameters if parameter.location == "query"}
    numbers = {name for name, parameter in inputs.items() if _counts(schemas, parameter.schema)}
    size = next((name for name in _SIZES if name in numbers), None)
    tail: list[tuple[str, Any]] = []
    if size is not None:
        tail.append((keys.PAGE_SIZE_PARAM, size))
        most = find_shape(schemas, inputs[size].schema)
        if most is not None and most.bounds.maximum:
            tail.append((keys.MAX_PAGE_SIZE, int(most.bounds.maximum)))
    response = _response(facts, schemas)
    following = _next(schemas, response) if response is not None else None
    token = next((name for name in _TOKENS if name in inputs), None)
    if token is not None and following is not None:
        return Pagination(((keys.TOKEN_PARAM, token), (keys.NEXT_TOKEN, following), *tail))
    last = next((name for name in _LAST_RECORDS if name in inputs), None)
    more = next((name for name in _MORE if response is not None and name in response.properties), None)
    if last is not None and more is not None:
        return Pagination(((keys.LAST_RECORD_PARAM, last), (keys.NEXT_TOKEN, "id"), (keys.MORE_IF, more), *tail))
    if any(name.lower() == "link" for headers in facts.headers.values() for name in headers):
        return Pagination(((keys.LINK_HEADER, "next"), (keys.ADDED_PARAMS, ("page",)), *tail))
    total = next((name for name in _TOTALS if response is not None and name in response.properties), None)
    for style, names in ((keys.OFFSET_PARAM, _OFFSETS), (keys.PAGE_PARAM, _PAGES)):
        found = next((name for name in names if name in numbers), None)
        if found is not None:
            first: list[tuple[str, Any]] = [(keys.START_AT, 1)] if style == keys.PAGE_PARAM else []
            return Pagination(((style, found), *first, *([("total", total)] if total else []), *tail))
    return None


def _counts(schemas: Schemas, pointer: str) -> bool:
    """Return true if a parameter accepts a number."""
    shape = find_shape(schemas, pointer)
    return shape is not None and (not shape.kinds or bool(shape.kinds & {"integer", "number"}))


def _response(facts: OperationFacts, schemas: Schemas) -> Shape | None:
    for status in sorted(facts.responses):
        if status.startswith("2"):
            pointer = json_schema(dict(facts.responses[status]))
            return find_shape(schemas, pointer) if pointer is not None else None
    return None


def _next(schemas: Schemas, response: Shape) -> str | None:
    for depth in (0, 1, 2):
        for names, shape in _level(schemas, response, depth):
            if _NEXT.match(names[-1]) and shape.kinds and shape.kinds <= {"string", "integer"}:
                return join(names)
    return None


def _level(schemas: Schemas, shape: Shape, depth: int, path: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], Shape]]:
    for name, pointer in shape.properties.items():
        inner = find_shape(schemas, pointer)
        if inner is None:
            continue
        if depth == 0:
            yield (*path, name), inner
        elif "object" in inner.kinds:
            yield from _level(schemas, inner, depth - 1, (*path, name))


def error_message(facts: Iterable[OperationFacts], schemas: Schemas) -> str | None:
    """Return the location of the error message in failed responses, as far as it can be guessed."""
    for operation in facts:
        for status in sorted(operation.responses, reverse=True):
            if status[0] not in "45d":
                continue
            pointer = json_schema(dict(operation.responses[status]))
            shape = find_shape(schemas, pointer) if pointer is not None else None
            found = _message(schemas, shape) if shape is not None else None
            if found is not None:
                return found
    return None


def _message(schemas: Schemas, shape: Shape, prefix: str = "", depth: int = 2) -> str | None:
    for name in ("message", "error_description", "detail", "error", "title"):
        inner = find_shape(schemas, shape.properties[name]) if name in shape.properties else None
        if inner is not None and inner.kinds == {"string"}:
            return prefix + name
    for name in ("errors", "errorMessages", "error"):
        inner = find_shape(schemas, shape.properties[name]) if name in shape.properties and depth else None
        if inner is None:
            continue
        if "array" in inner.kinds and inner.items is not None:
            item = find_shape(schemas, inner.items)
            if item is not None and item.kinds == {"string"}:
                return f"{prefix}{name}[0]"
            found = _message(schemas, item, f"{prefix}{name}[0].", depth - 1) if item is not None else None
        else:
            found = _message(schemas, inner, f"{prefix}{name}.", depth - 1)
        if found is not None:
            return found
    return None


def envelope(responses: Iterable[ResponseGuess | None]) -> str | None:
    """Return the one name around every response, if all have the same and it does not describe the record."""
    heads = {response.path for response in responses if response is not None}
    return heads.pop() if len(heads) == 1 and heads <= set(ENVELOPES) else None
