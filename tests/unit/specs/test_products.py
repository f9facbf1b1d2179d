"""Facts of a product that has no document: locked to the product, checked, never taken from a document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unified_gen.specs.check import check
from unified_gen.specs.lock import LockFault, read_lock, write_lock
from unified_gen.specs.update import finder, update
from unified_openapi.documents.load import load_document

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Acme", "version": "1"},
    "paths": {"/a": {"get": {"operationId": "getA", "responses": {"200": {"description": ""}}}}},
}
PRODUCT = {"product": "Acme", "version": "2.6.0", "operations": ["getA"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "specs" / "acme"
    made.mkdir(parents=True)
    (made / "openapi.yaml").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    lock(made, PRODUCT)
    return made


def lock(folder: Path, *documents: Any) -> None:
    (folder / "lock.json").write_text(json.dumps({"slice": 1, "documents": documents}, indent=2) + "\n", encoding="utf-8")


def codes(folder: Path, documents: Path | None = None) -> list[str]:
    return [found.code for found in check(folder, documents)]


def test_there_is_nothing_to_compare_with(folder: Path, tmp_path: Path) -> None:
    assert codes(folder) == []
    assert codes(folder, tmp_path) == []  # a folder of documents, without this product's


def test_a_lock_is_written_as_it_was_read(folder: Path) -> None:
    found = read_lock(folder / "lock.json")
    assert found.product is not None
    assert (found.product.name, found.product.version) == ("Acme", "2.6.0")
    assert json.loads(write_lock(found)) == {"slice": 1, "documents": [PRODUCT]}


def test_slice_and_lock_still_name_the_same_operations(folder: Path) -> None:
    lock(folder, PRODUCT | {"operations": []})
    assert codes(folder) == ["SPEC309"]
    lock(folder, PRODUCT | {"operations": ["getA", "getB"]})
    assert codes(folder) == ["SPEC309"]


@pytest.mark.parametrize(
    "documents",
    [
        [{"product": "Acme", "operations": ["getA"]}],
        [{"product": 2, "version": "2", "operations": ["getA"]}],
        [PRODUCT, {"name": "acme/a.json", "version": "1", "sha256": "0", "format": "OpenAPI 3.1.0 JSON", "operations": []}],
    ],
    ids=["no version", "no name", "a product and a document"],
)
def test_a_malformed_lock_is_reported(folder: Path, documents: list[Any]) -> None:
    lock(folder, *documents)
    assert codes(folder) == ["SPEC306"]


def test_nothing_is_taken_into_handwritten_facts(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "acme.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    document = load_document(tmp_path / "acme.json", "acme.json", "acme.json")
    with pytest.raises(LockFault, match="facts of Acme itself"):
        update(folder, document, ["getA"], finder(tmp_path))
