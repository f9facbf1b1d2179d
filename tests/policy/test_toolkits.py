"""Policies about operations of toolkits: groups by effect and vendor, and typed inputs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.findings import PolicyErrors
from unified_platform.policy.rego import RegoPolicies
from unified_runtime.core.policy_decisions import Outcome, PolicyRequest

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def request(operation: str, effect: Any = "write", resource: str = "jira", **inputs: Any) -> PolicyRequest:
    return PolicyRequest(
        phase="arguments", agent="helper", user=None, on_behalf_of=None, resource=resource, operation=operation, like=operation,
        effect=effect, vendor=resource, host="acme.atlassian.net", time=NOW, input=inputs,
    )  # fmt: skip


def outcome(text: str, call: PolicyRequest) -> Outcome:
    (found,) = CedarPolicies({"p.cedar": text}).decide([call])
    return found.outcome


READ, WATCH = request("getIssue", "read", issue_id_or_key="PROJ-7"), request("addWatcher", issue_id_or_key="PROJ-7", body="ada")
DELETE = request("deleteIssue", "destructive", issue_id_or_key="PROJ-7")


def test_groups_by_effect_and_vendor() -> None:
    reads = '@id("reads") permit (principal, action in Action::"api.read", resource);'
    assert [outcome(reads, one) for one in (READ, WATCH, DELETE)] == [Outcome.ALLOW, Outcome.DENY, Outcome.DENY]
    writes = '@id("writes") permit (principal, action in Action::"api.write", resource);'
    assert [outcome(writes, one) for one in (READ, WATCH, DELETE)] == [Outcome.DENY, Outcome.ALLOW, Outcome.ALLOW]
    jira = '@id("jira") permit (principal, action in Action::"jira.api", resource) unless { action in Action::"api.destructive" };'
    assert [outcome(jira, one) for one in (READ, WATCH, DELETE)] == [Outcome.ALLOW, Outcome.ALLOW, Outcome.DENY]
    assert outcome(jira, request("emojis/get", "read", resource="github")) is Outcome.DENY


def test_groups_of_unified_operations_do_not_include_them() -> None:
    for group in ("read", "write", "destructive", "tasks"):
        text = f'@id("a") permit (principal, action in Action::"{group}", resource);'
        assert [outcome(text, one) for one in (READ, WATCH, DELETE)] == [Outcome.DENY] * 3


def test_one_operation_with_its_inputs() -> None:
    text = (
        '@id("a") permit (principal, action == Action::"jira.addWatcher", resource) when { context.input.issue_id_or_key like "PROJ-*" };'
    )
    assert outcome(text, WATCH) is Outcome.ALLOW
    assert outcome(text, request("addWatcher", issue_id_or_key="SECRET-1", body="ada")) is Outcome.DENY
    assert outcome(text, READ) is Outcome.DENY


def test_an_operation_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(PolicyErrors, match=r"jira\.addWacher"):
        CedarPolicies({"p.cedar": '@id("a") permit (principal, action == Action::"jira.addWacher", resource);'})
    assert outcome('@id("a") permit (principal, action, resource);', request("addWacher")) is Outcome.DENY


def test_values_without_a_type_in_cedar_do_not_prevent_a_decision() -> None:
    text = '@id("a") permit (principal, action == Action::"jira.createIssue", resource);'
    assert outcome(text, request("createIssue", fields={"summary": "Tea", "points": 1.5})) is Outcome.ALLOW


def test_an_operation_can_be_offered_by_its_rules() -> None:
    engine = CedarPolicies({"p.cedar": '@id("a") permit (principal, action in Action::"api.read", resource);'})
    assert engine.may_call("helper", "jira.getIssue", "jira")
    assert not engine.may_call("helper", "jira.addWatcher", "jira")
    assert not engine.may_call("helper", "jira.noSuchOperation", "jira")


def test_conditions_on_the_action_decide_what_is_offered() -> None:
    """The rule of the guide: a condition reads the action, and so is known before a call. Others may hold for some call."""
    scope = 'permit (principal, action in Action::"jira.api", resource)'
    other = f'@id("b") {scope} when {{ action == Action::"jira.addWatcher" && context.input.issue_id_or_key like "PROJ-*" }};'
    engine = CedarPolicies({"p.cedar": f'@id("a") {scope} when {{ action in Action::"api.read" }};\n{other}'})
    offered = [name for name in ("jira.getIssue", "jira.addWatcher", "jira.deleteIssue") if engine.may_call("helper", name, "jira")]
    assert offered == ["jira.getIssue", "jira.addWatcher"]
    for forbid in ('when { action in Action::"api.write" }', 'unless { action in Action::"api.read" }'):
        engine = CedarPolicies({"p.cedar": f'@id("a") {scope};\n@id("b") forbid (principal, action, resource) {forbid};'})
        assert engine.may_call("helper", "jira.getIssue", "jira")
        assert not engine.may_call("helper", "jira.addWatcher", "jira"), forbid
    some = 'when { action in Action::"api.write" && context.input has body }'
    engine = CedarPolicies({"p.cedar": f'@id("a") {scope};\n@id("b") forbid (principal, action, resource) {some};'})
    assert engine.may_call("helper", "jira.addWatcher", "jira"), "not every call is forbidden"


def test_rego_knows_the_operation_and_its_effect() -> None:
    text = 'package unified.policy\nimport rego.v1\nallow if { input.resource == "jira"; input.effect == "read" }\n'
    engine = RegoPolicies({"p.rego": text})
    assert [decision.outcome for decision in engine.decide([READ])] == [Outcome.ALLOW]
    assert [decision.outcome for decision in engine.decide([WATCH])] == [Outcome.DENY]


def test_rego_policies_may_name_what_toolkits_have() -> None:
    def policy(condition: str) -> str:
        return f"package unified.policy\nimport rego.v1\nallow if {{ {condition} }}\n"

    for condition in ('input.vendor == "stripe"', 'input.resource == "stripe"', 'input.operation == "addWatcher"'):
        RegoPolicies({"p.rego": policy(condition)})
    for condition in ('input.resource == "strype"', 'input.operation == "addWacher"'):
        with pytest.raises(PolicyErrors, match="never"):
            RegoPolicies({"p.rego": policy(condition)})


def test_requests_by_path_are_actions_of_their_own() -> None:
    get, post = request("GET", "read", path="/rest/api/3/secret"), request("POST", path="/rest/api/3/secret")
    for group in ("api.read", "jira.api", "read", "request.destructive", "github.request"):
        assert outcome(f'@id("a") permit (principal, action in Action::"{group}", resource);', get) is Outcome.DENY
    reads = '@id("a") permit (principal, action in Action::"request.read", resource) when { context.input.path like "/rest/*" };'
    assert [outcome(reads, one) for one in (get, post)] == [Outcome.ALLOW, Outcome.DENY]
    jira = '@id("a") permit (principal, action in Action::"jira.request", resource);'
    assert [outcome(jira, one) for one in (get, post, READ)] == [Outcome.ALLOW, Outcome.ALLOW, Outcome.DENY]
    RegoPolicies({"p.rego": 'package unified.policy\nimport rego.v1\nallow if { input.operation == "GET" }\n'})
