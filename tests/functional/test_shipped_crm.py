"""CRM adapters, with responses as the vendors document them, and with emulators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.functional.shipped import responding
from unified import contacts
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, using

SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def emulated() -> Iterator[LocalEmulator]:
    emulator = LocalEmulator(["hubspot", "salesforce", "pipedrive"])
    with Client(emulated=emulator) as client, using(client):
        yield emulator


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
    emulated.emulators.by_name["hubspot"].emulator.behaviour.clock = lambda: 4e9  # new records appear in searches after a while
    found = [each.id for each in contacts.list(updated_after=SINCE, limit=2, via="hubspot")]
    assert len(found) == len(set(found))
    assert set(made) <= set(found)
