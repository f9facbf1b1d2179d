"""Command `gen spec take`: add operations to those in `specs/<vendor>/`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from unified_gen.specs.codes import BAD_LOCK
from unified_gen.specs.lock import Lock, LockFault, SourceDocument, read_lock, write_lock
from unified_gen.specs.take import take
from unified_gen.specs.writing import write_yaml
from unified_openapi.diagnostics.codes import COLLISION
from unified_openapi.diagnostics.model import Diagnostic, Severity, finding
from unified_openapi.documents.document import Document
from unified_openapi.documents.load import load_document
from unified_openapi.documents.overlay import apply, load_overlay
from unified_openapi.facts.extraction import Facts
from unified_openapi.facts.merge import OperationConflict, merge
from unified_openapi.source.spans import Span

SLICE, OVERLAY, LOCK = "openapi.yaml", "overlay.yaml", "lock.json"

Find = Callable[[str], Document]
"""The document of a name, as a lock has it."""


class Update(Struct, frozen=True):
    """The new texts of a vendor's files (none if there are errors), and the findings."""

    files: Mapping[Path, str]
    diagnostics: tuple[Diagnostic, ...]
    taken: tuple[Facts, ...]


def load_spec(folder: Path, label: str | None = None) -> Document:
    """Return a vendor's slice with its overlay, as the compiler uses it.

    Args:
        folder: `specs/<vendor>`.
        label: what locations call that folder; its path as given if left out.

    Raises:
        DocumentFault: the slice, or an overlay that is there, cannot be read.
    """
    label = folder.as_posix() if label is None else label
    document = load_document(folder / SLICE, f"{label}/{SLICE}")
    overlay = folder / OVERLAY
    return apply(document, load_overlay(overlay, f"{label}/{OVERLAY}")) if overlay.exists() else document


def finder(documents: Path, facts: Mapping[str, Document] | None = None) -> Find:
    """Return a lookup of documents by their names below a folder (`jira/jira-platform-v3.json`), which loads each once.

    Args:
        documents: the folder.
        facts: the facts of complete documents, for documents that are not in the folder.
    """
    loaded: dict[str, Document] = {}

    def find(name: str) -> Document:
        if name not in loaded:
            path = documents / name
            loaded[name] = facts[name] if facts and name in facts and not path.is_file() else load_document(path, name, name)
        return loaded[name]

    return find


def update(
    folder: Path,
    document: Document,
    operations: Iterable[str],
    find: Find,
    *,
    keep: Mapping[str, Iterable[str]] | None = None,
    forget: Iterable[str] = (),
    url: str | None = None,
) -> Update:
    """Add operations of a document to a vendor's slice. Those that the slice has already are extracted again; nothing is written.

    Args:
        folder: `specs/<vendor>`; a `lock.json` in it lists what the slice has.
        document: the vendor's document, named as `find` would find it.
        operations: operationIds, or `METHOD /path`.
        find: gives the other documents of the slice.
        keep: for large schemas, the properties that stay, in place of what the lock has for them; no property at all lifts it.
        forget: operations to leave out from now on.
        url: the address where the vendor publishes the document; None leaves what the lock has.

    Raises:
        DocumentFault: another document of the slice cannot be loaded.
        LockFault: there is a `lock.json`, but it is malformed.
    """
    path = folder / LOCK
    lock = read_lock(path) if path.exists() else Lock()
    if lock.product is not None:
        span = Span(path.as_posix(), 1, 1, 1, 1)
        raise LockFault(finding(BAD_LOCK, f"these are facts of {lock.product.name} itself: they are written by hand, not taken", span))
    old = lock.source(document.name)
    dropped = set(forget)
    names = [name for name in dict.fromkeys([*(old.operations if old is not None else ()), *operations]) if name not in dropped]
    saved: dict[str, tuple[str, ...]] = {**(old.keep if old is not None else {})}
    saved.update((name, tuple(properties)) for name, properties in (keep or {}).items())
    saved = {name: properties for name, properties in saved.items() if properties}
    published = url if url is not None else old.url if old is not None else ""
    repairs = old.repairs if old else ()
    request = SourceDocument(document.name, document.version, document.sha256, document.format, tuple(names), saved, repairs, url=published)
    sources = [request if source.name == document.name else source for source in lock.documents]
    if old is None:
        sources.append(request)
    return _written(folder, Lock(tuple(sources)), lambda name: document if name == document.name else find(name))


def _written(folder: Path, lock: Lock, find: Find) -> Update:
    taken = [(source, take_source(source, find(source.name), folder.name)) for source in lock.documents]
    diagnostics = [finding for _, part in taken for finding in (*part.faults, *part.repairs)]
    if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
        return Update({}, tuple(diagnostics), tuple(part for _, part in taken))
    sources = tuple(_recorded(source, part, find(source.name)) for source, part in taken)
    try:
        root = merge([(source.name, part.root) for source, part in taken])
    except OperationConflict as clash:
        document = find(clash.second)
        method, _, path = clash.endpoint.partition(" ")
        span = document.span("/paths/" + path.replace("~", "~0").replace("/", "~1") + "/" + method.lower())
        return Update({}, (*diagnostics, finding(COLLISION, str(clash), span)), tuple(part for _, part in taken))
    files = {folder / SLICE: write_yaml(root, folder.name), folder / LOCK: write_lock(Lock(sources))}
    return Update(files, tuple(diagnostics), tuple(part for _, part in taken))


def take_source(source: SourceDocument, document: Document, title: str) -> Facts:
    """Return the facts that a lock lists for a source, taken again."""
    return take(document, source.operations, source.keep, title)


def _recorded(source: SourceDocument, part: Facts, document: Document) -> SourceDocument:
    repairs = source.repairs  # facts are repaired already, and do not have the lines of the document
    if document.published_sha256 is None:
        repairs = tuple(f"line {repair.span.line}: {repair.message}" for repair in part.repairs)
    return SourceDocument(
        source.name, document.version, document.sha256, document.format, part.operations, source.keep, repairs, url=source.url
    )


def reassembled(lock: Lock, find: Find, title: str) -> dict[str, Any]:
    """Return the slice that a lock describes.

    Raises:
        DocumentFault: a document cannot be loaded.
        OperationConflict: two documents describe the same operation.
    """
    return merge([(source.name, take_source(source, find(source.name), title).root) for source in lock.documents])


__all__ = ["LOCK", "OVERLAY", "SLICE", "Find", "LockFault", "Update", "finder", "load_spec", "reassembled", "take_source", "update"]
