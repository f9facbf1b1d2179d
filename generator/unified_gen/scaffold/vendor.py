"""Guesses for a vendor's declaration: servers, credentials, pagination, errors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from unified_gen.scaffold.operations import ResponseGuess, find_shape, join, json_schema
from unified_openapi.documents import Document, OperationFacts
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
)
_NEXT = re.compile(r"(?i)^(next_?page_?token|next_?cursor|next_?token|next|cursor|after|continuation|next_marker|offset|end_?cursor)$")
_TOTALS = ("total", "total_count", "totalCount", "totalResults", "total_results")
_NAME = re.compile(r"[^a-z0-9_]+")


class Reach(Struct, frozen=True):
    """Guess of a vendor's addresses and credentials.

    `servers` maps a scheme (or `default`) to an address, `connection` are the names in it, `unknown` lists what the document lacks.
    """

    servers: dict[str, str]
    connection: tuple[str, ...]
    auth: dict[str, str]
    """Schemes to declare, by name, as the document lacks them."""


def reach(document: Document, used: Iterable[OperationFacts]) -> Reach:
    """Return guesses for servers and credentials."""
    listed = document.root.get("servers") or [{"url": "https://{site}.example.com"}]
    url = next(
        (server["url"] for server in listed if isinstance(server, dict) and isinstance(server.get("url"), str)),
        "https://{site}.example.com",
    )
    if not url.startswith("http"):
        url = "https://{site}.example.com/" + url.lstrip("/")
    names: list[str] = []

    def named(match: re.Match[str]) -> str:
        name = _NAME.sub("_", match[1].lower()).strip("_") or "site"
        names.append(name if name[0].isalpha() else "site_" + name)
        return "{connection." + names[-1] + "}"

    address = re.sub(r"\{([^{}]*)\}", named, url).rstrip("/")
    schemes = {scheme for facts in used for alternative in facts.security for scheme in alternative}
    declared = document.root.get("components", {}).get("securitySchemes", {})
    return Reach({"default": address}, tuple(dict.fromkeys(names)), {} if schemes or declared else {"token": "bearer"})


class Pagination(Struct, frozen=True):
    """A guess at the pagination: the keys of a pagination strategy."""

    keys: tuple[tuple[str, Any], ...]


def pagination(facts: OperationFacts, schemas: Schemas) -> Pagination | None:
    """Return the pagination of an operation's response, as far as its inputs and its response show it."""
    inputs = {parameter.name: parameter for parameter in facts.parameters if parameter.location == "query"}
    size = next((name for name in _SIZES if name in inputs), None)
    tail: list[tuple[str, Any]] = []
    if size is not None:
        tail.append(("size", size))
        most = find_shape(schemas, inputs[size].schema)
        if most is not None and most.bounds.maximum:
            tail.append(("most", int(most.bounds.maximum)))
    response = _response(facts, schemas)
    following = _next(schemas, response) if response is not None else None
    token = next((name for name in _TOKENS if name in inputs), None)
    if token is not None and following is not None:
        return Pagination((("token", token), ("next", following), *tail))
    if any(name.lower() == "link" for headers in facts.headers.values() for name in headers):
        return Pagination((("link", "next"), ("adds", ("page",)), *tail))
    total = next((name for name in _TOTALS if response is not None and name in response.properties), None)
    for style, names in (("offset", _OFFSETS), ("page", _PAGES)):
        found = next((name for name in names if name in inputs), None)
        if found is not None:
            first: list[tuple[str, Any]] = [("first", 1)] if style == "page" else []
            return Pagination(((style, found), *first, *([("total", total)] if total else []), *tail))
    return None


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
    """Return the one name around every response, if all have the same and only one."""
    heads = {response.path for response in responses if response is not None}
    return heads.pop() if len(heads) == 1 and "@" not in heads and not any("." in head for head in heads) else None
