"""Names, effects, servers and schemes that are derived from a document."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.toolkits.conftest import DOCUMENT, Server
from unified_openapi.facts.lazy import OperationEntry
from unified_openapi.facts.shipped import shipped_vendors
from unified_runtime import Client, InvalidInput, api_key
from unified_runtime.core.endpoints import Retry
from unified_runtime.toolkits import adding, registry
from unified_runtime.toolkits.effects import effect_of, retry_of
from unified_runtime.toolkits.names import operation_names


def entry(method: str, path: str, name: str | None = None) -> OperationEntry:
    return OperationEntry(name or f"{method} {path}", method, path, (), False, (), "")


@pytest.mark.parametrize(
    ("method", "path", "name", "effect", "retry"),
    [
        ("GET", "/orders", "listOrders", "read", Retry.SAFE),
        ("POST", "/orders", "createOrder", "write", Retry.NEVER),
        ("PUT", "/orders/{id}", "replaceOrder", "write", Retry.IDEMPOTENT),
        ("PATCH", "/orders/{id}", "updateOrder", "write", Retry.NEVER),
        ("DELETE", "/orders/{id}", "deleteOrder", "destructive", Retry.IDEMPOTENT),
        ("POST", "/orders/search", "searchOrders", "read", Retry.SAFE),
        ("POST", "/crm/v3/objects/contacts/search", "post-/crm/v3/objects/contacts/search", "read", Retry.SAFE),
        ("POST", "/credentials/revoke", "post_credentials_revoke", "destructive", Retry.NEVER),
        ("POST", "/bulk/issues/delete", "submitBulkDelete", "destructive", Retry.NEVER),
        ("GET", "/logout", "logout", "write", Retry.NEVER),
        ("POST", "/chat.delete", "chat_delete", "destructive", Retry.NEVER),
        ("POST", "/conversations.list", None, "read", Retry.SAFE),
        ("LINK", "/orders", "linkOrders", "destructive", Retry.NEVER),
        ("POST", "/value_lists/{value_list}", "PostValueListsValueList", "write", Retry.NEVER),
        ("POST", "/users/{id}/followed_lists", "followList", "write", Retry.NEVER),
        ("POST", "/rules/lists", "lists-create-a-list", "write", Retry.NEVER),
        ("POST", "/drives/{id}/list/items", "drives.list_CreateItems", "write", Retry.NEVER),
        ("POST", "/meetings/createOrGet", "meetings_createOrGet", "write", Retry.NEVER),
        ("POST", "/estimate", "Estimate-Create", "write", Retry.NEVER),
        ("POST", "/answerInlineQuery", None, "write", Retry.NEVER),
    ],
)
def test_the_effect_is_that_of_the_method_unless_the_name_differs(
    method: str, path: str, name: str | None, effect: str, retry: Retry
) -> None:
    found = entry(method, path, name)
    assert effect_of(found) == effect
    assert retry_of(found, effect_of(found)) is retry


def test_python_names_have_the_group_of_their_path() -> None:
    names = operation_names(
        [
            entry("GET", "/rest/api/3/issue/{id}", "getIssue"),
            entry("POST", "/rest/api/3/issue/{id}/watchers", "addWatcher"),
            entry("GET", "/repos/{owner}/{repo}/issues", "issues/list-for-repo"),
            entry("POST", "/chat.postMessage", "chat_postMessage"),
            entry("GET", "/calendars/{id}/events", "calendar.events.list"),
            entry("GET", "/v1/customers"),
            entry("POST", "/v1/customers/{customer}"),
            entry("DELETE", "/v1/customers/{customer}", "import"),
        ]
    )
    assert {name: (own.group, own.name) for name, own in names.items()} == {
        "getIssue": ("issues", "get_issue"),
        "addWatcher": ("issues", "add_watcher"),
        "issues/list-for-repo": ("issues", "list_for_repo"),
        "chat_postMessage": ("chat", "post_message"),
        "calendar.events.list": ("events", "list"),
        "GET /v1/customers": ("customers", "list"),
        "POST /v1/customers/{customer}": ("customers", "update"),
        "import": ("customers", "import_"),
    }


@pytest.mark.parametrize("name", shipped_vendors())
def test_every_operation_of_a_shipped_toolkit_has_a_name_and_arguments(name: str) -> None:
    toolkit = registry.toolkit(name)
    listed = [own for names in toolkit.groups.values() for own in names]
    assert len(toolkit.names) == len(toolkit)
    assert all(own.isidentifier() for own in (*listed, *toolkit.groups))
    for operation in list(toolkit)[:: max(1, len(toolkit) // 40)]:
        table = toolkit.table(operation)
        assert all(argument.isidentifier() for argument in table.arguments)
        bound = {one.lower() for one in toolkit.exceptions.bound}
        required = {one.name for one in table.format.parameters if one.required and one.name.lower() not in bound}
        assert required <= {argument.wire for argument in table.arguments.values()}


def _added(**changes: Any) -> Any:
    adding.add("shop", json.dumps({**DOCUMENT, **changes}).encode(), "shop.json", replace=True)
    return registry.toolkit("shop").vendor


def test_the_servers_of_a_document_are_those_of_its_vendor() -> None:
    assert _added().servers == {"default": "https://{shop}.example.com/api/v2"}
    assert list(_added().connection) == ["shop"]
    fixed = {
        "url": "https://{region}.example.com/{version}",
        "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}, "version": {"default": "v1"}},
    }
    assert _added(servers=[fixed]).servers == {"default": "https://eu.example.com/v1"}
    relative = _added(servers=[{"url": "/api/v3"}])
    assert relative.servers == {"default": "{server}/api/v3"}
    assert list(relative.connection) == ["server"]
    assert _added(servers=[{"url": "http://api.example.com"}]).servers == {"default": "https://api.example.com"}


def test_the_schemes_of_a_document_are_those_of_its_vendor() -> None:
    assert {name: scheme.kind for name, scheme in _added().schemes.items()} == {"oauth": "bearer", "token": "api_key"}
    none = {**DOCUMENT["components"], "securitySchemes": {}}
    assert {scheme.kind for scheme in _added(components=none).schemes.values()} == {"bearer", "basic"}


def test_a_toolkit_cannot_take_the_name_of_another() -> None:
    data = json.dumps(DOCUMENT).encode()
    with pytest.raises(InvalidInput, match="shipped vendor"):
        adding.add("jira", data, "shop.json")
    with pytest.raises(InvalidInput, match="already"):
        adding.add("shop", data, "shop.json")
    for wrong in ("../shop", "Shop", "a/b", "", "-"):
        with pytest.raises(InvalidInput, match="not a valid name"):
            adding.add(wrong, data, "shop.json")
        with pytest.raises(InvalidInput):
            registry.toolkit(wrong)


def test_a_document_that_cannot_be_read_is_reported_with_its_location() -> None:
    with pytest.raises(InvalidInput, match=r"shop\.json:1:"):
        adding.add("other", b'{"openapi": ', "shop.json")
    with pytest.raises(InvalidInput, match="describes messages"):
        adding.add("other", b'{"asyncapi": "2.6.0"}', "shop.json")


def test_extensions_can_have_any_type() -> None:
    components = {**DOCUMENT["components"], "x-order": ["orders"], "x-owner": "sales"}
    changed = {**DOCUMENT, "components": components, "paths": {**DOCUMENT["paths"], "x-groups": ["orders"]}}
    toolkit = adding.add("extended", json.dumps(changed).encode(), "extended.json")
    assert list(toolkit) == list(registry.toolkit("shop"))
    assert toolkit.table("createOrder").arguments["title"].required


def test_a_changed_toolkit_is_read_again(tmp_path: Path) -> None:
    assert "getOrder" in registry.toolkit("shop")
    changed = {**DOCUMENT, "paths": {"/items": {"get": {"operationId": "listItems", "responses": {}}}}}
    adding.add("shop", json.dumps(changed).encode(), "shop.json", replace=True)
    assert list(registry.toolkit("shop")) == ["listItems"]
    file = registry.user_folder() / "shop" / "facts.json.gz"
    file.write_bytes(gzip.compress(b"{}"))
    with pytest.raises(InvalidInput, match="cannot be read"):
        registry.toolkit("shop")
    adding.remove("shop")
    with pytest.raises(InvalidInput, match="no toolkit 'shop' was added"):
        adding.remove("shop")


def test_a_credential_that_most_operations_declare_as_a_parameter_is_hidden() -> None:
    """Slack's document declares `token` as a parameter of each operation."""
    toolkit = registry.toolkit("slack")
    assert all("token" not in toolkit.table(name).arguments for name in list(toolkit)[::10])


def test_the_reference_lists_every_toolkit() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "toolkits.md").read_text("utf-8")
    for name in shipped_vendors():
        assert f"| {name} | {len(registry.toolkit(name)):,} |" in page


def test_a_missing_data_distribution_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "facts_folder", lambda: None)
    with pytest.raises(InvalidInput, match="unified-apis-facts, which is not installed"):
        registry.toolkit("no-such-vendor")


def _with_keys(**required: list[dict[str, list[str]]]) -> dict[str, Any]:
    """Return the document with two keys in headers, and what each operation of its orders requires."""
    keys = {name: {"type": "apiKey", "in": "header", "name": f"X-{name}"} for name in ("apiKey", "appKey")}
    changed = json.loads(json.dumps(DOCUMENT))
    changed["components"]["securitySchemes"] = keys
    changed["security"] = [{"apiKey": [], "appKey": []}]
    for method, security in required.items():
        changed["paths"]["/orders"][method]["security"] = security
    found: dict[str, Any] = changed
    return found


def test_keys_that_are_required_together_are_one_scheme(server: Server) -> None:
    adding.add("keys", json.dumps(_with_keys()).encode(), "keys.json")
    client = Client(server)
    client.connect("keys", api_key(api_key="one", app_key="two"), shop="acme")
    client.api("keys").orders.get_order("o1")
    headers = dict(server.requests[0].credential.headers())
    assert headers == {b"X-apiKey": b"one", b"X-appKey": b"two"}
    assert [*registry.toolkit("keys").vendor.schemes] == ["apiKey+appKey"], "neither is enough"
    with pytest.raises(InvalidInput, match="api_key and app_key"):
        Client(server).connect("keys", api_key("one"), shop="acme")


def test_a_key_that_is_enough_for_some_operations_is_a_scheme_too(server: Server) -> None:
    adding.add("keys", json.dumps(_with_keys(post=[{"apiKey": []}])).encode(), "keys.json")
    assert [*registry.toolkit("keys").vendor.schemes] == ["apiKey+appKey", "apiKey"]
    client = Client(server)
    client.connect("keys", api_key("one"), shop="acme")
    client.api("keys").orders.get_order("o1")
    assert dict(server.requests[0].credential.headers()) == {b"X-apiKey": b"one"}


def test_shipped_vendors_with_several_keys() -> None:
    assert [key.name for key in registry.toolkit("datadog").vendor.schemes["apiKeyAuth+appKeyAuth"].keys] == [
        "DD-API-KEY",
        "DD-APPLICATION-KEY",
    ]
    assert [*registry.toolkit("plaid").vendor.schemes] == ["clientId+secret+plaidVersion"]


def test_operations_that_execute_sql_may_destroy() -> None:
    for vendor, operation in (
        ("google-bigquery", "bigquery.jobs.query"),
        ("cloudflare", "cloudflare-d1-query-database"),
        ("supabase", "v1-run-a-query"),
        ("snowflake", "POST /api/v2/statements"),
    ):
        assert registry.toolkit(vendor).effect(operation) == "destructive", operation


@pytest.mark.parametrize(
    ("vendor", "operation", "url"),
    [
        ("twilio", "POST /v1/Services", "https://conversations.twilio.com"),
        ("twilio", "CreateAlphaSender", "https://messaging.twilio.com"),
        ("stripe", "PostFiles", "https://files.stripe.com"),
        ("box", "post_files_content", "https://upload.box.com/api/2.0"),
        ("clockify", "GET /v1/user", "https://api.clockify.me/api"),
        ("clickup", "queryAuditLog", "https://api.clickup.com"),
        ("github", "repos/upload-release-asset", "https://uploads.github.com"),
        ("stripe", "PostCustomers", "https://api.stripe.com"),
    ],
)
def test_an_operation_is_at_the_server_that_its_document_declares(vendor: str, operation: str, url: str) -> None:
    toolkit = registry.toolkit(vendor)
    found = next((name for name in toolkit if operation in (name, toolkit[name].endpoint)), operation)
    host = toolkit.operation(found, lambda: pytest.fail("nothing is sent")).host
    assert (toolkit.vendor.servers["default"] if host is None else toolkit.vendor.api_hosts[host]) == url
