"""What the document says, or lets guess, of how a vendor is reached: servers, credentials, paging, errors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from unified_gen.documents import Document, OperationFacts, UnresolvableReference
from unified_gen.scaffold.operations import Answer, join, json_schema
from unified_gen.schema.shapes import Schemas, Shape

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
    """`servers` maps a scheme (or `default`) to an address, `connection` are the names in it, `unknown` says what was not told."""

    servers: dict[str, str]
    connection: tuple[str, ...]
    auth: dict[str, str]
    """Schemes to declare, by name: what the document lacks."""


def reach(document: Document, used: Iterable[OperationFacts]) -> Reach:
    """Servers and credentials."""
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


class Paging(Struct, frozen=True):
    """A guess at how to ask for the next page: the keys of a way of paging."""

    keys: tuple[tuple[str, Any], ...]


def paging(facts: OperationFacts, schemas: Schemas) -> Paging | None:
    """How an operation's answer is paged, as far as its inputs and its answer tell."""
    inputs = {parameter.name: parameter for parameter in facts.parameters if parameter.location == "query"}
    size = next((name for name in _SIZES if name in inputs), None)
    tail: list[tuple[str, Any]] = []
    if size is not None:
        tail.append(("size", size))
        most = _shape(schemas, inputs[size].schema)
        if most is not None and most.bounds.maximum:
            tail.append(("most", int(most.bounds.maximum)))
    answer = _answer(facts, schemas)
    following = _next(schemas, answer) if answer is not None else None
    token = next((name for name in _TOKENS if name in inputs), None)
    if token is not None and following is not None:
        return Paging((("token", token), ("next", following), *tail))
    if any(name.lower() == "link" for headers in facts.headers.values() for name in headers):
        return Paging((("link", "next"), *tail))
    total = next((name for name in _TOTALS if answer is not None and name in answer.properties), None)
    for style, names in (("offset", _OFFSETS), ("page", _PAGES)):
        found = next((name for name in names if name in inputs), None)
        if found is not None:
            first: list[tuple[str, Any]] = [("first", 1)] if style == "page" else []
            return Paging(((style, found), *first, *([("total", total)] if total else []), *tail))
    return None


def _answer(facts: OperationFacts, schemas: Schemas) -> Shape | None:
    for status in sorted(facts.responses):
        if status.startswith("2"):
            pointer = json_schema(dict(facts.responses[status]))
            return _shape(schemas, pointer) if pointer is not None else None
    return None


def _next(schemas: Schemas, answer: Shape) -> str | None:
    for depth in (0, 1, 2):
        for names, shape in _level(schemas, answer, depth):
            if _NEXT.match(names[-1]) and shape.kinds and shape.kinds <= {"string", "integer"}:
                return join(names)
    return None


def _level(schemas: Schemas, shape: Shape, depth: int, path: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], Shape]]:
    for name, pointer in shape.properties.items():
        inner = _shape(schemas, pointer)
        if inner is None:
            continue
        if depth == 0:
            yield (*path, name), inner
        elif "object" in inner.kinds:
            yield from _level(schemas, inner, depth - 1, (*path, name))


def error_message(facts: Iterable[OperationFacts], schemas: Schemas) -> str | None:
    """Where failed answers seem to hold what went wrong."""
    for operation in facts:
        for status in sorted(operation.responses, reverse=True):
            if status[0] not in "45d":
                continue
            pointer = json_schema(dict(operation.responses[status]))
            shape = _shape(schemas, pointer) if pointer is not None else None
            found = _message(schemas, shape) if shape is not None else None
            if found is not None:
                return found
    return None


def _message(schemas: Schemas, shape: Shape, prefix: str = "", depth: int = 2) -> str | None:
    for name in ("message", "error_description", "detail", "error", "title"):
        inner = _shape(schemas, shape.properties[name]) if name in shape.properties else None
        if inner is not None and inner.kinds == {"string"}:
            return prefix + name
    for name in ("errors", "errorMessages", "error"):
        inner = _shape(schemas, shape.properties[name]) if name in shape.properties and depth else None
        if inner is None:
            continue
        if "array" in inner.kinds and inner.items is not None:
            item = _shape(schemas, inner.items)
            if item is not None and item.kinds == {"string"}:
                return f"{prefix}{name}[0]"
            found = _message(schemas, item, f"{prefix}{name}[0].", depth - 1) if item is not None else None
        else:
            found = _message(schemas, inner, f"{prefix}{name}.", depth - 1)
        if found is not None:
            return found
    return None


def envelope(answers: Iterable[Answer | None]) -> str | None:
    """The one name around every answer, if all have the same and only one."""
    heads = {answer.path for answer in answers if answer is not None}
    return heads.pop() if len(heads) == 1 and "@" not in heads and not any("." in head for head in heads) else None


def _shape(schemas: Schemas, pointer: str) -> Shape | None:
    try:
        return schemas.shape(pointer)
    except UnresolvableReference:
        return None
