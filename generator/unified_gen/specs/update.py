"""What `gen spec take` does: take operations into `specs/<vendor>/`, beside those that are there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from unified_gen.diagnostics.model import Diagnostic, Severity
from unified_gen.documents.codes import BAD_LOCK, COLLISION, finding
from unified_gen.documents.load import Document, load_document
from unified_gen.documents.overlay import apply, load_overlay
from unified_gen.source import Span
from unified_gen.specs.lock import Lock, LockFault, Source, read_lock, write_lock
from unified_gen.specs.merge import Clash, merge
from unified_gen.specs.take import Taken, take
from unified_gen.specs.writing import write_yaml

SLICE, OVERLAY, LOCK = "openapi.yaml", "overlay.yaml", "lock.json"

Find = Callable[[str], Document]
"""The document of a name, as a lock has it."""


class Update(Struct, frozen=True):
    """The new texts of a vendor's files (none if there are errors), and what there is to say."""

    files: Mapping[Path, str]
    diagnostics: tuple[Diagnostic, ...]
    taken: tuple[Taken, ...]


def load_spec(folder: Path, label: str | None = None) -> Document:
    """A vendor's slice with its overlay, as the compiler uses it.

    Args:
        folder: `specs/<vendor>`.
        label: what places call that folder; its path as given if left out.

    Raises:
        DocumentFault: the slice, or an overlay that is there, cannot be read.
    """
    label = folder.as_posix() if label is None else label
    document = load_document(folder / SLICE, f"{label}/{SLICE}")
    overlay = folder / OVERLAY
    return apply(document, load_overlay(overlay, f"{label}/{OVERLAY}")) if overlay.exists() else document


def finder(documents: Path) -> Find:
    """Documents by their names below a folder (`jira/jira-platform-v3.json`), each loaded once."""
    loaded: dict[str, Document] = {}

    def find(name: str) -> Document:
        if name not in loaded:
            loaded[name] = load_document(documents / name, name, name)
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
) -> Update:
    """Take operations of a document into a vendor's slice. What the slice has already is taken again; nothing is written.

    Args:
        folder: `specs/<vendor>`; a `lock.json` in it says what the slice has.
        document: the vendor's document, named as `find` would find it.
        operations: operationIds, or `METHOD /path`.
        find: gives the other documents of the slice.
        keep: for large schemas, the properties that stay, in place of what the lock has for them; no property at all lifts it.
        forget: operations to leave out from now on.

    Raises:
        DocumentFault: another document of the slice cannot be loaded.
        LockFault: there is a `lock.json`, but it is malformed.
    """
    path = folder / LOCK
    lock = read_lock(path) if path.exists() else Lock()
    if lock.product is not None:
        span = Span(path.as_posix(), 1, 1, 1, 1)
        raise LockFault(finding(BAD_LOCK, span, f"these are facts of {lock.product.name} itself: they are written by hand, not taken"))
    old = lock.source(document.name)
    dropped = set(forget)
    names = [name for name in dict.fromkeys([*(old.operations if old is not None else ()), *operations]) if name not in dropped]
    kept: dict[str, tuple[str, ...]] = {**(old.keep if old is not None else {})}
    kept.update((name, tuple(properties)) for name, properties in (keep or {}).items())
    kept = {name: properties for name, properties in kept.items() if properties}
    request = Source(document.name, document.version, document.sha256, document.format, tuple(names), kept)
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
    except Clash as clash:
        document = find(clash.second)
        method, _, path = clash.place.partition(" ")
        span = document.span("/paths/" + path.replace("~", "~0").replace("/", "~1") + "/" + method.lower())
        return Update({}, (*diagnostics, finding(COLLISION, span, str(clash))), tuple(part for _, part in taken))
    files = {folder / SLICE: write_yaml(root, folder.name), folder / LOCK: write_lock(Lock(sources))}
    return Update(files, tuple(diagnostics), tuple(part for _, part in taken))


def take_source(source: Source, document: Document, title: str) -> Taken:
    """What a lock says was taken, taken again."""
    return take(document, source.operations, source.keep, title)


def _recorded(source: Source, part: Taken, document: Document) -> Source:
    repairs = tuple(f"line {repair.span.line}: {repair.message}" for repair in part.repairs)
    return Source(source.name, document.version, document.sha256, document.format, part.operations, source.keep, repairs)


def reassembled(lock: Lock, find: Find, title: str) -> dict[str, Any]:
    """The slice that a lock describes.

    Raises:
        DocumentFault: a document cannot be loaded.
        Clash: two documents describe the same operation.
    """
    return merge([(source.name, take_source(source, find(source.name), title).root) for source in lock.documents])


__all__ = ["LOCK", "OVERLAY", "SLICE", "Find", "LockFault", "Update", "finder", "load_spec", "reassembled", "take_source", "update"]
