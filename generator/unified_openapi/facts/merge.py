"""Merge of the slices of several documents of one vendor into one document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from unified_openapi.documents.structure import METHODS, walk
from unified_openapi.facts.upgrade import upgrade

_PREFIX = "#/components/"


@dataclass(frozen=True, slots=True)
class OperationConflict(Exception):
    """Two documents that describe the same operation."""

    endpoint: str
    first: str
    second: str

    def __str__(self) -> str:
        return f"`{self.endpoint}` is taken from {self.first} and from {self.second}"


def merge(parts: Sequence[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Return one OpenAPI document of several slices.

    Servers and security of the first are at the top; those of the others at their operations. Components that are equal are
    shared, and so is an OAuth scheme that differs only by its scopes; of two that differ, the later one is named after its document.

    Args:
        parts: document names and slices.

    Raises:
        OperationConflict: an operation is in two of them.
    """
    roots = [deepcopy(root) for _, root in parts]
    if len({root["openapi"][:3] for root in roots}) > 1:
        roots = [upgrade(root) for root in roots]
    merged = roots[0]
    owners = dict.fromkeys((endpoint for endpoint, _, _ in _operations(merged)), parts[0][0])
    for (name, _), root in zip(parts[1:], roots[1:], strict=True):
        _lower(root, merged)
        _share_scopes(root, merged)
        _rename(root, merged, name)
        for endpoint, _, _ in _operations(root):
            if endpoint in owners:
                raise OperationConflict(endpoint, owners[endpoint], name)
            owners[endpoint] = name
        for path, item in root["paths"].items():
            if path in merged["paths"]:
                _flatten(merged["paths"][path])
                _flatten(item)
                merged["paths"][path].update(item)
            else:
                merged["paths"][path] = item
        for section, found in root.get("components", {}).items():
            merged.setdefault("components", {}).setdefault(section, {}).update(found)
    return merged


def _operations(root: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for path, item in root["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item, item[method]


def _lower(root: dict[str, Any], top: dict[str, Any]) -> None:
    """Copy servers and security that differ from those of `top` to the document's operations."""
    for _, item, operation in _operations(root):
        if root.get("servers") != top.get("servers") and root.get("servers") and "servers" not in operation and "servers" not in item:
            operation["servers"] = deepcopy(root["servers"])
        if "security" not in operation and root.get("security") != top.get("security"):
            operation["security"] = deepcopy(root.get("security", []))


def _share_scopes(root: dict[str, Any], top: dict[str, Any]) -> None:
    """Merge OAuth schemes that differ only by their scopes into one, with the scopes of both: a client is authorized once for a vendor."""
    known = top.get("components", {}).get("securitySchemes", {})
    for name, scheme in root.get("components", {}).get("securitySchemes", {}).items():
        if name not in known or _without_scopes(known[name]) != _without_scopes(scheme):
            continue
        for kind, flow in scheme.get("flows", {}).items():
            both = known[name]["flows"][kind].get("scopes", {}) | flow.get("scopes", {})
            known[name]["flows"][kind]["scopes"] = dict(sorted(both.items()))
            flow["scopes"] = dict(sorted(both.items()))


def _without_scopes(scheme: dict[str, Any]) -> dict[str, Any]:
    flows = {kind: {key: value for key, value in flow.items() if key != "scopes"} for kind, flow in scheme.get("flows", {}).items()}
    return {**scheme, "flows": flows}


def _flatten(item: dict[str, Any]) -> None:
    """Move the values that all operations of a path share to each of them."""
    parameters, servers = item.pop("parameters", []), item.pop("servers", None)
    for method in METHODS:
        if method in item:
            if parameters:
                item[method]["parameters"] = [*deepcopy(parameters), *item[method].get("parameters", ())]
            if servers is not None:
                item[method].setdefault("servers", servers)


def _rename(root: dict[str, Any], top: dict[str, Any], document: str) -> None:
    """Rename components that differ from others of the same name. A component that refers to a renamed one differs too."""
    suffix = "_" + re.sub(r"[^A-Za-z0-9._-]", "_", document.rpartition("/")[2].rpartition(".")[0] or document)
    components = root.get("components", {})
    while True:
        renamed = {
            (section, name): name + suffix
            for section, found in components.items()
            for name in found
            if name in top.get("components", {}).get(section, {}) and found[name] != top["components"][section][name]
        }
        if not renamed:
            return
        for section, found in components.items():
            components[section] = {renamed.get((section, name), name): value for name, value in found.items()}
        references = {f"{_PREFIX}{section}/{old}": f"{_PREFIX}{section}/{new}" for (section, old), new in renamed.items()}
        schemes = {old: new for (section, old), new in renamed.items() if section == "securitySchemes"}
        for endpoint in walk(root):
            _redirect(endpoint.kind, endpoint.value, references, schemes)


def _redirect(kind: str, value: dict[str, Any], references: dict[str, str], schemes: dict[str, str]) -> None:
    if value.get("$ref") in references:
        value["$ref"] = references[value["$ref"]]
    if kind == "discriminator" and "mapping" in value:
        value["mapping"] = {word: references.get(target, target) for word, target in value["mapping"].items()}
    if kind in ("operation", "document") and "security" in value:
        value["security"] = [{schemes.get(name, name): scopes for name, scopes in one.items()} for one in value["security"]]
