"""Changes of generated code that break its users: removed operations, arguments and fields, and narrowed types.

Two versions of `generated/` are compared by their tool definitions and catalog, which state everything that users can call and read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

TOOLS, CATALOG = "unified/tools/", "unified/catalog/"
"""Folders of the files that are compared."""

_LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


def breaking(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return what breaks users of the old version, a line each. The files are text by name, relative to `generated/`."""
    return [*_tools(_parsed(old, TOOLS, "resource"), _parsed(new, TOOLS, "resource")), *_catalog(old, new)]


def _parsed(files: Mapping[str, str], folder: str, name: str) -> dict[str, dict[str, Any]]:
    found = [json.loads(text) for path, text in files.items() if path.startswith(folder) and path.endswith(".json")]
    return {one[name]: one for one in sorted(found, key=lambda one: str(one[name]))}


# ------------------------------------------------------------------------------------------------ unified operations and records
def _tools(old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for resource, before in old.items():
        after = new.get(resource)
        if after is None:
            yield f"{resource}: was removed"
            continue
        yield from _record(resource, before["record"]["properties"], after["record"]["properties"])
        present = {tool["operation"]: tool for tool in after["tools"]}
        for tool in before["tools"]:
            name = tool["operation"]
            if name in present:
                yield from _arguments(name, tool["parameters"], present[name]["parameters"])
            else:
                yield f"{name}: was removed"


def _record(resource: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for field, before in old.items():
        if field not in new:
            yield f"{resource}: field {field} was removed"
        elif added := _types(new[field]) - _types(before):
            yield f"{resource}: field {field} can be {_either(added)}"


def _arguments(operation: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in new.get("required", ()):
        if name not in old.get("required", ()):
            yield f"{operation}: argument {name} is required"
    for name, before in old["properties"].items():
        after = new["properties"].get(name)
        if after is None:
            yield f"{operation}: argument {name} was removed"
        else:
            yield from (f"{operation}: argument {name} {change}" for change in narrowed(before, after))


def narrowed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a JSON Schema no longer accepts, as the end of a sentence."""
    if lost := _types(old) - _types(new):
        yield f"cannot be {_either(lost)}"
    before, after = _values(old), _values(new)
    if after is not None:
        if before is None:
            yield f"accepts only {', '.join(sorted(after))}"
        elif gone := before - after:
            yield f"does not accept {', '.join(sorted(gone))}"
    for bound in _LOWER_BOUNDS:
        if bound in new and new[bound] > old.get(bound, float("-inf")):
            yield f"has {bound} {new[bound]}"
    for bound in _UPPER_BOUNDS:
        if bound in new and new[bound] < old.get(bound, float("inf")):
            yield f"has {bound} {new[bound]}"
    for rule in ("pattern", "format"):
        if rule in new and new[rule] != old.get(rule):
            yield f"has {rule} {new[rule]}"
    if "items" in old and "items" in new:
        yield from (f"of items {change}" for change in narrowed(old["items"], new["items"]))


def _types(schema: Mapping[str, Any]) -> set[str]:
    if "anyOf" in schema:
        return {kind for arm in schema["anyOf"] for kind in _types(arm)}
    kinds = schema.get("type", "object")
    return {*kinds} if isinstance(kinds, list) else {kinds}


def _values(schema: Mapping[str, Any]) -> set[str] | None:
    """Return the accepted values; None if all of its types are."""
    arms = [arm for arm in schema.get("anyOf", [schema]) if arm.get("type") != "null"]
    if not all("enum" in arm for arm in arms):
        return None
    return {str(value) for arm in arms for value in arm["enum"]}


def _either(kinds: set[str]) -> str:
    return " or ".join(sorted(kinds))


# ------------------------------------------------------------------------------------------------ vendors
def _catalog(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    present = _parsed(new, CATALOG, "vendor")
    for vendor, before in _parsed(old, CATALOG, "vendor").items():
        after = present.get(vendor)
        if after is None:
            yield f"{vendor}: the vendor was removed"
            continue
        known = _operations(after)
        for name, operation in _operations(before).items():
            if name not in known:
                yield f"{name} via {vendor}: was removed"
            else:
                yield from (f"{name} via {vendor}: {change}" for change in _offered(operation, known[name]))


def _operations(entry: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{resource}.{name}": operation for resource, one in entry["resources"].items() for name, operation in one["operations"].items()
    }


def _offered(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in old["inputs"]:
        if name not in new["inputs"]:
            yield f"input {name} was removed"
    for name in new["requires"]:
        if name not in old["requires"]:
            yield f"input {name} is required"
    for name, values in new["lacks"].items():
        if name in old["inputs"] and (lost := [value for value in values if value not in old["lacks"].get(name, ())]):
            yield f"input {name} does not accept {', '.join(lost)}"
    if scopes := [scope for scope in new["scopes"] if scope not in old["scopes"]]:
        yield f"connections need {', '.join(scopes)}"
