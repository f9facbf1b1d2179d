"""Alternatives of several steps in `either`, and conditions with parentheses."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, diagnostics, document, model, obj
from unified_runtime import InvalidInput

MODEL = model(
    "id: {type: id, read_only: true}\ntitle: {type: text}\nowner: {type: text}",
    "list: {inputs: {owner: {type: text}, text: {type: text}, folder: {type: id}}}\n"
    "create: {inputs: {label: {type: text}}}\n"
    "delete: {inputs: {id: {type: id, required: true}, folder: {type: id}}}",
)
CALLS = [
    call("people", "GET /people", query={"q": "string"}, returns=obj(hits=[obj(id="string", name="string")])),
    call("folders", "GET /folders/{folder}", returns=obj(root="integer")),
    call("search", "GET /search", query={"q": "string", "owner": "string", "root": "integer"}, returns=["Thing"]),
    call("all", "GET /things", query={"folder": "string"}, returns=["Thing"]),
    call("make", "POST /things", takes=obj(title="string", owner="string"), returns=obj(id="string")),
    call("tag", "POST /things/{id}/tags", takes=obj(name="string"), returns=obj(ok="boolean")),
    call("read", "GET /things/{id}", returns="Thing"),
    call("remove", "DELETE /things/{id}", status="204"),
    call("detach", "DELETE /folders/{folder}/things/{id}", status="204"),
]
MAPPING = """
resource: things
schema: Thing
fields: {id: {read: id}, title: title, owner: owner}
unsupported: {filter.folder: a search has no folder}
operations:
  list:
    either:
      - if: owner && !folder
        steps:
          - {operation: people, params: {q: owner}, save: {found: hits}, where: {name: owner}, not_found: "no {owner}"}
          - {operation: search, params: {q: text, owner: found.id}, items: "@"}
      - if: text
        steps:
          - {operation: folders, if: folder, params: {folder: folder}, save: found}
          - {operation: search, params: {q: text, root: found.root, owner: owner}, items: "@"}
      - {operation: all, params: {folder: folder}, items: "@"}
  create:
    either:
      - if: label
        steps:
          - {operation: make, send: fields, save: made}
          - {operation: tag, params: {id: made.id, name: label}}
          - {operation: read, params: {id: made.id}}
      - if: title || owner
        steps:
          - {operation: make, send: fields, save: made}
          - {operation: read, params: {id: made.id}}
  delete:
    either:
      - {operation: detach, if: folder, params: [folder, id]}
      - {operation: remove, params: {id: id}}
"""
ONE = {"id": "1", "title": "T", "owner": "o"}


@pytest.fixture
def catalog(build: Build) -> Catalog:
    mapping = MAPPING.replace("operation: all, params: {folder: folder}", "operation: all, if: '!owner', params: {folder: folder}")
    return build(model=MODEL, document=document(CALLS, {"Thing": obj(id="string", title="string", owner="string")}), mapping=mapping)


def test_the_steps_of_the_chosen_alternative_are_executed(catalog: Catalog) -> None:
    people = {"hits": [{"id": "7", "name": "ann"}]}
    ran = catalog.run("list", owner="ann", text="w", responses=[people, [ONE]])
    assert ran.sent == ["GET /people?q=ann", "GET /search?owner=7&q=w"]
    assert [thing.id for thing in ran.value] == ["1"]
    with pytest.raises(InvalidInput, match="no bob"):
        catalog.run("list", owner="bob", responses=[people])
    ran = catalog.run("list", text="w", folder="b", responses=[{"root": 4}, [ONE]])
    assert ran.sent == ["GET /folders/b", "GET /search?q=w&root=4"]
    assert catalog.run("list", text="w", responses=[[ONE]]).sent == ["GET /search?q=w"]
    assert catalog.run("list", folder="b", responses=[[ONE]]).sent == ["GET /things?folder=b"]
    with pytest.raises(InvalidInput, match="owner or text"):
        catalog.run("list", owner="ann", folder="b")


def test_an_alternative_that_writes_reads_back(catalog: Catalog) -> None:
    ran = catalog.run("create", title="T", label="l", responses=[{"id": "1"}, {"ok": True}, ONE])
    assert ran.sent == [("POST /things", {"title": "T"}), ("POST /things/1/tags", {"name": "l"}), "GET /things/1"]
    assert ran.value.title == "T"
    ran = catalog.run("create", title="T", responses=[{"id": "1"}, ONE])
    assert ran.sent == [("POST /things", {"title": "T"}), "GET /things/1"]


def test_only_one_alternative_deletes(catalog: Catalog) -> None:
    assert catalog.run("delete", "1", folder="b", responses=[204]).sent == ["DELETE /folders/b/things/1"]
    assert catalog.run("delete", "1", responses=[204]).sent == ["DELETE /things/1"]


CONDITIONS = {
    "(owner || text) && !folder": lambda owner, text, folder: bool((owner or text) and not folder),
    "!(owner || text)": lambda owner, text, folder: not (owner or text),
    "!(owner && text) && folder": lambda owner, text, folder: bool(not (owner and text) and folder),
    "owner || (text && !folder)": lambda owner, text, folder: bool(owner or (text and not folder)),
    "!(owner == 'a') && text": lambda owner, text, folder: bool(owner != "a" and text),
    "!(owner != 'a')": lambda owner, text, folder: owner in (None, "a"),
    "!(!owner)": lambda owner, text, folder: owner is not None,
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_with_parentheses(condition: str, build: Build) -> None:
    mapping = f"""
resource: things
schema: Thing
fields: {{id: {{read: id}}, title: {{read: title}}, owner: {{read: owner}}}}
unsupported: {{create: no, delete: no, filter.owner: no, filter.text: no, filter.folder: no}}
operations:
  list:
    - {{operation: folders, if: "{condition}", params: {{folder: {{}}}}, save: root}}
    - {{operation: search, params: {{q: text, owner: owner}}, items: "@"}}
""".replace("params: {folder: {}}", "params: {folder: folder}, defaults: {folder: b}")
    catalog = build(
        model=MODEL,
        document=document(CALLS, {"Thing": obj(id="string", title="string", owner="string")}),
        mapping=mapping.replace(", filter.owner: no, filter.text: no", ""),
    )
    for owner, text, folder in product((None, "a", "b"), (None, "t"), (None, "x")):
        runs = CONDITIONS[condition](owner, text, folder)
        given: dict[str, Any] = {name: value for name, value in (("owner", owner), ("text", text), ("folder", folder)) if value is not None}
        if "folder" in given and "folder" not in condition:
            continue  # unsupported
        ran = catalog.run("list", responses=[{"root": 1}, []] if runs else [[]], planned=False, **given)
        assert len(ran.sent) == 1 + runs, given


def test_an_alternative_must_use_what_can_be_given() -> None:
    def found(mapping: str) -> list[str]:
        return diagnostics(
            model=MODEL, document=document(CALLS, {"Thing": obj(id="string", title="string", owner="string")}), mapping=mapping
        )

    mapping = MAPPING.replace("unsupported: {filter.folder: a search has no folder}\n", "").replace(
        "operation: all, params: {folder: folder}", "operation: all, if: '!owner', params: {folder: folder}"
    )
    assert found(mapping) == []
    assert found(
        mapping.replace(", root: found.root", "").replace(
            "- {operation: folders, if: folder, params: {folder: folder}, save: found}", "- {operation: people, save: found}"
        )
    ) == ["MAP109 `search` does not use `folder`, which can be given when it runs"]
    after = mapping.replace(
        "          - {operation: tag,",
        '          - {operation: folders, params: {folder: made.id}, save: x, not_found: "none"}\n          - {operation: tag,',
    )
    assert found(after) == ["MAP110 this lookup may fail after something was written"]
    never = mapping.replace(
        "      - {operation: remove, params: {id: id}}",
        "      - {operation: remove, params: {id: id}}\n      - {if: id, steps: [{operation: remove, params: {id: id}}, {operation: remove, params: {id: id}}]}",
    )
    assert "MAP106 `remove` never runs: an earlier alternative always does" in found(never)
    assert "MAP002 expected a list of at least two steps, got a list of 1" in found(
        never.replace(", {operation: remove, params: {id: id}}]", "]")
    )
    assert found(mapping.replace("owner && !folder", "(owner && !folder"))[0] == "MAP003 `(owner && !folder` is not a condition"
