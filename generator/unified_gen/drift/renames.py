"""Renamed parts of a document: operations at the same path, schemas in the same position, path parameters.

A mapping and an overlay name these parts. The comparison undoes a rename in the new slice, so that what is left is what really changed,
and reports the new name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from msgspec import Struct, field

from unified_openapi.documents.operations import Operations
from unified_openapi.documents.structure import METHODS

_SCHEMAS = "#/components/schemas/"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Renames(Struct):
    """New names by old ones. `moved` are schemas that have become references to another that has their content."""

    operations: dict[str, str] = field(default_factory=dict)
    schemas: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, dict[str, str]] = field(default_factory=dict)
    """By path: names of its parameters."""
    calls: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By path: the operations there."""


def shape_of(path: str) -> str:
    """Return a path without the names of its parameters."""
    return _PLACEHOLDER.sub("{}", path)


def renamed_operations(names: Iterable[str], before: Operations, new: Operations) -> dict[str, str]:
    """Return the operations that have another operationId at the same method and path in the new document."""
    by_endpoint = {f"{facts.method} {shape_of(facts.path)}": facts.name for facts in new.values()}
    found = {}
    for name in names:
        if name not in new and (old := before.get(name)) is not None:
            other = by_endpoint.get(f"{old.method} {shape_of(old.path)}")
            if other is not None and other not in before:
                found[name] = other
    return found


def restore_operations(root: dict[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    """Return a slice with the former operationIds."""
    root = deepcopy(root)
    ids = {new: name for name, new in renamed.items()}
    for operation in _operations(root):
        if operation.get("operationId") in ids:
            operation["operationId"] = ids[operation["operationId"]]
    return root


def restore_parameters(root: dict[str, Any], old: dict[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """Return a slice with the former names of path parameters in paths that are otherwise the same, and the new names by path."""
    former = {shape_of(path): path for path in old.get("paths", {})}
    found: dict[str, dict[str, str]] = {}
    root = deepcopy(root)
    paths = {}
    for path, item in root["paths"].items():
        before = former.get(shape_of(path), path)
        names = dict(zip(_PLACEHOLDER.findall(path), _PLACEHOLDER.findall(before), strict=False))
        names = {new: name for new, name in names.items() if new != name}
        if names and before not in root["paths"]:
            found[before] = {name: new for new, name in names.items()}
            for parameters in [item.get("parameters"), *(item[method].get("parameters") for method in METHODS if method in item)]:
                for number, parameter in enumerate(parameters or ()):
                    parameters[number] = _renamed_parameter(root, parameter, names)
            paths[before] = item
        else:
            paths[path] = item
    root["paths"] = paths
    return root, found


def _renamed_parameter(root: dict[str, Any], parameter: Any, names: Mapping[str, str]) -> Any:
    value = parameter
    if isinstance(parameter, dict) and isinstance(parameter.get("$ref"), str):
        section, _, name = parameter["$ref"].removeprefix("#/components/").partition("/")
        value = root.get("components", {}).get(section, {}).get(name, parameter)
    if isinstance(value, dict) and value.get("in") == "path" and value.get("name") in names:
        return {**value, "name": names[value["name"]]}
    return parameter


def renamed_schemas(root: dict[str, Any], old: dict[str, Any]) -> dict[str, str]:
    """Return the components that are gone, with the one that is in their positions now."""
    names, former = _schemas(root), _schemas(old)
    found: dict[str, str] = {}
    seen: set[tuple[int, int]] = set()

    def compare(one: Any, other: Any) -> None:
        if (id(one), id(other)) in seen:
            return
        seen.add((id(one), id(other)))
        if isinstance(one, dict) and isinstance(other, dict):
            old_name, new_name = _name(one), _name(other)
            if old_name is not None and new_name is not None:
                if old_name not in names and new_name not in former and new_name not in found.values():
                    found.setdefault(old_name, new_name)
                if old_name in former and new_name in names and found.get(old_name, old_name) == new_name:
                    compare(former[old_name], names[new_name])
                return
            for key in one.keys() & other.keys():
                compare(one[key], other[key])
        elif isinstance(one, list) and isinstance(other, list):
            for left, right in zip(one, other, strict=False):
                compare(left, right)

    compare(old.get("paths", {}), root.get("paths", {}))
    return found


def restore_schemas(root: dict[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    """Return a slice with the former names of components."""
    references = {_SCHEMAS + new: _SCHEMAS + name for name, new in renamed.items()}
    root = _redirected(root, references)
    names = {new: name for name, new in renamed.items()}
    schemas = {names.get(name, name): schema for name, schema in _schemas(root).items()}
    return {**root, "components": {**root["components"], "schemas": schemas}} if schemas else root


def moved_schemas(root: dict[str, Any], old: dict[str, Any]) -> dict[str, str]:
    """Return the components that only refer to a new one."""
    former, found = _schemas(old), {}
    for name, schema in _schemas(root).items():
        parts = schema.get("allOf") if isinstance(schema, dict) else None
        single = parts[0] if isinstance(parts, list) and len(parts) == 1 and not schema.keys() - {"allOf"} else schema
        other = _name(single) if isinstance(single, dict) else None
        if other is not None and name in former and other not in former and _name(former[name]) is None and "allOf" not in former[name]:
            found[name] = other
    return found


def restore_moved(root: dict[str, Any], moved: Mapping[str, str]) -> dict[str, Any]:
    """Return a slice in which the components have their content again."""
    schemas = _schemas(root)
    inlined = {
        name: deepcopy(schemas[moved[name]]) if name in moved and moved[name] in schemas else schema for name, schema in schemas.items()
    }
    return {**root, "components": {**root["components"], "schemas": inlined}}


def _schemas(root: Mapping[str, Any]) -> dict[str, Any]:
    found = root.get("components", {}).get("schemas", {})
    return found if isinstance(found, dict) else {}


def _name(value: Mapping[str, Any]) -> str | None:
    reference = value.get("$ref")
    return reference.removeprefix(_SCHEMAS) if isinstance(reference, str) and reference.startswith(_SCHEMAS) else None


def _redirected(value: Any, references: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: references.get(inner, inner) if key == "$ref" and isinstance(inner, str) else _redirected(inner, references)
            for key, inner in value.items()
        }
    return [_redirected(inner, references) for inner in value] if isinstance(value, list) else value


def _operations(root: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in root.get("paths", {}).values():
        for method in METHODS:
            if method in item:
                yield item[method]
