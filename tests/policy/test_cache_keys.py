"""Keys of cached decisions: requests that rules cannot distinguish share a decision, and those that they can do not."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.policy.test_cedar import ALL, called
from unified_platform.policy.cedar import CedarPolicies
from unified_runtime.core.policy_decisions import Outcome, PolicyRequest

TEXTS = ("", "a", "b", "ab", "ba", "aba", "a*b", "*", "a\nb", "é", "e\u0301", "aé", "jira", "[true]", "true", "A", "abab" * 3)
PATTERNS = ("*", "", "a", "a*", "*b", "*a*b*", "a*b", "a\\*b", "*\\**", "*é*", "aba*ba", "*ab*ab*", "a**b", "*\\n*")


def literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def test_like_matches_as_in_cedar() -> None:
    """For every text and pattern, cached or evaluated again."""
    for pattern in PATTERNS:
        rule = f'forbid (principal, action, resource) when {{ context.input has title && context.input.title like "{pattern}" }};'
        remembering, forgetful = (CedarPolicies({"p.cedar": ALL + rule}) for _ in range(2))
        for text in TEXTS:
            question = called("create", input={"title": text})
            forgetful._known.clear()
            assert remembering.decide([question]) == forgetful.decide([question]), (pattern, text)
        assert len(remembering._known) <= 1


CONDITIONS = (
    'context.input has title && context.input.title like "*a*"',
    'context.input has title && context.input.title == "a"',
    'context.input has title && "ab" != context.input.title',
    "context.input has title && [context.vendor, context.host].contains(context.input.title)",
    "context.input has title && context.input.title == context.vendor",
    'context.input has title && (if context.input.title == "b" then context.vendor else context.input.title) == "jira"',
    'context.input has title && {"has": context.input.title, "like": 1}["has"] == "é"',
    'context.input has title && {"Var": context.input.title, "==": "x"}["Var"] == "ab"',
    "context.input has description",
    "context.input has title && context.input has description && context.input.title == context.input.description",
    'context has user && context.user like "b*"',
    "context has user && context.input has title && context.user == context.input.title",
    'context.input has labels && context.input.labels.contains("a")',
    'context.extra.contains("fields.components") || context.cleared.contains("title")',
    'context.vendor == "jira" && context.host like "*.test"',
)


def question(r: random.Random) -> PolicyRequest:
    given: dict[str, Any] = {name: r.choice(TEXTS) for name in ("title", "description", "project_id") if r.random() < 0.6}
    if r.random() < 0.5:
        given["labels"] = r.sample(TEXTS, 2)
    user = r.choice((None, "bob", "b", "alice", "a"))
    return called("create", input=given, user=user, cleared=r.choice(((), ("title",))), vendor=r.choice(("jira", "asana")))


@pytest.mark.parametrize("seed", range(len(CONDITIONS)))
def test_requests_that_rules_cannot_distinguish_share_a_decision(seed: int) -> None:
    """Rules of every kind of condition, several together: one engine caches, the other is new each time."""
    r = random.Random(seed)
    rules = "".join(
        f"{r.choice(('forbid', 'permit'))} (principal, action, resource) {r.choice(('when', 'unless'))} {{ {condition} }};\n"
        for condition in {CONDITIONS[seed]: None, **dict.fromkeys(r.sample(CONDITIONS, r.randint(0, 3)))}
    )
    rules = ("" if r.random() < 0.3 else ALL) + rules
    remembering, forgetful = (CedarPolicies({"p.cedar": rules}) for _ in range(2))
    for _ in range(150):
        requests_of = question(r)
        forgetful._known.clear()
        assert remembering.decide([requests_of]) == forgetful.decide([requests_of]), rules


@pytest.mark.parametrize(
    ("condition", "kinds"),
    [
        ('context.input.title like "*secret*" && context.input.title != "b"', 2),  # similar to neither, and equal to the one
        ("[context.vendor].contains(context.input.title)", len(TEXTS)),
        ("context.input.title == context.host", len(TEXTS)),
    ],
    ids=["asked of texts", "looked at in a set", "compared with what is given"],
)
def test_conditions_about_texts_are_cached_by_their_results(condition: str, kinds: int) -> None:
    engine = CedarPolicies({"p.cedar": f"{ALL}forbid (principal, action, resource) when {{ context.input has title && {condition} }};"})
    for text in TEXTS:
        decision = engine.decide([called("create", input={"title": text})])[0]
        assert decision.outcome is (Outcome.DENY if text == "jira" and "contains" in condition else Outcome.ALLOW)
    assert len(engine._known) == kinds - ("contains" in condition)
