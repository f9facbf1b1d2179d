"""Take the facts of some operations out of a vendor's document."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from unified_gen.diagnostics.model import Diagnostic
from unified_gen.documents.codes import UNKNOWN_KEEP, UNKNOWN_OPERATION, finding
from unified_gen.documents.conversion import mapping, sequence
from unified_gen.documents.load import Document
from unified_gen.documents.operations import OperationFacts, Operations, operations
from unified_gen.documents.pointers import child, parent
from unified_gen.specs.assembled import mend_assembled
from unified_gen.specs.repair import security
from unified_gen.specs.slicing import Slicer, requested


class Taken(Struct, frozen=True):
    """A slice: `root` is an OpenAPI document of facts only, `operations` the names of those in it.

    `repairs` are notes on what was mended, `faults` errors: operations and properties that the document does not have.
    """

    root: dict[str, Any]
    operations: tuple[str, ...]
    repairs: tuple[Diagnostic, ...]
    faults: tuple[Diagnostic, ...]


def take(document: Document, names: Iterable[str], keep: Mapping[str, Iterable[str]] | None = None, title: str | None = None) -> Taken:
    """The slice of a document that some operations need.

    Args:
        document: the vendor's document.
        names: operationIds, or `METHOD /path`.
        keep: for schemas (a component's name or a pointer), the properties that stay; others stay whole. What a request
            requires stays in any case.
        title: what the slice is called; the document's name if left out.
    """
    known = operations(document)
    faults: list[Diagnostic] = []
    chosen = _chosen(document, known, names, faults)
    kept = {_schema_pointer(name): frozenset(properties) for name, properties in (keep or {}).items()}
    slicer = Slicer(document, kept, requested(document, chosen))
    paths: dict[str, Any] = {}
    for operation in chosen:
        _add(slicer, paths, document, operation)
    root: dict[str, Any] = {
        "openapi": document.root["openapi"],
        "info": {"title": title or document.name, "version": document.version},
        "servers": [slicer.facts("server", server, child("/servers", n), False) for n, server in enumerate(_servers(document))],
    }
    if "security" in document.root and any("security" not in document.at(operation.pointer) for operation in chosen):
        root["security"] = security(document.root["security"])[0]
    root["paths"] = paths
    components = slicer.components()
    schemes = _schemes(slicer, document, chosen)
    if schemes:
        components["securitySchemes"] = schemes
    if components:
        root["components"] = components
    faults += _unknown_keep(document, kept, slicer.kept)
    repairs = [*slicer.repairs, *mend_assembled(root, document)]
    return Taken(root, tuple(operation.name for operation in chosen), tuple(repairs), tuple(faults))


def _chosen(document: Document, known: Operations, names: Iterable[str], faults: list[Diagnostic]) -> list[OperationFacts]:
    """The operations named, in the order of the document."""
    found: dict[str, OperationFacts] = {}
    for name in names:
        operation = known.get(name)
        if operation is not None:
            found[operation.name] = operation
            continue
        near = difflib.get_close_matches(name, list(known), 1)
        hint = f"did you mean `{near[0]}`?" if near else None
        faults.append(finding(UNKNOWN_OPERATION, document.span("/paths"), f"{document.name} has no operation `{name}`", help=hint))
    return [found[name] for name in known if name in found]


def _add(slicer: Slicer, paths: dict[str, Any], document: Document, operation: OperationFacts) -> None:
    pointer = parent(operation.pointer)
    extra = pointer.endswith("/additionalOperations")
    item = parent(pointer) if extra else pointer
    made = paths.setdefault(operation.path, {})
    source = document.at(item)
    for key in ("servers", "parameters"):
        if key in source and key not in made:
            made.update(slicer.facts("path item", {key: source[key]}, item, True))
    facts: dict[str, Any] = slicer.facts("operation", document.at(operation.pointer), operation.pointer, False)
    if facts.get("operationId") not in (None, operation.name):
        del facts["operationId"]  # shared with another operation: both are called by method and path
    method = operation.pointer.rpartition("/")[2]
    if extra:
        made.setdefault("additionalOperations", {})[method] = facts
    else:
        made[method] = facts


def _servers(document: Document) -> list[Any]:
    return [server for server in sequence(document.root.get("servers")) if isinstance(server, dict) and isinstance(server.get("url"), str)]


def _schemes(slicer: Slicer, document: Document, chosen: list[OperationFacts]) -> dict[str, Any]:
    """The security schemes that the operations name (all of them if none does), with the scopes they ask for."""
    declared = mapping(mapping(document.root.get("components")).get("securitySchemes"))
    scopes: dict[str, set[str]] = {}
    for operation in chosen:
        for alternative in operation.security:
            for name, wanted in alternative.items():
                scopes.setdefault(name, set()).update(wanted)
    made = {}
    for name, scheme in declared.items():
        if scopes and name not in scopes:
            continue
        facts = slicer.facts("security scheme", scheme, child("/components/securitySchemes", name), False)
        if facts is None:
            continue
        made[name] = facts
        for flow in mapping(made[name].get("flows")).values():
            flow["scopes"] = {scope: "" for scope in flow["scopes"] if scope in scopes.get(name, ())}
    return made


def _schema_pointer(name: str) -> str:
    return name if name.startswith("/") else child("/components/schemas", name)


def _unknown_keep(document: Document, keep: Mapping[str, frozenset[str]], used: set[str]) -> Iterable[Diagnostic]:
    for pointer, names in keep.items():
        if pointer not in used:
            yield finding(UNKNOWN_KEEP, document.span(pointer), f"`{pointer}` is no schema with properties that these operations reach")
            continue
        declared = mapping(document.at(pointer).get("properties"))
        for name in sorted(names - declared.keys()):
            near = difflib.get_close_matches(name, list(declared), 1)
            hint = f"did you mean `{near[0]}`?" if near else None
            yield finding(UNKNOWN_KEEP, document.span(pointer), f"`{pointer}` has no property `{name}`", help=hint)
