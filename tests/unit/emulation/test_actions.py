"""Actions that facts state, with the invented vendor: related records, rejections, bounds, pages and records that are used again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.emulation.test_behaviour import ids, order, shop

SHIP: dict[str, Any] = {"kind": "action", "operations": ["shipOrder"], "does": "update", "record": "getOrder", "where": {"id": "$path.id"}}
REFUSED = {"status": 200, "body": {"error": "refused"}}
PARCEL: dict[str, Any] = {"kind": "action", "operations": ["shipOrder"], "does": "create", "record": "shipOrder"}
PARCELS: dict[str, Any] = {"kind": "action", "operations": ["listOrders"], "does": "list", "record": "shipOrder"}


def test_stored_values_reject_an_action() -> None:
    made = shop({
        **SHIP, "adds": {"labels": [{"name": "shipped"}]}, "rejects": [{"where": {"labels.name": "shipped"}, "response": REFUSED}],
        "response": {"ok": True},
    })  # fmt: skip
    path = f"/orders/{order(made)['id']}/ship"
    assert made("POST", path).body == {"ok": True}
    assert made("POST", path).body == {"error": "refused"}
    assert made("POST", f"/orders/{order(made)['id']}/ship").body == {"ok": True}, "another order is not shipped"


def test_an_action_requires_stored_values() -> None:
    rejection = {"where": {"state": "paid"}, "holds": False, "response": REFUSED}
    made = shop({**SHIP, "rejects": [rejection], "response": {"ok": True}})
    assert made("POST", f"/orders/{order(made, state='paid')['id']}/ship").body == {"ok": True}
    assert made("POST", f"/orders/{order(made, state='open')['id']}/ship").body == {"error": "refused"}


def test_values_of_other_records_reject_an_action() -> None:
    rejection = {"where": {"text": "$path.id"}, "of": "others", "response": REFUSED}
    made = shop({**PARCEL, "values": {"text": "$path.id"}, "rejects": [rejection], "response": {"ok": True}})
    assert [made("POST", f"/orders/{name}/ship").body for name in "aab"] == [{"ok": True}, {"error": "refused"}, {"ok": True}]


def test_a_record_that_exists_is_used_instead_of_a_new_one() -> None:
    made = shop({**PARCEL, "where": {"text": "$path.id"}, "values": {"text": "$path.id", "at": "$id"}, "response": "$record"})
    first, second, other = (made("POST", f"/orders/{name}/ship").body for name in "aab")
    assert first == second
    assert first["at"] != other["at"]


def test_a_related_record_gives_its_values() -> None:
    paid = {"of": {"record": "getOrder", "where": {"id": "$path.id"}}}
    made = shop({**PARCEL, "related": paid, "values": {"title": "$of.title"}, "response": {"title": "$record.title", "state": "$of.state"}})
    one = order(made, title="Sofa", state="paid")
    assert made("POST", f"/orders/{one['id']}/ship").body == {"title": "Sofa", "state": "paid"}
    assert made("POST", "/orders/unknown/ship").body == {"title": None, "state": None}


def test_values_are_set_after_members_are_added() -> None:
    made = shop({**SHIP, "adds": {"labels": [{"name": "x"}, {"name": "y"}]}, "values": {"title": "$record.labels:count"}})
    one = order(made)
    made("POST", f"/orders/{one['id']}/ship")
    assert made.get(f"/orders/{one['id']}")["data"]["title"] == "2"


def test_null_finds_records_without_a_value() -> None:
    made = shop({**SHIP, "where": {"id": "$path.id", "extra.at": None}, "values": {"extra.at": "now"}, "response": {"ok": True}})
    path = f"/orders/{order(made)['id']}/ship"
    assert [made("POST", path).status for _ in range(2)] == [200, 404]


@pytest.mark.parametrize(
    ("query", "found", "further"),
    [
        ("limit=2", ["3", "10"], (True, 1, 2)),
        ("limit=2&cursor=2", ["20"], (False, 2, 2)),
        ("", ["3", "10", "20"], (False, 1, 1)),
        ("updated_since=10", ["10", "20"], (False, 1, 1)),
        ("q=10", ["3", "10"], (False, 1, 1)),
    ],
)
def test_actions_list_between_bounds_in_numbered_pages(query: str, found: list[str], further: tuple[bool, int, int]) -> None:
    made = shop(
        {**PARCEL, "values": {"text": "$path.id"}},
        {
            **PARCELS, "at_least": {"text": "$sent.updated_since"}, "at_most": {"text": "$sent.q"},
            "page": {"size": "limit", "from": "cursor", "numbered": True, "usual": 5},
            "response": {"texts": "$records.text:list", "more": "$more", "page": "$page", "pages": "$pages", "end": "$next"},
        },
        {"kind": "order", "operations": ["listOrders"], "by": "text"},
    )  # fmt: skip
    for name in ("20", "3", "10"):
        made("POST", f"/orders/{name}/ship")
    body = made.get("/orders", query)
    assert body["texts"] == found
    assert (body["more"], body["page"], body["pages"]) == further


def test_actions_list_the_elements_of_a_record() -> None:
    made = shop({
        **PARCELS, "record": "getOrder", "where": {"id": "$sent.q"}, "elements": "labels",
        "page": {"size": "limit", "from": "cursor", "end": ""},
        "response": {"names": "$records.name:list", "next_cursor": "$next"},
    })  # fmt: skip
    one = order(made, labels=["red", "blue", "green"])
    first, second = made.get("/orders", f"q={one['id']}&limit=2"), made.get("/orders", f"q={one['id']}&limit=2&cursor=t2")
    assert (first["names"], first["next_cursor"]) == (["red", "blue"], "t2")
    assert (second["names"], second["next_cursor"]) == (["green"], "")


def test_a_further_action_without_a_record_does_nothing() -> None:
    made = shop(
        {"kind": "action", "operations": ["updateOrder"], "does": "update", "also": True, "record": "getOrder", "where": {"id": "none"}}
    )
    assert made("PATCH", f"/orders/{order(made)['id']}", "", {"title": "Two"}).body["data"]["title"] == "Two"


def test_a_value_of_another_form_is_refused() -> None:
    fact = {"kind": "error", "operations": ["createOrder"], "reason": "invalid", "when": {"unlike": {"title": "[a-z]+"}}}
    made = shop({**fact, "response": {"status": 422}})
    before = len(ids(made))
    assert made("POST", "/orders", "", {"title": "two"}).status == 200
    assert made("POST", "/orders", "", {"title": "Two"}).status == 422
    assert made("POST", "/orders", "", {"state": "open"}).status == 200, "no title is sent"
    assert len(ids(made)) == before + 2


def test_a_reference_in_a_text_with_several_ids() -> None:
    fact = {"kind": "reference", "operations": ["createOrder"], "properties": ["note"], "record": "getOrder", "separator": ","}
    made = shop({**fact, "response": {"status": 422}})
    one, two = order(made)["id"], order(made)["id"]
    assert made("POST", "/orders", "", {"note": f"{one},{two}"}).status == 200
    assert made("POST", "/orders", "", {"note": f"{one},o-99"}).status == 422


def test_a_text_with_commas_becomes_a_list() -> None:
    made = shop({**PARCEL, "values": {"parts": "$path.id:split"}, "response": "$record"})
    assert made("POST", "/orders/a,b/ship").body["parts"] == ["a", "b"]


def test_an_action_is_performed_for_each_element_of_a_list() -> None:
    fact = {**PARCEL, "operations": ["createOrder"], "also": True, "each": "labels", "values": {"text": "$each"}}
    made = shop(fact, {**PARCELS, "response": {"found": "$records.text:list"}})
    order(made, labels=["a", "b"])
    order(made)
    assert made.get("/orders")["found"] == ["a", "b"]


def test_a_list_of_values_selects_records_with_any_of_them() -> None:
    made = shop(
        {**PARCEL, "values": {"text": "$path.id"}, "response": {}},
        {**PARCELS, "where": {"text": ["a", "c"]}, "response": {"found": "$records.text:list"}},
    )
    for name in "abc":
        made("POST", f"/orders/{name}/ship")
    assert made.get("/orders")["found"] == ["a", "c"]


def test_a_rejected_action_reads_nothing() -> None:
    rejection = {"where": {"state": "paid"}, "response": REFUSED}
    made = shop({**SHIP, "does": "read", "rejects": [rejection], "response": {"title": "$record.title"}})
    assert made("POST", f"/orders/{order(made, title='Sofa', state='open')['id']}/ship").body == {"title": "Sofa"}
    assert made("POST", f"/orders/{order(made, state='paid')['id']}/ship").body == {"error": "refused"}
