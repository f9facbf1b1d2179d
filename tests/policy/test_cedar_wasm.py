"""The embedded Cedar engine against Cedar's own, compiled to WebAssembly: the same policies, entities and requests, the same decisions."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from itertools import islice
from typing import Any

import pytest

from tests.policy import questions
from tests.policy.schemas import with_deals
from tests.policy.test_templates import JUDGED, ZONE, texts, with_record
from tests.support.servers import opa
from unified_platform.policy import cedar_values, starter_policies
from unified_platform.policy.cedar import CedarPolicies
from unified_runtime.core.policy_decisions import PolicyRequest

COUNT = JUDGED * 2 if JUDGED < 7200 else JUDGED
BATCH = 5000
"""Requests for which Cedar's own engine is started once; all of them at a time would not fit into memory."""

_DECISIONS = {"Allow": "allow", "Deny": "deny", "NoDecision": None}

MORE = {
    "more.cedar": """
@id("week") permit (principal, action in Action::"tasks", resource)
when { resource has created_at && context.now.durationSince(resource.created_at) < duration("7d") };
@id("labels") forbid (principal == Agent::"bot", action, resource is Task) when { resource has labels && resource.labels.contains("x") };
@id("title") permit (principal, action == Action::"tasks.create", resource)
when { context.input has title && context.input.title like "*quoted*" };
@id("asks") @approval("ask") forbid (principal, action in Action::"write", resource)
when { context has request && context.request.method == "GET" };
@id("late") permit (principal, action, resource) unless { context.local.hour < 12 || (context has user && context.user == "alice") };
@id("size") permit (principal, action in Action::"deals", resource)
when { context has custom_fields && context.custom_fields.hasTag("size__c") && context.custom_fields.getTag("size__c") has text };
@id("share") forbid (principal, action, resource)
when { context has custom_fields && context.custom_fields.hasTag("share__c") && context.custom_fields.getTag("share__c") has number
       && context.custom_fields.getTag("share__c").number.greaterThan(decimal("0.2")) };
@id("amount") forbid (principal, action in Action::"deals", resource is Deal)
when { resource has amount && resource.amount.lessThan(decimal("-4999.9999")) };
"""
}


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    if reason := opa.missing():
        pytest.skip(reason)
    if shutil.which("node") is None:
        pytest.skip("node is not installed, which runs Cedar's own engine")


def judge(policies: dict[str, Any], schema: str, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines = [json.dumps({"policies": policies, "schema": json.loads(schema)}), *map(json.dumps, requests)]
    command = ["node", str(opa.ROOT / "tests" / "support" / "policy" / "cedar.mjs"), str(opa.INSTALLED)]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, timeout=600, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", [*starter_policies.NAMES, "more"])
def test_both_engines_decide_alike(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = with_deals()
    policy = MORE if name == "more" else texts(name, "cedar")
    engine, remembering = (CedarPolicies(policy, time_zone=ZONE, schema=schema) for _ in range(2))
    policies = {rule.id: rule.data for rule in engine.rules.values()}
    policy_requests: list[tuple[dict[str, Any], Any]] = []
    narrowed: list[bool] = []
    ask = engine._ask

    def recorded(operation: str, requests: list[dict[str, Any]], form: Any, entities: str, *of_what_is_read: Any) -> Any:
        decisions = ask(operation, requests, form, entities, *of_what_is_read)
        if form is engine._forms[False].exact:
            (decision,) = decisions
            complete, known = _complete(one, engine) if of_what_is_read else ({}, entities)
            policy_requests.append(({"request": requests[0] | complete, "entities": known}, decision))
            narrowed.append(bool(of_what_is_read))
        return decisions

    monkeypatch.setattr(engine, "_ask", recorded)
    source, questioned, decisions = random.Random(name), questions.questions(17, COUNT), set[str | None]()
    for _ in range(0, COUNT, BATCH):
        policy_requests.clear()
        batch = [*islice(questioned, BATCH)]
        for question in batch:
            one = with_record(source, question)
            engine._known.clear()  # each is evaluated, and the cached decision is the same
            assert engine.decide([one]) == remembering.decide([one])
        assert len(policy_requests) == len(batch)
        decisions |= compared(policies, schema.text, policy_requests)
    assert next(questioned, None) is None
    assert name == "anything" or decisions == {"allow", "deny"}
    assert any(narrowed) is not any(rule.on_record for rule in engine.rules.values())


def _complete(question: PolicyRequest, engine: CedarPolicies) -> tuple[dict[str, str], str]:
    """Return the complete context for the reference engine; the embedded one gives Cedar only the attributes that rules read."""
    context = cedar_values.context(question, engine._schema, engine._zone)
    return {"context": json.dumps(context)}, json.dumps([cedar_values.entity(question, engine._schema, 0)])


def compared(policies: dict[str, Any], schema: str, policy_requests: list[tuple[dict[str, Any], Any]]) -> set[str | None]:
    """Compare our decisions with those of Cedar's own engine. Return the decisions."""
    requests = [
        {
            "principal": sent["request"]["principal"],
            "action": sent["request"]["action"],
            "resource": sent["request"]["resource"],
            "context": json.loads(sent["request"]["context"]),
            "entities": json.loads(sent["entities"]),
            "validateRequest": True,
        }
        for sent, _ in policy_requests
    ]
    decisions = judge(policies, schema, requests)
    assert len(decisions) == len(policy_requests)
    for request, decision, (_, ours) in zip(requests, decisions, policy_requests, strict=True):
        found = {
            "decision": _DECISIONS[ours.decision.value],
            "reasons": sorted(ours.diagnostics.reasons),
            "errors": len(ours.diagnostics.errors),
        }
        assert found == {**decision, "errors": len(decision["errors"])}, request
    return {decision["decision"] for decision in decisions}
