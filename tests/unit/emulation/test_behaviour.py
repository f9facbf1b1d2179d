"""Behaviour of vendors, applied by emulators: each kind of fact with the invented vendor."""

from __future__ import annotations

import copy
import json
from typing import Any

import msgspec
import pytest

from tests.unit.emulation.shop import DOCUMENT, Shop
from unified_emulation.engine.behaviour.effects import Notified
from unified_emulation.engine.server import Emulator
from unified_openapi.behaviour.load import parse_behaviour
from unified_openapi.documents import parse_document

EVIDENCE = {"summary": "A fact.", "evidence": "https://shops.example/docs", "checked": "2026-11-30", "basis": "page"}


def document() -> dict[str, Any]:
    """Return the invented vendor with transitions, totals and a parameter of a write."""
    found = copy.deepcopy(DOCUMENT)
    content = {"content": {"application/json": {"schema": {"type": "object"}}}}
    listed = {"200": {"description": "", **content}}
    by_id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    found["paths"]["/orders/{id}/moves"] = {
        "parameters": [by_id],
        "get": {
            "operationId": "listMoves",
            "parameters": [{"name": "expand", "in": "query", "schema": {"type": "string"}}],
            "responses": listed,
        },
        "post": {"operationId": "move", "requestBody": content, "responses": {"204": {"description": ""}}},
    }
    page = found["paths"]["/orders"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    page["properties"] |= {"total": {"type": "integer"}, "incomplete": {"type": "boolean"}}
    order = found["components"]["schemas"]["Order"]["properties"]
    order["extra"] = {"type": "object", "additionalProperties": True}
    for method, path in (("post", "/orders"), ("patch", "/orders/{id}")):
        body = found["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
        body["properties"] |= {"extra": order["extra"], "labels": {}}
    silent = {"name": "silent", "in": "query", "schema": {"type": "boolean"}}
    found["paths"]["/orders"]["post"]["parameters"] = [silent]
    return found


def shop(*facts: dict[str, Any], conditions: tuple[str, ...] = ()) -> Shop:
    content = {
        "facts": {f"fact-{number}": {**EVIDENCE, **fact} for number, fact in enumerate(facts)},
        "conditions": {name: {"summary": "A condition."} for name in conditions},
    }
    behaviour = parse_behaviour(msgspec.json.encode(content), "behaviour.yaml")
    assert behaviour.faults == ()
    made = Shop()
    made.emulator = Emulator(parse_document(json.dumps(document()), "shops.json"), behaviour)
    return made


def order(made: Shop, **body: Any) -> dict[str, Any]:
    """Return a new order."""
    found: dict[str, Any] = made("POST", "/orders", "", {"title": "One", **body}).body["data"]
    return found


def ids(made: Shop, query: str = "limit=50") -> list[str]:
    return [each["id"] for each in made.get("/orders", query)["data"]]


# ------------------------------------------------------------------------------------------------------------- writes
def test_server_values_replace_what_was_sent() -> None:
    made = shop(
        {"kind": "server_value", "operations": ["createOrder"], "values": {"title": "Set", "updated_at": "$now", "state": "$sent.state"}}
    )
    made.emulator.behaviour.clock = lambda: 0.0
    found = order(made, state="paid")
    assert (found["title"], found["updated_at"], found["state"]) == ("Set", "1970-01-01T00:00:00.000Z", "paid")


def test_a_value_is_that_of_the_record_whose_id_is_sent() -> None:
    made = shop({"kind": "server_value", "operations": ["createOrder"], "values": {"title": "$of.shop_id.name"}})
    first, second = made.get("/shops", "limit=2")["data"]
    assert [order(made, shop_id=each["id"])["title"] for each in (first, second)] == [first["name"], second["name"]]
    assert order(made).get("title") is None


@pytest.mark.parametrize("deleted", [False, True])
def test_parts_of_a_record_follow_it(deleted: bool) -> None:
    facts: list[dict[str, Any]] = [
        {"kind": "cascade", "operations": ["updateOrder"], "refers": "extra.above", "properties": ["state"]},
        {"kind": "cascade", "operations": ["deleteOrder"], "refers": "extra.above"},
    ]
    made = shop(*facts)
    top = order(made, state="open")
    middle = order(made, state="open", extra={"above": top["id"]})
    bottom = order(made, state="open", extra={"above": middle["id"]})
    other = order(made, state="open", extra={"above": "1"})
    if deleted:
        made("DELETE", f"/orders/{top['id']}")
        assert {top["id"], middle["id"], bottom["id"], other["id"]} & {*ids(made)} == {other["id"]}
    else:
        made("PATCH", f"/orders/{top['id']}", "", {"state": "paid", "title": "Two"})
        found = [made.get(f"/orders/{each['id']}")["data"] for each in (top, middle, bottom, other)]
        assert [(each["state"], each["title"]) for each in found] == [("paid", "Two"), ("paid", "One"), ("paid", "One"), ("open", "One")]


def test_an_update_of_a_map_keeps_its_other_names() -> None:
    made = shop()
    number = order(made, extra={"colour": "red", "size": 1})["id"]
    made("PATCH", f"/orders/{number}", "", {"extra": {"size": 2}})
    assert made.get(f"/orders/{number}")["data"]["extra"] == {"colour": "red", "size": 2}


def test_defaults_are_values_that_are_not_sent() -> None:
    made = shop({"kind": "default", "operations": ["createOrder"], "values": {"state": "open", "closed": False}})
    assert order(made)["state"] == "open"
    assert order(made, state="paid")["state"] == "paid"


def test_dropped_properties_are_ignored_in_silence() -> None:
    fact = {"kind": "dropped", "operations": ["createOrder", "updateOrder"], "properties": ["labels"], "when": {"condition": "reader"}}
    made = shop(fact, conditions=("reader",))
    first = order(made, labels=["red"])
    assert first["labels"] == [{"name": "red"}]
    made.emulator.conditions.add("reader")
    response = made("PATCH", f"/orders/{first['id']}", "", {"labels": ["blue"], "title": "Two"})
    assert (response.status, response.body["data"]["labels"], response.body["data"]["title"]) == (200, [{"name": "red"}], "Two")


def test_single_values_are_dropped() -> None:
    made = shop({"kind": "dropped", "operations": ["createOrder"], "properties": ["labels"], "values": ["red"]})
    assert order(made, labels=["red", "blue"])["labels"] == [{"name": "blue"}]


@pytest.mark.parametrize(("how", "expected"), [("replace", ["blue"]), ("append", ["red", "blue"])])
def test_lists_are_replaced_or_appended_to(how: str, expected: list[str]) -> None:
    made = shop({"kind": "write", "operations": ["updateOrder"], "properties": ["labels"], "how": how})
    first = order(made, labels=["red"])
    changed = made("PATCH", f"/orders/{first['id']}", "", {"labels": ["blue"]}).body["data"]
    assert [each["name"] for each in changed["labels"]] == expected


def test_objects_are_merged() -> None:
    made = shop({"kind": "write", "operations": ["updateOrder"], "properties": ["extra"], "how": "merge"})
    first = order(made, extra={"one": {"a": 1}, "two": 2})
    changed = made("PATCH", f"/orders/{first['id']}", "", {"extra": {"one": {"b": 3}}}).body["data"]
    assert changed["extra"] == {"one": {"a": 1, "b": 3}, "two": 2}


def test_members_are_added_and_removed() -> None:
    made = shop({"kind": "write", "operations": ["updateOrder"], "properties": ["labels"], "how": "members", "add": "add", "remove": "rem"})
    first = order(made, labels=["red", "blue"])
    changed = made("PATCH", f"/orders/{first['id']}", "", {"labels": {"add": ["green"], "rem": ["red"]}}).body["data"]
    assert [each["name"] for each in changed["labels"]] == ["blue", "green"]


def test_contents_are_truncated() -> None:
    made = shop({"kind": "altered", "operations": ["createOrder"], "properties": ["title"], "how": "truncated", "longest": 2})
    assert order(made)["title"] == "On"


@pytest.mark.parametrize(
    ("how", "sent", "stored"),
    [("line_ends", "a\nb\rc\r\nd", "a\r\nb\r\nc\r\nd"), ("lower_case", "One TWO", "one two"), ("normalized", " a  b ", "a b")],
)
def test_texts_are_changed(how: str, sent: str, stored: str) -> None:
    made = shop({"kind": "altered", "operations": ["createOrder"], "properties": ["title"], "how": how})
    assert order(made, title=sent)["title"] == stored


@pytest.mark.parametrize(("how", "stored"), [("unique", ["Red", "red"]), ("lower_case", ["red", "red", "red"])])
def test_texts_of_lists_are_changed(how: str, stored: list[str]) -> None:
    made = shop({"kind": "altered", "operations": ["createOrder"], "properties": ["labels"], "how": how})
    assert [each["name"] for each in order(made, labels=["Red", "red", "Red"])["labels"]] == stored


def test_a_deletion_that_marks_the_record() -> None:
    made = shop({"kind": "server_value", "operations": ["deleteOrder"], "values": {"closed": True}})
    first = order(made)
    assert made("DELETE", f"/orders/{first['id']}").status == 200
    assert made.get(f"/orders/{first['id']}")["data"]["closed"] is True


def test_an_operation_that_only_a_fact_explains() -> None:
    fact = {"kind": "server_value", "operations": ["shipOrder"], "record": "getOrder"}
    made = shop({**fact, "values": {"state": "paid"}}, {**fact, "values": {"closed": True}, "when": {"record": {"title": "Two"}}})
    one, two = order(made, state="open"), order(made, title="Two")
    for each in (one, two):
        assert made("POST", f"/orders/{each['id']}/ship").status == 200
    assert made.get(f"/orders/{one['id']}")["data"]["state"] == "paid"
    assert made.get(f"/orders/{two['id']}")["data"]["closed"] is True
    assert made("POST", "/orders/none/ship").status == 404


# ------------------------------------------------------------------------------------------------------ state machines
MACHINE = {
    "kind": "state_machine", "operations": ["move"], "record": "getOrder", "property": "state", "initial": "open",
    "states": {"open": {"category": "new"}, "paid": {"category": "done"}},
    "transitions": [
        {"id": "1", "name": "Pay", "to": "paid", "from": ["open"], "requires": ["title"]},
        {"id": "2", "name": "Refund", "to": "open", "from": ["paid"]},
    ],
    "lists": "listMoves", "listed_at": "moves", "performs": "move", "by": "move.id",
    "rejection": {"status": 409, "body": {"message": "not from here"}},
    "missing": {"status": 400, "body": {"errors": {"$field": "$field is required"}}},
}  # fmt: skip


def test_transitions_are_listed_by_the_present_state() -> None:
    made = shop(MACHINE)
    first = order(made)
    assert first["state"] == "open"
    (move,) = made.get(f"/orders/{first['id']}/moves")["moves"]
    assert (move["id"], move["name"], move["to"], "fields" in move) == ("1", "Pay", "paid", False)
    (move,) = made.get(f"/orders/{first['id']}/moves", "expand=fields")["moves"]
    assert move["fields"]["title"]["required"] is True


def test_a_transition_needs_its_fields_and_starts_from_the_present_state() -> None:
    made = shop(MACHINE)
    path = f"/orders/{order(made)['id']}"
    missing = made("POST", f"{path}/moves", "", {"move": {"id": "1"}})
    assert (missing.status, missing.body) == (400, {"errors": {"title": "title is required"}})
    assert made("POST", f"{path}/moves", "", {"move": {"id": "2"}}).status == 409
    assert made("POST", f"{path}/moves", "", {"move": {"id": "1"}, "title": "Paid"}).status == 204
    assert {name: made.get(path)["data"][name] for name in ("state", "title")} == {"state": "paid", "title": "Paid"}
    assert made("POST", f"{path}/moves", "", {"move": {"id": "1"}, "title": "Paid"}).status == 409


# --------------------------------------------------------------------------------------------------------------- lists
def test_lists_lag_behind_writes() -> None:
    made = shop({"kind": "delay", "operations": ["listOrders"], "seconds": 5, "unless": {"sends": ["q"]}})
    now = [100.0]
    made.emulator.behaviour.clock = lambda: now[0]
    first = order(made)
    assert first["id"] not in ids(made)
    assert first["id"] in ids(made, "limit=50&q=One")
    assert made.get(f"/orders/{first['id']}")["data"]["id"] == first["id"]
    now[0] += 5
    assert first["id"] in ids(made)
    made("PATCH", f"/orders/{first['id']}", "", {"title": "Two"})
    assert next(each["title"] for each in made.get("/orders", "limit=50")["data"] if each["id"] == first["id"]) == "One"
    now[0] += 5
    assert next(each["title"] for each in made.get("/orders", "limit=50")["data"] if each["id"] == first["id"]) == "Two"


def test_a_list_ends_at_its_cap_and_counts_all() -> None:
    made = shop({"kind": "cap", "operations": ["listOrders"], "records": 3, "marks": {"incomplete": True}})
    total = len(ids(shop(), "limit=50"))
    page = made.get("/orders", "limit=2")
    assert (len(page["data"]), page["total"], page["incomplete"]) == (2, total, True)
    last = made.get("/orders", f"limit=2&cursor={page['next_cursor']}")
    assert (len(last["data"]), last.get("next_cursor")) == (1, None)


def test_a_list_has_values_of_the_server_and_ignores_dropped_parameters() -> None:
    made = shop(
        {"kind": "server_value", "operations": ["listOrders"], "values": {"incomplete": True}},
        {"kind": "dropped", "operations": ["listOrders"], "properties": ["state"]},
    )
    page = made.get("/orders", "limit=50&state=paid")
    assert page["incomplete"] is True
    assert {each["state"] for each in page["data"]} == {"open", "paid"}


def test_a_page_beyond_the_cap_fails() -> None:
    stated = {"status": 422, "body": {"message": "too far"}}
    made = shop({"kind": "cap", "operations": ["listOrders"], "records": 2, "beyond": "error", "response": stated})
    token = shop().get("/orders", "limit=2")["next_cursor"]
    response = made("GET", "/orders", f"limit=2&cursor={token}")
    assert (response.status, response.body) == (422, {"message": "too far"})


def test_pages_have_a_greatest_size() -> None:
    made = shop({"kind": "cap", "operations": ["listOrders"], "page": 2})
    assert len(ids(made, "limit=50")) == 2


def test_lists_have_an_order() -> None:
    made = shop({"kind": "order", "operations": ["listOrders"], "by": "id", "descending": True})
    plain = ids(shop())
    assert ids(made) == sorted(plain, reverse=True) != plain


def test_lists_leave_records_out() -> None:
    made = shop({"kind": "omission", "operations": ["listOrders"], "records": {"state": "paid"}, "unless": {"sends": ["state"]}})
    paid = order(made, state="paid")
    assert paid["id"] not in ids(made)
    assert paid["id"] in ids(made, "limit=50&state=paid")


@pytest.mark.parametrize(
    ("how", "text", "found"),
    [
        ("word_prefix", "bl", True),
        ("word_prefix", "ue", False),
        ("substring", "ue", True),
        ("exact", "sky", False),
        ("words", "sky blue", True),
    ],
)
def test_filters_compare_as_stated(how: str, text: str, found: bool) -> None:
    made = shop({"kind": "matching", "operations": ["listOrders"], "parameter": "q", "how": how, "properties": ["title"]})
    first = order(made, title="Sky blue")
    assert (first["id"] in ids(made, f"limit=50&q={text}")) is found


@pytest.mark.parametrize(
    ("how", "bound", "found"),
    [
        ("after", "2030-01-07T09:59:59Z", True),
        ("after", "2030-01-07T10:00:00Z", False),
        ("after", "2030-01-07T11:00:00%2B02:00", True),
        ("before", "2030-01-07T10:00:00Z", False),
        ("before", "2030-01-08", True),
        ("before", "soon", True),
    ],
)
def test_filters_compare_times(how: str, bound: str, found: bool) -> None:
    made = shop({"kind": "matching", "operations": ["listOrders"], "parameter": "q", "how": how, "properties": ["extra.due", "extra.day"]})
    first = order(made, extra={"due": "2030-01-07T10:00:00Z"})
    assert (first["id"] in ids(made, f"limit=50&q={bound}")) is found


def test_a_filter_selects_what_another_record_refers_to() -> None:
    content = document()
    content["paths"]["/shops"]["get"]["parameters"].append({"name": "of_order", "in": "query", "schema": {"type": "string"}})
    fact = {
        "kind": "matching", "operations": ["listShops"], "parameter": "of_order", "how": "referenced", "properties": ["shop.id"],
        **EVIDENCE,
    }  # fmt: skip
    made = Shop()
    behaviour = parse_behaviour(msgspec.json.encode({"facts": {"shops-of-order": fact}}), "behaviour.yaml")
    made.emulator = Emulator(parse_document(json.dumps(content), "shops.json"), behaviour)
    known = [each["id"] for each in made.get("/shops", "limit=50")["data"]]
    placed = order(made, shop_id=known[1])
    assert [each["id"] for each in made.get("/shops", f"limit=50&of_order={placed['id']}")["data"]] == [known[1]]


def test_any_value_leaves_a_record_out() -> None:
    fact = {"kind": "omission", "operations": ["listOrders"], "records": {"labels.name": "$any"}}
    made = shop(fact)
    plain, labelled = order(made, labels=[]), order(made, labels=["red"])
    assert plain["id"] in ids(made)
    assert labelled["id"] not in ids(made)


def test_a_record_that_lists_leave_out_may_not_be_read() -> None:
    made = shop({"kind": "omission", "operations": ["getOrder"], "records": {"closed": True}}, {
        "kind": "server_value", "operations": ["deleteOrder"], "values": {"closed": True},
    })  # fmt: skip
    first = order(made)
    made("DELETE", f"/orders/{first['id']}")
    assert made("GET", f"/orders/{first['id']}").status == 404


def test_properties_are_withheld() -> None:
    made = shop(
        {"kind": "withheld", "operations": ["listOrders"], "properties": ["data.title"], "when": {"condition": "private"}},
        {"kind": "withheld", "operations": ["listOrders"], "properties": ["data.labels"], "shown": "empty"},
        conditions=("private",),
    )
    order(made, labels=["red"])
    assert all("title" in each and each["labels"] == [] for each in made.get("/orders", "limit=50")["data"])
    made.emulator.conditions.add("private")
    assert not any("title" in each for each in made.get("/orders", "limit=50")["data"])


# ----------------------------------------------------------------------------------------------------------- responses
def test_failures_have_the_vendors_response() -> None:
    made = shop(
        {"kind": "error", "operations": ["getOrder"], "reason": "unknown_record", "response": {"status": 200, "body": {"ok": False}}}
    )
    response = made("GET", "/orders/none")
    assert (response.status, response.body) == (200, {"ok": False})


def test_a_plan_changes_the_response() -> None:
    fact = {"kind": "plan", "operations": ["listOrders"], "needs": "Premium", "when": {"condition": "free"}, "response": {"status": 402}}
    made = shop(fact, conditions=("free",))
    assert made("GET", "/orders").status == 200
    made.emulator.conditions.add("free")
    assert made("GET", "/orders").status == 402


def test_requests_beyond_a_rate_limit_are_rejected_until_the_window_ends() -> None:
    headers = {"limit": "X-Limit", "remaining": "X-Remaining", "retry_after": "Retry-After"}
    made = shop({"kind": "rate_limit", "operations": ["listOrders"], "requests": 2, "seconds": 60, "headers": headers})
    now = [100.0]
    made.emulator.behaviour.clock = lambda: now[0]
    assert dict(made("GET", "/orders").headers)["X-Remaining"] == "1"
    assert made("GET", "/orders").status == 200
    now[0] += 20
    refused = made("GET", "/orders")
    assert (refused.status, dict(refused.headers)["Retry-After"]) == (429, "40")
    assert made("GET", "/shops").status == 200
    now[0] += 40
    assert made("GET", "/orders").status == 200


def test_an_address_is_retired_on_a_date() -> None:
    made = shop({"kind": "retirement", "on": "2027-02-16", "address": "/old", "response": {"status": 410}})
    made.emulator.behaviour.clock = lambda: 1_800_000_000.0  # 2027-01-15
    assert made("GET", "/old").status == 404
    made.emulator.behaviour.clock = lambda: 1_803_000_000.0  # 2027-02-19
    assert made("GET", "/old").status == 410


def test_ids_of_a_form_require_parameters() -> None:
    made = shop({"kind": "id_form", "operations": ["listOrders"], "parameter": "shop", "pattern": "[A-Z]+-[0-9]+", "requires": ["q"]})
    assert made("GET", "/orders", "shop=A-1").status == 404
    assert made("GET", "/orders", "shop=A-1&q=One").status == 200


# ------------------------------------------------------------------------------------------------------------- effects
def test_people_are_notified_unless_the_request_is_silent() -> None:
    fact = {"kind": "notification", "operations": ["createOrder"], "to": ["watchers"], "unless": {"request": {"silent": True}}}
    made = shop(fact)
    made("POST", "/orders", "silent=true", {"title": "One"})
    made("POST", "/orders", "", {"title": "far too long for this vendor"})
    assert made.emulator.notifications == []
    order(made)
    assert made.emulator.notifications == [Notified("fact-0", "createOrder", ("watchers",), "mail")]


def test_links_are_fetched() -> None:
    made = shop({"kind": "unfurl", "operations": ["createOrder"], "properties": ["title"]})
    order(made, title="see https://a.bc/d")
    assert [each.link for each in made.emulator.fetched] == ["https://a.bc/d"]


def test_a_reset_forgets_effects_counts_and_conditions() -> None:
    made = shop(
        {"kind": "notification", "operations": ["createOrder"], "to": ["watchers"], "when": {"condition": "loud"}},
        {"kind": "rate_limit", "operations": ["createOrder"], "requests": 1, "seconds": 60},
        conditions=("loud",),
    )
    made.emulator.conditions.add("loud")
    order(made)
    assert made("POST", "/orders", "", {"title": "Two"}).status == 429
    assert len(made.emulator.notifications) == 1
    made.emulator.behaviour.reset()
    assert (made.emulator.notifications, made.emulator.conditions) == ([], set())
    assert made("POST", "/orders", "", {"title": "Two"}).status == 200


# ---------------------------------------------------------------------------------------------------------- relations
def test_records_are_shown_inside_of_another_one_if_they_are_requested() -> None:
    note = {
        "kind": "action", "operations": ["updateOrder"], "does": "create", "also": True, "record": "shipOrder",
        "values": {"order": "$path.id", "text": "$sent.note", "by": "$me.name"}, "when": {"sends": ["note"]},
    }  # fmt: skip
    inside = {
        "kind": "embedded", "operations": ["getOrder"], "property": "labels", "record": "shipOrder", "where": {"order": "$record.id"},
        "shows": ["text"], "when": {"record": {"state": "open"}},
    }  # fmt: skip
    made = shop(note, inside)
    first, second, third = order(made, state="open"), order(made, state="open"), order(made, state="paid", labels=["red"])
    assert made("PATCH", f"/orders/{first['id']}", "", {"title": "Two", "note": "Hello"}).body["data"]["title"] == "Two"
    assert made.get(f"/orders/{first['id']}")["data"]["labels"] == [{"text": "Hello"}]
    assert made.get(f"/orders/{second['id']}")["data"]["labels"] == []
    assert "labels" not in made.get(f"/orders/{third['id']}")["data"]


def test_a_reference_must_identify_a_record() -> None:
    fact = {
        "kind": "reference", "operations": ["createOrder"], "properties": ["title"], "record": "getOrder", "accepts": ["One"],
        "response": {"status": 422, "body": {"message": "unknown"}},
    }  # fmt: skip
    made = shop(fact)
    first = order(made)
    assert made("POST", "/orders", "", {"title": first["id"]}).status == 200
    refused = made("POST", "/orders", "", {"title": "o-99"})
    assert (refused.status, refused.body) == (422, {"message": "unknown"})


def test_actions_delete() -> None:
    fact = {"kind": "action", "operations": ["shipOrder"], "does": "delete", "record": "getOrder", "where": {"id": "$path.id"}}
    made = shop(fact)
    first = order(made)
    assert made("POST", f"/orders/{first['id']}/ship", "", None).status < 300
    assert made("GET", f"/orders/{first['id']}").status == 404


def test_the_response_of_a_further_action_is_added() -> None:
    made = shop({
        "kind": "action", "operations": ["updateOrder"], "does": "create", "also": True, "record": "shipOrder",
        "values": {"number": "$number"}, "response": {"parcel": "$record.number"},
    })  # fmt: skip
    response = made("PATCH", f"/orders/{order(made)['id']}", "", {"title": "Two"}).body
    assert response["data"]["title"] == "Two"
    assert response["parcel"]


def test_first_records_have_what_the_server_sets() -> None:
    facts = ({"kind": "server_value", "operations": ["createOrder"], "values": {"extra.at": "$now", "extra.by": "$user", "title": "New"}},)
    made = shop(*facts)
    made.emulator.account.first = lambda table, scope: [lambda record: record.values.update(title="Old", extra={})]
    (first,) = made.get("/orders", "limit=50")["data"]
    assert first["title"] == "Old"
    assert first["extra"].keys() == {"at"}


def test_actions_list_in_pages_what_a_search_finds() -> None:
    create = {"kind": "action", "operations": ["shipOrder"], "does": "create", "record": "shipOrder", "values": {"text": "$path.id"}}
    listed = {
        "kind": "action", "operations": ["listOrders"], "does": "list", "record": "shipOrder", "page": {"size": "limit", "from": "cursor"},
        "values": {"found": "$record.text"}, "response": {"data": "$records", "texts": "$records.found:list", "next_cursor": "$next"},
    }  # fmt: skip
    search = {"kind": "matching", "operations": ["listOrders"], "parameter": "q", "how": "exact", "properties": ["text"]}
    made = shop(create, listed, search)
    for name in ("a", "b", "c"):
        made("POST", f"/orders/{name}/ship")
    first, second = made.get("/orders", "limit=2"), made.get("/orders", "limit=2&cursor=t2")
    assert [each["found"] for each in (*first["data"], *second["data"])] == ["a", "b", "c"]
    assert first["data"][0]["id"]  # the document requires it
    assert (first["texts"], first["next_cursor"], second["texts"], second["next_cursor"]) == (["a", "b"], "t2", ["c"], None)
    assert made.get("/orders", "q=b")["texts"] == ["b"]


def test_an_account_always_has_some_records() -> None:
    fact = {"kind": "sample", "operations": ["getOrder"], "always": [{"id": "first", "title": "Standing", "state": "open"}]}
    made = shop(fact)
    assert ids(made)[0] == "first"
    assert made.get("/orders/first")["data"]["title"] == "Standing"
