"""Records of custom objects: written, read back and listed, with a store that is independent of mappings; no name reaches anything else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import unified
from tests.support.accounts import account_of, client
from tests.support.complete_documents import CompleteDocument
from tests.support.stores import store_of, stored
from unified import crm_objects, crm_records
from unified_emulation.query_languages import soql
from unified_platform.tools import tools
from unified_runtime import InvalidInput, NotFound, using

INSTANT = datetime(2030, 5, 6, 7, 8, 9, tzinfo=UTC)
VENDORS = sorted(stored(crm_records.get.vendors, __name__))
OBJECT = {"hubspot": "p_cars", "salesforce": "Invoice__c"}
FIELDS: dict[str, dict[str, tuple[Any, Any]]] = {
    "hubspot": {"model": ("Käfer", "Käfer"), "price": (12.5, "12.5"), "features": (["roof", "radio"], "roof;radio")},
    "salesforce": {"Total__c": (12.5, 12.5), "Paid__c": (True, True), "Kind__c": (["A", "B"], "A;B")},
}
"""A written value, and the value that is read back."""


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_written_value_is_read_back(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    object, fields = OBJECT[vendor], FIELDS[vendor]
    values = {name: given for name, (given, _) in fields.items()}
    named: dict[str, Any] = {"name": "INV-9"} if vendor == "salesforce" else {}
    with using(made):
        created = crm_records.create(type=object, **named, custom_fields=values)
        assert (created.type, created.name) == (object, named.get("name"))
        assert created.id.startswith(f"{object}/")
        assert created.owner_id is None or created.owner_id in account_of(vendor).known["users"]
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
def test_a_list_gives_every_record_once(vendor: str, number: int, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    object = OBJECT[vendor]
    with using(made):
        known = {one.id for one in crm_records.list(type=object)}
        assert {one.partition("/")[2] for one in known} == {one.partition("/")[2] for one in account_of(vendor).known["crm_records"]}
        values: dict[str, Any] = {"custom_fields": {"model": "x"}} if vendor == "hubspot" else {"name": "x"}
        created = {crm_records.create(type=object, **values).id for _ in range(number)}
        for limit in (None, 7):
            assert sorted(one.id for one in crm_records.list(type=object, limit=limit)) == sorted(known | created)
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_their_fields_are_described_and_checked(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    object, name = OBJECT[vendor], next(iter(FIELDS[vendor]))
    with using(made):
        result = unified.describe("crm_records", type=object, via=vendor)
        assert "fields" not in result.unsupported
        assert name in [field.id for field in result.fields]
        assert "fields" in unified.describe("crm_records", via=vendor).unsupported  # the object is not given
        sent = len(wire.sent)
        with pytest.raises(InvalidInput, match=f"has no field '{name[:-4]}x.*; did you mean"):
            crm_records.create(type=object, custom_fields={f"{name[:-4]}x{name[-3:]}": "x"})
        assert len(wire.sent) == sent
    assert store.refused == []


FOUND: dict[str, list[tuple[dict[str, Any], list[str]]]] = {
    "hubspot": [
        ({"model": "käfer"}, ["a", "d"]),
        ({"model": "Käfer", "price": Decimal("12.5")}, ["a"]),
        ({"price": {"at_least": 12.5}}, ["a", "b", "c"]),
        ({"price": {"above": "12.5"}}, ["b", "c"]),
        ({"price": {"above": 12, "below": Decimal("13.25")}}, ["a"]),
        ({"price": {"at_most": 13.25}}, ["a", "b"]),
        ({"price": None, "model": "Käfer"}, ["d"]),
        ({"built": {"at_least": INSTANT}}, ["b"]),
        ({"built": {"below": INSTANT}}, ["a"]),
        ({"built": date(2030, 5, 6)}, ["a"]),
        ({"model": "Käfer", "price": {}}, ["a", "d"]),
        ({"model": "x' OR model != '"}, []),
    ],
    "salesforce": [
        ({"Kind__c": "big"}, ["a", "d"]),
        ({"Kind__c": "big", "Total__c": Decimal("12.5")}, ["a"]),
        ({"Total__c": {"at_least": 12.5}}, ["a", "b", "c"]),
        ({"Total__c": {"above": 12, "below": Decimal("13.25")}}, ["a"]),
        ({"Total__c": None, "Kind__c": "big"}, ["d"]),
        ({"Paid__c": True}, ["b"]),
        ({"Due__c": date(2030, 5, 6)}, ["a"]),
        ({"Due__c": {"above": date(2030, 5, 6)}}, ["b"]),
        ({"Kind__c": "big", "Total__c": {}}, ["a", "d"]),
        ({"Kind__c": "x' OR Id != '"}, []),
    ],
}
HELD: dict[str, dict[str, dict[str, Any]]] = {
    "hubspot": {
        "a": {"model": "Käfer", "price": 12.5, "built": datetime(2030, 5, 6, tzinfo=UTC)},
        "b": {"model": "Mini", "price": 13.25, "built": INSTANT},
        "c": {"price": 14},
        "d": {"model": "Käfer"},
    },
    "salesforce": {
        "a": {"Kind__c": "big", "Total__c": 12.5, "Due__c": date(2030, 5, 6)},
        "b": {"Kind__c": "small", "Total__c": 13.25, "Paid__c": True, "Due__c": date(2030, 5, 7)},
        "c": {"Total__c": 14},
        "d": {"Kind__c": "big"},
    },
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_filter_finds_matching_records(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    object = OBJECT[vendor]
    with using(made):
        for one in [*crm_records.list(type=object)]:
            crm_records.delete(one.id)
        named = {crm_records.create(type=object, custom_fields=values).id: name for name, values in HELD[vendor].items()}
        for wanted, expected in FOUND[vendor]:
            found = [*crm_records.list(type=object, custom_fields=wanted)]
            assert sorted(named[one.id] for one in found) == expected, wanted
            for one in found:
                assert {*wanted} <= {*one.custom_fields}  # filtered fields are read, too
        everything = [*crm_records.list(type=object, custom_fields={next(iter(wanted)): {}})]
        assert sorted(named[one.id] for one in everything) == [*named.values()]
        sent = len(wire.sent)
        name = next(iter(HELD[vendor]["a"]))
        for value in ("", [], ["x"], b"x", {"atleast": 1}, {"at_least": None}, {"above": True}, float("nan"), datetime(2030, 1, 1)):
            with pytest.raises(InvalidInput, match=f"custom_fields: {name!r}"):
                crm_records.list(type=object, custom_fields={name: value})
        with pytest.raises(InvalidInput, match="not a valid name of a custom field"):
            crm_records.list(type=object, custom_fields={"Id = '' OR Name": "x"})
        assert len(wire.sent) == sent
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_filtered_records_are_returned_in_pages(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    name = next(iter(HELD[vendor]["a"]))
    with using(made):
        created = {crm_records.create(type=OBJECT[vendor], custom_fields={name: "one"}).id for _ in range(25)}
        crm_records.create(type=OBJECT[vendor], custom_fields={name: "other"})
        listed = [one.id for one in crm_records.list(type=OBJECT[vendor], custom_fields={name: "one"}, limit=7)]
        assert sorted(listed) == sorted(created)
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_filters_are_checked_against_the_description(vendor: str, document: CompleteDocument) -> None:
    """A text, the form in which agents write dates and numbers, is converted to the type of the field."""
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    name = {"hubspot": "price", "salesforce": "Due__c"}[vendor]
    text, sent_as = {"hubspot": ("12.50", '"12.50"'), "salesforce": ("2030-05-06", "Due__c = 2030-05-06 ")}[vendor]
    with using(made):
        unified.describe("crm_records", type=OBJECT[vendor], via=vendor)
        assert [*crm_records.list(type=OBJECT[vendor], custom_fields={name: text})] == []
        request = wire.sent[-1]
        assert sent_as in (unquote_plus(request.target) + (request.body or b"").decode())
        with pytest.raises(InvalidInput, match="has no field"):
            crm_records.list(type=OBJECT[vendor], custom_fields={f"{name[:-4]}x{name[-3:]}": "x"})
    assert store.refused == []


OBJECTS = {"hubspot": [("2-3465404", "Car", "Cars", "model")], "salesforce": [("Invoice__c", "Invoice", "Invoices", None)]}


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_objects_of_an_account_are_listed(vendor: str, document: CompleteDocument) -> None:
    """Only objects that hold records, of all that the account has added: no event, setting or history."""
    store = store_of(vendor, document.served)
    made, wire = client(vendor, store.respond)
    with using(made):
        listed = [*crm_objects.list()]
        assert [(one.id, one.name, one.plural, one.name_field) for one in listed] == OBJECTS[vendor]
        result = unified.describe("crm_records", via=vendor)
        assert list(result.objects) == listed
        assert "objects" not in result.unsupported
        assert "pass type" in result.unsupported["fields"]
        assert len([*crm_records.list(type=result.objects[0].id)]) == 2
        sent = len(wire.sent)
        assert unified.describe("crm_records", type=result.objects[0].id, via=vendor).objects == ()
        assert len(wire.sent) == sent + 1  # with a known object, only its fields are requested
    assert store.refused == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_agent_works_on_them(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    object, (name, (given, read)) = OBJECT[vendor], next(iter(FIELDS[vendor].items()))
    with using(made):
        box = tools(client=made, vendors=[vendor], toolsets="crm_records")
        created = box.call("crm_records_create", {"type": object, "custom_fields": {name: given}}).data
        assert created["custom_fields"] == {name: str(read)}  # fractions are returned as texts, with all digits
        listed = box.call("crm_records_list", {"type": object, "custom_fields": [name], "limit": 50}).data["items"]
        assert {name: str(read)} in [one["custom_fields"] for one in listed]
        assert box.call("crm_records_delete", {"id": created["id"]}).data == {"done": True}
        refused = box.call("crm_records_list", {"type": "User"})
        assert refused.recoverable
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
    """Any value for the object or the id is rejected, or is one segment of the path or one token of the query."""
    made, _ = client(vendor, lambda request: pytest.fail("a plan sends nothing"))
    known = {"hubspot": r"(2-[0-9]+|p[0-9]*_[a-z][a-z0-9_]*)", "salesforce": r"[A-Za-z][A-Za-z0-9_]*__c"}[vendor]
    with using(made):
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


@pytest.mark.parametrize("vendor", VENDORS)
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(name=HOSTILE, value=HOSTILE)
def test_a_filter_value_cannot_change_the_query(vendor: str, name: str, value: str) -> None:
    """A name is one word of the query and a value one literal, or they are rejected."""
    made, _ = client(vendor, lambda request: pytest.fail("a plan sends nothing"))
    field = next(iter(FIELDS[vendor]))
    with using(made):
        for requested in ({name: "x"}, {field: value}, {field: {"above": value}}, {name: {value: 1}}):
            try:
                (request,) = crm_records.list.plan(type=OBJECT[vendor], custom_fields=requested).requests
            except InvalidInput:
                continue
            ((result, given),) = requested.items()
            held = next(iter(given.values())) if isinstance(given, dict) else given
            if vendor == "hubspot":
                operator = "GT" if isinstance(given, dict) else "EQ"
                assert request.body is not None
                assert request.body["filterGroups"] == [{"filters": [{"propertyName": result, "operator": operator, "value": held}]}]
            else:
                query = dict(request.query)["q"]
                assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*__c", result, re.ASCII)
                fixed, literals = re.subn(r"'(?:[^'\\]|\\.)*'", "''", query, flags=re.DOTALL)
                sign = ">" if isinstance(given, dict) else "="
                assert fixed == f"SELECT FIELDS(STANDARD),{result} FROM {OBJECT[vendor]} WHERE {result} {sign} '' ORDER BY Id"
                assert literals == 1
                row = {result: held}
                assert isinstance(given, dict) or soql.parse(query).holds(row, lambda source: ())


def test_the_describe_path_is_not_a_record() -> None:
    made, _ = client("salesforce", lambda request: pytest.fail("nothing is sent"))
    with using(made), pytest.raises(InvalidInput):
        crm_records.get("Invoice__c/describe")
