"""Leads and activities of CRMs, with responses as the vendors document them, and with emulators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.functional.shipped import responding
from unified import activities, leads
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, Unsupported, using

TIME = "2030-01-02T03:04:05.678Z"
TASK = {
    "attributes": {"type": "Task"},
    "Id": "00TA0000001AAAAAA1",
    "Subject": "Intro",
    "TaskSubtype": "Call",
    "WhatId": "006A0000001AAAAAA1",
    "WhoId": "003A0000001AAAAAA1",
    "ActivityDate": "2030-01-02",
    "IsClosed": True,
    "OwnerId": "005A0000001AAAAAA1",
}


def test_a_lead_of_hubspot_is_about_a_contact() -> None:
    made = {"id": "5", "properties": {"hs_lead_name": "Ada"}, "createdAt": TIME, "updatedAt": TIME, "archived": False}
    linked = {"associations": {"contacts": {"results": [{"id": "7", "type": "lead_to_contact"}]}}}
    with responding("hubspot", (201, made), made | linked) as requests:
        lead = leads.create(name="Ada", contact_id="7", via="hubspot")
        assert requests.body(0) == {
            "properties": {"hs_lead_name": "Ada"},
            "associations": [
                {"to": {"id": "7"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 578}]},
            ],
        }
        assert (lead.id, lead.name, lead.contact_id) == ("5", "Ada", "7")


def test_a_lead_of_salesforce_has_a_person_and_a_company() -> None:
    row = {"Id": "00QA0000001AAAAAA1", "Name": "Ada Lovelace", "LastName": "Lovelace", "Company": "Acme", "IsConverted": False}
    with responding("salesforce", (201, {"id": row["Id"], "success": True, "errors": []}), row) as requests:
        lead = leads.create(first_name="Ada", last_name="Lovelace", company_name="Acme", via="salesforce")
        assert requests.body(0) == {"FirstName": "Ada", "LastName": "Lovelace", "Company": "Acme"}
        assert (lead.name, lead.company_name, lead.converted) == ("Ada Lovelace", "Acme", False)


def test_a_call_is_logged_in_salesforce() -> None:
    with responding("salesforce", (201, {"id": TASK["Id"], "success": True, "errors": []}), TASK) as requests:
        made = activities.create(type="call", title="Intro", due_date=date(2030, 1, 2), done=True, deal_id=TASK["WhatId"], via="salesforce")
        assert requests.body(0) == {
            "Subject": "Intro",
            "TaskSubtype": "Call",
            "ActivityDate": "2030-01-02",
            "Status": "Completed",
            "WhatId": TASK["WhatId"],
        }
        assert (made.type, made.done, made.deal_id, made.company_id, made.contact_id) == ("call", True, TASK["WhatId"], None, TASK["WhoId"])


def test_a_meeting_of_salesforce_is_another_object() -> None:
    with responding("salesforce"), pytest.raises(Unsupported, match="a separate object"):
        activities.create(type="meeting", title="Intro", due_date=date(2030, 1, 2), via="salesforce")


@pytest.fixture(scope="module")
def emulated() -> Iterator[LocalEmulator]:
    emulator = LocalEmulator(["salesforce", "pipedrive"])
    with Client(emulated=emulator) as client, using(client):
        yield emulator


@pytest.mark.parametrize("vendor", ["salesforce", "pipedrive"])
def test_an_activity_is_planned_done_listed_and_deleted(emulated: LocalEmulator, vendor: str) -> None:
    made = activities.create(type="call", title="Follow up", due_date=date(2030, 3, 1), done=False, via=vendor)
    assert (made.type, made.title, made.due_date, made.done) == ("call", "Follow up", date(2030, 3, 1), False)
    assert activities.update(made.id, done=True, via=vendor).done is True
    listed = {each.id: each for each in activities.list(type="call", via=vendor)}
    assert listed[made.id].done is True
    assert {each.type for each in listed.values()} == {"call"}
    activities.delete(made.id, via=vendor)
    assert made.id not in [each.id for each in activities.list(type="call", via=vendor)]
