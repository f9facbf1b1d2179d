"""Overlays: permitted and rejected changes, and the evidence of their facts."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from unified_openapi.documents import Document, DocumentFault, operations, parse_document
from unified_openapi.documents.overlay import apply, parse_overlay

BASE: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/cards": {
            "post": {
                "operationId": "create",
                "parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("a", "b", "c", "d")],
                "responses": {"200": {"description": ""}, "404": {"description": ""}, "405": {"description": ""}},
            }
        }
    },
    "components": {"schemas": {"Card": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}}},
}

HEAD = "overlay: 1.0.0\ninfo: {title: t, version: 1}\nactions:\n"


def base() -> Document:
    return parse_document(json.dumps(BASE, indent=1).encode(), "base.json")


def laid(actions: str, document: Document | None = None) -> Document:
    return apply(document or base(), parse_overlay((HEAD + actions).encode(), "overlay.yaml"))


def codes(document: Document) -> list[tuple[str, int, int]]:
    return [(fault.code, fault.span.line, fault.span.column) for fault in document.faults]


ADD = """\
- target: $.components.schemas.Card
  x-evidence: seen in every answer
  update:
    required: [name, id]
    properties:
      name: {type: string, maxLength: 9}
      id: {type: integer}
"""


def test_objects_merge_lists_grow_and_values_are_replaced() -> None:
    document = laid(ADD)
    assert document.faults == ()
    assert document.root["components"]["schemas"]["Card"] == {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"type": "integer"}, "name": {"type": "string", "maxLength": 9}},
    }


def test_the_document_given_stays_as_it_is() -> None:
    document = base()
    before = copy.deepcopy(document.root)
    laid(ADD, document)
    laid("- {target: '$.paths[\"/cards\"].post.parameters[0]', remove: true, x-evidence: e}\n", document)
    assert document.root == before


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("/components/schemas/Card/properties/name", ("overlay.yaml", 9, 7)),
        ("/components/schemas/Card/properties/name/maxLength", ("overlay.yaml", 9, 39)),
        ("/components/schemas/Card/properties/name/nothing", ("overlay.yaml", 9, 7)),
        ("/components/schemas/Card/properties/id/type", ("overlay.yaml", 10, 18)),
        ("/components/schemas/Card/required/1", ("overlay.yaml", 7, 16)),
    ],
)
def test_added_nodes_are_located_in_the_overlay(pointer: str, path: tuple[str, int, int]) -> None:
    span = laid(ADD).span(pointer)
    assert (span.file, span.line, span.column) == path


def test_unchanged_nodes_retain_their_locations() -> None:
    document, plain = laid(ADD), base()
    for pointer in ("/components/schemas/Card", "/components/schemas/Card/type", "/components/schemas/Card/required/0"):
        assert document.span(pointer) == plain.span(pointer)


def test_elements_behind_a_removed_one_keep_their_locations() -> None:
    at = "/paths/~1cards/post/parameters"
    document = laid(
        '- {target: \'$.paths["/cards"].post.parameters[?@.name=="a" || @.name=="c"]\', remove: true, x-evidence: e}\n'
        "- target: $.paths['/cards'].post.parameters\n  x-evidence: e\n  update: {name: e, in: query, schema: {type: string}}\n"
        "- {target: '$.paths[\"/cards\"].post.parameters[0]', remove: true, x-evidence: e}\n"
    )
    assert document.faults == ()
    assert [parameter.name for parameter in operations(document)["create"].parameters] == ["d", "e"]
    assert document.span(f"{at}/0/name") == base().span(f"{at}/3/name")
    assert document.span(f"{at}/1/name").file == "overlay.yaml"


def test_a_removed_member_moves_no_other() -> None:
    document = laid('- {target: \'$.paths["/cards"].post.responses["404"]\', remove: true, x-evidence: e}\n')
    at = "/paths/~1cards/post/responses"
    assert document.span(at + "/405") == base().span(at + "/405")


def test_a_removed_list_can_be_written_anew() -> None:
    document = laid(
        "- {target: $.components.schemas.Card.required, remove: true, x-evidence: e}\n"
        "- {target: $.components.schemas.Card, update: {required: [x]}, x-evidence: e}\n"
    )
    assert document.root["components"]["schemas"]["Card"]["required"] == ["x"]


def test_one_action_may_select_many_nodes() -> None:
    document = laid("- {target: '$.paths[*].post.parameters[*].schema', update: {maxLength: 5}, x-evidence: e}\n")
    assert all(p["schema"]["maxLength"] == 5 for p in document.root["paths"]["/cards"]["post"]["parameters"])


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("- {target: $.info, update: {x: 1}}\n", ("SPEC202", 4, 12)),
        ("- {target: $.info, update: {x: 1}, x-evidence: ' '}\n", ("SPEC202", 4, 49)),
        ("- {target: '$.info[', update: {x: 1}, x-evidence: e}\n", ("SPEC203", 4, 13)),
        ("- {target: $.nope, update: {x: 1}, x-evidence: e}\n", ("SPEC204", 4, 12)),
        ("- {target: $.info, update: {title: t}, x-evidence: e}\n", ("SPEC205", 4, 12)),
        ("- {target: $.info, update: {}, x-evidence: e}\n", ("SPEC205", 4, 12)),
        ("- {target: $.components.schemas.Card.required, update: id, x-evidence: e}\n", ("SPEC205", 4, 12)),
        ("- {target: $.info.title, update: {x: 1}, x-evidence: e}\n", ("SPEC206", 4, 12)),
        ("- {target: $.info, update: 5, x-evidence: e}\n", ("SPEC206", 4, 12)),
        ("- {target: $.components.schemas.Card, update: {required: {a: 1}}, x-evidence: e}\n", ("SPEC206", 4, 12)),
        ("- {target: $, remove: true, x-evidence: e}\n", ("SPEC206", 4, 12)),
        ("- {target: $.info, x-evidence: e}\n", ("SPEC201", 4, 12)),
        ("- {target: $.info, update: {x: 1}, remove: true, x-evidence: e}\n", ("SPEC201", 4, 12)),
        ("- {target: $.info, remove: yes, x-evidence: e}\n", ("SPEC201", 4, 28)),
        ("- {target: [a], remove: true, x-evidence: e}\n", ("SPEC201", 4, 12)),
        ("- {target: $.info, update: {x: 1}, x-evidence: e, updates: 1}\n", ("SPEC201", 4, 51)),
        ("- word\n", ("SPEC201", 4, 3)),
    ],
)
def test_an_invalid_action_is_reported_at_its_location(action: str, expected: tuple[str, int, int]) -> None:
    document = laid(action)
    assert codes(document) == [expected]
    if expected[0] != "SPEC201" or "updates" not in action:
        assert document.root == base().root


def test_a_wrong_action_does_not_stop_the_others() -> None:
    document = laid("- {target: $.nope, remove: true, x-evidence: e}\n- {target: $.info, update: {x: 1}, x-evidence: e}\n")
    assert document.root["info"]["x"] == 1
    assert [code for code, _, _ in codes(document)] == ["SPEC204"]


def test_a_missed_target_states_how_far_it_leads() -> None:
    (fault,) = laid("- {target: $.components.schemas.Cart, update: {x: 1}, x-evidence: e}\n").faults
    assert fault.help == "did you mean `Card`?"


def test_errors_by_an_overlay_are_located_in_the_overlay() -> None:
    document = laid(
        "- target: $.paths\n  x-evidence: e\n  update:\n    /cards/{id}:\n      get:\n        operationId: create\n"
        "        responses:\n          '200': {$ref: '#/components/responses/Nope'}\n"
    )
    assert [(f.code, f.span.file, f.span.line) for f in document.faults] == [
        ("SPEC105", "overlay.yaml", 11),
        ("SPEC109", "overlay.yaml", 8),
        ("SPEC108", "overlay.yaml", 9),
    ]
    assert "POST /cards" in operations(document)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("overlay: 2.0.0\ninfo: {title: t, version: 1}\nactions: []\n", [("SPEC201", 1, 10)]),
        ("overlay: 1.0.0\nactions: []\n", [("SPEC201", 1, 1), ("SPEC201", 1, 1)]),
        ("overlay: 1.0.0\ninfo: {title: t, version: 1}\n", [("SPEC201", 1, 1)]),
        ("overlay: 1.0.0\ninfo: {title: t, version: 1}\naction: []\nactions: []\n", [("SPEC201", 3, 1)]),
        ("[]", [("SPEC201", 1, 1)]),
    ],
)
def test_a_malformed_overlay_is_reported(text: str, expected: list[tuple[str, int, int]]) -> None:
    found = parse_overlay(text.encode(), "overlay.yaml")
    assert [(fault.code, fault.span.line, fault.span.column) for fault in found.faults] == expected


def test_an_overlay_that_is_not_yaml_is_refused() -> None:
    with pytest.raises(DocumentFault) as caught:
        parse_overlay(b"overlay: [", "overlay.yaml")
    assert caught.value.diagnostic.code == "SPEC102"


def test_the_overlay_of_the_documentation_is_one() -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "specs.md").read_text(encoding="utf-8")
    (example,) = (block for block in page.split("```yaml\n")[1:] if block.startswith("overlay:"))
    found = parse_overlay(example.partition("```")[0].encode(), "overlay.yaml")
    assert found.faults == ()
    assert [action.update is None for action in found.actions] == [False, True]
