"""Custom fields are written by name and read back: those that a call requests, and those that it has just written."""

from __future__ import annotations

import json
import pickle
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import unified
from tests.conformance.test_crm_describe import ADDED, _extra
from tests.support.accounts import account_of, client
from tests.support.complete_documents import CompleteDocument
from tests.support.stores import store_of
from unified import companies, contacts, deals
from unified.models.deals import Deal
from unified_platform.tools import results, tools
from unified_runtime import InvalidInput, Raw, Unsupported, attach, using
from unified_runtime.core.raw import Document

NEVER_REQUESTED = {"pipedrive"}
"""Vendors that send custom fields unasked."""


@pytest.mark.parametrize("vendor", sorted(ADDED))
def test_written_values_are_read_back(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    name, value, _, _ = ADDED[vendor]
    deal = account_of(vendor).known["deals"][0]
    with using(made):
        written = deals.update(deal, extra=_extra(vendor, name, value))
        assert written.custom_fields[name] == value
        requested = deals.get(deal, custom_fields=[name])
        assert requested.custom_fields[name] == value
        assert requested == written
        listed = next(one for one in deals.list(custom_fields=[name]) if one.id == deal)
        assert listed.custom_fields[name] == value
        assert (name in deals.get(deal).custom_fields) is (vendor in NEVER_REQUESTED)
    assert store.refused == []
    assert pickle.loads(pickle.dumps(requested)).custom_fields[name] == value
    assert results.plain(requested, ("name",), [name]) == {"id": deal, "name": requested.name, "custom_fields": {name: value}}
    assert "custom_fields" not in requested.model_dump()


@pytest.mark.parametrize("vendor", sorted(ADDED))
def test_they_are_written_by_name_and_read_back(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    name, value, wrong, result = ADDED[vendor]
    deal = account_of(vendor).known["deals"][0]
    with using(made):
        written = deals.update(deal, custom_fields={name: value})
        assert written.custom_fields[name] == value
        assert deals.get(deal, custom_fields=[name]) == written
        as_extra = [json.loads(one.body or b"null") for one in wire.sent if one.method in ("PATCH", "PUT")]
        deals.update(deal, extra=_extra(vendor, name, value))
        assert [json.loads(one.body or b"null") for one in wire.sent if one.method in ("PATCH", "PUT")] == as_extra * 2
        unified.describe("deals", via=vendor)
        assert deals.update(deal, name="Named", custom_fields={name: value}).custom_fields[name] == value
        sent = len(wire.sent)
        with pytest.raises(InvalidInput, match=result):
            deals.update(deal, custom_fields={name: wrong})
        with pytest.raises(InvalidInput, match="is given in extra too"):
            deals.update(deal, custom_fields={name: value}, extra=_extra(vendor, name, value))
        with pytest.raises(InvalidInput, match=r"must be a list of names: deals\.get writes no such fields"):
            deals.get(deal, custom_fields={name: value})  # type: ignore[arg-type]
        with pytest.raises(InvalidInput, match="is a set: use a string"):
            deals.update(deal, custom_fields={name: {1}})
        assert len(wire.sent) == sent
    assert store.refused == []


def test_values_are_written_as_the_vendor_writes_them() -> None:
    values: dict[str, Any] = {
        "a": True, "b": Decimal("12.50"), "c": 3, "d": date(2031, 1, 2), "e": datetime(2031, 1, 2, 3, tzinfo=timezone(timedelta(hours=1))),
        "f": ["x", "y"], "g": None, "h": "text", "i": 0.1,
    }  # fmt: skip
    made, _ = client("hubspot", lambda request: pytest.fail("a plan sends nothing"))
    with using(made):
        body = deals.update.plan("1", custom_fields=values).requests[0].body
    assert body == {
        "properties": {
            "a": "true", "b": "12.50", "c": "3", "d": "2031-01-02", "e": "2031-01-02T02:00:00.000Z", "f": "x;y", "g": "",
            "h": "text", "i": "0.1",
        }
    }  # fmt: skip
    made, _ = client("salesforce", lambda request: pytest.fail("a plan sends nothing"))
    with using(made):
        body = (
            deals.update.plan("006000000000001AAA", custom_fields={f"{name}__c": value for name, value in values.items()}).requests[0].body
        )
        with pytest.raises(InvalidInput, match="a date-time without a time zone"):
            deals.update.plan("006000000000001AAA", custom_fields={"a__c": datetime(2031, 1, 2)})
    assert body == {
        "a__c": True, "b__c": Decimal("12.50"), "c__c": 3, "d__c": "2031-01-02", "e__c": "2031-01-02T02:00:00.000Z", "f__c": "x;y",
        "g__c": None, "h__c": "text", "i__c": Decimal("0.1"),
    }  # fmt: skip


@pytest.mark.parametrize("vendor", sorted(ADDED))
def test_an_agent_writes_them(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    name, value, _, _ = ADDED[vendor]
    deal = account_of(vendor).known["deals"][0]
    with using(made):
        box = tools(client=made, vendors=[vendor], toolsets="deals")
        assert box.call("deals_update", {"id": deal, "custom_fields": {name: value}}).data["custom_fields"] == {name: value}
        refused = box.call("deals_update", {"id": deal, "custom_fields": {"No Such": value}})
        assert refused.recoverable
        assert "is not a valid name of a custom field" in refused.text
    assert store.refused == []


@pytest.mark.parametrize("vendor", sorted(ADDED))
def test_an_agent_requests_and_sees_them(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    name, value, _, _ = ADDED[vendor]
    deal = account_of(vendor).known["deals"][0]
    with using(made):
        deals.update(deal, extra=_extra(vendor, name, value))
        box = tools(client=made, vendors=[vendor], toolsets="deals")
        assert box.call("deals_get", {"id": deal, "custom_fields": [name]}).data["custom_fields"] == {name: value}
        listed = box.call("deals_list", {"custom_fields": [name]}).data["items"]
        assert {name: value} in [one["custom_fields"] for one in listed]
        assert "custom_fields" not in box.call("deals_get", {"id": deal}).data
        refused = box.call("deals_list", {"custom_fields": ["No Such"]})
        assert refused.recoverable
        assert "is not a valid name of a custom field" in refused.text
    assert store.refused == []


@pytest.mark.parametrize("vendor", ["hubspot"])
def test_a_search_requests_them_too(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    with using(made):
        for _ in deals.list(owner_id="1", custom_fields=["favourite_colour"]):
            pass
    assert "favourite_colour" in json.loads(wire.sent[-1].body or b"")["properties"]
    assert store.refused == []


def test_the_request_contains_them() -> None:
    made, _ = client("salesforce", lambda request: pytest.fail("a plan sends nothing"))
    with using(made):
        (request,) = contacts.list.plan(custom_fields=["Size__c", "acme__Colour__c", "Size__c"]).requests
        assert "FIELDS(STANDARD),Size__c,acme__Colour__c FROM Contact" in dict(request.query)["q"]
    made, _ = client("hubspot", lambda request: pytest.fail("a plan sends nothing"))
    with using(made):
        (plain,) = companies.get.plan("1").requests
        (request,) = companies.get.plan("1", custom_fields=["lifecyclestage"]).requests
        assert dict(request.query)["properties"] == dict(plain.query)["properties"] + ",lifecyclestage"


@pytest.mark.parametrize("vendor", sorted(ADDED))
@given(name=st.text(max_size=50) | st.from_regex(r"[A-Za-z_, ()'\n]{1,30}__c\n?", fullmatch=True))
def test_a_name_that_no_such_field_has_is_refused_before_anything_is_sent(vendor: str, name: str) -> None:
    made, wire = client(vendor, lambda request: pytest.fail("nothing is sent"))
    with using(made):
        needed = {"stage_id": "Prospecting", "close_date": date(2031, 1, 2)} if vendor == "salesforce" else {"stage_id": "1"}
        try:
            planned = str(deals.list.plan(custom_fields=[name]))
            deals.create.plan(name="New", **needed, custom_fields={name: "x"})
        except InvalidInput as error:
            planned, result = "", dict(error.fields)
        else:
            result = {}
        assert planned or set(result) == {"custom_fields"}
        assert not planned or (name.isascii() and name.replace("_", "").isalnum())
        assert not planned or name in planned or vendor in NEVER_REQUESTED
    assert wire.sent == []


@pytest.mark.parametrize(
    ("vendor", "name", "message"),
    [
        ("hubspot", "dealname", "is a field of HubSpot itself"),
        ("salesforce", "Amount", "is not a valid name of a custom field of Salesforce"),
        ("pipedrive", "favourite_colour", "is not a valid name of a custom field of Pipedrive"),
    ],
)
def test_a_field_of_the_vendor_is_not_a_custom_field(vendor: str, name: str, message: str) -> None:
    made, _ = client(vendor, lambda request: pytest.fail("nothing is sent"))
    with using(made), pytest.raises(InvalidInput, match=message):
        deals.get("1", custom_fields=[name])
    with using(made), pytest.raises(InvalidInput, match="must be a list of names"):
        deals.get("1", custom_fields=name)


@pytest.mark.parametrize("vendor", sorted(ADDED))
def test_once_described_a_name_is_checked_against_the_account(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    name = ADDED[vendor][0]
    wrong = name[:-4] + "xx__c" if vendor == "salesforce" else name[:-1] + "0"
    with using(made):
        described = unified.describe("deals", via=vendor)
        label = next(field.name for field in described.fields if field.id == name)
        deal = deals.update(account_of(vendor).known["deals"][0], extra=_extra(vendor, name, ADDED[vendor][1]))
        assert described.custom_fields(deal)[label] == {"hubspot": "Green", "pipedrive": "Green", "salesforce": "Completed"}[vendor]
        sent = len(wire.sent)
        with pytest.raises(InvalidInput, match=f"has no field '{wrong}'; did you mean"):
            deals.list(custom_fields=[wrong]).first()
        if vendor == "pipedrive":
            with pytest.raises(InvalidInput, match=f"{label} is '{name}'"):
                deals.list(custom_fields=[str(label)]).first()
        assert len(wire.sent) == sent


def test_a_fraction_keeps_every_digit() -> None:
    body = b'{"Id": "1", "Rate__c": 0.1000000000000000055, "Count__c": 3, "Amount": 1.5, "Note__c": null}'
    deal = attach(Deal(id="1"), "salesforce", Raw(Document(body)))
    assert dict(deal.custom_fields) == {"Rate__c": Decimal("0.1000000000000000055"), "Count__c": 3, "Note__c": None}
    assert dict(Deal(id="1").custom_fields) == {}


def test_a_vendor_without_custom_fields_reports_it() -> None:
    task: Any = attach(Deal(id="1"), "nobody", Raw(Document(b"{}")))
    assert dict(task.custom_fields) == {}


@pytest.mark.parametrize("vendor", ["pipedrive"])
@pytest.mark.parametrize(("count", "complete"), [(100, True), (101, False)])
def test_a_look_up_is_complete_or_reports_that_it_is_not(vendor: str, count: int, complete: bool, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    with using(made):
        assert len(companies.list.plan(name="Namesake").requests) == 2
        for _ in range(count):
            companies.create(name="Namesake")
        if complete:
            assert len([*companies.list(name="Namesake")]) == count
        else:
            with pytest.raises(Unsupported, match="more records than one response can contain"):
                companies.list(name="Namesake").first()
    assert store.refused == []
