"""Two tenants with equal user ids in one vault and one control store: nothing that one does counts for the other."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support import postgres
from tests.support.vaults import record
from tests.unit.platform.vault.test_source import ISSUE
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.policies import Engine
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_platform.agents import registry
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_platform.broker.agent_keys import InvalidAgentKey, KeyStore, Scope
from unified_platform.broker.database import open_store as open_broker_store
from unified_platform.broker.sessions import LoginSessions, NotLoggedIn
from unified_platform.broker.token_signing import InvalidSignature, signer
from unified_platform.catalog import capabilities
from unified_platform.cli import main
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.rego import RegoPolicies
from unified_platform.store.database import Database
from unified_platform.usage.call_search import CallSearch
from unified_platform.usage.calls import CallLog
from unified_platform.usage.quota_store import QuotaStore
from unified_platform.usage.recorder import UsageRecorder
from unified_platform.usage.store import UsageStore, open_usage_store
from unified_platform.usage.totals import DIMENSIONS, Totals, UsageFilter
from unified_platform.vault import ConnectionRecord, SealedVault, open_vault
from unified_platform.vault.root_keys import FileRoot
from unified_runtime import (
    ApprovalRequired,
    Client,
    Denied,
    InvalidInput,
    NotConnected,
    NotFound,
    PolicyEnforcer,
    QuotaExceeded,
    Secret,
    acting,
    basic,
    using,
)
from unified_runtime.core.connections import Connection
from unified_runtime.core.credentials import bearer
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.messages import Request
from unified_runtime.core.policy_decisions import allow, needs_approval
from unified_runtime.core.vendors import load
from unified_runtime.rate_limits.rate_limiter import MemoryRateLimiter
from unified_runtime.rate_limits.reservations import AgentLimit

TENANTS = ("default", "acme", "beta")


class Tenants:
    """Return a client for each tenant, with a connection of a user called alice, in one vault."""

    def __init__(self, server: Loopback, folder: Path) -> None:
        key = f"file:{folder / 'vault.key'}"
        self.folder = folder
        self.server = server
        self.vaults: dict[str, SealedVault] = {}
        self.records: dict[str, ConnectionRecord] = {}
        for name in TENANTS:
            self.vaults[name] = vault = open_vault(folder / "vault.db", key=key, tenant=name)
            self.records[name] = vault.put(record(secret=f"of-{name}", values={"url": server.url}, account_id=f"account-{name}"))

    def client(self, tenant: str, **options: Any) -> Client:
        return Client(vault=self.vaults[tenant].source(), **options)

    def run(self, tenant: str, call: Any, **options: Any) -> Any:
        with using(self.client(tenant, **options)), acting(user="alice", agent="helper", via="redmine"):
            return call()


@pytest.fixture
def tenants(server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tenants]:
    monkeypatch.setenv("UNIFIED_HOME", str(tmp_path))
    made = Tenants(server, tmp_path)
    yield made
    for vault in made.vaults.values():
        vault.close()


@pytest.mark.parametrize("tenant", TENANTS)
def test_a_policy_gets_the_tenant_and_the_connection(tenants: Tenants, server: Loopback, tenant: str) -> None:
    engine = Engine()
    server.answers(ISSUE)
    tenants.run(tenant, lambda: (tasks.get("1"), tasks.get.plan("1")), policy=PolicyEnforcer(engine))
    assert engine.phases == ["arguments", "request", "arguments"]
    own = tenants.records[tenant]
    assert {(one.tenant, one.connection, one.account_id) for one in engine.called} == {(tenant, own.id, f"account-{tenant}")}


def test_a_connection_made_in_the_process_belongs_to_the_tenant_of_its_client(tenants: Tenants, server: Loopback) -> None:
    client = tenants.client("acme")
    made = client.connect(VENDOR, basic("me", "password"), server=server.url)
    assert made.tenant == "acme"
    assert Client().connect(VENDOR, basic("me", "password"), server=server.url).tenant == "default"


def test_an_idempotency_key_of_one_tenant_is_unknown_to_another(tenants: Tenants, server: Loopback) -> None:
    store = open_idempotency_store(tenants.folder / "ledger.db")
    server.answers(*[Reply.of({"issue": {"id": n, "subject": "x"}}, 201) for n in range(1, 4)], *[ISSUE] * 6)
    for tenant in TENANTS:
        tenants.run(tenant, lambda: tasks.create(project_id="1", title="x", idempotency_key="k"), idempotency=store)
        sent = len(server.seen)
        tenants.run(tenant, lambda: tasks.create(project_id="1", title="x", idempotency_key="k"), idempotency=store)
        assert len(server.seen) == sent
    assert sorted(seen.headers["X-Redmine-API-Key"] for seen in server.seen if seen.method == "POST") == [
        "of-acme",
        "of-beta",
        "of-default",
    ]


ONE_CALL_A_DAY = registry.parse_agents('[agents.helper]\ntoolsets = ["tasks"]\nmax_calls = 1\n', "agents.toml", capabilities.load())


@pytest.fixture(params=["sqlite", "postgres"])
def usage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[UsageStore]:
    with contextlib.ExitStack() as stack:
        url = str(tmp_path / "usage.db") if request.param == "sqlite" else stack.enter_context(postgres.database())
        made = open_usage_store(url)
        yield made
        made.close()


def test_usage_is_reported_for_each_tenant_separately(tenants: Tenants, server: Loopback, usage: UsageStore) -> None:
    recorder = UsageRecorder(usage)
    for count, tenant in enumerate(TENANTS, 1):
        server.answers(*[ISSUE] * count)
        for _ in range(count):
            tenants.run(tenant, lambda: tasks.get("1"), observers=recorder)
        with pytest.raises(NotConnected):  # it ends before there is a connection, and still belongs to the tenant
            tenants.run(tenant, lambda: tasks.get("X-1", via="jira"), observers=recorder)
    assert recorder.flush()
    for count, tenant in enumerate(TENANTS, 1):
        totals, finding, search = Totals(usage.database, tenant), CallLog(usage.database, tenant), CallSearch(usage.database, tenant)
        for by in DIMENSIONS:
            if by != "vendor":
                assert [(one.calls, one.errors) for one in totals.by((by,))] == [(count + 1, 1)], by
        assert {one.names["vendor"]: one.calls for one in totals.by(("vendor",))} == {"redmine": count, "jira": 1}
        for by in (("agent", "tool"), ("user", "tool"), ("day", "user", "vendor"), ()):
            assert sum(one.calls for one in totals.by(by)) == count + 1
            assert all(one.p50 is not None for one in totals.by(by))
        assert sum(one.calls for one in totals.by(("agent",), UsageFilter(tenant="another"))) == count + 1, "a view is not widened"
        complete, _ = totals.total_by(("tool",))
        assert complete is not None
        assert complete.calls == count + 1
        now = time.time()
        assert sum(one.calls for one in totals.times(now - 3600, now, 1)) == count + 1
        assert totals.outcomes(now - 3600, now) == [("not_connected", 1)]
        assert sorted(totals.vendors(now - 3600, now)) == [("jira", 1, 1), ("redmine", count, 0)]
        for only in (None, {"user": "alice"}, {"agent": "helper", "tool": "tasks.get"}, {"tenant": "another"}):
            assert {one.tenant for one in finding.newest(only).calls} == {tenant}
            assert len(finding.newest(only).calls) == count + 1
        for wanted in ("alice", "helper", "redmine", "tasks", "connected"):
            assert {one.tenant for one in search.find(wanted).calls} == {tenant}, wanted
        others = [one for one in CallLog(usage.database).newest().calls if one.tenant != tenant]
        for other in others:
            assert not finding.look_up(other.id)
            assert not search.find(other.id).calls
            with pytest.raises(NotFound):
                finding.story(other.id)
    assert {one.names["tenant"]: one.calls for one in Totals(usage.database).by(("tenant",))} == {"default": 2, "acme": 3, "beta": 4}
    assert sum(one.calls for one in Totals(usage.database).by(("agent",), UsageFilter(tenant="acme"))) == 3


def test_the_usage_command_by_tenant(tenants: Tenants, server: Loopback) -> None:
    store = tenants.folder / "own-usage.db"
    recorder = UsageRecorder(open_usage_store(store))
    server.answers(*[ISSUE] * 3)
    for tenant in TENANTS:
        tenants.run(tenant, lambda: tasks.get("1"), observers=recorder)
    recorder.close()

    def command(*words: str) -> list[dict[str, Any]]:
        done = CliRunner().invoke(main, ["usage", *words, "--store", str(store), "--format", "json"])
        assert done.exit_code == 0, done.output
        found: list[dict[str, Any]] = json.loads(done.output)
        return found

    assert {one["tenant"]: one["calls"] for one in command("--by", "tenant")} == dict.fromkeys(TENANTS, 1)
    assert [one["calls"] for one in command("--tenant", "acme")] == [1]
    assert [one["tenant"] for one in command("calls", "--tenant", "beta")] == ["beta"]


def test_a_quota_of_one_tenant_is_not_spent_by_another(tenants: Tenants, server: Loopback, usage: UsageStore) -> None:
    quotas = QuotaStore(usage, ONE_CALL_A_DAY.quotas)
    enforcer = PolicyEnforcer(ONE_CALL_A_DAY, quotas=quotas)
    server.answers(*[ISSUE] * 3)
    for tenant in TENANTS:
        tenants.run(tenant, lambda: tasks.get("1"), policy=enforcer)
        with pytest.raises(QuotaExceeded):
            tenants.run(tenant, lambda: tasks.get("1"), policy=enforcer)
        assert [one.calls for one in quotas.spent(tenant)] == [1]
    assert len(server.seen) == 3
    assert [one.calls for one in quotas.spent("another")] == [0]


def test_rates_of_one_tenants_agents_and_users_are_not_had_by_anothers() -> None:
    """Users with the same name at one server, without ids, and agents with the same name and limits of their own."""
    limits = {"helper": (AgentLimit(10, 60),)}
    entries = {}
    for tenant in TENANTS:
        rate_limit = MemoryRateLimiter(limits)  # as several processes name windows in one Redis
        connection = Connection(load("github"), bearer("t"), {}, user="alice", server="https://api.example", tenant=tenant)
        request = Request(target="/x", endpoint=Endpoint("issues/get", "GET", "/x", Retry.SAFE))
        entries[tenant] = rate_limit.entry(connection, request, "helper", 0.0)
    names = [{window.key for window in entry.windows} for entry in entries.values() if entry is not None]
    assert len(names) == len(TENANTS)
    assert all(not one & other for number, one in enumerate(names) for other in names[number + 1 :])
    assert all(any("agent helper" in name for name in one) for one in names)


def test_the_audit_log_names_tenant_connection_and_account(tenants: Tenants, server: Loopback) -> None:
    audit_log = StoredAuditLog(open_store(tenants.folder / "control.db"))
    enforcer = PolicyEnforcer(ONE_CALL_A_DAY, audit=audit_log)
    server.answers(*[ISSUE] * 3)
    for tenant in TENANTS:
        tenants.run(tenant, lambda: tasks.get("1"), policy=enforcer)
    for _, entry in audit_log.entries():
        tenant = entry["tenant"]
        assert (entry["connection"], entry["account"]) == (tenants.records[tenant].id, f"account-{tenant}")
    assert {entry["tenant"] for _, entry in audit_log.entries()} == set(TENANTS)
    # The display name of an account whose id is not known.
    own = tenants.vaults["acme"].put(record(user="bob", values={"url": server.url}, account="bob@acme.example"))
    server.answers(ISSUE)
    with using(tenants.client("acme", policy=PolicyEnforcer(Engine(), audit=audit_log))), acting(user="bob", agent="helper", via="redmine"):
        tasks.get("1")
    assert {(entry["connection"], entry["account"]) for _, entry in audit_log.entries() if entry["user"] == "bob"} == {
        (own.id, "bob@acme.example")
    }
    shown = CliRunner().invoke(main, ["audit", "show", "--store", str(tenants.folder / "control.db"), "--tenant", "acme"]).output
    assert shown.count("of tenant acme") == len(shown.splitlines()) > 0


def test_policies_by_tenant(tenants: Tenants, server: Loopback) -> None:
    cedar = CedarPolicies({"a.cedar": 'permit (principal, action, resource) when { context.tenant == "acme" };'})
    rego = RegoPolicies({"a.rego": 'package unified.policy\nimport rego.v1\nallow if input.tenant == "acme"\non_record := false\n'})
    for engine in (cedar, rego):
        for tenant in TENANTS:
            server.answers(ISSUE)
            if tenant == "acme":
                tenants.run(tenant, lambda: tasks.get("1"), policy=PolicyEnforcer(engine))
            else:
                with pytest.raises(Denied):
                    tenants.run(tenant, lambda: tasks.get("1"), policy=PolicyEnforcer(engine))


# ---------------------------------------------------------------------------------------------- brokers with one control store
@pytest.fixture(params=["sqlite", "postgres"])
def control(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with contextlib.ExitStack() as stack:
        url = str(tmp_path / "control.db") if request.param == "sqlite" else stack.enter_context(postgres.database())
        made = open_broker_store(url)
        yield made
        made.close()


def test_a_key_of_one_tenant_opens_no_others_broker(control: Database) -> None:
    stores = {tenant: KeyStore(control, tenant) for tenant in TENANTS}
    for tenant, store in stores.items():
        key, secret = store.create(Scope("helper", ("alice",), (), ("*",)), lifetime=None)
        assert key.tenant == tenant
        assert store.find(secret.reveal()).id == key.id
        for other in TENANTS:
            if other != tenant:
                for _ in range(2):  # a cached look-up does not let it in either
                    with pytest.raises(InvalidAgentKey, match="serves"):
                        stores[other].find(secret.reveal())
                    assert stores[other].known(secret.reveal()) is None
                    with pytest.raises(InvalidAgentKey, match="serves"):
                        stores[other].active(key.id)


def test_a_key_made_before_keys_had_a_tenant_holds_as_it_did(control: Database) -> None:
    key, secret = KeyStore(control).create(Scope("helper", (), (), ("*",)), lifetime=None)
    with control.writing("broker-keys") as session:
        session.run("UPDATE broker_keys SET tenant = NULL WHERE id = ?", key.id)
    assert KeyStore(control, "acme").find(secret.reveal()).id == key.id


def test_signatures_of_one_tenants_broker_are_invalid_for_another(control: Database, tmp_path: Path) -> None:
    root = FileRoot(str(tmp_path / "vault.key"))
    signers = {tenant: signer(control, root, tenant) for tenant in TENANTS}
    for tenant, one in signers.items():
        token = one.sign("unified-broker", {"sub": "alice"}, 60)
        assert one.read("unified-broker", token)["sub"] == "alice"
        for other in TENANTS:
            if other != tenant:
                with pytest.raises(InvalidSignature):
                    signers[other].read("unified-broker", token)


def test_people_of_one_tenant_are_not_logged_in_at_anothers_broker(control: Database) -> None:
    people = {tenant: LoginSessions(control, tenant) for tenant in TENANTS}
    for tenant, one in people.items():
        link = one.invite("ada")
        session = one.admit("ada")
        assert one.person(session) == "ada"
        for other in TENANTS:
            if other != tenant:
                for tried in (session.reveal(), f"{tenant}\n{session.reveal()}", f" of {tenant}\n{session.reveal()}"):
                    with pytest.raises(NotLoggedIn):
                        people[other].person(Secret(tried))
                with pytest.raises(NotLoggedIn):
                    people[other].enter(link)
        assert one.enter(link)[0] == "ada"


def test_people_see_and_decide_the_approvals_of_their_tenant_only(tenants: Tenants, control: Database) -> None:
    engine = Engine(lambda question: allow() if question.approved else needs_approval("people decide"))
    wishes: dict[str, str] = {}
    for tenant in TENANTS:
        with pytest.raises(ApprovalRequired) as caught:
            tenants.run(tenant, lambda: tasks.delete("1"), policy=PolicyEnforcer(engine, approvals=ApprovalStore(control)))
        wishes[tenant] = caught.value.approval
    assert len(set(wishes.values())) == 3
    for tenant in TENANTS:
        desk = ApprovalStore(control, tenant=tenant)
        assert [one.id for one in desk.list()] == [one.id for one in desk.list(None)] == [wishes[tenant]]
        assert desk.waiting() == 1
        for other in TENANTS:
            if other != tenant:
                with pytest.raises(NotFound):
                    desk.get(wishes[other])
                with pytest.raises(NotFound):
                    desk.approve(wishes[other], by="ada")
                with pytest.raises(NotFound):
                    desk.deny(wishes[other], by="ada")
                with pytest.raises(InvalidInput):
                    desk.list(after=wishes[other])
    assert ApprovalStore(control, tenant="acme").approve(wishes["acme"], by="ada").status == "approved"
    assert {one.status for one in ApprovalStore(control).list(None)} == {"approved", "pending"}
