"""Command `gen spec take --all`: write the facts of a vendor's complete documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from unified_gen.specs.lock import Lock, read_lock
from unified_gen.specs.take import take_all
from unified_gen.specs.update import LOCK, SLICE
from unified_openapi.diagnostics.model import Diagnostic
from unified_openapi.documents.document import Document
from unified_openapi.documents.load import load_document
from unified_openapi.facts.complete import entry, open_facts, pack
from unified_openapi.facts.entries import FACTS, Entry


class Collected(Struct, frozen=True):
    """The new bytes of `facts.json.gz`; None if its contents stay the same. `diagnostics` are notes on repairs."""

    data: bytes | None
    diagnostics: tuple[Diagnostic, ...]


def collect(folder: Path, documents: Iterable[Document]) -> Collected:
    """Take the facts of complete documents; nothing is written.

    Args:
        folder: `specs/<vendor>`. Facts of its other documents stay, if its `lock.json` names them.
        documents: the vendor's documents, named as in `lock.json`.

    Raises:
        LockFault: `lock.json` is malformed.
        DocumentFault: the vendor's facts so far are malformed.
    """
    lock = read_lock(folder / LOCK) if (folder / LOCK).exists() else Lock()
    old = dict(open_facts(folder).entries) if (folder / FACTS).exists() else {}
    found: dict[str, Entry] = {}
    diagnostics: list[Diagnostic] = []
    for document in documents:
        facts = take_all(document, folder.name)
        found[document.name] = entry(document, facts.root)
        diagnostics += facts.repairs
    locked = [source.name for source in lock.documents]
    entries = {name: found.get(name) or old.get(name) for name in dict.fromkeys([*locked, *found])}
    new = {name: one for name, one in entries.items() if one is not None}
    # The same contents may be compressed to other bytes by another version of zlib.
    return Collected(None if list(new.values()) == list(old.values()) else pack(new.values()), tuple(diagnostics))


def product_document(folder: Path, name: str) -> Document:
    """Return the slice of a product without a document: it is all that is known of it.

    Raises:
        DocumentFault: the slice cannot be read.
    """
    return load_document(folder / SLICE, name, name)


def facts_sha256(folder: Path) -> str:
    """Return the sha256 of the slice of a product without a document."""
    return hashlib.sha256((folder / SLICE).read_bytes()).hexdigest()
