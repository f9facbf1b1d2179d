"""Names, effects, servers and schemes that are derived from a document."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.toolkits.conftest import DOCUMENT
from unified_openapi.facts.lazy import OperationEntry
from unified_openapi.facts.shipped import shipped_vendors
from unified_runtime import InvalidInput
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
