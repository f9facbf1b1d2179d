"""Facts that are read lazily: the same operations as the complete document has, with the same requests."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

import pytest

from unified_openapi.documents import DocumentFault
from unified_openapi.documents.operations import operations
from unified_openapi.facts.complete import open_facts
from unified_openapi.facts.entries import FACTS
from unified_openapi.facts.lazy import LazyFacts
from unified_openapi.facts.request_formats import request_format
from unified_openapi.facts.shipped import facts_file, shipped_vendors
from unified_openapi.schemas.shapes import Schemas

ROOT = Path(__file__).parents[3]
VENDORS = ("asana", "discord", "github", "google-drive", "hubspot", "jira", "slack", "zendesk")


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_operation_has_the_requests_of_the_complete_document(vendor: str) -> None:
    complete = open_facts(ROOT / "specs" / vendor)
    lazy = LazyFacts((ROOT / "specs" / vendor / FACTS).read_bytes(), FACTS)
    assert len(lazy) == sum(len(operations(document)) for document in complete.values())
    for name in list(lazy)[::11]:
        published = complete[lazy[name].document]
        expected = operations(published)[lazy[name].endpoint]
        document, found = lazy.operation(name)
        assert request_format(document, found) == request_format(published, expected)
        assert found.security == expected.security == lazy[name].security
        assert {status: set(media) for status, media in found.responses.items()} == {
            status: set(media) for status, media in expected.responses.items()
        }
        for pointer in found.bodies.values():
            assert Schemas(document).shape(pointer) == Schemas(published).shape(pointer)


def test_reading_facts_imports_no_parser_of_documents() -> None:
    code = "import sys, unified_openapi.facts.lazy as _, unified_openapi.schemas.shapes as _; print('yaml' in sys.modules)"
    assert run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_malformed_facts_are_reported_with_their_file() -> None:
    with pytest.raises(DocumentFault) as raised:
        LazyFacts(b"{}", "facts.json.gz")
    assert raised.value.diagnostic.span.file == "facts.json.gz"


def test_the_facts_of_a_checkout_are_found() -> None:
    assert facts_file("jira") == ROOT / "specs" / "jira" / FACTS
    assert facts_file("no-such-vendor") is None
    assert {"jira", "slack"} <= set(shipped_vendors())
