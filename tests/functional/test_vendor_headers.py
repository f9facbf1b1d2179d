"""Headers of every request that hold values of the connection."""

from __future__ import annotations

import pytest

from tests.functional.compiled import Build, Catalog, call, diagnostics, document, obj, things
from unified_runtime import InvalidInput

CONNECTION = """connection:
  url: {summary: Where it is}
  team: {summary: Whose it is, required: false}
base_url: {default: "{connection.url}"}
"""
MAPPING = """resource: things
schema: Thing
fields: {id: {read: id}, title: {read: title}}
operations:
  get: {operation: getThing, params: {thingId: id}}
"""
DOCUMENT = document(
    [call("getThing", "GET /things/{thingId}", returns="Thing", headers={"Origin!": "string"})], {"Thing": obj(id="string", title="string")}
)


def project(build: Build, headers: str, **values: str) -> Catalog:
    return build(values, model=things(), document=DOCUMENT, mapping=MAPPING, vendor=f"{CONNECTION}headers: {headers}\n")


def test_a_header_holds_values_of_the_connection_and_the_origin_of_the_server(build: Build) -> None:
    headers = '{Origin: "{origin}", Referer: "{connection.url}/", X-Team: "team {connection.team}"}'
    catalog = project(build, headers, url="https://acme.example/tracker", team="blue")
    ran = catalog.run("get", "1", responses=[{"id": "1", "title": "T"}])
    assert ran.requests[0].url == "https://acme.example/tracker/things/1"
    sent = {name: value for name, value in ran.headers[0].items() if name != "Host"}
    assert sent == {"Origin": "https://acme.example", "Referer": "https://acme.example/tracker/", "X-Team": "team blue"}


def test_a_header_without_its_value_is_not_sent(build: Build) -> None:
    catalog = project(build, '{Origin: "{origin}", X-Team: "{connection.team}"}', url="https://acme.example")
    ran = catalog.run("get", "1", responses=[{"id": "1", "title": "T"}])
    assert "X-Team" not in ran.headers[0]


@pytest.mark.parametrize("team", ["blue\r\nAuthorization: x", "grün", "blue\x00"])
def test_a_value_cannot_end_its_header(build: Build, team: str) -> None:
    catalog = project(build, '{Origin: "{origin}", X-Team: "{connection.team}"}', url="https://acme.example", team=team)
    with pytest.raises(InvalidInput, match=r"team .* cannot be part of a header"):
        catalog.run("get", "1")


@pytest.mark.parametrize(("header", "found"), [("{connection.teem}", "connection.teem"), ("{title}", "title"), ("{orign}", "orign")])
def test_a_header_refers_to_nothing_else(header: str, found: str) -> None:
    result = diagnostics(
        model=things(), document=DOCUMENT, mapping=MAPPING, vendor=f'{CONNECTION}headers: {{Origin: "{{origin}}", X: "{header}"}}\n'
    )
    assert f"MAP003 a header cannot refer to `{found}`" in result
