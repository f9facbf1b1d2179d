"""Records of custom objects: written, read back and listed, at a store that knows no mapping; no name of one reaches anything else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import unified
from tests.support.accounts import ACCOUNTS, client
from tests.support.stores import store_of
from tests.support.whole import Whole
from unified import crm_objects, crm_records
from unified_platform.tools import tools
from unified_runtime import InvalidInput, NotFound

VENDORS = sorted(crm_records.get.vendors)
OBJECT = {"hubspot": "p_cars", "salesforce": "Invoice__c"}
FIELDS: dict[str, dict[str, tuple[Any, Any]]] = {
    "hubspot": {"model": ("Käfer", "Käfer"), "price": (12.5, "12.5"), "features": (["roof", "radio"], "roof;radio")},
    "salesforce": {"Total__c": (12.5, 12.5), "Paid__c": (True, True), "Kind__c": (["A", "B"], "A;B")},
}
"""What is written, and what is read back."""


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_written_is_read_back(vendor: str, document: Whole) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.answer)
    object, fields = OBJECT[vendor], FIELDS[vendor]
    values = {name: given for name, (given, _) in fields.items()}
    named: dict[str, Any] = {"name": "INV-9"} if vendor == "salesforce" else {}
    with made:
        created = crm_records.create(type=object, **named, custom_fields=values)
        assert (created.type, created.name) == (object, named.get("name"))
        assert created.id.startswith(f"{object}/")
        assert created.owner_id is None or created.owner_id in ACCOUNTS[vendor].known["users"]
        assert created.created_at is not None
        for name, (_, read) in fields.items():
            assert created.custom_fields[name] == read
        assert crm_records.get(created.id, custom_fields=[*fields]) == created
        first = next(iter(fields))
        listed = next(one for one in crm_records.list(type=object, custom_fields=[first]) if one.id == created.id)
        assert listed.custom_fields[first] == fields[first][1]
        changed = crm_records.update(created.id, custom_fields={first: None})
        assert not changed.custom_fields[first]
        assert (changed.id, changed.type, changed.name) == (created.id, created.type, created.name)
        other = [*fields][1]
        assert crm_records.get(created.id, custom_fields=[other]).custom_fields[other] == fields[other][1]
        crm_records.delete(created.id)
        with pytest.raises(NotFound):
            crm_records.get(created.id)
        assert created.id not in [one.id for one in crm_records.list(type=object)]
        with pytest.raises(InvalidInput, match="nothing to change"):
            crm_records.update(created.id)
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=st.integers(0, 120))
def test_a_list_gives_every_record_once(vendor: str, number: int, document: Whole) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.answer)
    object = OBJECT[vendor]
    with made:
        known = {one.id for one in crm_records.list(type=object)}
        assert {one.partition("/")[2] for one in known} == {one.partition("/")[2] for one in ACCOUNTS[vendor].known["crm_records"]}
        values: dict[str, Any] = {"custom_fields": {"model": "x"}} if vendor == "hubspot" else {"name": "x"}
        created = {crm_records.create(type=object, **values).id for _ in range(number)}
        for limit in (None, 7):
            assert sorted(one.id for one in crm_records.list(type=object, limit=limit)) == sorted(known | created)
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_their_fields_are_described_and_checked(vendor: str, document: Whole) -> None:
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.answer)
    object, name = OBJECT[vendor], next(iter(FIELDS[vendor]))
    with made:
        told = unified.describe("crm_records", type=object, via=vendor)
        assert "fields" not in told.gaps
        assert name in [field.id for field in told.fields]
        assert "fields" in unified.describe("crm_records", via=vendor).gaps  # which object is meant is not said
        sent = len(wire.sent)
        with pytest.raises(InvalidInput, match=f"has no field '{name[:-4]}x.*; did you mean"):
            crm_records.create(type=object, custom_fields={f"{name[:-4]}x{name[-3:]}": "x"})
        assert len(wire.sent) == sent
    assert store.refused == []


OBJECTS = {"hubspot": [("2-3465404", "Car", "Cars", "model")], "salesforce": [("Invoice__c", "Invoice", "Invoices", None)]}


@pytest.mark.parametrize("vendor", VENDORS)
def test_which_objects_there_are_is_told(vendor: str, document: Whole) -> None:
    """Those that hold records, and nothing else that the account has added: no event, setting or history."""
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.answer)
    with made:
        listed = [*crm_objects.list()]
        assert [(one.id, one.name, one.plural, one.name_field) for one in listed] == OBJECTS[vendor]
        told = unified.describe("crm_records", via=vendor)
        assert list(told.objects) == listed
        assert "objects" not in told.gaps
        assert "give type" in told.gaps["fields"]
        assert len([*crm_records.list(type=told.objects[0].id)]) == 2
        sent = len(wire.sent)
        assert unified.describe("crm_records", type=told.objects[0].id, via=vendor).objects == ()
        assert len(wire.sent) == sent + 1  # who knows the object asks for its fields alone
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_agent_works_on_them(vendor: str, document: Whole) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.answer)
    object, (name, (given, read)) = OBJECT[vendor], next(iter(FIELDS[vendor].items()))
    with made:
        box = tools(client=made, vendors=[vendor], toolsets="crm_records")
        created = box.call("crm_records_create", {"type": object, "custom_fields": {name: given}}).data
        assert created["custom_fields"] == {name: str(read)}  # fractions are told as texts, to the last digit
        listed = box.call("crm_records_list", {"type": object, "custom_fields": [name], "limit": 50}).data["items"]
        assert {name: str(read)} in [one["custom_fields"] for one in listed]
        assert box.call("crm_records_delete", {"id": created["id"]}).data == {"done": True}
        refused = box.call("crm_records_list", {"type": "User"})
        assert refused.mendable
    assert store.refused == []


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from([
        "User", "Contact", "contacts", "0-1", "..", ".", "a/b", "Invoice__c WHERE Id != ''", "Invoice__c, User", "Invoice__c\n",
        "Invoice__c%2F..%2FUser", "2-1/../contacts", "2-1?archived=true", "p_cars#", "Invoice__c--", "Invoice__C", "describe",
        "Inv\u200boice__c", "\uff29nvoice__c", "__c", "_x__c", "Invoice__mdt", "Invoice__e", "2-", "p_", "P_cars", "2-1\r\nX: y",
    ]),
    st.from_regex(r"[A-Za-z_0-9 ()',;\n/%.?#-]{1,30}(__c|\n)?", fullmatch=True),
)  # fmt: skip


@pytest.mark.parametrize("vendor", VENDORS)
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(name=HOSTILE, number=HOSTILE)
def test_no_name_and_no_id_reaches_anything_but_custom_objects(vendor: str, name: str, number: str) -> None:
    """Whatever is given for the object or the id: it is refused, or it is one step of the address, or one word of the query."""
    made, _ = client(vendor, lambda request: pytest.fail("a plan sends nothing"))
    known = {"hubspot": r"(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)", "salesforce": r"[A-Za-z][A-Za-z0-9_]*__c"}[vendor]
    with made:
        for given in (f"{name}/{number}", name, f"{name}/1", f"{OBJECT[vendor]}/{number}"):
            for operation in (crm_records.get, crm_records.delete):
                _judge(vendor, known, lambda operation=operation, given=given: operation.plan(given))
        _judge(vendor, known, lambda: crm_records.create.plan(type=name, custom_fields={}))
        _judge(vendor, known, lambda: crm_records.list.plan(type=name))


def _judge(vendor: str, known: str, plan: Any) -> None:
    try:
        (request, *_) = plan().requests
    except InvalidInput:
        return
    base = {"hubspot": r".*/crm/v3/objects/", "salesforce": r".*/services/data/v59\.0/sobjects/"}[vendor]
    query = dict(request.query or {}).get("q")
    if query is not None:
        assert re.fullmatch(rf"SELECT FIELDS\(STANDARD\) FROM {known} ORDER BY Id", query, re.ASCII), query
    else:
        number = {"hubspot": "[0-9]+", "salesforce": "[A-Za-z0-9]{15}([A-Za-z0-9]{3})?"}[vendor]
        assert re.fullmatch(rf"{base}{known}(/{number})?", request.url, re.ASCII), request.url


def test_the_describing_address_is_no_record() -> None:
    made, _ = client("salesforce", lambda request: pytest.fail("nothing is sent"))
    with made, pytest.raises(InvalidInput):
        crm_records.get("Invoice__c/describe")
