"""The slice as it would be extracted from a new document, with the names that the mappings know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from unified_gen.drift import renames
from unified_gen.drift.renames import Renames
from unified_gen.specs.lock import Lock
from unified_gen.specs.take import take
from unified_gen.specs.update import Find, take_source
from unified_openapi.documents import Document, operations
from unified_openapi.facts.merge import merge


def next_document(lock: Lock, new: Mapping[str, Document], find: Find, title: str, before: Document) -> tuple[Document, Renames]:
    """Return the slice as it would be extracted today, and the renames that are undone in it.

    Operations that a new document does not have are left out: a mapping that calls one gets a finding. Locations point into the first of
    the new documents.

    Args:
        lock: the documents of the slice.
        new: new versions of documents, by the names of those that they replace.
        find: gives the other documents.
        title: the vendor's name.
        before: the slice as it is.

    Raises:
        DocumentFault: another document of the slice cannot be loaded.
        OperationConflict: two documents describe the same operation.
    """
    old = operations(before)
    known = {name: operations(document) for name, document in new.items()}
    renamed = {
        name: other
        for source in lock.documents
        if source.name in new
        for name, other in renames.renamed_operations(source.operations, old, known[source.name]).items()
    }

    def merged(keeps: Mapping[str, str]) -> dict[str, Any]:
        parts = []
        for source in lock.documents:
            if (document := new.get(source.name)) is None:
                parts.append((source.name, take_source(source, find(source.name), title).root))
                continue
            names = [renamed.get(name, name) for name in source.operations if name in known[source.name] or name in renamed]
            keep = {keeps.get(name, name): properties for name, properties in source.keep.items()}
            parts.append((source.name, renames.restore_operations(take(document, names, keep, title).root, renamed)))
        return merge(parts)

    root, parameters = renames.restore_parameters(merged({}), before.root)
    schemas = renames.renamed_schemas(root, before.root)
    if schemas.keys() & {name for source in lock.documents for name in source.keep}:
        root, parameters = renames.restore_parameters(merged(schemas), before.root)
    root = renames.restore_schemas(root, schemas)
    moved = renames.moved_schemas(root, before.root)
    root = renames.restore_moved(root, moved)
    document = replace(next(iter(new.values())), root=root, faults=())
    calls: dict[str, tuple[str, ...]] = {}
    for facts in operations(document).values():
        calls[facts.path] = (*calls.get(facts.path, ()), facts.name)
    return document, Renames(renamed, schemas, moved, parameters, calls)
