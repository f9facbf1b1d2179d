"""Batched calls through a broker: they reach it together, and have the same results as without a broker."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.bulk.test_batches import QUICK, Seen, both, people
from tests.support.batching import HubSpot
from tests.support.brokers import serving
from tests.unit.runtime.server import Loopback, Reply
from unified import aio, contacts
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.idempotency.store import open_idempotency_store
from unified_runtime import AsyncClient, Client, PolicyEnforcer, bearer, using
from unified_runtime.client.bulk import Results, planned
from unified_runtime.core import errors
from unified_runtime.rate_limits.rate_limiter import Unlimited


@dataclass(frozen=True, slots=True)
class Setup:
    """HubSpot behind a broker, and a key for it."""

    vendor: HubSpot
    url: str
    key: str
    seen: Seen

    def run(self, mode: str, name: str, items: Any, observer: Any = None, **more: Any) -> Results[Any]:
        if mode == "sync":
            with Client(broker=self.url, key=self.key, settings=QUICK, observers=observer) as client, using(client):
                found: Results[Any] = getattr(contacts, f"{name}_many")(items, **more)
                return found

        async def running() -> Results[Any]:
            async with AsyncClient(broker=self.url, key=self.key, settings=QUICK, observers=observer) as client, using(client):
                found: Results[Any] = await getattr(aio.contacts, f"{name}_many")(items, **more)
                return found

        return asyncio.run(running())


@pytest.fixture
def setup(keys: KeyStore, any_key: str, tmp_path: Path) -> Iterator[Setup]:
    vendor, seen = HubSpot(), Seen()
    client = AsyncClient(vendor, settings=QUICK, observers=seen)
    client.connect("hubspot", bearer("a secret token of the vendor"))
    calls = Calls(client, PolicyEnforcer(KeyScopePolicy()), Unlimited(), idempotency=open_idempotency_store(tmp_path / "ledger"))
    with serving(Broker(calls, Identity(keys))) as url:
        yield Setup(vendor, url, any_key, seen)


@both
def test_they_go_together_and_each_has_its_result(mode: str, setup: Setup) -> None:
    mine = Seen()
    found = setup.run(mode, "create", people(120, frozenset({3})), via="hubspot", observer=mine)
    assert [item.index for item in found.failed] == [3]
    error = found.failed[0].error
    assert isinstance(error, errors.Rejected)
    assert error.fields == {"first_name": "is not a name"}
    assert [made.first_name for made in found.values] == [f"p{n}" for n in range(120) if n != 3]
    assert found.values[0].raw["properties"]["firstname"] == "p0"
    assert setup.vendor.requests == {"POST /crm/v3/objects/contacts/batch/create": 2, "POST /crm/v3/objects/contacts/batch/read": 2}
    assert len(mine.records) == len(setup.seen.records) == 120
    assert sorted(record.outcome for record in mine.records) == ["ok"] * 119 + ["rejected"]
    assert all(record.through_broker for record in mine.records)
    assert {record.agent for record in setup.seen.records} == {"helper"}


@both
def test_under_a_key_the_broker_makes_each_once(mode: str, setup: Setup) -> None:
    first = setup.run(mode, "create", people(20, frozenset({5})), via="hubspot", idempotency_key="k").values
    again = setup.run(mode, "create", people(30, frozenset({5})), via="hubspot", idempotency_key="k")
    assert [made.id for made in again.values[:19]] == [made.id for made in first]
    assert len(setup.vendor.contacts) == 29
    assert max(setup.vendor.effects.values()) == 1


@both
def test_an_input_that_is_wrong_is_reported_without_the_broker(mode: str, setup: Setup) -> None:
    found = setup.run(mode, "create", [people(1)[0], {"first_name": 3}, *people(3)[1:]], via="hubspot")
    assert [item.status for item in found] == ["done", "failed", "done", "done"]
    assert isinstance(found.failed[0].error, errors.InvalidInput)


@both
def test_a_broker_that_cannot_be_reached_fails_each(mode: str, setup: Setup) -> None:
    away = Setup(setup.vendor, "http://127.0.0.1:9", setup.key, setup.seen)
    found = away.run(mode, "create", people(3), via="hubspot")
    assert [type(item.error) for item in found] == [errors.Unavailable] * 3
    assert len({id(item.error) for item in found}) == 3


def test_a_key_that_may_not_is_refused_for_each(setup: Setup, keys: KeyStore) -> None:
    narrow = keys.create(Scope("reader", (), (), ("contacts.read",)), lifetime=None)[1].reveal()
    found = Setup(setup.vendor, setup.url, narrow, setup.seen).run("sync", "create", people(3), via="hubspot")
    assert [type(item.error) for item in found] == [errors.Denied] * 3
    assert setup.vendor.seen == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"operation": "contacts.create", "items": []}, "a batch has 1 to 1000 calls, not 0"),
        ({"operation": "contacts.create", "items": [{}] * 1001}, "1 to 1000 calls, not 1001"),
        ({"operation": "contacts.list", "items": [{}]}, "contacts.list reads"),
        ({"operation": "contacts.get", "items": [{"id": "1"}]}, "contacts.get reads"),
        ({"items": [{}]}, "the body is not a list of calls"),
    ],
)
def test_invalid_batches_are_rejected(setup: Setup, body: Any, message: str) -> None:
    response = httpx2.post(f"{setup.url}/v1/many", json=body, headers={"Authorization": f"Bearer {setup.key}"})
    assert response.status_code == 400
    assert message in response.json()["message"]


def test_a_plan_is_what_it_is_without_a_broker(setup: Setup, keys: KeyStore) -> None:
    rows = people(250)
    with Client() as client, using(client):
        client.connect("hubspot", bearer("another token"))
        here = contacts.create_many.plan(rows, via="hubspot")
    with using(Client(broker=setup.url, key=setup.key, settings=QUICK)):
        there = contacts.create_many.plan(rows, via="hubspot")
        assert there == here
        assert [(count.url, count.requests, count.items, count.reads) for count in there.counted()] == [
            ("https://api.hubapi.com/crm/v3/objects/contacts/batch/create", 3, 250, False),
            ("https://api.hubapi.com/crm/v3/objects/contacts/batch/read", 3, 250, True),
        ]
        wrong: list[dict[str, Any]] = [rows[0], {"first_name": 3}, {"first_name": "x", "owner_id": "1", "deal_ids": ["1"]}, rows[1]]
        with pytest.raises(errors.InvalidInput):
            contacts.create_many.plan(wrong, via="hubspot")
        plan, left = planned(contacts.create, wrong, via="hubspot")
        assert plan is not None
        assert (plan.requests[0].items, [item.index for item in left]) == (2, [1, 2])
        plan, left = planned(contacts.create, wrong[1:2], via="hubspot")
        assert (plan, [type(item.error) for item in left]) == (None, [errors.InvalidInput])
        with pytest.raises(errors.InvalidInput, match="a batch has 1 to 1000 calls"):
            contacts.create_many.plan(people(1001), via="hubspot")
    narrow = keys.create(Scope("reader", (), (), ("contacts.read",)), lifetime=None)[1].reveal()
    with using(Client(broker=setup.url, key=narrow, settings=QUICK)):
        with pytest.raises(errors.Denied):
            contacts.create_many.plan(rows[:2], via="hubspot")
        plan, left = planned(contacts.create, rows[:2], via="hubspot")
        assert (plan, [type(item.error) for item in left]) == (None, [errors.Denied] * 2)
    assert setup.vendor.requests == {}


@pytest.mark.parametrize(
    "body",
    [b"no JSON", b"{}", b'{"plan": {}}', b'{"plan": {"operation": "x", "vendor": "y", "requests": [], "notes": []}, "refused": [[7, %s]]}'],
)
def test_a_malformed_plan_is_rejected(body: bytes) -> None:
    server = Loopback()
    try:
        server.answers(Reply(200, body.replace(b"%s", b'{"error": "Denied", "message": "no"}')))
        with (
            using(Client(broker=server.url, key="k", settings=QUICK)),
            pytest.raises(errors.VendorProtocolError, match="plan cannot be read"),
        ):
            contacts.create_many.plan(people(2), via="hubspot")
    finally:
        server.close()
