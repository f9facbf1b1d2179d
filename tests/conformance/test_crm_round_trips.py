"""Round trips of contacts, companies and deals, with the vendor's complete document and a store that is independent of mappings.

A field that loses information has a law that describes the loss. Amounts and shares have no such law at any vendor: they
are exact.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.inputs import inputs_of, write_all
from tests.conformance.test_requests import EXAMPLES
from tests.conformance.test_round_trips import _fields, _reported
from tests.support.accounts import account_of, client, offers, required
from tests.support.complete_documents import VENDORS as DOCUMENTED
from tests.support.complete_documents import CompleteDocument
from tests.support.stores import store_of, stored
from unified import companies, contacts, deals
from unified_runtime import Conflict, NotFound, Rejected, using
from unified_runtime.core.operations import UNSET

RESOURCES: dict[str, Any] = {"contacts": contacts, "companies": companies, "deals": deals}
CASES = [
    (vendor, resource)
    for resource, module in RESOURCES.items()
    for vendor in stored((vendor for vendor in module.create.vendors if vendor in DOCUMENTED), __name__)
]
NAMES = frozenset({"first_name", "last_name"})
EXACT = {"amount", "annual_revenue", "probability", "employees"}


def _blank(value: Any) -> Any:
    """HubSpot: an empty text is null (https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide)."""
    return value or None


def _trimmed(value: Any) -> Any:
    """Salesforce: white space around a text is removed, and an empty text is null."""
    return value.strip() or None


def _trimmed_parts(value: Any) -> Any:
    remaining = {name: text.strip() for name, text in value.model_dump().items() if text and text.strip()}
    return type(value)(**remaining) if remaining else None


def _trimmed_numbers(values: Any) -> Any:
    order = ("work", "mobile", "home", "fax", "assistant", "other")
    return sorted((type(each)(type=each.type, number=each.number.strip()) for each in values), key=lambda each: order.index(each.type))


def _parts(value: Any) -> Any:
    """An address without content is removed, and so is an empty text."""
    remaining = {name: text for name, text in value.model_dump().items() if text}
    return type(value)(**remaining) if remaining else None


def _ordered(words: tuple[str, ...]) -> Callable[[Any], Any]:
    """A vendor with one field for each kind returns them in the order of its fields."""
    return lambda values: sorted(values, key=lambda each: words.index(each.type))


def _addresses(values: Any) -> Any:
    """HubSpot: the main address first, and each additional one once."""
    return [*(each for each in values if each.type == "work"), *dict.fromkeys(each for each in values if each.type == "other")]


LAWS: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("hubspot", "phones"): _ordered(("work", "mobile", "fax")),
    ("hubspot", "emails"): _addresses,
    **{("hubspot", name): _blank for name in ("first_name", "last_name", "job_title", "name", "domain", "industry", "description")},
    **{("hubspot", name): _blank for name in ("currency", "owner_id", "lifecycle_stage", "lead_source", "lost_reason")},
    ("hubspot", "address"): _parts,
    **{
        ("salesforce", name): _trimmed
        for name in ("first_name", "last_name", "job_title", "department", "name", "industry", "description", "currency", "lead_source")
    },
    ("salesforce", "address"): _trimmed_parts,
    ("salesforce", "phones"): _trimmed_numbers,
}
assert not EXACT & {name for _, name in LAWS}, "no law may excuse a number"


IN_ONE = {"pipedrive"}
"""Vendors that store one name, and return its first word and the rest: the original division is lost."""


def _complete(first: Any, last: Any) -> str:
    return " ".join(f"{first or ''} {last or ''}".split())


def _check(vendor: str, written: dict[str, Any], read: Any, fields: frozenset[str]) -> None:
    if vendor in IN_ONE and isinstance(written.get("first_name"), str) and isinstance(written.get("last_name"), str):
        assert _complete(read.first_name, read.last_name) == _complete(written["first_name"], written["last_name"])
    for name in written.keys() & fields - (NAMES if vendor in IN_ONE else frozenset()):
        value = written[name]
        if value is None or value == []:
            assert not getattr(read, name), name
        elif value is not UNSET:
            law = LAWS.get((vendor, name))
            assert getattr(read, name) == (value if law is None else law(value)), (name, value)


@pytest.mark.parametrize(("vendor", "resource"), CASES)
def test_a_created_record_reads_as_it_was_written(vendor: str, resource: str, document: CompleteDocument) -> None:
    module, fields = RESOURCES[resource], _fields(vendor, resource, "create")
    stores = [store_of(vendor, document.served)]
    made, _ = client(vendor, lambda request: stores[-1].respond(request))
    seen: set[str] = set()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs_of(module.create, account_of(vendor), [], required(vendor, module.create), wild=False))
    def any_record(values: dict[str, Any]) -> None:
        stores[:] = [store_of(vendor, document.served)]
        with using(made):
            created, written = _reported(made, module.create, values)
            assert stores[-1].refused == []
            if created is None:
                return
            given = {name: value for name, value in written.items() if value is not None}  # on create None is "not given"
            _check(vendor, given, created, fields)
            again = module.get(created.id)
            assert again == created
            assert created in list(module.list())
        seen.update(name for name, value in given.items() if value is not UNSET)

    write_all(any_record, fields, seen, enough=EXAMPLES >= 100)


@pytest.mark.parametrize(("vendor", "resource"), CASES)
def test_an_updated_record_reads_as_it_was_written_and_the_rest_stays(vendor: str, resource: str, document: CompleteDocument) -> None:
    module, fields = RESOURCES[resource], _fields(vendor, resource, "update")
    stores = [store_of(vendor, document.served)]
    made, _ = client(vendor, lambda request: stores[-1].respond(request))
    account = account_of(vendor)
    needed = required(vendor, module.create)

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        inputs_of(module.create, account, [], needed, wild=False), inputs_of(module.update, account, [], frozenset(), wild=False),
    )  # fmt: skip
    def any_change(first: dict[str, Any], values: dict[str, Any]) -> None:
        stores[:] = [store_of(vendor, document.served)]
        with using(made):
            before, _ = _reported(made, module.create, first)
            if before is None:
                return
            after, written = _reported(made, module.update, values | {"id": before.id})
            assert stores[-1].refused == []
            if after is None:
                return
            changed = {name for name, value in written.items() if value is not UNSET}
            _check(vendor, written, after, fields)
            for name in type(before).model_fields:
                if name not in changed | {"updated_at"} | FOLLOWS.get((vendor, resource), frozenset()):
                    assert getattr(after, name) == getattr(before, name), name
            assert module.get(before.id) == after

    any_change()


FOLLOWS: dict[tuple[str, str], frozenset[str]] = {
    **{(vendor, "deals"): frozenset({"status", "probability"}) for vendor in ("hubspot", "salesforce")},
    ("pipedrive", "deals"): frozenset({"closed_at", "stage_id", "pipeline_id"}),
    ("pipedrive", "contacts"): NAMES,
}
"""Fields that the vendor derives from others: a deal's stage determines its status, or its pipeline the stages."""


@pytest.mark.parametrize(("vendor", "resource"), CASES)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=st.integers(0, 230))
def test_a_list_gives_every_record_once(vendor: str, resource: str, number: int, document: CompleteDocument) -> None:
    module, account = RESOURCES[resource], account_of(vendor)
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    needed = {name: account.known["deal_stages"][0] for name in required(vendor, module.create) if name == "stage_id"}
    with using(made):
        known = {one.id for one in module.list()}
        owner = account.known["users"][-1]  # owners of records are returned only on request
        owned = {one.id for one in module.list(owner_id=owner)}
        name = "last_name" if resource == "contacts" else "name"
        created = {
            module.create(**{name: f"Record {n}"}, owner_id=owner, **needed, **EXTRAS.get((vendor, resource), {})).id for n in range(number)
        }
        for limit in (None, 7):
            assert sorted(one.id for one in module.list(limit=limit)) == sorted(known | created)
            assert sorted(one.id for one in module.list(owner_id=owner, limit=limit)) == sorted(owned | created)
    assert store.refused == []


EXTRAS: dict[tuple[str, str], dict[str, Any]] = {("salesforce", "deals"): {"close_date": date(2031, 1, 2)}}
"""Other fields that a vendor requires for a new record."""


@pytest.mark.parametrize(("vendor", "resource"), CASES)
def test_a_record_is_found_by_a_text_in_its_name(vendor: str, resource: str, document: CompleteDocument) -> None:
    module, store = RESOURCES[resource], store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    name = "last_name" if resource == "contacts" else "name"
    needed = {"stage_id": account_of(vendor).known["deal_stages"][0], "close_date": date(2031, 1, 2)}
    needed = {each: value for each, value in needed.items() if each in required(vendor, module.create)}
    with using(made):
        wanted, other = (module.create(**{name: text}, **needed).id for text in ("Zephyr Works", "Quill"))
        assert [one.id for one in module.list(text="zephyr")] == [wanted]
        found = {one.id for one in module.list()}
        assert found >= {wanted, other}
    assert store.refused == []


@pytest.mark.parametrize(("vendor", "resource"), CASES)
def test_a_deleted_record_is_gone(vendor: str, resource: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    known = account_of(vendor).known[resource]
    with using(made):
        RESOURCES[resource].delete(known[0])
        with pytest.raises(NotFound):
            RESOURCES[resource].get(known[0])
        assert known[0] not in [one.id for one in RESOURCES[resource].list()]
    assert store.refused == []


@pytest.mark.parametrize("vendor", [vendor for vendor, resource in CASES if resource == "deals"])
def test_links_lead_both_ways(vendor: str, document: CompleteDocument) -> None:
    """contact ↔ company, deal ↔ company: a link from one side is found from the other."""
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    account = account_of(vendor)
    (company, other), (person, _) = account.known["companies"][:2], account.known["contacts"][:2]
    needed: dict[str, Any] = {name: account.known["deal_stages"][0] for name in required(vendor, deals.create) if name == "stage_id"}
    with using(made):
        others = {one.id for each in (company, other) for one in contacts.list(company_id=each)} - {person}
        contacts.update(person, company_id=company)
        assert {one.id for one in contacts.list(company_id=company)} - others == {person}
        contacts.update(person, company_id=other)
        assert contacts.get(person).company_id == other
        assert {one.id for one in contacts.list(company_id=other)} - others == {person}
        before = [one.id for one in deals.list(company_id=company)]
        deal = deals.create(name="New", company_id=company, **needed, **EXTRAS.get((vendor, "deals"), {}))
        assert deal.company_id == company
        assert [one.id for one in deals.list(company_id=company) if one.id not in before] == [deal.id]
    assert store.refused == []


@pytest.mark.parametrize(
    "vendor", [vendor for vendor in deals.add_contact.vendors if vendor in DOCUMENTED and offers(vendor, deals.add_contact)]
)
def test_people_are_linked_to_a_deal_and_taken_off_it(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    made, _ = client(vendor, store.respond)
    known = account_of(vendor).known
    deal, (person, other) = known["deals"][0], known["contacts"][:2]
    with using(made):
        assert not deals.get(deal).contact_ids
        assert deals.add_contact(deal, person).contact_ids == [person]
        assert sorted(deals.add_contact(deal, other).contact_ids or ()) == sorted([person, other])
        assert sorted(next(iter(deals.list())).contact_ids or ()) == sorted([person, other])
        assert sorted(one.id for one in contacts.list(deal_id=deal)) == sorted([person, other])
        assert [one.id for one in deals.list(contact_id=other)] == [deal]
        assert deals.remove_contact(deal, person).contact_ids == [other]
        assert [one.id for one in contacts.list(deal_id=deal)] == [other]
        with pytest.raises((NotFound, Rejected, Conflict)):
            deals.add_contact(deal, known["companies"][0])
        assert deals.get(deal).contact_ids == [other]
    assert store.refused == []
