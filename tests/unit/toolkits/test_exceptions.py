"""Corrections of toolkits: those of the distribution, and a user's beside a toolkit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.unit.toolkits.conftest import DOCUMENT, Server, response
from unified_gen.specs.toolkits import check_toolkits, compiled
from unified_openapi.facts.lazy import LazyFacts
from unified_openapi.facts.shipped import facts_file, shipped_exceptions
from unified_openapi.facts.toolkit_exceptions import faults_of, parse_exceptions
from unified_platform.cli.toolkits import check
from unified_runtime import Client, InvalidInput, Settings, basic, bearer
from unified_runtime.core.endpoints import Retry
from unified_runtime.toolkits import adding, registry

SPECS = Path(__file__).parents[3] / "specs"


def correct(text: str | dict[str, Any], name: str = "shop", file: str = "toolkit.yaml") -> None:
    folder = registry.user_folder() / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text if isinstance(text, str) else json.dumps(text))


def test_the_compiled_file_is_that_of_the_sources() -> None:
    exceptions, found = check_toolkits(SPECS)
    assert found == []
    assert (SPECS / "toolkits.json").read_text() == compiled(exceptions)
    assert shipped_exceptions() == exceptions


@pytest.mark.parametrize("vendor", sorted(shipped_exceptions()))
def test_every_shipped_correction_changes_something(vendor: str) -> None:
    exceptions = shipped_exceptions()[vendor]
    toolkit, file = registry.toolkit(vendor), facts_file(vendor)
    assert file is not None
    assert exceptions.evidence
    derived = registry.Toolkit(toolkit.vendor, LazyFacts(file.read_bytes(), ""))
    assert [name for name in exceptions.effects if name in derived and derived.effect(name) == toolkit.effect(name)] == []


def test_a_user_corrects_a_toolkit(client: Client, server: Server) -> None:
    before = set(registry.toolkit("shop").groups["orders"])
    correct("""
effects:
  createOrder: destructive
  GET /orders/{orderId}: write
excluded: [listWatchers]
names: {addWatcher: watch}
groups: {orders: sales}
""")
    toolkit = registry.toolkit("shop")
    assert (toolkit.effect("createOrder"), toolkit.effect("getOrder")) == ("destructive", "write")
    assert "listWatchers" not in toolkit
    assert set(toolkit.groups) == {"sales"}
    assert set(toolkit.groups["sales"]) == before - {"add_watcher", "list_watchers"} | {"watch"}
    client.api("shop").sales.watch("o1", body="ada")
    assert server.requests[0].url.endswith("/orders/o1/watchers")


def test_corrections_of_a_shipped_vendor_are_added() -> None:
    correct({"effects": {"getIssue": "write"}}, "jira", "toolkit.json")
    assert registry.toolkit("jira").effect("getIssue") == "write"
    assert registry.toolkit("jira").effect("sanitiseJqlQueries") == "read"
    correct({"base_url": "https://evil.example.com"}, "jira", "toolkit.json")
    with pytest.raises(InvalidInput, match="own server"):
        registry.toolkit("jira")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("effects: {createOrder: reads}", "reads"),
        ("effect: {createOrder: read}", "effect"),
        ("effects: [", "not YAML"),
        ("names: {getOrder: Get Order}", "names"),
        ("names: {getOrder: create_order}", "createOrder and getOrder|getOrder and createOrder"),
    ],
)
def test_corrections_that_are_not_valid_are_not_ignored(text: str, message: str) -> None:
    correct(text)
    with pytest.raises(InvalidInput, match=message):
        _ = registry.toolkit("shop").names


def test_faults_are_reported_with_suggestions() -> None:
    correct({"effects": {"creatOrder": "read"}, "hidden": ["acess_token"]})
    faults = [(one.path, one.help) for one in registry.toolkit("shop").faults()]
    assert faults == [(("effects", "creatOrder"), "did you mean `createOrder`?"), (("hidden", 0), "did you mean `access_token`?")]
    shown = CliRunner().invoke(check, ["shop"])
    assert "toolkit.yaml: effects.creatOrder: the documents have no operation `creatOrder`; did you mean `createOrder`?" in shown.output
    file = facts_file("xero")
    assert file is not None
    missing = parse_exceptions({"bound": {"xero-tennant-id": "{tenant_id}"}, "excluded": ["nothing"]})
    assert len(list(faults_of(missing, LazyFacts(file.read_bytes(), "")))) == 2


def test_parameters_are_bound_from_the_connection(server: Server) -> None:
    """Xero wants the organisation in a header of each request, which a model neither sees nor chooses."""
    client = Client(server)
    with pytest.raises(InvalidInput, match="tenant_id"):
        client.connect("xero", bearer("T0ken"))
    client.connect("xero", bearer("T0ken"), tenant_id="org-7")
    server.respond = lambda request: {"Contacts": []}
    toolkit = registry.toolkit("xero")
    assert not any("xero_tenant_id" in toolkit.table(name).arguments for name in list(toolkit)[::10])
    client.api("xero").call("getContact", ContactID="8138a266-fb42-49b2-a104-014b7045753d")
    (sent,) = server.requests
    assert sent.header("xero-tenant-id") == "org-7"
    assert sent.url.startswith("https://api.xero.com/api.xro/2.0/Contacts/")
    with pytest.raises(InvalidInput, match="xero_tenant_id is not an argument"):
        client.api("xero").call("getContact", ContactID="8138a266-fb42-49b2-a104-014b7045753d", xero_tenant_id="org-8")


def test_a_vendors_idempotency_key_makes_a_write_repeatable(server: Server) -> None:
    client = Client(server, settings=Settings(backoff=0.001))
    client.connect("stripe", bearer("T0ken"))
    responses = [response({}, 503), response({"id": "cus_1"})]
    server.respond = lambda request: responses.pop(0) if responses else response({"id": "cus_1"})
    create = client.api("stripe").operation("PostCustomers")
    assert create.adapter("stripe").repeatable
    assert create(name="Ada").id == "cus_1"
    keys = [request.header("Idempotency-Key") for request in server.requests]
    assert len(keys) == 2
    assert keys[0] is not None
    assert len(set(keys)) == 1
    create(name="Ada", idempotency_key="import-7")
    assert server.requests[-1].header("Idempotency-Key") == "import-7"
    get = client.api("stripe").operation("GetCustomersCustomer")
    get("cus_1")
    assert server.requests[-1].header("Idempotency-Key") is None


def test_operations_of_further_documents_go_to_their_own_server(server: Server) -> None:
    toolkit = registry.toolkit("twilio")
    hosts = {toolkit.operation(name, lambda: pytest.fail("nothing is sent")).host for name in list(toolkit)[::5]}
    assert len(hosts) == 3
    client = Client(server)
    client.connect("twilio", basic("AC1", "T0ken"))
    client.api("twilio").call("FetchConversation", sid="CH00000000000000000000000000000000")
    assert server.requests[0].url.startswith("https://conversations.twilio.com/")


def test_base_url_and_title() -> None:
    correct({"title": "The Shop", "base_url": "https://{region}.shop.example.com"})
    vendor = registry.toolkit("shop").vendor
    assert (vendor.title, vendor.servers["default"]) == ("The Shop", "https://{region}.shop.example.com")
    assert list(vendor.connection) == ["region"]
    adding.add("shop", json.dumps(DOCUMENT).encode(), "shop.json", replace=True)
    assert registry.toolkit("shop").vendor.title == "The Shop"
    assert registry.toolkit("shop").operation("createOrder", lambda: pytest.fail("nothing is sent"))._retry is Retry.NEVER
