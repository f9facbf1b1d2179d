"""Custom fields through a broker: fetched, written and read back, and visible to its policies."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

import unified
from tests.support import complete_documents
from tests.support.accounts import ACCOUNTS, client
from tests.support.brokers import serving
from tests.support.stores import store_of
from unified import crm_records, deals
from unified.aio import deals as aio_deals
from unified_platform.broker.agent_keys import KeyStore
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.policy.cedar import CedarPolicies
from unified_runtime import AsyncClient, Client, Denied, InvalidInput, PolicyEnforcer, Rejected, using
from unified_runtime.rate_limits.rate_limiter import Unlimited

FIELD = "favourite_colour"
RULES = f"""
permit (principal, action, resource);
@id("no-red") @reason("red is for the board")
forbid (principal, action in Action::"write", resource)
when {{ context has custom_fields && context.custom_fields.hasTag("{FIELD}") && context.custom_fields.getTag("{FIELD}") has text
        && context.custom_fields.getTag("{FIELD}").text == "red" }};
"""


@contextmanager
def _through_broker(keys: KeyStore, enforcer: PolicyEnforcer) -> Iterator[str]:
    """Return the URL of a broker that holds a connection to HubSpot, which is an emulator."""
    store = store_of("hubspot", complete_documents.complete_document("hubspot").served)
    made, wire = client("hubspot", store.respond)
    inner = AsyncClient(transport=wire, rate_limiter=Unlimited(), connections=made.connections)
    broker = Broker(Calls(inner, enforcer, Unlimited()), Identity(keys))
    with serving(broker) as url:
        yield url
    assert store.refused == []


def test_they_are_written_and_read_back(keys: KeyStore, any_key: str) -> None:
    deal = ACCOUNTS["hubspot"].known["deals"][0]
    with _through_broker(keys, PolicyEnforcer(KeyScopePolicy())) as url:
        with using(Client(broker=url, key=any_key)):
            written = deals.update(deal, custom_fields={FIELD: "green"}, via="hubspot")
            assert written.custom_fields[FIELD] == "green"
            assert deals.get(deal, custom_fields=[FIELD], via="hubspot").custom_fields[FIELD] == "green"
            assert FIELD not in deals.get(deal, via="hubspot").custom_fields
            listed = next(one for one in deals.list(custom_fields=[FIELD], via="hubspot") if one.id == deal)
            assert listed.custom_fields[FIELD] == "green"
            assert [one.id for one in deals.list(custom_fields={FIELD: "green"}, via="hubspot")] == [deal]
            assert [*deals.list(custom_fields={FIELD: "red"}, via="hubspot")] == []
            built = datetime(2030, 5, 6, 7, tzinfo=UTC)
            car = crm_records.create(type="p_cars", custom_fields={"price": Decimal("12.5"), "built": built}, via="hubspot")
            wanted: dict[str, Any] = {"price": Decimal("12.50"), "built": {"at_least": built, "below": built + timedelta(seconds=1)}}
            assert [one.id for one in crm_records.list(type="p_cars", custom_fields=wanted, via="hubspot")] == [car.id]
            description = unified.describe("deals", via="hubspot")
            assert description.custom_fields(listed)["Favourite_colour"] == "Green"
            with pytest.raises(InvalidInput, match="can be 'red', 'green', not 'blue'"):
                deals.update(deal, custom_fields={FIELD: "blue"}, via="hubspot")
            with pytest.raises(InvalidInput, match="is not a valid name of a custom field of HubSpot"):
                deals.update(deal, custom_fields={"Amount": 3}, via="hubspot")

        async def asynchronous() -> Any:
            async with using(AsyncClient(broker=url, key=any_key)):
                return await aio_deals.update(deal, custom_fields={FIELD: "red"}, via="hubspot")

        assert asyncio.run(asynchronous()).custom_fields[FIELD] == "red"


def test_values_arrive_as_what_they_were(keys: KeyStore, any_key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    enforcer = PolicyEnforcer(KeyScopePolicy())
    ask = enforcer.decide

    def recorded(questions: Any) -> Any:
        seen.extend(question.custom_fields for question in questions)
        return ask(questions)

    monkeypatch.setattr(PolicyEnforcer, "decide", lambda self, questions: recorded(questions))
    deal = ACCOUNTS["hubspot"].known["deals"][0]
    given = {"share": Decimal("0.10"), "day": date(2031, 1, 2), "yes": True, "words": ["a", "b"], "note": None}
    lacked = pytest.raises(Rejected, match="did not accept the values")  # the organization has no such fields
    with _through_broker(keys, enforcer) as url, using(Client(broker=url, key=any_key)), lacked:
        deals.update(deal, custom_fields=given, via="hubspot")
    assert seen
    assert all(each == {**given, "words": "a;b"} for each in seen)  # several values are one text there, in any input format
    assert str(seen[0]["share"]) == "0.10"


def test_policies_of_the_broker_see_what_is_written(keys: KeyStore, any_key: str) -> None:
    deal = ACCOUNTS["hubspot"].known["deals"][0]
    with _through_broker(keys, PolicyEnforcer(CedarPolicies({"rules.cedar": RULES}))) as url, using(Client(broker=url, key=any_key)):
        assert deals.update(deal, custom_fields={FIELD: "green"}, via="hubspot").custom_fields[FIELD] == "green"
        for given in ({"custom_fields": {FIELD: "red"}}, {"extra": {"hubspot": {"properties": {FIELD: "red"}}}}):
            with pytest.raises(Denied, match="red is for the board"):
                deals.update(deal, **given, via="hubspot")
        assert deals.get(deal, custom_fields=[FIELD], via="hubspot").custom_fields[FIELD] == "green"
