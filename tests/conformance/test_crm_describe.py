"""Custom fields of a CRM are found by `describe`, passed on by `extra`, and checked before they are sent."""

from __future__ import annotations

from typing import Any

import pytest

import unified
from tests.support.accounts import account_of, client
from tests.support.complete_documents import CompleteDocument
from tests.support.stores import store_of
from unified import deals
from unified_runtime import InvalidInput, using

ADDED: dict[str, tuple[str, Any, Any, str]] = {
    "hubspot": ("favourite_colour", "green", "Green", "Green is 'green'"),
    "pipedrive": ("b4ca79a3f9fa2b3c4d5e6f708192a3b4c5d6e7f8", 32, 33, "can be '31', '32', not '33'"),
    "salesforce": ("DeliveryInstallationStatus__c", "Completed", "Complete", "did you mean 'Completed'"),
}
"""Pick list of each store's account: its name, a valid choice, an invalid one, and the error for that."""


def _extra(vendor: str, name: str, value: Any) -> dict[str, Any]:
    around = {"hubspot": "properties", "pipedrive": "custom_fields"}.get(vendor)
    return {vendor: {name: value} if around is None else {around: {name: value}}}


@pytest.mark.parametrize("vendor", sorted(ADDED))
@pytest.mark.parametrize("resource", ["contacts", "companies", "deals"])
def test_fields_are_described_with_their_names_and_choices(vendor: str, resource: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    with using(made):
        result = unified.describe(resource, via=vendor)
    assert store.refused == []
    assert "fields" not in result.unsupported
    assert all(field.id and field.name for field in result.fields)
    writing = ("create", "update") if resource == "deals" else ("create", "upsert", "update")
    assert result.unified["name" if resource != "contacts" else "last_name"] == writing
    if resource == "deals":
        name, right, _, _ = ADDED[vendor]
        added = next(field for field in result.fields if field.id == name)
        assert added.custom is True
        assert str(right) in [choice.value for choice in added.choices or ()]


@pytest.mark.parametrize("vendor", sorted(ADDED))
def test_described_fields_are_checked_before_they_are_sent(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    name, right, wrong, result = ADDED[vendor]
    deal = account_of(vendor).known["deals"][0]
    with using(made):
        deals.update(deal, extra=_extra(vendor, name, right))  # checked by the schema only
        unified.describe("deals", via=vendor)
        deals.update(deal, extra=_extra(vendor, name, right))
        sent = len(wire.sent)
        with pytest.raises(InvalidInput, match=result):
            deals.update(deal, extra=_extra(vendor, name, wrong))
        with pytest.raises(InvalidInput, match="has no field"):
            deals.update(deal, extra=_extra(vendor, name[:-4] + "xx__c" if vendor == "salesforce" else name[:-1] + "0x", right))
        assert len(wire.sent) == sent
    assert store.refused == []


@pytest.mark.parametrize("vendor", sorted(ADDED))
def test_impossible_custom_fields_are_rejected_by_the_schema(vendor: str, document: CompleteDocument) -> None:
    made, wire = client(vendor, store_of(vendor, document.served).respond)
    with using(made), pytest.raises(InvalidInput):
        deals.update(account_of(vendor).known["deals"][0], extra={vendor: {"Nam": "x"}})
    assert wire.sent == []


def test_a_custom_field_of_salesforce_is_known_by_its_name() -> None:
    made, _ = client("salesforce", lambda request: pytest.fail("a plan sends nothing"))
    with using(made):
        plan = deals.update.plan("006000000000001AAA", extra={"salesforce": {"Size__c": "Large"}})
        assert '"Size__c": "Large"' in str(plan)
        with pytest.raises(InvalidInput):
            deals.update.plan("006000000000001AAA", extra={"salesforce": {"Size": "Large"}})


@pytest.mark.parametrize(("vendor", "names"), [("salesforce", 4), ("pipedrive", 3)])
def test_the_stages_of_deals_are_described_with_their_meaning(vendor: str, names: int, document: CompleteDocument) -> None:
    made, _ = client(vendor, store_of(vendor, document.served).respond)
    with using(made):
        result = unified.describe("deals", via=vendor)
    assert len([stage.name for stage in result.statuses if stage.name]) == names
    if vendor == "salesforce":
        assert [stage.status for stage in result.statuses] == ["open", "open", "won", "lost"]
