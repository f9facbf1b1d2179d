"""Load what vendors publish: OpenAPI 3.0, 3.1 and 3.2, Swagger 2.0 and Google Discovery, as one kind of document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from unified_gen.diagnostics.model import Diagnostic
from unified_gen.documents import discovery, swagger2
from unified_gen.documents.codes import NOT_A_DESCRIPTION, UNREADABLE, UNSUPPORTED, finding
from unified_gen.documents.conversion import Conversion, Remark
from unified_gen.documents.pointers import ancestors, look_up, of_reference
from unified_gen.documents.positions import Places, nearest
from unified_gen.documents.provenance import Edit, trace
from unified_gen.documents.reading import DocumentFault, Source, read
from unified_gen.documents.tidy import mend_operations, mend_references
from unified_gen.documents.yaml12 import collector_paused
from unified_gen.source import Span


class UnresolvableReference(Exception):
    """A `$ref` that leads nowhere or out of the document."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"{reference} leads nowhere in this document")
        self.reference = reference


class Document(Struct, frozen=True, eq=False):
    """A vendor's API description as OpenAPI 3: plain data with text keys, and a place in its file for each part.

    `root` is shared and must not be changed; an overlay makes a new document. `format` is what the vendor published
    ("Swagger 2.0 JSON"), `data` the file's bytes or text, `version` the `info.version`. `faults` are what the loader could live with.
    """

    root: dict[str, Any]
    name: str
    file: str
    data: bytes | str
    version: str
    format: str
    faults: tuple[Diagnostic, ...]
    places: Places
    origins: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()

    @property
    def sha256(self) -> str:
        """That of the file's bytes, in hexadecimal."""
        return hashlib.sha256(self.data if isinstance(self.data, bytes) else self.data.encode()).hexdigest()

    def span(self, pointer: str) -> Span:
        """Where a part stands: in the overlay that added it, else in the vendor's file, else where the nearest thing around it does."""
        return trace(pointer, self.edits, self._in_file)

    def _in_file(self, pointer: str) -> Span:
        return nearest(self.places, original(pointer, self.origins), self.file)

    def at(self, pointer: str) -> Any:
        """The value at a pointer.

        Raises:
            KeyError: nothing stands there.
        """
        return look_up(self.root, pointer)

    def pointer(self, reference: str) -> str:
        """The pointer that a `$ref` stands for, whether or not the value there is a reference again.

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
        """The value that a `$ref` stands for.

        Raises:
            UnresolvableReference: it leads nowhere, or out of the document.
        """
        return self.at(self.pointer(reference))

    def follow(self, pointer: str) -> str:
        """The pointer at the end of the references that begin at a pointer; the pointer itself if no reference stands there.

        Raises:
            UnresolvableReference: a reference on the way leads nowhere, or back to itself.
            KeyError: nothing stands at the pointer.
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
    """The place of a converted document's part in the original."""
    if origins:
        for around in ancestors(pointer):
            if around in origins:
                return origins[around] + pointer[len(around) :]
    return pointer


def load_document(path: Path, file: str | None = None, name: str | None = None) -> Document:
    """Read a vendor's document from a file.

    Args:
        path: the file.
        file: what places call it; its path as given if left out.
        name: what the document is called; its file name if left out.

    Raises:
        DocumentFault: the file cannot be read, is malformed, or is no description that is supported.
    """
    label = file or path.as_posix()
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DocumentFault(finding(UNREADABLE, Span(label, 1, 1, 1, 1), f"cannot read the file: {reason}")) from None
    return parse_document(data, label, name)


def parse_document(data: bytes | str, file: str, name: str | None = None) -> Document:
    """Read a vendor's document from bytes or their text; pure.

    Args:
        data: the bytes of the file, or the text that was read from it before.
        file: what places call it. An ending `.json` settles that it is JSON.
        name: what the document is called; the last part of `file` if left out.

    Raises:
        DocumentFault: the bytes are malformed, or no description that is supported.
    """
    source = read(data, file)
    name = name or file.rpartition("/")[2]
    with collector_paused():
        conversion, format = _recognize(source)
        root = conversion.root
        remarks: list[Remark] = [*conversion.remarks]
        # Remarks of the passes below speak of the converted document, those of the conversion of the original.
        own: list[Remark] = [*mend_references(root, name.rpartition("/")[2]), *mend_operations(root)]
    info = root.get("info")
    version = info.get("version") if isinstance(info, dict) else None
    places = source.places
    faults = [
        *source.faults,
        *_told(remarks, places, {}, file),
        *_told(own, places, conversion.origins, file),
    ]
    return Document(
        root=root,
        name=name,
        file=file,
        data=data,
        version="" if version is None else str(version),
        format=f"{format} {source.syntax}",
        faults=tuple(sorted(faults, key=lambda fault: fault.order)),
        places=places,
        origins=conversion.origins,
    )


def _told(remarks: Iterable[Remark], places: Places, origins: Mapping[str, str], file: str) -> list[Diagnostic]:
    return [finding(r.code, nearest(places, original(r.pointer, origins), file), r.message) for r in remarks]


def _recognize(source: Source) -> tuple[Conversion, str]:
    """The document as OpenAPI 3, and what it was published as."""
    root = source.value
    if not isinstance(root, dict):
        raise _refused(source, "", NOT_A_DESCRIPTION, "this is no API description: an object is expected at the top")
    if "openapi" in root:
        version = str(root["openapi"])
        if not version.startswith(("3.0", "3.1", "3.2")) or not isinstance(root["openapi"], str | float):
            raise _refused(source, "/openapi", UNSUPPORTED, f"OpenAPI `{version[:20]}` is not known; 3.0, 3.1 and 3.2 are")
        root["openapi"] = version if version.count(".") > 1 else version + ".0"
        return Conversion(root, {}, ()), f"OpenAPI {version}"
    if "swagger" in root:
        version = str(root["swagger"])
        if version != "2.0":
            raise _refused(source, "/swagger", UNSUPPORTED, f"Swagger `{version[:20]}` is not known; 2.0 is")
        return swagger2.convert(root), "Swagger 2.0"
    if root.get("kind") == "discovery#restDescription" or "discoveryVersion" in root:
        return discovery.convert(root), "Google Discovery " + str(root.get("discoveryVersion", "v1"))
    for key, what in _OTHERS:
        if key in root:
            raise _refused(source, "/" + key, UNSUPPORTED, what.format(str(root[key])[:20]))
    raise _refused(source, "", NOT_A_DESCRIPTION, "this is no API description: neither `openapi` nor `swagger` stands at the top")


_OTHERS = (
    ("asyncapi", "AsyncAPI {} describes messages, not requests over HTTP"),
    ("arazzo", "Arazzo {} describes workflows over an API, not the API"),
    ("overlay", "this is an overlay {}, not a description it could be laid over"),
    ("swaggerVersion", "Swagger {} is not known; 2.0 is"),
    ("__schema", "this is a GraphQL schema, not a description of requests over HTTP"),
    ("item", "this looks like a Postman collection; convert it to OpenAPI"),
    ("log", "this looks like a recording of traffic (HAR), not a description"),
    ("baseUri", "RAML is not read; convert it to OpenAPI"),
)


def _refused(source: Source, pointer: str, code: Any, message: str) -> DocumentFault:
    return DocumentFault(finding(code, nearest(source.places, pointer, source.file), message))
