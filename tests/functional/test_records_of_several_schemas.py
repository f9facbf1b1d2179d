"""Records that another response holds in another form: `schema` lists both, and a path is in one of them."""

from __future__ import annotations

import pytest

from tests.functional.compiled import Build, call, diagnostics, document, model, obj
from unified_runtime import VendorProtocolError

MODEL = model("id: {type: id, read_only: true}\nname: {type: text, read_only: true}", "get: {}\nlist: {inputs: {}}")
DOCUMENT = document(
    [
        call("getUser", "GET /users/{id}", returns="User"),
        call("listMembers", "GET /members", returns=["Member"]),
    ],
    {"User": obj("id", id="integer", full_name="string"), "Member": obj("id", id="string", name="string", email="string")},
)
MAPPING = """
resource: things
schema: [User, Member]
fields:
  id: {read: id}
  name: {read: full_name || name}
operations:
  get: {operation: getUser, params: {id: id}}
  list: {operation: listMembers, items: "@", pagination: none}
"""


def test_each_form_is_read(build: Build) -> None:
    catalog = build(model=MODEL, document=DOCUMENT, mapping=MAPPING)
    one = catalog.run("get", "7", responses=[{"id": 7, "full_name": "Ada"}]).value
    assert (one.id, one.name) == ("7", "Ada")
    (listed,) = catalog.run("list", responses=[[{"id": "8", "name": "Grace"}]]).value
    assert (listed.id, listed.name) == ("8", "Grace")
    with pytest.raises(VendorProtocolError):
        catalog.run("list", responses=[[{"id": "8", "name": 5}]])


def found(old: str, new: str) -> list[str]:
    assert MAPPING.count(old) == 1
    return diagnostics(model=MODEL, document=DOCUMENT, mapping=MAPPING.replace(old, new))


def test_a_path_is_in_one_of_the_schemas_and_in_every_response() -> None:
    assert found("full_name || name", "full_name || nam")[0].startswith("MAP201 ")
    assert found("full_name || name", "full_name") == ["MAP209 the response of `listMembers` has no `full_name`, which `list` reads"]
    assert found("full_name || name", "name") == ["MAP209 the response of `getUser` has no `name`, which `get` reads"]
    assert found("[User, Member]", "User")[0].startswith("MAP201 ")
    assert found("[User, Member]", "[User, Membr]")[0].startswith("MAP211 ")
