"""Loader of vendors' documents: OpenAPI 3.0, 3.1 and 3.2, Swagger 2.0, Google Discovery and GraphQL, as one kind of document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from unified_openapi.diagnostics.codes import NOT_A_DESCRIPTION, UNREADABLE, UNSUPPORTED
from unified_openapi.diagnostics.model import Diagnostic, finding
from unified_openapi.documents import discovery, swagger2
from unified_openapi.documents.conversion import ConvertedDocument, Remark, mapping
from unified_openapi.documents.document import Document, original
from unified_openapi.documents.forms import check_forms
from unified_openapi.documents.normalization import fix_operations, fix_references
from unified_openapi.documents.reading import DocumentFault, SourceText, decode, read
from unified_openapi.source.nodes import collector_paused
from unified_openapi.source.positions import Positions, nearest
from unified_openapi.source.spans import Span


def load_document(path: Path, file: str | None = None, name: str | None = None) -> Document:
    """Read a vendor's document from a file.

    Args:
        path: the file.
        file: what locations call it; its path as given if left out.
        name: what the document is called; its file name if left out.

    Raises:
        DocumentFault: the file cannot be read, is malformed, or is not a description that is supported.
    """
    label = file or path.as_posix()
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DocumentFault(finding(UNREADABLE, f"cannot read the file: {reason}", Span(label, 1, 1, 1, 1))) from None
    return parse_document(data, label, name)


def parse_document(data: bytes | str, file: str, name: str | None = None) -> Document:
    """Read a vendor's document from bytes or their text; pure.

    Args:
        data: the bytes of the file, or the text that was read from it before.
        file: what locations call it. An ending `.json` settles that it is JSON.
        name: what the document is called; the last part of `file` if left out.

    Raises:
        DocumentFault: the bytes are malformed, or no description that is supported.
    """
    name = name or file.rpartition("/")[2]
    if file.lower().endswith(_SDL):
        from unified_openapi.documents import graphql_schema  # imported late: programs that only read facts do not need graphql-core

        conversion, source = graphql_schema.read_sdl(decode(data, file) if isinstance(data, bytes) else data, file)
        format = "GraphQL"
    else:
        source = read(data, file)
        with collector_paused():
            conversion, format = _recognize(source)
    with collector_paused():
        root = conversion.root
        remarks: list[Remark] = [*conversion.remarks]
        # Remarks of the passes below point into the converted document, those of the conversion into the original.
        own: list[Remark] = [*fix_references(root, name.rpartition("/")[2]), *fix_operations(root), *check_forms(root)]
    info = root.get("info")
    version = info.get("version") if isinstance(info, dict) else None
    positions = source.positions
    faults = [
        *source.faults,
        *_findings(remarks, positions, {}, file),
        *_findings(own, positions, conversion.origins, file),
    ]
    return Document(
        root=root,
        name=name,
        file=file,
        data=data,
        version="" if version is None else str(version),
        format=f"{format} {source.syntax}",
        faults=tuple(sorted(faults, key=lambda fault: fault.order)),
        positions=positions,
        origins=conversion.origins,
    )


def _findings(remarks: Iterable[Remark], positions: Positions, origins: Mapping[str, str], file: str) -> list[Diagnostic]:
    return [finding(r.code, r.message, nearest(positions, original(r.pointer, origins), file)) for r in remarks]


def _recognize(source: SourceText) -> tuple[ConvertedDocument, str]:
    """Return the document as OpenAPI 3, and its original format."""
    root = source.value
    if not isinstance(root, dict):
        raise _refused(source, "", NOT_A_DESCRIPTION, "this is not an API description: an object is expected at the top")
    if "openapi" in root:
        version = str(root["openapi"])
        if not version.startswith(("3.0", "3.1", "3.2")) or not isinstance(root["openapi"], str | float):
            raise _refused(source, "/openapi", UNSUPPORTED, f"OpenAPI `{version[:20]}` is not known; 3.0, 3.1 and 3.2 are")
        root["openapi"] = version if version.count(".") > 1 else version + ".0"
        return ConvertedDocument(root, {}, ()), f"OpenAPI {version}"
    if "swagger" in root:
        version = str(root["swagger"])
        if version != "2.0":
            raise _refused(source, "/swagger", UNSUPPORTED, f"Swagger `{version[:20]}` is not known; 2.0 is")
        return swagger2.convert(root), "Swagger 2.0"
    if root.get("kind") == "discovery#restDescription" or "discoveryVersion" in root:
        return discovery.convert(root), "Google Discovery " + str(root.get("discoveryVersion", "v1"))
    if "__schema" in root or "__schema" in mapping(root.get("data")):
        from unified_openapi.documents import graphql_schema

        return graphql_schema.convert_introspection(root, source.file), "GraphQL introspection"
    for key, what in _OTHERS:
        if key in root:
            raise _refused(source, "/" + key, UNSUPPORTED, what.format(str(root[key])[:20]))
    raise _refused(source, "", NOT_A_DESCRIPTION, "this is not an API description: neither `openapi` nor `swagger` is at the top")


_SDL = (".graphql", ".graphqls", ".gql")
_OTHERS = (
    ("asyncapi", "AsyncAPI {} describes messages, not requests over HTTP"),
    ("arazzo", "Arazzo {} describes workflows over an API, not the API"),
    ("overlay", "this is an overlay {}, not a description it could be laid over"),
    ("swaggerVersion", "Swagger {} is not known; 2.0 is"),
    ("item", "this looks like a Postman collection; convert it to OpenAPI"),
    ("log", "this looks like a recording of traffic (HAR), not a description"),
    ("baseUri", "RAML is not read; convert it to OpenAPI"),
)


def _refused(source: SourceText, pointer: str, code: Any, message: str) -> DocumentFault:
    return DocumentFault(finding(code, message, nearest(source.positions, pointer, source.file)))
