"""CRM adapters, with responses as the vendors document them, and with emulators."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.functional.shipped import responding
from unified import contacts, deals, notes, users
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, Unsupported, bearer, using

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def emulated() -> Iterator[LocalEmulator]:
    emulator = LocalEmulator(["hubspot", "salesforce", "pipedrive"])
    with Client(emulated=emulator) as client, using(client):
        yield emulator


def minutes() -> Callable[[], float]:
    """Return a clock by which new records have appeared in searches at the next request."""
    return itertools.count(4e9, 60).__next__


def hubspot_contact(number: int) -> dict[str, Any]:
    time = "2030-01-02T03:04:05.678Z"
    return {"id": str(number), "properties": {}, "createdAt": time, "updatedAt": time, "archived": False}


def test_a_search_of_hubspot_continues_after_the_last_id() -> None:
    pages = [
        {"total": 10_101, "results": [hubspot_contact(number) for number in range(1, 101)], "paging": {"next": {"after": "100"}}},
        {"total": 1, "results": [hubspot_contact(101)]},
    ]
    with responding("hubspot", *pages) as requests:
        assert len(list(contacts.list(updated_after=SINCE, via="hubspot"))) == 101
        first, second = requests.body(0), requests.body(1)
    assert (first["sorts"], second["sorts"]) == (["hs_object_id"], ["hs_object_id"])
    assert "after" not in second
    since, beyond = second["filterGroups"][0]["filters"]
    assert first["filterGroups"] == [{"filters": [since]}]
    assert beyond == {"propertyName": "hs_object_id", "operator": "GT", "value": "100"}


def test_a_search_of_hubspot_returns_each_record_once(emulated: LocalEmulator) -> None:
    made = [contacts.create(first_name=f"Ada {number}", via="hubspot").id for number in range(5)]
    emulated.emulators.by_name["hubspot"].emulator.behaviour.clock = minutes()
    found = [each.id for each in contacts.list(updated_after=SINCE, limit=2, via="hubspot")]
    assert len(found) == len(set(found))
    assert set(made) <= set(found)


CREATED = {"id": "7", "createdAt": "2030-01-02T03:04:05Z", "updatedAt": "2030-01-02T03:04:05Z", "archived": False}


def test_a_note_of_hubspot_is_linked_in_the_request_that_creates_it() -> None:
    linked = {
        "deals": {"results": [{"id": "501", "type": "note_to_deal"}]},
        "contacts": {"results": [{"id": "101", "type": "note_to_contact"}]},
    }
    note = {**CREATED, "properties": {"hs_note_body": "<p>Called <strong>Ada</strong></p>"}}
    link = {"fromObjectId": "7", "fromObjectTypeId": "0-46", "toObjectId": "101", "toObjectTypeId": "0-1", "labels": []}
    with responding("hubspot", (201, note), link, note | {"associations": linked}) as requests:
        made = notes.create(body="Called **Ada**", deal_id="501", contact_id="101", via="hubspot")
        body = requests.body(0)
    assert (made.body, made.deal_id, made.contact_id, made.company_id) == ("Called **Ada**", "501", "101", None)
    assert requests.lines == [
        "POST /crm/v3/objects/notes",
        "PUT /crm/v4/objects/notes/7/associations/contacts/101",
        "GET /crm/v3/objects/notes/7",
    ]
    assert body["associations"] == [{"to": {"id": "501"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 214}]}]
    assert datetime.now(UTC) - datetime.fromisoformat(body["properties"].pop("hs_timestamp")) < timedelta(minutes=1)
    assert body["properties"] == {"hs_note_body": "<p>Called <strong>Ada</strong></p>"}


def test_notes_of_hubspot_are_searched_by_their_deal() -> None:
    with responding("hubspot", {"total": 0, "results": []}) as requests:
        assert list(notes.list(deal_id="501", via="hubspot")) == []
        assert requests.lines == ["POST /crm/v3/objects/notes/search"]
        filters = requests.body(0)["filterGroups"][0]["filters"]
    assert filters == [{"propertyName": "associations.deal", "operator": "EQ", "value": "501"}]


def test_a_note_of_salesforce_states_what_it_is_on() -> None:
    record = {"Id": "002000000000001", "ParentId": "0030000000000AA", "Title": "Note", "Body": "Hi", "CreatedById": "0050000000000AA"}
    with responding("salesforce", (201, {"id": record["Id"], "success": True, "errors": []}), record) as requests:
        made = notes.create(body="Hi", contact_id="0030000000000AA", via="salesforce")
        assert requests.body(0) == {"ParentId": "0030000000000AA", "Title": "Note", "Body": "Hi"}
    assert (made.deal_id, made.contact_id, made.company_id, made.author_id) == (None, "0030000000000AA", None, "0050000000000AA")
    with responding("salesforce"), pytest.raises(Unsupported, match="refer to one record"):
        notes.create(body="Hi", contact_id="0030000000000AA", deal_id="0060000000000AA", via="salesforce")


@pytest.mark.parametrize("vendor", ["hubspot", "salesforce", "pipedrive"])
def test_a_note_is_logged_read_changed_and_deleted(emulated: LocalEmulator, vendor: str) -> None:
    emulated.emulators.by_name[vendor].emulator.behaviour.clock = minutes()
    deal = next(iter(deals.list(via=vendor)))
    made = notes.create(body="Called **Ada**", deal_id=deal.id, via=vendor)
    assert made.id in [each.id for each in notes.list(deal_id=deal.id, via=vendor)]
    assert notes.update(made.id, body="Called *Grace*", via=vendor).body == "Called *Grace*"
    notes.delete(made.id, via=vendor)
    assert made.id not in [each.id for each in notes.list(via=vendor)]


def test_the_plan_of_a_note_has_no_time() -> None:
    with Client() as client, using(client):
        client.connect("hubspot", bearer("secret"))
        assert "time of the call" in str(notes.create.plan(body="Hi", deal_id="501", via="hubspot"))


def test_the_user_of_salesforce_is_known_without_chatter() -> None:
    user = {"Id": "0050000000000AA", "Name": "Ada", "Email": "ada@example.com", "IsActive": True}
    with responding("salesforce", {"user_id": user["Id"], "organization_id": "00D"}, user) as requests:
        assert users.me(via="salesforce").email == "ada@example.com"
        assert requests.lines == ["GET /services/oauth2/userinfo", "GET /services/data/v59.0/sobjects/User/0050000000000AA"]
        assert all(request.url.startswith("https://acme.my.salesforce.com/") for request in requests.transport.requests)


def test_new_records_are_searched_by_their_creation() -> None:
    with responding("hubspot", {"total": 0, "results": []}) as requests:
        assert list(contacts.list(created_after=SINCE, via="hubspot")) == []
        filters = requests.body(0)["filterGroups"][0]["filters"]
    assert filters == [{"propertyName": "createdate", "operator": "GTE", "value": "1577836800000"}]
    with responding("salesforce", {"totalSize": 0, "done": True, "records": []}) as requests:
        assert list(deals.list(created_after=SINCE, via="salesforce")) == []
        assert "WHERE CreatedDate >= 2020-01-01T00:00:00Z" in requests.query(0)["q"]
    rows = [{"id": 1, "title": "Old", "add_time": "2019-01-01T00:00:00Z"}, {"id": 2, "title": "New", "add_time": "2030-01-01T00:00:00Z"}]
    with responding("pipedrive", {"success": True, "data": rows, "additional_data": {}}):
        assert [deal.name for deal in deals.list(created_after=SINCE, via="pipedrive")] == ["New"]


def test_why_a_deal_was_lost() -> None:
    row = {"id": 1, "title": "First", "status": "lost", "lost_reason": "Price"}
    with responding("pipedrive", {"success": True, "data": row}) as requests:
        assert deals.update("1", status="lost", lost_reason="Price", via="pipedrive").lost_reason == "Price"
        assert requests.body(0) == {"status": "lost", "lost_reason": "Price"}
