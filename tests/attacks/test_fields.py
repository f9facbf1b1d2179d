"""Rules over custom fields, bypassed by other spellings of a name or a value that the vendor would also accept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.conftest import Loopback
from tests.unit.runtime.callers import QUICK
from unified import deals
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.findings import PolicyErrors
from unified_platform.policy.rego import RegoPolicies
from unified_runtime import Client, Denied, InvalidInput, PolicyEnforcer, bearer, using

DEAL = "006000000000001AAA"

CEDAR = """
permit (principal, action, resource);
forbid (principal, action in Action::"write", resource is Deal)
when { context has custom_fields && context.custom_fields.hasTag("discount__c") }
unless { context.custom_fields.getTag("discount__c") has number
         && context.custom_fields.getTag("discount__c").number.lessThanOrEqual(decimal("0.2")) };
forbid (principal, action in Action::"write", resource is Deal)
when { context has custom_fields && context.custom_fields.hasTag("colour__c")
       && ((context.custom_fields.getTag("colour__c") has text && context.custom_fields.getTag("colour__c").text == "red")
           || (context.custom_fields.getTag("colour__c") has texts && context.custom_fields.getTag("colour__c").texts.contains("red"))) };
forbid (principal, action in Action::"write", resource is Deal)
when { context has custom_fields && context.custom_fields.hasTag("final__c") && context.custom_fields.getTag("final__c") has truth
       && context.custom_fields.getTag("final__c").truth };
forbid (principal, action in Action::"write", resource is Deal)
when { context has custom_fields && context.custom_fields.hasTag("rank__c") && context.custom_fields.getTag("rank__c") has text
       && context.custom_fields.getTag("rank__c").text == "1" };
forbid (principal, action in Action::"write", resource is Deal)
when { context has custom_fields && context.custom_fields.hasTag("due__c") && context.custom_fields.getTag("due__c") has time
       && context.custom_fields.getTag("due__c").time > datetime("2030-01-01") };
"""
REGO = """package unified.policy
import rego.v1
allow := true
on_record := false
deny contains "too much" if to_number(input.custom_fields.discount__c) > 0.2
deny contains "red" if "red" in split(input.custom_fields.colour__c, ";")
"""
ENGINES = {"cedar": lambda: CedarPolicies({"own.cedar": CEDAR}), "rego": lambda: RegoPolicies({"own.rego": REGO})}


def tried(server: Loopback, engine: str, **given: Any) -> None:
    client = Client(settings=QUICK, policy=PolicyEnforcer(ENGINES[engine]()))
    client.connect("salesforce", bearer("t"), instance_url="https://acme.my.salesforce.com", server=server.url)
    with using(client):
        deals.update(DEAL, via="salesforce", **given)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "given",
    [
        {"custom_fields": {name: value}}
        for name in ("discount__c", "Discount__c", "DISCOUNT__c", "dIsCoUnT__c")
        for value in ("0.9", 0.9, 9, "9e-1")
    ]
    + [{"extra": {"salesforce": {name: 0.9}}} for name in ("Discount__c", "discount__c")]
    + [{"custom_fields": {"Colour__c": value}} for value in ("red", ["red"], ("blue", "red"), "blue;red")]
    + [{"extra": {"salesforce": {"colour__c": "blue;red"}}}],
)
def test_no_other_spelling_passes_a_rule(server: Loopback, engine: str, given: dict[str, Any]) -> None:
    """Salesforce accepts any spelling of a name for the same field, and a list as one text."""
    with pytest.raises(Denied):
        tried(server, engine, **given)
    assert server.seen == []


@pytest.mark.parametrize(
    "given", [{"Final__c": True}, {"Final__c": "true"}, {"Final__c": "TRUE"}, {"Rank__c": 1}, {"Rank__c": "1"}, {"Due__c": "2031-01-01"},
              {"Due__c": "2031-01-01T00:00:00Z"}],
)  # fmt: skip
def test_no_other_form_of_a_value_passes_a_rule(server: Loopback, given: dict[str, Any]) -> None:
    """A vendor that stores all values as texts reads the text as well."""
    with pytest.raises(Denied):
        tried(server, "cedar", custom_fields=given)
    assert server.seen == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "given",
    [
        {"custom_fields": {"Discount__c": "0.1", "discount__c": "0.9"}},
        {"extra": {"salesforce": {"Discount__c": "0.1", "discount__c": "0.9"}}},
        {"custom_fields": {"Discount__c": "0.1"}, "extra": {"salesforce": {"discount__c": "0.9"}}},
    ],
)
def test_one_field_is_not_given_twice(server: Loopback, engine: str, given: dict[str, Any]) -> None:
    """A rule would look at one of the two, and the vendor use the other."""
    with pytest.raises(InvalidInput, match="are one field"):
        tried(server, engine, **given)
    assert server.seen == []


@pytest.mark.parametrize(
    ("make", "location"),
    [
        (lambda: CedarPolicies({"own.cedar": CEDAR.replace("discount__c", "Discount__c")}), "own.cedar:4"),
        (lambda: RegoPolicies({"own.rego": REGO.replace("discount__c", "Discount__c")}), "own.rego:5"),
        (lambda: RegoPolicies({"own.rego": REGO.replace(".discount__c", '["Discount__c"]')}), "own.rego:5"),
    ],
)
def test_a_rule_that_could_never_apply_is_reported(make: Any, location: str) -> None:
    with pytest.raises(PolicyErrors, match="in lower case") as caught:
        make()
    assert location in str(caught.value)
