"""What an account has added to its CRM is found by `describe`, passed on by `extra`, and checked before it is sent."""

from __future__ import annotations

from typing import Any

import pytest

import unified
from tests.support.accounts import ACCOUNTS, client
from tests.support.stores import pipedrive, store_of
from tests.support.whole import Whole
from unified import deals
from unified_runtime import InvalidInput

ADDED: dict[str, tuple[str, Any, Any, str]] = {
    "hubspot": ("favourite_colour", "green", "Green", "Green is 'green'"),
    "pipedrive": (pipedrive.COLOUR, 32, 33, "can be '31', '32', not '33'"),
    "salesforce": ("DeliveryInstallationStatus__c", "Completed", "Complete", "did you mean 'Completed'"),
}
"""The pick list that each store's account has: its name, a choice, none of its choices, and what is said of that."""


def _extra(vendor: str, name: str, value: Any) -> dict[str, Any]:
    around = {"hubspot": "properties", "pipedrive": "custom_fields"}.get(vendor)
    return {vendor: {name: value} if around is None else {around: {name: value}}}


@pytest.mark.parametrize("vendor", sorted(ADDED))
@pytest.mark.parametrize("resource", ["contacts", "companies", "deals"])
def test_fields_are_told_with_their_names_and_choices(vendor: str, resource: str, document: Whole) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.answer)
    with made:
        told = unified.describe(resource, via=vendor)
    assert store.refused == []
    assert "fields" not in told.gaps
    assert all(field.id and field.name for field in told.fields)
    assert told.unified["name" if resource != "contacts" else "last_name"] == ("create", "update")
    if resource == "deals":
        name, right, _, _ = ADDED[vendor]
        added = next(field for field in told.fields if field.id == name)
        assert added.custom is True
        assert str(right) in [choice.value for choice in added.choices or ()]


@pytest.mark.parametrize("vendor", sorted(ADDED))
def test_what_was_described_is_checked_before_it_is_sent(vendor: str, document: Whole) -> None:
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.answer)
    name, right, wrong, told = ADDED[vendor]
    deal = ACCOUNTS[vendor].known["deals"][0]
    with made:
        deals.update(deal, extra=_extra(vendor, name, right))  # by the schema alone
        unified.describe("deals", via=vendor)
        deals.update(deal, extra=_extra(vendor, name, right))
        sent = len(wire.sent)
        with pytest.raises(InvalidInput, match=told):
            deals.update(deal, extra=_extra(vendor, name, wrong))
        with pytest.raises(InvalidInput, match="has no field"):
            deals.update(deal, extra=_extra(vendor, name[:-4] + "xx__c" if vendor == "salesforce" else name[:-1] + "0x", right))
        assert len(wire.sent) == sent
    assert store.refused == []


@pytest.mark.parametrize("vendor", sorted(ADDED))
def test_what_nobody_could_have_added_is_refused_by_the_schema(vendor: str, document: Whole) -> None:
    made, wire = client(vendor, store_of(vendor, document.served).answer)
    with made, pytest.raises(InvalidInput):
        deals.update(ACCOUNTS[vendor].known["deals"][0], extra={vendor: {"Nam": "x"}})
    assert wire.sent == []


def test_a_custom_field_of_salesforce_is_known_by_its_name() -> None:
    made, _ = client("salesforce", lambda request: pytest.fail("a plan sends nothing"))
    with made:
        plan = deals.update.plan("006000000000001AAA", extra={"salesforce": {"Size__c": "Large"}})
        assert '"Size__c": "Large"' in str(plan)
        with pytest.raises(InvalidInput):
            deals.update.plan("006000000000001AAA", extra={"salesforce": {"Size": "Large"}})


@pytest.mark.parametrize(("vendor", "names"), [("salesforce", 4), ("pipedrive", 3)])
def test_the_stages_of_deals_are_told_with_what_they_mean(vendor: str, names: int, document: Whole) -> None:
    made, _ = client(vendor, store_of(vendor, document.served).answer)
    with made:
        told = unified.describe("deals", via=vendor)
    assert len([stage.name for stage in told.statuses if stage.name]) == names
    if vendor == "salesforce":
        assert [stage.status for stage in told.statuses] == ["open", "open", "won", "lost"]
