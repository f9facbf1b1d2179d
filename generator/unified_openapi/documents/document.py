"""A vendor's document as plain data, in which every part knows its location in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from unified_openapi.diagnostics.model import Diagnostic
from unified_openapi.documents.provenance import Edit, trace
from unified_openapi.source.pointers import ancestors, look_up, of_reference
from unified_openapi.source.positions import Positions, nearest
from unified_openapi.source.spans import Span


class UnresolvableReference(Exception):
    """A `$ref` without a target, or with a target outside the document."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"{reference} leads nowhere in this document")
        self.reference = reference


class Document(Struct, frozen=True, eq=False):
    """A vendor's API description as OpenAPI 3: plain data with text keys, and a location in its file for each part.

    `root` is shared and must not be changed; an overlay makes a new document. `format` is the format that the vendor published
    ("Swagger 2.0 JSON"), `data` the file's bytes or text, `version` the `info.version`. `faults` are those that the loader tolerated.
    """

    root: dict[str, Any]
    name: str
    file: str
    data: bytes | str
    version: str
    format: str
    faults: tuple[Diagnostic, ...]
    positions: Positions
    origins: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    published_sha256: str | None = None
    """Set if `data` are the facts of a document: the sha256 of the vendor's own file."""

    @property
    def sha256(self) -> str:
        """That of the bytes of the vendor's file, in hexadecimal."""
        if self.published_sha256 is not None:
            return self.published_sha256
        return hashlib.sha256(self.data if isinstance(self.data, bytes) else self.data.encode()).hexdigest()

    def span(self, pointer: str) -> Span:
        """Return the span of a part: in the overlay that added it, else in the vendor's file, else that of the nearest part around it."""
        return trace(pointer, self.edits, self._in_file)

    def _in_file(self, pointer: str) -> Span:
        return nearest(self.positions, original(pointer, self.origins), self.file)

    def at(self, pointer: str) -> Any:
        """Return the value at a pointer.

        Raises:
            KeyError: nothing is there.
        """
        return look_up(self.root, pointer)

    def pointer(self, reference: str) -> str:
        """Return the pointer that a `$ref` represents, whether or not the value there is a reference again.

        Raises:
            UnresolvableReference: it leads nowhere, or out of the document.
        """
        pointer = of_reference(reference)
        try:
            if pointer is not None:
                look_up(self.root, pointer)
                return pointer
        except KeyError:
            pass
        raise UnresolvableReference(reference)

    def resolve(self, reference: str) -> Any:
        """Return the value that a `$ref` represents.

        Raises:
            UnresolvableReference: it leads nowhere, or out of the document.
        """
        return self.at(self.pointer(reference))

    def follow(self, pointer: str) -> str:
        """Return the pointer at the end of the references that begin at a pointer; the pointer itself if no reference is there.

        Raises:
            UnresolvableReference: a reference on the way leads nowhere, or back to itself.
            KeyError: nothing is at the pointer.
        """
        seen: set[str] = set()
        while True:
            value = self.at(pointer)
            reference = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(reference, str):
                return pointer
            if pointer in seen:
                raise UnresolvableReference(reference)
            seen.add(pointer)
            pointer = self.pointer(reference)


def original(pointer: str, origins: Mapping[str, str]) -> str:
    """Return the location of a converted document's part in the original."""
    if origins:
        for around in ancestors(pointer):
            if around in origins:
                return origins[around] + pointer[len(around) :]
    return pointer
