"""The slice as it would be extracted from a new document, with the names that the mappings know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from unified_gen.drift import renames
from unified_gen.drift.renames import Renames
from unified_gen.specs.lock import Lock, SourceDocument
from unified_gen.specs.take import take
from unified_gen.specs.update import Find, take_source
from unified_openapi.documents import Document, operations
from unified_openapi.facts.merge import merge


def next_document(lock: Lock, source: SourceDocument, new: Document, find: Find, title: str, before: Document) -> tuple[Document, Renames]:
    """Return the slice as it would be extracted today, with `new` in place of one of the documents, and the renames undone in it.

    Operations that `new` does not have are left out: a mapping that calls one gets a finding. Locations point into `new`.

    Raises:
        DocumentFault: another document of the slice cannot be loaded.
        OperationConflict: two documents describe the same operation.
    """
    known = operations(new)
    renamed = renames.renamed_operations(source.operations, operations(before), known)
    names = tuple(renamed.get(name, name) for name in source.operations if name in known or name in renamed)

    def merged(keep: Mapping[str, Iterable[str]]) -> dict[str, Any]:
        parts = []
        for other in lock.documents:
            if other.name == source.name:
                root = renames.restore_operations(take(new, names, keep, title).root, renamed)
                parts.append((new.name, root))
            else:
                parts.append((other.name, take_source(other, find(other.name), title).root))
        return merge(parts)

    root, parameters = renames.restore_parameters(merged(source.keep), before.root)
    schemas = renames.renamed_schemas(root, before.root)
    if schemas.keys() & source.keep.keys():
        keep = {schemas.get(name, name): properties for name, properties in source.keep.items()}
        root, parameters = renames.restore_parameters(merged(keep), before.root)
    root = renames.restore_schemas(root, schemas)
    moved = renames.moved_schemas(root, before.root)
    root = renames.restore_moved(root, moved)
    document = replace(new, root=root, faults=())
    calls: dict[str, tuple[str, ...]] = {}
    for facts in operations(document).values():
        calls[facts.path] = (*calls.get(facts.path, ()), facts.name)
    return document, Renames(renamed, schemas, moved, parameters, calls)
