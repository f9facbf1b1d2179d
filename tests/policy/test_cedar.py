"""Cedar: conversion of values, rules about records before the record is known, approvals, and errors."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.policy.questions import moment, questions
from tests.policy.schemas import with_deals
from unified_platform.policy import cedar_values, starters
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.findings import PolicyErrors
from unified_platform.policy.rego import RegoPolicies
from unified_platform.policy.schema import shipped
from unified_runtime import InvalidInput
from unified_runtime.core.policy_decisions import Decision, Outcome, PolicyRequest, RequestFacts

STARTS = Path(starters.__file__).parent
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
ALL = '@id("all") permit (principal, action, resource);\n'


def called(operation: str, resource: str = "tasks", **more: Any) -> PolicyRequest:
    effects: dict[str, Any] = {"get": "read", "list": "read", "delete": "destructive"}
    given: dict[str, Any] = {
        "phase": "arguments", "agent": "helper", "user": None, "on_behalf_of": None, "resource": resource, "operation": operation,
        "like": operation, "effect": effects.get(operation, "write"), "vendor": "jira", "host": "acme.atlassian.net", "time": NOW,
    }  # fmt: skip
    return PolicyRequest(**(given | more))


def decide(text: str, question: PolicyRequest, **options: Any) -> Decision:
    (found,) = CedarPolicies({"p.cedar": text}, schema=with_deals(), **options).decide([question])
    return found


def outcome(text: str, question: PolicyRequest, **options: Any) -> str:
    found = decide(text, question, **options)
    return found.outcome.value + (" on record" if found.on_record else "")


# ------------------------------------------------------------------------------------------------ decisions
def test_a_batch_is_of_one_call_and_others_are_evaluated_one_by_one() -> None:
    """Requests that differ in more than their record must not be decided with the context of the first."""
    engine = CedarPolicies({"p.cedar": 'permit (principal, action, resource) when { context has user && context.user == "alice" };'})
    record = {"id": "1"}
    for differing in ("user", "on_behalf_of", "account_id", "host"):
        first = called("get", phase="record", record=record, user="alice")
        second = msgspec.structs.replace(first, user="bob") if differing == "user" else msgspec.structs.replace(first, **{differing: "x"})
        found = [decision.outcome for decision in engine.decide([first, second, first])]
        assert found == [engine.decide([question])[0].outcome for question in (first, second, first)]
    assert [d.outcome for d in engine.decide([first, msgspec.structs.replace(first, user="bob")])] == [Outcome.ALLOW, Outcome.DENY]


def test_no_policy_allows_nothing() -> None:
    assert outcome("", called("get")) == "deny"


def test_a_decision_states_which_rules_and_why() -> None:
    text = ALL + '@id("no") @reason("not today") forbid (principal, action in Action::"write", resource);'
    found = decide(text, called("delete"))
    assert (found.outcome, found.reasons, found.policies) == (Outcome.DENY, ("not today",), ("no",))
    assert decide(text, called("get")).policies == ("all",)


def test_a_rule_without_an_id_is_named_by_its_location() -> None:
    assert decide("\n\npermit (principal, action, resource);", called("get")).policies == ("p.cedar:3",)


def test_agents_and_groups() -> None:
    text = 'permit (principal == Agent::"helper", action in Action::"tasks", resource);'
    assert outcome(text, called("delete")) == "allow"
    assert outcome(text, called("delete", agent="other")) == "deny"
    assert outcome(text, called("delete", agent=None)) == "deny"
    assert outcome(text, called("create", "comments")) == "deny"


def test_an_operation_that_the_schema_lacks_is_denied() -> None:
    assert decide(ALL, called("explode")).reasons == ("the policies know no operation tasks.explode",)


def test_a_rule_that_fails_denies_and_does_not_merely_fall_away() -> None:
    """Cedar skips a rule that cannot be evaluated, so a forbid would fail open."""
    overflow = ALL + "forbid (principal, action, resource) when { context.local.hour * 9223372036854775807 > 0 };"
    found = decide(overflow, called("get"))
    assert found.outcome is Outcome.DENY
    assert "could not be evaluated" in found.reasons[0]


# ------------------------------------------------------------------------------------------------ records
WEEK = """permit (principal, action in Action::"tasks", resource)
when { resource has created_at && context.now.durationSince(resource.created_at) < duration("7d") };"""


@pytest.mark.parametrize(("days", "wanted"), [(0, "allow"), (6, "allow"), (7, "deny"), (100, "deny")])
def test_only_records_created_this_week(days: int, wanted: str) -> None:
    record = {"id": "P-1", "created_at": NOW - timedelta(days=days)}
    for operation in ("get", "update", "delete", "list"):
        assert outcome(WEEK, called(operation)) == "allow on record"
        assert outcome(WEEK, called(operation, phase="record", record=record)) == wanted
    assert outcome(WEEK, called("get", phase="record", record={"id": "P-1", "created_at": None})) == "deny"


def test_a_forbid_about_records_waits_for_the_record() -> None:
    text = (
        ALL + 'forbid (principal, action in Action::"write", resource is Task) when { resource has status && resource.status == "done" };'
    )
    assert outcome(text, called("update")) == "allow on record"
    assert outcome(text, called("get")) == "allow"
    assert outcome(text, called("create", "comments")) == "allow"
    assert outcome(text, called("update", record={"id": "1", "status": "done"})) == "deny"
    assert outcome(text, called("update", record={"id": "1", "status": "open"})) == "allow"


def test_rules_about_arguments_are_decided_on_arguments() -> None:
    """The parts of a condition that do not mention the record hold before it is read."""
    text = 'permit (principal, action in Action::"tasks", resource) when { context.vendor == "asana" && resource has title };'
    assert outcome(text, called("update")) == "deny"
    assert outcome(text, called("update", vendor="asana")) == "allow on record"


def test_a_record_that_cannot_change_the_decision_is_not_read() -> None:
    text = ALL + 'permit (principal, action, resource is Task) when { resource has title && resource.title == "x" };'
    assert outcome(text, called("update")) == "allow"


def test_a_create_is_its_own_record() -> None:
    text = 'permit (principal, action in Action::"tasks", resource) when { resource has project_id && resource.project_id == "P" };'
    assert outcome(text, called("create", input={"project_id": "P"})) == "allow"
    assert outcome(text, called("create", input={"project_id": "Q"})) == "deny"
    assert outcome(text, called("create")) == "deny"


@pytest.mark.parametrize("condition", ["unless { resource has title }", "when { if resource has title then true else false }"])
def test_conditions_of_every_form_wait_for_the_record(condition: str) -> None:
    assert outcome(f'permit (principal, action in Action::"tasks", resource is Task) {condition};', called("get")) == "allow on record"


def test_a_scope_that_names_a_record_waits_for_it() -> None:
    text = 'permit (principal, action in Action::"tasks", resource == Task::"jira/P-1");'
    assert outcome(text, called("list")) == "allow on record"
    assert outcome(text, called("get", ids={"id": "P-1"}, record={"id": "P-1"})) == "allow"
    assert outcome(text, called("get", ids={"id": "P-2"}, record={"id": "P-2"})) == "deny"


# ------------------------------------------------------------------------------------------------ approvals
REQUIRES_APPROVAL = ALL + '@id("ask") @approval("deleting is for good") forbid (principal, action in Action::"destructive", resource);\n'


def test_forbidden_unless_approved() -> None:
    found = decide(REQUIRES_APPROVAL, called("delete"))
    assert (found.outcome, found.reasons, found.policies) == (Outcome.APPROVAL, ("deleting is for good",), ("ask",))
    assert outcome(REQUIRES_APPROVAL, called("delete", approved=True)) == "allow"
    assert outcome(REQUIRES_APPROVAL, called("update")) == "allow"


def test_an_approval_overcomes_nothing_else() -> None:
    never = '@id("never") forbid (principal, action == Action::"tasks.delete", resource);'
    assert outcome(REQUIRES_APPROVAL + never, called("delete")) == "deny"
    assert outcome(REQUIRES_APPROVAL + never, called("delete", approved=True)) == "deny"
    separate = REQUIRES_APPROVAL.removeprefix(ALL)
    assert outcome(separate, called("delete")) == "deny"
    assert outcome(separate, called("delete", approved=True)) == "deny"


def test_approval_and_record_together() -> None:
    mine = 'when { resource has creator_id && resource.creator_id == "u1" };'
    text = f'@id("mine") permit (principal, action in Action::"tasks", resource is Task) {mine}'
    text += REQUIRES_APPROVAL.removeprefix(ALL)
    assert outcome(text, called("delete")) == "approval"
    assert outcome(text, called("delete", approved=True)) == "allow on record"
    assert outcome(text, called("delete", approved=True, record={"id": "1", "creator_id": "u2"})) == "deny"
    assert outcome(text, called("delete", record={"id": "1", "creator_id": "u2"})) == "deny"
    assert outcome(text, called("delete", approved=True, record={"id": "1", "creator_id": "u1"})) == "allow"


# ------------------------------------------------------------------------------------------------ values
CAP = f"""{ALL}
forbid (principal, action in Action::"deals", resource)
when {{ context.input has amount && context.input.amount.greaterThan(decimal("100.00")) }};"""


@pytest.mark.parametrize(
    ("amount", "wanted"),
    [
        (Decimal(100), "allow"), (Decimal("100.0000"), "allow"), (Decimal("100.0001"), "deny"), (Decimal("1E+2"), "allow"),
        (Decimal("99.99"), "allow"), (Decimal(-1), "allow"), (100, "allow"), (101, "deny"), (Decimal("0E-10"), "allow"),
        (Decimal("922337203685477.5807"), "deny"),
    ],
)  # fmt: skip
def test_money_is_compared_exactly(amount: Any, wanted: str) -> None:
    assert outcome(CAP, called("create", "deals", input={"amount": amount})) == wanted


@pytest.mark.parametrize(
    "amount",
    [Decimal("100.00001"), Decimal("922337203685477.5808"), Decimal("1E+40"), Decimal("NaN"), Decimal("Infinity"), 100.0, "100", True],
    ids=str,
)
def test_an_amount_that_cannot_be_compared_exactly_denies(amount: Any) -> None:
    """A float in a context makes Cedar return neither allow nor deny; and rounding would allow more than the rule states."""
    found = decide(CAP, called("create", "deals", input={"amount": amount}))
    assert found.outcome is Outcome.DENY
    assert found.reasons[0].startswith("input.amount ") or "amount" in found.reasons[0]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 678_999, UTC), "2026-01-02T03:04:05.678Z"),
        (datetime(2026, 1, 2, 0, 0, tzinfo=timezone(timedelta(hours=2))), "2026-01-01T22:00:00.000Z"),
        (datetime(1, 2, 3, tzinfo=UTC), "0001-02-03T00:00:00.000Z"),
        (date(2026, 1, 2), "2026-01-02"),
        (date(999, 1, 2), "0999-01-02"),
    ],
)
def test_times(value: Any, text: str) -> None:
    schema = shipped()
    kind = schema.records["Task"]["created_at"]
    assert cedar_values.encoded(value, kind, schema, "x") == {"__extn": {"fn": "datetime", "arg": text}}


@pytest.mark.parametrize("value", [datetime(2026, 1, 2), "2026-01-02", 3])
def test_times_that_are_none(value: Any) -> None:
    schema = shipped()
    with pytest.raises(cedar_values.NotExpressible):
        cedar_values.encoded(value, schema.records["Task"]["created_at"], schema, "x")


def test_whole_numbers_have_64_bits() -> None:
    schema = shipped()
    assert cedar_values.encoded(2**63 - 1, {"type": "Long"}, schema, "x") == 2**63 - 1
    for value in (2**63, -(2**63) - 1, 1.0, True, "1"):
        with pytest.raises(cedar_values.NotExpressible):
            cedar_values.encoded(value, {"type": "Long"}, schema, "x")


@pytest.mark.parametrize("agent", ['a"b', "a\\b", "ü", "a::b", 'Agent::"x"', "' or true"])
def test_a_name_cannot_become_syntax(agent: str) -> None:
    text = f"permit (principal == Agent::{json.dumps(agent, ensure_ascii=False)}, action, resource);"
    assert outcome(text, called("get", agent=agent)) == "allow"
    assert outcome(text, called("get", agent="other")) == "deny"
    assert outcome('permit (principal == Agent::"helper", action, resource);', called("get", agent=agent)) == "deny"


def test_text_that_is_not_unicode_denies() -> None:
    from unified_runtime import PolicyEnforcer

    engine = CedarPolicies({"p.cedar": ALL})
    for title, wanted in (("fine", Outcome.ALLOW), ("\ud800", Outcome.DENY), ("Ünï\u200bcode 😀", Outcome.ALLOW), ("\ud800", Outcome.DENY)):
        (found,) = PolicyEnforcer(engine).decide([called("create", input={"title": title})])
        assert found.outcome is wanted


def test_local_time_is_that_of_the_zone() -> None:
    text = "permit (principal, action, resource) when { context.local.hour == 21 && context.local.weekday == 3 };"
    assert outcome(text, called("get"), time_zone="Asia/Tokyo") == "allow"
    assert outcome(text, called("get")) == "deny"
    with pytest.raises(InvalidInput, match="time zone"):
        decide(text, called("get"), time_zone="Paris/Europe")


def test_vendor_fields_are_named_dotted() -> None:
    text = ALL + 'forbid (principal, action in Action::"tasks", resource) when { context.extra.contains("fields.customfield_1") };'
    assert outcome(text, called("create", extra={"fields": {"customfield_1": {"value": 3}}})) == "allow"
    assert outcome(text, called("create", extra={"fields": {"customfield_1": 3}})) == "deny"


CAPPED = (
    ALL
    + """
forbid (principal, action in Action::"write", resource is Deal)
when { context has custom_fields && context.custom_fields.hasTag("salary__c") };
forbid (principal, action in Action::"write", resource is Deal)
when { context has custom_fields && context.custom_fields.hasTag("share__c") }
unless { context.custom_fields.getTag("share__c") has number
         && context.custom_fields.getTag("share__c").number.lessThanOrEqual(decimal("0.2")) };
"""
)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ({}, "allow"), ({"Other__c": "x"}, "allow"), ({"salary__c": 1}, "deny"), ({"salary__c": None}, "deny"),
        ({"share__c": Decimal("0.2")}, "allow"), ({"share__c": "0.2"}, "allow"), ({"share__c": 0.2}, "allow"), ({"share__c": 0}, "allow"),
        ({"share__c": Decimal("0.2001")}, "deny"), ({"share__c": "0.21"}, "deny"), ({"share__c": "much"}, "deny"),
        ({"share__c": True}, "deny"),
        ({"share__c": None}, "deny"), ({"share__c": ["0.1"]}, "deny"), ({"share__c": "0.00001"}, "deny"), ({"share__c": "NaN"}, "deny"),
        ({"Other__c": Decimal("0.00001")}, "deny"),
    ],
)  # fmt: skip
def test_fields_of_the_account_are_seen_by_name_and_value(written: dict[str, Any], wanted: str) -> None:
    assert outcome(CAPPED, called("update", "deals", custom_fields=written)) == wanted
    assert outcome(CAPPED, called("create", "deals", custom_fields=written)) == wanted


def test_filters_on_custom_fields_are_visible_to_rules() -> None:
    text = (
        ALL
        + """forbid (principal, action == Action::"deals.list", resource)
        when { context.custom_fields.hasTag("salary__c") };"""
    )
    assert outcome(text, called("list", "deals", custom_fields={"share__c": {"at_least": 1}})) == "allow"
    assert outcome(text, called("list", "deals", custom_fields={"salary__c": {"at_least": 1}})) == "deny"


def test_fields_of_the_account_are_typed() -> None:
    text = (
        ALL
        + """forbid (principal, action == Action::"deals.update", resource) unless {
        context.custom_fields.getTag("a__c").text == "x" && context.custom_fields.getTag("b__c").texts.contains("y")
        && context.custom_fields.getTag("c__c").truth && context.custom_fields.getTag("d__c").time < datetime("2031-01-02") };"""
    )
    with pytest.raises(PolicyErrors):  # their presence must be tested first
        decide(text, called("update", "deals"))
    text = (
        ALL
        + """forbid (principal, action == Action::"deals.update", resource) unless {
        context.custom_fields.hasTag("b__c") && context.custom_fields.getTag("b__c") has texts
        && context.custom_fields.getTag("b__c").texts.contains("y")
        && context.custom_fields.hasTag("c__c") && context.custom_fields.getTag("c__c") has truth
        && context.custom_fields.getTag("c__c").truth
        && context.custom_fields.hasTag("d__c") && context.custom_fields.getTag("d__c") has time
        && context.custom_fields.getTag("d__c").time < datetime("2031-01-02") };"""
    )
    given = {"b__c": ["x", "y"], "c__c": True, "d__c": date(2031, 1, 1)}
    assert outcome(text, called("update", "deals", custom_fields=given)) == "allow"
    for name, other in (("b__c", ["x"]), ("c__c", False), ("d__c", date(2031, 1, 2))):
        assert outcome(text, called("update", "deals", custom_fields=given | {name: other})) == "deny"


# ------------------------------------------------------------------------------------------------ errors
MISTAKES = {
    "an action": ('permit (principal, action == Action::"tasks.creat", resource);', 'p.cedar:1:38', "did you mean `tasks.create`"),
    "a group": ('permit (principal, action in Action::"task", resource);', "p.cedar:1:38", "did you mean `tasks`"),
    "a kind of record": ("permit (principal, action, resource is Tsk);", "p.cedar:1:40", "did you mean `Task`"),
    "an input": (
        'permit (principal, action == Action::"tasks.create", resource)\nwhen { context.input has titel };',
        "p.cedar:2:26", "did you mean `title`",
    ),
    "a field that is asked for": (
        'permit (principal, action in Action::"tasks", resource)\n  when { resource has projct_id && resource.projct_id == "x" };',
        "p.cedar:2:36", "did you mean `project_id`",
    ),
    "a part of the context": (
        'permit (principal, action, resource) when { context.vender == "x" };', "p.cedar:1:45", "did you mean `vendor`"
    ),
    "a field that may be absent": (
        'permit (principal, action in Action::"tasks", resource) when { resource.title == "x" };', "p.cedar:1:73", "`resource has title`"
    ),
    "a field of some only": (
        'permit (principal, action in Action::"read", resource) when { resource.project_id == "x" };',
        "p.cedar:1:72", "`resource has project_id`",
    ),
    "types": ('permit (principal, action, resource) when { context.local.hour < "9" };', "p.cedar:1:1", "expected Long but saw String"),
    "a function": ('permit (principal, action, resource) when { datetim("2026-01-01") < context.now };', "p.cedar:1:45", "datetim"),
    "a word": ("permit (principal, action, resource) unles { true };", "p.cedar:1:38", "unles"),
    "the end": ("permit (principal, action, resource)", "p.cedar:1:1", "ends with a semicolon"),
    "a decimal": ('permit (principal, action, resource) when { decimal("1.23456").lessThan(decimal("2.0")) };', "p.cedar:1:1", "1.23456"),
    "a slot": ("permit (principal == ?principal, action, resource);", "p.cedar:1:1", "without a slot"),
    "approval of a permit": ('@approval("x") permit (principal, action, resource);', "p.cedar:1:2", "belongs to a forbid"),
    "never": ('permit (principal, action == Action::"tasks.get", resource is Project);', "p.cedar:1:1", "can never apply"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "location", "expected"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_are_reported_with_location_and_help(text: str, location: str, expected: str) -> None:
    with pytest.raises(PolicyErrors) as caught:
        CedarPolicies({"p.cedar": text})
    message = str(caught.value)
    assert location in message
    assert expected in message


def test_all_mistakes_are_reported_at_once() -> None:
    text = "\n".join(text for text, _, _ in MISTAKES.values() if text.endswith(";"))
    with pytest.raises(PolicyErrors) as caught:
        CedarPolicies({"p.cedar": text})
    assert len(caught.value.findings) >= len(MISTAKES) - 1


def test_two_rules_with_one_id() -> None:
    with pytest.raises(PolicyErrors, match=r"p.cedar:1"):
        CedarPolicies({"p.cedar": ALL + ALL})


def test_semicolons_in_texts_and_comments_end_nothing() -> None:
    text = '// one; two\n@id("x;y") permit (principal, action, resource) // ;\nwhen { context.vendor != "a;b\\";" };'
    assert decide(text, called("get")).policies == ("x;y",)


# ------------------------------------------------------------------------------------------------ cached decisions
@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("true", True),
        ('context.vendor == "jira" && context.input has title && context.input.title == "now"', True),
        ("resource has labels", True),
        ('context has request && context.request.method == "GET"', False),
        ("context has request", False),
        ('context.now < datetime("2030-01-01")', False),
        ("context.local.hour > 8", False),
        ('if context.vendor == "jira" then context.local.hour > 8 else true', False),
        ('context == {vendor: "jira"}', False),
    ],
)
def test_an_engine_knows_whether_its_rules_look_beyond_the_arguments(condition: str, wanted: bool) -> None:
    text = f'{ALL}forbid (principal, action in Action::"tasks", resource is Task) when {{ {condition} }};'
    try:
        engine = CedarPolicies({"p.cedar": text})
    except PolicyErrors:
        assert "context ==" in condition  # no such comparison passes the schema
        return
    assert engine.by_arguments is wanted


@pytest.mark.parametrize("start", ["no-delete", "projects", "read-only", "amount-cap", "own-records"])
def test_decisions_on_arguments_equal_those_on_requests(start: str) -> None:
    """Every request gets the same decision at another time and with any request, if the engine declares that neither matters."""
    engine = CedarPolicies({"p.cedar": (STARTS / f"{start}.cedar").read_text(encoding="utf-8")}, schema=with_deals())
    assert engine.by_arguments
    r = random.Random(11)
    for question in questions(7, 300):
        policy_requests = msgspec.structs.replace(question, phase="arguments", record=None, request=None)
        facts = RequestFacts(
            r.choice(["GET", "POST", "DELETE"]), r.choice(["evil.test", question.host]), "/" + "x" * r.randrange(9), "any", {}, {"a": 1}
        )
        (first,) = engine.decide([policy_requests])
        if first.outcome is Outcome.ALLOW and not first.on_record:
            again = msgspec.structs.replace(policy_requests, phase="request", request=facts, time=moment(r))
            assert engine.decide([again]) == [first]


@pytest.mark.parametrize(("condition", "times"), [('context.vendor == "jira"', 1), ("resource has labels", 2)])
def test_cedar_evaluates_every_record_only_if_rules_read_records(condition: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = CedarPolicies({"p.cedar": f"{ALL}permit (principal, action, resource is Task) when {{ {condition} }};"})
    requests_of: list[object] = []
    ask = engine._ask
    monkeypatch.setattr(engine, "_ask", lambda *given: requests_of.append(given) or ask(*given))
    assert engine.decide([called("get", ids={"id": "P-1"})])[0].outcome is Outcome.ALLOW
    assert len(requests_of) == times


@pytest.mark.parametrize("start", ["anything", "no-delete", "projects", "read-only", "amount-cap", "own-records", "working-hours"])
def test_cached_decisions_equal_new_ones(start: str) -> None:
    """One engine decides everything, twice; another is new each time, and decides by the rules instead of its cache."""
    text = (STARTS / f"{start}.cedar").read_text(encoding="utf-8")
    text = text if start in ("anything", "projects", "read-only", "own-records") else ALL + text
    remembering, forgetful = (CedarPolicies({"p.cedar": text}, schema=with_deals()) for _ in range(2))
    for question in [*questions(3, 400)] * 2:
        forgetful._known.clear()
        assert remembering.decide([question]) == forgetful.decide([question])
    assert bool(remembering._known) is (start in ("anything", "no-delete", "read-only", "amount-cap"))


def test_only_what_rules_read_distinguishes_questions() -> None:
    engine = CedarPolicies({"p.cedar": ALL + """
        forbid (principal == Agent::"helper", action == Action::"tasks.create", resource)
        when { context.input has project_id && context.input.project_id == "OPS" && context has user && context.user == "bob" };
    """})  # fmt: skip
    for project in ("OPS", "PROJ"):
        for user in (None, "bob", "alice"):
            for agent in ("helper", "other"):
                for title in ("a", "b"):
                    question = called("create", agent=agent, user=user, input={"title": title, "project_id": project})
                    wrong = (project, user, agent) == ("OPS", "bob", "helper")
                    assert engine.decide([question])[0].outcome is (Outcome.DENY if wrong else Outcome.ALLOW)
    assert len(engine._known) == 11  # not 22: no rule reads the title


@pytest.mark.parametrize(
    ("scopes", "conditions", "wanted"),
    [
        ("action", "true", ()),
        ('action == Action::"tasks.delete"', 'context.vendor == "jira"', ()),
        ('action in [Action::"tasks.create", Action::"read"]', 'context.vendor == "jira"', (("vendor",),)),
        ('action in Action::"tasks"', "context has input && context.local.hour > 99", (("input",), ("local", "hour"))),
        ("action", "context.local == context.local && context.local.hour > 99", (("local",),)),
    ],
    ids=["nothing", "of another operation", "of a group", "a whole and a part", "a part of what is read whole"],
)
def test_cedar_is_shown_what_rules_about_the_operation_read(
    scopes: str, conditions: str, wanted: tuple[tuple[str, ...], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = CedarPolicies({"p.cedar": f"{ALL}permit (principal, {scopes}, resource) when {{ {conditions} }};"})
    shown: list[str] = []
    ask = engine._ask
    monkeypatch.setattr(engine, "_ask", lambda *given: shown.append(given[1][0]["context"]) or ask(*given))  # type: ignore[func-returns-value]
    assert engine.decide([called("get", ids={"id": "P-1"})])[0].outcome is Outcome.ALLOW
    assert engine._readings["tasks.get"].paths == wanted
    (text,) = shown
    assert [*json.loads(text)] == [path[0] for path in wanted]


@pytest.mark.parametrize("rule", ["", "forbid (principal, action, resource) when { context.local.hour > 99 };"], ids=["arguments", "time"])
def test_a_value_that_no_rule_reads_has_to_have_an_exact_form_too(rule: str) -> None:
    engine = CedarPolicies({"p.cedar": ALL + rule})
    exact, rounded = (engine.decide([called("create", "deals", input={"amount": amount})])[0] for amount in (Decimal(1), 1.0))
    assert (exact.outcome, rounded.outcome) == (Outcome.ALLOW, Outcome.DENY)
    assert "amount is a float" in rounded.reasons[0]


@pytest.mark.parametrize("name", ["vendor", "host", "tenant", "connection", "user", "on_behalf_of", "account_id"])
def test_a_remembered_context_is_not_that_of_another_caller(name: str) -> None:
    """Each part of the context that is the same in many calls is distinguished, after other decisions too."""
    rule = f'forbid (principal, action, resource) when {{ context has {name} && context.{name} == "asana" }};'
    engine = CedarPolicies({"p.cedar": ALL + rule})
    for value, wanted in (("jira", Outcome.ALLOW), ("asana", Outcome.DENY), ("jira", Outcome.ALLOW), ("\udc80", Outcome.DENY)):
        assert engine.decide([called("get", ids={"id": "P-1"}, **{name: value})])[0].outcome is wanted, value


def test_inputs_of_a_remembered_decision_have_to_have_an_exact_form_too() -> None:
    engine = CedarPolicies({"p.cedar": ALL})
    assert engine.decide([called("create", input={"title": "x"})])[0].outcome is Outcome.ALLOW
    for given in ({"title": "\udc80"}, {"title": 1}, {"labels": ["\udc80"]}, {"url": 1}):
        assert engine.decide([called("create", input=given)])[0].outcome is Outcome.DENY, given
    assert engine.decide([called("create", record={"id": "\udc80"})])[0].outcome is Outcome.DENY


@pytest.mark.parametrize("engine", [CedarPolicies, RegoPolicies])
def test_policies_are_given_by_the_names_of_their_files(engine: Any) -> None:
    with pytest.raises(TypeError, match="policies are a mapping from file names to texts"):
        engine("permit(principal, action, resource);")
