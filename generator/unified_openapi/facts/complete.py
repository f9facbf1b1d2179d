"""Facts of a vendor's complete documents: `specs/<vendor>/facts.json.gz`.

The file holds one OpenAPI document for each of the vendor's documents, without prose. `docs/reference/schemas/facts.json` is its schema.
"""

from __future__ import annotations

import functools
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from unified_openapi.documents.document import Document
from unified_openapi.documents.load import parse_document
from unified_openapi.facts.entries import FACTS, FORMAT, Entry, File, decode, fault


class VendorFacts(Mapping[str, Document]):
    """Facts of a vendor's documents by the names of the documents. Each is parsed when it is first requested."""

    def __init__(self, entries: Iterable[Entry], file: str) -> None:
        self.entries = {entry.name: entry for entry in entries}
        self._file = file
        self._parsed: dict[str, Document] = {}

    def __getitem__(self, name: str) -> Document:
        if name not in self._parsed:
            entry = self.entries[name]
            document = parse_document(bytes(entry.document), self._file, name)
            self._parsed[name] = replace(document, format=entry.format, published_sha256=entry.sha256)
        return self._parsed[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def entry(document: Document, root: Mapping[str, Any]) -> Entry:
    """Return the entry of a document whose facts are `root`. Members have the order of the document."""
    text = json.dumps(root, ensure_ascii=False, separators=(",", ":")).encode()
    return Entry(document.name, document.version, document.sha256, document.format, msgspec.Raw(text))


def pack(entries: Iterable[Entry], level: int = 9) -> bytes:
    """Return the bytes of the file: the same for the same facts and `level` of compression, except for the version of zlib."""
    content = msgspec.json.encode(File(FORMAT, list(entries)))
    packed = io.BytesIO()
    # Unlike `gzip.compress`, this writes the same header with every version of Python.
    with gzip.GzipFile(filename="", mode="wb", compresslevel=level, fileobj=packed, mtime=0) as file:
        file.write(content)
    return packed.getvalue()


def unpack(data: bytes, file: str) -> VendorFacts:
    """Read the bytes of the file.

    Args:
        data: the bytes.
        file: the name of the file in locations.

    Raises:
        DocumentFault: the bytes are not facts in this format.
    """
    return VendorFacts(decode(data, file), file)


def open_facts(folder: Path) -> VendorFacts:
    """Return the facts of a vendor's complete documents. A file that did not change is read once.

    Args:
        folder: `specs/<vendor>`.

    Raises:
        DocumentFault: the folder has no facts, or the file is malformed.
    """
    path = folder / FACTS
    try:
        status = path.stat()
        return _open(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise fault(f"cannot read the file: {(error.strerror or str(error)).lower()}", path.as_posix()) from None


@functools.lru_cache(maxsize=32)
def _open(path: Path, changed: int, size: int) -> VendorFacts:
    return unpack(path.read_bytes(), path.as_posix())
