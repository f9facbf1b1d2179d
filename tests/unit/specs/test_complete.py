"""Facts of complete documents: what they have, how they are stored, and slices that are taken from them."""

from __future__ import annotations

import gzip
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.unit.specs.test_slices import document
from unified_gen.specs.check import check
from unified_gen.specs.complete import collect
from unified_gen.specs.take import take_all
from unified_gen.specs.update import finder, update
from unified_openapi.documents import DocumentFault, load_document, operations, parse_document
from unified_openapi.facts import complete
from unified_openapi.facts.complete import open_facts, unpack
from unified_openapi.facts.entries import FACTS

PROSE: dict[str, Any] = {"description": "prose", "summary": "prose", "externalDocs": {"url": "https://prose.example"}, "x-prose": "prose"}


def rich() -> dict[str, Any]:
    """Return a document with prose everywhere, tags, an unused scope, and an unused scheme."""
    root = deepcopy(document())
    root["tags"] = [{"name": "things", **PROSE}]
    root["paths"]["/a"]["get"] |= {"tags": ["things"], **PROSE}
    root["paths"]["/a"]["get"]["parameters"] = [
        {"name": "color", "in": "query", "schema": {"type": "string", "enum": ["r", "g"], "title": "prose", "x-enum": ["prose"]}, **PROSE}
    ]
    root["components"]["schemas"]["A"] |= {"title": "prose", "example": {"b": "prose"}, **PROSE}
    root["components"]["schemas"]["A"]["properties"]["description"] = {"type": "string", "maxLength": 9, **PROSE}
    flow = {"tokenUrl": "https://one.example/token", "scopes": {"read": "prose", "write": "prose"}}
    root["components"]["securitySchemes"]["oauth"] = {"type": "oauth2", "flows": {"clientCredentials": flow}, **PROSE}
    return root


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """specs/acme with a slice of two documents, and the folder of documents."""
    documents, folder = tmp_path / "documents", tmp_path / "specs/acme"
    (documents / "acme").mkdir(parents=True)
    folder.mkdir(parents=True)
    two = document(paths={"/d": document()["paths"]["/b"] | {"get": {**document()["paths"]["/b"]["get"], "operationId": "d"}}})
    (documents / "acme/one.json").write_text(json.dumps(rich(), indent=1))
    (documents / "acme/two.json").write_text(json.dumps(two, indent=1))
    return folder, documents


def collected(folders: tuple[Path, Path], *names: str) -> bytes | None:
    folder, documents = folders
    made = collect(folder, [load_document(documents / name, name, name) for name in names])
    if made.data is not None:
        (folder / FACTS).write_bytes(made.data)
    return made.data


def taken(folders: tuple[Path, Path], name: str, *chosen: str, facts: bool = False) -> None:
    folder, documents = folders
    find = finder(folder / "nothing", open_facts(folder)) if facts else finder(documents)
    made = update(folder, find(name), chosen, find)
    for path, text in made.files.items():
        path.write_text(text)
    assert made.files


def codes(folders: tuple[Path, Path], *, compared: bool = False) -> list[str]:
    return [found.code for found in check(folders[0], folders[1] if compared else None)]


def test_facts_have_every_operation_scheme_scope_and_tag_and_no_prose() -> None:
    facts = take_all(parse_document(json.dumps(rich()).encode(), "one.json"), "acme")
    assert facts.operations == ("a", "b", "c")
    assert facts.root["paths"]["/a"]["get"]["tags"] == ["things"]
    assert facts.root["components"]["securitySchemes"]["oauth"]["flows"]["clientCredentials"]["scopes"] == {"read": "", "write": ""}
    assert facts.root["components"]["schemas"]["A"]["properties"]["description"] == {"type": "string", "maxLength": 9}
    assert "prose" not in json.dumps(facts.root)


def test_facts_of_facts_are_the_same() -> None:
    facts = take_all(parse_document(json.dumps(rich()).encode(), "one.json"), "acme")
    again = take_all(parse_document(json.dumps(facts.root).encode(), "one.json"), "acme")
    assert again.root == facts.root
    assert again.repairs == ()


def test_the_bytes_depend_on_the_facts_only(folders: tuple[Path, Path]) -> None:
    first = collected(folders, "acme/one.json")
    assert first is not None
    # RFC 1952: deflate, no name and no comment, no time, slowest algorithm, unknown system.
    assert first[:10] == bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])
    assert collected(folders, "acme/one.json") is None, "the facts did not change"
    (folders[0] / FACTS).unlink()
    assert collected(folders, "acme/one.json") == first


def test_documents_have_the_order_of_the_lock_and_others_stay(folders: tuple[Path, Path]) -> None:
    taken(folders, "acme/two.json", "d")
    taken(folders, "acme/one.json", "a")
    collected(folders, "acme/one.json", "acme/two.json")
    before = open_facts(folders[0]).entries
    assert list(before) == ["acme/two.json", "acme/one.json"]
    changed = json.loads((folders[1] / "acme/one.json").read_text())
    changed["info"]["version"] = "2"
    (folders[1] / "acme/one.json").write_text(json.dumps(changed))
    collected(folders, "acme/one.json")
    after = open_facts(folders[0]).entries
    assert after["acme/two.json"] == before["acme/two.json"]
    assert (before["acme/one.json"].version, after["acme/one.json"].version) == ("1", "2")


def test_a_slice_of_the_facts_is_that_of_the_document(folders: tuple[Path, Path]) -> None:
    collected(folders, "acme/one.json", "acme/two.json")
    taken(folders, "acme/one.json", "a", "c")
    taken(folders, "acme/two.json", "d")
    from_documents = {name: (folders[0] / name).read_bytes() for name in ("openapi.yaml", "lock.json")}
    for name in from_documents:
        (folders[0] / name).unlink()
    taken(folders, "acme/one.json", "a", "c", facts=True)
    taken(folders, "acme/two.json", "d", facts=True)
    assert {name: (folders[0] / name).read_bytes() for name in from_documents} == from_documents


def test_facts_are_parsed_once_and_when_requested(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    collected(folders, "acme/one.json", "acme/two.json")
    parsed: list[str] = []

    def counted(data: bytes, file: str, name: str) -> Any:
        parsed.append(name)
        return parse_document(data, file, name)

    monkeypatch.setattr(complete, "parse_document", counted)
    facts = open_facts(folders[0])
    assert (list(facts), parsed) == (["acme/one.json", "acme/two.json"], [])
    assert list(operations(facts["acme/two.json"])) == ["d", "c"]
    assert open_facts(folders[0])["acme/two.json"] is facts["acme/two.json"]
    assert parsed == ["acme/two.json"]
    assert facts["acme/one.json"].sha256 == load_document(folders[1] / "acme/one.json").sha256


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"text", "Not a gzipped file"),
        (gzip.compress(b'{"facts": 1, "documents": []}')[:-9], "end"),
        (gzip.compress(b"[]"), "Expected `object`"),
        (gzip.compress(b'{"facts": 1, "documents": [{"name": "x"}]}'), "missing required field"),
        (gzip.compress(b'{"facts": 2, "documents": []}'), "the format 2, not 1"),
    ],
    ids=["text", "cut", "list", "entry", "format"],
)
def test_malformed_facts_are_reported(data: bytes, message: str) -> None:
    with pytest.raises(DocumentFault) as caught:
        unpack(data, "specs/acme/facts.json.gz")
    assert caught.value.diagnostic.code == "SPEC312"
    assert message in caught.value.diagnostic.message
    assert "\n" not in caught.value.diagnostic.message


def test_missing_facts_are_reported(tmp_path: Path) -> None:
    with pytest.raises(DocumentFault, match="no such file"):
        open_facts(tmp_path)


def test_check_compares_slice_facts_and_document(folders: tuple[Path, Path]) -> None:
    taken(folders, "acme/one.json", "a")
    collected(folders, "acme/one.json")
    assert codes(folders) == []
    assert codes(folders, compared=True) == []
    slice_ = folders[0] / "openapi.yaml"
    text = slice_.read_text()
    slice_.write_text(text.replace("maxLength: 9", "maxLength: 8"))
    assert codes(folders) == ["SPEC304"]
    slice_.write_text(text)

    (entry,) = open_facts(folders[0]).entries.values()
    edited = json.loads(bytes(entry.document))
    edited["components"]["schemas"]["B"]["properties"]["y"]["type"] = "number"  # `a` reaches it: the slice differs too
    del edited["paths"]["/b"]
    found = load_document(folders[1] / "acme/one.json", "acme/one.json", "acme/one.json")
    (folders[0] / FACTS).write_bytes(complete.pack([complete.entry(found, edited)]))
    assert sorted(codes(folders, compared=True)) == ["SPEC304", "SPEC313"]


def test_check_reports_facts_of_other_documents(folders: tuple[Path, Path]) -> None:
    collected(folders, "acme/two.json")
    taken(folders, "acme/one.json", "a")
    messages = [found.message for found in check(folders[0], None)]
    assert messages == ["lock.json does not have acme/two.json", "the facts of acme/one.json are missing"]
