"""Emulators of vendors' batch endpoints, written from their documentation, without knowledge of the mappings.

HubSpot: a batch of new records in which each has an `objectWriteTraceId` returns 207 with those that were created and those that failed;
without, one that is wrong fails all (https://developers.hubspot.com/docs/api-reference/error-handling). Updates and reads name records
that are not there by `context.ids`; an update with a wrong value changes none. Archiving is silent about ids that are not there.

Jira: `POST /rest/api/3/issue/bulk` creates up to 50, returns 201 if any was created and 400 otherwise; `issues` are those that were, in
their order, `errors` name the others by `failedElementNumber`. `POST /rest/api/3/issue/bulkfetch` returns up to 100 ordered by id, and
leaves out those that are not there.

Graph: `POST /$batch` accepts up to 20 requests and returns a response to each under its id, in any order, with its own status and headers
(https://learn.microsoft.com/graph/json-batching); a throttled one returns 429 and others do not
(https://learn.microsoft.com/graph/throttling#throttling-and-batching).

Salesforce: `/composite/sobjects` accepts up to 200 records of any objects, and returns 200 with a result for each, in their order
(https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm); a record that is
read and not there is null.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response

NOW = "2026-11-01T10:00:00.000Z"
Reply = tuple[int, Any]
Handler = Callable[..., Reply]


class Vendor:
    """Vendor behind a transport, with its requests and the faults of requests by their number."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, Any]] = []
        self.effects: Counter[str] = Counter()
        """Number of times that each record was created, by the name that its creator gave it."""
        self.faults: dict[int, str] = {}
        """Faults by the number of a write, from 1: `lost` (executed, no response), `cut` (half a response), `kill` (the process ends)."""
        self.writes = 0
        self._lock = threading.Lock()

    @property
    def requests(self) -> Counter[str]:
        return Counter(f"{method} {re.sub(r'/[^/]*[0-9][^/]*$', '/#', path)}" for method, path, _ in self.seen)

    def send(self, request: HTTPRequest) -> Response:
        path, _, query = request.url.partition("://")[2].partition("/")[2].partition("?")
        body = json.loads(request.body) if request.body else None
        with self._lock:
            self.seen.append((request.method, f"/{path}", body))
            fault = ""
            if request.method != "GET" and not path.endswith(("/read", "bulkfetch", "search", "jql")):
                self.writes += 1
                fault = self.faults.get(self.writes, "")
            if fault == "busy":
                return Response(429, [(b"Retry-After", b"0")], b"{}", request.url)
            status, response = self.answer(request.method, f"/{path}", query, body)
        if fault == "kill":
            raise KeyboardInterrupt
        if fault == "lost":
            raise TransportFailure("the connection broke", sent=True)
        result = json.dumps(response).encode() if response is not None else b""
        return Response(
            status, [(b"Content-Type", b"application/json")], result[: len(result) // 2] if fault == "cut" else result, request.url
        )

    async def asend(self, request: HTTPRequest) -> Response:
        return self.send(request)

    def close(self) -> None:
        pass

    async def aclose(self) -> None:
        pass

    def answer(self, method: str, path: str, query: str, body: Any) -> Reply:
        raise NotImplementedError


class HubSpot(Vendor):
    """Contacts of HubSpot. A contact whose `firstname` is `bad` is rejected, an existing address conflicts."""

    def __init__(self) -> None:
        super().__init__()
        self.contacts: dict[str, dict[str, str]] = {}
        self.next = 100

    def answer(self, method: str, path: str, query: str, body: Any) -> Reply:
        if path.startswith("/crm/v4/"):
            return self._linked(method, path, body)
        location = path.removeprefix("/crm/v3/objects/contacts")
        match method, location:
            case "POST", "":
                return self._made(body)
            case "POST", "/batch/create":
                return self._many_made(body["inputs"])
            case "POST", "/batch/update":
                return self._many_changed(body["inputs"])
            case "POST", "/batch/archive":
                for each in body["inputs"]:
                    self._gone(each["id"])
                return 204, None
            case "POST", "/batch/read":
                assert "propertiesWithHistory" in body
                found = [self.contacts.get(each["id"]) for each in body["inputs"]]
                results = [self._shown(each["id"]) for each, there in zip(body["inputs"], found, strict=True) if there is not None]
                lost = [each["id"] for each, there in zip(body["inputs"], found, strict=True) if there is None]
                return self._batch(results[::-1], [self._missing(lost)] if lost else [])  # in no guaranteed order
        id = location.removeprefix("/")
        if method == "DELETE":
            self._gone(id)
            return 204, None
        if id not in self.contacts:
            return 404, self._missing([id])
        if method == "PATCH":
            wrong = self._wrong(body["properties"])
            if wrong is not None:
                return 400, wrong
            self.contacts[id] |= body["properties"]
            self.effects[f"changed {id}"] += 1
        return 200, self._shown(id)

    def _linked(self, method: str, path: str, body: Any) -> Reply:
        """Contacts and their main companies; company 404 does not exist."""
        if method == "PUT":
            *_, contact, _, kind, company = path.split("/")
            assert (kind, body) == ("companies", [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}])
            pairs = [(contact, company)]
        else:
            assert path == "/crm/v4/associations/contacts/companies/batch/create"
            assert all(each["types"] == [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}] for each in body["inputs"])
            pairs = [(each["from"]["id"], each["to"]["id"]) for each in body["inputs"]]
        there = [pair for pair in pairs if pair[0] in self.contacts and pair[1] != "404"]
        for contact, company in there:
            self.contacts[contact]["associatedcompanyid"] = company
        results = [
            {"fromObjectTypeId": "0-1", "fromObjectId": contact, "toObjectTypeId": "0-2", "toObjectId": company, "labels": []}
            for contact, company in there
        ]
        lost = [company for pair in pairs if pair not in there for company in pair[1:]]
        if method == "PUT":
            return (404, self._missing(lost)) if lost else (201, results[0])
        return self._batch(results, [self._missing(lost)] if lost else [], made=True)

    def _made(self, body: Any) -> Reply:
        wrong = self._wrong(body["properties"])
        if wrong is not None:
            return 409 if wrong["category"] == "CONFLICT" else 400, wrong
        return 201, self._new(body["properties"])

    def _many_made(self, inputs: list[Any]) -> Reply:
        assert len(inputs) <= 100
        assert all("associations" in each for each in inputs)
        traced = [each.get("objectWriteTraceId") for each in inputs]
        if None in traced or len(set(traced)) < len(traced):
            wrong = next((w for each in inputs if (w := self._wrong(each["properties"])) is not None), None)
            return (400, wrong) if wrong is not None else self._batch([self._new(each["properties"]) for each in inputs], [])
        results, errors = [], []
        for each in inputs:
            wrong = self._wrong(each["properties"])
            trace = each["objectWriteTraceId"]
            if wrong is None:
                results.append(self._new(each["properties"]) | {"objectWriteTraceId": trace})
            else:
                errors.append(wrong | {"context": {**wrong.get("context", {}), "objectWriteTraceId": [trace]}})
        return self._batch(results[::-1], errors, made=True)

    def _many_changed(self, inputs: list[Any]) -> Reply:
        assert len(inputs) <= 100
        wrong = next((w for each in inputs if (w := self._wrong(each["properties"])) is not None), None)
        if wrong is not None:
            return 400, wrong
        lost = [each["id"] for each in inputs if each["id"] not in self.contacts]
        there = [each for each in inputs if each["id"] in self.contacts]
        for each in there:
            self.contacts[each["id"]] |= each["properties"]
            self.effects[f"changed {each['id']}"] += 1
        return self._batch([self._shown(each["id"]) for each in there], [self._missing(lost)] if lost else [])

    def _batch(self, results: list[Any], errors: list[Any], *, made: bool = False) -> Reply:
        entire = {"status": "COMPLETE", "results": results, "startedAt": NOW, "completedAt": NOW}
        if errors:
            return 207, entire | {"numErrors": len(errors), "errors": errors}
        return 201 if made else 200, entire

    def _new(self, properties: dict[str, str]) -> dict[str, Any]:
        id = str(self.next)
        self.next += 1
        self.contacts[id] = dict(properties)
        self.effects[f"made {properties.get('email')}"] += 1
        return self._shown(id)

    def _gone(self, id: str) -> None:
        if self.contacts.pop(id, None) is not None:
            self.effects[f"gone {id}"] += 1

    def _shown(self, id: str) -> dict[str, Any]:
        return {"id": id, "properties": self.contacts[id], "createdAt": NOW, "updatedAt": NOW, "archived": False}

    def _wrong(self, properties: dict[str, str]) -> dict[str, Any] | None:
        error = {"status": "error", "errors": [], "links": {}}
        if properties.get("firstname") == "bad":
            context = {"firstname": ["is not a name"]}
            return error | {"category": "VALIDATION_ERROR", "message": "Property values were not valid", "context": context}
        if "email" in properties and any(other.get("email") == properties["email"] for other in self.contacts.values()):
            return error | {"category": "CONFLICT", "message": "Contact already exists", "context": {}}
        return None

    @staticmethod
    def _missing(ids: list[str]) -> dict[str, Any]:
        result = {"status": "error", "errors": [], "links": {}, "category": "OBJECT_NOT_FOUND"}
        return result | {"message": "Could not get some CONTACT objects", "context": {"ids": ids}}


class Jira(Vendor):
    """Issues of Jira. A summary that begins with `bad` is rejected."""

    def __init__(self) -> None:
        super().__init__()
        self.issues: dict[str, dict[str, Any]] = {}

    def answer(self, method: str, path: str, query: str, body: Any) -> Reply:
        location = path.removeprefix("/rest/api/3/issue")
        match method, location:
            case "POST", "":
                wrong = self._wrong(body)
                return (400, wrong) if wrong is not None else (201, self._new(body["fields"]))
            case "POST", "/bulk":
                return self._many_made(body["issueUpdates"])
            case "POST", "/bulkfetch":
                assert len(body["issueIdsOrKeys"]) <= 100
                assert isinstance(body["fields"], list)
                found = sorted({key for key in body["issueIdsOrKeys"] if key in self.issues}, key=lambda key: int(key[4:]))
                return 200, {"issues": [self._shown(key) for key in found], "issueErrors": []}
            case "GET", _ if location.startswith("/"):
                key = location.removeprefix("/")
                missing = {"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}}
                return (200, self._shown(key)) if key in self.issues else (404, missing)
        return 200, {"issues": [self._shown(key) for key in self.issues], "isLast": True}  # a search

    def _many_made(self, updates: list[Any]) -> Reply:
        assert 0 < len(updates) <= 50
        issues, errors = [], []
        for number, each in enumerate(updates):
            wrong = self._wrong(each)
            if wrong is None:
                issues.append(self._new(each["fields"]))
            else:
                errors.append({"status": 400, "elementErrors": wrong, "failedElementNumber": number})
        return 201 if issues else 400, {"issues": issues, "errors": errors}

    def _new(self, fields: dict[str, Any]) -> dict[str, str]:
        key = f"OPS-{len(self.issues) + 1}"
        self.issues[key] = fields
        self.effects[f"made {fields['summary']}"] += 1
        return {"id": str(10000 + len(self.issues)), "key": key, "self": f"https://acme.atlassian.net/{key}"}

    def _shown(self, key: str) -> dict[str, Any]:
        return {"id": str(10000 + int(key[4:])), "key": key, "fields": {**self.issues[key], "created": NOW, "updated": NOW}}

    @staticmethod
    def _wrong(update: Any) -> dict[str, Any] | None:
        if update["fields"]["summary"].startswith("bad"):
            return {"errorMessages": [], "errors": {"summary": "Summary is not a good one."}}
        return None


class Salesforce(Vendor):
    """Contacts of Salesforce. A contact whose `LastName` is `bad` is rejected."""

    def __init__(self) -> None:
        super().__init__()
        self.contacts: dict[str, dict[str, Any]] = {}

    def answer(self, method: str, path: str, query: str, body: Any) -> Reply:
        location = path.removeprefix("/services/data/v59.0")
        requested = {name: values[0] for name, values in parse_qs(query).items()}
        if location == "/composite/sobjects/Contact":
            return 200, [self._shown(id) if id in self.contacts else None for id in requested["ids"].split(",")]
        if location == "/composite/sobjects":
            assert (requested.get("allOrNone") == "false") if method == "DELETE" else (body["allOrNone"] is False)
            items = [{"id": id} for id in requested["ids"].split(",")] if method == "DELETE" else body["records"]
            assert 0 < len(items) <= 200
            return 200, [self._saved(method, item) for item in items]
        id = location.removeprefix("/sobjects/Contact").removeprefix("/")
        if id and id not in self.contacts:
            return 404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]
        if method == "GET":
            return 200, self._shown(id)
        done = self._saved(method, {**(body or {}), "attributes": {"type": "Contact"}, **({"id": id} if id else {})})
        if not done["success"]:
            result = done["errors"][0]
            return 400, [{"errorCode": result["statusCode"], "message": result["message"], "fields": result["fields"]}]
        return (201, done) if method == "POST" else (204, None)

    def _saved(self, method: str, item: dict[str, Any]) -> dict[str, Any]:
        """Result for one record: a failure has no id; an unknown id has the error code of a wrong reference."""
        values = {name: value for name, value in item.items() if name not in ("attributes", "id")}
        id = item.get("id") or f"003{len(self.effects):012}AAA"
        if method != "POST" and id not in self.contacts:
            return self._failed("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [])
        if method == "DELETE":
            del self.contacts[id]
            self.effects[f"gone {id}"] += 1
            return {"id": id, "success": True, "errors": []}
        assert item["attributes"] == {"type": "Contact"}
        if values.get("LastName") == "bad":
            return self._failed("FIELD_CUSTOM_VALIDATION_EXCEPTION", "is not a name", ["LastName"])
        self.contacts[id] = {**self.contacts.get(id, {}), **values}
        self.effects[f"made {values['LastName']}" if method == "POST" else f"changed {id}"] += 1
        return {"id": id, "success": True, "errors": []}

    @staticmethod
    def _failed(code: str, message: str, fields: list[str]) -> dict[str, Any]:
        return {"success": False, "errors": [{"statusCode": code, "message": message, "fields": fields}]}

    def _shown(self, id: str) -> dict[str, Any]:
        attributes = {"type": "Contact", "url": f"/services/data/v59.0/sobjects/Contact/{id}"}
        return {"attributes": attributes, "Id": id, **self.contacts[id], "CreatedDate": NOW, "LastModifiedDate": NOW}


class Graph(Vendor):
    """Events of one user. An event whose subject begins with `bad` is rejected; a repeated `transactionId` makes no second event."""

    def __init__(self) -> None:
        super().__init__()
        self.events: dict[str, dict[str, Any]] = {}
        self.refusals: dict[str, list[int]] = {}
        """Statuses of the responses to an event of this subject before it is created."""
        self.silent: set[str] = set()
        """Subjects of events that are created, but missing from the response to their batch."""

    def answer(self, method: str, path: str, query: str, body: Any) -> Reply:
        location = path.removeprefix("/v1.0")
        if location != "/$batch":
            return self._one(method, location, body)[:2]
        requests = body["requests"]
        assert 0 < len({each["id"] for each in requests}) == len(requests) <= 20
        responses = []
        for each in requests:
            assert "outlook.timezone" in each["headers"]["Prefer"]
            assert ("body" in each) == ("Content-Type" in each["headers"])
            status, result, headers = self._one(each["method"], each["url"].partition("?")[0], each.get("body"))
            if (each.get("body") or {}).get("subject") not in self.silent:
                responses.append(
                    {"id": each["id"], "status": status, "headers": headers, **({"body": result} if result is not None else {})}
                )
        return 200, {"responses": responses[::-1]}

    def _one(self, method: str, location: str, body: Any) -> tuple[int, Any, dict[str, str]]:
        user, _, id = location.removeprefix("/users/").partition("/events")
        assert user == "ada%40example.com"
        id = id.removeprefix("/")
        if id and id not in self.events:
            return 404, {"error": {"code": "ErrorItemNotFound", "message": "The specified object was not found in the store."}}, {}
        if method == "DELETE":
            del self.events[id]
            return 204, None, {}
        if method == "GET":
            return 200, self._shown(id), {}
        subject = body.get("subject", "")
        if self.refusals.get(subject):
            code = "ApplicationThrottled" if self.refusals[subject][0] == 429 else "ServiceUnavailable"
            return self.refusals[subject].pop(0), {"error": {"code": code, "message": "Not now"}}, {"Retry-After": "0"}
        if subject.startswith("bad"):
            return 400, {"error": {"code": "ErrorInvalidRequest", "message": "is not a subject"}}, {}
        if method == "PATCH":
            self.events[id] |= body
            self.effects[f"changed {id}"] += 1
            return 200, self._shown(id), {}
        there = next((id for id, event in self.events.items() if event["transactionId"] == body["transactionId"]), None)
        if there is None:
            there = f"AAMk{len(self.effects)}"
            self.events[there] = body
            self.effects[f"made {subject}"] += 1
        return 201, self._shown(there), {}

    def _shown(self, id: str) -> dict[str, Any]:
        return {"id": id, **self.events[id]}


class Asana(Vendor):
    """Tasks of Asana. A name that begins with `bad` is rejected."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: dict[str, dict[str, Any]] = {}

    def answer(self, method: str, path: str, query: str, body: Any) -> Reply:
        location = path.removeprefix("/api/1.0")
        if location != "/batch":
            return self._one(method, location, (body or {}).get("data"))
        actions = body["data"]["actions"]
        assert 0 < len(actions) <= 10
        results = []
        for each in actions:
            assert {*each} <= {"method", "relative_path", "data", "options"}
            assert "?" not in each["relative_path"]
            status, result = self._one(each["method"].upper(), each["relative_path"], each.get("data"))
            results.append({"status_code": status, "headers": {}, "body": result})
        return 200, {"data": results}

    def _one(self, method: str, location: str, data: Any) -> Reply:
        gid = location.removeprefix("/tasks").removeprefix("/")
        if gid and gid not in self.tasks:
            return 404, {"errors": [{"message": f"task: Not a recognized ID: {gid}"}]}
        if method == "DELETE":
            del self.tasks[gid]
            return 200, {"data": {}}
        if data is not None:
            if data.get("name", "").startswith("bad"):
                return 400, {"errors": [{"message": "name: is not a good one"}]}
            gid = gid or str(1000 + len(self.effects))
            self.tasks[gid] = {**self.tasks.get(gid, {}), **data}
            self.effects[f"made {data.get('name')}" if method == "POST" else f"changed {gid}"] += 1
        result = {"gid": gid, "name": self.tasks[gid]["name"], "completed": False, "created_at": NOW, "modified_at": NOW}
        return 201 if method == "POST" else 200, {"data": result}
