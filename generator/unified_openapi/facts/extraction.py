"""Extraction of the facts of some operations from a vendor's document."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from unified_openapi.diagnostics.codes import UNKNOWN_KEEP, UNKNOWN_OPERATION
from unified_openapi.diagnostics.model import Diagnostic, finding
from unified_openapi.documents.conversion import mapping, sequence
from unified_openapi.documents.document import Document
from unified_openapi.documents.operations import OperationFacts, Operations, operations
from unified_openapi.facts.graphql_cuts import cuts
from unified_openapi.facts.repair import security
from unified_openapi.facts.slicing import Slicer, requested
from unified_openapi.source.pointers import child, parent


class Facts(Struct, frozen=True):
    """Facts of some operations: `root` is an OpenAPI document without prose, `operations` the names of those in it.

    `repairs` are notes on what was fixed, `faults` errors: operations and properties that the document does not have.
    """

    root: dict[str, Any]
    operations: tuple[str, ...]
    repairs: tuple[Diagnostic, ...]
    faults: tuple[Diagnostic, ...]


def extract(document: Document, names: Iterable[str], keep: Mapping[str, Iterable[str]] | None = None, title: str | None = None) -> Facts:
    """Return the facts of a document that some operations need.

    Args:
        document: the vendor's document.
        names: operationIds, or `METHOD /path`.
        keep: for schemas (a component's name or a pointer), the properties that stay; other schemas stay complete, except types of
            GraphQL (`graphql_cuts`). What a request requires stays in any case.
        title: title of the facts; the document's name if left out.
    """
    known = operations(document)
    faults: list[Diagnostic] = []
    chosen = _chosen(document, known, names, faults)
    saved = {_schema_pointer(name): frozenset(properties) for name, properties in (keep or {}).items()}
    cut = {**cuts(document, chosen), **saved}
    slicer = Slicer(document, cut, requested(document, chosen) if cut else frozenset())
    scopes: dict[str, set[str]] = {}
    for operation in chosen:
        for alternative in operation.security:
            for scheme, wanted in alternative.items():
                scopes.setdefault(scheme, set()).update(wanted)
    root = _root(slicer, document, chosen, title, scopes)
    faults += _unknown_keep(document, saved, slicer.saved)
    return Facts(root, tuple(operation.name for operation in chosen), tuple(slicer.repairs), tuple(faults))


def extract_all(document: Document, title: str | None = None) -> Facts:
    """Return the facts of all operations of a document, with their tags, and of all security schemes, with all scopes."""
    chosen = list(operations(document).values())
    slicer = Slicer(document, {}, tags=True)
    if any(operation.graphql is not None for operation in chosen):  # types that only arguments of inner fields have
        slicer.refer_all()
    root = _root(slicer, document, chosen, title, None)
    _remove_sentences(root)
    return Facts(root, tuple(operation.name for operation in chosen), tuple(slicer.repairs), ())


SPACES = 6
"""Spaces of a text that is a sentence, not a name."""


def is_sentence(text: object) -> bool:
    """Return true if a value is text that the vendor wrote for people, such as a message in an `enum`."""
    return isinstance(text, str) and text.count(" ") >= SPACES


def _remove_sentences(value: Any) -> None:
    """Remove enumerations and defaults with sentences: they are prose, and a schema without them allows more."""
    if isinstance(value, list):
        for inner in value:
            _remove_sentences(inner)
    elif isinstance(value, dict):
        if isinstance(value.get("enum"), list) and any(map(is_sentence, value["enum"])):
            del value["enum"]
        for key in ("default", "const"):
            if is_sentence(value.get(key)):
                del value[key]
        for inner in value.values():
            _remove_sentences(inner)


def _root(
    slicer: Slicer, document: Document, chosen: list[OperationFacts], title: str | None, scopes: Mapping[str, set[str]] | None
) -> dict[str, Any]:
    """Return the facts as an OpenAPI document. `scopes` are those to include, by security scheme; None: all."""
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
    schemes = _schemes(slicer, document, scopes)
    if schemes:
        components["securitySchemes"] = schemes
    if components:
        root["components"] = components
    return root


def _chosen(document: Document, known: Operations, names: Iterable[str], faults: list[Diagnostic]) -> list[OperationFacts]:
    """Return the operations named, in the order of the document."""
    found: dict[str, OperationFacts] = {}
    for name in names:
        operation = known.get(name)
        if operation is not None:
            found[operation.name] = operation
            continue
        near = difflib.get_close_matches(name, list(known), 1)
        hint = f"did you mean `{near[0]}`?" if near else None
        faults.append(finding(UNKNOWN_OPERATION, f"{document.name} has no operation `{name}`", document.span("/paths"), help=hint))
    return [found[name] for name in known if name in found]


def _add(slicer: Slicer, paths: dict[str, Any], document: Document, operation: OperationFacts) -> None:
    pointer = parent(operation.pointer)
    extra = pointer.endswith("/additionalOperations")
    item = parent(pointer) if extra else pointer
    made = paths.setdefault(operation.path, {})
    source = document.at(item)
    slicer.path = operation.path
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


def _schemes(slicer: Slicer, document: Document, scopes: Mapping[str, set[str]] | None) -> dict[str, Any]:
    """Return the security schemes in `scopes` with these scopes (all schemes if it is empty); all of them with all scopes if it is None."""
    declared = mapping(mapping(document.root.get("components")).get("securitySchemes"))
    made = {}
    for name, scheme in declared.items():
        if scopes and name not in scopes:
            continue
        facts = slicer.facts("security scheme", scheme, child("/components/securitySchemes", name), False)
        if facts is None:
            continue
        made[name] = facts
        for flow in mapping(facts.get("flows")).values():
            flow["scopes"] = {scope: "" for scope in flow["scopes"] if scopes is None or scope in scopes.get(name, ())}
    return made


def _schema_pointer(name: str) -> str:
    return name if name.startswith("/") else child("/components/schemas", name)


def _unknown_keep(document: Document, keep: Mapping[str, frozenset[str]], used: set[str]) -> Iterable[Diagnostic]:
    for pointer, names in keep.items():
        if pointer not in used:
            yield finding(UNKNOWN_KEEP, f"`{pointer}` is not a schema with properties that these operations reach", document.span(pointer))
            continue
        declared = mapping(document.at(pointer).get("properties"))
        for name in sorted(names - declared.keys()):
            near = difflib.get_close_matches(name, list(declared), 1)
            hint = f"did you mean `{near[0]}`?" if near else None
            yield finding(UNKNOWN_KEEP, f"`{pointer}` has no property `{name}`", document.span(pointer), help=hint)
