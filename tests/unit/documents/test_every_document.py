"""Every complete vendor document loads, or is rejected in one line with a location and a reason."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from unified_gen.docs.documents import documents, row, table
from unified_gen.specs.check import prose, validity
from unified_gen.specs.take import take
from unified_openapi.documents import Document, DocumentFault, load_document, operations, parse_document
from unified_openapi.documents.normalization import IN_PATH

_SET = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")
FOLDER = Path(_SET) if _SET else None
PATHS = documents(FOLDER) if FOLDER is not None else []
needs_documents = pytest.mark.skipif(not PATHS, reason="UNIFIED_VENDOR_DOCUMENTS names no folder of complete vendor documents")
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "documents.md"
REFUSED = {"slack_events_api_async_v1.json": ("SPEC104", 2), "bot-api.json": ("SPEC103", 1)}


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@needs_documents
@pytest.mark.parametrize("path", PATHS, ids=name)
def test_it_loads_or_states_why_not(path: Path, record_property: Callable[[str, object], None]) -> None:
    record_property("document", name(path))
    try:
        document = load_document(path, name(path))
    except DocumentFault as fault:
        found = fault.diagnostic
        assert (found.code, found.span.line) == REFUSED[path.name]
        assert "\n" not in found.message
        return
    assert path.name not in REFUSED
    known = operations(document)
    if not known:  # OpenAPI 3.1 allows a document with only webhooks
        assert document.root["webhooks"]
        return
    for operation in known.values():
        declared = {parameter.name for parameter in operation.parameters if parameter.location == "path"}
        assert set(IN_PATH.findall(operation.path)) <= declared
        for pointer in (*operation.bodies.values(), *(parameter.schema for parameter in operation.parameters)):
            document.at(pointer)
    judge_faults(document, path)
    judge_slice(document)


def judge_faults(document: Document, path: Path) -> None:
    lines = path.read_text(encoding="utf-8-sig").split("\n") if document.faults else []
    for fault in document.faults:
        assert fault.span.file == document.file
        assert 1 <= fault.span.column <= len(lines[fault.span.line - 1]) + 1
        assert "\n" not in fault.message


def judge_slice(document: Document) -> None:
    """A few operations from the start, the middle and the end make a valid slice of facts only."""
    names = list(operations(document))
    taken = take(document, {names[0], names[len(names) // 2], names[-1]})
    assert taken.faults == ()
    slice_ = parse_document(json.dumps(taken.root).encode(), "slice.json")
    assert list(validity(slice_)) == []
    assert list(prose(slice_)) == []
    assert slice_.faults == ()


@needs_documents
def test_page_lists_the_results() -> None:
    assert FOLDER is not None
    assert PAGE.read_text(encoding="utf-8") == table(row(path, FOLDER) for path in PATHS), (
        "run: python -m unified_gen.docs.documents $UNIFIED_VENDOR_DOCUMENTS docs/reference/documents.md"
    )
