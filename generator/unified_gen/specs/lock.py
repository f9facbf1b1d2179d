"""`lock.json`: the documents a slice was taken from, and the operations and properties taken from each.

A product that has no document is a source too: its facts are written by hand, and proven by tests against the running product.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from unified_gen.specs.codes import BAD_LOCK
from unified_openapi.diagnostics.model import Diagnostic, finding
from unified_openapi.source.positions import JsonPositions, nearest, span_at
from unified_openapi.source.spans import Span

FORMAT = 1
"""The form of slices. It changes when the same document would be cut otherwise."""


class SourceDocument(Struct, frozen=True):
    """One document: its name below the folder of vendor documents, and what was taken from it; or, if `product`, the product of that name.

    `keep` maps schemas (a component's name, or a pointer) to the properties that were saved; other schemas are complete. `repairs` are
    the faults of representation that were fixed, each with its line in the document.
    """

    name: str
    version: str
    sha256: str
    format: str
    operations: tuple[str, ...]
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    product: bool = False
    url: str = ""
    """Address where the vendor publishes it; empty if none is known."""


class Lock(Struct, frozen=True):
    """The sources of one vendor, in the order in which they were first taken from: documents, or only the product."""

    documents: tuple[SourceDocument, ...] = ()

    @property
    def product(self) -> SourceDocument | None:
        """The product that the facts are of, if there is no document."""
        return next((source for source in self.documents if source.product), None)

    def source(self, name: str) -> SourceDocument | None:
        return next((source for source in self.documents if source.name == name), None)


class LockFault(Exception):
    """A lock that is missing or malformed."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def read_lock(path: Path) -> Lock:
    """Read a lock.

    Raises:
        LockFault: it is missing or malformed.
    """
    file = path.as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise LockFault(finding(BAD_LOCK, "there is no lock.json that could be read", Span(file, 1, 1, 1, 1))) from None
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise LockFault(finding(BAD_LOCK, f"this is not JSON: {error.msg.lower()}", span_at(text, error.pos, file))) from None
    try:
        return _lock(value)
    except _Wrong as wrong:
        raise LockFault(finding(BAD_LOCK, str(wrong), nearest(JsonPositions(text, file), wrong.pointer, file))) from None


def write_lock(lock: Lock) -> str:
    """Return the text of `lock.json`."""
    documents = []
    for source in lock.documents:
        entry: dict[str, Any] = {
            "name": source.name,
            "version": source.version,
            "sha256": source.sha256,
            "format": source.format,
            "operations": list(source.operations),
        }
        if source.url:
            entry["url"] = source.url
        if source.product:
            entry = {"product": source.name, "version": source.version, "operations": list(source.operations)}
        if source.keep:
            entry["keep"] = {name: sorted(source.keep[name]) for name in sorted(source.keep)}
        if source.repairs:
            entry["repairs"] = list(source.repairs)
        documents.append(entry)
    return json.dumps({"slice": FORMAT, "documents": documents}, indent=2, ensure_ascii=False) + "\n"


class _Wrong(Exception):
    def __init__(self, message: str, pointer: str) -> None:
        super().__init__(message)
        self.pointer = pointer


def _lock(value: Any) -> Lock:
    if not isinstance(value, dict) or not isinstance(value.get("documents"), list):
        raise _Wrong("a lock lists the `documents` of a slice", "")
    if value.get("slice") != FORMAT:
        raise _Wrong(f"this lock is of the form {value.get('slice')!r}, not {FORMAT}; take the slice again", "/slice")
    lock = Lock(tuple(_source(entry, f"/documents/{number}") for number, entry in enumerate(value["documents"])))
    if lock.product is not None and len(lock.documents) > 1:
        raise _Wrong("a slice is of documents, or of one product", "/documents")
    return lock


def _source(value: Any, pointer: str) -> SourceDocument:
    if not isinstance(value, dict):
        raise _Wrong("a document of a lock is an object", pointer)
    if "product" in value:
        for key in ("product", "version"):
            if not isinstance(value.get(key), str):
                raise _Wrong(f"a product of a lock has a `{key}`", f"{pointer}/{key}")
        return SourceDocument(value["product"], value["version"], "", "", _words(value, "operations", pointer), product=True)
    for key in ("name", "version", "sha256", "format"):
        if not isinstance(value.get(key), str):
            raise _Wrong(f"a document of a lock has a `{key}`", f"{pointer}/{key}")
    url = value.get("url", "")
    if not isinstance(url, str) or (url and not url.startswith("https://")):
        raise _Wrong("`url` is the address of a document, with https", pointer + "/url")
    keep = value.get("keep", {})
    if not isinstance(keep, dict):
        raise _Wrong("`keep` maps schemas to names of properties", pointer + "/keep")
    return SourceDocument(
        value["name"],
        value["version"],
        value["sha256"],
        value["format"],
        _words(value, "operations", pointer),
        {name: _words(keep, name, pointer + "/keep") for name in keep},
        _words(value, "repairs", pointer) if "repairs" in value else (),
        url=url,
    )


def _words(value: dict[str, Any], key: str, pointer: str) -> tuple[str, ...]:
    listed = value.get(key)
    if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
        raise _Wrong(f"`{key}` is a list of names", f"{pointer}/{key}")
    return tuple(listed)
