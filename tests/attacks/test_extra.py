"""A unified field written through `extra` under another of the vendor's names, past a policy about the field."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

import unified
from tests.attacks.conftest import Loopback
from tests.support.brokers import serving
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.policies import Engine, MemoryAuditLog
from tests.unit.runtime.server import Reply
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.catalog import capabilities, toolsets
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.policy import policy_tests, starter_policies
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.combined import AllEngines
from unified_platform.policy.rego import RegoPolicies
from unified_platform.tools import formats, tools
from unified_runtime import AsyncClient, Client, Denied, InvalidInput, PolicyEnforcer, acting, using
from unified_runtime.core.policy_decisions import PolicyEngine, allow, deny
from unified_runtime.rate_limits.rate_limiter import Unlimited

CEDAR = """
@id("all") {named}permit (principal, action, resource);
@id("assignees") forbid (principal, action in Action::"tasks", resource) when {{ context.input has assignee_ids }};
@id("titles") forbid (principal, action in Action::"tasks", resource)
when {{ context.input has title && context.input.title like "*secret*" }};
@id("labels") forbid (principal, action in Action::"write", resource) when {{ context.cleared.contains("labels") }};
@id("projects") forbid (principal, action == Action::"tasks.update", resource) when {{ context.input has project_id }};
@id("amounts") forbid (principal, action in Action::"deals", resource) when {{ context.input has amount }};
@id("points") forbid (principal, action in Action::"tasks", resource)
when {{ context has custom_fields && context.custom_fields.hasTag("customfield_10010") }};
"""
REGO = """package unified.policy
import rego.v1
allow := true
on_record := false
extra contains name if some name in [{named}]
deny contains "assignees" if input.input.assignee_ids
deny contains "titles" if contains(input.input.title, "secret")
deny contains "labels" if "labels" in input.cleared
deny contains "projects" if {{ input.operation == "update"; input.input.project_id }}
deny contains "amounts" if input.input.amount
deny contains "points" if input.custom_fields.customfield_10010
"""


def engine(language: str, *named: str) -> PolicyEngine:
    if language == "cedar":
        return CedarPolicies({"p.cedar": CEDAR.format(named=f'@extra("{", ".join(named)}") ' if named else "")})
    return RegoPolicies({"p.rego": REGO.format(named=", ".join(f'"{name}"' for name in named))})


def connected(server: Loopback, enforcer: PolicyEnforcer | None, made: Client | None = None, **more: Any) -> Client:
    client = made or Client(settings=QUICK, policy=enforcer, **more)
    client.connect("jira", unified.basic("me", "pw"), site="acme", server=server.url)
    client.connect("github", unified.bearer("t"), server=server.url)
    client.connect("clickup", unified.api_key("k"), workspace="1", server=server.url)
    client.connect("asana", unified.bearer("t"), workspace="1", server=server.url)
    client.connect("trello", unified.api_key(key="k", token="t"), server=server.url)
    client.connect("slack", unified.bearer("t"), workspace="acme", server=server.url)
    client.connect("zendesk", unified.basic("me/token", "pw"), subdomain="acme", server=server.url)
    client.connect("hubspot", unified.bearer("t"), server=server.url)
    client.connect("salesforce", unified.bearer("t"), instance_url="https://acme.my.salesforce.com", server=server.url)
    return client


def update(vendor: str, fields: dict[str, Any], **given: Any) -> Any:
    ids = {"jira": "PROJ-1", "github": "octo/hello#1", "trello": "5f0c1d2e3a4b5c6d7e8f9a0b"}
    return unified.tasks.update(ids.get(vendor, "123"), via=vendor, extra={vendor: fields}, **given)


def create(vendor: str, fields: dict[str, Any], **given: Any) -> Any:
    projects = {"jira": "PROJ", "github": "octo/hello"}
    return unified.tasks.create(title="x", project_id=projects.get(vendor, "123"), via=vendor, extra={vendor: fields}, **given)


USER = {"accountId": "u1"}
OTHER_NAMES: dict[str, Any] = {
    "jira fields": lambda: update("jira", {"fields": {"assignee": USER}}),
    "jira update": lambda: update("jira", {"update": {"assignee": [{"set": USER}]}}),
    "jira update, id": lambda: update("jira", {"update": {"assignee": [{"set": {"id": "u1"}}]}}),
    "jira update, name": lambda: update("jira", {"update": {"assignee": [{"set": {"name": "ada"}}]}}),
    "jira update, two": lambda: update("jira", {"update": {"assignee": [{"set": USER}, {"set": USER}]}}),
    "jira update, edit": lambda: update("jira", {"update": {"assignee": [{"edit": USER}]}}),
    "jira update, null": lambda: update("jira", {"update": {"assignee": [{"set": None}]}}),
    "jira update, empty": lambda: update("jira", {"update": {"assignee": []}}),
    "jira update, in capitals": lambda: update("jira", {"update": {"Assignee": [{"set": USER}]}}),
    "jira update, create": lambda: create("jira", {"update": {"assignee": [{"set": USER}]}}),
    "jira summary": lambda: update("jira", {"update": {"summary": [{"set": "a secret"}]}}),
    "jira summary, edit": lambda: update("jira", {"update": {"summary": [{"edit": "a secret"}]}}),
    "jira label": lambda: update("jira", {"update": {"labels": [{"add": "x"}]}}),
    "jira project": lambda: update("jira", {"update": {"project": [{"set": {"key": "SECRET"}}]}}),
    "jira project by id": lambda: update("jira", {"fields": {"project": {"id": "10001"}}}),
    "jira transition": lambda: update("jira", {"transition": {"id": "31"}}, title="x"),
    "jira, in capitals": lambda: update("jira", {"fields": {"Summary": "a secret"}}),
    "jira, unknown": lambda: update("jira", {"fields": {"components": [{"name": "x"}]}}),
    "jira, empty": lambda: update("jira", {"fields": {}}, description="x"),
    "github assignee": lambda: update("github", {"assignee": "mallory"}),
    "github milestone": lambda: update("github", {"milestone": 4}),
    "github create": lambda: create("github", {"assignee": "mallory"}),
    "clickup groups": lambda: create("clickup", {"group_assignees": ["1"]}),
    "clickup update": lambda: update("clickup", {"assignees": {"add": [1]}}, title="x"),
    "asana parent": lambda: update("asana", {"parent": {"gid": "1"}}, title="x"),
    "asana notes": lambda: create("asana", {"notes": "x"}),
    "zendesk comment": lambda: unified.tasks.update(
        "123", via="zendesk", status="done", extra={"zendesk": {"ticket": {"comment": {"body": "x"}}}}
    ),
    "trello list": lambda: update("trello", {"idList": "5f0c1d2e3a4b5c6d7e8f9a0c"}),
    "slack blocks": lambda: unified.messages.send(channel_id="C0123456789", text="x", via="slack", extra={"slack": {"blocks": "[]"}}),
    "hubspot, in capitals": lambda: unified.deals.update("1", via="hubspot", extra={"hubspot": {"properties": {"Amount": "9"}}}),
    "salesforce": lambda: unified.deals.update("006000000000001AAA", via="salesforce", extra={"salesforce": {"ContactId": "1"}}),
}


@pytest.mark.parametrize("language", ["cedar", "rego"])
@pytest.mark.parametrize("call", OTHER_NAMES.values(), ids=OTHER_NAMES.keys())
def test_no_other_name_passes_a_policy(server: Loopback, language: str, call: Any) -> None:
    with using(connected(server, PolicyEnforcer(engine(language)))), pytest.raises((Denied, InvalidInput)):
        call()
    assert server.seen == []


@pytest.mark.parametrize("language", ["cedar", "rego"])
def test_rules_about_a_field_see_it_under_other_names(server: Loopback, language: str) -> None:
    """Even if the policy allows everything that it does not know."""
    with using(connected(server, PolicyEnforcer(engine(language, "jira", "github")))):
        for rule, call in (
            ("titles", lambda: update("jira", {"update": {"summary": [{"set": "a secret"}]}})),
            ("assignees", lambda: update("jira", {"update": {"assignee": [{"set": USER}]}})),
            ("assignees", lambda: update("github", {"assignee": "mallory"})),
            ("points", lambda: update("jira", {"fields": {"customfield_10010": 3}})),
            ("points", lambda: update("jira", {"fields": {"customfield_10010": {"value": "x"}}})),
            ("points", lambda: update("jira", {"fields": {"customfield_10010": None}})),
            ("points", lambda: update("jira", {"update": {"customfield_10010": [{"set": 3}]}})),
            ("points", lambda: update("jira", {"update": {"customfield_10010": [{"add": "x"}]}})),
            ("points", lambda: create("jira", {"fields": {"customfield_10010": 3}})),
        ):
            with pytest.raises(Denied) as caught:
                call()
            assert rule in (*caught.value.policies, *caught.value.reasons), caught.value
    assert server.seen == []


@pytest.mark.parametrize("language", ["cedar", "rego"])
def test_a_field_whose_value_is_known_is_judged_by_it(server: Loopback, language: str) -> None:
    server.answers(Reply(204), Reply.of(issue()), Reply(204), Reply.of(issue()))
    with using(connected(server, PolicyEnforcer(engine(language)))):
        update("jira", {"update": {"summary": [{"set": "harmless"}]}})
        update("jira", {"fields": {"customfield_10011": 3}})
    assert [seen.method for seen in server.seen] == ["PUT", "GET", "PUT", "GET"]


def issue() -> dict[str, Any]:
    fields = {"summary": "x", "project": {"key": "PROJ"}, "created": "2026-11-24T10:00:00.000+0000", "labels": []}
    return {"id": "1", "key": "PROJ-1", "self": "x", "fields": fields}


@pytest.mark.parametrize("language", ["cedar", "rego"])
def test_fields_that_a_policy_names_are_allowed(server: Loopback, language: str) -> None:
    server.answers(Reply(204), Reply.of(issue()))
    with using(connected(server, PolicyEnforcer(engine(language, "jira.fields.components", "jira.fields.versions")))):
        update("jira", {"fields": {"components": [{"name": "x"}], "versions": []}})
        sent = len(server.seen)
        for fields in ({"components": [], "fixVersions": []}, {"component": []}, {"components2": []}, {"security": {"id": "1"}}):
            with pytest.raises(Denied, match="has to allow it by name"):
                update("jira", {"fields": fields})
        with pytest.raises(Denied, match=r"jira\.properties is not among"):
            update("jira", {"properties": []}, title="x")
    assert len(server.seen) == sent == 2


def test_a_field_of_unknown_value_is_seen_by_name(server: Loopback) -> None:
    text = '@extra("jira") permit (principal, action, resource); @id("p") forbid (principal, action in Action::"tasks", resource)'
    text += ' when { context has extra_fields && context.extra_fields.contains("project_id") };'
    with using(connected(server, PolicyEnforcer(CedarPolicies({"p.cedar": text})))), pytest.raises(Denied) as caught:
        update("jira", {"update": {"project": [{"set": {"id": "10001"}}]}})
    assert caught.value.policies == ("p",)
    assert server.seen == []


def test_every_engine_has_to_name_it(server: Loopback) -> None:
    broad, narrow, none = (
        Engine(lambda question, names=names: allow(extra=names)) for names in (("jira",), ("jira.fields.components",), ())
    )
    wanted = {"fields": {"components": []}}
    server.answers(Reply(204), Reply.of(issue()))
    with using(connected(server, PolicyEnforcer(AllEngines(broad, narrow)))):
        update("jira", wanted)
        with pytest.raises(Denied, match="by name"):
            update("jira", {"fields": {"versions": []}})
    with using(connected(server, PolicyEnforcer(AllEngines(broad, none)))), pytest.raises(Denied, match="by name"):
        update("jira", wanted)
    with using(connected(server, PolicyEnforcer(Engine(lambda question: deny("no"))))), pytest.raises(Denied, match="no"):
        update("jira", wanted)
    assert len(server.seen) == 2


TWICE: dict[str, Any] = {
    "jira update": lambda: update("jira", {"update": {"summary": [{"set": "y"}]}}, title="x"),
    "jira edit": lambda: update("jira", {"update": {"summary": [{"edit": "y"}]}}, title="x"),
    "jira project": lambda: create("jira", {"fields": {"project": {"id": "10001"}}}),
    "jira, cleared": lambda: update("jira", {"update": {"labels": [{"add": "y"}]}}, labels=None),
    "jira custom": lambda: update("jira", {"fields": {"customfield_1": 1}, "update": {"customfield_1": [{"set": 2}]}}),
    "jira both": lambda: update("jira", {"fields": {"Summary": "z"}, "update": {"summary": [{"set": "y"}]}}),
    "github": lambda: update("github", {"assignee": "y"}, assignee_ids=["x"]),
    "asana": lambda: create("asana", {"notes": "y"}, description="x"),
    "clickup": lambda: create("clickup", {"description": "y"}, description="x"),
}


@pytest.mark.parametrize("enforcer", [None, PolicyEnforcer(Engine(lambda question: allow(extra=("*",))))], ids=["no policy", "all allowed"])
@pytest.mark.parametrize("call", TWICE.values(), ids=TWICE.keys())
def test_one_field_is_not_written_twice(server: Loopback, enforcer: PolicyEnforcer | None, call: Any) -> None:
    with using(connected(server, enforcer)), pytest.raises(InvalidInput, match=r"extra|given twice"):
        call()
    assert server.seen == []


def test_without_a_policy_extra_is_what_the_schema_allows(server: Loopback) -> None:
    server.answers(Reply(204), Reply.of(issue()))
    with using(connected(server, None)):
        update("jira", {"update": {"assignee": [{"set": USER}]}, "fields": {"components": []}})
        plan = unified.messages.send.plan(channel_id="C0123456789", text="x", via="slack", extra={"slack": {"blocks": "[]"}})
        assert plan.requests
    assert server.seen[0].json == {"update": {"assignee": [{"set": USER}]}, "fields": {"components": []}}


# ------------------------------------------------------------------------------------------------ other ways to make the call
def test_extra_of_another_vendor_is_not_sent_and_not_judged(server: Loopback) -> None:
    server.answers(Reply(204), Reply.of(issue()))
    with using(connected(server, PolicyEnforcer(engine("cedar")))):
        unified.tasks.update("PROJ-1", title="x", via="jira", extra={"github": {"assignee": "mallory"}})
    assert server.seen[0].json == {"fields": {"summary": "x"}}


def test_plans_and_many_calls_are_judged_alike(server: Loopback) -> None:
    wanted = {"jira": {"update": {"assignee": [{"set": USER}]}}}
    with using(connected(server, PolicyEnforcer(engine("cedar")))):
        with pytest.raises(Denied):
            unified.tasks.update.plan("PROJ-1", via="jira", extra=wanted)
        found = unified.tasks.create_many([{"title": "x", "project_id": "PROJ", "extra": wanted}] * 2, via="jira")
        assert [type(item.error) for item in found] == [Denied, Denied]
    assert server.seen == []


def test_an_async_client_judges_alike(server: Loopback) -> None:
    from unified.aio import tasks

    async def called() -> None:
        client = AsyncClient(settings=QUICK, policy=PolicyEnforcer(engine("cedar")))
        client.connect("jira", unified.basic("me", "pw"), site="acme", server=server.url)
        async with using(client):
            await tasks.update("PROJ-1", via="jira", extra={"jira": {"update": {"assignee": [{"set": USER}]}}})

    with pytest.raises(Denied):
        asyncio.run(called())
    assert server.seen == []


def test_a_saga_judges_alike(server: Loopback, tmp_path: Path) -> None:
    from unified_platform.sagas import Saga, SagaFailed, Sagas

    sagas = Sagas(tmp_path / "sagas.db", idempotency=tmp_path / "ledger.db", client=connected(server, PolicyEnforcer(engine("cedar"))))

    @sagas.saga("one")
    def one(s: Saga) -> None:
        s.run(unified.tasks.update, "PROJ-1", via="jira", extra={"jira": {"update": {"assignee": [{"set": USER}]}}})

    with sagas, pytest.raises((Denied, SagaFailed)):
        one.start("s1").result()
    assert [seen.method for seen in server.seen if seen.method != "GET"] == []


@pytest.mark.parametrize(
    ("held", "passes"),
    [(("*",), True), (("tasks",), False), (("tasks", "extra.jira.fields.components"), True), (("tasks", "extra.jira.fields.x"), False)],
)
def test_a_broker_keeps_to_the_toolset_of_the_key(server: Loopback, tmp_path: Path, held: tuple[str, ...], passes: bool) -> None:
    keys = KeyStore(open_store(tmp_path / "control.db"))
    key = keys.create(Scope("helper", toolsets=held), lifetime=None)[1].reveal()
    inner = AsyncClient(settings=QUICK, rate_limiter=Unlimited())
    inner.connect("jira", unified.basic("me", "pw"), site="acme", server=server.url)
    server.answers(Reply(204), Reply.of(issue()))
    broker = Broker(Calls(inner, PolicyEnforcer(KeyScopePolicy()), Unlimited()), Identity(keys))
    wanted = {"jira": {"fields": {"components": []}}}
    with serving(broker) as url, using(Client(broker=url, key=key)):
        if passes:
            unified.tasks.update("PROJ-1", via="jira", extra=wanted)
        else:
            with pytest.raises(Denied, match=r"extra jira\.fields\.components is in no toolset"):
                unified.tasks.update("PROJ-1", via="jira", extra=wanted)
    assert bool(server.seen) is passes


def test_a_policy_of_the_broker_sees_other_names(server: Loopback, tmp_path: Path) -> None:
    keys = KeyStore(open_store(tmp_path / "control.db"))
    key = keys.create(Scope("helper", ("*",), ("*",), ("*",)), lifetime=None)[1].reveal()
    inner = AsyncClient(settings=QUICK, rate_limiter=Unlimited())
    inner.connect("jira", unified.basic("me", "pw"), site="acme", server=server.url)
    broker = Broker(Calls(inner, PolicyEnforcer(engine("cedar", "jira")), Unlimited()), Identity(keys))
    with serving(broker) as url, using(Client(broker=url, key=key)):
        for fields in ({"update": {"assignee": [{"set": USER}]}}, {"update": {"customfield_10010": [{"set": 3}]}}):
            with pytest.raises(Denied):
                unified.tasks.update("PROJ-1", via="jira", extra={"jira": fields})
    assert server.seen == []


# ------------------------------------------------------------------------------------------------ the audit log and idempotency
def test_the_audit_log_names_the_field_and_the_path(server: Loopback) -> None:
    audit_log = MemoryAuditLog()
    server.answers(Reply(204), Reply.of(issue()))
    with using(connected(server, PolicyEnforcer(Engine(lambda question: allow(extra=("jira",))), audit=audit_log))), acting(agent="helper"):
        update("jira", {"update": {"summary": [{"set": "y"}], "assignee": [{"set": {"id": "u1"}}], "labels": [{"add": "x"}]}})
    call = next(entry for entry in audit_log.entries if entry["kind"] == "call")
    assert sorted(call["fields"]) == ["assignee_ids", "labels", "title"]
    assert call["extra"] == ["update.assignee", "update.labels", "update.summary"]


def test_one_key_is_one_write_under_any_name(server: Loopback, tmp_path: Path) -> None:
    """A title given as `title` and as `extra.jira.update.summary` is the same write."""
    store = open_idempotency_store(tmp_path / "ledger.db")
    server.answers(Reply(204), Reply.of(issue()))
    with using(connected(server, None, idempotency=store)):
        update("jira", {}, title="y", idempotency_key="k1")
        sent = len(server.seen)
        update("jira", {"update": {"summary": [{"set": "y"}]}}, idempotency_key="k1")
        assert len(server.seen) == sent
        with pytest.raises(unified.Conflict):
            update("jira", {"update": {"summary": [{"set": "z"}]}}, idempotency_key="k1")
    assert len(server.seen) == sent == 2


def test_extra_of_great_depth_is_refused(server: Loopback) -> None:
    deep: dict[str, Any] = {}
    for _ in range(900):
        deep = {"a": deep}
    for enforcer in (None, PolicyEnforcer(engine("cedar"))):
        with using(connected(server, enforcer)), pytest.raises(InvalidInput, match="levels deep"):
            update("jira", {"fields": {"customfield_1": deep}})
    assert server.seen == []


# ------------------------------------------------------------------------------------------------ tools
@pytest.mark.parametrize("held", [None, "tasks", "jira", toolsets.EVERYTHING], ids=["none", "tasks", "jira", "everything"])
def test_no_tool_has_extra_unless_its_toolset_names_it(server: Loopback, held: Any) -> None:
    with using(connected(server, None)) as client:
        made = tools(client=client, toolsets=held, vendors=["jira", "github"])
        assert all("extra" not in tool.parameters["properties"] for tool in made)
        found = made.call("tasks_update", {"id": "PROJ-1", "via": "jira", "extra": {"jira": {"update": {"assignee": [{"set": USER}]}}}})
        assert found.failed
    assert server.seen == []


def test_a_tool_writes_the_paths_that_its_toolset_names_and_no_others(server: Loopback) -> None:
    server.answers(Reply(204), Reply.of(issue()))
    with using(connected(server, None)) as client:
        made = tools(client=client, toolsets=["tasks", "extra.jira.fields.components"], vendors=["jira", "github"])
        schema = made["tasks_update"].parameters["properties"]["extra"]
        assert list(schema["properties"]) == ["jira"]
        assert "extra" not in made["tasks_delete"].parameters["properties"]
        for wrong in (
            {"github": {"assignee": "mallory"}},
            {"jira": {"update": {"assignee": [{"set": USER}]}}},
            {"jira": {"fields": {"components": [], "versions": []}}},
            {"jira": {"fields": {}}},
            {"jira": []},
        ):
            assert made.call("tasks_update", {"id": "PROJ-1", "via": "jira", "extra": wrong}).failed
        assert server.seen == []
        found = made.call("tasks_update", {"id": "PROJ-1", "via": "jira", "extra": {"jira": {"fields": {"components": []}}}})
        assert not found.failed, found.text
    assert server.seen[0].json == {"fields": {"components": []}}


def test_a_toolset_names_vendors_that_exist() -> None:
    with pytest.raises(InvalidInput, match="there is no vendor 'jria'; did you mean 'jira'"):
        toolsets.parse_toolset("tasks, extra.jria.fields", capabilities.load())


def test_tables_of_policy_tests_judge_extra_as_calls_are_judged(tmp_path: Path) -> None:
    (tmp_path / "p.cedar").write_text(CEDAR.format(named='@extra("jira.fields.components") '))
    (tmp_path / "cases.yaml").write_text(
        """
policies: [p.cedar]
cases:
  - {call: tasks.update, extra: {update: {assignee: [{set: {accountId: u}}]}}, expect: deny, policies: [assignees]}
  - {call: tasks.update, extra: {fields: {customfield_10010: 1}}, expect: deny, policies: [points]}
  - {call: tasks.update, extra: {fields: {components: []}}, expect: allow}
  - {call: tasks.update, extra: {fields: {versions: []}}, expect: deny}
"""
    )
    assert [verdict.passed for verdict in policy_tests.run(policy_tests.load(tmp_path / "cases.yaml"))] == [True] * 4


@pytest.mark.parametrize("language", ["cedar", "rego"])
def test_the_policy_anything_allows_every_path(server: Loopback, language: Any) -> None:
    server.answers(Reply(204), Reply.of(issue()))
    found = {f"anything.{language}": starter_policies.text("anything", language)}
    made = CedarPolicies(found) if language == "cedar" else RegoPolicies(found)
    with using(connected(server, PolicyEnforcer(made))):
        update("jira", {"fields": {"components": []}, "update": {"labels": [{"add": "x"}]}})
    assert [seen.method for seen in server.seen] == ["PUT", "GET"]


def test_an_amount_is_capped_under_any_spelling(server: Loopback) -> None:
    found = {f"{name}.cedar": starter_policies.text(name, "cedar") for name in ("anything", "amount-cap")}
    with using(connected(server, PolicyEnforcer(CedarPolicies(found)))):
        for name in ("amount", "Amount", "AMOUNT"):
            with pytest.raises((Denied, InvalidInput)):
                unified.deals.update("1", via="hubspot", extra={"hubspot": {"properties": {name: "5000"}}})
    assert server.seen == []


DIALECTS = ("mcp", "openai", "openai_strict", "anthropic", "gemini")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_can_write_extra(server: Loopback, dialect: str) -> None:
    with using(connected(server, None)) as client:
        made = tools(client=client, toolsets=["tasks.update", "extra.jira"], vendors=["jira"])
        assert "extra" in json.dumps(getattr(formats, dialect)(made["tasks_update"]))
