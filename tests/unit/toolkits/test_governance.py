"""Governance of operations of documents: approvals, quotas, usage, audit log, logs, metrics, least scopes, and what a toolkit infers."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.runtime.policies import Engine, MemoryApprovals, MemoryAuditLog
from tests.unit.toolkits.conftest import DOCUMENT, Server
from unified_platform.agents import registry as agents
from unified_platform.agents.quotas import Quota
from unified_platform.catalog import capabilities
from unified_platform.cli import main
from unified_platform.connections.connection_check import _read_of_document
from unified_platform.oauth.required_scopes import required_scopes
from unified_platform.observability.logs import Logs
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.tools import tools
from unified_platform.usage.calls import CallLog
from unified_platform.usage.quota_store import QuotaStore
from unified_platform.usage.recorder import UsageRecorder
from unified_platform.usage.store import open_usage_store
from unified_runtime import ApprovalRequired, Client, Denied, PolicyEnforcer, acting, bearer
from unified_runtime.core.errors import QuotaExceeded
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, needs_approval
from unified_runtime.toolkits import adding

AGENTS = """
[agents.helper]
toolsets = ["shop.api.read", "shop.api.createOrder"]
"""


def _approved_writes(question: PolicyRequest) -> Decision:
    return needs_approval("a person decides") if question.effect != "read" and not question.approved else allow()


def test_an_approval_is_for_one_call_with_its_arguments(client: Client, server: Server) -> None:
    approvals, audit_log = MemoryApprovals(), MemoryAuditLog()
    engine = Engine(_approved_writes)
    governed = client.with_policy(PolicyEnforcer(engine, approvals=approvals, audit=audit_log)).api("shop").orders
    governed.get_order("o1")
    with pytest.raises(ApprovalRequired) as raised:
        governed.create_order(title="Tea")
    assert len(server.requests) == 1
    (subject,) = approvals.pending.values()
    assert (subject.operation, subject.vendor) == ("shop.createOrder", "shop")
    assert subject.arguments["title"] == "Tea"
    approvals.approve(raised.value.approval or "")
    with pytest.raises(ApprovalRequired):
        governed.create_order(title="Coffee")
    governed.create_order(title="Tea")
    assert len(server.requests) == 2
    with pytest.raises(ApprovalRequired):
        governed.create_order(title="Tea")
    assert {one.get("operation") for one in audit_log.entries} >= {"shop.getOrder", "shop.createOrder"}


def test_a_file_is_part_of_what_is_approved(client: Client, server: Server) -> None:
    from tests.unit.toolkits.test_files import FILES

    adding.add("disk", json.dumps(FILES).encode(), "disk.json")
    client.connect("disk", bearer("T0ken"))
    approvals = MemoryApprovals()
    governed = client.with_policy(PolicyEnforcer(Engine(_approved_writes), approvals=approvals)).api("disk").files
    with pytest.raises(ApprovalRequired) as raised:
        governed.attach_file(file=b"the report")
    approvals.approve(raised.value.approval or "")
    with pytest.raises(ApprovalRequired):
        governed.attach_file(file=b"another one")
    governed.attach_file(file=b"the report")
    assert len(server.requests) == 1


def test_quotas_count_calls_of_an_operation(client: Client, server: Server, tmp_path: Path) -> None:
    store = open_usage_store(tmp_path / "usage.db")
    quotas = QuotaStore(store, {"helper": (Quota(max_calls=1, tool="shop.createOrder"), Quota(max_calls=3, vendor="shop"))})
    orders = client.with_policy(PolicyEnforcer(Engine(), quotas=quotas)).api("shop").orders
    with acting(agent="helper"):
        orders.create_order(title="Tea")
        with pytest.raises(QuotaExceeded, match=r"max_calls of helper for shop\.createOrder"):
            orders.create_order(title="Tea")
        orders.get_order("o1")
        orders.get_order("o1")
        with pytest.raises(QuotaExceeded):
            orders.get_order("o1")
    assert len(server.requests) == 3
    store.close()


def test_usage_dashboard_and_logs_name_the_operation(server: Server, tmp_path: Path) -> None:
    store, log = open_usage_store(tmp_path / "usage.db"), io.StringIO()
    recorder = UsageRecorder(store)
    client = Client(server, observers=[recorder, Logs(log)])
    client.connect("shop", bearer("T0ken-of-the-shop"), shop="acme")
    with acting(agent="helper"):
        client.api("shop").orders.create_order(title="Tea")
    recorder.flush()
    (call,) = CallLog(store.database).newest().calls
    assert (call.tool, call.vendor, call.agent, call.outcome) == ("shop.createOrder", "shop", "helper", "ok")
    events = [json.loads(line) for line in log.getvalue().splitlines()]
    assert {event["tool_name"] for event in events} == {"shop.createOrder"}
    assert "T0ken" not in log.getvalue()
    store.close()


def test_agents_may_call_what_their_toolsets_name(client: Client, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "agents.toml"
    file.write_text(AGENTS)
    known = agents.load_agents(file, capabilities.load())
    governed = client.with_policy(PolicyEnforcer(known))
    with acting(agent="helper"):
        governed.api("shop").orders.get_order("o1")
        governed.api("shop").orders.create_order(title="Tea")
        with pytest.raises(Denied, match="in no toolset"):
            governed.api("shop").orders.delete_order("o1")
    offered = set(tools(client=governed, agent="helper", toolsets=["shop.api"]).names)
    assert "shop_create_order" in offered
    assert "shop_get_order" in offered
    assert "shop_delete_order" not in offered


SCOPED = {
    **DOCUMENT,
    "paths": {
        "/a": {"get": {"operationId": "readA", "security": [{"oauth": ["a.read"]}, {"oauth": ["all"]}], "responses": {}}},
        "/b": {"get": {"operationId": "readB", "security": [{"oauth": ["all"]}], "responses": {}}},
        "/c": {"post": {"operationId": "writeC", "security": [{"oauth": ["c.write"]}, {"token": []}], "responses": {}}},
        "/d": {"get": {"operationId": "open", "security": [], "responses": {}}},
    },
}


def test_least_scopes_are_those_of_the_operations(tmp_path: Path) -> None:
    adding.add("scoped", json.dumps(SCOPED).encode(), "scoped.json")
    assert required_scopes("scoped", ["scoped.api.readA"]) == ("a.read",)
    assert required_scopes("scoped", ["scoped.api.readA", "scoped.api.readB"]) == ("all",), "one scope does for both"
    assert required_scopes("scoped", ["scoped.api.write"]) == ("c.write",)
    assert required_scopes("scoped", ["scoped.api.open"]) == ()
    assert required_scopes("jira", ["tasks.read", "jira.api.addWatcher"]) == ("read:jira-work", "write:jira-work")
    file = tmp_path / "agents.toml"
    file.write_text('[agents.helper]\ntoolsets = ["scoped.api"]\n')
    found = CliRunner().invoke(main, ["scopes", "--agent", "helper", "--via", "scoped", "--agents", str(file)])
    assert found.output.split() == ["all", "c.write"]


def test_a_policy_reduces_the_scopes(tmp_path: Path) -> None:
    adding.add("scoped", json.dumps(SCOPED).encode(), "scoped.json")
    file = tmp_path / "agents.toml"
    file.write_text('[agents.helper]\ntoolsets = ["scoped.api"]\n')
    known = agents.load_agents(file, capabilities.load())
    policy = CedarPolicies({"p.cedar": '@id("a") permit (principal, action == Action::"scoped.readA", resource);'})
    from unified_platform.catalog.toolsets import vendor_entry

    assert known.scopes("helper", vendor_entry("scoped"), policy) == ("a.read",)


def test_check_reports_what_is_inferred() -> None:
    document = {**SCOPED, "paths": {**SCOPED["paths"], "/search": {"post": {"operationId": "searchAll", "responses": {}}}}}  # type: ignore[dict-item]
    del document["security"]
    adding.add("inferred", json.dumps(document).encode(), "inferred.json")
    found = CliRunner().invoke(main, ["toolkit", "check", "inferred", "--json"])
    data = json.loads(found.output)
    assert data["operations"] == 5
    assert data["effect_from_name"] == {"searchAll": "read"}
    assert data["without_security"] == 2
    assert "declare no security" in CliRunner().invoke(main, ["toolkit", "check", "inferred"]).output


def test_a_toolkit_cannot_have_the_name_of_a_resource(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps(SCOPED))
    found = CliRunner().invoke(main, ["toolkit", "add", str(path)])
    assert found.exit_code != 0
    assert "is a resource of the catalog" in found.output


def test_a_connection_is_tried_with_a_read_of_the_document() -> None:
    operation = _read_of_document("shop")
    assert operation.name == "shop.listOrders"
    assert operation.pages
    assert _read_of_document("no-such-vendor") is None


def test_the_command_for_a_private_server_names_it(tmp_path: Path) -> None:
    path = tmp_path / "local.json"
    path.write_text(json.dumps({**SCOPED, "servers": [{"url": "http://127.0.0.1:8080"}]}))
    found = CliRunner().invoke(main, ["toolkit", "add", str(path)])
    assert "unified connect local --user NAME --key --server http://127.0.0.1:8080" in found.output
