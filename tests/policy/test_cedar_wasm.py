"""The embedded Cedar engine against Cedar's own, compiled to WebAssembly: the same policies, entities and requests, the same answers."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from typing import Any

import msgspec
import pytest

from tests.policy import questions
from tests.policy.schemas import with_deals
from tests.policy.test_starts import ZONE, texts
from tests.support.servers import opa
from unified_platform.policy import start
from unified_platform.policy.cedar import CedarPolicies

COUNT = int(os.environ.get("UNIFIED_POLICY_QUESTIONS", "7200")) // 2

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


@pytest.mark.parametrize("name", [*start.NAMES, "more"])
def test_both_engines_decide_alike(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = with_deals()
    engine = CedarPolicies(MORE if name == "more" else texts(name, "cedar"), time_zone=ZONE, schema=schema)
    policies = {rule.id: rule.data for rule in engine.rules.values()}
    asked: list[tuple[dict[str, Any], Any]] = []
    ask = engine._ask

    def recorded(requests: list[dict[str, Any]], form: Any, entities: str) -> Any:
        answers = ask(requests, form, entities)
        if form is engine._forms[False].exact:
            asked.extend(({"request": request, "entities": entities}, answer) for request, answer in zip(requests, answers, strict=True))
        return answers

    monkeypatch.setattr(engine, "_ask", recorded)
    source = random.Random(name)
    for question in questions.questions(17, COUNT):
        engine.decide([msgspec.structs.replace(question, phase="record", record=questions.record(source, question))])
    requests = [
        {
            "principal": sent["request"]["principal"],
            "action": {"type": "Action", "id": json.loads(sent["request"]["action"].removeprefix("Action::"))},
            "resource": sent["request"]["resource"],
            "context": json.loads(sent["request"]["context"]),
            "entities": json.loads(sent["entities"]),
            "validateRequest": True,
        }
        for sent, _ in asked
    ]
    answers = judge(policies, schema.text, requests)
    assert len(answers) == len(asked) == COUNT
    for request, answer, (_, ours) in zip(requests, answers, asked, strict=True):
        theirs = {"Allow": "allow", "Deny": "deny", "NoDecision": None}
        found = {
            "decision": theirs[ours.decision.value],
            "reasons": sorted(ours.diagnostics.reasons),
            "errors": len(ours.diagnostics.errors),
        }
        assert found == {**answer, "errors": len(answer["errors"])}, request
    decisions = {answer["decision"] for answer in answers}
    assert name == "anything" or decisions == {"allow", "deny"}
