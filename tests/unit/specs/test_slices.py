"""A vendor's folder: taking facts into it, joining documents, and checking it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from unified_gen.specs.check import check, validity
from unified_gen.specs.lock import LockFault, read_lock, write_lock
from unified_gen.specs.update import Update, finder, load_spec, update
from unified_gen.specs.writing import write_yaml
from unified_openapi.documents import Document, operations, parse_document
from unified_openapi.facts.merge import OperationConflict, merge
from unified_openapi.facts.upgrade import upgrade
from unified_openapi.source.yaml12 import load

SPECS = Path(__file__).parents[3] / "specs"
VENDORS = sorted(path.parent.name for path in SPECS.glob("*/lock.json"))
_SET = os.environ.get("UNIFIED_VENDOR_DOCUMENTS")


def document(**changes: Any) -> dict[str, Any]:
    def answer(name: str) -> dict[str, Any]:
        return {"200": {"description": "prose", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/" + name}}}}}

    return {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://one.example"}],
        "security": [{"key": []}],
        "paths": {
            "/a": {"get": {"operationId": "a", "responses": answer("A")}},
            "/b": {"get": {"operationId": "b", "responses": answer("B")}, "post": {"operationId": "c", "responses": answer("B")}},
        },
        "components": {
            "schemas": {
                "A": {"type": "object", "properties": {"b": {"$ref": "#/components/schemas/B"}}},
                "B": {"type": "object", "properties": {"x": {"type": "string", "nullable": True}, "y": {"type": "integer"}}},
            },
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "K"}},
        },
        **changes,
    }


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """specs/acme and the folder of documents, with one document in it."""
    documents = tmp_path / "documents"
    (documents / "acme").mkdir(parents=True)
    (documents / "acme" / "one.json").write_text(json.dumps(document(), indent=1))
    return tmp_path / "specs" / "acme", documents


def taken(folders: tuple[Path, Path], *names: str, document: str = "acme/one.json", **options: Any) -> Update:
    folder, documents = folders
    find = finder(documents)
    made = update(folder, find(document), names, find, **options)
    for path, text in made.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return made


def codes(folders: tuple[Path, Path]) -> list[str]:
    return [found.code for found in check(*folders)]


def test_taking_adds_to_what_is_there(folders: tuple[Path, Path]) -> None:
    taken(folders, "a")
    taken(folders, "c")
    assert list(operations(load_spec(folders[0]))) == ["a", "c"]
    (source,) = read_lock(folders[0] / "lock.json").documents
    assert (source.name, source.operations, source.version) == ("acme/one.json", ("a", "c"), "1")
    assert codes(folders) == []


def test_taking_again_changes_nothing(folders: tuple[Path, Path]) -> None:
    first = taken(folders, "a", keep={"B": ["x"]})
    assert taken(folders).files == first.files


def test_operations_can_be_forgotten(folders: tuple[Path, Path]) -> None:
    taken(folders, "a", "b")
    taken(folders, forget=["a"])
    assert list(operations(load_spec(folders[0]))) == ["b"]


def test_cuts_are_remembered_and_lifted(folders: tuple[Path, Path]) -> None:
    taken(folders, "b", keep={"B": ["x"]})
    taken(folders, "c")
    assert list(load_spec(folders[0]).root["components"]["schemas"]["B"]["properties"]) == ["x"]
    assert codes(folders) == []
    taken(folders, keep={"B": []})
    assert list(load_spec(folders[0]).root["components"]["schemas"]["B"]["properties"]) == ["x", "y"]


def test_an_unknown_operation_changes_no_file(folders: tuple[Path, Path]) -> None:
    made = taken(folders, "a", "nope")
    assert made.files == {}
    assert [found.code for found in made.diagnostics] == ["SPEC301"]


# ------------------------------------------------------------------------------------------ several documents
def two(folders: tuple[Path, Path], **changes: Any) -> None:
    (folders[1] / "acme" / "two.json").write_text(json.dumps(document(**changes)))


def test_documents_are_joined(folders: tuple[Path, Path]) -> None:
    other = document()["paths"]["/b"]["post"]
    schemas = document()["components"]["schemas"]
    two(
        folders,
        openapi="3.1.0",
        servers=[{"url": "https://two.example"}],
        security=[],
        paths={"/a": {"post": other}, "/new": {"get": {"operationId": "new", "responses": document()["paths"]["/a"]["get"]["responses"]}}},
        components={"schemas": {"A": schemas["A"], "B": {"type": "object"}}},
    )
    taken(folders, "a")
    taken(folders, "new", "POST /a", document="acme/two.json")
    root = load_spec(folders[0]).root
    assert root["openapi"] == "3.1.0"
    assert list(root["components"]["schemas"]) == ["A", "B", "A_two", "B_two"]
    assert root["components"]["schemas"]["A_two"]["properties"]["b"] == {"$ref": "#/components/schemas/B_two"}
    assert root["components"]["schemas"]["B"]["properties"]["x"] == {"type": ["string", "null"]}
    found = operations(load_spec(folders[0]))
    assert found["a"].servers == ("https://one.example",)
    assert found["new"].servers == ("https://two.example",)
    assert (found["a"].security, found["new"].security) == (({"key": ()},), ())
    assert codes(folders) == []


def test_equal_components_are_shared() -> None:
    one = document()
    other = document(paths={"/z": document()["paths"]["/b"]})
    assert merge([("one.json", one), ("two.json", other)])["components"] == one["components"]


def test_one_operation_comes_from_one_document(folders: tuple[Path, Path]) -> None:
    with pytest.raises(OperationConflict):
        merge([("one.json", document()), ("two.json", document())])
    two(folders)
    taken(folders, "a", "b")
    made = taken(folders, "b", document="acme/two.json")
    assert made.files == {}
    assert [(found.code, found.span.file) for found in made.diagnostics] == [("SPEC308", "acme/two.json")]


def test_an_upgrade_keeps_the_facts() -> None:
    reference = {"$ref": "#/components/schemas/A", "nullable": True}
    bounds = {"type": "integer", "minimum": 1, "exclusiveMinimum": True, "maximum": 9, "exclusiveMaximum": False}
    words = {"type": "string", "enum": ["a"], "nullable": True}
    schemas = {"A": {"type": "object"}, "R": reference, "B": bounds, "W": words, "F": {"nullable": False, "type": "string"}}
    root = upgrade(document(components={"schemas": schemas}, paths={}))
    assert root["components"]["schemas"] == {
        "A": {"type": "object"},
        "R": {"anyOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}]},
        "B": {"type": "integer", "exclusiveMinimum": 1, "maximum": 9},
        "W": {"type": ["string", "null"], "enum": ["a", None]},
        "F": {"type": "string"},
    }
    assert list(validity(parse_document(json.dumps(root).encode(), "x.json"))) == []


# ------------------------------------------------------------------------------------------ writing and locks
def test_slices_round_trip() -> None:
    words = ["NO", "no", "200", "1_000", "0o17", "0x1F", "1e3", ".5", "=", "<<", "~", "null", "2024-01-01", "a: b", "#", "'", "é", "", " x"]
    words += ["a\u2028b", "a\x85b", "a\nb", "a\tb", "\U0001f600", "\x07"]
    root = {"openapi": "3.0.3", "x": words, "y": dict.fromkeys(words, 1), "z": [True, None, 1, 1.5, {}, []], "long": "w " * 300}
    text = write_yaml(root, "t\nu")
    assert load(text, "f") == root
    assert "\r" not in text


def test_a_lock_reads_back_as_it_was(folders: tuple[Path, Path]) -> None:
    taken(folders, "a", keep={"B": ["y", "x"]})
    path = folders[0] / "lock.json"
    assert write_lock(read_lock(path)) == path.read_text()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", 1),
        ("[]", 1),
        ('{"slice": 99,\n "documents": []}', 1),
        ('{"slice": 1,\n "documents": [\n  5]}', 3),
        ('{"slice": 1,\n "documents": [\n  {"name": "a"}]}', 3),
        ('{"slice": 1, "documents": [{"name": "a", "version": "", "sha256": "", "format": "",\n "operations": [1]}]}', 2),
    ],
)
def test_a_malformed_lock_is_refused(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "lock.json").write_text(text)
    with pytest.raises(LockFault) as caught:
        read_lock(tmp_path / "lock.json")
    assert (caught.value.diagnostic.code, caught.value.diagnostic.span.line) == ("SPEC306", line)


# ------------------------------------------------------------------------------------------ checking
def changed(folders: tuple[Path, Path], old: str, new: str, name: str = "openapi.yaml") -> None:
    path = folders[0] / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("type: integer", "type: string", [("SPEC304", "has 'integer'")]),
        ("        y:\n          type: integer\n", "", [("SPEC304", "has `y` here")]),
        ("        y:\n", "        z: {}\n        y:\n", [("SPEC304", "nothing of the kind")]),
        ("description: ''", "description: Prose", [("SPEC303", "`description`"), ("SPEC304", "has ''")]),
        ("      type: object\n", "      type: object\n      example: 1\n", [("SPEC303", "`example`"), ("SPEC304", "nothing")]),
        ("type: object", "type: thing", [("SPEC302", "thing"), ("SPEC304", "object")]),
        ("operationId: a", "operationId: z", [("SPEC309", "`a`"), ("SPEC309", "`z`"), ("SPEC304", "'a'")]),
    ],
)
def test_an_edited_slice_is_reported_with_the_location(
    folders: tuple[Path, Path], old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    taken(folders, "a")
    changed(folders, old, new)
    found = check(*folders)
    assert sorted({diagnostic.code for diagnostic in found}) == sorted({code for code, _ in expected})
    for code, reports in expected:
        assert any(diagnostic.code == code and reports in diagnostic.message for diagnostic in found)


def test_another_document_is_reported(folders: tuple[Path, Path]) -> None:
    taken(folders, "a")
    (folders[1] / "acme" / "one.json").write_text(json.dumps(document(info={"title": "t", "version": "2"})))
    assert codes(folders) == ["SPEC305"]


def test_without_the_document_only_the_slice_is_checked(folders: tuple[Path, Path]) -> None:
    taken(folders, "a")
    changed(folders, "type: integer", "type: string")
    assert [found.code for found in check(folders[0], None)] == ["SPEC307"]
    (folders[1] / "acme" / "one.json").unlink()
    assert codes(folders) == ["SPEC307"]


def test_a_folder_without_its_files_is_reported(folders: tuple[Path, Path]) -> None:
    assert codes(folders) == ["SPEC101"]
    taken(folders, "a")
    (folders[0] / "lock.json").unlink()
    assert codes(folders) == ["SPEC306"]


def test_an_overlay_is_checked_with_its_slice(folders: tuple[Path, Path]) -> None:
    taken(folders, "a")
    action = "- {target: $.components.schemas.B, update: {type: object}, x-evidence: e}\n"
    (folders[0] / "overlay.yaml").write_text("overlay: 1.0.0\ninfo: {title: t, version: 1}\nactions:\n" + action)
    assert codes(folders) == ["SPEC205"]


# ------------------------------------------------------------------------------------------ the slices of this repository
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_slice_is_valid_and_matches_the_facts(vendor: str) -> None:
    assert check(SPECS / vendor, None) == []


if _SET:  # the second extractor compares the facts with all documents (tests/conformance/test_facts.py)

    @pytest.mark.sample("vendor", 6)
    @pytest.mark.parametrize("vendor", VENDORS)
    def test_slice_and_facts_match_the_documents(vendor: str, record_property: Any) -> None:
        for source in read_lock(SPECS / vendor / "lock.json").documents:
            record_property("document", source.name)
        assert check(SPECS / vendor, Path(str(_SET))) == []


def test_a_document_is_what_a_lock_calls_it(folders: tuple[Path, Path]) -> None:
    found: Document = finder(folders[1])("acme/one.json")
    assert (found.name, found.file) == ("acme/one.json", "acme/one.json")
