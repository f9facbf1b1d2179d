"""Actions that return nothing and do not delete: a write for policies and tools, not a destructive operation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.functional.compiled import Build, Catalog, Scripted, call, diagnostics, document, model, obj
from unified_platform.idempotency.store import open_idempotency_store
from unified_runtime import Client, bearer, using

FIELDS = "id: {type: id, read_only: true}\ntitle: {type: text}"
PIN = "{kind: update, response: none, fields: [], inputs: {id: {type: id, field: id, required: true}, note: {type: text}}}"
MODEL = model(FIELDS, f"get: {{}}\npin: {PIN}\ndelete: {{}}")
DOCUMENT = document(
    [
        call("read", "GET /things/{id}", returns="Thing"),
        call("pin", "PUT /things/{id}/pin", takes=obj(note="string", color="string"), status="204"),
        call("unpinAll", "POST /pins/clear", status="204"),
        call("remove", "DELETE /things/{id}", status="204"),
    ],
    {"Thing": obj(id="string", title="string")},
)
MAPPING = """
resource: things
schema: Thing
fields:
  id: {read: id}
  title: {read: title}
operations:
  get: {operation: read, params: {id: id}}
  pin: {operation: pin, params: {id: id, note: note}}
  delete: {operation: remove, params: {id: id}}

"""


@pytest.fixture
def catalog(build: Build) -> Catalog:
    return build(model=MODEL, document=DOCUMENT, mapping=MAPPING)


def test_an_action_returns_nothing(catalog: Catalog) -> None:
    ran = catalog.run("pin", "7", note="look", responses=[204])
    assert ran.sent == [("PUT /things/7/pin", {"note": "look"})]
    assert ran.value is None
    assert catalog.plan("pin", "7", note="look") == [("PUT /things/7/pin", {"note": "look"})]


def test_it_is_a_write_and_not_destructive(catalog: Catalog) -> None:
    things = catalog.module("things")
    assert (things.pin.effect, things.delete.effect) == ("write", "destructive")
    tools = {tool["name"]: tool for tool in json.loads(catalog.result.files["unified/tools/things.json"])["tools"]}
    assert tools["things_pin"]["effect"] == "write"
    assert "returns" not in tools["things_pin"]
    assert "-> Invocation[None]:" in catalog.source("things").split("def pin(")[1].split('"""')[0]


@pytest.mark.parametrize("either", [False, True])
def test_steps_after_it_and_alternatives(build: Build, either: bool) -> None:
    if either:
        steps = "pin: {either: [{operation: pin, if: note, params: {id: id, note: note}}, {operation: pin, params: {id: id}}]}"
        sent = [("PUT /things/7/pin", {"note": "look"})]
    else:
        steps = "pin: [{operation: unpinAll}, {operation: pin, params: {id: id, note: note}}]"
        sent = ["POST /pins/clear", ("PUT /things/7/pin", {"note": "look"})]
    mapping = MAPPING.replace("pin: {operation: pin, params: {id: id, note: note}}", steps)
    ran = build(model=MODEL, document=DOCUMENT, mapping=mapping).run("pin", "7", note="look", responses=[204] * len(sent))
    assert (ran.sent, ran.value) == (sent, None)


def test_the_same_key_sends_it_once(catalog: Catalog, tmp_path: Path) -> None:
    transport, store = Scripted([204]), open_idempotency_store(f"{tmp_path}/keys.db")
    client = Client(transport, idempotency=store)
    client.connect("acme", bearer("secret"))
    with using(client):
        values = [catalog.module("things").pin("7", idempotency_key="k") for _ in range(2)]
    store.close()
    assert (values, len(transport.requests)) == ([None, None], 1)


def test_only_an_update_returns_nothing() -> None:
    wrong = model(FIELDS, f"get: {{response: none}}\npin: {PIN}\ndelete: {{}}")
    found = diagnostics(model=wrong, document=DOCUMENT, mapping=MAPPING)
    assert "MAP010 `response: none` is for an operation like `update`; this is like `get`" in found
