"""Compare a vendor's slice with an edited copy of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from unified_gen.drift.model import Drift
from unified_gen.drift.vendors import compare_documents
from unified_gen.pipeline.compiler import Models, parse_models
from unified_gen.pipeline.inputs import Inputs, VendorInputs, read_inputs
from unified_gen.specs.lock import Lock, SourceDocument
from unified_openapi.documents import Document, operations, parse_document
from unified_openapi.source.pointers import tokens

ROOT = Path(__file__).parents[3]
GONE = object()
"""In place of a value: the node is removed."""

Edit = Callable[[dict[str, Any]], None]


@cache
def project() -> Inputs:
    return read_inputs(ROOT)


@cache
def models() -> Models:
    return parse_models(project().models)


@cache
def files(vendor: str) -> VendorInputs:
    return next(found for found in project().vendors if found.name == vendor)


@cache
def slice_of(vendor: str) -> Document:
    """Return the slice of a vendor as its document."""
    spec = files(vendor).spec("openapi.yaml")
    assert spec is not None
    return parse_document(spec[1], spec[0])


def put(pointer: str, value: Any) -> Edit:
    """Return an edit that sets, adds or removes one node; `-` as the last part appends to a list."""

    def edit(root: dict[str, Any]) -> None:
        *names, last = tokens(pointer)
        node: Any = root
        for name in names:
            node = node[int(name) if isinstance(node, list) else name]
        if isinstance(node, list):
            if last == "-":
                node.append(value)
            elif value is GONE:
                del node[int(last)]
            else:
                node[int(last)] = value
        elif value is GONE:
            del node[last]
        else:
            node[last] = value

    return edit


def moved(old: str, new: str) -> Edit:
    """Return an edit that moves a node."""

    def edit(root: dict[str, Any]) -> None:
        node: Any = root
        for name in tokens(old):
            node = node[int(name) if isinstance(node, list) else name]
        put(old, GONE)(root)
        put(new, node)(root)

    return edit


def renamed(old: str, new: str) -> Edit:
    """Return an edit that renames a schema wherever it is referred to."""

    def edit(root: dict[str, Any]) -> None:
        text = json.dumps(root).replace(f'"#/components/schemas/{old}"', f'"#/components/schemas/{new}"')
        root.clear()
        root.update(json.loads(text))
        schemas = root["components"]["schemas"]
        schemas[new] = schemas.pop(old)

    return edit


def parameter(operation: str, name: str, value: Any, vendor: str) -> Edit:
    """Return an edit of an operation's parameter: GONE, or keys to merge (GONE removes one)."""

    def edit(root: dict[str, Any]) -> None:
        facts = operations(slice_of(vendor))[operation]
        found = next(one for one in facts.parameters if one.name == name)
        if value is GONE:
            *_, index = tokens(found.pointer)
            put(found.pointer, GONE)(root) if index.isdigit() else _without_reference(root, facts.pointer, found.pointer)
            return
        for key, inner in value.items():
            put(f"{found.pointer}/{key}", inner)(root)

    return edit


def _without_reference(root: dict[str, Any], operation: str, pointer: str) -> None:
    """Remove a shared parameter from an operation, or from its path."""
    paths, path, method = tokens(operation)
    for holder in (root[paths][path], root[paths][path][method]):
        holder["parameters"] = [one for one in holder.get("parameters", ()) if one.get("$ref") != "#" + pointer]


def compared(vendor: str, edits: Iterable[Edit]) -> Drift:
    """Return the effect of edits of a vendor's slice."""
    before, inputs = slice_of(vendor), files(vendor)
    root = deepcopy(before.root)
    for edit in edits:
        edit(root)
    new = parse_document(json.dumps(root).encode(), "new.json", "new.json")
    names = tuple(operations(before))
    source = SourceDocument("old.json", before.version, before.sha256, before.format, names, {})
    return compare_documents(inputs, models(), Lock((source,)), {"old.json": new}, lambda name: before)
