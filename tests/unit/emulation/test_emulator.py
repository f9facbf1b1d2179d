"""The emulator behaves as its document states: on an invented document, none of a vendor."""

from __future__ import annotations

import copy

import pytest

from tests.unit.emulation.shop import DOCUMENT, Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_a_created_record_is_read_by_its_id(shop: Shop) -> None:
    made = shop("POST", "/orders", body={"title": "Tea"}).body["data"]
    assert made["title"] == "Tea"
    assert shop.get(f"/orders/{made['id']}") == {"data": made}


def test_an_update_changes_what_it_names_and_nothing_else(shop: Shop) -> None:
    made = shop("POST", "/orders", body={"title": "Tea", "state": "open"}).body["data"]
    shop("PATCH", f"/orders/{made['id']}", body={"state": "paid"})
    assert shop.get(f"/orders/{made['id']}")["data"] == {**made, "state": "paid"}


def test_a_deleted_record_is_gone(shop: Shop) -> None:
    made = shop("POST", "/orders", body={"title": "Tea"}).body["data"]
    assert shop("DELETE", f"/orders/{made['id']}").status == 200
    assert shop("GET", f"/orders/{made['id']}").status == 404
    assert made["id"] not in [each["id"] for each in shop.get("/orders", "limit=100")["data"]]


def test_an_unknown_id_is_not_found(shop: Shop) -> None:
    assert shop("GET", "/orders/nowhere").status == 404
    assert shop("PATCH", "/orders/nowhere", body={"title": "Tea"}).status == 404


def test_a_list_has_records_before_anything_is_written(shop: Shop) -> None:
    found = shop.get("/orders", "limit=100")["data"]
    assert len({each["id"] for each in found}) == len(found) == 5
    assert {each["state"] for each in found} == {"open", "paid"}


def test_pages_follow_each_other_by_their_tokens(shop: Shop) -> None:
    everything = [each["id"] for each in shop.get("/shops", "limit=100")["data"]]
    found, cursor = [], ""
    for _ in range(10):
        page = shop.get("/shops", f"limit=2{f'&cursor={cursor}' if cursor else ''}")
        assert len(page["data"]) <= 2
        found += [each["id"] for each in page["data"]]
        cursor = page.get("next_cursor")
        if not cursor:
            break
    assert found == everything


def test_a_token_of_another_list_is_refused(shop: Shop) -> None:
    assert shop("GET", "/shops", "cursor=5").status == 400


@pytest.mark.parametrize(("query", "good"), [("state=paid", lambda each: each["state"] == "paid")])
def test_a_parameter_filters_the_property_of_its_name(shop: Shop, query: str, good: object) -> None:
    everything = shop.get("/orders", "limit=100")["data"]
    assert callable(good)
    assert shop.get("/orders", f"limit=100&{query}")["data"] == [each for each in everything if good(each)]


def test_a_parameter_for_a_reference_compares_its_id(shop: Shop) -> None:
    everything = shop.get("/orders", "limit=100")["data"]
    wanted = everything[0]["shop"]["id"]
    found = shop.get("/orders", f"limit=100&shop={wanted}")["data"]
    assert found == [each for each in everything if each["shop"]["id"] == wanted]
    assert wanted in [each["id"] for each in shop.get("/shops", "limit=100")["data"]], "seeds refer to records that exist"


def test_a_parameter_for_a_time_compares_it(shop: Shop) -> None:
    everything = shop.get("/orders", "limit=100")["data"]
    bound = sorted(each["updated_at"] for each in everything)[2]
    found = shop.get("/orders", f"limit=100&updated_since={bound}")["data"]
    assert found == [each for each in everything if each["updated_at"] >= bound]


def test_a_query_language_is_reported_and_has_no_effect(shop: Shop) -> None:
    assert len(shop.get("/orders", "limit=100&q=state:paid")["data"]) == 5
    assert [(note.kind, note.name) for note in shop.emulator.notes] == [("parameter", "q")]


def test_an_id_that_is_written_becomes_the_record_that_is_read(shop: Shop) -> None:
    target = shop.get("/shops")["data"][0]
    made = shop("POST", "/orders", body={"shop_id": target["id"]}).body["data"]
    assert made["shop"] == target


def test_names_that_are_written_become_objects(shop: Shop) -> None:
    assert shop("POST", "/orders", body={"labels": ["hot", "new"]}).body["data"]["labels"] == [{"name": "hot"}, {"name": "new"}]


def test_an_id_of_another_kind_of_record_is_refused(shop: Shop) -> None:
    order = shop.get("/orders")["data"][0]
    response = shop("POST", "/orders", body={"shop_id": order["id"]})
    assert response.status == 400
    assert shop.emulator.refusals[0].reasons == ("there is no shop with this `shop_id`",)


def test_a_collection_below_a_record_has_the_records_of_that_record(shop: Shop) -> None:
    first, second, *_ = shop.get("/shops", "limit=100")["data"]
    assert {each["shop"]["id"] for each in shop.get(f"/shops/{first['id']}/orders")["data"]} == {first["id"]}
    made = shop("POST", "/orders", body={"shop_id": second["id"]}).body["data"]
    assert made["id"] in [each["id"] for each in shop.get(f"/shops/{second['id']}/orders")["data"]]
    assert made["id"] not in [each["id"] for each in shop.get(f"/shops/{first['id']}/orders")["data"]]


def test_a_collection_below_an_unknown_record_is_not_found(shop: Shop) -> None:
    """A word may be a name that the vendor fixes, such as `contacts`; a text with digits is an id."""
    assert shop("GET", "/shops/404/orders").status == 404
    order = shop.get("/orders")["data"][0]
    assert shop("GET", f"/shops/{order['id']}/orders").status == 404


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"title": "x" * 21}, "`body.title` has 21 characters; at most 20 are allowed"),
        ({"state": "lost"}, "`body.state` must be one of open, paid, not 'lost'"),
        ({"title": 3}, "`body.title` must be string, not int"),
        ({"title": None}, "`body.title` must not be null"),
        ({"colour": "red"}, "`body.colour` is not declared"),
    ],
)
def test_a_write_that_the_schema_rejects_is_refused(shop: Shop, body: dict[str, object], reason: str) -> None:
    assert shop("POST", "/orders", body=body).status == 400
    assert shop.emulator.refusals[0].reasons == (reason,)


def test_an_undeclared_parameter_is_refused(shop: Shop) -> None:
    assert shop("GET", "/orders", "colour=red").status == 400


def test_a_written_property_that_is_not_read_is_reported(shop: Shop) -> None:
    shop("POST", "/orders", body={"note": "gift"})
    assert [(note.kind, note.name) for note in shop.emulator.notes] == [("written", "note")]


def test_an_operation_without_a_known_effect_is_reported(shop: Shop) -> None:
    order = shop.get("/orders")["data"][0]
    assert shop("POST", f"/orders/{order['id']}/ship").status == 501
    assert [(note.kind, note.endpoint) for note in shop.emulator.notes] == [("operation", "POST /orders/{id}/ship")]


def test_a_new_record_is_not_closed(shop: Shop) -> None:
    assert shop("POST", "/orders", body={"title": "Tea"}).body["data"]["closed"] is False


def test_a_state_is_restored(shop: Shop) -> None:
    shop.get("/orders")
    start = shop.emulator.account.snapshot()
    made = shop("POST", "/orders", body={"title": "Tea"}).body["data"]
    shop.emulator.account.restore(start)
    assert shop("GET", f"/orders/{made['id']}").status == 404


def test_properties_of_one_record_refer_to_different_records() -> None:
    document = copy.deepcopy(DOCUMENT)
    properties = document["components"]["schemas"]["Order"]["properties"]
    properties |= {"seller_shop": {"$ref": "#/components/schemas/Shop"}, "seller_shop_id": {"type": "string"}}
    found = Shop(document).get("/orders", "limit=100")["data"]
    assert found
    assert all(each["shop"]["id"] != each["seller_shop"]["id"] == each["seller_shop_id"] for each in found)


def test_records_are_the_same_in_each_run() -> None:
    assert Shop().get("/orders", "limit=100") == Shop().get("/orders", "limit=100")


def test_pages_by_offset_and_by_number_select_the_same_records() -> None:
    for name, second in (("offset", 2), ("page", 2)):
        document = copy.deepcopy(DOCUMENT)
        parameters = document["paths"]["/shops"]["get"]["parameters"]
        parameters[1].update(name=name, schema={"type": "integer"})
        shop = Shop(document)
        everything = [each["id"] for each in shop.get("/shops", "limit=100")["data"]]
        assert [each["id"] for each in shop.get("/shops", f"limit=2&{name}={second}")["data"]] == everything[2:4]
