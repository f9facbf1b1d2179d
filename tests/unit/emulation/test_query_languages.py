"""Evaluators of query languages, and the selection of an emulator's records by them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from unified_emulation.engine.queries import values_of
from unified_emulation.engine.routes import Request
from unified_emulation.engine.server import Emulator
from unified_emulation.query_languages import (
    clauses,
    github_search,
    google_fields,
    hubspot_filters,
    jql,
    redmine_filter,
    slack_search,
    zendesk_search,
)
from unified_emulation.query_languages.records import QueryFault, UnknownName
from unified_openapi.behaviour.kinds import QueryLanguage
from unified_openapi.behaviour.load import Behaviour
from unified_openapi.documents import parse_document

ISSUE = {
    "key": "P-1",
    "noise": {"deep": {"updated": "2031-01-01T00:00:00Z"}},
    "fields": {
        "project": {"key": "P", "id": "7"},
        "summary": "Fix the well-known pump",
        "updated": "2030-01-19T12:00:00Z",
        "status": {"statusCategory": {"key": "new"}},
        "labels": ["red", "blue"],
    },
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("project = P", True),
        ("project = 7", True),
        ("project = Q", False),
        ("project != P", False),
        ("statusCategory in (new, done)", True),
        ("statusCategory in (done)", False),
        ('updated >= "2030-01-19 12:00"', True),
        ('updated >= "2030-01-19 12:01"', False),
        ('updated < "2030-01-19 12:01"', True),
        ('updated > "2030-01-19 12:00"', False),
        ("updated >= 1895054400000", True),
        ("updated >= 1895054460000", False),
        (r'text ~ "well\\-known"', True),
        ('text ~ "well dry" ORDER BY created DESC', False),
        ("labels = blue AND project = P", True),
        ("assignee is EMPTY", True),
        ("assignee is NOT EMPTY", False),
        ("project is EMPTY", False),
        ("project is not null", True),
    ],
)
def test_jql_selects_by_the_nearest_property(text: str, holds: bool) -> None:
    assert jql.predicate(text, values_of)(ISSUE) is holds


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("project = WEB", []),
        ("project = WEB ORDER BY due", [("due", False)]),
        ('project = "order by x" order by created, "Due date" DESC', [("created", True), ("Due date", True)]),
        ("project = WEB ORDER BY created ASC, key", [("created", False), ("key", False)]),
    ],
)
def test_jql_states_an_order(text: str, fields: list[tuple[str, bool]]) -> None:
    assert jql.order(text) == fields


def test_names_that_no_property_has_are_not_guessed() -> None:
    with pytest.raises(UnknownName):
        jql.predicate("sprint = 1", values_of)(ISSUE)
    with pytest.raises(UnknownName):
        jql.predicate("project = currentUser()", values_of)(ISSUE)


EVENT = {"subject": "Ada's talk", "lastModifiedDateTime": "2030-01-19T12:00:00Z", "parents": ["f1"], "size": 12, "trashed": False}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("lastModifiedDateTime ge 2030-01-19T12:00:00Z", True),
        ("lastModifiedDateTime gt 2030-01-19T12:00:00Z", False),
        ("contains(subject,'ada''s')", True),
        ("contains(subject,'Bob') and size eq 12", False),
        ("startswith(subject,'Ada') and size lt 13", True),
    ],
)
def test_odata(text: str, holds: bool) -> None:
    assert clauses.odata(text, values_of)(EVENT) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("'f1' in parents and trashed = false", True),
        ("'f2' in parents", False),
        ("size > 11 and subject contains 'talk'", True),
        ("fullText contains 'talk'", True),
        ("fullText contains 'walk'", False),
    ],
)
def test_drive(text: str, holds: bool) -> None:
    assert clauses.drive(text, values_of)(EVENT) is holds


@pytest.mark.parametrize("text", ["subject eq", "contain(subject,'a')", "size eq 1 or size eq 2", "size eq 1and size eq 2"])
def test_texts_that_are_not_odata_are_rejected(text: str) -> None:
    with pytest.raises(QueryFault):
        clauses.odata(text, values_of)(EVENT)


@pytest.mark.parametrize(("text", "holds"), [("created>=2030-01-01", True), ("created>=2030-02-01", False)])
def test_names_find_the_nearest_property_first(text: str, holds: bool) -> None:
    issue = {"via": {"created": "1970"}, "created_at": "2030-01-19T12:00:00Z"}
    assert zendesk_search.predicate(text, values_of)(issue) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("is:issue state:open pump", True),
        ("is:closed", False),
        ("updated:>=2030-01-20T00:00:00Z", False),
        ('label:red "dry pump"', False),
        ("no:assignee", True),
        ("-no:assignee", False),
        ("no:label", False),
        ("-no:label", True),
        ("repo:acme/Web", True),
        ("repo:acme/other", False),
    ],
)
def test_github_search(text: str, holds: bool) -> None:
    issue = {
        "repository_url": "https://api.github.com/repos/acme/web",
        "title": "The pump",
        "state": "open",
        "updated_at": "2030-01-19T12:00:00Z",
        "label": [{"name": "red"}],
    }
    assert github_search.predicate(text, values_of)(issue) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("group:7 status:open status:new", True),
        ("group:8", False),
        ("updated>=2030-01-20T00:00:00Z", False),
        ("pump status:open", True),
        ("updated>=1970-01-01 updated>=2030-01-20", False),
        ("updated>2030-01-19 updated<2030-01-20", True),
        ("due_date<2030-02-01 ticket_type:task", True),
        ("due_date>=2030-02-01", False),
        ("assignee:none", True),
        ("assignee:*", False),
        ("group:none", False),
        ("group:*", True),
        ("requester:9", True),
        ("requester:7", False),
    ],
)
def test_zendesk_search(text: str, holds: bool) -> None:
    ticket = {
        "subject": "The pump", "status": "open", "group_id": 7, "updated_at": "2030-01-19T12:00:00Z", "due_at": "2030-01-31T12:00:00Z",
        "type": "task", "requester_id": 9, "requester": {"name": "Ada"},
    }  # fmt: skip
    assert zendesk_search.predicate(text, values_of)(ticket) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('"the pump" in:<#C0DEMO00001>', True),
        ('"pump the"', False),
        ("pump in:<#C0OTHER0001>", False),
        ("the dry", False),
        ("in:<#C0DEMO00001|ops> from:<@U0ADA00001>", True),
    ],
)
def test_slack_search(text: str, holds: bool) -> None:
    message = {"text": "Look at the pump", "user": "U0ADA00001", "channel": {"id": "C0DEMO00001", "name": "ops"}}
    assert slack_search.predicate(text, values_of)(message) is holds


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        ([{"propertyName": "email", "operator": "EQ", "value": "ADA@example.com"}], True),
        ([{"propertyName": "email", "operator": "NEQ", "value": "ada@example.com"}], False),
        ([{"propertyName": "changed", "operator": "GTE", "value": "1895054400000"}], True),
        ([{"propertyName": "changed", "operator": "GT", "value": "1895054400000"}], False),
        ([{"propertyName": "email", "operator": "IN", "values": ["x"]}], False),
    ],
)
def test_hubspot_filters(filters: list[Mapping[str, Any]], holds: bool) -> None:
    contact = {"properties": {"email": "ada@example.com", "changed": "2030-01-19T12:00:00Z"}}
    assert hubspot_filters.predicate([{"filters": filters}], values_of)(contact) is holds


def test_unknown_operators_are_rejected() -> None:
    with pytest.raises(QueryFault):
        hubspot_filters.predicate([{"filters": [{"propertyName": "a", "operator": "LIKE", "value": "b"}]}], values_of)


def _emulator(language: str) -> Emulator:
    thing = {"type": "object", "properties": {"Id": {"type": "string"}, "Name": {"type": "string"}}}
    rows = {"type": "object", "properties": {"total": {"type": "integer"}, "records": {"type": "array", "items": {}}}}
    things = {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}

    def response(schema: Any) -> Any:
        return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}

    query = [{"name": "q", "in": "query", "schema": {"type": "string"}}]
    document = {
        "openapi": "3.0.3",
        "info": {"title": "", "version": "1"},
        "paths": {
            "/things": {"get": {"operationId": "listThings", "parameters": query, "responses": response(things)}},
            "/things/{id}": {
                "get": {
                    "operationId": "getThing",
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                    "responses": response({"$ref": "#/components/schemas/Thing"}),
                }
            },
            "/query": {"get": {"operationId": "query", "parameters": query, "responses": response(rows)}},
        },
        "components": {"schemas": {"Thing": thing}},
    }
    facts = {
        name: QueryLanguage(
            parameter="q",
            language=each,
            operations=(name,),
            summary="s",
            evidence="https://example.com",
            checked="2030-01-01",
            basis="page",
        )
        for name, each in (("listThings", language), ("query", "soql"))
    }
    return Emulator(parse_document(json.dumps(document), "things.json"), Behaviour(facts=facts))


def test_a_parameter_with_a_language_selects() -> None:
    emulator = _emulator("odata")
    every = emulator.respond(Request("GET", "/things")).body
    found = emulator.respond(Request("GET", "/things", f"q=Name%20eq%20'{every[1]['Name']}'"))
    assert (found.body, emulator.notes) == ([every[1]], [])
    assert emulator.respond(Request("GET", "/things", "q=Name%20is%20x")).status == 400
    emulator.clear()
    assert emulator.respond(Request("GET", "/things", "q=Colour%20eq%20'x'")).body == every
    assert [note.name for note in emulator.notes] == ["q"]


def test_soql_names_its_records() -> None:
    emulator = _emulator("odata")
    every = emulator.respond(Request("GET", "/query", "q=SELECT%20Id,Name%20FROM%20Thing")).body["records"]
    assert [set(row) for row in every] == [{"Id", "Name"}] * 5
    one = emulator.respond(Request("GET", "/query", f"q=SELECT%20Id%20FROM%20Thing%20WHERE%20Name='{every[2]['Name']}'")).body
    assert one == {"total": 1, "records": [{"Id": every[2]["Id"]}]}
    assert emulator.respond(Request("GET", f"/things/{every[2]['Id']}")).body["Name"] == every[2]["Name"]
    assert emulator.respond(Request("GET", "/query", "q=SELEC%20Id%20FROM%20Thing")).status == 400
    emulator.clear()
    emulator.respond(Request("GET", "/query", "q=SELECT%20Id%20FROM%20Other"))
    assert [note.reason for note in emulator.notes] == ["the object Other is not known"]


@pytest.mark.parametrize(
    ("values", "query", "holds"),
    [
        (("2030-01-19T12:00:00Z",), ">=2030-01-19", True),
        (("2030-01-19T12:00:00Z",), "<=2030-01-19", False),
        (("2030-01-19",), "><2030-01-01|2030-01-31", True),
        (("Fix the pump",), "~the pump", True),
        (("Fix the pump",), "!~the pump", False),
        ((7, "Bug"), "7|8", True),
        ((7, "Bug"), "!7", False),
        ((1, "New", False), "open", True),
        ((5, "Closed", True), "open", False),
        ((5, "Closed", True), "closed", True),
        ((5, "Closed", True), "*", True),
        ((), "!*", True),
        ((), "*", False),
    ],
)
def test_filters_of_redmine(values: tuple[Any, ...], query: str, holds: bool) -> None:
    assert redmine_filter.predicate(query, lambda record, name: values)({}) is holds


FILES = {"files": [{"id": "1", "owners": [{"email": "a", "name": "Ada"}], "size": 3}], "nextPageToken": "t", "kind": "list"}


@pytest.mark.parametrize(
    ("mask", "part"),
    [
        ("*", FILES),
        ("kind,nextPageToken", {"kind": "list", "nextPageToken": "t"}),
        ("files(id,owners/email)", {"files": [{"id": "1", "owners": [{"email": "a"}]}]}),
        ("files/id, files/size", {"files": [{"id": "1", "size": 3}]}),
        ("files/owners(name),kind", {"kind": "list", "files": [{"owners": [{"name": "Ada"}]}]}),
        ("files/*", {"files": FILES["files"]}),
        ("absent", {}),
        ("files(id", None),
        ("files)", None),
        ("a,,b", None),
        ("", None),
    ],
)
def test_partial_responses_of_google(mask: str, part: Any) -> None:
    if part is None:
        with pytest.raises(QueryFault, match="Invalid field selection"):
            google_fields.selected(FILES, mask)
    else:
        assert google_fields.selected(FILES, mask) == part
