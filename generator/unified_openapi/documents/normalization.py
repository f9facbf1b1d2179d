"""Normalization of a document: fix faults whose meaning is clear, and report those that cannot be fixed.

Both passes work on a tree that only the loader holds. After them every reference that is left is text, every parameter has a
name and a location, and every `{name}` of a path is declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from unified_openapi.diagnostics import Code
from unified_openapi.diagnostics.codes import (
    CIRCULAR,
    DANGLING,
    EXTERNAL,
    MALFORMED_REFERENCE,
    MISPLACED,
    REPEATED_OPERATION,
    UNDECLARED_PARAMETER,
)
from unified_openapi.documents.conversion import Remark, described, mapping, sequence
from unified_openapi.documents.structure import METHODS, Part, walk
from unified_openapi.source.pointers import child, look_up, of_reference

IN_PATH = re.compile(r"(?<!\{)\{([^{}/?#]+)\}(?!\})")
LOCATIONS = ("path", "query", "header", "cookie", "querystring")


def fix_references(root: dict[str, Any], name: str) -> Iterator[Remark]:
    """Correct malformed references, remove those without a meaning, and remark on those without a target.

    Args:
        root: the document, which is changed.
        name: its file name: references through it point into the document itself.
    """
    for location, fixed, remark in list(_references(root, name)):
        if remark is not None:
            yield remark
        if fixed is not None:
            location.value["$ref"] = fixed
        elif remark is not None and remark.code is MALFORMED_REFERENCE:
            location.value.pop("$ref", None)  # YAML aliases reach one object by several paths


def check_references(root: dict[str, Any], name: str) -> Iterator[Remark]:
    """Yield the remarks of `fix_references`, without changing the document."""
    return (remark for _, _, remark in _references(root, name) if remark is not None)


def _references(root: dict[str, Any], name: str) -> Iterator[tuple[Part, str | None, Remark | None]]:
    good: set[str] = set()
    for location in walk(root):
        if location.kind == "discriminator":
            for remark in _check_mapping(root, location.value, location.pointer):
                yield location, None, remark
        if "$ref" not in location.value:
            continue
        reference = location.value["$ref"]
        if isinstance(reference, str) and reference in good:
            continue
        fixed, code, message = _judge(root, reference, name, location.kind)
        if fixed is not None and code is None:
            good.add(fixed)
        yield location, fixed, Remark(code, child(location.pointer, "$ref"), message) if code is not None else None


def _judge(root: dict[str, Any], reference: Any, name: str, kind: str) -> tuple[str | None, Code | None, str]:
    """Return the reference in its intended form (None if it has no target), and the fault."""
    if not isinstance(reference, str) or not reference:
        return None, MALFORMED_REFERENCE, f"a `$ref` is text, not {described(reference)}; it is ignored"
    if reference.startswith("#/"):
        if _leads(root, reference):
            return (None, CIRCULAR, f"`{reference}` leads back to itself") if _circular(root, reference) else (reference, None, "")
        literal = reference.replace("%", "%25")
        if literal != reference and _leads(root, literal):
            return literal, None, ""
    for meant in _meant(reference, name, kind):
        if _leads(root, meant):
            return meant, MALFORMED_REFERENCE, f"`{reference}` is not a reference; read as `{meant}`"
    if reference.startswith("#"):
        return None, DANGLING, f"`{reference}` leads nowhere"
    return None, EXTERNAL, f"`{reference}` leads out of this document and is not followed"


def _meant(reference: str, name: str, kind: str) -> Iterator[str]:
    file, hash_, rest = reference.partition("#")
    if hash_ and file.rpartition("/")[2] == name:
        yield "#" + rest
    if reference.startswith("#") and not reference.startswith("#/"):
        yield "#/" + reference[1:]
    if reference.startswith("/") and not reference.startswith("//"):
        yield "#" + reference
    if reference.startswith(("components/", "definitions/")):
        yield "#/" + reference
    if kind == "schema":
        yield child("#/components/schemas", reference.rpartition("/definitions/")[2])


def _leads(root: dict[str, Any], reference: str) -> bool:
    pointer = of_reference(reference)
    if pointer is None:
        return False
    try:
        look_up(root, pointer)
    except KeyError:
        return False
    return True


def _circular(root: dict[str, Any], reference: str) -> bool:
    """Return true if a chain of bare references never ends."""
    seen: set[str] = set()
    while reference not in seen:
        seen.add(reference)
        pointer = of_reference(reference)
        try:
            target = look_up(root, pointer) if pointer is not None else None
        except KeyError:
            return False
        following = target.get("$ref") if isinstance(target, dict) else None
        if not isinstance(following, str):
            return False
        reference = following
    return True


def _check_mapping(root: dict[str, Any], discriminator: dict[str, Any], pointer: str) -> Iterator[Remark]:
    for word, target in mapping(discriminator.get("mapping")).items():
        if isinstance(target, str) and target.startswith("#") and not _leads(root, target):
            yield Remark(DANGLING, child(pointer, "mapping", word), f"`{target}` leads nowhere")


# -------------------------------------------------------------------------------------- operations
def fix_operations(root: dict[str, Any]) -> Iterator[Remark]:
    """Leave out parts of the wrong form, declare undeclared path parameters, and remark on shared operationIds.

    A path item that is a reference gets the operations of its target.
    """
    if not isinstance(root.get("paths", {}), dict):
        yield Remark(MISPLACED, "/paths", f"`paths` is an object of path items, not {described(root['paths'])}")
        root["paths"] = {}
    paths: dict[str, Any] = {}
    for path, item in mapping(root.get("paths")).items():
        pointer = child("/paths", path)
        if path.startswith("x-"):
            continue
        if not isinstance(item, dict):
            yield Remark(MISPLACED, pointer, f"the path item `{path}` is an object, not {described(item)}")
            continue
        lent = resolved(root, item) if "$ref" in item else None
        if not path.startswith("/"):
            yield Remark(MISPLACED, pointer, f"the path `{path}` is read as `/{path}`")
            if "/" + path in root["paths"]:
                continue
            path = "/" + path
            pointer = child("/paths", path)
        paths[path] = {**(lent or {}), **{key: value for key, value in item.items() if key != "$ref" or lent is None}}
        yield from _fix_item(root, path, paths[path], pointer)
    root["paths"] = paths
    yield from _repeated(root)


def _fix_item(root: dict[str, Any], path: str, item: dict[str, Any], pointer: str) -> Iterator[Remark]:
    if "parameters" in item:
        item["parameters"], remarks = _fix_parameters(root, item["parameters"], child(pointer, "parameters"))
        yield from remarks
    for method in METHODS:
        if method not in item:
            continue
        location = child(pointer, method)
        if not isinstance(item[method], dict):
            yield Remark(MISPLACED, location, f"the operation `{method}` is an object, not {described(item[method])}")
            del item[method]
            continue
        operation = item[method] = dict(item[method])
        if "parameters" in operation:
            operation["parameters"], remarks = _fix_parameters(root, operation["parameters"], child(location, "parameters"))
            yield from remarks
        yield from _declare(root, path, item, operation, location)


def _fix_parameters(root: dict[str, Any], given: Any, pointer: str) -> tuple[list[Any], list[Remark]]:
    if not isinstance(given, list):
        return [], [Remark(MISPLACED, pointer, f"`parameters` is a list, not {described(given)}")]
    valid: list[Any] = []
    remarks: list[Remark] = []
    for number, parameter in enumerate(given):
        found = resolved(root, parameter)
        if found is None:
            if isinstance(parameter, dict):
                continue
            wrong = f"a parameter is an object, not {described(parameter)}"
        elif not isinstance(found.get("name"), str) or not found["name"]:
            wrong = "a parameter without a name is left out"
        elif found.get("in") not in LOCATIONS:
            wrong = f"the parameter `{found['name']}` is left out: `in: {found.get('in')}` is not a location of parameters"
        else:
            valid.append(parameter)
            continue
        remarks.append(Remark(MISPLACED, child(pointer, number), wrong))
    return valid, remarks


def _declare(root: dict[str, Any], path: str, item: dict[str, Any], operation: dict[str, Any], pointer: str) -> Iterator[Remark]:
    declared = set()
    for parameter in (*sequence(item.get("parameters")), *sequence(operation.get("parameters"))):
        found = resolved(root, parameter)
        if found is not None and found.get("in") == "path":
            declared.add(found.get("name"))
    for name in dict.fromkeys(IN_PATH.findall(path)):
        if name not in declared:
            added = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            operation["parameters"] = [*sequence(operation.get("parameters")), added]
            yield Remark(UNDECLARED_PARAMETER, pointer, f"the path parameter `{name}` is not declared; taken as a required text")


def resolved(root: dict[str, Any], value: Any) -> dict[str, Any] | None:
    """Return an object, or the one at the end of its references; None if there is none."""
    for _ in range(32):
        if not isinstance(value, dict):
            return None
        reference = value.get("$ref")
        if not isinstance(reference, str):
            return value
        pointer = of_reference(reference)
        try:
            value = look_up(root, pointer) if pointer is not None else None
        except KeyError:
            return None
    return None


def _repeated(root: dict[str, Any]) -> Iterator[Remark]:
    seen: dict[str, str] = {}
    for path, item in root["paths"].items():
        for method in METHODS:
            name = mapping(item.get(method)).get("operationId")
            if not isinstance(name, str):
                continue
            location = f"{method.upper()} {path}"
            if name in seen:
                pointer = child("/paths", path, method, "operationId")
                yield Remark(REPEATED_OPERATION, pointer, f"`{name}` is the operationId of `{seen[name]}` too")
            else:
                seen[name] = location
