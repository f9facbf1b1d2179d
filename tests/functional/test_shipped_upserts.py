"""Records of CRMs that are changed or created by an address, a domain or a name."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from tests.functional.shipped import responding
from unified import companies, contacts
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, using

TIME = "2030-01-02T03:04:05.678Z"


def hubspot(id: str, **properties: str) -> dict[str, Any]:
    return {"id": id, "properties": properties, "createdAt": TIME, "updatedAt": TIME, "archived": False}


def pipedrive(*hits: dict[str, Any]) -> dict[str, Any]:
    return {
        "success": True,
        "data": {"items": [{"result_score": 1, "item": hit} for hit in hits]},
        "additional_data": {"next_cursor": None},
    }


def person(id: int, name: str) -> dict[str, Any]:
    first, _, last = name.partition(" ")
    return {"success": True, "data": {"id": id, "name": name, "first_name": first, "last_name": last, "is_deleted": False}}


def test_a_known_contact_of_hubspot_is_changed() -> None:
    known = hubspot("7", email="ada@example.com", firstname="Ada")
    with responding("hubspot", {"total": 1, "results": [known]}, known, known) as requests:
        # HubSpot stores addresses in small letters
        assert contacts.upsert(email="Ada@Example.com", first_name="Ada", extra={"hubspot": {"properties": {"hs_x": "1"}}}).id == "7"
        assert requests.lines == [
            "POST /crm/v3/objects/contacts/search",
            "PATCH /crm/v3/objects/contacts/7",
            "GET /crm/v3/objects/contacts/7",
        ]
        assert requests.body(1) == {"properties": {"firstname": "Ada", "hs_x": "1"}}


def test_an_unknown_contact_of_hubspot_is_created_with_its_address() -> None:
    made = hubspot("8", email="ada@example.com")
    with responding("hubspot", {"total": 0, "results": []}, (201, made), made) as requests:
        assert contacts.upsert(email="ada@example.com", last_name="L", extra={"hubspot": {"properties": {"hs_x": "1"}}}).id == "8"
        assert requests.lines[1:] == ["POST /crm/v3/objects/contacts", "GET /crm/v3/objects/contacts/8"]
        assert requests.body(1) == {"properties": {"lastname": "L", "email": "ada@example.com", "hs_x": "1"}}


def test_a_company_of_hubspot_is_known_by_its_domain_or_else_its_name() -> None:
    known = hubspot("9", name="Acme", domain="acme.com")
    for given, name, value in (({"domain": "acme.com"}, "domain", "acme.com"), ({}, "name", "Acme")):
        with responding("hubspot", {"total": 1, "results": [known]}, known, known) as requests:
            assert companies.upsert(name="Acme", employees=7, **given, via="hubspot").id == "9"
            assert requests.body(0)["filterGroups"] == [{"filters": [{"propertyName": name, "operator": "EQ", "value": value}]}]
            assert requests.lines[1] == "PATCH /crm/v3/objects/companies/9"


def test_a_known_contact_of_salesforce_is_changed() -> None:
    row = {"attributes": {"type": "Contact"}, "Id": "003A0000001AAAAAA1", "LastName": "Lovelace", "Email": "ada@example.com"}
    found = {"totalSize": 1, "done": True, "records": [row]}
    with responding("salesforce", found, (204, b""), row) as requests:
        assert contacts.upsert(email="ada@example.com", first_name="Ada", via="salesforce").id == row["Id"]
        assert requests.query(0)["q"].endswith("WHERE Email = 'ada@example.com' ORDER BY CreatedDate")
        assert requests.lines[1].startswith("PATCH ")
        assert requests.body(1) == {"FirstName": "Ada"}


def test_a_contact_of_pipedrive_keeps_the_part_of_its_name_that_is_not_given() -> None:
    hit = {"id": 5, "type": "person", "name": "Ada Byron", "emails": ["ada@example.com"]}
    responses = (pipedrive(hit), person(5, "Ada Byron"), person(5, "Ada Lovelace"), person(5, "Ada Lovelace"))
    with responding("pipedrive", *responses) as requests:
        assert contacts.upsert(email="ada@example.com", last_name="Lovelace", via="pipedrive").last_name == "Lovelace"
        assert requests.query(0)["exact_match"] == "true"
        assert requests.body(2) == {"name": "Ada Lovelace"}
    with responding("pipedrive", pipedrive(), person(6, "ada@example.com"), person(6, "ada@example.com")) as requests:
        assert contacts.upsert(email="ada@example.com", via="pipedrive").id == "6"
        assert requests.body(1) == {"name": "ada@example.com", "emails": [{"value": "ada@example.com", "primary": True, "label": "work"}]}


@pytest.fixture(scope="module")
def emulated() -> Iterator[LocalEmulator]:
    emulator = LocalEmulator(["hubspot", "salesforce", "pipedrive"])
    with Client(emulated=emulator) as client, using(client):
        yield emulator


def test_a_second_upsert_changes_the_record_of_the_first(emulated: LocalEmulator) -> None:
    emulated.emulators.by_name["hubspot"].emulator.behaviour.clock = itertools.count(4e9, 60).__next__  # searches lag behind
    first = contacts.upsert(email="grace@navy.example", first_name="Grace", via="hubspot")
    second = contacts.upsert(email="grace@navy.example", last_name="Hopper", via="hubspot")
    assert (second.id, second.first_name, second.last_name) == (first.id, "Grace", "Hopper")
    assert [each.id for each in contacts.list(email="grace@navy.example", via="hubspot")] == [first.id]
