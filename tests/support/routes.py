"""Router of an OpenAPI document: the operation of a request, and its path parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PARAMETER = re.compile(r"\{([^{}]+)\}")


def resolved(document: Mapping[str, Any], node: Any) -> Any:
    """Return the node, or the end of its chain of local `$ref`s.

    Raises:
        KeyError: a reference points nowhere.
        ValueError: a reference leaves the document, or the chain is a circle.
    """
    seen: set[str] = set()
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        reference = node["$ref"]
        if not reference.startswith("#/") or reference in seen:
            raise ValueError(f"reference {reference!r} cannot be followed")
        seen.add(reference)
        node = document
        for part in reference[2:].split("/"):
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            node = node[int(name)] if isinstance(node, list) else node[name]
    return node


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `parameters` holds those of the path item and its own, with references resolved, by (in, name)."""

    method: str
    template: str
    node: Mapping[str, Any]
    parameters: Mapping[tuple[str, str], Mapping[str, Any]]

    @property
    def id(self) -> str:
        return str(self.node.get("operationId") or f"{self.method.upper()} {self.template}")


@dataclass(frozen=True, slots=True)
class Match:
    operation: Operation
    path: Mapping[str, str]  # percent-decoded


@dataclass(frozen=True, slots=True)
class _Route:
    pattern: re.Pattern[str]
    names: tuple[str, ...]
    template: str
    operations: Mapping[str, Operation]


class Routes:
    """The document's paths, concrete ones before templated ones as the standard requires."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        routes = [self._route(template, item) for template, item in document["paths"].items()]
        self._routes = sorted(routes, key=lambda route: (len(route.names), -len(_PARAMETER.sub("", route.template))))
        self.operations = {operation.id: operation for route in routes for operation in route.operations.values()}

    def find(self, method: str, path: str) -> Match | None:
        """Return the operation for a percent-encoded path; None if no path matches. A path that matches by another method is ignored."""
        for route in self._routes:
            if (found := route.pattern.fullmatch(path)) and (operation := route.operations.get(method.lower())):
                return Match(operation, dict(zip(route.names, map(unquote, found.groups()), strict=True)))
        return None

    def _route(self, template: str, item: Mapping[str, Any]) -> _Route:
        item = resolved(self.document, item)
        pattern, names, end = "", [], 0
        for found in _PARAMETER.finditer(template):
            pattern += re.escape(template[end : found.start()]) + "([^/?#]+)"
            names.append(found[1])
            end = found.end()
        pattern += re.escape(template[end:])
        shared = self._parameters(item)
        operations = {
            method: Operation(method, template, item[method], shared | self._parameters(item[method]))
            for method in METHODS
            if method in item
        }
        return _Route(re.compile(pattern), tuple(names), template, operations)

    def _parameters(self, node: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
        found = [resolved(self.document, parameter) for parameter in node.get("parameters") or ()]
        return {(parameter["in"], parameter["name"]): parameter for parameter in found}
