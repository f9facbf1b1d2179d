"""Batched calls have the same results as separate ones, with requests that the vendor's complete document accepts.

The emulator splits a vendor's batches into single requests to its store, as the vendor's documentation describes
it, without knowledge of the mapping. For any valid inputs, the same calls are then made separately with another store, and compared.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.conftest import SAMPLE, Bench
from tests.conformance.inputs import inputs_of
from tests.support.accounts import account_of, client, required, takes
from tests.support.complete_documents import CompleteDocument
from tests.support.judges import Request
from tests.support.store import Reply, Store
from tests.support.stores import store_of, stored
from unified import models
from unified_runtime import Client, UnifiedError, using
from unified_runtime.client.bulk import Item
from unified_runtime.core.records import Record

_decode: Callable[[bytes | str], Any] = msgspec.json.Decoder(float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode
"""JSON with exact amounts: a float has at most 17 digits."""

EXAMPLES = 30 if os.environ.get("CI", "").lower() == "true" else 12
Front = Callable[[Store, Request], Reply]


def _requested(store: Store, entire: Request, method: str, target: str, body: Any = None) -> tuple[int, Any]:
    """Return the store's response to a single request."""
    text = None if body is None else _encode(body)
    response = store.respond(Request(method, target, entire.headers, text))
    return response.status, _decode(response.body) if response.body else None


def _response(status: int, body: Any = None) -> Reply:
    return Reply(status, (("Content-Type", "application/json"),), b"" if body is None else _encode(body))


def hubspot(store: Store, request: Request) -> Reply:
    """https://developers.hubspot.com/docs/api-reference/error-handling, and the batch operations of its documents."""
    path, _, kind = request.path.partition("/batch/")
    if not kind:
        return store.respond(request)
    body = _decode(request.body or b"{}")
    results: list[Any] = []
    errors: list[Any] = []
    for item in body["inputs"]:
        if path.startswith("/crm/v4/associations/"):
            start, end = path.removeprefix("/crm/v4/associations/").split("/")
            target = f"/crm/v4/objects/{start}/{item['from']['id']}/associations/{end}/{item['to']['id']}"
            status, result = _requested(store, request, "PUT", target, item["types"])
            known = {"fromObjectId": item["from"]["id"], "toObjectId": item["to"]["id"]}
            result = {**known, "fromObjectTypeId": "0-0", "toObjectTypeId": "0-0", "labels": []} if status < 300 else result
            context: dict[str, Any] = {}
        elif kind == "create":
            single = {name: item[name] for name in ("properties", "associations")}
            status, result = _requested(store, request, "POST", path, single)
            known, context = {"objectWriteTraceId": item["objectWriteTraceId"]}, {"objectWriteTraceId": [item["objectWriteTraceId"]]}
        else:
            id, change = quote(item["id"], safe=""), {"properties": item["properties"]} if kind == "update" else None
            query = f"?properties={','.join(body['properties'])}" if kind == "read" else ""
            method = {"update": "PATCH", "archive": "DELETE", "read": "GET"}[kind]
            status, result = _requested(store, request, method, f"{path}/{id}{query}", change)
            known, context = {}, {"ids": [item["id"]]}
        if status < 300:
            results.append({**(result or {}), **known})
        else:
            errors.append({**result, "context": {**result.get("context", {}), **context}})
    if kind == "archive":
        return _response(204)
    complete = {"status": "COMPLETE", "results": results[::-1], "startedAt": "2026-11-01T10:00:00Z", "completedAt": "2026-11-01T10:00:00Z"}
    return _response(207, {**complete, "numErrors": len(errors), "errors": errors}) if errors else _response(201, complete)


def jira(store: Store, request: Request) -> Reply:
    """The bulk operations of its document."""
    body = _decode(request.body or b"{}")
    if request.path == "/rest/api/3/issue/bulk":
        issues, errors = [], []
        for number, each in enumerate(body["issueUpdates"]):
            status, result = _requested(store, request, "POST", "/rest/api/3/issue", each)
            if status < 300:
                issues.append(result)
            else:
                errors.append({"status": status, "elementErrors": result, "failedElementNumber": number})
        return _response(201 if issues else 400, {"issues": issues, "errors": errors})
    if request.path == "/rest/api/3/issue/bulkfetch":
        fields = ",".join(body["fields"])
        read = [
            _requested(store, request, "GET", f"/rest/api/3/issue/{quote(key, safe='')}?fields={fields}") for key in body["issueIdsOrKeys"]
        ]
        return _response(200, {"issues": [result for status, result in read if status < 300], "issueErrors": []})
    return store.respond(request)


def discord(store: Store, request: Request) -> Reply:
    """2 to 100 of one channel, missing ones are ignored: https://docs.discord.com/developers/resources/message#bulk-delete-messages."""
    path, bulk, _ = request.path.partition("/bulk-delete")
    if not bulk:
        return store.respond(request)
    messages = _decode(request.body or b"{}")["messages"]
    assert 2 <= len(set(messages)) == len(messages) <= 100
    for message in messages:
        _requested(store, request, "DELETE", f"{path}/{message}")
    return _response(204)


def salesforce(store: Store, request: Request) -> Reply:
    """Results in the order of the records, of which a delete may name any object's:
    https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm."""
    path, many, kind = request.path.partition("/composite/sobjects")
    if not many:
        return store.respond(request)
    query = {name: values[0] for name, values in parse_qs(request.query).items()}
    if request.method == "GET":
        ids = query["ids"].split(",")
        assert len(ids) <= 2000
        read = [_requested(store, request, "GET", f"{path}/sobjects{kind}/{quote(id, safe='')}?fields={query['fields']}") for id in ids]
        return _response(200, [result if status < 300 else None for status, result in read])
    body = _decode(request.body or b"{}")
    assert (query["allOrNone"] == "false") if request.method == "DELETE" else (body["allOrNone"] is False)
    results = []
    for item in query["ids"].split(",") if request.method == "DELETE" else body["records"]:
        id = item if request.method == "DELETE" else item.get("id")
        object = _PREFIXES.get(str(id)[:3], "Contact") if request.method == "DELETE" else item["attributes"]["type"]
        values = None if request.method == "DELETE" else {name: value for name, value in item.items() if name not in ("attributes", "id")}
        target = f"{path}/sobjects/{object}" + ("" if id is None else f"/{quote(id, safe='')}")
        status, result = _requested(store, request, request.method, target, values)
        if status < 300:
            results.append({"id": id or result["id"], "success": True, "errors": []})
            continue
        code = result[0]["errorCode"]
        if code == "NOT_FOUND":
            code = "INVALID_TYPE" if id is None else "INVALID_CROSS_REFERENCE_KEY"
        results.append(
            {"success": False, "errors": [{"statusCode": code, "message": result[0]["message"], "fields": result[0].get("fields", [])}]}
        )
    return _response(200, results)


def asana(store: Store, request: Request) -> Reply:
    """Handle each action as a request of its own, in their order: https://developers.asana.com/docs/batch-requests."""
    if not request.path.endswith("/batch"):
        return store.respond(request)
    actions = _decode(request.body or b"{}")["data"]["actions"]
    assert 0 < len(actions) <= 10
    results = []
    for action in actions:
        assert "?" not in action["relative_path"]
        method, options = action["method"].upper(), action.get("options", {})
        query = urlencode({"opt_fields": ",".join(options["fields"])}) if "fields" in options else ""
        target = request.path.removesuffix("/batch") + action["relative_path"] + (f"?{query}" if query else "")
        status, result = _requested(store, request, method, target, {"data": action["data"]} if "data" in action else None)
        results.append({"status_code": status, "headers": {}, "body": result})
    return _response(200, {"data": results})


def graph(store: Store, request: Request) -> Reply:
    """Send each request separately; the responses have any order: https://learn.microsoft.com/graph/json-batching."""
    if not request.path.endswith("/$batch"):
        return store.respond(request)
    requests = _decode(request.body or b"{}")["requests"]
    assert 0 < len({each["id"] for each in requests}) == len(requests) <= 20
    responses = []
    for each in requests:
        assert ("body" in each) == (each.get("headers", {}).get("Content-Type") == "application/json")
        own = {"authorization", "host", "accept"}
        headers = (*(pair for pair in request.headers if pair[0].lower() in own), *each.get("headers", {}).items())
        body = _encode(each["body"]) if "body" in each else None
        response = store.respond(Request(each["method"], request.path.removesuffix("/$batch") + each["url"], headers, body))
        result = {"id": each["id"], "status": response.status, "headers": dict(response.headers)}
        responses.append(result | ({"body": _decode(response.body)} if response.body else {}))
    return _response(200, {"responses": responses[::-1]})


_PREFIXES = {"001": "Account", "006": "Opportunity", "00K": "OpportunityContactRole"}

FRONTS: dict[str, Front] = {
    "asana": asana,
    "discord": discord,
    "hubspot": hubspot,
    "jira": jira,
    "microsoft-graph": graph,
    "salesforce": salesforce,
}


def _batches() -> Iterator[tuple[str, Any]]:
    """Yield each operation that a vendor batches."""
    for model in pkgutil.iter_modules(models.__path__):
        facade = importlib.import_module(f"unified.{model.name}")
        for vendor, adapter in facade.VENDORS.items():
            yield from ((vendor, getattr(facade, name)) for name in getattr(importlib.import_module(adapter), "BATCHES", {}))


def _each() -> Iterator[Any]:
    judged = stored((vendor for vendor, _ in _batches()), __name__, FRONTS)
    # an upsert finds the record that an earlier one made: together, their requests are others
    found = sorted((pair for pair in _batches() if pair[1].operation != "upsert"), key=lambda pair: (pair[0], pair[1].name))
    yield from (pytest.param(vendor, one, id=f"{vendor}-{one.name}") for vendor, one in found if vendor in judged)


def _came(item: Item[Any] | BaseException | Any, without: set[str]) -> Any:
    """Return the result of a call, as a caller sees it."""
    if isinstance(item, UnifiedError):
        return type(item).__name__, item.fields, item.code, bool(item.done)
    return item.model_dump(exclude={"created_at", "updated_at", *without}) if isinstance(item, Record) else item


@pytest.mark.sample("vendor", SAMPLE)
@pytest.mark.parametrize(("vendor", "operation"), list(_each()))
@pytest.mark.filterwarnings("ignore:Unsupported scheme type")
@pytest.mark.filterwarnings("ignore:Use of allowEmptyValue")
def test_together_is_as_one_by_one(vendor: str, operation: Any, document: CompleteDocument, judges: Bench) -> None:
    stores: list[Store] = []
    many, wire = client(vendor, lambda request: FRONTS[vendor](stores[0], request))
    single, _ = client(vendor, lambda request: stores[1].respond(request))
    twins = importlib.import_module(operation.build.__module__)
    judged: dict[Request, dict[str, list[str]]] = {}
    sent = {"batch": 0, "single": 0}

    offered = {"custom_fields", *takes(vendor, operation)}
    inputs = inputs_of(operation, account_of(vendor), [*account_of(vendor).known.get("tasks", ())], required(vendor, operation))

    account = account_of(vendor).known
    records: dict[str, dict[str, Any]] = {
        "companies": {"name": "S"},
        "contacts": {"last_name": "S"},
        "events": {"title": "S", "start": datetime(2031, 1, 2, 9, tzinfo=UTC), "end": datetime(2031, 1, 2, 10, tzinfo=UTC)},
        "tasks": {"title": "S", "project_id": next(iter(account.get("projects", [""])))},
        "crm_records": {"type": next(iter(account.get("crm_objects", [""]))), "name": "S"},
        "deals": {"name": "S", "stage_id": next(iter(account.get("deal_stages", [""]))), "close_date": date(2031, 1, 2)},
    }

    def seeded(made: Client) -> list[str]:
        with using(made):
            if operation.resource == "messages":
                channel = account["channels"][0]
                return [twins.send(channel_id=channel, text="S", via=vendor).id for _ in range(6)]
            return [twins.create(**records[operation.resource], via=vendor).id for _ in range(6)]

    def one(made: Client, values: dict[str, Any]) -> Any:
        try:
            return made.run(operation, operation.bind(values))
        except UnifiedError as error:
            return error

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(inputs, min_size=4 if operation.operation == "remove_contact" else 2, max_size=5))
    def any_valid_inputs(items: list[dict[str, Any]]) -> None:
        stores[:] = [store_of(vendor, document.served), store_of(vendor, document.served)]
        if "id" in items[0]:  # existing records, and a missing one if the vendor reports it
            ids, same = seeded(many), seeded(single)
            assert ids == same
            lost = ["7"] if vendor != "discord" else []
            lost = [f"{records['crm_records']['type']}/7"] if operation.resource == "crm_records" else lost
            if operation.operation == "update":  # values that are never accepted, and changes of nothing, are not sent
                known = {name: value for name, value in records[operation.resource].items() if name in ("title", "name", "last_name")}
                items = [known | {name: value for name, value in values.items() if name in offered} for values in items]
            items = [{**values, "id": id} for values, id in zip(items, [*lost, *ids], strict=False)]
        if operation.operation == "remove_contact":  # those that are linked; one is not
            items = [{"id": values["id"], "contact_id": contact} for values, contact in zip(items, account["contacts"] * 3, strict=False)]
            for made in (many, single):
                with using(made):
                    for values in items[1:-1]:
                        twins.add_contact(**values, via=vendor)
        wire.sent.clear()
        with using(many):
            together = getattr(twins, f"{operation.operation}_many")(items, concurrency=1)
        separate = [one(single, values) for values in items]
        # Requests to different operations are sent in no guaranteed order, and the store's ids follow that order.
        # So are creates that differ in a header.
        separately = operation.resource == "events" or "allow_duplicate" in offered
        loose = {"id", "url"} if operation.operation == "create" and separately else set()
        assert [_came(item.error or item.value, loose) for item in together] == [_came(each, loose) for each in separate]
        for request in wire.sent:
            sent["batch" if re.search("batch|bulk|composite", request.path) else "single"] += 1
            if request not in judged:
                judged[request] = judges.refusals(request)
            assert not judged[request], (request, judged[request])

    any_valid_inputs()
    assert sent["batch"] > 0, "no batch was sent"
