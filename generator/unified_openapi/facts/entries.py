"""Format of `specs/<vendor>/facts.json.gz`: one entry for each of the vendor's documents."""

from __future__ import annotations

import gzip
import zlib

import msgspec

from unified_openapi.diagnostics.codes import BAD_FACTS
from unified_openapi.diagnostics.model import finding
from unified_openapi.documents.reading import DocumentFault
from unified_openapi.source.spans import Span

FACTS = "facts.json.gz"
"""Name of the file in a vendor's folder."""

FURTHER = "further-facts.json.gz"
"""Name of a file with the facts of documents that no mapping uses, for toolkits."""

FORMAT = 1


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Facts of one document. `name`, `version`, `sha256` and `format` are those of the vendor's file, as in `lock.json`."""

    name: str
    version: str
    sha256: str
    format: str
    document: msgspec.Raw
    """An OpenAPI document, in JSON."""


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    facts: int
    documents: list[Entry]


def decode(data: bytes, file: str) -> list[Entry]:
    """Return the entries in the bytes of the file; their documents are not decoded.

    Raises:
        DocumentFault: the bytes are not facts in this format.
    """
    try:
        found = msgspec.json.decode(gzip.decompress(data), type=File)
    except (OSError, EOFError, zlib.error, msgspec.DecodeError) as error:
        raise fault(f"these are not the facts of documents: {str(error).partition(chr(10))[0]}", file) from None
    if found.facts != FORMAT:
        raise fault(f"these facts have the format {found.facts}, not {FORMAT}; take them again", file)
    return found.documents


def fault(message: str, file: str) -> DocumentFault:
    """Return the error for facts that cannot be read."""
    return DocumentFault(finding(BAD_FACTS, message, Span(file, 1, 1, 1, 1)))
