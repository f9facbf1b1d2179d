"""Requests for each operation of each document, with required and with all arguments, are those that swagger-client builds.

Cost: 1 to 30 seconds for a document, mostly for reading it twice. A commit judges a sample; `make test-all` judges all documents. Without
a folder of vendor documents, their facts in specs/ are judged.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.serialization import compare
from tests.support.arguments import Samples
from tests.support.complete_documents import SPECS, VENDORS
from tests.support.judges import swagger_client
from tests.support.judges.swagger_client import SwaggerClient
from tests.support.summary import FACTS_ONLY
from unified_gen.docs.documents import documents
from unified_openapi.documents import DocumentFault, load_document, operations
from unified_openapi.facts.complete import open_facts
from unified_openapi.facts.request_formats import request_format
from unified_openapi.requests.formats import Arguments, ParameterFormat, RequestFormat
from unified_openapi.requests.styles import COMMAS, DEEP_OBJECT, JSON, PIPES, Style

_SET = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")
FILES = documents(Path(_SET)) if _SET else ()
NAMES = [f"{path.parent.name}/{path.name}" for path in FILES if ".discovery." not in path.name]  # swagger-client reads no Discovery
FACTS = {} if _SET else {name: vendor for vendor in VENDORS for name in open_facts(SPECS / vendor)}
"""Vendors by the names of documents, if there are only facts."""
SAMPLE = 5
"""Documents that one commit judges."""

needs_swagger_client = pytest.mark.skipif(swagger_client.missing() is not None, reason=swagger_client.missing() or "")


@needs_swagger_client
@pytest.mark.sample("name", SAMPLE)
@pytest.mark.parametrize("name", [*NAMES, *FACTS])
def test_requests_are_those_of_swagger_client(name: str, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    record_property("document", name if _SET else f"{name}{FACTS_ONLY}")
    path = Path(_SET or "") / name
    if name in FACTS:
        path = tmp_path / "facts.json"
        path.write_bytes(bytes(open_facts(SPECS / FACTS[name]).entries[name].document))
    try:
        document = load_document(path, name)
    except DocumentFault:  # tests/unit/documents/test_every_document.py judges what does not load
        return
    samples, wrong = Samples(document), []
    with SwaggerClient(path) as client:
        for operation in operations(document).values():
            declared = request_format(document, operation)
            for every in (False, True):
                verdict = compare(client, declared, samples.arguments(operation, declared, every=every))
                if verdict.refused is not None:
                    assert "XML bodies are not supported" in verdict.refused
                wrong += [f"{operation.endpoint} ({'all' if every else 'required'}): {each}" for each in verdict.differences]
    assert wrong == []


PARAMETERS: dict[str, tuple[dict[str, Any], Style, Style, Any]] = {
    "commas": ({"explode": False, "schema": {"type": "array"}}, COMMAS, Style(), ["a", "b"]),
    "pipes": ({"style": "pipeDelimited", "explode": False, "schema": {"type": "array"}}, PIPES, COMMAS, ["a", "b"]),
    "repeated": ({"schema": {"type": "array"}}, Style(), PIPES, ["a", "b"]),
    "object": ({"schema": {"type": "object"}}, Style(), COMMAS, {"a": "1", "b": "2"}),
    "deep": ({"style": "deepObject", "schema": {"type": "object"}}, DEEP_OBJECT, Style(), {"a": "1"}),
    "nested": ({"style": "deepObject", "schema": {"type": "object"}}, DEEP_OBJECT, JSON, {"a": ["1"]}),
    "json": ({"content": {"application/json": {}}}, JSON, Style(), {"a": "1"}),
}


@needs_swagger_client
@pytest.mark.parametrize("name", PARAMETERS)
def test_a_wrong_style_is_found(name: str, tmp_path: Path) -> None:
    written, right, wrong, value = PARAMETERS[name]
    root = {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/x": {"get": {"parameters": [{"name": "p", "in": "query", **written}], "responses": {}}}},
    }
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(root), encoding="utf-8")
    with SwaggerClient(file) as client:
        verdicts = [
            compare(client, RequestFormat("GET", "/x", (ParameterFormat("p", "query", style),)), Arguments(query={"p": value}))
            for style in (right, wrong)
        ]
    assert verdicts[0].differences == []
    assert verdicts[1].differences != []
