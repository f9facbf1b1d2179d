"""Facts beyond a document: reading a file, and comparing its subjects with documents."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from unified_gen.specs.behaviour import check_behaviour
from unified_gen.specs.json_schema import schema_for_behaviour
from unified_openapi.behaviour.kinds import Cap, Dropped
from unified_openapi.behaviour.load import parse_behaviour
from unified_openapi.documents import DocumentFault

EVIDENCE = "evidence: https://acme.example/a\n    checked: 2026-11-30\n    basis: page"
DOCUMENT = """
openapi: 3.0.3
info: {title: Acme, version: "1"}
servers: [{url: "https://acme.example"}]
paths:
  /things:
    get:
      operationId: listThings
      parameters: [{name: state, in: query, schema: {type: string, enum: [on, off]}}]
      responses:
        "200":
          description: ""
          content: {application/json: {schema: {$ref: "#/components/schemas/Things"}}}
components:
  schemas:
    Things: {type: object, properties: {data: {type: array, items: {$ref: "#/components/schemas/Thing"}}}}
    Thing:
      type: object
      properties:
        id: {type: string}
        state: {type: string, enum: [on, off]}
        fields: {type: object, additionalProperties: true}
        owner: {type: object, properties: {id: {type: string}, mail: {type: string}}}
"""


def fact(text: str) -> str:
    return f"facts:\n  a-fact:\n    summary: A fact.\n    {EVIDENCE}\n    {text}\n"


def found(folder: Path, text: str) -> list[str]:
    folder = folder / "specs/acme"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "openapi.yaml").write_text(DOCUMENT)
    (folder / "behaviour.yaml").write_text(fact(text))
    return [f"{one.span.line}: {one.message}" for one in check_behaviour(folder)[1]]


def test_a_fact_is_read_by_its_kind() -> None:
    behaviour = parse_behaviour(fact("kind: dropped\n    properties: [labels]").encode(), "behaviour.yaml")
    assert isinstance(behaviour.facts["a-fact"], Dropped)
    assert behaviour.facts["a-fact"].properties == ("labels",)
    assert behaviour.faults == ()


def test_a_fault_of_one_fact_leaves_the_others() -> None:
    text = fact("kind: cap\n    page: 5") + f"  other:\n    kind: cap\n    page: many\n    summary: A fact.\n    {EVIDENCE}\n"
    behaviour = parse_behaviour(text.encode(), "behaviour.yaml")
    assert isinstance(behaviour.facts["a-fact"], Cap)
    assert [(one.span.line, one.message) for one in behaviour.faults] == [(11, "expected `int | null`, got `str`")]


def test_evidence_is_an_address_and_a_date() -> None:
    text = fact("kind: cap\n    page: 5").replace("https://acme.example/a", "the manual")
    assert "matching regex" in parse_behaviour(text.encode(), "behaviour.yaml").faults[0].message


def test_a_file_that_is_not_yaml() -> None:
    with pytest.raises(DocumentFault):
        parse_behaviour(b"facts: [", "behaviour.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "kind: withheld\n    operations: [listThings]\n    properties: [owner.mail, data.owner, fields.anything]",
        "kind: omission\n    operations: [GET /things]\n    records: {state: [on, off]}\n    unless: {sends: [state]}",
        "kind: order\n    operations: [listThings]\n    by: id",
    ],
)
def test_subjects_of_the_document(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: order\n    operations: [listThing]\n    by: id", "8: the documents have no operation `listThing`"),
        ("kind: order\n    operations: [listThings]\n    by: ids", "9: the operations have no property or parameter `ids`"),
        ("kind: order\n    operations: [listThings]\n    by: owner.name", "9: the operations have no property or parameter `owner.name`"),
        ("kind: omission\n    operations: [listThings]\n    records: {state: [on, of]}", "9: `of` is not a value of `state`"),
        ("kind: order\n    by: id", "8: `id` is a property of no operation: the fact names none"),
    ],
)
def test_subjects_that_the_document_lacks(tmp_path: Path, text: str, message: str) -> None:
    assert found(tmp_path, text) == [message]


def test_the_schema_has_each_kind() -> None:
    schema = schema_for_behaviour()
    kinds = [
        one["$ref"].rpartition("/")[2] for one in schema["$defs"]["BehaviourFile"]["properties"]["facts"]["additionalProperties"]["anyOf"]
    ]
    assert "StateMachine" in kinds
    assert schema["$defs"]["StateMachine"]["properties"]["kind"] == {"enum": ["state_machine"]}
    msgspec.json.encode(schema)
