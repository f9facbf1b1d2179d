"""Documents that emulators are derived from: the facts of each vendor's complete documents, with its overlay applied."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from unified_openapi.documents import Document, parse_document
from unified_openapi.documents.overlay import apply, load_overlay
from unified_openapi.facts.complete import open_facts
from unified_openapi.facts.entries import FACTS
from unified_openapi.facts.merge import merge
from unified_openapi.facts.shipped import facts_folder
from unified_runtime.core.errors import InvalidInput
from unified_runtime.toolkits import registry

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def specs(vendor: str) -> Path:
    """Return the folder with the facts, the overlay and the behaviour of a vendor: shipped, or of a toolkit that the user added."""
    folder = facts_folder()
    return folder / vendor if folder is not None and (folder / vendor).is_dir() else registry.user_folder() / vendor


def vendors() -> tuple[str, ...]:
    """Return the names of the vendors that can be emulated.

    Raises:
        InvalidInput: no vendor has facts.
    """
    found = registry.names()
    if not found:
        raise InvalidInput("emulators need the facts of vendors: install the data distribution unified-apis-facts")
    return found


def document_of(vendor: str) -> Document:
    """Return one document of all operations of a vendor, with its overlay applied.

    Raises:
        DocumentFault: the facts cannot be read.
    """
    folder = specs(vendor)
    facts = open_facts(folder)
    if len(facts) == 1:
        (document,) = facts.values()
    else:
        used = _used(folder / "lock.json")
        roots = [(name, json.loads(bytes(entry.document))) for name, entry in facts.entries.items()]
        merged = merge(_without_duplicates(roots, used))
        document = parse_document(json.dumps(merged), f"{vendor}/{FACTS}")
    overlay = folder / "overlay.yaml"
    return apply(document, load_overlay(overlay)) if overlay.is_file() else document


def _used(lock: Path) -> set[tuple[str, str]]:
    """Return the documents' operations that mappings use, as pairs of document and operation id or endpoint."""
    if not lock.is_file():  # a vendor without mappings
        return set()
    entries = json.loads(lock.read_bytes())["documents"]
    return {(entry["name"], operation) for entry in entries for operation in entry["operations"]}


def _without_duplicates(roots: Iterable[tuple[str, dict[str, Any]]], used: set[tuple[str, str]]) -> list[tuple[str, dict[str, Any]]]:
    """Return the documents without operations that another one describes: two versions of an API differ by their servers only.

    Of two equal paths, the one that a mapping uses remains, else the first. It accepts the query parameters of the others, too.
    """
    listed = list(roots)
    owners: dict[tuple[str, str], str] = {}
    for name, root in listed:
        for path, method, operation in _operations(root):
            chosen = (name, operation.get("operationId", f"{method.upper()} {path}")) in used
            if (path, method) not in owners or chosen:
                owners[path, method] = name
    by_name = dict(listed)
    for name, root in listed:
        for path, method, operation in list(_operations(root)):
            if owners[path, method] != name:
                _add_parameters(by_name[owners[path, method]]["paths"][path][method], operation)
                del root["paths"][path][method]
    return listed


def _add_parameters(operation: dict[str, Any], other: Mapping[str, Any]) -> None:
    """Add the query parameters that only another description of an operation has; none that refers to its document."""
    own: list[dict[str, Any]] = operation.setdefault("parameters", [])
    known = {one.get("name") for one in own}
    added = [one for one in other.get("parameters", ()) if one.get("in") == "query" and one["name"] not in known]
    own += [{**one, "required": False} for one in added if "$ref" not in json.dumps(one)]


def _operations(root: Mapping[str, Any]) -> Iterable[tuple[str, str, dict[str, Any]]]:
    for path, item in root["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]
